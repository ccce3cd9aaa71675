/* small_problem.h - rounds as bare arrays, drawn from a seed, small enough to try every assignment.
 *
 * Between the tests of faces, prices, ties and stages: no region, no rules of eligibility. */
#ifndef ALMONER_SMALL_PROBLEM_H
#define ALMONER_SMALL_PROBLEM_H

#include "solver/problem.h"

enum {
    SMALL_PEOPLE = 6,
    SMALL_POOLS = 4,
    SMALL_PARTS = 10,
    SMALL_PAIRS = SMALL_PEOPLE * SMALL_PARTS
};

struct small_problem {
    struct problem problem; /* arrays below; not for problem_free */
    struct policy policy;
    struct institution home;
    struct applicant applicants[SMALL_PEOPLE];
    struct pool pools[SMALL_POOLS];
    struct problem_person people[SMALL_PEOPLE];
    struct problem_part parts[SMALL_PARTS];
    struct problem_pair pairs[SMALL_PAIRS];
    uint32_t pool_first_part[SMALL_POOLS + 1], tie_order[SMALL_PEOPLE];
};

void small_problem_draw(struct small_problem *small, uint64_t seed);
/* Sets `widest` of any problem: whoever changes gains or objectives of a drawn one does it anew. */
void small_problem_find_widest(struct problem *problem);

struct small_plan {
    uint32_t chosen[SMALL_PEOPLE]; /* pair; PROBLEM_NONE = unplaced */
    int64_t used[SMALL_PARTS];     /* people in each part */
};
/* Shows every assignment within the capacities. */
void small_problem_walk(const struct problem *problem,
                        void (*visit)(void *context, const struct small_plan *plan), void *context);

/* Of all these: the greatest vector of gains, and among those the plan of the tie rule, as the pool
 * of each person (PROBLEM_NONE = unplaced; for residents their own pool = stays). */
struct small_best {
    int64_t gains[OBJECTIVE_COUNT];
    uint32_t pools[SMALL_PEOPLE];
    uint64_t tried;
};
void small_problem_best(const struct problem *problem, struct small_best *best);

#endif
