/* test_least.c - least prices from duals of any quality, against those that prices.c finds from
 * nothing. */
#include "solver/least.h"

#include "models/alloc.h"
#include "solver/greedy.h"
#include "solver/prices.h"
#include "tests/check.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 1500, SHAPE_SEEDS = 4, TRIES = 12 };

/* A stage that has been proved. */
struct stage {
    const struct problem *problem;
    struct face face;
    int64_t *gain, *part_price, *person_price;
    uint32_t *chosen;
    int64_t *dual, *found_part, *found_person; /* of a try */
};

static void stage_init(struct stage *stage, const struct problem *problem)
{
    size_t parts = (size_t)problem->n_parts + 1, people = (size_t)problem->n_people + 1;
    *stage = (struct stage){.problem = problem};
    face_init(&stage->face, problem);
    stage->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof(int64_t));
    stage->part_price = alloc_zero(parts, sizeof(int64_t));
    stage->person_price = alloc_zero(people, sizeof(int64_t));
    stage->chosen = alloc_zero(people, sizeof(uint32_t));
    stage->dual = alloc_zero(parts, sizeof(int64_t));
    stage->found_part = alloc_zero(parts, sizeof(int64_t));
    stage->found_person = alloc_zero(people, sizeof(int64_t));
    greedy_start(problem, stage->chosen);
}

static void stage_clear(struct stage *stage)
{
    face_clear(&stage->face);
    free(stage->gain);
    free(stage->part_price);
    free(stage->person_price);
    free(stage->chosen);
    free(stage->dual);
    free(stage->found_part);
    free(stage->found_person);
}

/* The k-th objective on the face of those before. */
static int stage_prove(struct stage *stage, size_t k)
{
    struct budget budget = {0};
    for (uint32_t pair = 0; pair < stage->problem->n_pairs; pair++)
        stage->gain[pair] = problem_gain(stage->problem, pair, k);
    return prices_prove(&stage->face, stage->gain, stage->chosen, INT64_MAX, &budget,
                        stage->part_price, stage->person_price, NULL) == 1;
}

static int try_dual(struct stage *stage)
{
    return least_prices(&stage->face, stage->gain, stage->chosen, stage->dual, stage->found_part,
                        stage->found_person);
}

static int is_least(const struct stage *stage)
{
    const struct problem *problem = stage->problem;
    return memcmp(stage->found_part, stage->part_price, problem->n_parts * sizeof(int64_t)) == 0 &&
           memcmp(stage->found_person, stage->person_price, problem->n_people * sizeof(int64_t)) ==
               0;
}

struct count {
    size_t wrong, proved, refused;
};

/* The least prices prove themselves; others prove nothing or the same. */
static void try_duals(struct stage *stage, uint64_t *state, struct count *count)
{
    uint32_t n = stage->problem->n_parts;
    for (int try = 0; try < TRIES; try++) {
        for (uint32_t p = 0; p < n; p++) {
            /* up rather than down, as far as other optimal prices are apart */
            int64_t by = (int64_t)(check_random(state) % 7) - 1;
            int is_other = try && check_random(state) % (uint64_t)(n / 2 + 1) == 0;
            stage->dual[p] = stage->part_price[p] + (is_other ? by : 0);
        }
        int proved = try_dual(stage);
        count->wrong += (!try && !proved) || (proved && !is_least(stage));
        count->proved += proved && memcmp(stage->dual, stage->part_price, n * sizeof(int64_t)) != 0;
        count->refused += !proved;
    }
}

static void test_any_duals(void)
{
    struct count count = {0};
    uint64_t state = 1;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct stage stage;
        small_problem_draw(&small, seed);
        stage_init(&stage, &small.problem);
        for (size_t k = 0; k < small.problem.n_objectives; k++) {
            count.wrong += !stage_prove(&stage, k);
            try_duals(&stage, &state, &count);
            face_restrict(&stage.face, stage.gain, stage.part_price, stage.person_price);
        }
        stage_clear(&stage);
    }
    CU_ASSERT_EQUAL(count.wrong, 0);
    CU_ASSERT(count.proved > WORLDS);
    CU_ASSERT(count.refused > WORLDS);
}

static void test_shapes(void)
{
    struct count count = {0};
    uint64_t state = 2;
    for (uint64_t seed = 0; seed < SHAPE_SEEDS * LARGE_SHAPES; seed++) {
        struct stage stage;
        struct large_problem *large =
            large_problem_new(seed, (enum large_shape)(seed % LARGE_SHAPES));
        stage_init(&stage, &large->problem);
        for (size_t k = 0; k < large->problem.n_objectives; k++) {
            count.wrong += !stage_prove(&stage, k);
            try_duals(&stage, &state, &count);
            face_restrict(&stage.face, stage.gain, stage.part_price, stage.person_price);
        }
        stage_clear(&stage);
        free(large);
    }
    CU_ASSERT_EQUAL(count.wrong, 0);
    CU_ASSERT(count.proved > SHAPE_SEEDS);
    CU_ASSERT(count.refused > SHAPE_SEEDS);
}

/* No prices prove a plan that is not optimal. */
static void test_worse_plan(void)
{
    size_t wrong = 0, tried = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct stage stage;
        small_problem_draw(&small, seed);
        stage_init(&stage, &small.problem);
        wrong += !stage_prove(&stage, 0);
        memcpy(stage.dual, stage.part_price, small.problem.n_parts * sizeof(int64_t));
        int64_t best = prices_value(&stage.face, stage.gain, stage.chosen);
        for (uint32_t i = 0; i < small.problem.n_people; i++) {
            uint32_t now = stage.chosen[i];
            stage.chosen[i] = small.problem.people[i].stay_pair;
            if (prices_value(&stage.face, stage.gain, stage.chosen) < best) {
                wrong += try_dual(&stage);
                tried++;
            }
            stage.chosen[i] = now;
        }
        stage_clear(&stage);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(tried > WORLDS / 2);
}

/* Prices beyond all sums are refused, not added up. */
static void test_huge_duals(void)
{
    struct large_problem *large = large_problem_new(0, LARGE_MATCHED);
    struct stage stage;
    stage_init(&stage, &large->problem);
    CU_ASSERT(stage_prove(&stage, 0));
    for (uint32_t p = 0; p < large->problem.n_parts; p++)
        stage.dual[p] = p % 2 ? INT64_MAX : INT64_MIN;
    CU_ASSERT_EQUAL(try_dual(&stage), 0);
    stage_clear(&stage);
    free(large);
}

static const struct check_test tests[] = {
    {"any_duals", test_any_duals},
    {"shapes", test_shapes},
    {"worse_plan", test_worse_plan},
    {"huge_duals", test_huge_duals},
};
CHECK_SUITE(suite_least, tests);
