/* tree_inside.h - what the parts of the branch and bound share: the node at hand and what has been
 * learnt. Inside tree.c, tree_node.c, tree_branch.c and tree_dive.c only. */
#ifndef ALMONER_TREE_INSIDE_H
#define ALMONER_TREE_INSIDE_H

#include "solver/tree.h"

#include <stddef.h>

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
enum {
    TRY_ITERATIONS = 100,
    IDLE_TRIES = 4,
    DIVE_STEPS = 100,
    KNOWN_IDLE = 3,
    SUM_RANK = 4,
    MOST_BLIND = 100,
    LEAST_RAY = 16 /* less is rounding, in 1/2^20 */
};

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
    int64_t *paid; /* per row, along a ray */
    struct history *history;
    struct candidate *candidates;
    int64_t *saved_lower, *saved_upper, *step_lower, *step_upper, *dive_lower, *dive_upper;
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
    int n_blind; /* nodes taken apart without the simplex */
};

/* further from a whole number than this is a fraction */
static const double whole_tolerance = 1e-6;

/* tree_node.c: one node */

/* Bounds, narrows, prices in; BRANCH leaves tree->values and tree->bound for what follows. */
enum verdict tree_node_look(struct tree *tree);
/* Offers the values of the relaxation when they are whole. */
void tree_node_offer(struct tree *tree);
/* The bound at hand closes the node? Its columns' reach is noted then. */
int tree_node_close_by_bound(struct tree *tree);
/* Does the ray of a relaxation that GLPK calls empty prove it? */
int tree_node_is_empty(struct tree *tree);
/* One vector is left: it is looked at itself. */
enum verdict tree_node_close_single(struct tree *tree);
double tree_node_total(const struct tree *tree);

/* tree_branch.c: what to branch upon */

/* What settles most comes first where nothing moves the bound; SUM_RANK for sums, 0 for pairs. */
int tree_branch_rank(const struct tree *tree, uint32_t column);
/* By how much the bound fell on a step to a side. */
void tree_branch_learn(struct tree *tree, uint32_t column, int side, double cost, double step);
/* BRANCH: *best is the candidate that moves the bound most (NULL = nothing is fractional); AGAIN:
 * one side of a candidate is closed, the limits say so; CLOSED: both are. */
enum verdict tree_branch_try(struct tree *tree, double total, int is_root, struct candidate **best);

int tree_branch_moves(const struct candidate *candidate); /* NULL does not */

/* tree_dive.c: a plan in the neighbourhood of the relaxation. Limits and values are as before
 * afterwards. */
void tree_dive(struct tree *tree);

#endif
