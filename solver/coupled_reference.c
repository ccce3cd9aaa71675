/* coupled_reference.c - see coupled_reference.h. */
#include "solver/coupled_reference.h"

#include <limits.h>

enum { TRIAL_NODES = 200 };

/* Puts in every column that a plan of `value` or more can contain, the others out. */
static void restrict_to(struct coupled_run *run, int64_t value)
{
    for (uint32_t j = 0; j < run->model->n_columns; j++) {
        run->allowed[j] = run->alive[j] && (run->model->columns[j].lower > 0 ||
                                            bound_allows_column(&run->bound, j, value));
        if (run->allowed[j])
            glpk_mip_add(run->mip, j);
    }
    glpk_mip_set_alive(run->mip, run->allowed);
}

/* Branch and cut on the columns that are in. 1 = GLPK ended by itself and its plan held. */
static int branch(struct coupled_run *run, struct coupled_stage *stage, int64_t max_nodes,
                  int64_t *most)
{
    enum glpk_outcome outcome =
        glpk_mip_solve(run->mip, &run->budget, max_nodes, run->best_x, run->x, most);
    int held = outcome == GLPK_FAILED || coupled_run_take(run, run->x) == 0;
    coupled_run_weigh(run, stage);
    return outcome == GLPK_DONE && held;
}

/* Branch and cut on all columns that a plan of `value` or more can contain. 1 = GLPK ended by
 * itself: what there is now is the best of them, or none is as good. */
static int search(struct coupled_run *run, struct coupled_stage *stage, int64_t value,
                  int64_t max_nodes)
{
    int64_t most;
    int whole;
    restrict_to(run, value);
    enum glpk_outcome outcome =
        glpk_mip_relax(run->mip, INT_MAX, &run->budget, run->duals, run->x, &whole);
    if (outcome != GLPK_DONE)
        return outcome == GLPK_EMPTY;
    int is_done = branch(run, stage, max_nodes, &most);
    if (!is_done && most < stage->most)
        stage->most = most < value - 1 ? value - 1 : most;
    return is_done;
}

/* A plan that reaches the bound is found among very few columns. Then all that are in, for a good
 * plan that makes the gap small, and last whatever can still be better. */
void coupled_reference_settle(struct coupled_run *run, struct coupled_stage *stage)
{
    int64_t most = stage->most, unused;
    if (search(run, stage, most, TRIAL_NODES))
        stage->most = stage->value >= most ? stage->value : most - 1;
    coupled_run_weigh(run, stage);
    if (stage->is_proved)
        return;
    glpk_mip_set_alive(run->mip, run->alive);
    int whole;
    if (glpk_mip_relax(run->mip, INT_MAX, &run->budget, run->duals, run->x, &whole) == GLPK_DONE)
        branch(run, stage, TRIAL_NODES, &unused);
    if (!stage->is_proved && search(run, stage, stage->value + 1, 0))
        stage->is_proved = 1;
}
