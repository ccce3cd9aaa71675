/* shadow.c - see shadow.h.
 *
 * People are walked in the order of ties, in stretches; of the stretches' prices the first that is
 * most counts, so the outcome is that of one walk. */
#include "solver/shadow.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/candidates.h"
#include "solver/eligibility.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_PEOPLE = 2000 }; /* fewer are not worth a thread */

struct walk {
    const struct problem *problem;
    const uint32_t *chosen, *next;
    const int64_t *person_price, *part_price;
    struct candidates *candidates;
    unsigned char *is_full; /* pools that are asked about */
    int64_t *minutes;       /* of them: the most that somebody who comes may need */
    struct stretch {        /* per thread, by part */
        int64_t *price;
        uint32_t *next;
    } stretches[SLICES_MAX];
};

/* Could this person have a bed in that pool, if there were one? */
static int could_have(const struct problem *problem, const struct candidates_view *view,
                      uint32_t pool, struct problem_pair *pair)
{
    const struct eligibility rules = {problem->region, problem->policy, problem->now};
    const struct problem_part *part = &problem->parts[problem->pool_first_part[pool]];
    const struct applicant *applicant = view->applicant;
    if (strcmp(applicant->current_pool, part->pool->record.id) == 0 ||
        eligibility_pair_static(applicant, part->pool, part->institution) != REASON_ELIGIBLE)
        return 0;
    int64_t metres = candidates_metres(view, pool);
    if (eligibility_pair_at(&rules, applicant, part->pool, part->institution, metres,
                            ELIGIBILITY_BEDS_SOME) != REASON_ELIGIBLE ||
        metres > INT32_MAX)
        return 0;
    pair->metres = (int32_t)metres;
    pair->rank = (int32_t)applicant_rank(applicant, part->institution->record.id,
                                         problem->policy->unlisted_rank);
    return 1;
}

/* Rows that bind nobody in the round may stop whoever would come by that bed: their nursing minutes
 * alone can be too many, and a bed that belongs to a room is for a stated sex. */
static int keeps_rows(const struct walk *walk, uint32_t person, uint32_t pool)
{
    const struct problem *problem = walk->problem;
    const struct problem_person *at = &problem->people[person];
    const struct problem_part *part = &problem->parts[problem->pool_first_part[pool]];
    int64_t in_rooms = 0;
    for (size_t g = 0; g < part->pool->n_rooms; g++)
        in_rooms += part->pool->rooms[g].rooms * part->pool->rooms[g].beds;
    if (at->applicant->sex == SEX_NONE && in_rooms > pool_offerable(part->pool))
        return 0;
    if (at->stay_pair != PROBLEM_NONE &&
        problem->parts[problem->pairs[at->stay_pair].part].institution == part->institution)
        return 1;
    return at->care_minutes <= walk->minutes[pool];
}

/* Raises the price to the offer when that is more, in lexicographic order; 1 when it was. */
static int raise_price(const int64_t *offer, size_t n, int64_t *price)
{
    size_t k = 0;
    while (k < n && offer[k] == price[k])
        k++;
    if (k == n || offer[k] < price[k])
        return 0;
    memcpy(price, offer, n * sizeof *price);
    return 1;
}

/* In parts of one pool where a person is as well off people can change places. */
static int is_as_good(const struct walk *walk, uint32_t pair, uint32_t other)
{
    const struct problem *problem = walk->problem;
    const struct problem_pair *one = &problem->pairs[pair], *two = &problem->pairs[other];
    size_t n = problem->n_objectives, k = 0;
    if (problem->parts[one->part].pool != problem->parts[two->part].pool)
        return 0;
    while (k < n && problem_gain(problem, pair, k) - walk->part_price[one->part * n + k] ==
                        problem_gain(problem, other, k) - walk->part_price[two->part * n + k])
        k++;
    return k == n;
}

/* Who has no place gets one; who has one leaves a bed to whoever is next there, in whichever part
 * of the pool the plan at hand has them. */
static uint32_t next_after(const struct walk *walk, uint32_t person)
{
    const struct problem_person *at = &walk->problem->people[person];
    uint32_t chosen = walk->chosen[person];
    if (chosen == PROBLEM_NONE)
        return person;
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t next = walk->next[walk->problem->pairs[pair].part];
        if (next != PROBLEM_NONE && is_as_good(walk, pair, chosen))
            return next;
    }
    return PROBLEM_NONE;
}

/* A part that has a bed to give has its price from the stages. */
static int is_asked(const struct problem *problem, uint32_t part, const struct applicant *applicant)
{
    const struct problem_part *at = &problem->parts[part];
    return at->capacity == 0 && (!at->reserve[0] || problem->policy->reserve == RESERVE_SOFT ||
                                 strcmp(at->reserve, applicant->class_code) == 0);
}

static void ask_part(const struct walk *walk, const struct problem_pair *pair,
                     struct stretch *stretch)
{
    size_t n = walk->problem->n_objectives;
    int64_t offer[OBJECTIVE_COUNT];
    for (size_t k = 0; k < n; k++)
        offer[k] =
            problem_gain_of(walk->problem, pair, k) - walk->person_price[pair->person * n + k];
    if (raise_price(offer, n, &stretch->price[pair->part * n]))
        stretch->next[pair->part] = next_after(walk, pair->person);
}

static void ask_person(const struct walk *walk, uint32_t person, const struct candidates_view *view,
                       struct stretch *stretch)
{
    const struct problem *problem = walk->problem;
    for (uint32_t pool = candidates_next(view, 0); pool != PROBLEM_NONE;
         pool = candidates_next(view, pool + 1)) {
        struct problem_pair pair = {.person = person};
        if (!could_have(problem, view, pool, &pair) || !keeps_rows(walk, person, pool))
            continue;
        for (pair.part = problem->pool_first_part[pool];
             pair.part < problem->pool_first_part[pool + 1]; pair.part++)
            if (is_asked(problem, pair.part, view->applicant))
                ask_part(walk, &pair, stretch);
    }
}

static void ask_people(void *context, size_t slice, size_t first, size_t end)
{
    const struct walk *walk = context;
    const struct problem *problem = walk->problem;
    const struct eligibility rules = {problem->region, problem->policy, problem->now};
    struct stretch stretch = walk->stretches[slice];
    struct candidates_view view;
    candidates_view_init(&view, walk->candidates);
    for (size_t at = first; at < end; at++) {
        uint32_t person = problem->tie_order[at];
        const struct applicant *applicant = problem->people[person].applicant;
        candidates_look(&view, applicant, eligibility_longest_way(&rules, applicant));
        ask_person(walk, person, &view, &stretch);
    }
    candidates_view_clear(&view);
}

static int is_full(const struct problem *problem, uint32_t pool)
{
    const struct problem_part *open = &problem->parts[problem->pool_first_part[pool + 1] - 1];
    int64_t least = open->capacity;
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++)
        least = problem->parts[part].capacity < least ? problem->parts[part].capacity : least;
    return least == 0 && !open->institution->suspended && pool_slack(open->pool) >= 0;
}

/* Pools with a part that has no bed, in homes that could take people; returns how many. */
static uint32_t find_full(const struct problem *problem, unsigned char *full)
{
    uint32_t n = 0;
    for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
        full[pool] = (unsigned char)is_full(problem, pool);
        n += full[pool];
    }
    return n;
}

/* The stay pairs of residents. */
static uint32_t *list_stays(const struct problem *problem, size_t *n)
{
    uint32_t *stays = alloc_zero((size_t)problem->n_people + 1, sizeof *stays);
    *n = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (problem->people[i].stay_pair != PROBLEM_NONE)
            stays[(*n)++] = problem->people[i].stay_pair;
    return stays;
}

/* What a home has for newcomers, and what all who could leave it would set free. */
static void find_minutes(struct walk *walk)
{
    const struct problem *problem = walk->problem;
    size_t n;
    uint32_t *stays = list_stays(problem, &n);
    for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
        const struct institution *home = problem->parts[problem->pool_first_part[pool]].institution;
        int64_t *minutes = &walk->minutes[pool];
        *minutes = home->care_minutes;
        if (!walk->is_full[pool] || home->care_minutes == RECORD_NO_LIMIT)
            continue;
        for (size_t k = 0; k < n; k++) {
            const struct problem_pair *stay = &problem->pairs[stays[k]];
            if (problem->parts[stay->part].institution == home)
                *minutes += problem->people[stay->person].care_minutes;
        }
    }
    free(stays);
}

static void price_pools(struct walk *walk, int64_t *part_price, uint32_t *next)
{
    const struct problem *problem = walk->problem;
    size_t n = problem->n_objectives, n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    walk->candidates = candidates_new(problem, walk->is_full);
    for (size_t s = 0; s < n_slices; s++) {
        walk->stretches[s].price = alloc_copy(part_price, problem->n_parts * n, sizeof *part_price);
        walk->stretches[s].next = alloc_copy(next, problem->n_parts, sizeof *next);
    }
    slices_run(problem->n_people, n_slices, ask_people, walk);
    for (size_t s = 0; s < n_slices; s++) {
        struct stretch *stretch = &walk->stretches[s];
        for (size_t part = 0; part < problem->n_parts; part++)
            if (raise_price(&stretch->price[part * n], n, &part_price[part * n]))
                next[part] = stretch->next[part];
        free(stretch->price);
        free(stretch->next);
    }
    candidates_free(walk->candidates);
}

void shadow_price_full_pools(const struct problem *problem, const uint32_t *chosen,
                             const int64_t *person_price, int64_t *part_price, uint32_t *next)
{
    struct walk walk = {.problem = problem,
                        .chosen = chosen,
                        .next = next,
                        .person_price = person_price,
                        .part_price = part_price,
                        .is_full = alloc_zero(problem->n_pools, 1),
                        .minutes = alloc_zero(problem->n_pools, sizeof(int64_t))};
    if (find_full(problem, walk.is_full)) {
        find_minutes(&walk);
        price_pools(&walk, part_price, next);
    }
    free(walk.is_full);
    free(walk.minutes);
}
