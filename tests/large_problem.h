/* large_problem.h - rounds as bare arrays, drawn from a seed, too large to try every assignment and
 * small enough to be solved in a moment. */
#ifndef ALMONER_LARGE_PROBLEM_H
#define ALMONER_LARGE_PROBLEM_H

#include "solver/problem.h"

enum { LARGE_PEOPLE = 160, LARGE_POOLS = 24 };

enum large_shape {
    LARGE_DRAWN,   /* up to 11 beds a pool, points, metres and ranks anyhow */
    LARGE_TIES,    /* everybody counts the same everywhere */
    LARGE_EQUAL,   /* all as near and as dear */
    LARGE_GIANT,   /* half of the beds are in one pool, which takes everybody */
    LARGE_SINGLE,  /* pools of one bed */
    LARGE_MATCHED, /* as many beds as people */
    LARGE_SHAPES
};

struct large_problem {
    struct problem problem; /* arrays below; not for problem_free */
    struct policy policy;
    struct institution home;
    struct applicant applicants[LARGE_PEOPLE];
    struct pool pools[LARGE_POOLS];
    struct problem_person people[LARGE_PEOPLE];
    struct problem_part parts[LARGE_POOLS];
    struct problem_pair pairs[LARGE_PEOPLE * LARGE_POOLS];
    uint32_t pool_first_part[LARGE_POOLS + 1], tie_order[LARGE_PEOPLE];
};

/* Four or five objectives by seed % 3; with seed % 4 == 3 points beyond the whole numbers of a
 * double. The caller frees. */
struct large_problem *large_problem_new(uint64_t seed, enum large_shape shape);

#endif
