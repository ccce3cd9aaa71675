/* tree_dive.c - see tree_inside.h. What is whole stays, what is not is rounded one after the other.
 */
#include "solver/tree_inside.h"

#include <math.h>
#include <string.h>

/* Columns of that rank (or more) that are whole keep their value; of pairs only those that are 1.
 */
static int settle_whole(struct tree *tree, int rank)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++) {
        double value = tree->values[j], near = rint(value);
        int own = tree_branch_rank(tree, j);
        if (own == SUM_RANK || own < rank || (own == 0 && near < 1) ||
            fabs(value - near) > whole_tolerance)
            continue;
        core_limits_narrow(&tree->limits, j, (int64_t)near, (int64_t)near);
    }
    return core_limits_propagate(&tree->limits);
}

/* The column of the highest rank that is nearest to a whole number without being one. */
static uint32_t nearest_column(const struct tree *tree)
{
    uint32_t nearest = MODEL_NONE;
    int nearest_rank = -1;
    double least = 1;
    for (uint32_t j = 0; j < tree->core->n_columns; j++) {
        double value = tree->values[j], off = fabs(value - rint(value));
        int rank = tree_branch_rank(tree, j);
        if (off <= whole_tolerance || rank == SUM_RANK || rank < nearest_rank)
            continue;
        if (rank > nearest_rank || off < least - whole_tolerance) {
            nearest = j;
            nearest_rank = rank;
            least = off;
        }
    }
    return nearest;
}

/* To one side of a whole number; 1 = a relaxation that is good enough is left. */
static int step_to(struct tree *tree, uint32_t column, int64_t lower, int64_t upper)
{
    core_limits_narrow(&tree->limits, column, lower, upper);
    if (core_limits_propagate(&tree->limits) < 0)
        return 0;
    if (glpk_core_solve(tree->lp, &tree->limits, (double)tree->wanted - 0.01, 0,
                        tree->task->budget) != GLPK_DONE)
        return 0;
    glpk_core_values(tree->lp, tree->values);
    return 1;
}

/* The nearer side, or else the other. */
static int step_from(struct tree *tree, uint32_t column, double value)
{
    size_t n = tree->core->n_columns;
    int64_t below = (int64_t)floor(value), lower = tree->limits.lower[column],
            upper = tree->limits.upper[column];
    int is_up = value - floor(value) >= 0.5;
    if (below < lower || below >= upper)
        return 0;
    memcpy(tree->saved_lower, tree->limits.lower, n * sizeof *tree->saved_lower);
    memcpy(tree->saved_upper, tree->limits.upper, n * sizeof *tree->saved_upper);
    if (step_to(tree, column, is_up ? below + 1 : lower, is_up ? upper : below))
        return 1;
    core_limits_reset(&tree->limits, tree->saved_lower, tree->saved_upper);
    return step_to(tree, column, is_up ? lower : below + 1, is_up ? below : upper);
}

/* Where too much is whole at once to be kept, only what has been kept before is. */
static int step(struct tree *tree)
{
    size_t n = tree->core->n_columns;
    uint32_t j = nearest_column(tree);
    if (j == MODEL_NONE)
        return 0;
    double value = tree->values[j];
    memcpy(tree->step_lower, tree->limits.lower, n * sizeof *tree->step_lower);
    memcpy(tree->step_upper, tree->limits.upper, n * sizeof *tree->step_upper);
    if (settle_whole(tree, tree_branch_rank(tree, j)) == 0 && step_from(tree, j, value))
        return 1;
    core_limits_reset(&tree->limits, tree->step_lower, tree->step_upper);
    return step_from(tree, j, value);
}

/* A plan in the neighbourhood of the relaxation: what is whole stays, what is not is rounded one
 * after the other. Limits and values are as before afterwards. */
void tree_dive(struct tree *tree)
{
    size_t n = tree->core->n_columns, bytes = n * sizeof(int64_t);
    int64_t wanted = tree->wanted;
    memcpy(tree->dive_lower, tree->limits.lower, bytes);
    memcpy(tree->dive_upper, tree->limits.upper, bytes);
    memcpy(tree->dive_values, tree->values, n * sizeof *tree->values);
    for (int steps = 0; steps < DIVE_STEPS && step(tree) && tree->wanted == wanted; steps++)
        tree_node_offer(tree);
    core_limits_reset(&tree->limits, tree->dive_lower, tree->dive_upper);
    memcpy(tree->values, tree->dive_values, n * sizeof *tree->values);
}
