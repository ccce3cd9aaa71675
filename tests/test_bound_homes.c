/* test_bound_homes.c - at any prices no plan of a small drawn round is better than a bound that
 * counts whole people in homes with a staff row. */
#include "solver/bound_homes.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/coupled_world.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 600, PRICES = 4 };

struct counts {
    int all, better, tight;
};

/* Prices of the rows that people share, none of them below 0. */
static void draw_prices(const struct model *model, uint64_t seed, double *price)
{
    for (uint32_t i = 0; i < model->n_rows; i++) {
        enum model_row_kind kind = model->rows[i].kind;
        int is_own = kind == MODEL_ROW_PART || kind == MODEL_ROW_STAFF || kind == MODEL_ROW_LOAD;
        price[i] = is_own ? (double)check_roll(&seed, UINT64_C(1) << 31) / 0x1p31 * 200 : 0;
    }
}

static void weigh(const struct problem *problem, int64_t best, uint64_t seed, struct counts *counts)
{
    struct model *model = model_new(problem);
    struct bound bound;
    bound_init(&bound, model);
    int64_t *gain = model_gains(model, 0);
    double *price = alloc_zero((size_t)model->n_rows + 1, sizeof *price);
    unsigned char *alive = alloc_zero((size_t)model->n_columns + 1, 1);
    memset(alive, 1, model->n_columns);
    for (uint64_t n = 0; n < PRICES; n++) {
        draw_prices(model, seed * PRICES + n, price);
        bound_set(&bound, model, price, gain, alive);
        bound_wide excess = bound_homes_excess(&bound, model, alive);
        CU_ASSERT_TRUE(excess >= 0);
        bound.total -= excess;
        CU_ASSERT_TRUE(bound_value(&bound) >= best);
        counts->all++;
        counts->better += excess > 0;
        counts->tight += excess > 0 && bound_value(&bound) == best;
    }
    free(price);
    free(alive);
    free(gain);
    bound_clear(&bound);
    model_free(model);
}

static void test_is_bound(void)
{
    struct counts counts = {0};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        coupled_fool_run(&fool, problem);
        int64_t best = 0;
        for (uint32_t i = 0; i < problem->n_people; i++)
            best += fool.best[i] == PROBLEM_NONE ? 0 : problem_gain(problem, fool.best[i], 0);
        weigh(problem, best, seed, &counts);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(counts.better * 4 > counts.all);
    CU_ASSERT_TRUE(counts.tight > 20);
}

static const struct check_test tests[] = {{"is_bound", test_is_bound}};
CHECK_SUITE(suite_bound_homes, tests);
