/* test_coupled_large.c - rounds of a few people, sent the way of large ones, against a fool who
 * tries every assignment.
 */
#include "solver/coupled.h"

#include "models/alloc.h"
#include "solver/coupled_fill.h"
#include "solver/coupled_moves.h"
#include "tests/check.h"
#include "tests/coupled_world.h"
#include "tests/drawn_round.h"
#include "tests/no_threads.h"
#include "tests/one_core.h"
#include "tests/plain_rules.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 1000, SPENT = -1 /* a limit of work that is behind us */ };

static uint64_t worlds(void)
{
    return (uint64_t)drawn_round_count(WORLDS);
}

/* A plan from any prices and a wish that breaks rules: everybody takes their first pair. `moved`:
 * the same, made better. */
static void fill_from(const struct problem *problem, uint64_t seed, int shakes, int64_t work_limit,
                      uint32_t *wish, uint32_t *chosen, uint32_t *moved)
{
    struct budget budget = {.work_limit = work_limit};
    struct model *model = model_new(problem);
    struct choices choices;
    choices_init(&choices, model);
    double *price = alloc_zero((size_t)model->n_rows + OBJECTIVE_COUNT, sizeof *price);
    unsigned char *alive = alloc_zero((size_t)model->n_columns + 1, 1);
    int64_t *gain = model_gains(model, 0);
    memset(alive, 1, model->n_columns);
    for (uint32_t row = 0; row < model->n_rows; row++)
        if (choices_is_shared(model->rows[row].kind))
            price[row] = (double)((seed * 2654435761u + row * 40503u) % 97);
    choices_price_loads(&choices, price);
    for (uint32_t i = 0; i < problem->n_people; i++)
        wish[i] = problem->people[i].n_pairs ? problem->people[i].first_pair : PROBLEM_NONE;
    coupled_fill(&choices, &(struct choices_prices){price, gain, alive}, wish, chosen);
    memcpy(moved, chosen, problem->n_people * sizeof *moved);
    int64_t *place_price = alloc_zero((size_t)problem->n_pairs + 1, sizeof *place_price);
    coupled_moves_begin(&choices, &(struct choices_prices){price, gain, alive}, place_price);
    coupled_moves_run(model, gain, place_price, shakes, &budget, moved);
    free(place_price);
    free(price);
    free(alive);
    free(gain);
    choices_clear(&choices);
    model_free(model);
}

static void test_fill(void)
{
    size_t n_broken = 0, n_placed = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct coupled_world world;
        uint32_t wish[16], chosen[16], moved[16];
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        fill_from(problem, seed, 0, 0, wish, chosen, moved);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        n_broken += !plain_rules_hold(problem, wish);
        for (uint32_t i = 0; i < problem->n_people; i++)
            n_placed += chosen[i] != PROBLEM_NONE && chosen[i] != problem->people[i].stay_pair;
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_broken > worlds() / 2);
    CU_ASSERT_TRUE(n_placed > worlds());
}

static int64_t first_gain(const struct problem *problem, const uint32_t *chosen)
{
    int64_t gain = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        gain += chosen[i] == PROBLEM_NONE ? 0 : problem_gain(problem, chosen[i], 0);
    return gain;
}

/* Small changes of a plan break no rule and never make it worse; mostly they end at the best. With
 * nothing left of a limit there are none. */
static void test_moves(void)
{
    size_t n_better = 0, n_best = 0, n_all = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        uint32_t wish[16], chosen[16], moved[16];
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        coupled_fool_run(&fool, problem);
        fill_from(problem, seed, 0, SPENT, wish, chosen, moved);
        CU_ASSERT_EQUAL(memcmp(moved, chosen, problem->n_people * sizeof *moved), 0);
        fill_from(problem, seed, 0, 0, wish, chosen, moved);
        int64_t before = first_gain(problem, chosen), after = first_gain(problem, moved);
        CU_ASSERT_TRUE(plain_rules_hold(problem, moved));
        CU_ASSERT_TRUE(after >= before && after <= first_gain(problem, fool.best));
        n_better += after > before;
        n_best += after == first_gain(problem, fool.best);
        n_all++;
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_better > worlds() / 17);
    CU_ASSERT_TRUE(n_best > n_all * 9 / 10);
}

/* Of the limit that is nearer to its end, from where it was looked at first. */
static void test_gone(void)
{
    struct budget budget = {.work_limit = 100, .work = 40};
    CU_ASSERT_DOUBLE_EQUAL(budget_gone(&budget, 0, 0), 0.4, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(budget_gone(&budget, 0, 20), 0.25, 1e-9);
    budget.work = 300;
    CU_ASSERT_EQUAL(budget_gone(&budget, 0, 0), 1);
    CU_ASSERT_EQUAL(budget_gone(&budget, 0, 100), 1);
    budget.work_limit = 0;
    CU_ASSERT_EQUAL(budget_gone(&budget, 0, 0), 0);
    budget.until_s = budget_clock_s() - 1;
    CU_ASSERT_EQUAL(budget_gone(&budget, budget.until_s - 1, 0), 1);
}

/* Whatever the limit of work is, rules hold, and the same limit gives the same plan. 1 = with some
 * limit the plan is another one than that of the moves. */
static int breaks_off(const struct problem *problem, uint64_t seed, const uint32_t *moved)
{
    uint32_t wish[16], chosen[16], limited[16], again[16];
    size_t size = problem->n_people * sizeof *limited;
    int is_other = 0;
    for (int64_t work_limit = 1; work_limit <= 4096; work_limit *= 8) {
        fill_from(problem, seed, 1, work_limit, wish, chosen, limited);
        fill_from(problem, seed, 1, work_limit, wish, chosen, again);
        CU_ASSERT_TRUE(plain_rules_hold(problem, limited));
        CU_ASSERT_EQUAL(memcmp(limited, again, size), 0);
        is_other |= memcmp(limited, moved, size) != 0;
    }
    return is_other;
}

/* A design that is shaken breaks no rule either, and is never worse for it; in some rounds where
 * small changes end too early it finds the best. */
static void test_shakes(void)
{
    size_t n_short = 0, n_mended = 0, n_broken_off = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        uint32_t wish[16], chosen[16], moved[16], shaken[16], again[16];
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        coupled_fool_run(&fool, problem);
        int64_t best = first_gain(problem, fool.best);
        fill_from(problem, seed, 0, 0, wish, chosen, moved);
        if (first_gain(problem, moved) < best) {
            fill_from(problem, seed, 2, 0, wish, chosen, shaken);
            fill_from(problem, seed, 2, 0, wish, chosen, again);
            int64_t after = first_gain(problem, shaken);
            CU_ASSERT_TRUE(plain_rules_hold(problem, shaken));
            CU_ASSERT_TRUE(after >= first_gain(problem, moved) && after <= best);
            CU_ASSERT_EQUAL(memcmp(shaken, again, problem->n_people * sizeof *again), 0);
            n_short++;
            n_mended += after == best;
            n_broken_off += breaks_off(problem, seed, moved);
        }
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_short > worlds() / 50);
    CU_ASSERT_TRUE(n_mended > worlds() / 1000); /* mostly 5 to 9 of 1,000 */
    CU_ASSERT_TRUE(n_broken_off > worlds() / 250);
}

/* On rounds of a few people: the rules hold, the bounds are bounds, what is called proved is the
 * best there is, and most of the time the best is found. With limits as well. Without limit and
 * staff rows all is proved. */
static void test_large(void)
{
    size_t n_best = 0, n_all = 0, n_light = 0;
    for (uint64_t seed = 0; seed < worlds() * 3 / 2; seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        struct coupled_result result;
        uint32_t chosen[16];
        struct solver_options options = {.work_limit =
                                             seed % 5 == 0 ? 1 + (int64_t)(seed % 40) : 0};
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        coupled_fool_run(&fool, problem);
        CU_ASSERT_EQUAL(coupled_solve_from(problem, &options, 0, NULL, chosen, &result, NULL), 0);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        CU_ASSERT_TRUE(coupled_fool_is_bound(problem, &result, &fool));
        int is_best =
            memcmp(result.values, fool.values, sizeof(int64_t) * problem->n_objectives) == 0;
        CU_ASSERT_TRUE(result.status == PLAN_FEASIBLE || is_best);
        if (options.work_limit == 0 && problem->n_staff == 0) {
            CU_ASSERT_EQUAL(result.status, PLAN_OPTIMAL);
            n_light++;
        }
        n_best += is_best && options.work_limit == 0;
        n_all += options.work_limit == 0;
        coupled_result_clear(&result);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_best > n_all * 9 / 10);
    CU_ASSERT_TRUE(n_light > worlds() / 10);
}

/* On all cores, on one, and where no thread is granted. */
enum way { ALL_CORES, ONE_CORE, NO_THREADS, WAYS };

struct solved {
    uint32_t chosen[16];
    struct coupled_result result;
};

static void solve_this_way(const struct problem *problem, const struct solver_options *options,
                           enum way way, struct solved *solved)
{
    if (way == ONE_CORE)
        one_core_begin();
    if (way == NO_THREADS)
        no_threads_begin();
    CU_ASSERT_EQUAL(
        coupled_solve_from(problem, options, 0, NULL, solved->chosen, &solved->result, NULL), 0);
    if (way == NO_THREADS)
        no_threads_end();
    if (way == ONE_CORE)
        one_core_end();
}

static void check_same(const struct problem *problem, const struct solved *one,
                       const struct solved *two)
{
    const struct coupled_result *a = &one->result, *b = &two->result;
    size_t n_prices = problem->n_parts * problem->n_objectives;
    CU_ASSERT_EQUAL(memcmp(one->chosen, two->chosen, sizeof one->chosen), 0);
    CU_ASSERT_EQUAL(a->work, b->work);
    CU_ASSERT_EQUAL(memcmp(a->bounds, b->bounds, sizeof a->bounds), 0);
    CU_ASSERT_EQUAL(memcmp(a->proof.part_price, b->proof.part_price, n_prices * sizeof(int64_t)),
                    0);
}

/* The bounds are sought beside the plan: whichever way, with a limit of work or none, all is the
 * same. */
static void test_cores(void)
{
    size_t n_feasible = 0;
    for (uint64_t seed = 0; seed < worlds() * 3 / 10; seed++) {
        struct coupled_world world;
        struct solved solved[WAYS] = {0};
        struct solver_options options = {.work_limit = seed % 3 ? 1 + (int64_t)(seed % 40) : 0};
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        for (enum way way = ALL_CORES; way < WAYS; way++) {
            solve_this_way(problem, &options, way, &solved[way]);
            check_same(problem, &solved[ALL_CORES], &solved[way]);
        }
        n_feasible += solved[ALL_CORES].result.status == PLAN_FEASIBLE;
        for (enum way way = ALL_CORES; way < WAYS; way++)
            coupled_result_clear(&solved[way].result);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_feasible > worlds() / 50);
}

static const struct check_test tests[] = {{"fill", test_fill},   {"moves", test_moves},
                                          {"gone", test_gone},   {"shakes", test_shakes},
                                          {"large", test_large}, {"cores", test_cores}};
CHECK_SUITE(suite_coupled_large, tests);
