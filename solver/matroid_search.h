/* matroid_search.h - beds for one newcomer after the other: a free one, or one that falls free when
 * people move on, along a path of parts that ends at a free bed. Inside matroid.c only.
 *
 * Nobody who has a bed ever loses it. Each part has a label: at least 1 + the number of moves after
 * which somebody who comes in there reaches a free bed; PROBLEM_NONE when none ever will. Labels
 * only rise, and a path goes down them one by one, so that all searches together read the pairs of
 * those who are in a part once per label of that part. Why: docs/solver.md. */
#ifndef ALMONER_MATROID_SEARCH_H
#define ALMONER_MATROID_SEARCH_H

#include "solver/face.h"

struct crowd { /* who is in one part */
    uint32_t *people;
    size_t n, room;
    size_t at;      /* who is asked next for a way on */
    uint32_t way;   /* and from which of their pairs on; PROBLEM_NONE = the first */
    uint32_t least; /* least label of those that were passed over */
};

struct matroid_search {
    const struct face *face;
    uint32_t *chosen; /* the plan: a pair per person */
    struct crowd *crowds;
    int64_t *room;     /* free beds by part */
    uint32_t *label;   /* by part */
    uint32_t *n_label; /* how many parts have this label */
    uint32_t *path, *ways;
    size_t n_path;
};

/* The residents are where `chosen` says, everybody else is nowhere yet. */
void matroid_search_init(struct matroid_search *search, const struct face *face, uint32_t *chosen);
void matroid_search_clear(struct matroid_search *search);

/* The bed of the wished pair (PROBLEM_NONE = no wish), if it is free, else the best of the free
 * ones that the newcomer may have; 0 = there is none. */
int matroid_search_direct(struct matroid_search *search, uint32_t newcomer, uint32_t wish);
/* The same by moving others; 0 = nobody's move makes room, and all parts that can be reached from
 * the newcomer's have no room for good. */
int matroid_search_path(struct matroid_search *search, uint32_t newcomer);

#endif
