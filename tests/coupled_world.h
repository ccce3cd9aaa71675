/* coupled_world.h - rounds of a few people with households, staff minutes and rooms, drawn from a
 * seed, and a fool who tries every assignment of them.
 *
 * What the rules say is checked in the words of docs/solver-coupled.md (plain_rules.h), not in
 * rows.
 */
#ifndef ALMONER_COUPLED_WORLD_H
#define ALMONER_COUPLED_WORLD_H

#include "models/policy.h"
#include "models/region.h"
#include "solver/coupled.h"
#include "solver/model.h"

enum { COUPLED_PEOPLE = 16 }; /* room for assignments */

struct coupled_world {
    struct region *region;
    struct policy *policy;
    int n_homes, n_pools, n_people;
};

void coupled_world_random(struct coupled_world *world, uint64_t seed);
/* Families of two and three who do not differ, a few people alone, homes of one pool or two; at
 * most `most` of each. */
void coupled_world_families(struct coupled_world *world, uint64_t seed, uint32_t most);
/* n families of that size, or n people alone; and n homes of one pool with so many beds. */
void coupled_world_put_families(struct coupled_world *world, int n, uint32_t size);
void coupled_world_put_homes(struct coupled_world *world, int n, int64_t beds);
/* A policy and two homes, H1 and H2. */
void coupled_world_empty(struct coupled_world *world);
void coupled_world_clear(struct coupled_world *world);
struct problem *coupled_world_problem(const struct coupled_world *world); /* caller frees */

/* What is put in stays the region's. */
struct institution *coupled_world_home(struct region *region, const char *id);
struct pool *coupled_world_pool(struct region *region, const char *id, const char *home,
                                int64_t beds);
void coupled_world_rooms(struct pool *pool, size_t n, const struct room_group *rooms);
struct applicant *coupled_world_person(struct region *region, const char *id, enum sex sex);

struct coupled_fool {
    const struct problem *problem;
    uint32_t chosen[COUPLED_PEOPLE], best[COUPLED_PEOPLE];
    uint32_t worst[COUPLED_PEOPLE]; /* as good in all objectives, and last by the tie rule */
    int64_t values[OBJECTIVE_COUNT];
    int has_best;
    long n_wrong; /* assignments that the rows and the words judge differently */
    struct model *model;
    int64_t *x;
};

void coupled_fool_run(struct coupled_fool *fool, const struct problem *problem);
/* The tie rule: the first person whose place differs decides. */
int coupled_fool_suits_better(const struct problem *problem, const uint32_t *one,
                              const uint32_t *two);
/* Are the bounds of the result bounds, as far as they say something of all plans? */
int coupled_fool_is_bound(const struct problem *problem, const struct coupled_result *result,
                          const struct coupled_fool *fool);

#endif
