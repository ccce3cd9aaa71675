/* test_descent_polish.c - at any prices of small drawn rounds with coupled rows, polishing the
 * prices of one kind of row never makes the bound higher. */
#include "solver/descent_inside.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/coupled_world.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 2000, PRICES = 4, WORK = 60 };

struct counts {
    int all, better[3], far;
};

/* Those of the descent, or drawn ones: none below 0, and each the same for the same seed. */
static void set_prices(const struct descent *descent, uint64_t seed, double *price)
{
    memcpy(price, descent->best, descent->n_rows * sizeof *price);
    if (seed % PRICES == 0)
        return;
    for (uint32_t i = 0; i < descent->n_rows; i++)
        price[i] = (double)check_roll(&seed, UINT64_C(1) << 31) / 0x1p31 * 200;
}

static double value_at(struct descent_look *look, const double *price)
{
    descent_look_at(look, price, 1e-3);
    return look->value;
}

/* A row that need not be full has no price below 0. */
static void lift(const struct descent *descent, double *price)
{
    for (uint32_t i = 0; i < descent->n_rows; i++)
        if (!descent->is_free[i] && price[i] < 0)
            price[i] = 0;
}

/* Losses are floats, and a price made from one is off by that much of what prices and gains it was
 * made of: of all prices there are, once per bed, and of all gains. A bound near 0 says nothing of
 * it, for it is what is left of both. */
static double rounding(const struct descent *descent, const double *price)
{
    double all = 1;
    for (uint32_t i = 0; i < descent->n_rows; i++)
        all += fabs(price[i]) * (1 + fabs(descent->limit[i]));
    for (uint32_t k = 0; k < descent->n_items; k++)
        all += fabs((double)descent->gain[k]);
    return FLT_EPSILON * all;
}

static void polish_all(const struct descent *descent, uint64_t seed, struct counts *counts)
{
    static const enum model_row_kind kinds[] = {MODEL_ROW_PART, MODEL_ROW_WOMEN, MODEL_ROW_MEN};
    struct descent_look look;
    double *price = alloc_zero((size_t)descent->n_rows + OBJECTIVE_COUNT, sizeof *price);
    descent_look_init(&look, descent);
    set_prices(descent, seed, price);
    double first = value_at(&look, price), before = first;
    for (size_t k = 0; k < 3; k++) {
        double most = before + rounding(descent, price);
        descent_polish(&look, kinds[k], price);
        lift(descent, price);
        double after = value_at(&look, price);
        CU_ASSERT_TRUE(after <= most);
        counts->better[k] += after < before - 1;
        before = after;
    }
    counts->all++;
    counts->far += before < first * 0.9;
    descent_look_clear(&look);
    free(price);
}

static void polish_world(const struct problem *problem, uint64_t seed, struct counts *counts)
{
    struct model *model = model_new(problem);
    struct choices choices;
    choices_init(&choices, model);
    int64_t *gain = model_gains(model, 0);
    unsigned char *alive = alloc_zero((size_t)model->n_columns + 1, 1);
    memset(alive, 1, model->n_columns);
    struct descent *kinds[] = {descent_new(&choices), descent_new_whole(&choices)};
    for (size_t k = 0; k < 2; k++) {
        struct budget budget = {.work_limit = WORK};
        if (k == 1)
            descent_start(kinds[1], kinds[0]);
        descent_run(kinds[k], gain, alive, -INFINITY, &budget);
        for (uint64_t n = 0; n < PRICES; n++)
            polish_all(kinds[k], seed * PRICES + n, counts);
    }
    descent_free(kinds[0]);
    descent_free(kinds[1]);
    free(alive);
    free(gain);
    choices_clear(&choices);
    model_free(model);
}

static void test_is_no_higher(void)
{
    struct counts counts = {0};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct coupled_world world;
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        polish_world(problem, seed, &counts);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(counts.better[0] * 2 > counts.all);
    CU_ASSERT_TRUE(counts.better[1] > 50 && counts.better[2] > 50);
    CU_ASSERT_TRUE(counts.far * 5 > counts.all);
}

static const struct check_test tests[] = {{"is_no_higher", test_is_no_higher}};
CHECK_SUITE(suite_descent_polish, tests);
