/* glpk_lp.c - see glpk_lp.h. Settings: docs/solver.md. */
#include "solver/glpk_lp.h"

#include "models/alloc.h"
#include "solver/glpk_guard.h"

#include <glpk.h>
#include <stdlib.h>
#include <string.h>

void glpk_lp_init(struct glpk_lp *lp, size_t most_rows)
{
    *lp = (struct glpk_lp){0};
    lp->rows = alloc_zero(most_rows + 1, sizeof *lp->rows);
    lp->dual = alloc_zero(most_rows + 1, sizeof *lp->dual);
}

void glpk_lp_clear(struct glpk_lp *lp)
{
    free(lp->rows);
    free(lp->columns);
    free(lp->dual);
    free(lp->amount);
}

void glpk_lp_empty(struct glpk_lp *lp)
{
    lp->n_rows = lp->n_columns = 0;
}

void glpk_lp_add_row(struct glpk_lp *lp, double most, int is_exact, int is_basic)
{
    lp->rows[lp->n_rows++] = (struct glpk_lp_row){most, is_exact, is_basic};
}

void glpk_lp_add_column(struct glpk_lp *lp, const struct glpk_lp_column *column)
{
    ALLOC_GROW(lp->columns, lp->n_columns, lp->room_columns);
    lp->columns[lp->n_columns++] = *column;
}

static void load(const struct glpk_lp *lp, glp_prob *prob)
{
    const double ones[3] = {0, 1, 1};
    glp_set_obj_dir(prob, GLP_MAX);
    glp_add_rows(prob, (int)lp->n_rows);
    for (size_t r = 0; r < lp->n_rows; r++) {
        const struct glpk_lp_row *row = &lp->rows[r];
        int number = (int)r + 1;
        glp_set_row_bnds(prob, number, row->is_exact ? GLP_FX : GLP_UP, row->most, row->most);
        glp_set_row_stat(prob, number, row->is_basic ? GLP_BS : GLP_NU);
    }
    glp_add_cols(prob, (int)lp->n_columns);
    for (size_t c = 0; c < lp->n_columns; c++) {
        const struct glpk_lp_column *column = &lp->columns[c];
        int number = (int)c + 1;
        const int rows[3] = {0, (int)column->rows[0] + 1, (int)column->rows[1] + 1};
        glp_set_col_bnds(prob, number, GLP_LO, 0, 0);
        glp_set_obj_coef(prob, number, column->gain);
        glp_set_mat_col(prob, number, 2, rows, ones);
        glp_set_col_stat(prob, number, column->is_basic ? GLP_BS : GLP_NL);
    }
}

static void run(struct glpk_lp *lp, glp_prob *prob, struct budget *budget)
{
    glp_smcp control;
    glp_init_smcp(&control);
    control.msg_lev = GLP_MSG_OFF;
    control.meth = GLP_PRIMAL;
    control.presolve = GLP_OFF;
    control.it_lim = budget_work_left(budget, glpk_guard_iterations(prob));
    control.tm_lim = budget_ms_left(budget, INT32_MAX);
    int rc = glp_simplex(prob, &control);
    budget->work += glp_get_it_cnt(prob);
    lp->is_optimal = rc == 0 && glp_get_status(prob) == GLP_OPT;
    lp->is_feasible = glp_get_prim_stat(prob) == GLP_FEAS;
    lp->value = glp_get_obj_val(prob);
    for (size_t r = 0; r < lp->n_rows; r++)
        lp->dual[r] = glp_get_row_dual(prob, (int)r + 1);
    for (size_t c = 0; c < lp->n_columns; c++)
        lp->amount[c] = glp_get_col_prim(prob, (int)c + 1);
}

/* Everything that calls GLPK; a fatal error in there leaves by longjmp, and GLPK's memory as a
 * whole goes. */
static void guarded_solve(struct glpk_lp *lp, struct budget *budget)
{
    jmp_buf trouble;
    glpk_guard_begin(&trouble);
    if (setjmp(trouble)) {
        lp->is_optimal = lp->is_feasible = 0;
        glp_free_env();
        return;
    }
    glp_prob *prob = glp_create_prob();
    load(lp, prob);
    run(lp, prob, budget);
    glp_delete_prob(prob);
    glpk_guard_end();
}

void glpk_lp_solve(struct glpk_lp *lp, struct budget *budget)
{
    lp->is_optimal = lp->is_feasible = !lp->n_columns; /* then there is nothing to decide */
    lp->value = 0;
    memset(lp->dual, 0, lp->n_rows * sizeof *lp->dual);
    free(lp->amount);
    lp->amount = alloc_zero(lp->n_columns + 1, sizeof *lp->amount);
    if (lp->n_columns)
        guarded_solve(lp, budget);
}
