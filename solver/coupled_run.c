/* coupled_run.c - see coupled_run.h. */
#include "solver/coupled_run.h"

#include "models/alloc.h"
#include "solver/bound_homes.h"

#include <stdlib.h>
#include <string.h>

/* -- the run -- */

void coupled_run_init(struct coupled_run *run, const struct problem *problem,
                      const struct solver_options *options)
{
    *run = (struct coupled_run){.problem = problem,
                                .model = model_new(problem),
                                .is_reference = options->engine == SOLVER_GLPK};
    uint32_t n_columns = run->model->n_columns;
    run->mip = glpk_mip_new(run->model);
    bound_init(&run->bound, run->model);
    bound_init(&run->plain, run->model);
    run->alive = alloc_zero(n_columns, 1);
    run->reached = alloc_zero(n_columns, 1);
    run->allowed = alloc_zero(n_columns, 1);
    memset(run->alive, 1, n_columns);
    memset(run->reached, 1, n_columns);
    run->best = alloc_zero(problem->n_people, sizeof *run->best);
    run->found = alloc_zero(problem->n_people, sizeof *run->found);
    run->best_x = alloc_zero(n_columns, sizeof *run->best_x);
    run->x = alloc_zero(n_columns, sizeof *run->x);
    run->duals = alloc_zero(run->model->most_rows, sizeof *run->duals);
    budget_init(&run->budget, options);
}

void coupled_run_clear(struct coupled_run *run)
{
    free(run->ahead);
    for (size_t k = 0; k < OBJECTIVE_COUNT; k++)
        free(run->gains[k]);
    free(run->alive);
    free(run->reached);
    free(run->allowed);
    free(run->best);
    free(run->found);
    free(run->best_x);
    free(run->x);
    free(run->duals);
    bound_clear(&run->bound);
    bound_clear(&run->plain);
    glpk_mip_free(run->mip);
    model_free(run->model);
}

void coupled_run_turn(struct coupled_run *run, size_t k)
{
    run->gains[k] = model_gains(run->model, k);
    run->stage = k;
    if (run->proof)
        coupled_proof_begin(run->proof, k);
}

/* -- plans -- */

int64_t coupled_run_value(const struct coupled_run *run, const uint32_t *chosen)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            value += run->gain[run->model->column_of_pair[chosen[i]]];
    return value;
}

static int64_t objective_of(const struct coupled_run *run, const uint32_t *chosen, size_t k)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            value += problem_gain(run->problem, chosen[i], k);
    return value;
}

static int is_better(const struct coupled_run *run, const uint32_t *chosen)
{
    for (size_t k = 0; k < run->problem->n_objectives; k++) {
        int64_t new = objective_of(run, chosen, k), old = objective_of(run, run->best, k);
        if (new != old)
            return new > old;
    }
    return run->gain && coupled_run_value(run, chosen) > coupled_run_value(run, run->best);
}

int coupled_run_take(struct coupled_run *run, const int64_t *x)
{
    if (model_assignment(run->model, x, run->found) < 0)
        return -1;
    if (is_better(run, run->found)) {
        memcpy(run->best, run->found, run->problem->n_people * sizeof *run->best);
        memcpy(run->best_x, x, run->model->n_columns * sizeof *x);
    }
    return 0;
}

void coupled_run_begin(struct coupled_run *run, const uint32_t *start)
{
    const struct problem *problem = run->problem;
    for (uint32_t i = 0; i < problem->n_people; i++)
        run->best[i] = problem->people[i].stay_pair;
    model_complete(run->model, run->best, run->best_x);
    if (start && model_complete(run->model, start, run->x) == 0)
        coupled_run_take(run, run->x);
}

/* -- bounds -- */

void coupled_run_see_plain(struct coupled_run *run, struct coupled_stage *stage,
                           const double *duals)
{
    bound_set(&run->bound, run->model, duals, run->gain, run->alive);
    if (!run->uses_cuts)
        bound_copy(&run->plain, &run->bound, run->model);
    if (!run->uses_cuts && run->proof)
        coupled_proof_see(run->proof, run->model, &run->bound);
    int64_t most = bound_value(&run->bound);
    if (most < stage->most)
        stage->most = most;
}

void coupled_run_weigh(struct coupled_run *run, struct coupled_stage *stage)
{
    stage->value = coupled_run_value(run, run->best);
    stage->is_proved = stage->value >= stage->most;
}

void coupled_run_know(struct coupled_run *run, struct coupled_stage *stage, bound_wide total)
{
    int64_t most = bound_value(&(struct bound){.total = total});
    if (most < stage->most)
        stage->most = most;
    coupled_run_weigh(run, stage);
}

void coupled_run_see(struct coupled_run *run, struct coupled_stage *stage, const double *duals)
{
    coupled_run_see_plain(run, stage, duals);
    bound_wide excess = bound_homes_excess(&run->bound, run->model, run->alive);
    coupled_run_know(run, stage, run->bound.total - excess);
}

/* -- what is left -- */

void coupled_run_drop(struct coupled_run *run)
{
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->alive[j] = run->alive[j] && run->reached[j];
}

/* By what the certificate tells of, so that it can tell of the next stage too; cuts, as searches,
 * only say what need not be looked at again. */
void coupled_run_keep(struct coupled_run *run, const struct coupled_stage *stage, size_t k)
{
    struct model *model = run->model;
    const struct bound *plain = &run->plain;
    int is_face = bound_is_face(plain, model, run->alive, stage->value);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        struct model_column *column = &model->columns[j];
        run->alive[j] =
            run->alive[j] && (column->lower > 0 || bound_allows_column(plain, j, stage->value));
        run->reached[j] = run->reached[j] &&
                          (column->lower > 0 || bound_allows_column(&run->bound, j, stage->value));
        if (run->alive[j])
            column->lower = bound_column_lower(plain, model, j, stage->value);
    }
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (bound_slack(plain, i, stage->value) == 0)
            model->rows[i].lower = model->rows[i].upper;
    if (!is_face || !stage->is_proved) /* a later one may come upon more */
        model_keep(model, k, run->gain, stage->value);
    glpk_mip_sync_rows(run->mip);
    glpk_mip_set_alive(run->mip, run->alive);
}
