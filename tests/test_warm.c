/* test_warm.c - a round that starts where another one ended gives the same bytes as one that starts
 * from nothing, however much has changed in between; and it does start there. */
#include "solver/warm.h"

#include "models/alloc.h"
#include "solver/solver.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 400 };

struct solved {
    struct plan plan;
    struct certificate certificate;
};

static void solve_with(const struct region *region, const struct drawn_round *round,
                       const struct solver_options *options, struct solved *solved)
{
    plan_init(&solved->plan);
    certificate_init(&solved->certificate);
    CU_ASSERT_EQUAL_FATAL(solver_run(region, round->policy, round->world.now, options,
                                     &solved->plan, &solved->certificate, NULL),
                          0);
}

static void solve(const struct region *region, const struct drawn_round *round,
                  const struct solved *last, struct solved *solved)
{
    struct solver_options options = {.last_plan = last ? &last->plan : NULL,
                                     .last_certificate = last ? &last->certificate : NULL};
    solve_with(region, round, &options, solved);
}

static void solved_clear(struct solved *solved)
{
    plan_clear(&solved->plan);
    certificate_clear(&solved->certificate);
}

static int is_same(const struct solved *a, const struct solved *b)
{
    char *texts[] = {plan_to_json(&a->plan, 0), plan_to_json(&b->plan, 0),
                     certificate_to_json(&a->certificate), certificate_to_json(&b->certificate)};
    int same = strcmp(texts[0], texts[1]) == 0 && strcmp(texts[2], texts[3]) == 0;
    for (int i = 0; i < 4; i++)
        free(texts[i]);
    return same;
}

/* Some people close their application, some pools have a bed more or less. */
static void change(struct region *region, uint64_t seed)
{
    uint64_t number = seed;
    const struct record *next, *at = region_first(region, RECORD_APPLICANT);
    for (; at; at = next, number += 3) {
        next = region_next(at);
        struct applicant *copy = (struct applicant *)record_copy(at);
        if (number % 7 == 0 && copy->state == APPLICANT_WAITING && !copy->current_pool[0])
            copy->state = APPLICANT_PARKED;
        if (number % 5 == 0 && copy->max_distance_m < INT64_MAX)
            copy->max_distance_m += 700;
        region_put_take(region, &copy->record);
    }
    for (at = region_first(region, RECORD_POOL); at; at = next, number += 5) {
        next = region_next(at);
        struct pool *copy = (struct pool *)record_copy(at);
        if (number % 4 == 0)
            copy->beds_usable += number % 8 ? 1 : copy->beds_usable > copy->beds_occupied ? -1 : 0;
        region_put_take(region, &copy->record);
    }
}

/* `last` is of the round as it was drawn. Wrong: another plan or certificate than from nothing. */
static size_t compare(const struct drawn_round *round, const struct region *region,
                      const struct solved *last)
{
    struct solved cold, warm;
    solve(region, round, NULL, &cold);
    solve(region, round, last, &warm);
    size_t wrong = !is_same(&cold, &warm);
    solved_clear(&cold);
    solved_clear(&warm);
    return wrong;
}

static void on_rounds(enum random_sort sort, drawn_round_ask *ask)
{
    drawn_round_each(sort, drawn_round_count(WORLDS), ask);
}

/* A quarter as many: each is solved several times. */
static void on_some(enum random_sort sort, drawn_round_ask *ask)
{
    drawn_round_each(sort, drawn_round_count(WORLDS) / 4, ask);
}

static size_t after_changes(struct drawn_round *round)
{
    struct solved last;
    solve(round->region, round, NULL, &last);
    size_t wrong = compare(round, round->region, &last);
    change(round->region, round->world.seed);
    wrong += compare(round, round->region, &last);
    solved_clear(&last);
    return wrong;
}

static void test_changes(void)
{
    on_rounds(RANDOM_NETWORK, after_changes);
    on_rounds(RANDOM_LARGE_NETWORK, after_changes);
    on_some(RANDOM_ODD_NETWORK, after_changes);
    on_some(RANDOM_ODD_LARGE_NETWORK, after_changes);
    on_some(RANDOM_COUPLED, after_changes);
    on_some(RANDOM_ODD_COUPLED, after_changes);
}

/* Ids are the same in all drawn worlds, people and pools are not; nor are the objectives. */
static size_t after_another_world(struct drawn_round *round)
{
    struct drawn_round other;
    struct solved last;
    if (drawn_round_init(&other, round->world.seed + 1, RANDOM_LARGE_NETWORK) != 0)
        return 0;
    solve(other.region, &other, NULL, &last);
    size_t wrong = compare(round, round->region, &last);
    solved_clear(&last);
    drawn_round_clear(&other);
    return wrong;
}

static void test_another_world(void)
{
    on_rounds(RANDOM_NETWORK, after_another_world);
    on_rounds(RANDOM_LARGE_NETWORK, after_another_world);
    on_some(RANDOM_ODD_LARGE_NETWORK, after_another_world);
    on_some(RANDOM_ODD_COUPLED, after_another_world);
}

/* A plan without its certificate, a certificate without its plan, the plan of one round with the
 * certificate of another that has rows between people. */
static size_t after_halves(struct drawn_round *round)
{
    struct drawn_round other;
    struct solved last, strange, cold;
    if (drawn_round_init(&other, round->world.seed + 1, RANDOM_ODD_COUPLED) != 0)
        return 0;
    solve(round->region, round, NULL, &last);
    solve(other.region, &other, NULL, &strange);
    change(round->region, round->world.seed);
    solve(round->region, round, NULL, &cold);
    const struct solver_options hints[] = {
        {.last_plan = &last.plan},
        {.last_certificate = &last.certificate},
        {.last_plan = &last.plan, .last_certificate = &strange.certificate},
        {.last_plan = &strange.plan, .last_certificate = &last.certificate}};
    size_t wrong = 0;
    for (size_t h = 0; h < sizeof hints / sizeof *hints; h++) {
        struct solved warm;
        solve_with(round->region, round, &hints[h], &warm);
        wrong += !is_same(&cold, &warm);
        solved_clear(&warm);
    }
    solved_clear(&last);
    solved_clear(&strange);
    solved_clear(&cold);
    drawn_round_clear(&other);
    return wrong;
}

static void test_halves(void)
{
    on_some(RANDOM_NETWORK, after_halves);
    on_some(RANDOM_ODD_LARGE_NETWORK, after_halves);
    on_some(RANDOM_ODD_COUPLED, after_halves);
}

/* Prices that no round could have. */
static size_t after_mad_prices(struct drawn_round *round)
{
    struct solved last;
    uint64_t state = round->world.seed;
    solve(round->region, round, NULL, &last);
    for (size_t pool = 0; pool < last.certificate.n_pools; pool++)
        for (size_t k = 0; k < last.certificate.n_objectives; k++)
            last.certificate.pools[pool].price[k] =
                random_chance(&state, 50) ? INT64_MAX
                                          : INT64_MIN + (int64_t)random_below(&state, 9);
    size_t wrong = compare(round, round->region, &last);
    solved_clear(&last);
    return wrong;
}

static void test_mad_prices(void)
{
    on_rounds(RANDOM_NETWORK, after_mad_prices);
    on_rounds(RANDOM_LARGE_NETWORK, after_mad_prices);
}

/* -- the start itself -- */

static size_t count_placed(const struct problem *problem, const uint32_t *chosen)
{
    size_t n = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        n += chosen[i] != PROBLEM_NONE && !problem_is_stay(problem, chosen[i]);
    return n;
}

static size_t overfull(const struct problem *problem, const uint32_t *chosen)
{
    size_t wrong = 0;
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        int64_t used = 0;
        for (uint32_t i = 0; i < problem->n_people; i++)
            used += chosen[i] != PROBLEM_NONE && problem->pairs[chosen[i]].part == part;
        wrong += used > problem->parts[part].capacity;
    }
    return wrong;
}

static size_t begins_there(struct drawn_round *round)
{
    struct solved last;
    struct warm warm;
    solve(round->region, round, NULL, &last);
    struct solver_options options = {.last_plan = &last.plan,
                                     .last_certificate = &last.certificate};
    struct problem *problem = problem_new(round->region, round->policy, round->world.now, NULL);
    warm_init(&warm, problem, &options);
    size_t wrong = overfull(problem, warm.chosen);
    /* those who swap beds in a ring find none free, so they begin where they live */
    size_t placed = count_placed(problem, warm.chosen), residents = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        residents += problem->people[i].stay_pair != PROBLEM_NONE;
    wrong += placed > last.plan.n_placements || placed + residents < last.plan.n_placements;
    wrong += last.certificate.n_pools != problem->n_parts || !warm.part_price;
    for (uint32_t part = 0; part < problem->n_parts && warm.part_price; part++)
        for (size_t k = 0; k < problem->n_objectives; k++)
            wrong += warm.part_price[part * problem->n_objectives + k] !=
                     last.certificate.pools[part].price[k];
    warm_clear(&warm);
    problem_free(problem);
    change(round->region, round->world.seed);
    problem = problem_new(round->region, round->policy, round->world.now, NULL);
    warm_init(&warm, problem, &options);
    wrong += overfull(problem, warm.chosen);
    warm_clear(&warm);
    problem_free(problem);
    solved_clear(&last);
    return wrong;
}

static void test_start(void)
{
    on_rounds(RANDOM_LARGE_NETWORK, begins_there);
}

/* -- when it is no use -- */

enum { MANY = 2000, PARTS = 3 };

struct many { /* people who may all go to all parts */
    struct problem problem;
    struct applicant applicant;
    char ids[1]; /* nobody has one */
    uint32_t id_at[MANY + 1];
    struct pool pools[PARTS];
    struct problem_part parts[PARTS];
    uint32_t first_part[PARTS + 1];
    struct problem_person people[MANY];
    struct problem_pair pairs[MANY * PARTS];
};

static struct many *many_new(uint32_t n_parts)
{
    struct many *many = alloc_zero(1, sizeof *many);
    for (uint32_t p = 0; p < n_parts; p++) {
        many->pools[p].record.id[0] = (char)('A' + p);
        many->parts[p] = (struct problem_part){.pool = &many->pools[p], .pool_index = p};
        many->first_part[p + 1] = p + 1;
    }
    for (uint32_t i = 0; i < MANY; i++) {
        many->people[i] = (struct problem_person){.applicant = &many->applicant,
                                                  .first_pair = i * n_parts,
                                                  .n_pairs = n_parts,
                                                  .stay_pair = PROBLEM_NONE};
        for (uint32_t p = 0; p < n_parts; p++)
            many->pairs[i * n_parts + p] = (struct problem_pair){i, p, 500, 0};
    }
    many->problem = (struct problem){.people = many->people,
                                     .n_people = MANY,
                                     .ids = many->ids,
                                     .id_at = many->id_at,
                                     .parts = many->parts,
                                     .n_parts = n_parts,
                                     .n_pools = n_parts,
                                     .pool_first_part = many->first_part,
                                     .pairs = many->pairs,
                                     .n_pairs = MANY * n_parts};
    return many;
}

static int is_used(const struct many *many)
{
    struct plan plan = {0};
    struct solver_options options = {.last_plan = &plan};
    struct warm warm;
    warm_init(&warm, &many->problem, &options);
    int is_used = warm.chosen != NULL;
    warm_clear(&warm);
    return is_used;
}

static void test_no_use(void)
{
    struct many *alike = many_new(PARTS), *giant = many_new(1);
    CU_ASSERT_FALSE(is_used(alike));
    for (uint32_t pair = 0; pair < alike->problem.n_pairs; pair++)
        alike->pairs[pair].metres += (int32_t)alike->pairs[pair].part;
    CU_ASSERT(is_used(alike));
    for (uint32_t i = 0; i < MANY; i++)
        giant->pairs[i].metres += (int32_t)i;
    CU_ASSERT_FALSE(is_used(giant));
    free(alike);
    free(giant);
}

static const struct check_test tests[] = {
    {"after_changes", test_changes},     {"after_another_world", test_another_world},
    {"after_halves", test_halves},       {"after_mad_prices", test_mad_prices},
    {"begins_at_last_plan", test_start}, {"left_out_where_no_use", test_no_use},
};
CHECK_SUITE(suite_warm, tests);
