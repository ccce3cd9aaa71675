/* test_confirm.c - GLPK's second opinion: yes to what is optimal, no to what is not, whatever
 * prices it begins with. */
#include "solver/confirm.h"

#include "solver/network.h"
#include "tests/check.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 1500, SEEDS = 12 };

/* All objectives, from the prices of the proof: no step is needed. */
static void test_agrees(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        for (enum large_shape shape = LARGE_DRAWN; shape < LARGE_SHAPES; shape++) {
            struct large_problem *large = large_problem_new(seed, shape);
            struct solver_options options = {0};
            struct network_result result;
            struct budget budget = {0};
            uint32_t chosen[LARGE_PEOPLE];
            wrong += network_solve(&large->problem, &options, chosen, &result, NULL) != 0;
            wrong += result.is_confirmed;
            wrong += !confirm_plan(&large->problem, chosen, result.part_price, result.person_price,
                                   &budget);
            wrong += budget.work != 0;
            network_result_clear(&result);
            free(large);
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

static int64_t value_of(const struct problem *problem, const uint32_t *chosen)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        value += chosen[i] == PROBLEM_NONE ? 0 : problem_gain(problem, chosen[i], 0);
    return value;
}

/* Everybody in turn takes the first part with room, or none: a plan, and seldom a good one. */
static void choose_anyhow(const struct problem *problem, uint64_t *state, uint32_t *chosen)
{
    int64_t used[SMALL_PARTS] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++) {
        chosen[i] = problem->people[i].stay_pair;
        if (chosen[i] != PROBLEM_NONE)
            used[problem->pairs[chosen[i]].part]++;
    }
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        for (uint32_t pair = person->first_pair; pair < person->first_pair + person->n_pairs;
             pair++) {
            uint32_t part = problem->pairs[pair].part;
            if (chosen[i] != PROBLEM_NONE || used[part] >= problem->parts[part].capacity ||
                check_random(state) % 3 == 0)
                continue;
            chosen[i] = pair;
            used[part]++;
        }
    }
}

/* One objective, no prices to begin with: GLPK finds its own, and says yes to the best plans alone.
 */
static void test_any_plan(void)
{
    size_t wrong = 0, best_plans = 0, steps = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct small_best best;
        struct budget budget = {0};
        const int64_t part_price[SMALL_PARTS] = {0}, person_price[SMALL_PEOPLE] = {0};
        uint32_t chosen[SMALL_PEOPLE];
        uint64_t state = seed;
        small_problem_draw(&small, seed);
        small.problem.n_objectives = 1;
        small_problem_best(&small.problem, &best);
        choose_anyhow(&small.problem, &state, chosen);
        int is_best = value_of(&small.problem, chosen) == best.gains[0];
        wrong += confirm_plan(&small.problem, chosen, part_price, person_price, &budget) != is_best;
        best_plans += (size_t)is_best;
        steps += (size_t)budget.work;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(best_plans > WORLDS / 8 && best_plans < WORLDS - WORLDS / 8);
    CU_ASSERT(steps > WORLDS / 8);
}

/* Right prices do not make a wrong plan right. */
static void test_right_prices(void)
{
    size_t wrong = 0, tried = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct large_problem *large = large_problem_new(seed, LARGE_DRAWN);
        struct solver_options options = {0};
        struct network_result result;
        struct budget budget = {0};
        uint32_t chosen[LARGE_PEOPLE];
        wrong += network_solve(&large->problem, &options, chosen, &result, NULL) != 0;
        for (uint32_t i = 0; i < LARGE_PEOPLE; i++) {
            uint32_t now = chosen[i];
            if (now == PROBLEM_NONE || large->people[i].stay_pair != PROBLEM_NONE)
                continue;
            chosen[i] = PROBLEM_NONE; /* a bed wasted: fewer are placed */
            wrong += confirm_plan(&large->problem, chosen, result.part_price, result.person_price,
                                  &budget);
            chosen[i] = now;
            tried++;
        }
        network_result_clear(&result);
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(tried > SEEDS * 20);
}

static void test_spent_budget(void)
{
    struct large_problem *large = large_problem_new(0, LARGE_DRAWN);
    struct solver_options options = {0};
    struct network_result result;
    struct budget spent = {.work_limit = 1, .work = 1};
    uint32_t chosen[LARGE_PEOPLE];
    CU_ASSERT_EQUAL(network_solve(&large->problem, &options, chosen, &result, NULL), 0);
    CU_ASSERT_EQUAL(
        confirm_plan(&large->problem, chosen, result.part_price, result.person_price, &spent), 0);
    network_result_clear(&result);
    free(large);
}

static const struct check_test tests[] = {
    {"agrees", test_agrees},
    {"any_plan", test_any_plan},
    {"right_prices", test_right_prices},
    {"spent_budget", test_spent_budget},
};
CHECK_SUITE(suite_confirm, tests);
