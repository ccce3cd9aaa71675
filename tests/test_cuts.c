/* test_cuts.c - rows that are added to a model hold for every plan of a small drawn round, tried
 * one by one, and leave out the point they were sought for. */
#include "solver/cuts.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 400, POINTS = 6 };

struct tried { /* every plan of a round against a model with cuts */
    const struct problem *problem;
    const struct model *plain, *cut; /* the same model without and with them */
    uint32_t chosen[RANDOM_PEOPLE];
    int64_t *x;
    int64_t *most;   /* per cut: what a plan takes of it */
    long n, n_wrong; /* plans; those that only the cuts refuse */
};

static int64_t taken(const struct model_cut *cut, const int64_t *x)
{
    int64_t sum = 0;
    for (size_t e = 0; e < cut->n; e++)
        sum += cut->entries[e].value * x[cut->entries[e].row];
    return sum;
}

static void judge(struct tried *tried, const struct cuts *cuts)
{
    if (model_complete(tried->plain, tried->chosen, tried->x) != 0)
        return;
    for (size_t c = 0; c < cuts->n; c++) {
        int64_t sum = taken(&cuts->items[c], tried->x);
        tried->most[c] = sum > tried->most[c] ? sum : tried->most[c];
    }
    tried->n++;
    tried->n_wrong += model_complete(tried->cut, tried->chosen, tried->x) != 0;
}

static void try_all(struct tried *tried, const struct cuts *cuts, uint32_t person)
{
    if (person == tried->problem->n_people) {
        judge(tried, cuts);
        return;
    }
    const struct problem_person *at = &tried->problem->people[person];
    for (uint32_t i = 0; i < at->n_pairs; i++) {
        tried->chosen[person] = at->first_pair + i;
        try_all(tried, cuts, person + 1);
    }
    tried->chosen[person] = PROBLEM_NONE;
    if (at->stay_pair == PROBLEM_NONE)
        try_all(tried, cuts, person + 1);
}

/* Quarters; who is counted by a load column is counted. */
static void draw_point(const struct model *model, uint64_t *state, double *x)
{
    for (uint32_t j = 0; j < model->n_columns; j++)
        x[j] = (double)model->columns[j].upper * (double)random_below(state, 5) / 4;
}

static double beyond(const struct model_cut *cut, const struct model *model, const double *x)
{
    double sum = -(double)cut->upper;
    for (size_t e = 0; e < cut->n; e++) {
        uint32_t column = cut->entries[e].row;
        double value = x[column];
        if (model->columns[column].kind == MODEL_COLUMN_LOAD) {
            value = 0;
            for (uint32_t j = 0; j < model->n_pair_columns; j++)
                for (size_t k = model->first[j]; k < model->first[j + 1]; k++)
                    if (model->rows[model->entries[k].row].kind == MODEL_ROW_LOAD &&
                        model->entries[k].row == model->entries[model->first[column] + 1].row)
                        value += x[j];
        }
        sum += (double)cut->entries[e].value * value;
    }
    return sum;
}

struct counts {
    long cuts, tight, plans;
};

static void on_point(const struct problem *problem, uint64_t *state, struct counts *counts)
{
    struct model *plain = model_new(problem), *cut = model_new(problem);
    struct tried tried = {.problem = problem, .plain = plain, .cut = cut};
    struct cuts cuts;
    double *x = alloc_zero(plain->n_columns, sizeof *x);
    tried.x = alloc_zero(plain->n_columns, sizeof *tried.x);
    draw_point(plain, state, x);
    cuts_find(plain, x, model_cuts_room(plain), &cuts);
    tried.most = alloc_zero(cuts.n + 1, sizeof *tried.most);
    for (size_t c = 0; c < cuts.n; c++) {
        tried.most[c] = INT64_MIN;
        CU_ASSERT(beyond(&cuts.items[c], plain, x) > 0);
    }
    model_cuts_add(cut, cuts.items, cuts.n);
    CU_ASSERT_EQUAL(cut->n_rows, plain->n_rows + cuts.n);
    if (cuts.n)
        try_all(&tried, &cuts, 0);
    CU_ASSERT_EQUAL(tried.n_wrong, 0);
    for (size_t c = 0; c < cuts.n; c++) {
        CU_ASSERT(tried.most[c] <= cuts.items[c].upper);
        counts->tight += tried.most[c] == cuts.items[c].upper;
    }
    counts->cuts += (long)cuts.n;
    counts->plans += tried.n;
    cuts_clear(&cuts);
    free(x);
    free(tried.x);
    free(tried.most);
    model_free(plain);
    model_free(cut);
}

/* Many are as strict as can be: with a limit less by 1 some plan would refute them. */
static void test_no_plan_is_lost(void)
{
    struct counts counts = {0};
    uint64_t state = 1;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct drawn_round round;
        struct alm_error err;
        if (drawn_round_init(&round, seed, RANDOM_COUPLED) != 0)
            continue;
        err_init(&err);
        struct problem *problem = problem_new(round.region, round.policy, round.world.now, &err);
        for (int p = 0; problem && p < POINTS; p++)
            on_point(problem, &state, &counts);
        problem_free(problem);
        err_clear(&err);
        drawn_round_clear(&round);
    }
    CU_ASSERT(counts.cuts > 300);
    CU_ASSERT(counts.tight * 4 > counts.cuts);
    CU_ASSERT(counts.plans > 3000);
}

static const struct check_test tests[] = {{"no_plan_is_lost", test_no_plan_is_lost}};
CHECK_SUITE(suite_cuts, tests);
