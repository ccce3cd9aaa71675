/* tree.c - see tree.h.
 *
 * Depth first into one child, best bound first otherwise. A node is kept as the list of its
 * decisions: the simplex goes on from whatever basis it has, which stays dual feasible. */
#include "solver/tree.h"

#include "models/alloc.h"
#include "solver/tree_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    tree->paid = alloc_zero((size_t)core->n_rows + 1, sizeof *tree->paid);
    tree->values = alloc_zero(n, sizeof *tree->values);
    tree->history = alloc_zero(n, sizeof *tree->history);
    tree->candidates = alloc_zero(n, sizeof *tree->candidates);
    tree->saved_lower = alloc_zero(n, sizeof *tree->saved_lower);
    tree->saved_upper = alloc_zero(n, sizeof *tree->saved_upper);
    tree->step_lower = alloc_zero(n, sizeof *tree->step_lower);
    tree->step_upper = alloc_zero(n, sizeof *tree->step_upper);
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
    free(tree->paid);
    free(tree->values);
    free(tree->history);
    free(tree->candidates);
    free(tree->saved_lower);
    free(tree->saved_upper);
    free(tree->step_lower);
    free(tree->step_upper);
    free(tree->dive_lower);
    free(tree->dive_upper);
    free(tree->dive_values);
    free(tree->whole);
    free(tree->x);
    free(tree);
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
static void branch(struct tree *tree, const struct node *from, uint32_t j, int64_t most,
                   double total)
{
    int64_t lower = tree->limits.lower[j], upper = tree->limits.upper[j];
    int64_t split = (int64_t)floor(tree->values[j] + whole_tolerance);
    split = split < lower ? lower : split >= upper ? upper - 1 : split;
    double part = tree->values[j] - (double)split;
    struct node child = {.most = most, .total = total, .step = part, .side = DOWN};
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

static void keep_root(struct tree *tree)
{
    size_t n = tree->core->n_columns;
    core_bound_copy(&tree->root_bound, &tree->bound, tree->core);
    memcpy(tree->root_lower, tree->limits.lower, n * sizeof *tree->root_lower);
    memcpy(tree->root_upper, tree->limits.upper, n * sizeof *tree->root_upper);
    tree->has_root = 1;
}

/* MODEL_NONE = every column has one value left. */
static uint32_t any_open_column(const struct tree *tree)
{
    for (uint32_t j = 0; j < tree->core->n_columns; j++)
        if (tree->limits.lower[j] < tree->limits.upper[j])
            return j;
    return MODEL_NONE;
}

/* Looks at a node and tries candidates until there is one to branch upon. */
static enum verdict look_and_branch(struct tree *tree, const struct node *node)
{
    int is_first = 1;
    for (;;) {
        enum verdict verdict = tree_node_look(tree);
        if (verdict != BRANCH)
            return verdict;
        double total = tree_node_total(tree);
        int64_t wanted = tree->wanted;
        struct candidate *best;
        if (node->n == 0)
            keep_root(tree);
        if (node->n && is_first)
            tree_branch_learn(tree, node->decisions[node->n - 1].column, node->side,
                              node->total - total, node->step);
        if (is_first && node->n == 0 && tree->task->is_enough)
            tree_dive(tree);
        is_first = 0;
        if (tree->wanted > wanted)
            continue;
        if (tree->task->max_nodes == 1)
            return STOPPED;
        verdict = tree_branch_try(tree, total, node->n == 0, &best);
        if (verdict == CLOSED)
            return CLOSED;
        if (verdict == AGAIN)
            continue;
        if (node->n == 0 || !tree_branch_moves(best))
            tree_dive(tree);
        if (tree->wanted > wanted)
            continue;
        uint32_t column = best ? best->column : any_open_column(tree);
        if (column == MODEL_NONE)
            return tree_node_close_single(tree);
        branch(tree, node, column, (int64_t)floor(total), total);
        return BRANCH;
    }
}

/* A node that the simplex could not close is taken apart all the same, as long as that is rare. */
static enum verdict branch_blindly(struct tree *tree, const struct node *node)
{
    uint32_t column = any_open_column(tree);
    if (column == MODEL_NONE)
        return tree_node_close_single(tree);
    if (tree->n_blind++ >= MOST_BLIND)
        return UNSURE;
    tree->values[column] = (double)(tree->limits.lower[column] + tree->limits.upper[column]) / 2;
    branch(tree, node, column, node->most, (double)tree->wanted);
    return BRANCH;
}

static enum verdict visit(struct tree *tree, const struct node *node)
{
    int had_found = tree->has_found;
    int64_t kept = tree->kept;
    int64_t least = tree->task->reach ? tree->kept : tree->wanted;
    if (node->most < least || go_to(tree, node) < 0)
        return CLOSED;
    enum verdict verdict = look_and_branch(tree, node);
    if (verdict == UNSURE)
        verdict = branch_blindly(tree, node);
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
    tree->n_blind = 0;
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
