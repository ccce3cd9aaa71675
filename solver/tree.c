/* tree.c - see tree.h.
 *
 * Depth first into one child, best bound first otherwise. A node is kept as the list of its
 * decisions: the simplex goes on from whatever basis it has, which stays dual feasible. */
#include "solver/tree.h"

#include "models/alloc.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct decision {
    uint32_t column;
    int64_t lower, upper;
};

struct node {
    int64_t most; /* bound of the node that it comes from */
    uint64_t number;
    struct decision *decisions;
    size_t n;
    double total, step; /* bound of the node that it comes from; how far the last decision goes */
    int side;
};

enum verdict { CLOSED, BRANCH, AGAIN, STOPPED, UNSURE };

enum { DOWN, UP, SIDES };
enum { TRY_ITERATIONS = 100, IDLE_TRIES = 4, DIVE_STEPS = 100, KNOWN_IDLE = 3, SUM_RANK = 4 };

struct history { /* of one column: what a step of 1 to a side has cost */
    double cost[SIDES];
    int n[SIDES];
};

struct candidate {
    uint32_t column;
    int rank;
    double off;   /* from the middle between two whole numbers */
    double score; /* of its history */
    int is_known;
};

struct tree {
    const struct core *core;
    struct glpk_core *lp;
    struct core_limits limits; /* of the node at hand */
    int64_t *root_lower, *root_upper;
    struct core_bound bound, root_bound;
    double *duals, *values;
    struct history *history;
    struct candidate *candidates;
    int64_t *saved_lower, *saved_upper, *dive_lower, *dive_upper;
    double *dive_values;
    int64_t *whole, *x;
    struct node *open;
    size_t n_open, room_open;
    uint64_t n_nodes;
    /* the task */
    const struct tree_task *task;
    int64_t wanted;  /* better than what has been taken */
    int64_t kept;    /* narrowing keeps all plans of that value */
    int64_t refused; /* the greatest bound of a node that was closed by it */
    int has_found, has_root;
};

struct tree *tree_new(const struct core *core, struct glpk_core *lp)
{
    struct tree *tree = alloc_zero(1, sizeof *tree);
    size_t n = (size_t)core->n_columns + 1;
    tree->core = core;
    tree->lp = lp;
    core_limits_init(&tree->limits, core);
    core_bound_init(&tree->bound, core);
    core_bound_init(&tree->root_bound, core);
    tree->root_lower = alloc_zero(n, sizeof *tree->root_lower);
    tree->root_upper = alloc_zero(n, sizeof *tree->root_upper);
    tree->duals = alloc_zero((size_t)core->n_rows + 1, sizeof *tree->duals);
    tree->values = alloc_zero(n, sizeof *tree->values);
    tree->history = alloc_zero(n, sizeof *tree->history);
    tree->candidates = alloc_zero(n, sizeof *tree->candidates);
    tree->saved_lower = alloc_zero(n, sizeof *tree->saved_lower);
    tree->saved_upper = alloc_zero(n, sizeof *tree->saved_upper);
    tree->dive_lower = alloc_zero(n, sizeof *tree->dive_lower);
    tree->dive_upper = alloc_zero(n, sizeof *tree->dive_upper);
    tree->dive_values = alloc_zero(n, sizeof *tree->dive_values);
    tree->whole = alloc_zero(n, sizeof *tree->whole);
    tree->x = alloc_zero(core->model->n_columns, sizeof *tree->x);
    return tree;
}

static void drop_open(struct tree *tree)
{
    while (tree->n_open)
        free(tree->open[--tree->n_open].decisions);
}

void tree_free(struct tree *tree)
{
    if (!tree)
        return;
    drop_open(tree);
    free(tree->open);
    core_limits_clear(&tree->limits);
    core_bound_clear(&tree->bound);
    core_bound_clear(&tree->root_bound);
    free(tree->root_lower);
    free(tree->root_upper);
    free(tree->duals);
    free(tree->values);
    free(tree->history);
    free(tree->candidates);
    free(tree->saved_lower);
    free(tree->saved_upper);
    free(tree->dive_lower);
    free(tree->dive_upper);
    free(tree->dive_values);
    free(tree->whole);
    free(tree->x);
    free(tree);
}

/* -- one node -- */

static const double whole_tolerance = 1e-6;

static int is_whole(const struct tree *tree)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (fabs(tree->values[j] - rint(tree->values[j])) > whole_tolerance)
            return 0;
    return 1;
}

static void narrow_root(struct tree *tree)
{
    struct core_limits *limits = &tree->limits;
    if (!tree->has_root)
        return;
    core_limits_reset(limits, tree->root_lower, tree->root_upper);
    core_bound_narrow(&tree->root_bound, limits, tree->kept);
    if (core_limits_propagate(limits) == 0) {
        size_t n = tree->core->n_columns;
        memcpy(tree->root_lower, limits->lower, n * sizeof *tree->root_lower);
        memcpy(tree->root_upper, limits->upper, n * sizeof *tree->root_upper);
    }
}

/* Offers the values of the relaxation when they are whole. */
static void offer(struct tree *tree)
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
static enum verdict close_single(struct tree *tree)
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
    offer(tree);
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

static int is_empty_for_sure(struct tree *tree)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        if (glpk_core_ray(tree->lp, sign, tree->duals) < 0)
            return 0;
        core_bound_set(&tree->bound, &tree->limits, tree->duals, 1);
        if (tree->bound.total < 0)
            return 1;
    }
    return 0;
}

/* Columns that could make the relaxation feasible again come in. */
static int price_ray(struct tree *tree)
{
    int n = 0;
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (tree->limits.upper[j] && !glpk_core_has(tree->lp, j)) {
            glpk_core_add(tree->lp, j);
            n++;
        }
    return n;
}

/* The relaxation says nothing is left: 1 = proved, 0 = more columns are in, -1 = unsure. */
static int close_empty(struct tree *tree)
{
    if (is_empty_for_sure(tree))
        return 1;
    return price_ray(tree) ? 0 : -1;
}

static int close_by_bound(struct tree *tree)
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

static enum verdict look(struct tree *tree)
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
            offer(tree);
        }
        if (close_by_bound(tree))
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

/* -- branching -- */

/* Where nothing moves the bound: what settles most. Where a household goes, how many need so much
 * care, what a room is for. */
static const int branch_rank[MODEL_COLUMN_KINDS] = {[MODEL_COLUMN_HOME] = 3,
                                                    [MODEL_COLUMN_LOAD] = 2,
                                                    [MODEL_COLUMN_WOMEN] = 1,
                                                    [MODEL_COLUMN_MEN] = 1,
                                                    [MODEL_COLUMN_COUPLES] = 1};

static int rank_of(const struct tree *tree, uint32_t column)
{
    const struct core *core = tree->core;
    uint32_t origin = core->columns[column].origin;
    return origin == MODEL_NONE ? SUM_RANK : branch_rank[core->model->columns[origin].kind];
}

static double total_of(const struct tree *tree)
{
    return (double)tree->bound.total / (double)(1 << BOUND_SHIFT);
}

/* less is rounding */
static const double least_cost = 0.01;

static void learn(struct tree *tree, uint32_t column, int side, double cost, double step)
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
                                    .rank = rank_of(tree, column),
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
        return is_empty_for_sure(tree) ? CLOSED : BRANCH;
    glpk_core_duals(tree->lp, tree->duals);
    core_bound_set(&tree->bound, limits, tree->duals, 0);
    *cost = total - total_of(tree);
    return close_by_bound(tree) ? CLOSED : BRANCH;
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
        learn(tree, j, side, cost[side], side == DOWN ? part : 1 - part);
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
static enum verdict try_candidates(struct tree *tree, size_t n, double total, int is_root,
                                   struct candidate **best)
{
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

/* MODEL_NONE = every column has one value left. */
static uint32_t any_open_column(const struct tree *tree)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (tree->limits.lower[j] < tree->limits.upper[j])
            return j;
    return MODEL_NONE;
}

static void push(struct tree *tree, const struct node *from, const struct node *as,
                 struct decision last)
{
    struct node node = *as;
    node.number = tree->n_nodes++;
    node.n = from->n + 1;
    node.decisions = alloc_zero(node.n, sizeof *node.decisions);
    if (from->n)
        memcpy(node.decisions, from->decisions, from->n * sizeof *node.decisions);
    node.decisions[from->n] = last;
    ALLOC_GROW(tree->open, tree->n_open, tree->room_open);
    tree->open[tree->n_open++] = node;
}

/* Two children; the one to go on with is pushed last. */
static void branch(struct tree *tree, const struct node *from, uint32_t j, double total)
{
    int64_t lower = tree->limits.lower[j], upper = tree->limits.upper[j];
    int64_t split = (int64_t)floor(tree->values[j] + whole_tolerance);
    split = split < lower ? lower : split >= upper ? upper - 1 : split;
    double part = tree->values[j] - (double)split;
    struct node child = {.most = (int64_t)floor(total), .total = total, .step = part, .side = DOWN};
    push(tree, from, &child, (struct decision){j, lower, split});
    child.step = 1 - part;
    child.side = UP;
    push(tree, from, &child, (struct decision){j, split + 1, upper});
}

/* -- the search -- */

static int is_before(const struct node *one, const struct node *two)
{
    if (one->most != two->most)
        return one->most > two->most;
    return one->n != two->n ? one->n > two->n : one->number > two->number;
}

/* The last one while `is_diving`, else the one of the greatest bound. */
static struct node take_node(struct tree *tree, int is_diving)
{
    size_t best = tree->n_open - 1;
    for (size_t i = 0; !is_diving && i < tree->n_open; i++)
        if (is_before(&tree->open[i], &tree->open[best]))
            best = i;
    struct node node = tree->open[best];
    tree->open[best] = tree->open[--tree->n_open];
    return node;
}

static int go_to(struct tree *tree, const struct node *node)
{
    core_limits_reset(&tree->limits, tree->root_lower, tree->root_upper);
    for (size_t d = 0; d < node->n; d++)
        core_limits_narrow(&tree->limits, node->decisions[d].column, node->decisions[d].lower,
                           node->decisions[d].upper);
    return core_limits_propagate(&tree->limits);
}

static int64_t most_open(const struct tree *tree, int64_t most)
{
    for (size_t i = 0; i < tree->n_open; i++)
        if (tree->open[i].most > most)
            most = tree->open[i].most;
    return most;
}

static void keep_root(struct tree *tree)
{
    size_t n = tree->core->n_columns;
    core_bound_copy(&tree->root_bound, &tree->bound, tree->core);
    memcpy(tree->root_lower, tree->limits.lower, n * sizeof *tree->root_lower);
    memcpy(tree->root_upper, tree->limits.upper, n * sizeof *tree->root_upper);
    tree->has_root = 1;
}

/* -- diving -- */

/* Columns of that rank (or more) that are whole keep their value; of pairs only those that are 1.
 */
static int settle_whole(struct tree *tree, int rank)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++) {
        double value = tree->values[j], near = rint(value);
        int own = rank_of(tree, j);
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
        int rank = rank_of(tree, j);
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

static int step(struct tree *tree)
{
    size_t n = tree->core->n_columns;
    uint32_t j = nearest_column(tree);
    if (j == MODEL_NONE || settle_whole(tree, rank_of(tree, j)) < 0)
        return 0;
    double value = tree->values[j];
    int64_t below = (int64_t)floor(value), lower = tree->limits.lower[j],
            upper = tree->limits.upper[j];
    int is_up = value - floor(value) >= 0.5;
    memcpy(tree->saved_lower, tree->limits.lower, n * sizeof *tree->saved_lower);
    memcpy(tree->saved_upper, tree->limits.upper, n * sizeof *tree->saved_upper);
    if (step_to(tree, j, is_up ? below + 1 : lower, is_up ? upper : below))
        return 1;
    core_limits_reset(&tree->limits, tree->saved_lower, tree->saved_upper);
    return step_to(tree, j, is_up ? lower : below + 1, is_up ? below : upper);
}

/* A plan in the neighbourhood of the relaxation: what is whole stays, what is not is rounded one
 * after the other. Limits and values are as before afterwards. */
static void dive(struct tree *tree)
{
    size_t n = tree->core->n_columns, bytes = n * sizeof(int64_t);
    int64_t wanted = tree->wanted;
    memcpy(tree->dive_lower, tree->limits.lower, bytes);
    memcpy(tree->dive_upper, tree->limits.upper, bytes);
    memcpy(tree->dive_values, tree->values, n * sizeof *tree->values);
    for (int steps = 0; steps < DIVE_STEPS && step(tree) && tree->wanted == wanted; steps++)
        offer(tree);
    core_limits_reset(&tree->limits, tree->dive_lower, tree->dive_upper);
    memcpy(tree->values, tree->dive_values, n * sizeof *tree->values);
}

/* Looks at a node and tries candidates until there is one to branch upon. */
static enum verdict look_and_branch(struct tree *tree, const struct node *node)
{
    int is_first = 1;
    for (;;) {
        enum verdict verdict = look(tree);
        if (verdict != BRANCH)
            return verdict;
        double total = total_of(tree);
        int64_t wanted = tree->wanted;
        struct candidate *best;
        if (node->n == 0)
            keep_root(tree);
        if (node->n && is_first)
            learn(tree, node->decisions[node->n - 1].column, node->side, node->total - total,
                  node->step);
        is_first = 0;
        verdict = try_candidates(tree, list_candidates(tree), total, node->n == 0, &best);
        if (verdict == CLOSED)
            return CLOSED;
        if (verdict == AGAIN)
            continue;
        if (node->n == 0 || !best || best->score <= score_of(0, 0))
            dive(tree);
        if (tree->wanted > wanted)
            continue;
        uint32_t column = best ? best->column : any_open_column(tree);
        if (column == MODEL_NONE)
            return close_single(tree);
        branch(tree, node, column, total);
        return BRANCH;
    }
}

static enum verdict visit(struct tree *tree, const struct node *node)
{
    int had_found = tree->has_found;
    int64_t kept = tree->kept;
    int64_t least = tree->task->reach ? tree->kept : tree->wanted;
    if (node->most < least || go_to(tree, node) < 0)
        return CLOSED;
    enum verdict verdict = look_and_branch(tree, node);
    if ((tree->has_found && !had_found) || tree->kept > kept)
        narrow_root(tree);
    return verdict;
}

/* `nodes` since the last plan was found. */
static int is_long(const struct tree *tree, int64_t nodes)
{
    int64_t most = tree->has_found ? tree->task->more_nodes : tree->task->max_nodes;
    return most && nodes >= most;
}

enum tree_outcome tree_search(struct tree *tree, const struct tree_task *task,
                              const struct core_limits *limits, int64_t *most)
{
    size_t n = tree->core->n_columns;
    enum verdict verdict = CLOSED;
    int64_t nodes = 0, wanted = task->wanted, unsure_most = INT64_MIN;
    tree->task = task;
    tree->wanted = task->wanted;
    tree->kept = task->kept;
    tree->has_found = tree->has_root = 0;
    tree->refused = INT64_MIN;
    memcpy(tree->root_lower, limits->lower, n * sizeof *tree->root_lower);
    memcpy(tree->root_upper, limits->upper, n * sizeof *tree->root_upper);
    for (size_t j = 0; task->reach && j < n; j++)
        task->reach[j] = INT64_MIN;
    ALLOC_GROW(tree->open, tree->n_open, tree->room_open);
    tree->open[tree->n_open++] = (struct node){.most = INT64_MAX};
    while (tree->n_open && verdict != STOPPED) {
        struct node node = take_node(tree, verdict == BRANCH);
        verdict = visit(tree, &node);
        if (verdict == STOPPED || verdict == UNSURE)
            unsure_most = node.most > unsure_most ? node.most : unsure_most;
        free(node.decisions);
        task->budget->work++;
        nodes = tree->wanted > wanted ? 1 : nodes + 1;
        wanted = tree->wanted;
        if (is_long(tree, nodes) && tree->n_open)
            verdict = STOPPED;
    }
    *most = most_open(tree, unsure_most);
    *most = *most < tree->wanted - 1 ? tree->wanted - 1 : *most;
    drop_open(tree);
    if (verdict == STOPPED)
        return tree->has_found && task->is_enough ? TREE_FOUND : TREE_LIMIT;
    if (unsure_most > INT64_MIN)
        return TREE_UNSURE;
    if (!tree->has_found)
        *most = tree->refused;
    return TREE_DONE;
}
