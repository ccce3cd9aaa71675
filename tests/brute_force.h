/* brute_force.h - the best plan of a small drawn world, found by trying all of them.
 *
 * Written from the text of docs/formats.md and docs/solver-coupled.md alone: own rules, points,
 * distances, counting and tie order. It shares nothing with the program but the words of the
 * reasons. */
#ifndef ALMONER_BRUTE_FORCE_H
#define ALMONER_BRUTE_FORCE_H

#include "tests/random_world.h"

enum { BRUTE_OBJECTIVES = 9 };

struct brute_result {
    int n_objectives, objectives[BRUTE_OBJECTIVES]; /* with the inserted placements */
    int64_t values[BRUTE_OBJECTIVES];               /* as the contract states them */
    int to[RANDOM_PEOPLE];                          /* pool, RANDOM_NONE = unplaced or stays */
    int reasons[RANDOM_PEOPLE];                     /* enum reason of those without a placement */
    int64_t points[RANDOM_PEOPLE];
    int64_t metres[RANDOM_PEOPLE], ranks[RANDOM_PEOPLE]; /* of the placement */
    long n_plans, n_feasible;
};

/* 0, or -1 when there are more than a few ten thousand plans: then nothing is said. */
int brute_force(const struct random_world *world, struct brute_result *result);

/* The first rule that a pair breaks (enum reason), and the person's points. */
int brute_reason(const struct random_world *world, int person, int pool);
int64_t brute_points(const struct random_world *world, int person);

/* One plan, given as the pool of each person (RANDOM_NONE = unplaced or stays): fills the result
 * with what it amounts to. 1 when the contract allows it, 0 when some rule or row is broken. */
int brute_check(const struct random_world *world, const int *to, struct brute_result *result);

#endif
