/* test_worth.c - where one more bed is worth most: a bed of a new pool is added in every home of
 * drawn worlds and the round solved again; and the rows over pools, recounted plainly. */
#include "solver/worth.h"

#include "models/alloc.h"
#include "solver/solver.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 120 };

static long compared, gained;

static void solve(const struct drawn_round *round, const struct region *region, struct plan *plan)
{
    struct solver_options how = {0};
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(
        solver_run(region, round->policy, round->world.now, &how, plan, NULL, &err), 0);
}

static int64_t as_gain(const struct objective_value *objective)
{
    return words_objective_is_max(objective->objective) ? objective->value : -objective->value;
}

/* What the round gains by one bed of that kind in that home. */
static void add_bed(const struct drawn_round *round, const struct plan *before, const char *home,
                    int kind, int64_t gain[OBJECTIVE_COUNT])
{
    struct region *region = drawn_round_shuffled(round, 0);
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, "Z99");
    struct plan after;
    snprintf(pool->institution_id, sizeof pool->institution_id, "%s", home);
    pool->kind = (enum kind)kind;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = 1;
    pool->max_level = RECORD_LEVELS - 1;
    region_put_take(region, &pool->record);
    solve(round, region, &after);
    for (size_t k = 0; k < before->n_objectives; k++)
        gain[k] = as_gain(&after.objectives[k]) - as_gain(&before->objectives[k]);
    plan_clear(&after);
    region_free(region);
}

static int compare(const int64_t *a, const int64_t *b, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (a[k] != b[k])
            return a[k] > b[k] ? 1 : -1;
    return 0;
}

/* No home of the district beats the site, and the site gains just that; of bounds, at least that.
 */
static size_t check_row(const struct drawn_round *round, const struct plan *before,
                        const struct worth_row *row)
{
    size_t wrong = 0, n = before->n_objectives;
    int64_t gain[OBJECTIVE_COUNT];
    for (const struct record *at = region_first(round->region, RECORD_INSTITUTION); at;
         at = region_next(at)) {
        const struct institution *home = (const struct institution *)at;
        if (strcmp(home->district, row->district) != 0 || home->suspended)
            continue;
        add_bed(round, before, at->id, row->kind, gain);
        compared++;
        wrong += !before->prices_are_bounds && compare(gain, row->gain, n) > 0;
        wrong +=
            home == row->site && (before->prices_are_bounds ? compare(gain, row->gain, n) < 0
                                                            : compare(gain, row->gain, n) != 0);
    }
    gained += row->site != NULL;
    return wrong;
}

static void on_worlds(enum random_sort sort, long worlds,
                      size_t (*check)(const struct drawn_round *, const struct plan *))
{
    size_t wrong = 0;
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        struct plan plan;
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0)
            continue;
        solve(&round, round.region, &plan);
        size_t here = check(&round, &plan);
        if (here && !wrong)
            printf("\n    seed %ld\n", seed);
        wrong += here;
        plan_clear(&plan);
        drawn_round_clear(&round);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static size_t check_new(const struct drawn_round *round, const struct plan *plan)
{
    struct worth worth;
    struct alm_error err;
    size_t wrong = 0;
    err_init(&err);
    worth_by(round->region, plan, 1, 1, &worth);
    CU_ASSERT_EQUAL_FATAL(worth_new_beds(round->region, round->policy, plan, &worth, &err), 0);
    for (size_t r = 0; r < worth.n && plan->n_prices; r++)
        wrong += check_row(round, plan, &worth.rows[r]);
    worth_clear(&worth);
    return wrong;
}

/* Exact prices in a world with nursing minutes do not look at them (worth.h). */
static size_t check_coupled(const struct drawn_round *round, const struct plan *plan)
{
    return plan->prices_are_bounds ? check_new(round, plan) : 0;
}

static void test_coupled_beds(void)
{
    compared = gained = 0;
    on_worlds(RANDOM_COUPLED, 3 * drawn_round_count(WORLDS), check_coupled);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS), check_coupled);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || (compared > 100 && gained > 20));
}

static void test_new_beds(void)
{
    compared = gained = 0;
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS), check_new);
    on_worlds(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 10, check_new);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, check_new);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || (compared > 100 && gained > 50));
}

/* In how many rows the pool is; *wrong counts those whose best is worth less. */
static size_t count_rows(const struct worth *worth, const struct pool *pool,
                         const struct shadow_price *price, size_t n_objectives, size_t *wrong)
{
    size_t found = 0;
    for (size_t r = 0; r < worth->n; r++) {
        const struct worth_row *row = &worth->rows[r];
        if (row->kind >= 0 && row->kind != (int)pool->kind)
            continue;
        found++;
        *wrong += compare(price->price, row->best->price, n_objectives) > 0;
    }
    return found;
}

/* Every pool is in one row of each table, and none is worth more than the best of its row. */
static size_t check_pools(const struct drawn_round *round, const struct plan *plan)
{
    size_t wrong = 0;
    for (int by = 0; by < 4; by++) {
        struct worth worth;
        size_t pools = 0;
        worth_by(round->region, plan, by & 1, by >> 1, &worth);
        for (size_t r = 0; r < worth.n; r++)
            pools += worth.rows[r].pools;
        wrong += pools != plan->n_prices || (by == 0 && worth.n > 1);
        for (size_t p = 0; p < plan->n_prices; p++) {
            const struct pool *pool = region_pool(round->region, plan->prices[p].pool_id);
            /* drawn homes are all of one district */
            size_t found = count_rows(&worth, pool, &plan->prices[p], plan->n_objectives, &wrong);
            wrong += found != 1;
        }
        worth_clear(&worth);
    }
    return wrong;
}

/* With prices that are bounds too, which few pools have, or none. */
static size_t check_all_counted(const struct drawn_round *round, const struct plan *plan)
{
    struct worth worth;
    size_t pools = 0;
    worth_by(round->region, plan, 0, 0, &worth);
    for (size_t r = 0; r < worth.n; r++)
        pools += worth.rows[r].pools;
    worth_clear(&worth);
    return plan->prices_are_bounds && pools != region_count(round->region, RECORD_POOL);
}

static void test_pools(void)
{
    on_worlds(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 4, check_pools);
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) / 4, check_all_counted);
}

/* -- a bed more, tried -- */

/* What the fool's best plan gains by one more bed in that pool; 0 = too many plans to try. */
static int brute_bed(const struct drawn_round *round, int pool, int64_t gain[OBJECTIVE_COUNT])
{
    struct random_world more = round->world;
    struct brute_result best;
    more.pools[pool].usable++;
    more.pools[pool].approved++;
    more.pools[pool].staffed++;
    if (brute_force(&more, &best) != 0)
        return 0;
    for (int k = 0; k < best.n_objectives; k++) {
        gain[k] = best.values[k] - round->brute.values[k];
        if (!words_objective_is_max((enum objective)best.objectives[k]))
            gain[k] = -gain[k];
    }
    return 1;
}

/* The best of the row is what the fool finds for the best of its pools. */
static size_t check_best(const struct drawn_round *round, const struct worth_row *row, size_t n)
{
    int64_t gain[OBJECTIVE_COUNT], best[OBJECTIVE_COUNT];
    size_t pools = 0;
    for (int p = 0; p < round->world.n_pools; p++) {
        const struct pool *pool = region_pool(round->region, random_id('P', p));
        const struct institution *home = region_institution(round->region, pool->institution_id);
        if (row->kind != (int)pool->kind || strcmp(row->district, home->district) != 0)
            continue;
        if (!brute_bed(round, p, gain))
            return 0;
        if (pools++ == 0 || compare(gain, best, n) > 0)
            memcpy(best, gain, sizeof best);
    }
    compared++;
    return !row->best || row->tried != row->pools || compare(best, row->best->price, n) != 0;
}

/* The pools that were tried gain what the fool says. */
static size_t check_tried(const struct drawn_round *round, const struct worth *worth, size_t n)
{
    size_t wrong = 0;
    for (int p = 0; p < round->world.n_pools; p++) {
        int64_t gain[OBJECTIVE_COUNT];
        int is_known = brute_bed(round, p, gain);
        for (size_t a = 0; a < worth->n_again && is_known; a++)
            if (strcmp(worth->again[a].pool_id, random_id('P', p)) == 0) {
                gained++;
                wrong += compare(gain, worth->again[a].price, n) != 0;
            }
    }
    for (size_t r = 0; r < worth->n; r++)
        wrong += check_best(round, &worth->rows[r], n);
    return wrong;
}

static size_t check_again(const struct drawn_round *round, const struct plan *plan)
{
    struct alm_error err;
    struct worth worth;
    size_t wrong = 0;
    err_init(&err);
    if (plan->status != PLAN_OPTIMAL)
        return 0;
    CU_ASSERT_EQUAL_FATAL(worth_again(round->region, round->policy, plan, 1e-9, &worth, &err), 0);
    wrong += worth.n_again != 0;
    worth_clear(&worth);
    CU_ASSERT_EQUAL_FATAL(worth_again(round->region, round->policy, plan, 1e6, &worth, &err), 0);
    wrong += plan->prices_are_bounds && worth.n_again != (size_t)round->world.n_pools;
    wrong += check_tried(round, &worth, plan->n_objectives);
    worth_clear(&worth);
    return wrong;
}

static void test_again(void)
{
    compared = gained = 0;
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS), check_again);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS), check_again);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || (compared > 250 && gained > 350));
}

static void test_other_plan(void)
{
    struct drawn_round one, two;
    struct worth worth = {0};
    struct alm_error err;
    struct plan plan;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(drawn_round_init(&one, 1, RANDOM_LARGE_NETWORK), 0);
    CU_ASSERT_EQUAL_FATAL(drawn_round_init(&two, 2, RANDOM_LARGE_NETWORK), 0);
    solve(&one, one.region, &plan);
    CU_ASSERT_EQUAL(worth_new_beds(two.region, two.policy, &plan, &worth, &err), -1);
    worth_clear(&worth);
    plan_clear(&plan);
    err_clear(&err);
    drawn_round_clear(&one);
    drawn_round_clear(&two);
}

/* A list of prices that is not that of the world is read without harm. */
static void test_other_prices(void)
{
    struct drawn_round round;
    struct alm_error err;
    struct plan plan;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(drawn_round_init(&round, 1, RANDOM_LARGE_NETWORK), 0);
    solve(&round, round.region, &plan);
    for (int are_bounds = 0; are_bounds < 2; are_bounds++) {
        struct worth worth;
        plan.prices_are_bounds = are_bounds;
        for (size_t p = are_bounds; p < plan.n_prices; p += 2)
            strcpy(plan.prices[p].pool_id, "elsewhere");
        worth_by(round.region, &plan, 1, 1, &worth);
        CU_ASSERT_EQUAL(worth_new_beds(round.region, round.policy, &plan, &worth, &err), 0);
        worth_clear(&worth);
    }
    plan_clear(&plan);
    drawn_round_clear(&round);
}

static const struct check_test tests[] = {
    {"a_new_bed_gains_what_is_said", test_new_beds},
    {"a_new_bed_gains_no_less_in_coupled_rounds", test_coupled_beds},
    {"a_bed_more_tried_gains_what_is_said", test_again},
    {"rows_hold_the_best_pool", test_pools},
    {"plan_of_another_world", test_other_plan},
    {"prices_of_other_pools", test_other_prices},
};
CHECK_SUITE(suite_worth, tests);
