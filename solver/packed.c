/* packed.c - see packed.h. Mixed radices: the number of an objective is worth the product of the
 * ranges of those after it, and lies in the middle half of its range. */
#include "solver/packed.h"

#include <stdlib.h>
#include <string.h>

static int64_t most_price(const struct problem *problem, const int64_t *price, size_t k)
{
    int64_t most = problem->widest[k];
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int64_t one = price[p * problem->n_objectives + k];
        if (one <= -PACKED_MOST || one >= PACKED_MOST)
            return PACKED_MOST;
        most = llabs(one) > most ? llabs(one) : most;
    }
    return most;
}

/* What a pair's metres, rank and reserve count, and what a newcomer brings who has any place. */
static void find_counts(struct packed *packed)
{
    for (size_t k = 0; k < packed->problem->n_objectives; k++) {
        int64_t weight = packed->weight[k];
        enum objective objective = packed->problem->objectives[k];
        packed->metre += objective == OBJECTIVE_TRAVEL ? weight : 0;
        packed->rank += objective == OBJECTIVE_PREFERENCE ? weight : 0;
        packed->placed += objective == OBJECTIVE_PLACEMENTS ? weight : 0;
        packed->point += objective == OBJECTIVE_NEED ? weight : 0;
        packed->day += objective == OBJECTIVE_SENIORITY ? weight : 0;
        packed->guarantee += objective == OBJECTIVE_GUARANTEE ? weight : 0;
        if (objective == OBJECTIVE_RESERVE && packed->problem->policy->reserve == RESERVE_SOFT) {
            packed->kept = weight;
            packed->kept_at = k;
        }
    }
}

int packed_init(struct packed *packed, const struct problem *problem, const int64_t *price)
{
    int64_t weight = 1;
    *packed = (struct packed){.problem = problem};
    for (size_t k = problem->n_objectives; k-- > 0;) {
        int64_t widest = problem->widest[k], most = most_price(problem, price, k);
        if (widest >= PACKED_MOST / 8 || most >= PACKED_MOST / 8)
            return 0;
        packed->most[k] = 2 * most + 1;
        packed->range[k] = 2 * (widest + packed->most[k]) + 2;
        packed->weight[k] = weight;
        if (__builtin_mul_overflow(weight, packed->range[k], &weight) || weight > PACKED_MOST)
            return 0;
    }
    find_counts(packed);
    return 1;
}

int64_t packed_join(const struct packed *packed, const int64_t *vector)
{
    int64_t sum = 0;
    for (size_t k = 0; k < packed->problem->n_objectives; k++)
        sum += vector[k] * packed->weight[k];
    return sum;
}

int packed_split(const struct packed *packed, int64_t number, int64_t *vector)
{
    int fits = 1;
    for (size_t k = packed->problem->n_objectives; k-- > 0;) {
        int64_t range = packed->range[k], rest = number % range;
        rest += rest < -range / 2 ? range : rest > range / 2 ? -range : 0;
        vector[k] = rest;
        fits &= llabs(rest) <= packed->most[k];
        number = (number - rest) / range;
    }
    return fits && number == 0;
}

/* What a resident gains by leaving depends on where they are. */
static int64_t resident_base(const struct packed *packed, uint32_t person)
{
    const struct problem *problem = packed->problem;
    const struct problem_pair near = {.person = person};
    int64_t base = 0;
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (problem->objectives[k] != OBJECTIVE_RESERVE)
            base += packed->weight[k] * problem_gain_of(problem, &near, k);
    return base;
}

int64_t packed_base(const struct packed *packed, uint32_t person)
{
    const struct problem_person *at = &packed->problem->people[person];
    if (at->stay_pair != PROBLEM_NONE)
        return resident_base(packed, person);
    return packed->placed + at->points * packed->point + at->days * packed->day +
           (at->is_guaranteed ? packed->guarantee : 0);
}
