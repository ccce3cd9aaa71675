/* hostile_world.h - worlds of shapes that a solver may stumble over, as regions: nothing but ties,
 * one giant pool, pools of one bed, nobody, no beds, residents only; each also with rows that
 * couple people. */
#ifndef ALMONER_HOSTILE_WORLD_H
#define ALMONER_HOSTILE_WORLD_H

#include "models/policy.h"
#include "models/region.h"

struct hostile_world {
    const char *name;
    int people, pools, beds; /* beds of each pool */
    int groups;              /* of people, each with pools of its own; 0 = one */
    int is_one_spot;         /* all distances are equal */
    int is_alike;            /* all people count the same */
    int residents;           /* the first so many live in the pools and ask to move */
    int couples;             /* the last 2 x so many newcomers wait in pairs */
    int minutes;             /* a limit for the staff of every home; 0 = none */
    int has_rooms;           /* all beds are in rooms of two */
};

struct region *hostile_world_region(const struct hostile_world *world);
/* `level_points`: of level 1; level 2 has twice as many, and so on to 4. */
struct policy *hostile_world_policy(int64_t level_points);

#define HOSTILE_WORLD_NOW INT64_C(1740787200) /* 2025-03-01 */

#endif
