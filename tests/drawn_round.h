/* drawn_round.h - a drawn world read by the program, with the plan that the brute force finds for
 * it. */
#ifndef ALMONER_DRAWN_ROUND_H
#define ALMONER_DRAWN_ROUND_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"
#include "tests/brute_force.h"

struct drawn_round {
    struct random_world world;
    struct brute_result brute;
    struct region *region;
    struct policy *policy;
    char hash[72]; /* of the world */
};

/* 0, or -1 when a world that is not large by its sort has too many plans to try; a large one has no
 * `brute`. Ends the program when the files are not read, since then the tests are broken. */
int drawn_round_init(struct drawn_round *round, uint64_t seed, enum random_sort sort);
void drawn_round_clear(struct drawn_round *round);

/* The region of the same world with rows and columns in another order. */
struct region *drawn_round_shuffled(const struct drawn_round *round, uint64_t shuffle);

/* A plan of the brute force as the program writes plans; it calls itself optimal. */
void drawn_round_plan(const struct drawn_round *round, const struct brute_result *brute,
                      struct plan *plan);

/* How many worlds to try: the environment's ALMONER_WORLDS; else `usual`, or a quarter of it with
 * ALMONER_QUICK, where the same worlds are tried elsewhere (sanitizers: the plain run has them
 * all).
 */
long drawn_round_count(long usual);

/* Asks about each of `n` drawn worlds, from seed 1 on, in how many ways the program is wrong; fails
 * when it ever is, and names the first such seed. Worlds too large to be tried are left out. */
typedef size_t drawn_round_ask(struct drawn_round *round);
void drawn_round_each(enum random_sort sort, long n, drawn_round_ask *ask);

#endif
