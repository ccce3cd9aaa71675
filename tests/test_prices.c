/* test_prices.c - one stage alone: from any assignment to the optimum, prices that prove it, and a
 * check that says no when a price is wrong. */
#include "solver/prices.h"

#include "solver/simplex.h"
#include "tests/check.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 2000 };

struct stage {
    struct small_problem small;
    struct face face;
    int64_t gain[SMALL_PAIRS];
    uint32_t chosen[SMALL_PEOPLE];
    int64_t part_price[SMALL_PARTS], person_price[SMALL_PEOPLE];
    int64_t best;
};

/* Everybody in turn takes any free bed, or none: no good plan, but a possible one. */
static void choose_anyhow(struct stage *stage, uint64_t *state)
{
    const struct problem *problem = &stage->small.problem;
    int64_t used[SMALL_PARTS] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++) {
        stage->chosen[i] = problem->people[i].stay_pair;
        if (stage->chosen[i] != PROBLEM_NONE)
            used[problem->pairs[stage->chosen[i]].part]++;
    }
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        if (!person->n_pairs || check_random(state) % 3 == 0)
            continue;
        uint32_t pair = person->first_pair + (uint32_t)(check_random(state) % person->n_pairs);
        uint32_t part = problem->pairs[pair].part;
        if (used[part] == problem->parts[part].capacity)
            continue;
        if (stage->chosen[i] != PROBLEM_NONE)
            used[problem->pairs[stage->chosen[i]].part]--;
        stage->chosen[i] = pair;
        used[part]++;
    }
}

static void stage_init(struct stage *stage, uint64_t seed)
{
    uint64_t state = seed + 1000000;
    struct small_best best;
    small_problem_draw(&stage->small, seed);
    struct problem *problem = &stage->small.problem;
    problem->n_objectives = 1;
    small_problem_best(problem, &best);
    stage->best = best.gains[0];
    face_init(&stage->face, problem);
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        stage->gain[pair] = problem_gain(problem, pair, 0);
    choose_anyhow(stage, &state);
}

static int prove(struct stage *stage, int64_t most, struct budget *budget)
{
    return prices_prove(&stage->face, stage->gain, stage->chosen, most, budget, stage->part_price,
                        stage->person_price, NULL);
}

/* Duality, said once more: prices cover every gain, and add up to the value. */
static int holds(const struct stage *stage)
{
    const struct problem *problem = &stage->small.problem;
    int64_t value = prices_value(&stage->face, stage->gain, stage->chosen), sum = 0;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        const struct problem_pair *at = &problem->pairs[pair];
        if (stage->part_price[at->part] + stage->person_price[at->person] < stage->gain[pair])
            return 0;
    }
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        if (stage->part_price[part] < 0)
            return 0;
        sum += stage->part_price[part] * problem->parts[part].capacity;
    }
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (problem->people[i].stay_pair == PROBLEM_NONE && stage->person_price[i] < 0)
            return 0;
        sum += stage->person_price[i];
    }
    return sum == value;
}

static void test_any_start(void)
{
    size_t wrong = 0, improved = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct stage stage;
        struct budget budget = {0};
        stage_init(&stage, seed);
        int64_t before = prices_value(&stage.face, stage.gain, stage.chosen);
        wrong += prove(&stage, INT64_MAX, &budget) != 1 || !holds(&stage);
        wrong += prices_value(&stage.face, stage.gain, stage.chosen) != stage.best;
        wrong += prices_bound(&stage.face, stage.gain, stage.part_price) != stage.best;
        wrong += (before < stage.best) != (budget.work > 0);
        improved += before < stage.best;
        face_clear(&stage.face);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(improved > WORLDS / 4);
}

/* The check above can fail: one price more or less breaks it, unless nobody uses that part. */
static void test_wrong_price(void)
{
    size_t noticed = 0, tried = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct stage stage;
        struct budget budget = {0};
        stage_init(&stage, seed);
        prove(&stage, INT64_MAX, &budget);
        for (uint32_t part = 0; part < stage.small.problem.n_parts; part++) {
            if (stage.small.parts[part].capacity == 0)
                continue;
            stage.part_price[part]++;
            noticed += !holds(&stage);
            stage.part_price[part]--;
            tried++;
        }
        face_clear(&stage.face);
    }
    CU_ASSERT_EQUAL(noticed, tried);
    CU_ASSERT(tried > 300);
}

/* GLPK alone finds what the prices prove without another step. */
static void test_glpk_agrees(void)
{
    size_t wrong = 0, steps = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct stage stage;
        struct budget free_run = {0}, none = {0};
        int64_t duals[SMALL_PARTS];
        stage_init(&stage, seed);
        wrong += !simplex_stage(&stage.face, stage.gain, &free_run, stage.chosen, duals);
        wrong += prices_value(&stage.face, stage.gain, stage.chosen) != stage.best;
        wrong += prices_bound(&stage.face, stage.gain, duals) != stage.best;
        wrong += prove(&stage, INT64_MAX, &none) != 1 || none.work != 0;
        steps += (size_t)free_run.work;
        face_clear(&stage.face);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(steps > WORLDS / 4);
}

static void test_spent_budget(void)
{
    size_t stopped = 0, wrong = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct stage stage;
        struct budget budget = {.work_limit = 1}, none = {0};
        stage_init(&stage, seed);
        int64_t before = prices_value(&stage.face, stage.gain, stage.chosen);
        int proved = prove(&stage, INT64_MAX, &budget);
        int64_t after = prices_value(&stage.face, stage.gain, stage.chosen);
        stopped += proved == 0;
        wrong += proved == 0 && after <= before;
        wrong += prices_bound(&stage.face, stage.gain, NULL) < stage.best;
        wrong += prove(&stage, 1, &none) == 1 && none.work > 0;
        face_clear(&stage.face);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(stopped > WORLDS / 8);
}

/* A face on which a part must be full for no reason is an error, not an endless search. */
static void test_contradiction(void)
{
    struct stage stage;
    struct budget budget = {0};
    struct alm_error err;
    err_init(&err);
    stage_init(&stage, 1);
    for (uint32_t i = 0; i < stage.small.problem.n_people; i++)
        stage.face.must_place[i] = 1;
    memset(stage.face.must_fill, 1, stage.small.problem.n_parts);
    memset(stage.face.first, 0, (stage.small.problem.n_people + 1) * sizeof(uint32_t));
    for (uint32_t i = 0; i < stage.small.problem.n_people; i++)
        stage.chosen[i] = PROBLEM_NONE;
    CU_ASSERT_EQUAL(prices_prove(&stage.face, stage.gain, stage.chosen, 9, &budget,
                                 stage.part_price, stage.person_price, &err),
                    -1);
    CU_ASSERT_EQUAL(err.code, ERR_INTERNAL);
    err_clear(&err);
    face_clear(&stage.face);
}

static const struct check_test tests[] = {
    {"from_any_start", test_any_start},    {"wrong_price_is_noticed", test_wrong_price},
    {"glpk_agrees", test_glpk_agrees},     {"spent_budget", test_spent_budget},
    {"contradiction", test_contradiction},
};
CHECK_SUITE(suite_prices, tests);
