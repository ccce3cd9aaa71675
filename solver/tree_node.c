/* tree_node.c - one node of a branch and bound: see tree_inside.h. */
#include "solver/tree_inside.h"

#include <float.h>
#include <math.h>

static int is_whole(const struct tree *tree)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (fabs(tree->values[j] - rint(tree->values[j])) > whole_tolerance)
            return 0;
    return 1;
}

/* Offers the values of the relaxation when they are whole. */
void tree_node_offer(struct tree *tree)
{
    if (!is_whole(tree))
        return;
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        tree->whole[j] = (int64_t)rint(tree->values[j]);
    core_expand(tree->core, tree->whole, tree->x);
    int64_t value = tree->task->take(tree->task->context, tree->x);
    if (value < tree->wanted)
        return;
    tree->has_found = 1;
    tree->wanted = value + 1;
    tree->kept = value;
}

static void note_reach(const struct tree *tree)
{
    for (uint32_t j = 0; tree->task->reach && j < tree->core->n_columns; j++) {
        int64_t reach = core_bound_reach(&tree->bound, &tree->limits, j);
        if (reach > tree->task->reach[j])
            tree->task->reach[j] = reach;
    }
}

/* One vector is left: it is looked at itself. */
enum verdict tree_node_close_single(struct tree *tree)
{
    const struct core *core = tree->core;
    int64_t value = core->base;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        tree->values[j] = (double)tree->limits.lower[j];
        value += core->columns[j].gain * tree->limits.lower[j];
    }
    for (uint32_t j = 0; tree->task->reach && j < core->n_columns; j++)
        if (tree->limits.lower[j] > 0 && value > tree->task->reach[j])
            tree->task->reach[j] = value;
    tree_node_offer(tree);
    return CLOSED;
}

/* Columns of the core that beat what the relaxation pays: those in the better half of the distance
 * to the best of their set. */
static int price_in(struct tree *tree)
{
    const struct core *core = tree->core;
    const double one = (double)(1 << BOUND_SHIFT);
    int n = 0;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        uint32_t set = core->columns[j].set;
        if (tree->limits.upper[j] == 0 || glpk_core_has(tree->lp, j))
            continue;
        if (tree->limits.lower[j] > 0) { /* the relaxation does without it, no plan can */
            glpk_core_add(tree->lp, j);
            n++;
            continue;
        }
        double dual = set == MODEL_NONE ? 0 : tree->duals[set];
        double best = set == MODEL_NONE ? 0 : (double)tree->bound.price[set] / one - dual;
        double beyond = (double)tree->bound.reduced[j] / one + best;
        if (beyond <= 1e-6 * (1 + fabs(dual)) || beyond < best / 2)
            continue;
        glpk_core_add(tree->lp, j);
        n++;
    }
    return n;
}

/* The ray of that sign proves that nothing is left? tree->bound is its. */
static int proves_empty(struct tree *tree, int sign)
{
    if (glpk_core_ray(tree->lp, sign, tree->duals) < 0)
        return -1;
    core_bound_set(&tree->bound, &tree->limits, tree->duals, 1);
    return tree->bound.total < 0;
}

int tree_node_is_empty(struct tree *tree)
{
    int proves = proves_empty(tree, -1);
    return (proves ? proves : proves_empty(tree, 1)) > 0;
}

/* What the best of each set that GLPK has pays along the ray; whoever may do without need not pay.
 */
static void find_paid(struct tree *tree)
{
    const struct core *core = tree->core;
    for (uint32_t i = 0; i < core->n_rows; i++)
        tree->paid[i] = core->rows[i].lower == 1 ? -INT64_MAX : 0;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        uint32_t set = core->columns[j].set;
        if (set == MODEL_NONE || !tree->limits.upper[j] || !glpk_core_has(tree->lp, j))
            continue;
        bound_wide pays = (bound_wide)tree->bound.reduced[j] + tree->bound.price[set];
        tree->paid[set] = pays > tree->paid[set] ? (int64_t)pays : tree->paid[set];
    }
}

static bound_wide beaten_by(const struct tree *tree, uint32_t column)
{
    uint32_t set = tree->core->columns[column].set;
    return set == MODEL_NONE ? 0 : (bound_wide)tree->bound.price[set] - tree->paid[set];
}

static int is_absent(const struct tree *tree, uint32_t column)
{
    return tree->limits.upper[column] && !glpk_core_has(tree->lp, column);
}

/* With the columns that GLPK has alone the ray proves that nothing is left? */
static int is_right(const struct tree *tree)
{
    const struct core *core = tree->core;
    bound_wide total = tree->bound.total;
    for (uint32_t i = 0; i < core->n_rows; i++)
        if (core->rows[i].is_set && tree->bound.price[i] > tree->paid[i])
            total -= (bound_wide)tree->bound.price[i] - tree->paid[i];
    for (uint32_t j = 0; j < core->n_columns; j++)
        if (core->columns[j].set == MODEL_NONE && is_absent(tree, j) && tree->bound.reduced[j] > 0)
            total -= (bound_wide)tree->bound.reduced[j] * tree->limits.upper[j];
    return total < 0;
}

/* Columns that pay more along the ray: those in the better half of the distance to the best of
 * their set. */
static int price_along(struct tree *tree)
{
    int n = 0;
    for (uint32_t j = 0; j < tree->core->n_columns; j++) {
        bound_wide most = beaten_by(tree, j), beyond = most + tree->bound.reduced[j];
        if (!is_absent(tree, j) || beyond <= LEAST_RAY || beyond < most / 2)
            continue;
        glpk_core_add(tree->lp, j);
        n++;
    }
    return n;
}

static int price_all(struct tree *tree)
{
    int n = 0;
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (is_absent(tree, j)) {
            glpk_core_add(tree->lp, j);
            n++;
        }
    return n;
}

/* Columns that could make the relaxation feasible again come in: by the sign of the ray that is the
 * right one, or all where rounding leaves that open. */
static int price_ray(struct tree *tree)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        if (proves_empty(tree, sign) < 0)
            break;
        find_paid(tree);
        int n = is_right(tree) ? price_along(tree) : 0;
        if (n)
            return n;
    }
    return price_all(tree);
}

/* The relaxation says nothing is left: 1 = proved, 0 = more columns are in, -1 = unsure. */
static int close_empty(struct tree *tree)
{
    if (tree_node_is_empty(tree))
        return 1;
    return price_ray(tree) ? 0 : -1;
}

int tree_node_close_by_bound(struct tree *tree)
{
    int64_t most = core_bound_value(&tree->bound);
    if (most >= tree->wanted)
        return 0;
    if (most >= tree->kept)
        note_reach(tree);
    if (most > tree->refused)
        tree->refused = most;
    return 1;
}

/* Narrowing may have cut the values of the relaxation off. */
static int values_fit(const struct tree *tree)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (tree->values[j] > (double)tree->limits.upper[j] + whole_tolerance ||
            tree->values[j] < (double)tree->limits.lower[j] - whole_tolerance)
            return 0;
    return 1;
}

enum verdict tree_node_look(struct tree *tree)
{
    double enough = (double)tree->wanted - 0.01;
    for (;;) {
        enum glpk_outcome outcome =
            glpk_core_solve(tree->lp, &tree->limits, enough, 0, tree->task->budget);
        if (outcome == GLPK_FAILED)
            return UNSURE;
        if (outcome == GLPK_EMPTY) {
            int closed = close_empty(tree);
            if (closed)
                return closed > 0 ? CLOSED : UNSURE;
            continue;
        }
        glpk_core_duals(tree->lp, tree->duals);
        core_bound_set(&tree->bound, &tree->limits, tree->duals, 0);
        if (outcome == GLPK_DONE) {
            glpk_core_values(tree->lp, tree->values);
            tree_node_offer(tree);
        }
        if (tree_node_close_by_bound(tree))
            return CLOSED;
        enough = -DBL_MAX;
        core_bound_narrow(&tree->bound, &tree->limits, tree->kept);
        if (core_limits_propagate(&tree->limits) < 0)
            return CLOSED;
        if (tree->has_found && tree->task->is_enough)
            return STOPPED;
        if (budget_is_spent(tree->task->budget))
            return STOPPED;
        if (price_in(tree) == 0 && outcome == GLPK_DONE && values_fit(tree))
            return BRANCH;
    }
}

double tree_node_total(const struct tree *tree)
{
    return (double)tree->bound.total / (double)(1 << BOUND_SHIFT);
}
