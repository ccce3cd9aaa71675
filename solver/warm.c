/* warm.c - see warm.h. Both sides are sorted by id, so each is walked once beside the other. */
#include "solver/warm.h"

#include "models/alloc.h"
#include "models/plan.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* -- the plan -- */

enum { SLICE_PEOPLE = 4000, LOOK_AHEAD = 8 };

struct match { /* the people of a round and those of the last plan */
    const struct problem *problem;
    const struct plan *plan;
    uint32_t *wanted; /* by person: their first pair into the pool that the plan has them in;
                         PROBLEM_NONE = none, or the pool or the pair is gone */
};

static const char *id_of(const struct problem *problem, size_t person)
{
    return problem->people[person].applicant->record.id;
}

/* The first placement of somebody who does not come before this one. */
static size_t first_placement(const struct plan *plan, const char *id)
{
    size_t low = 0, high = plan->n_placements;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(plan->placements[middle].applicant_id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The person's first pair of that part or a later one. */
static uint32_t pair_from_part(const struct problem *problem, uint32_t person, uint32_t part)
{
    uint32_t low = problem->people[person].first_pair, high = low + problem->people[person].n_pairs;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (problem->pairs[middle].part < part)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int is_into(const struct problem *problem, uint32_t person, uint32_t pair, uint32_t pool)
{
    const struct problem_person *at = &problem->people[person];
    return pair < at->first_pair + at->n_pairs &&
           problem->parts[problem->pairs[pair].part].pool_index == pool;
}

static uint32_t match_pool(const struct problem *problem, uint32_t person, uint32_t pool)
{
    if (pool == PROBLEM_NONE)
        return PROBLEM_NONE;
    uint32_t pair = pair_from_part(problem, person, problem->pool_first_part[pool]);
    return is_into(problem, person, pair, pool) ? pair : PROBLEM_NONE;
}

static void match_people(void *context, size_t slice, size_t first, size_t end)
{
    const struct match *match = context;
    const struct problem *problem = match->problem;
    const struct plan *plan = match->plan;
    size_t next = first < end ? first_placement(plan, id_of(problem, first)) : 0;
    (void)slice;
    for (size_t i = first; i < end; i++) {
        int order = -1;
        if (i + LOOK_AHEAD < end) /* the records lie anywhere in memory */
            __builtin_prefetch(id_of(problem, i + LOOK_AHEAD));
        while (next < plan->n_placements &&
               (order = strcmp(plan->placements[next].applicant_id, id_of(problem, i))) < 0)
            next++;
        match->wanted[i] = PROBLEM_NONE;
        if (next < plan->n_placements && order == 0)
            match->wanted[i] = match_pool(problem, (uint32_t)i,
                                          problem_pool(problem, plan->placements[next].pool_id));
    }
}

/* The first of the person's pairs into the pool, `pair` being one of them, whose part has room;
 * PROBLEM_NONE = none. */
static uint32_t pair_with_room(const struct problem *problem, uint32_t person, uint32_t pair,
                               const int64_t *used)
{
    uint32_t pool = problem->parts[problem->pairs[pair].part].pool_index;
    for (; is_into(problem, person, pair, pool); pair++) {
        uint32_t part = problem->pairs[pair].part;
        if (pair != problem->people[person].stay_pair && used[part] < problem->parts[part].capacity)
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

/* Moves whoever finds room now; the others stay in `wanted`. Returns how many residents moved: what
 * they leave is there for others. */
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
        moved += chosen[i] != PROBLEM_NONE;
        take(problem, i, pair, used, chosen);
        wanted[i] = PROBLEM_NONE;
    }
    return moved;
}

/* Residents begin where they live, which always has room; a bed that one of them leaves is there
 * for those who come after, so people are asked again as long as residents move. */
static uint32_t *last_plan(const struct problem *problem, const struct plan *plan)
{
    size_t people = (size_t)problem->n_people + 1;
    uint32_t *chosen = alloc_zero(people, sizeof *chosen);
    int64_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof *used);
    struct match match = {problem, plan, alloc_zero(people, sizeof(uint32_t))};
    slices_run(problem->n_people, slices_count(problem->n_people, SLICE_PEOPLE), match_people,
               &match);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        chosen[i] = problem->people[i].stay_pair;
        if (chosen[i] != PROBLEM_NONE)
            used[problem->pairs[chosen[i]].part]++;
    }
    while (take_all(problem, match.wanted, used, chosen))
        ;
    free(match.wanted);
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
