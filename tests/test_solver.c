/* test_solver.c - whole rounds: a bed more gains its shadow price, both ways of using GLPK and any
 * number of cores give the same bytes, with threads or without, limits give plans that still hold.
 * (Optimality itself: test_worlds.c.) */
#include "solver/solver.h"

#include "models/alloc.h"
#include "solver/eligibility.h"
#include "solver/verify.h"
#include "tests/check.h"
#include "tests/drawn_region.h"
#include "tests/drawn_round.h"
#include "tests/no_threads.h"
#include "tests/one_core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 500 };

struct solved {
    struct plan plan;
    struct certificate certificate;
    int result;
};

static void solve(const struct drawn_round *round, struct solver_options options,
                  struct solved *solved)
{
    plan_init(&solved->plan);
    certificate_init(&solved->certificate);
    solved->result = solver_run(round->region, round->policy, round->world.now, &options,
                                &solved->plan, &solved->certificate, NULL);
}

static void solved_clear(struct solved *solved)
{
    plan_clear(&solved->plan);
    certificate_clear(&solved->certificate);
}

/* The pool with one bed more that it keeps there, as far as it can keep any (`k` = n_reserved: an
 * open bed). */
static struct pool *with_bed(const struct pool *pool, size_t k)
{
    struct pool *copy = (struct pool *)record_copy(&pool->record);
    for (size_t r = 0; r < pool->n_reserved; r++)
        copy->reserved[r].beds = eligibility_kept(pool, r) + (r == k);
    copy->beds_usable++;
    copy->beds_approved++;
    copy->beds_staffed++;
    return copy;
}

static int64_t as_gain(const struct objective_value *objective)
{
    return words_objective_is_max(objective->objective) ? objective->value : -objective->value;
}

/* What a bed more gains, less its price: nothing, or where that is a bound not less than nothing.
 */
static int is_price(const struct plan *before, const struct plan *after, const int64_t *price)
{
    for (size_t o = 0; o < before->n_objectives; o++) {
        int64_t gain = as_gain(&after->objectives[o]) - as_gain(&before->objectives[o]);
        if (gain != price[o])
            return before->prices_are_bounds && gain > price[o];
    }
    return 1;
}

static size_t with_one_more(const struct drawn_round *round, const struct plan *before,
                            const struct shadow_price *price, size_t k)
{
    const struct pool *pool = region_pool(round->region, price->pool_id);
    struct solved after;
    if (region_institution(round->region, pool->institution_id)->suspended || pool_slack(pool) < 0)
        return 0;
    struct record *whole = record_copy(&pool->record);
    region_put_take(round->region, &with_bed(pool, k)->record);
    solve(round, (struct solver_options){0}, &after);
    size_t wrong = !is_price(before, &after.plan, price->price);
    solved_clear(&after);
    region_put_take(round->region, whole);
    return wrong;
}

/* Open beds and those that are kept for a class, in pools that have some to give and in full ones.
 */
static size_t one_more_bed(struct drawn_round *round)
{
    struct solved before;
    size_t wrong = 0, reserve = 0;
    solve(round, (struct solver_options){0}, &before);
    const struct plan *plan = &before.plan;
    for (size_t p = 0; p < plan->n_prices; p++) {
        size_t open = region_pool(round->region, plan->prices[p].pool_id)->n_reserved;
        for (size_t k = 0; k < open; k++)
            wrong += with_one_more(round, plan, &plan->reserve_prices[reserve++], k);
        wrong += with_one_more(round, plan, &plan->prices[p], open);
    }
    solved_clear(&before);
    return wrong;
}

static void test_shadow_prices(void)
{
    drawn_round_each(RANDOM_NETWORK, drawn_round_count(WORLDS), one_more_bed);
    drawn_round_each(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 2, one_more_bed);
}

static long bounded; /* rounds whose prices are bounds, with one that is not 0 */

static int is_bounded(const struct plan *plan)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    int has_price = 0;
    for (size_t p = 0; p < plan->n_prices; p++)
        has_price |= memcmp(plan->prices[p].price, nothing, sizeof nothing) != 0;
    bounded += plan->prices_are_bounds && has_price;
    return plan->prices_are_bounds;
}

/* Only where something couples people: exact prices do not look at minutes (formats.md). */
static size_t one_more_coupled(struct drawn_round *round)
{
    struct solved solved;
    solve(round, (struct solver_options){0}, &solved);
    int is_asked = is_bounded(&solved.plan);
    solved_clear(&solved);
    return is_asked ? one_more_bed(round) : 0;
}

static void test_coupled_prices(void)
{
    bounded = 0;
    drawn_round_each(RANDOM_COUPLED, 2 * drawn_round_count(WORLDS), one_more_coupled);
    drawn_round_each(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 2, one_more_coupled);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || bounded > 20);
}

/* Whether it ends by itself or not: the checker finds the same network, and the same prices. */
static size_t is_verified(const struct drawn_round *round, int64_t work_limit)
{
    struct solved solved;
    struct alm_error err;
    int proved;
    err_init(&err);
    solve(round, (struct solver_options){.work_limit = work_limit}, &solved);
    is_bounded(&solved.plan);
    int result = solved.result != 0 ? -1
                                    : verify_plan(round->region, round->policy, &solved.plan,
                                                  &solved.certificate, &proved, &err);
    if (result != 0)
        printf("\n    %s\n", err.message);
    err_clear(&err);
    solved_clear(&solved);
    return result != 0;
}

static size_t are_verified(struct drawn_round *round)
{
    return is_verified(round, 0) + is_verified(round, 1 + (int64_t)(round->world.seed % 8));
}

static void test_coupled_check(void)
{
    bounded = 0;
    drawn_round_each(RANDOM_COUPLED, 2 * drawn_round_count(WORLDS), are_verified);
    drawn_round_each(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS), are_verified);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || bounded > 50);
}

static size_t same_bytes(struct drawn_round *round)
{
    struct solved one, two;
    solve(round, (struct solver_options){.engine = SOLVER_AUTO}, &one);
    solve(round, (struct solver_options){.engine = SOLVER_GLPK}, &two);
    char *texts[] = {plan_to_json(&one.plan, 0), plan_to_json(&two.plan, 0),
                     certificate_to_json(&one.certificate), certificate_to_json(&two.certificate)};
    size_t wrong = strcmp(texts[0], texts[1]) != 0 || strcmp(texts[2], texts[3]) != 0;
    for (int i = 0; i < 4; i++)
        free(texts[i]);
    solved_clear(&one);
    solved_clear(&two);
    return wrong;
}

static void test_engines(void)
{
    drawn_round_each(RANDOM_NETWORK, drawn_round_count(WORLDS), same_bytes);
    drawn_round_each(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 2, same_bytes);
}

/* Stopped after little work: the same plan each time, one that verify accepts as feasible. */
static size_t limited(struct drawn_round *round)
{
    struct solver_options options = {.engine = round->world.seed % 2 ? SOLVER_AUTO : SOLVER_GLPK,
                                     .work_limit = 1 + (int64_t)(round->world.seed % 4)};
    struct solved one, two;
    struct alm_error err;
    int proved = -1;
    size_t wrong = 0;
    err_init(&err);
    solve(round, options, &one);
    solve(round, options, &two);
    char *texts[] = {plan_to_json(&one.plan, 0), plan_to_json(&two.plan, 0)};
    wrong += one.result != 0 || strcmp(texts[0], texts[1]) != 0;
    wrong += (one.plan.status == PLAN_OPTIMAL) != (one.certificate.shift == 0);
    wrong +=
        verify_plan(round->region, round->policy, &one.plan, &one.certificate, &proved, &err) != 0;
    if (wrong)
        printf("\n    %s\n", err.message);
    free(texts[0]);
    free(texts[1]);
    solved_clear(&one);
    solved_clear(&two);
    err_clear(&err);
    return wrong;
}

static void test_limits(void)
{
    drawn_round_each(RANDOM_NETWORK, drawn_round_count(WORLDS), limited);
    drawn_round_each(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 2, limited);
}

static void test_stats_and_options(void)
{
    struct drawn_round round;
    struct solved solved;
    CU_ASSERT_EQUAL_FATAL(drawn_round_init(&round, 5, 0), 0);
    solve(&round, (struct solver_options){.time_limit_s = 60}, &solved);
    CU_ASSERT_EQUAL(solved.result, 0);
    CU_ASSERT_EQUAL(solved.plan.status, PLAN_OPTIMAL);
    CU_ASSERT_STRING_EQUAL(solved.plan.engine, "glpk");
    CU_ASSERT(solved.plan.stats.pools > 0 && solved.plan.stats.peak_bytes > 0);
    CU_ASSERT(solved.plan.stats.solve_s >= 0 && solved.plan.stats.build_s >= 0);
    CU_ASSERT_EQUAL(solved.plan.now, round.world.now);
    solved_clear(&solved);
    struct solver_options options = {.engine = SOLVER_GREEDY};
    plan_init(&solved.plan);
    CU_ASSERT_EQUAL(
        solver_run(round.region, round.policy, round.world.now, &options, &solved.plan, NULL, NULL),
        0);
    CU_ASSERT_EQUAL(solved.plan.status, PLAN_FEASIBLE);
    CU_ASSERT_STRING_EQUAL(solved.plan.engine, "greedy");
    CU_ASSERT_EQUAL(solved.plan.n_prices, 0);
    plan_clear(&solved.plan);
    drawn_round_clear(&round);
}

/* Plan and certificate as text, one after the other. Caller frees. */
static char *solve_region(const struct region *region, const struct policy *policy)
{
    static const struct solver_options options;
    struct plan plan;
    struct certificate certificate;
    struct buffer text = {0};
    plan_init(&plan);
    certificate_init(&certificate);
    CU_ASSERT_EQUAL_FATAL(
        solver_run(region, policy, DRAWN_REGION_NOW, &options, &plan, &certificate, NULL), 0);
    char *json = plan_to_json(&plan, 0), *proof = certificate_to_json(&certificate);
    buffer_text(&text, json);
    buffer_text(&text, proof);
    free(json);
    free(proof);
    plan_clear(&plan);
    certificate_clear(&certificate);
    return buffer_take(&text, NULL);
}

/* Enough people for two stretches of everything that is walked in stretches. On a machine with one
 * core this holds by itself. */
static void test_cores(void)
{
    enum { CROWD = 8100 };
    struct region *region = drawn_region_crowd(DRAWN_REGION_PLACES, CROWD);
    struct policy *policy = drawn_region_policy(0, 1);
    char *on_all = solve_region(region, policy);
    no_threads_begin();
    char *alone = solve_region(region, policy);
    no_threads_end();
    one_core_begin();
    char *on_one = solve_region(region, policy);
    one_core_end();
    CU_ASSERT_STRING_EQUAL(on_all, on_one);
    CU_ASSERT_STRING_EQUAL(on_all, alone);
    free(on_all);
    free(alone);
    free(on_one);
    policy_free(policy);
    region_free(region);
}

static const struct check_test tests[] = {
    {"one_more_bed_gains_its_shadow_price", test_shadow_prices},
    {"one_more_bed_gains_no_less_in_coupled_rounds", test_coupled_prices},
    {"prices_of_coupled_rounds_are_found_again", test_coupled_check},
    {"engines_give_the_same_bytes", test_engines},
    {"limits", test_limits},
    {"cores_give_the_same_bytes", test_cores},
    {"stats_and_options", test_stats_and_options},
};
CHECK_SUITE(suite_solver, tests);
