/* greatest_inside.h - what the two halves of greatest.h share: the proved round, and what pairs
 * cost in it. Inside greatest*.c only. */
#ifndef ALMONER_GREATEST_INSIDE_H
#define ALMONER_GREATEST_INSIDE_H

#include "solver/greatest.h"
#include "solver/packed.h"

struct greatest_round {
    const struct problem *problem;
    const uint32_t *chosen;
    const int64_t *part_price, *person_price;
    size_t n;                    /* objectives */
    const uint32_t *tie_rank;    /* by person: place in the order of ties */
    const struct packed *packed; /* NULL = the objectives do not fit into one number together */
    size_t size;                 /* numbers of a cost: one where they fit, else one per objective */
    int64_t *price;              /* by part, as costs */
    struct greatest *found;
};

/* Somebody who could be in several places, and what theirs costs. */
struct greatest_mover {
    uint32_t stay_pair, first, end; /* of their pairs */
    int64_t base;                   /* packed: what any pair but the stay pair gains */
    int64_t own[OBJECTIVE_COUNT];
};

/* What a pair costs in the k-th objective before the price of its part, up to what its person has
 * wherever they are. */
static inline int64_t greatest_pair_cost(const struct greatest_round *round, uint32_t pair,
                                         size_t k)
{
    const struct problem *problem = round->problem;
    const struct problem_pair *at = &problem->pairs[pair];
    enum objective objective = problem->objectives[k];
    if (problem_asks_who(objective))
        return 0;
    if (objective == OBJECTIVE_TRAVEL)
        return at->metres;
    if (objective == OBJECTIVE_PREFERENCE)
        return at->rank;
    return -problem_gain(problem, pair, k);
}

/* What it costs that the mover has that pair and not their own, at these prices of parts, `size`
 * numbers each: the slack of their own pair is 0, so that of this one follows from both. */
static inline void greatest_step_cost(const struct greatest_round *round,
                                      const struct greatest_mover *mover, uint32_t pair,
                                      const int64_t *price, size_t size, int64_t *cost)
{
    const struct problem_pair *at = &round->problem->pairs[pair];
    if (round->packed) {
        int64_t gain = pair == mover->stay_pair ? 0 : packed_gain(round->packed, mover->base, at);
        *cost = price[at->part] - gain - *mover->own;
        return;
    }
    for (size_t k = 0; k < size; k++)
        cost[k] = price[at->part * size + k] + greatest_pair_cost(round, pair, k) - mover->own[k];
}

/* `person` is somewhere. */
static inline void greatest_mover_init(struct greatest_mover *mover,
                                       const struct greatest_round *round, uint32_t person)
{
    const struct problem_person *at = &round->problem->people[person];
    mover->stay_pair = at->stay_pair;
    mover->first = at->first_pair;
    mover->end = at->first_pair + at->n_pairs;
    mover->base = 0;
    if (round->packed && at->stay_pair != PROBLEM_NONE)
        mover->base = packed_base(round->packed, person);
    for (size_t k = 0; k < round->size; k++)
        mover->own[k] = 0;
    greatest_step_cost(round, mover, round->chosen[person], round->price, round->size, mover->own);
}

static inline void greatest_copy(const int64_t *from, size_t size, int64_t *to)
{
    for (size_t k = 0; k < size; k++)
        to[k] = from[k];
}

/* In lexicographic order: below 0, 0, above 0. */
static inline int greatest_compare(const int64_t *one, const int64_t *two, size_t size)
{
    size_t k = 0;
    while (k + 1 < size && one[k] == two[k])
        k++;
    return (one[k] > two[k]) - (one[k] < two[k]);
}

/* Fills in found->next, which is blank. */
void greatest_find_next(const struct greatest_round *round);

#endif
