/* greatest_inside.h - what the two halves of greatest.h share: the proved round, and what pairs
 * cost in it. Inside greatest*.c only. */
#ifndef ALMONER_GREATEST_INSIDE_H
#define ALMONER_GREATEST_INSIDE_H

#include "solver/greatest.h"

struct greatest_round {
    const struct problem *problem;
    const uint32_t *chosen;
    const int64_t *part_price, *person_price;
    size_t n;                 /* objectives */
    const uint32_t *tie_rank; /* by person: place in the order of ties */
    struct greatest *found;
};

/* What a pair costs in the k-th objective, up to what its person has wherever they are: with the
 * price of its part. */
static inline int64_t greatest_pair_cost(const struct greatest_round *round, uint32_t pair,
                                         size_t k)
{
    const struct problem *problem = round->problem;
    const struct problem_pair *at = &problem->pairs[pair];
    int64_t price = round->part_price[at->part * round->n + k];
    enum objective objective = problem->objectives[k];
    if (problem_asks_who(objective))
        return price;
    if (objective == OBJECTIVE_TRAVEL)
        return price + at->metres;
    if (objective == OBJECTIVE_PREFERENCE)
        return price + at->rank;
    return price - problem_gain(problem, pair, k);
}

/* What it costs in the k-th objective that somebody goes by this way, beyond what a place there
 * costs: the slack of their own pair is 0, so that of this one follows from both. */
static inline int64_t greatest_step_cost(const struct greatest_round *round, uint32_t pair,
                                         size_t k)
{
    uint32_t own = round->chosen[round->problem->pairs[pair].person];
    return greatest_pair_cost(round, pair, k) - greatest_pair_cost(round, own, k);
}

/* Fills in found->next, which is blank. */
void greatest_find_next(const struct greatest_round *round);

#endif
