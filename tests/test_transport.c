/* test_transport.c - shortest paths with and without samples: at each stage an optimal assignment,
 * as the prices say, and the same prices as without them. */
#include "solver/transport.h"

#include "models/alloc.h"
#include "solver/greedy.h"
#include "solver/least.h"
#include "solver/prices.h"
#include "tests/check.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_WORLDS = 2000, LARGE_WORLDS = 24 };

/* One way of going through the stages. */
struct walk {
    struct face face;
    int64_t *gain, *part_price, *person_price, *dual;
    uint32_t *chosen;
    int64_t repairs; /* improvements that the proofs still found */
};

static void walk_init(struct walk *walk, const struct problem *problem)
{
    *walk = (struct walk){0};
    face_init(&walk->face, problem);
    walk->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof(int64_t));
    walk->part_price = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    walk->person_price = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    walk->dual = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    walk->chosen = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    greedy_start(problem, walk->chosen);
}

static void walk_clear(struct walk *walk)
{
    face_clear(&walk->face);
    free(walk->gain);
    free(walk->part_price);
    free(walk->person_price);
    free(walk->dual);
    free(walk->chosen);
}

static int walk_prove(struct walk *walk)
{
    struct budget budget = {0};
    int proved = prices_prove(&walk->face, walk->gain, walk->chosen, INT64_MAX, &budget,
                              walk->part_price, walk->person_price, NULL);
    walk->repairs += budget.work;
    return proved == 1;
}

static void walk_load(struct walk *walk, size_t k)
{
    for (uint32_t pair = 0; pair < walk->face.problem->n_pairs; pair++)
        walk->gain[pair] = problem_gain(walk->face.problem, pair, k);
}

/* Both walks through one stage; how many things differ. */
static size_t compare_stage(struct walk *with, struct walk *without, size_t k, uint32_t sample)
{
    const struct problem *problem = with->face.problem;
    struct budget budget = {0};
    walk_load(with, k);
    walk_load(without, k);
    size_t wrong =
        !transport_solve(&with->face, with->gain, sample, &budget, with->chosen, with->dual);
    wrong += !least_prices(&with->face, with->gain, with->chosen, with->dual, with->part_price,
                           with->person_price);
    wrong += !walk_prove(with) || with->repairs > 0;
    wrong += !walk_prove(without);
    wrong += memcmp(with->part_price, without->part_price, problem->n_parts * sizeof(int64_t)) != 0;
    wrong +=
        memcmp(with->person_price, without->person_price, problem->n_people * sizeof(int64_t)) != 0;
    wrong += prices_value(&with->face, with->gain, with->chosen) !=
             prices_value(&without->face, without->gain, without->chosen);
    face_restrict(&with->face, with->gain, with->part_price, with->person_price);
    face_restrict(&without->face, without->gain, without->part_price, without->person_price);
    return wrong;
}

static size_t compare(const struct problem *problem, uint32_t sample, size_t *repaired)
{
    struct walk with, without;
    size_t wrong = 0;
    walk_init(&with, problem);
    walk_init(&without, problem);
    for (size_t k = 0; k < problem->n_objectives; k++)
        wrong += compare_stage(&with, &without, k, sample);
    *repaired += without.repairs > 0;
    walk_clear(&with);
    walk_clear(&without);
    return wrong;
}

static void test_small(void)
{
    size_t wrong = 0, repaired = 0;
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        small_problem_draw(&small, seed);
        wrong += compare(&small.problem, (uint32_t)(seed % 3), &repaired);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(repaired > SMALL_WORLDS / 20); /* there was something to find */
}

static void test_shapes(void)
{
    size_t wrong = 0, repaired = 0;
    for (uint64_t seed = 0; seed < LARGE_WORLDS; seed++) {
        struct large_problem *large =
            large_problem_new(seed, (enum large_shape)(seed % LARGE_SHAPES));
        wrong += compare(&large->problem, 0, &repaired);
        wrong += compare(&large->problem, 20, &repaired);
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(repaired > LARGE_WORLDS / 2);
}

/* A budget that ends first leaves the assignment as it was. */
static void test_spent(void)
{
    size_t wrong = 0, stopped = 0;
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        struct walk walk;
        struct budget budget = {.work_limit = 1};
        uint32_t before[SMALL_PEOPLE];
        small_problem_draw(&small, seed);
        walk_init(&walk, &small.problem);
        walk_load(&walk, 0);
        memcpy(before, walk.chosen, small.problem.n_people * sizeof(uint32_t));
        int solved = transport_solve(&walk.face, walk.gain, 0, &budget, walk.chosen, walk.dual);
        stopped += !solved;
        wrong +=
            !solved && memcmp(before, walk.chosen, small.problem.n_people * sizeof(uint32_t)) != 0;
        walk_clear(&walk);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(stopped > SMALL_WORLDS / 20);
}

static const struct check_test tests[] = {
    {"optimal_at_each_stage", test_small},
    {"hostile_shapes", test_shapes},
    {"spent_budget", test_spent},
};
CHECK_SUITE(suite_transport, tests);
