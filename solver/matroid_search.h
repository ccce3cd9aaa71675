/* matroid_search.h - beds for one newcomer after the other: a free one, or one that falls free when
 * people move on, along a path of parts that ends at a free bed. Inside matroid.c only.
 *
 * Newcomers who begin in a bed, before their turn, hold it loosely: it counts as free, and they are
 * out when somebody whose turn it is takes it. Nobody else who has a bed ever loses it.
 *
 * Each part has a label: at most 1 + the number of moves after which somebody who comes in there
 * reaches a free bed; PROBLEM_NONE when none ever will. Labels
 * only rise, and a path goes down them one by one, so that all searches together read the pairs of
 * those who are in a part once per label of that part. Why: docs/solver.md. */
#ifndef ALMONER_MATROID_SEARCH_H
#define ALMONER_MATROID_SEARCH_H

#include "solver/budget.h"
#include "solver/face.h"

struct crowd { /* who is in one part */
    uint32_t *people;
    size_t n, room;
    size_t at;      /* who is asked next for a way on, or whether they hold their bed loosely */
    uint32_t way;   /* and from which of their pairs on; PROBLEM_NONE = the first */
    uint32_t least; /* least label of those that were passed over */
};

struct matroid_search {
    const struct face *face;
    uint32_t *chosen; /* the plan: a pair per person */
    struct crowd *crowds;
    int64_t *room;           /* free beds by part */
    uint32_t *n_loose;       /* beds held loosely by part */
    unsigned char *is_loose; /* by person */
    uint32_t *label;         /* by part */
    uint32_t *n_label;       /* how many parts have this label */
    uint32_t n_cut_off;
    uint32_t *path, *ways;
    size_t n_path;
};

/* Everybody is where `chosen` says, newcomers loosely. */
void matroid_search_init(struct matroid_search *search, const struct face *face, uint32_t *chosen);
void matroid_search_clear(struct matroid_search *search);

/* The turn of a newcomer who is in a bed: it is theirs. */
void matroid_search_settle(struct matroid_search *search, uint32_t newcomer);
/* A bed for a newcomer whose turn it is: 1. A free one where most are free, else by moving others,
 * or in place of one who holds it loosely. 0: nobody's move makes room, and no part that can be
 * reached from the newcomer's will ever have room again. -1: there may be a bed, but none is free
 * and the budget (one unit if anybody has to move or go; NULL = nobody may) is spent. */
int matroid_search_place(struct matroid_search *search, uint32_t newcomer, struct budget *budget);

#endif
