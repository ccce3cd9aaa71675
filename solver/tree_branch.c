/* tree_branch.c - which column to branch upon: see tree_inside.h. */
#include "solver/tree_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where nothing moves the bound: what settles most. Where a household goes, how many need so much
 * care, what a room is for. */
static const int branch_rank[MODEL_COLUMN_KINDS] = {[MODEL_COLUMN_HOME] = 3,
                                                    [MODEL_COLUMN_LOAD] = 2,
                                                    [MODEL_COLUMN_WOMEN] = 1,
                                                    [MODEL_COLUMN_MEN] = 1,
                                                    [MODEL_COLUMN_COUPLES] = 1};

int tree_branch_rank(const struct tree *tree, uint32_t column)
{
    const struct core *core = tree->core;
    uint32_t origin = core->columns[column].origin;
    return origin == MODEL_NONE ? SUM_RANK : branch_rank[core->model->columns[origin].kind];
}

/* less is rounding */
static const double least_cost = 0.01;

void tree_branch_learn(struct tree *tree, uint32_t column, int side, double cost, double step)
{
    struct history *history = &tree->history[column];
    history->cost[side] += cost < least_cost ? 0 : cost / fmax(step, 0.01);
    history->n[side]++;
}

static double score_of(double down, double up)
{
    return fmax(down, least_cost) * fmax(up, least_cost);
}

/* Once it has moved the bound, or often not. */
static int is_known(const struct history *history)
{
    int has_moved = history->cost[DOWN] + history->cost[UP] > 0;
    int least = has_moved ? 1 : KNOWN_IDLE;
    return history->n[DOWN] >= least && history->n[UP] >= least;
}

static void set_candidate(const struct tree *tree, uint32_t column, struct candidate *candidate)
{
    const struct history *history = &tree->history[column];
    double value = tree->values[column], part = value - floor(value);
    *candidate = (struct candidate){.column = column,
                                    .rank = tree_branch_rank(tree, column),
                                    .off = fabs(part - 0.5),
                                    .is_known = is_known(history)};
    candidate->score = score_of(0, 0);
    if (candidate->is_known)
        candidate->score = score_of(history->cost[DOWN] / history->n[DOWN] * part,
                                    history->cost[UP] / history->n[UP] * (1 - part));
}

static int candidate_order(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;
    if (one->rank != two->rank)
        return one->rank > two->rank ? -1 : 1;
    if (one->off < two->off || one->off > two->off)
        return one->off < two->off ? -1 : 1;
    return one->column < two->column ? -1 : one->column > two->column;
}

static size_t list_candidates(struct tree *tree)
{
    size_t n = 0;
    for (uint32_t j = 0; j < tree->core->n_columns; j++) {
        double value = tree->values[j];
        if (tree->limits.lower[j] < tree->limits.upper[j] &&
            fabs(value - rint(value)) > whole_tolerance)
            set_candidate(tree, j, &tree->candidates[n++]);
    }
    qsort(tree->candidates, n, sizeof *tree->candidates, candidate_order);
    return n;
}

/* One side of a candidate, a few pivots deep. CLOSED, or BRANCH when something is left there; *cost
 * = by how much the bound falls. */
static enum verdict try_side(struct tree *tree, uint32_t column, int side, double value,
                             double total, double *cost)
{
    struct core_limits *limits = &tree->limits;
    *cost = total - (double)tree->wanted + 1;
    if (side == DOWN)
        core_limits_narrow(limits, column, limits->lower[column], (int64_t)floor(value));
    else
        core_limits_narrow(limits, column, (int64_t)floor(value) + 1, limits->upper[column]);
    if (core_limits_propagate(limits) < 0)
        return CLOSED;
    enum glpk_outcome outcome = glpk_core_solve(tree->lp, limits, (double)tree->wanted - 0.01,
                                                TRY_ITERATIONS, tree->task->budget);
    if (outcome == GLPK_FAILED) {
        *cost = 0;
        return BRANCH;
    }
    if (outcome == GLPK_EMPTY)
        return tree_node_is_empty(tree) ? CLOSED : BRANCH;
    glpk_core_duals(tree->lp, tree->duals);
    core_bound_set(&tree->bound, limits, tree->duals, 0);
    *cost = total - tree_node_total(tree);
    return tree_node_close_by_bound(tree) ? CLOSED : BRANCH;
}

/* Both sides. BRANCH = nothing is closed; AGAIN = one side is, and the limits say so. */
static enum verdict try_candidate(struct tree *tree, struct candidate *candidate, double total)
{
    size_t n = tree->core->n_columns;
    uint32_t j = candidate->column;
    double value = tree->values[j], part = value - floor(value), cost[SIDES];
    int is_closed[SIDES];
    memcpy(tree->saved_lower, tree->limits.lower, n * sizeof *tree->saved_lower);
    memcpy(tree->saved_upper, tree->limits.upper, n * sizeof *tree->saved_upper);
    for (int side = DOWN; side <= UP; side++) {
        is_closed[side] = try_side(tree, j, side, value, total, &cost[side]) == CLOSED;
        tree_branch_learn(tree, j, side, cost[side], side == DOWN ? part : 1 - part);
        core_limits_reset(&tree->limits, tree->saved_lower, tree->saved_upper);
    }
    candidate->score = score_of(cost[DOWN], cost[UP]);
    if (is_closed[DOWN] && is_closed[UP])
        return CLOSED;
    if (is_closed[DOWN])
        core_limits_narrow(&tree->limits, j, (int64_t)floor(value) + 1, tree->limits.upper[j]);
    if (is_closed[UP])
        core_limits_narrow(&tree->limits, j, tree->limits.lower[j], (int64_t)floor(value));
    if (!is_closed[DOWN] && !is_closed[UP])
        return BRANCH;
    return core_limits_propagate(&tree->limits) < 0 ? CLOSED : AGAIN;
}

/* Tries candidates without a history: of the structure first, pairs only where that moves nothing;
 * a few that move nothing are enough, but at the root. *best = the one that moves most. */
enum verdict tree_branch_try(struct tree *tree, double total, int is_root, struct candidate **best)
{
    size_t n = list_candidates(tree);
    int idle = 0, most_idle = is_root ? INT32_MAX : IDLE_TRIES;
    *best = NULL;
    for (size_t c = 0; c < n; c++) {
        struct candidate *candidate = &tree->candidates[c];
        int has_moved = *best && (*best)->score > score_of(0, 0);
        if (candidate->rank == 0 && has_moved)
            break;
        if (!candidate->is_known && idle < most_idle) {
            enum verdict verdict = try_candidate(tree, candidate, total);
            if (verdict != BRANCH)
                return verdict;
            idle = candidate->score > score_of(0, 0) ? 0 : idle + 1;
        }
        int is_as_good = *best && (*best)->rank == SUM_RANK && candidate->score >= (*best)->score;
        if (!*best || is_as_good || candidate->score > (*best)->score)
            *best = candidate;
    }
    return BRANCH;
}

int tree_branch_moves(const struct candidate *candidate)
{
    return candidate && candidate->score > score_of(0, 0);
}
