/* warm.c - see warm.h. Both sides are sorted by id, so each is walked once beside the other. */
#include "solver/warm.h"

#include "models/alloc.h"
#include "models/plan.h"

#include <stdlib.h>
#include <string.h>

/* -- the plan -- */

/* The first of the person's pairs into the pool whose part has room; PROBLEM_NONE = none. */
static uint32_t pair_with_room(const struct problem *problem, uint32_t person, uint32_t pool,
                               const int64_t *used)
{
    const struct problem_person *at = &problem->people[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        const struct problem_part *part = &problem->parts[problem->pairs[pair].part];
        if (pair != at->stay_pair && part->pool_index == pool &&
            used[problem->pairs[pair].part] < part->capacity)
            return pair;
    }
    return PROBLEM_NONE;
}

static void take(const struct problem *problem, uint32_t person, uint32_t pair, int64_t *used,
                 uint32_t *chosen)
{
    if (chosen[person] != PROBLEM_NONE)
        used[problem->pairs[chosen[person]].part]--;
    used[problem->pairs[pair].part]++;
    chosen[person] = pair;
}

/* Moves whoever finds room now; the others stay in `wanted`. Returns how many moved. */
static size_t take_all(const struct problem *problem, uint32_t *wanted, int64_t *used,
                       uint32_t *chosen)
{
    size_t moved = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (wanted[i] == PROBLEM_NONE)
            continue;
        uint32_t pair = pair_with_room(problem, i, wanted[i], used);
        if (pair == PROBLEM_NONE)
            continue;
        take(problem, i, pair, used, chosen);
        wanted[i] = PROBLEM_NONE;
        moved++;
    }
    return moved;
}

/* By person: the pool that the plan has them in; PROBLEM_NONE = none, or one that is gone. */
static uint32_t *match_people(const struct problem *problem, const struct plan *plan)
{
    uint32_t *wanted = alloc_zero((size_t)problem->n_people + 1, sizeof *wanted);
    size_t next = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        int order = -1;
        while (next < plan->n_placements &&
               (order = strcmp(plan->placements[next].applicant_id,
                               problem->people[i].applicant->record.id)) < 0)
            next++;
        wanted[i] = next < plan->n_placements && order == 0
                        ? problem_pool(problem, plan->placements[next].pool_id)
                        : PROBLEM_NONE;
    }
    return wanted;
}

/* Residents begin where they live, which always has room; a bed that one of them leaves is there
 * for those who come after, so people are asked again as long as somebody moves. */
static uint32_t *last_plan(const struct problem *problem, const struct plan *plan)
{
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof *chosen);
    int64_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof *used);
    uint32_t *wanted = match_people(problem, plan);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        chosen[i] = problem->people[i].stay_pair;
        if (chosen[i] != PROBLEM_NONE)
            used[problem->pairs[chosen[i]].part]++;
    }
    while (take_all(problem, wanted, used, chosen))
        ;
    free(wanted);
    free(used);
    return chosen;
}

/* -- the prices -- */

/* The place of each objective of this round among the certificate's; 0 when one is missing. */
static int match_objectives(const struct problem *problem, const struct certificate *certificate,
                            size_t *from)
{
    for (size_t k = 0; k < problem->n_objectives; k++) {
        size_t at = 0;
        while (at < certificate->n_objectives &&
               certificate->objectives[at].objective != problem->objectives[k])
            at++;
        if (at == certificate->n_objectives)
            return 0;
        from[k] = at;
    }
    return 1;
}

static const struct certificate_pool *pool_of(const struct certificate *certificate,
                                              const struct problem_part *part, size_t *next)
{
    for (; *next < certificate->n_pools; (*next)++) {
        int order = strcmp(certificate->pools[*next].pool_id, part->pool->record.id);
        if (order > 0)
            return NULL;
        if (order == 0)
            break;
    }
    for (size_t at = *next; at < certificate->n_pools; at++) {
        const struct certificate_pool *pool = &certificate->pools[at];
        if (strcmp(pool->pool_id, part->pool->record.id) != 0)
            return NULL;
        if (strcmp(pool->reserve, part->reserve) == 0)
            return pool;
    }
    return NULL;
}

static int64_t *last_prices(const struct problem *problem, const struct certificate *certificate)
{
    size_t from[OBJECTIVE_COUNT], n = problem->n_objectives, next = 0;
    if (!certificate->n_pools || !match_objectives(problem, certificate, from))
        return NULL;
    int64_t *price = alloc_zero(((size_t)problem->n_parts + 1) * (n + 1), sizeof *price);
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        const struct certificate_pool *pool = pool_of(certificate, &problem->parts[part], &next);
        for (size_t k = 0; pool && k < n; k++)
            price[part * n + k] = pool->price[from[k]];
    }
    return price;
}

void warm_init(struct warm *warm, const struct problem *problem,
               const struct solver_options *options)
{
    *warm = (struct warm){0};
    if (options->last_plan)
        warm->chosen = last_plan(problem, options->last_plan);
    if (options->last_certificate && !options->last_certificate->shift)
        warm->part_price = last_prices(problem, options->last_certificate);
}

void warm_clear(struct warm *warm)
{
    free(warm->chosen);
    free(warm->part_price);
    *warm = (struct warm){0};
}
