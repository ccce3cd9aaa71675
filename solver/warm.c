/* warm.c - see warm.h. Both sides are sorted by id, so each is walked once beside the other. */
#include "solver/warm.h"

#include "models/alloc.h"
#include "models/plan.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* -- the pools by id -- */

struct pool_table { /* open addresses, half of them empty at least */
    const struct problem *problem;
    uint32_t *pools; /* PROBLEM_NONE = empty */
    uint32_t mask;
};

static uint32_t hash_of(const char *id)
{
    uint64_t hash = 0;
    for (; *id; id++)
        hash = (hash + (unsigned char)*id) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32);
}

static const char *pool_id(const struct problem *problem, uint32_t pool)
{
    return problem->parts[problem->pool_first_part[pool]].pool->record.id;
}

static void pool_table_init(struct pool_table *table, const struct problem *problem)
{
    uint32_t room = 2;
    while (room < 2 * (problem->n_pools + 1))
        room *= 2;
    *table = (struct pool_table){problem, alloc_zero(room, sizeof(uint32_t)), room - 1};
    memset(table->pools, 0xff, room * sizeof(uint32_t)); /* PROBLEM_NONE */
    for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
        uint32_t at = hash_of(pool_id(problem, pool)) & table->mask;
        while (table->pools[at] != PROBLEM_NONE)
            at = (at + 1) & table->mask;
        table->pools[at] = pool;
    }
}

static uint32_t pool_table_find(const struct pool_table *table, const char *id)
{
    uint32_t at = hash_of(id) & table->mask;
    while (table->pools[at] != PROBLEM_NONE &&
           strcmp(pool_id(table->problem, table->pools[at]), id) != 0)
        at = (at + 1) & table->mask;
    return table->pools[at];
}

/* -- the plan -- */

/* Pairs that far from a guess are read from memory together with it. */
enum { SLICE_PEOPLE = 4000, LOOK_AHEAD = 16, NEAR_GUESS = 4 };
enum { SAMPLE_PEOPLE = 100, MANY_PEOPLE = 1000 };

struct wish { /* somebody's first pair into the pool that the plan has them in, and its part;
                 PROBLEM_NONE = none, or the pool or the pair is gone */
    uint32_t pair, part;
};

struct match { /* the people of a round and those of the last plan */
    const struct problem *problem;
    const struct plan *plan;
    struct pool_table pools;
    struct wish *wishes; /* by person */
    uint32_t *chosen;    /* by person: where residents live */
};

static const char *id_of(const struct problem *problem, size_t person)
{
    return problem->ids + problem->id_at[person];
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

/* About where a part is among the pairs of a person: as far as among all parts. */
static uint32_t guess_pair(const struct problem *problem, uint32_t person, uint32_t part)
{
    const struct problem_person *at = &problem->people[person];
    return at->first_pair + (uint32_t)((uint64_t)at->n_pairs * part / problem->n_parts);
}

static void ask_for_guess(const struct problem *problem, uint32_t person, uint32_t part)
{
    const char *pair = (const char *)&problem->pairs[guess_pair(problem, person, part)];
    __builtin_prefetch(pair);
    __builtin_prefetch((const void *)((uintptr_t)pair - PROBLEM_CACHE_LINE));
    __builtin_prefetch((const void *)((uintptr_t)pair + PROBLEM_CACHE_LINE));
}

/* The person's first pair of that part or a later one: most are near the guess, and others need not
 * be read from memory. Nobody can foretell which way it goes at last, so that is not asked. */
static uint32_t pair_from_part(const struct problem *problem, uint32_t person, uint32_t part)
{
    const struct problem_pair *pairs = problem->pairs;
    uint32_t low = problem->people[person].first_pair, high = low + problem->people[person].n_pairs;
    uint32_t at = guess_pair(problem, person, part), step = NEAR_GUESS;
    if (at < high && pairs[at].part < part) {
        for (low = at + 1; high - low > step && pairs[low + step - 1].part < part; step *= 2)
            low += step;
        high = high - low > step ? low + step : high;
    } else {
        for (high = at; high - low > step && pairs[high - step].part >= part; step *= 2)
            high -= step;
        low = high - low > step ? high - step : low;
    }
    for (uint32_t half, n = high - low; n > 0; n -= half) {
        half = (n + 1) / 2;
        low += half * (uint32_t)(pairs[low + half - 1].part < part);
    }
    return low;
}

static int is_into(const struct problem *problem, uint32_t person, uint32_t pair, uint32_t pool)
{
    const struct problem_person *at = &problem->people[person];
    return pair < at->first_pair + at->n_pairs &&
           problem->parts[problem->pairs[pair].part].pool_index == pool;
}

/* The first part of the pool that the plan has each person in becomes their wish. */
static void match_ids(const struct match *match, size_t first, size_t end, size_t *next)
{
    const struct problem *problem = match->problem;
    const struct plan *plan = match->plan;
    for (size_t i = first; i < end; i++) {
        int order = -1;
        while (*next < plan->n_placements &&
               (order = strcmp(plan->placements[*next].applicant_id, id_of(problem, i))) < 0)
            ++*next;
        match->chosen[i] = problem->people[i].stay_pair;
        match->wishes[i] = (struct wish){PROBLEM_NONE, PROBLEM_NONE};
        if (*next == plan->n_placements || order != 0)
            continue;
        uint32_t pool = pool_table_find(&match->pools, plan->placements[*next].pool_id);
        if (pool == PROBLEM_NONE)
            continue;
        match->wishes[i].part = problem->pool_first_part[pool];
        ask_for_guess(problem, (uint32_t)i, match->wishes[i].part); /* for match_pair */
    }
}

static void match_pair(const struct problem *problem, uint32_t person, struct wish *wish)
{
    if (wish->part == PROBLEM_NONE)
        return;
    uint32_t pair = pair_from_part(problem, person, wish->part);
    if (!is_into(problem, person, pair, problem->parts[wish->part].pool_index))
        return;
    *wish = (struct wish){pair, problem->pairs[pair].part};
}

static void match_people(void *context, size_t slice, size_t first, size_t end)
{
    const struct match *match = context;
    const struct problem *problem = match->problem;
    size_t next = first < end ? first_placement(match->plan, id_of(problem, first)) : 0;
    (void)slice;
    for (size_t i = first, before = first; before < end; i += LOOK_AHEAD) {
        size_t to = i + LOOK_AHEAD < end ? i + LOOK_AHEAD : end;
        if (i < end)
            match_ids(match, i, to, &next);
        for (; before < i && before < end; before++) /* what they asked for is there by now */
            match_pair(problem, (uint32_t)before, &match->wishes[before]);
    }
}

static int has_room(const struct problem *problem, const int64_t *used, uint32_t part)
{
    return used[part] < problem->parts[part].capacity;
}

/* The wish, in the first part of its pool that has room; PROBLEM_NONE = none has. */
static struct wish wish_with_room(const struct problem *problem, uint32_t person, struct wish wish,
                                  const int64_t *used)
{
    uint32_t pool = problem->parts[wish.part].pool_index, stay = problem->people[person].stay_pair;
    if (wish.pair != stay && has_room(problem, used, wish.part))
        return wish;
    for (uint32_t pair = wish.pair; is_into(problem, person, pair, pool); pair++) {
        uint32_t part = problem->pairs[pair].part;
        if (pair != stay && has_room(problem, used, part))
            return (struct wish){pair, part};
    }
    return (struct wish){PROBLEM_NONE, PROBLEM_NONE};
}

/* Moves whoever finds room now; the others stay in the wishes. Returns how many residents moved:
 * what they leave is there for others. */
static size_t take_all(const struct match *match, int64_t *used)
{
    const struct problem *problem = match->problem;
    uint32_t *chosen = match->chosen;
    size_t moved = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (match->wishes[i].pair == PROBLEM_NONE)
            continue;
        struct wish wish = wish_with_room(problem, i, match->wishes[i], used);
        if (wish.pair == PROBLEM_NONE)
            continue;
        if (chosen[i] != PROBLEM_NONE) {
            used[problem->pairs[chosen[i]].part]--;
            moved++;
        }
        used[wish.part]++;
        chosen[i] = wish.pair;
        match->wishes[i].pair = PROBLEM_NONE;
    }
    return moved;
}

/* Residents begin where they live, which always has room; a bed that one of them leaves is there
 * for those who come after, so people are asked again as long as residents move. */
static uint32_t *last_plan(const struct problem *problem, const struct plan *plan)
{
    size_t people = (size_t)problem->n_people + 1;
    int64_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof *used);
    struct match match = {.problem = problem, .plan = plan};
    match.wishes = alloc_resize(NULL, people, sizeof *match.wishes);
    match.chosen = alloc_resize(NULL, people, sizeof *match.chosen);
    pool_table_init(&match.pools, problem);
    slices_run(problem->n_people, slices_count(problem->n_people, SLICE_PEOPLE), match_people,
               &match);
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (match.chosen[i] != PROBLEM_NONE)
            used[problem->pairs[match.chosen[i]].part]++;
    while (take_all(&match, used))
        ;
    free(match.pools.pools);
    free(match.wishes);
    free(used);
    return match.chosen;
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

/* -- what is worth it -- */

static int is_same_everywhere(const struct problem *problem, uint32_t person)
{
    const struct problem_person *at = &problem->people[person];
    for (uint32_t pair = at->first_pair + 1; pair < at->first_pair + at->n_pairs; pair++)
        if (problem->pairs[pair].metres != problem->pairs[at->first_pair].metres ||
            problem->pairs[pair].rank != problem->pairs[at->first_pair].rank)
            return 0;
    return 1;
}

/* Measured: with so many people to a part, or where all places are alike to so many people, to
 * match the last plan takes as long as it saves. */
static int is_of_use(const struct problem *problem)
{
    uint32_t step = problem->n_people / SAMPLE_PEOPLE + 1, i = step / 2;
    if (problem->n_people < MANY_PEOPLE)
        return 1;
    if (problem->n_people / MANY_PEOPLE > problem->n_parts)
        return 0;
    while (i < problem->n_people && is_same_everywhere(problem, i))
        i += step;
    return i < problem->n_people;
}

void warm_init(struct warm *warm, const struct problem *problem,
               const struct solver_options *options)
{
    *warm = (struct warm){0};
    if ((!options->last_plan && !options->last_certificate) || !is_of_use(problem))
        return;
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
