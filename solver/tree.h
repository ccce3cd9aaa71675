/* tree.h - branch and bound on a core: exact bounds at every node, GLPK's simplex for the duals.
 *
 * Owns the open nodes, what is branched upon, and what is proved. Always holds: a node is closed
 * only when whole-number arithmetic says that it has no plan that is wanted (core_bound.h,
 * core_limits_propagate). Where GLPK fails a node is branched upon blindly, and where it fails
 * often the answer is TREE_UNSURE, never a wrong TREE_DONE. */
#ifndef ALMONER_TREE_H
#define ALMONER_TREE_H

#include "solver/core_bound.h"
#include "solver/glpk_core.h"

enum tree_outcome {
    TREE_DONE,  /* no plan is better than the one taken last (or there is none as wanted) */
    TREE_FOUND, /* stopped at the first plan, as asked */
    TREE_LIMIT, /* budget or max_nodes spent */
    TREE_UNSURE /* GLPK could not close a node */
};

/* Offers a whole vector of the model. Returns its value, INT64_MIN when it does not hold. */
typedef int64_t tree_take(void *context, const int64_t *x);

struct tree;

/* `core` and `lp` stay the caller's. */
struct tree *tree_new(const struct core *core, struct glpk_core *lp);
void tree_free(struct tree *tree);

struct tree_task {
    int64_t wanted; /* plans of this value or more */
    int64_t kept;   /* the search looks at all plans of this value or more: wanted, or less by 1 */
    int is_enough;  /* stop at the first */
    int64_t max_nodes;  /* until the first plan; 0 = no limit, 1 = nothing is branched upon */
    int64_t more_nodes; /* since the last plan; 0 = no limit. With a better plan at hand less is
                           left to decide, and a new search is shorter than the rest of this one */
    tree_take *take;
    void *context;
    struct budget *budget;
    int64_t *reach; /* by column of the core, or NULL: no plan of the greatest value that has the
                       column above 0 exceeds it; INT64_MIN = none at all. Good after TREE_DONE. */
};

/* Within `limits` (propagated; a copy is made). `most` receives what no plan there exceeds, as far
 * as that is known; after TREE_DONE without a plan: the greatest bound that was not enough, a guess
 * where the next search should begin. */
enum tree_outcome tree_search(struct tree *tree, const struct tree_task *task,
                              const struct core_limits *limits, int64_t *most);

#endif
