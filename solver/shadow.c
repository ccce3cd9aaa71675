/* shadow.c - see shadow.h. */
#include "solver/shadow.h"

#include "solver/eligibility.h"

#include <string.h>

/* Could this person have a bed of the open part, if there were one? */
static int could_have(const struct problem *problem, const struct applicant *applicant,
                      const struct problem_part *part, struct problem_pair *pair)
{
    const struct eligibility rules = {problem->region, problem->policy, problem->now};
    if (strcmp(applicant->current_pool, part->pool->record.id) == 0 ||
        eligibility_pair_static(applicant, part->pool, part->institution) != REASON_ELIGIBLE)
        return 0;
    int64_t metres = region_metres(problem->region, applicant, part->institution);
    if (eligibility_pair_at(&rules, applicant, part->pool, part->institution, metres,
                            ELIGIBILITY_BEDS_SOME) != REASON_ELIGIBLE ||
        metres > INT32_MAX)
        return 0;
    pair->metres = (int32_t)metres;
    pair->rank = (int32_t)applicant_rank(applicant, part->institution->record.id,
                                         problem->policy->unlisted_rank);
    return 1;
}

/* Raises the price to gain - own price when that is more, in lexicographic order; 1 when it was. */
static int raise_price(const struct problem *problem, const struct problem_pair *pair,
                       const int64_t *own, int64_t *price)
{
    int64_t offer[OBJECTIVE_COUNT];
    int is_more = 0;
    for (size_t k = 0; k < problem->n_objectives; k++) {
        offer[k] = problem_gain_of(problem, pair, k) - own[k];
        if (!is_more && offer[k] < price[k])
            return 0;
        is_more |= offer[k] > price[k];
    }
    memcpy(price, offer, problem->n_objectives * sizeof(int64_t));
    return is_more;
}

/* Who has no place gets one; who has one leaves a bed to whoever is next there. */
static uint32_t next_after(const struct problem *problem, const uint32_t *chosen, uint32_t person,
                           const uint32_t *next)
{
    uint32_t pair = chosen[person];
    return pair == PROBLEM_NONE ? person : next[problem->pairs[pair].part];
}

void shadow_price_full_pools(const struct problem *problem, const uint32_t *chosen,
                             const int64_t *person_price, int64_t *part_price, uint32_t *next)
{
    size_t n = problem->n_objectives;
    for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
        uint32_t open = problem->pool_first_part[pool + 1] - 1;
        const struct problem_part *part = &problem->parts[open];
        if (part->capacity > 0 || part->institution->suspended || pool_slack(part->pool) < 0)
            continue;
        for (uint32_t at = 0; at < problem->n_people; at++) {
            uint32_t i = problem->tie_order[at];
            struct problem_pair pair = {.person = i, .part = open};
            if (could_have(problem, problem->people[i].applicant, part, &pair) &&
                raise_price(problem, &pair, &person_price[i * n], &part_price[open * n]))
                next[open] = next_after(problem, chosen, i, next);
        }
    }
}
