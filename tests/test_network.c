/* test_network.c - exact rounds against every assignment there is: objectives, the plan of the tie
 * rule, prices as the gain of one more bed, GLPK alone, limits. */
#include "solver/network.h"

#include "tests/check.h"
#include "tests/drawn_round.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 3000 };

static uint64_t worlds(void)
{
    return (uint64_t)drawn_round_count(WORLDS);
}

static int solve(const struct problem *problem, enum solver_engine engine, uint32_t *chosen,
                 struct network_result *result)
{
    struct solver_options options = {.engine = engine};
    struct alm_error err;
    err_init(&err);
    int rc = network_solve(problem, &options, chosen, result, &err);
    if (rc != 0)
        printf("%s\n", err.message);
    err_clear(&err);
    return rc;
}

static int64_t stated(const struct problem *problem, size_t k, int64_t gain)
{
    return words_objective_is_max(problem->objectives[k]) ? gain : -gain;
}

static uint32_t pool_of(const struct problem *problem, uint32_t pair)
{
    return pair == PROBLEM_NONE ? PROBLEM_NONE
                                : problem->parts[problem->pairs[pair].part].pool_index;
}

/* 1 when values, bounds and the pools of everybody are those of the brute force. */
static int agrees(const struct problem *problem, const uint32_t *chosen,
                  const struct network_result *result, const struct small_best *best)
{
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (result->values[k] != stated(problem, k, best->gains[k]) ||
            result->bounds[k] != result->values[k])
            return 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (pool_of(problem, chosen[i]) != best->pools[i])
            return 0;
    return result->status == PLAN_OPTIMAL;
}

static void test_brute_force(void)
{
    size_t wrong[2] = {0}, differ = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct small_problem small;
        struct small_best best;
        uint32_t chosen[2][SMALL_PEOPLE] = {{0}};
        struct network_result results[2];
        small_problem_draw(&small, seed);
        small_problem_best(&small.problem, &best);
        for (int e = 0; e < 2; e++) {
            solve(&small.problem, e ? SOLVER_GLPK : SOLVER_AUTO, chosen[e], &results[e]);
            if (!agrees(&small.problem, chosen[e], &results[e], &best) && wrong[e]++ == 0)
                printf("seed %lu engine %d disagrees\n", (unsigned long)seed, e);
        }
        size_t n = small.problem.n_objectives * sizeof(int64_t);
        differ +=
            !results[0].part_price || !results[1].part_price ||
            memcmp(results[0].part_price, results[1].part_price, n * small.problem.n_parts) ||
            memcmp(results[0].person_price, results[1].person_price, n * small.problem.n_people);
        network_result_clear(&results[0]);
        network_result_clear(&results[1]);
    }
    CU_ASSERT_EQUAL(wrong[0], 0);
    CU_ASSERT_EQUAL(wrong[1], 0);
    CU_ASSERT_EQUAL(differ, 0);
}

/* The price of a part is what one more bed there gains, in every objective at once. */
static void test_one_more_bed(void)
{
    size_t wrong = 0, priced = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct small_problem small;
        struct small_best before, after;
        uint32_t chosen[SMALL_PEOPLE];
        struct network_result result;
        small_problem_draw(&small, seed);
        struct problem *problem = &small.problem;
        small_problem_best(problem, &before);
        solve(problem, SOLVER_AUTO, chosen, &result);
        for (uint32_t part = 0; result.part_price && part < problem->n_parts; part++) {
            problem->parts[part].capacity++;
            small_problem_best(problem, &after);
            problem->parts[part].capacity--;
            for (size_t k = 0; k < problem->n_objectives; k++) {
                int64_t price = result.part_price[part * problem->n_objectives + k];
                wrong += price != after.gains[k] - before.gains[k];
                priced += price != 0;
            }
        }
        wrong += !result.part_price;
        network_result_clear(&result);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(priced > worlds() / 2);
}

/* With little work allowed the plan is still within the capacities, and no bound lies below the
 * optimum. */
static void test_limits(void)
{
    size_t wrong = 0, unproved = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct small_problem small;
        struct small_best best;
        uint32_t chosen[2][SMALL_PEOPLE] = {{0}};
        struct network_result result;
        struct solver_options options = {.work_limit = 1 + (int64_t)(seed % 5)};
        int64_t used[SMALL_PARTS] = {0};
        small_problem_draw(&small, seed);
        const struct problem *problem = &small.problem;
        small_problem_best(problem, &best);
        wrong += network_solve(problem, &options, chosen[0], &result, NULL) != 0;
        unproved += result.status == PLAN_FEASIBLE;
        for (size_t k = 0; k < problem->n_objectives; k++) {
            int64_t sign = stated(problem, k, 1);
            wrong += sign * result.values[k] > sign * result.bounds[k];
            if (sign * result.values[k] != best.gains[k]) {
                wrong += sign * result.bounds[k] < best.gains[k];
                break; /* later bounds hold for plans equal to this one so far */
            }
        }
        for (uint32_t i = 0; i < problem->n_people; i++) {
            if (chosen[0][i] != PROBLEM_NONE)
                used[problem->pairs[chosen[0][i]].part]++;
            else
                wrong += problem->people[i].stay_pair != PROBLEM_NONE;
        }
        for (uint32_t part = 0; part < problem->n_parts; part++)
            wrong += used[part] > problem->parts[part].capacity;
        network_result_clear(&result);
        network_solve(problem, &options, chosen[1], &result, NULL);
        wrong += memcmp(chosen[0], chosen[1], problem->n_people * sizeof(uint32_t)) != 0;
        network_result_clear(&result);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(unproved > worlds() / 60);
}

static void test_plain_bounds(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < worlds(); seed++) {
        struct small_problem small;
        struct small_best best;
        struct network_result result;
        small_problem_draw(&small, seed);
        small_problem_best(&small.problem, &best);
        network_plain_bounds(&small.problem, &result);
        for (size_t k = 0; k < small.problem.n_objectives; k++)
            wrong += stated(&small.problem, k, result.bounds[k]) < best.gains[k];
        network_result_clear(&result);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* -- rounds too large to try everything -- */

enum { LARGE_WORLDS = 40 };

/* The two ways start and pivot differently and must end at the same prices and the same pools. */
static void test_large(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < LARGE_WORLDS; seed++) {
        struct large_problem *large = large_problem_new(seed, LARGE_DRAWN);
        const struct problem *problem = &large->problem;
        uint32_t chosen[2][LARGE_PEOPLE];
        struct network_result results[2];
        size_t size = problem->n_objectives * sizeof(int64_t);
        for (int e = 0; e < 2; e++) {
            wrong += solve(problem, e ? SOLVER_GLPK : SOLVER_AUTO, chosen[e], &results[e]) != 0;
            wrong += results[e].status != PLAN_OPTIMAL;
        }
        for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
            wrong += pool_of(problem, chosen[0][i]) != pool_of(problem, chosen[1][i]);
        wrong += memcmp(results[0].values, results[1].values, sizeof results[0].values) != 0;
        wrong += memcmp(results[0].part_price, results[1].part_price, LARGE_POOLS * size) != 0;
        wrong += memcmp(results[0].person_price, results[1].person_price, LARGE_PEOPLE * size) != 0;
        network_result_clear(&results[0]);
        network_result_clear(&results[1]);
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static const struct check_test tests[] = {
    {"equals_every_assignment", test_brute_force},
    {"price_is_one_more_bed", test_one_more_bed},
    {"limits_keep_plans_and_bounds_true", test_limits},
    {"plain_bounds", test_plain_bounds},
    {"large_rounds", test_large},
};
CHECK_SUITE(suite_network, tests);
