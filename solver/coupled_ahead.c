/* coupled_ahead.c - see coupled_ahead.h. */
#include "solver/coupled_ahead.h"

#include "models/alloc.h"
#include "solver/coupled_relax.h"

#include <stdlib.h>

/* A later objective counts at most FIRST for a person, the next FALL times less. LONG: a relaxation
 * that takes more iterations (beside one for every second row) goes round in circles. */
enum { FIRST = 1024, FALL = 8, LONG = 300 };

static int64_t greatest_gain(const struct model *model, size_t k)
{
    int64_t most = 1;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        int64_t value = llabs(problem_gain(model->problem, model->columns[j].a, k));
        most = value > most ? value : most;
    }
    return most;
}

/* Where no objective asks for the distance it counts after all others, so that the relaxation of
 * the last one is not left with countless optima either. */
static int counts_metres(const struct problem *problem)
{
    size_t k = 0;
    while (k < problem->n_objectives && problem->objectives[k] != OBJECTIVE_TRAVEL)
        k++;
    return k == problem->n_objectives;
}

static void add_metres(const struct model *model, int64_t size, int64_t *gain)
{
    int64_t most = 1;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        int64_t metres = model->problem->pairs[model->columns[j].a].metres;
        most = metres > most ? metres : most;
    }
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        gain[j] -= model->problem->pairs[model->columns[j].a].metres * size / most;
}

/* 0 = the numbers would be too great. */
static int set_unit(const struct coupled_run *run, struct coupled_ahead *ahead)
{
    int64_t most = greatest_gain(run->model, run->stage);
    ahead->margin = 2 * FIRST * ((int64_t)run->problem->n_people + 1);
    ahead->unit = 2 * ahead->margin;
    return most < INT64_MAX / ahead->unit / (run->problem->n_people + 1);
}

static void set_gains(const struct coupled_run *run, struct coupled_ahead *ahead)
{
    const struct model *model = run->model;
    int64_t size = FIRST;
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        ahead->gain[j] = run->gain[j] * ahead->unit;
    for (size_t k = run->stage + 1; k < run->problem->n_objectives && size; k++) {
        int64_t most = greatest_gain(model, k);
        for (uint32_t j = 0; j < model->n_pair_columns; j++) {
            double part = (double)problem_gain(run->problem, model->columns[j].a, k) / (double)most;
            ahead->gain[j] += (int64_t)(part * (double)size);
        }
        size /= FALL;
    }
    if (counts_metres(run->problem))
        add_metres(model, size, ahead->gain);
}

/* What the stage before was best at together with the later objectives is, now that a row keeps its
 * value, nearly best for the later ones: the dual simplex has that row to mend. */
static void follow(struct coupled_run *run)
{
    int whole;
    if (!run->ahead)
        return;
    glpk_mip_objective(run->mip, run->ahead->gain);
    if (glpk_mip_return(run->mip))
        glpk_mip_relax(run->mip, LONG + 2 * (int)run->model->n_rows, &run->budget, run->duals,
                       run->x, &whole);
}

void coupled_ahead_begin(struct coupled_run *run)
{
    size_t size = ((size_t)run->model->n_columns + 1) * sizeof(int64_t);
    struct coupled_ahead *ahead = alloc_zero(1, sizeof *ahead + size);
    follow(run);
    free(run->ahead);
    run->ahead = NULL;
    int has_later = !coupled_run_is_last(run) || counts_metres(run->problem);
    if (run->is_reference || !has_later || !set_unit(run, ahead)) {
        free(ahead);
        return;
    }
    set_gains(run, ahead);
    run->ahead = ahead;
}

void coupled_ahead_relax(struct coupled_run *run, int most)
{
    struct coupled_stage other = {.most = INT64_MAX};
    const int64_t *gain = run->gain;
    int uses_cuts = run->uses_cuts;
    if (!run->ahead || (uses_cuts && !run->ahead->is_near))
        return;
    run->ahead->is_near = 1;
    run->uses_cuts = 1; /* its bounds are of another objective */
    run->gain = run->ahead->gain;
    if (!uses_cuts)
        glpk_mip_objective(run->mip, run->gain);
    if (coupled_relax_again(run, &other, most) == GLPK_DONE && !uses_cuts)
        glpk_mip_mark(run->mip);
    run->uses_cuts = uses_cuts;
    run->gain = gain;
    glpk_mip_objective(run->mip, gain);
}

void coupled_ahead_cut(struct coupled_run *run)
{
    if (run->ahead && run->ahead->is_near)
        glpk_mip_objective(run->mip, run->ahead->gain);
}
