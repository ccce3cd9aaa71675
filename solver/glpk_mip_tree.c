/* glpk_mip_tree.c - GLPK's own branch and cut on what glpk_mip.c has loaded, for `--engine glpk`.
 */
#include "solver/glpk_mip_inside.h"

#include "models/alloc.h"
#include "solver/glpk_guard.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tree_watch {
    struct glpk_mip *mip;
    struct budget *budget;
    const int64_t *start;
    int64_t max_nodes, nodes;
    int last_iterations;
    double bound;
    int is_stopped, gave_start;
};

static void give_start(struct tree_watch *watch, glp_tree *tree)
{
    int n = glp_get_num_cols(watch->mip->prob);
    double *x = alloc_zero((size_t)n + 1, sizeof *x);
    for (int number = 1; number <= n; number++)
        x[number] = (double)watch->start[watch->mip->column_of[number]];
    glp_ios_heur_sol(tree, x);
    free(x);
    watch->gave_start = 1;
}

static void count_work(struct tree_watch *watch, glp_tree *tree)
{
    int iterations = glp_get_it_cnt(glp_ios_get_prob(tree));
    watch->budget->work += 1 + iterations - watch->last_iterations;
    watch->last_iterations = iterations;
    watch->nodes++;
    int best = glp_ios_best_node(tree);
    if (best)
        watch->bound = glp_ios_node_bound(tree, best);
    if (budget_is_spent(watch->budget) || (watch->max_nodes && watch->nodes > watch->max_nodes)) {
        watch->is_stopped = 1;
        glp_ios_terminate(tree);
    }
}

/* What settles most comes first: where a household goes, how many need so much care, what a room is
 * for. */
static const int branch_rank[MODEL_COLUMN_KINDS] = {[MODEL_COLUMN_HOME] = 3,
                                                    [MODEL_COLUMN_LOAD] = 2,
                                                    [MODEL_COLUMN_WOMEN] = 1,
                                                    [MODEL_COLUMN_MEN] = 1,
                                                    [MODEL_COLUMN_COUPLES] = 1};

static void choose_branch(const struct tree_watch *watch, glp_tree *tree)
{
    glp_prob *prob = glp_ios_get_prob(tree);
    double closest = 1;
    int chosen = 0, chosen_rank = 0;
    for (int n = 1; n <= glp_get_num_cols(prob); n++) {
        int rank = branch_rank[watch->mip->model->columns[watch->mip->column_of[n]].kind];
        if (rank < chosen_rank || rank == 0 || !glp_ios_can_branch(tree, n))
            continue;
        double value = glp_get_col_prim(prob, n), off = fabs(value - floor(value) - 0.5);
        if (rank > chosen_rank || off < closest) {
            chosen = n;
            chosen_rank = rank;
            closest = off;
        }
    }
    if (chosen)
        glp_ios_branch_upon(tree, chosen, GLP_UP_BRNCH);
}

static void on_event(glp_tree *tree, void *context)
{
    struct tree_watch *watch = context;
    switch (glp_ios_reason(tree)) {
    case GLP_ISELECT:
        count_work(watch, tree);
        break;
    case GLP_IHEUR:
        if (!watch->gave_start)
            give_start(watch, tree);
        break;
    case GLP_IBRANCH:
        choose_branch(watch, tree);
        break;
    default:
        break;
    }
}

static void init_tree_parameters(glp_iocp *parm, struct tree_watch *watch)
{
    double size = fabs(glp_get_obj_val(watch->mip->prob)) + 1;
    glp_init_iocp(parm);
    parm->msg_lev = GLP_MSG_OFF;
    parm->br_tech = GLP_BR_MFV;
    parm->bt_tech = GLP_BT_BLB;
    parm->pp_tech = GLP_PP_ROOT; /* at every node it costs more than the nodes it saves */
    /* dear, but they close gaps that a tree alone does not */
    parm->gmi_cuts = watch->max_nodes ? GLP_OFF : GLP_ON;
    parm->mip_gap = 0;
    parm->tol_int = 1e-6;
    /* relative: the default would prune plans that are better by a whole number */
    parm->tol_obj = fmin(1e-7, 0.01 / size);
    parm->tm_lim = budget_ms_left(watch->budget, INT_MAX);
    parm->cb_func = on_event;
    parm->cb_info = watch;
}

static int run_tree(struct glpk_mip *mip, struct tree_watch *watch)
{
    glp_iocp parm;
    if (!mip->prob)
        return GLP_EFAIL;
    if (setjmp(mip->trouble)) {
        glpk_mip_give_up(mip);
        return GLP_EFAIL;
    }
    init_tree_parameters(&parm, watch);
    glpk_guard_begin(&mip->trouble);
    int code = glp_intopt(mip->prob, &parm);
    glpk_guard_end();
    return code;
}

enum glpk_outcome glpk_mip_solve(struct glpk_mip *mip, struct budget *budget, int64_t max_nodes,
                                 const int64_t *start, int64_t *x, int64_t *bound)
{
    struct tree_watch watch = {
        .mip = mip, .budget = budget, .start = start, .max_nodes = max_nodes, .bound = 1e18};
    if (mip->prob) {
        watch.last_iterations = glp_get_it_cnt(mip->prob);
        watch.bound = glp_get_obj_val(mip->prob);
    }
    int code = run_tree(mip, &watch);
    int status = mip->prob ? glp_mip_status(mip->prob) : GLP_UNDEF;
    *bound = (int64_t)floor(watch.bound + 1e-4);
    if (status == GLP_OPT || status == GLP_FEAS)
        glpk_mip_read(mip, glp_mip_col_val, x);
    else
        memcpy(x, start, mip->model->n_columns * sizeof *x);
    if (watch.is_stopped || code == GLP_ETMLIM || code == GLP_ESTOP)
        return GLPK_LIMIT;
    return code == 0 && status != GLP_UNDEF ? GLPK_DONE : GLPK_FAILED;
}
