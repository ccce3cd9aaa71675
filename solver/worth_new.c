/* worth_new.c - one bed in a pool that does not exist yet: the most that anybody who could go there
 * gains over what their place is worth (docs/solver.md); see worth.h.
 *
 * Everybody is asked in the order of the most that they could gain at all, so that few are asked
 * once a good site is known. */
#include "solver/worth.h"

#include "models/alloc.h"
#include "solver/verify_values.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    const struct verify_person *person;
    int64_t worth[OBJECTIVE_COUNT]; /* of the place there is, beyond its price */
    int64_t most[OBJECTIVE_COUNT];  /* gained by the nearest home, first on the list */
    size_t n;                       /* objectives, for the order */
};

struct search {
    const struct verify_round *round;
    struct candidate *candidates; /* who could gain most first */
    size_t n_candidates;
    const struct institution **homes;
    size_t n_homes, n; /* n: objectives */
};

static int compare(const int64_t *a, const int64_t *b, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (a[k] != b[k])
            return a[k] > b[k] ? 1 : -1;
    return 0;
}

static void find_gains(const struct search *search, const struct verify_person *person,
                       int64_t rank, int64_t metres, int64_t gains[OBJECTIVE_COUNT])
{
    for (size_t k = 0; k < search->n; k++)
        gains[k] =
            verify_values_gain(person, search->round->rules.policy->objectives[k], rank, metres);
}

/* -- what everybody has -- */

/* Raises `worth` to what the person gains in those beds beyond their price, if they may be there.
 */
static void raise_worth(const struct search *search, const struct verify_person *person,
                        const struct shadow_price *bed, int *is_first, int64_t *worth)
{
    const struct policy *policy = search->round->rules.policy;
    int is_class = strcmp(bed->reserve, person->applicant->class_code) == 0;
    int64_t left[OBJECTIVE_COUNT];
    if (bed->loss_is == SHADOW_LOSS_NO_BED ||
        (bed->reserve[0] && policy->reserve == RESERVE_HARD && !is_class))
        return;
    find_gains(search, person, person->placement->rank, person->placement->metres, left);
    for (size_t k = 0; k < search->n; k++) {
        if (policy->objectives[k] == OBJECTIVE_RESERVE)
            left[k] = bed->reserve[0] && is_class && policy->reserve == RESERVE_SOFT &&
                      person->own == VERIFY_NOWHERE;
        left[k] -= bed->price[k];
    }
    if (*is_first || compare(left, worth, search->n) > 0)
        memcpy(worth, left, sizeof left);
    *is_first = 0;
}

static const struct shadow_price *price_of(const struct search *search, size_t pool)
{
    return worth_price(search->round->plan, search->round->pools[pool].pool->record.id);
}

/* Prices that are bounds hold when this person keeps what they have: one who may be of a household
 * to be placed together, or is in a pool that has no price. */
static int is_kept(const struct search *search, const struct verify_person *person)
{
    const struct applicant *applicant = person->applicant;
    return (applicant->household_id[0] && applicant->together == TOGETHER_INSTITUTION) ||
           (person->to != VERIFY_NOWHERE && !price_of(search, person->to)) ||
           (person->own != VERIFY_NOWHERE && !price_of(search, person->own));
}

/* Nothing for a newcomer without a place; for a resident who stays, less the price of their bed. */
static void find_worth(const struct search *search, struct candidate *candidate)
{
    const struct verify_person *person = candidate->person;
    const struct plan *plan = search->round->plan;
    size_t pool = person->placement ? person->to : person->own;
    int is_first = 1;
    if (pool == VERIFY_NOWHERE)
        return;
    const struct shadow_price *open = price_of(search, pool), *held = open;
    if (!open) /* the plan's list is not that of its world */
        return;
    if (person->placement)
        raise_worth(search, person, open, &is_first, candidate->worth);
    for (size_t p = 0; p < plan->n_reserve_prices; p++) {
        const struct shadow_price *bed = &plan->reserve_prices[p];
        if (strcmp(bed->pool_id, open->pool_id) != 0)
            continue;
        if (person->placement)
            raise_worth(search, person, bed, &is_first, candidate->worth);
        else if (strcmp(bed->reserve, person->applicant->current_reserve) == 0)
            held = bed;
    }
    for (size_t k = 0; !person->placement && k < search->n; k++)
        candidate->worth[k] = -held->price[k];
}

static int by_most(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;
    int order = compare(two->most, one->most, one->n);
    return order ? order
                 : strcmp(one->person->applicant->record.id, two->person->applicant->record.id);
}

static void fill_candidates(struct search *search)
{
    const struct verify_round *round = search->round;
    search->candidates = alloc_zero(round->n_people + 1, sizeof *search->candidates);
    for (size_t i = 0; i < round->n_people; i++) {
        if (round->plan->prices_are_bounds && is_kept(search, &round->people[i]))
            continue;
        struct candidate *candidate = &search->candidates[search->n_candidates++];
        candidate->person = &round->people[i];
        candidate->n = search->n;
        find_worth(search, candidate);
        find_gains(search, candidate->person, 0, 0, candidate->most);
        for (size_t k = 0; k < search->n; k++)
            candidate->most[k] -= candidate->worth[k];
    }
    if (search->n_candidates)
        qsort(search->candidates, search->n_candidates, sizeof *search->candidates, by_most);
}

/* Those where prices that are bounds hold: not where one more person might be too much to nurse. */
static void fill_homes(struct search *search)
{
    const struct region *region = search->round->rules.region;
    search->homes = alloc_zero(region_count(region, RECORD_INSTITUTION) + 1, sizeof *search->homes);
    for (const struct record *at = region_first(region, RECORD_INSTITUTION); at;
         at = region_next(at)) {
        const struct institution *home = (const struct institution *)at;
        if (!search->round->plan->prices_are_bounds || home->care_minutes == RECORD_NO_LIMIT)
            search->homes[search->n_homes++] = home;
    }
}

/* -- the best site -- */

/* Takes the site when the person gains more by a bed there than is known so far. */
static void try_site(const struct search *search, const struct candidate *candidate,
                     const struct institution *home, struct worth_row *row)
{
    const struct eligibility *rules = &search->round->rules;
    const struct applicant *person = candidate->person->applicant;
    struct pool bed = {.kind = (enum kind)row->kind,
                       .beds_usable = 1,
                       .beds_approved = 1,
                       .beds_staffed = 1,
                       .max_level = RECORD_LEVELS - 1};
    int64_t gain[OBJECTIVE_COUNT];
    memcpy(bed.institution_id, home->record.id, sizeof bed.institution_id);
    if (eligibility_pair_static(person, &bed, home) != REASON_ELIGIBLE)
        return;
    int64_t metres = region_metres(rules->region, person, home);
    if (eligibility_pair_at(rules, person, &bed, home, metres, ELIGIBILITY_BEDS_SOME) !=
        REASON_ELIGIBLE)
        return;
    int64_t rank = applicant_rank(person, home->record.id, rules->policy->unlisted_rank);
    find_gains(search, candidate->person, rank, metres, gain);
    for (size_t k = 0; k < search->n; k++)
        gain[k] -= candidate->worth[k];
    if (compare(gain, row->gain, search->n) <= 0)
        return;
    memcpy(row->gain, gain, sizeof gain);
    row->site = home;
}

static void find_site(const struct search *search, struct worth_row *row)
{
    for (size_t i = 0; i < search->n_candidates; i++) {
        const struct candidate *candidate = &search->candidates[i];
        if (compare(candidate->most, row->gain, search->n) <= 0)
            return;
        if (!(candidate->person->applicant->kinds & 1u << row->kind))
            continue;
        for (size_t h = 0; h < search->n_homes; h++)
            if (strcmp(search->homes[h]->district, row->district) == 0)
                try_site(search, candidate, search->homes[h], row);
    }
}

int worth_new_beds(const struct region *region, const struct policy *policy,
                   const struct plan *plan, struct worth *worth, struct alm_error *err)
{
    struct search search = {.n = plan->n_objectives};
    struct verify_round *round = verify_round_new(region, policy, plan, err);
    if (!round)
        return -1;
    search.round = round;
    if (plan->prices_are_bounds || plan->n_prices == round->n_pools) {
        fill_candidates(&search);
        fill_homes(&search);
        worth_add_rows(region, worth);
        for (size_t r = 0; r < worth->n; r++)
            find_site(&search, &worth->rows[r]);
    }
    free(search.candidates);
    free(search.homes);
    verify_round_free(round);
    return 0;
}
