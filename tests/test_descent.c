/* test_descent.c - prices by descent: what they prove is never below the best plan, and in
 * networks, where the best plan and the best bound are the same, it is near it. */
#include "solver/descent.h"

#include "models/alloc.h"
#include "solver/bound.h"
#include "solver/network.h"
#include "tests/check.h"
#include "tests/coupled_world.h"
#include "tests/large_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 6 };

struct ladder { /* objective after objective, each kept at its best value */
    const struct problem *problem;
    struct model *model;
    struct choices choices;
    struct descent *descent;
    struct bound bound;
    unsigned char *alive;
    double *price;
    int64_t *gains[OBJECTIVE_COUNT];
};

static void ladder_init(struct ladder *ladder, const struct problem *problem)
{
    *ladder = (struct ladder){.problem = problem, .model = model_new(problem)};
    choices_init(&ladder->choices, ladder->model);
    ladder->descent = descent_new(&ladder->choices);
    bound_init(&ladder->bound, ladder->model);
    ladder->alive = alloc_zero((size_t)ladder->model->n_columns + 1, 1);
    memset(ladder->alive, 1, ladder->model->n_columns);
    ladder->price =
        alloc_zero((size_t)ladder->model->n_rows + OBJECTIVE_COUNT, sizeof *ladder->price);
}

static void ladder_clear(struct ladder *ladder)
{
    descent_free(ladder->descent);
    bound_clear(&ladder->bound);
    choices_clear(&ladder->choices);
    model_free(ladder->model);
    free(ladder->alive);
    free(ladder->price);
    for (size_t k = 0; k < OBJECTIVE_COUNT; k++)
        free(ladder->gains[k]);
}

/* What the prices prove after so much work (0 = until the descent ends by itself). */
static int64_t bound_of(struct ladder *ladder, size_t k, int64_t work)
{
    struct budget budget = {.work_limit = work};
    int64_t *gain = ladder->gains[k];
    struct choices_prices prices = {ladder->price, gain, ladder->alive};
    descent_run(ladder->descent, gain, ladder->alive, -INFINITY, &budget);
    CU_ASSERT_TRUE(work == 0 || budget.work <= work + 1);
    descent_prices(ladder->descent, ladder->price);
    choices_price_loads(&ladder->choices, ladder->price);
    choices_price_members(&ladder->choices, &prices, ladder->price);
    bound_set(&ladder->bound, ladder->model, ladder->price, gain, ladder->alive);
    return bound_value(&ladder->bound);
}

static int64_t as_most(const struct problem *problem, size_t k, int64_t value)
{
    return words_objective_is_max(problem->objectives[k]) ? value : -value;
}

/* Returns the sum of what the bounds are off, in parts of a thousand of the value. */
static int64_t climb(const struct problem *problem, int64_t work)
{
    struct ladder ladder;
    struct solver_options options = {0};
    struct network_result result;
    int64_t off = 0;
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof *chosen);
    CU_ASSERT_EQUAL_FATAL(network_solve(problem, &options, chosen, &result, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(result.status, PLAN_OPTIMAL);
    ladder_init(&ladder, problem);
    for (size_t k = 0; k < problem->n_objectives; k++) {
        int64_t value = as_most(problem, k, result.values[k]);
        ladder.gains[k] = model_gains(ladder.model, k);
        int64_t most = bound_of(&ladder, k, work);
        CU_ASSERT_TRUE(most >= value);
        off += (most - value) * 1000 / (llabs(value) + 1);
        model_keep(ladder.model, k, ladder.gains[k], value);
        descent_keep(ladder.descent, k, value);
    }
    ladder_clear(&ladder);
    network_result_clear(&result);
    free(chosen);
    return off;
}

/* Prices of such points in fixed point do not fit into 64 bits: a weak bound, not a wrong one. */
static int has_huge_points(uint64_t seed)
{
    return seed % 4 == 3;
}

static void test_near(void)
{
    for (enum large_shape shape = LARGE_DRAWN; shape < LARGE_SHAPES; shape++)
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct large_problem *large = large_problem_new(seed, shape);
            int64_t off = climb(&large->problem, 0);
            CU_ASSERT_TRUE(off <= 1 || has_huge_points(seed));
            free(large);
        }
}

/* Little work makes weak bounds, and the same work the same ones. */
static void test_work(void)
{
    static const int64_t works[] = {1, 2, 50, 300};
    for (size_t w = 0; w < sizeof works / sizeof *works; w++) {
        struct large_problem *large = large_problem_new(w, LARGE_DRAWN);
        CU_ASSERT_EQUAL(climb(&large->problem, works[w]), climb(&large->problem, works[w]));
        free(large);
    }
}

/* Work of a descent that ends below `enough`; *value: what it proves. */
static int64_t work_until(const struct problem *problem, double enough, double *value)
{
    struct ladder ladder;
    struct budget budget = {0};
    ladder_init(&ladder, problem);
    ladder.gains[0] = model_gains(ladder.model, 0);
    descent_run(ladder.descent, ladder.gains[0], ladder.alive, enough, &budget);
    *value = descent_value(ladder.descent);
    ladder_clear(&ladder);
    return budget.work;
}

/* It ends as soon as its prices prove enough, and not before. Returns whether more work proves more
 * than the first look. */
static int end_early(const struct problem *problem)
{
    double best, value, first;
    int64_t all = work_until(problem, -INFINITY, &best);
    CU_ASSERT_EQUAL(work_until(problem, best, &value), all);
    CU_ASSERT_EQUAL(value, best);
    CU_ASSERT_EQUAL(work_until(problem, INFINITY, &first), 1);
    if (!(first > best))
        return 0;
    int64_t part = work_until(problem, (best + first) / 2, &value);
    CU_ASSERT_TRUE(value < (best + first) / 2);
    CU_ASSERT_TRUE(part > 1 && part < all);
    return 1;
}

static void test_enough(void)
{
    int n = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct large_problem *large = large_problem_new(seed, LARGE_DRAWN);
        n += end_early(&large->problem);
        free(large);
    }
    CU_ASSERT_TRUE(n > 0);
}

struct wholes { /* bounds of rounds with staff rows, and those with homes as wholes */
    int all, better, tight, later, later_tight;
};

/* After so much work, where those without wholes have ended. Returns the bound with homes as
 * wholes.
 */
static int64_t whole_of(const struct ladder *ladder, struct descent *whole, size_t k,
                        const unsigned char *alive, int64_t work)
{
    struct budget budget = {.work_limit = work};
    descent_start(whole, ladder->descent);
    descent_run(whole, ladder->gains[k], alive, -INFINITY, &budget);
    bound_wide total = descent_bound(whole, ladder->gains[k], alive);
    return bound_value(&(struct bound){.total = total});
}

/* One objective after the other, as good in those before as the best plan; `whole` knows them. */
static void weigh_stage(struct ladder *ladder, struct descent *whole, size_t k, int64_t best,
                        int64_t work, struct wholes *wholes)
{
    ladder->gains[k] = model_gains(ladder->model, k);
    int64_t plain = bound_of(ladder, k, work);
    int64_t most = whole_of(ladder, whole, k, ladder->alive, work);
    CU_ASSERT_TRUE(most >= best);
    wholes->all += k == 0;
    wholes->better += k == 0 && most < plain;
    wholes->tight += k == 0 && most == best && most < plain;
    wholes->later += k > 0 && most < plain;
    wholes->later_tight += k > 0 && most == best && most < plain;
}

/* Once more when all are known, with little work: what was kept does not change the bound's truth.
 */
static void weigh_again(struct ladder *ladder, struct descent *whole, const int64_t *best)
{
    descent_rewind(ladder->descent);
    descent_rewind(whole);
    for (size_t k = 0; k < ladder->problem->n_objectives; k++) {
        bound_of(ladder, k, 3);
        CU_ASSERT_TRUE(whole_of(ladder, whole, k, ladder->alive, 40) >= best[k]);
        descent_keep(ladder->descent, k, best[k]);
        descent_keep(whole, k, best[k]);
    }
}

/* Nobody but who is in the best plan has a column, too: that must not make the bound wrong. */
static void weigh_round(const struct problem *problem, const struct coupled_fool *fool,
                        int64_t work, struct wholes *wholes)
{
    struct ladder ladder;
    int64_t best[OBJECTIVE_COUNT] = {0};
    ladder_init(&ladder, problem);
    struct descent *whole = descent_new_whole(&ladder.choices);
    for (size_t k = 0; k < problem->n_objectives; k++) {
        for (uint32_t i = 0; i < problem->n_people; i++)
            best[k] += fool->best[i] == PROBLEM_NONE ? 0 : problem_gain(problem, fool->best[i], k);
        weigh_stage(&ladder, whole, k, best[k], work, wholes);
        descent_keep(ladder.descent, k, best[k]);
        descent_keep(whole, k, best[k]);
    }
    for (uint32_t j = 0; j < ladder.model->n_pair_columns; j++) {
        uint32_t pair = ladder.model->columns[j].a;
        ladder.alive[j] =
            fool->best[problem->pairs[pair].person] == pair || problem_is_stay(problem, pair);
    }
    weigh_again(&ladder, whole, best);
    descent_free(whole);
    ladder_clear(&ladder);
}

/* Homes that take whole people: never below the best plan, better than fractions now and then, and
 * now and then just right. */
static void test_whole(void)
{
    struct wholes wholes = {0};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        coupled_fool_run(&fool, problem);
        if (problem->n_staff)
            weigh_round(problem, &fool, seed % 3 ? 0 : 1 + (int64_t)(seed % 30), &wholes);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(wholes.all > 700);
    CU_ASSERT_TRUE(wholes.better > 20);
    CU_ASSERT_TRUE(wholes.tight > 8);
    CU_ASSERT_TRUE(wholes.later > 20);
    CU_ASSERT_TRUE(wholes.later_tight > 8);
}

static const struct check_test tests[] = {
    {"near", test_near}, {"work", test_work}, {"enough", test_enough}, {"whole", test_whole}};
CHECK_SUITE(suite_descent, tests);
