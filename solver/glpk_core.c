/* glpk_core.c - see glpk_core.h. */
#include "solver/glpk_core.h"

#include "models/alloc.h"
#include "solver/core_basis.h"
#include "solver/glpk_guard.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A simplex that takes more iterations (beside two for every row) goes round in circles; another
 * kind, a fresh basis or less care gets out of them. */
enum { LONG = 1000 };

/* Less beyond a limit is rounding. */
static const double least_off = 1e-7;
/* So are prices, beside the greatest one. */
static const double least_price = 1e-9;

struct glpk_core {
    const struct core *core;
    struct glpk_mip *mip;
    glp_prob *prob; /* NULL after a fatal error */
    jmp_buf trouble;
    int *inside;            /* per column of the core: its number in GLPK, 0 = not in */
    uint32_t *column_of;    /* per number in GLPK */
    int64_t *lower, *upper; /* per number in GLPK, as GLPK knows them */
    int *index;
    double *value;
};

static void set_row(struct glpk_core *lp, uint32_t row)
{
    const struct core_row *at = &lp->core->rows[row];
    int type = at->lower == MODEL_NO_LOWER ? GLP_UP : at->lower == at->upper ? GLP_FX : GLP_DB;
    glp_set_row_bnds(lp->prob, (int)row + 1, type, (double)at->lower, (double)at->upper);
}

void glpk_core_sync_row(struct glpk_core *lp, uint32_t row)
{
    if (lp->prob)
        set_row(lp, row);
}

void glpk_core_sync_column(struct glpk_core *lp, uint32_t column)
{
    if (lp->prob && lp->inside[column])
        glp_set_obj_coef(lp->prob, lp->inside[column], (double)lp->core->columns[column].gain);
}

void glpk_core_sync_base(struct glpk_core *lp)
{
    if (lp->prob)
        glp_set_obj_coef(lp->prob, 0, (double)lp->core->base);
}

static size_t longest_column(const struct core *core)
{
    size_t longest = 0;
    for (uint32_t j = 0; j < core->n_columns; j++)
        if (core->first[j + 1] - core->first[j] > longest)
            longest = core->first[j + 1] - core->first[j];
    return longest;
}

struct glpk_core *glpk_core_new(const struct core *core, struct glpk_mip *mip)
{
    struct glpk_core *lp = alloc_zero(1, sizeof *lp);
    size_t n = (size_t)core->n_columns + 1, longest = longest_column(core) + 1;
    size_t widest = longest > (size_t)core->n_rows + 1 ? longest : (size_t)core->n_rows + 1;
    lp->core = core;
    lp->mip = mip;
    lp->inside = alloc_zero(n, sizeof *lp->inside);
    lp->column_of = alloc_zero(n, sizeof *lp->column_of);
    lp->lower = alloc_zero(n, sizeof *lp->lower);
    lp->upper = alloc_zero(n, sizeof *lp->upper);
    lp->index = alloc_zero(longest, sizeof *lp->index);
    lp->value = alloc_zero(widest, sizeof *lp->value);
    lp->prob = glpk_guard_new();
    glp_set_obj_dir(lp->prob, GLP_MAX);
    glpk_core_sync_base(lp);
    if (core->n_rows)
        glp_add_rows(lp->prob, (int)core->n_rows);
    for (uint32_t row = 0; row < core->n_rows; row++)
        set_row(lp, row);
    return lp;
}

void glpk_core_free(struct glpk_core *lp)
{
    if (!lp)
        return;
    if (lp->prob)
        glp_delete_prob(lp->prob);
    free(lp->inside);
    free(lp->column_of);
    free(lp->lower);
    free(lp->upper);
    free(lp->index);
    free(lp->value);
    free(lp);
}

static void set_column(struct glpk_core *lp, int number, int64_t lower, int64_t upper)
{
    lp->lower[number] = lower;
    lp->upper[number] = upper;
    glp_set_col_bnds(lp->prob, number, upper > lower ? GLP_DB : GLP_FX, (double)lower,
                     (double)upper);
}

void glpk_core_add(struct glpk_core *lp, uint32_t column)
{
    const struct core *core = lp->core;
    const struct core_column *at = &core->columns[column];
    int n = 0;
    if (!lp->prob || lp->inside[column])
        return;
    int number = glp_add_cols(lp->prob, 1);
    lp->inside[column] = number;
    lp->column_of[number] = column;
    set_column(lp, number, at->lower, at->upper);
    glp_set_obj_coef(lp->prob, number, (double)at->gain);
    for (size_t e = core->first[column]; e < core->first[column + 1]; e++) {
        lp->index[++n] = (int)core->entries[e].row + 1;
        lp->value[n] = (double)core->entries[e].value;
    }
    glp_set_mat_col(lp->prob, number, n, lp->index, lp->value);
}

int glpk_core_has(const struct glpk_core *lp, uint32_t column)
{
    return lp->inside[column] != 0;
}

static int n_inside(const struct glpk_core *lp)
{
    return lp->prob ? glp_get_num_cols(lp->prob) : 0;
}

/* What is nothing among prices that great. */
static double price_tolerance(const struct core *core, const struct glpk_mip *mip)
{
    double most = 0;
    for (uint32_t i = 0; i < core->model->n_rows; i++)
        most = fmax(most, fabs(glpk_mip_price(mip, i)));
    return most * least_price;
}

/* A column that pays for a row that is not in the core is worth that much more in the core: it
 * stands at its limit there. */
static void release_columns(const struct core *core, const struct glpk_mip *mip,
                            unsigned char *column_basic)
{
    const struct model *model = core->model;
    double tolerance = price_tolerance(core, mip);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        double pays = 0;
        if (core->inside[j] == MODEL_NONE || !column_basic[core->inside[j]])
            continue;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (core->row_inside[model->entries[e].row] == MODEL_NONE)
                pays +=
                    glpk_mip_price(mip, model->entries[e].row) * (double)model->entries[e].value;
        if (fabs(pays) > tolerance)
            column_basic[core->inside[j]] = 0;
    }
}

/* A sum is basic in its row. */
static int is_basic(const struct glpk_core *lp, uint32_t origin)
{
    return origin == MODEL_NONE || glpk_mip_is_basic(lp->mip, origin);
}

void glpk_core_start(struct glpk_core *lp)
{
    const struct core *core = lp->core;
    struct glpk_mip *mip = lp->mip;
    if (!lp->prob)
        return;
    if (glpk_mip_price_again(mip) < 0) {
        lp->prob = NULL;
        return;
    }
    unsigned char *column_basic = alloc_zero((size_t)core->n_columns + 1, 1);
    unsigned char *row_basic = alloc_zero((size_t)core->n_rows + 1, 1);
    for (uint32_t i = 0; i < core->n_rows; i++)
        row_basic[i] =
            core->rows[i].origin != MODEL_NONE && glpk_mip_is_basic_row(mip, core->rows[i].origin);
    for (uint32_t j = 0; j < core->n_columns; j++)
        column_basic[j] = lp->inside[j] && is_basic(lp, core->columns[j].origin);
    release_columns(core, mip, column_basic);
    core_basis_repair(core, column_basic, row_basic);
    for (uint32_t i = 0; i < core->n_rows; i++)
        glp_set_row_stat(lp->prob, (int)i + 1, row_basic[i] ? GLP_BS : GLP_NU);
    for (int n = 1; n <= n_inside(lp); n++) {
        uint32_t j = lp->column_of[n];
        uint32_t origin = core->columns[j].origin;
        double value = origin == MODEL_NONE ? 0 : glpk_mip_value(mip, origin);
        int beside = value > (double)(lp->lower[n] + lp->upper[n]) / 2 ? GLP_NU : GLP_NL;
        glp_set_col_stat(lp->prob, n, column_basic[j] ? GLP_BS : beside);
    }
    free(column_basic);
    free(row_basic);
}

/* -- solving -- */

static void set_limits(struct glpk_core *lp, const struct core_limits *limits)
{
    for (int n = 1; n <= n_inside(lp); n++) {
        uint32_t j = lp->column_of[n];
        if (lp->lower[n] != limits->lower[j] || lp->upper[n] != limits->upper[j])
            set_column(lp, n, limits->lower[j], limits->upper[j]);
    }
}

static enum glpk_outcome outcome_of(glp_prob *prob, int code)
{
    if (code == GLP_ETMLIM || code == GLP_EITLIM || code == GLP_EOBJLL)
        return GLPK_LIMIT;
    if (code == 0 && glp_get_status(prob) == GLP_NOFEAS)
        return GLPK_EMPTY;
    return code == 0 && glp_get_status(prob) == GLP_OPT ? GLPK_DONE : GLPK_FAILED;
}

static enum glpk_outcome run(struct glpk_core *lp, int method, double enough, int iterations,
                             double tolerance, struct budget *budget)
{
    glp_smcp parm;
    if (!lp->prob)
        return GLPK_FAILED;
    if (setjmp(lp->trouble)) {
        glp_free_env();
        lp->prob = NULL;
        if (lp->mip)
            glpk_mip_lose(lp->mip);
        return GLPK_FAILED;
    }
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.meth = method;
    parm.tol_bnd = tolerance;
    parm.tol_dj = 1e-8;
    parm.obj_ll = enough;
    parm.tm_lim = budget_ms_left(budget, INT_MAX);
    parm.it_lim = budget_work_left(budget, iterations ? iterations : INT_MAX);
    int before = glp_get_it_cnt(lp->prob);
    glpk_guard_begin(&lp->trouble);
    int code = glp_simplex(lp->prob, &parm);
    glpk_guard_end();
    budget->work += glp_get_it_cnt(lp->prob) - before;
    return outcome_of(lp->prob, code);
}

/* By how much a basic variable with these limits is below (above 0) or above (below 0) them. */
static double off_limits(int type, double value, double lower, double upper)
{
    int has_lower = type == GLP_LO || type == GLP_DB || type == GLP_FX;
    int has_upper = type == GLP_UP || type == GLP_DB || type == GLP_FX;
    if (has_lower && value < lower)
        return lower - value;
    return has_upper && value > upper ? upper - value : 0;
}

static double row_off_limits(glp_prob *prob, int i)
{
    return off_limits(glp_get_row_type(prob, i), glp_get_row_prim(prob, i), glp_get_row_lb(prob, i),
                      glp_get_row_ub(prob, i));
}

static double column_off_limits(glp_prob *prob, int j)
{
    return off_limits(glp_get_col_type(prob, j), glp_get_col_prim(prob, j), glp_get_col_lb(prob, j),
                      glp_get_col_ub(prob, j));
}

/* The dual simplex ends at one variable that cannot get within its limits; the primal simplex (it
 * comes in where the dual one is lost) at the least sum of what is beyond the limits. Returns how
 * many there are. */
static int mark_trouble(struct glpk_core *lp, double sign)
{
    int rows = (int)lp->core->n_rows, n = 0;
    if (!lp->prob || !glp_bf_exists(lp->prob))
        return 0;
    int basic = glp_get_unbnd_ray(lp->prob);
    for (int place = 1; place <= rows; place++) {
        int k = glp_get_bhead(lp->prob, place);
        double off = basic       ? k == basic
                     : k <= rows ? row_off_limits(lp->prob, k)
                                 : column_off_limits(lp->prob, k - rows);
        lp->value[place] = off > least_off ? sign : off < -least_off ? -sign : 0;
        n += lp->value[place] < 0 || lp->value[place] > 0;
    }
    return n;
}

/* One after the other until there is an answer that can be used. Where the simplex says that
 * nothing is left though all is as near to its limits as rounding lets it be, it asked for too
 * much. */
static const struct way {
    int method, is_fresh; /* a fresh basis often gets around a singular one */
    double tolerance;
} ways[] = {{GLP_DUALP, 0, 1e-8},
            {GLP_PRIMAL, 0, 1e-8},
            {GLP_DUALP, 1, 1e-8},
            {GLP_PRIMAL, 0, 1e-6},
            {GLP_DUALP, 1, 1e-6}};

/* Not when it went round in circles or has nothing to show for nothing left. */
static int is_answer(struct glpk_core *lp, enum glpk_outcome outcome, int is_long)
{
    if (outcome == GLPK_EMPTY)
        return mark_trouble(lp, 1) > 0;
    return outcome == GLPK_DONE || (outcome == GLPK_LIMIT && !is_long);
}

enum glpk_outcome glpk_core_solve(struct glpk_core *lp, const struct core_limits *limits,
                                  double enough, int iterations, struct budget *budget)
{
    int most = iterations ? iterations : LONG + 2 * (int)lp->core->n_rows;
    enum glpk_outcome outcome = GLPK_FAILED;
    set_limits(lp, limits);
    for (size_t i = 0; i < sizeof ways / sizeof *ways && lp->prob; i++) {
        int64_t before = budget->work;
        if (ways[i].is_fresh)
            glp_std_basis(lp->prob);
        outcome = run(lp, ways[i].method, enough, most, ways[i].tolerance, budget);
        int is_long = !iterations && budget->work - before >= most && !budget_is_spent(budget);
        if (is_answer(lp, outcome, is_long))
            return outcome;
    }
    return outcome == GLPK_LIMIT ? GLPK_FAILED : outcome;
}

void glpk_core_duals(const struct glpk_core *lp, double *duals)
{
    for (uint32_t row = 0; row < lp->core->n_rows; row++)
        duals[row] = lp->prob ? glp_get_row_dual(lp->prob, (int)row + 1) : 0;
}

void glpk_core_values(const struct glpk_core *lp, double *values)
{
    for (uint32_t j = 0; j < lp->core->n_columns; j++)
        values[j] = lp->prob && lp->inside[j] ? glp_get_col_prim(lp->prob, lp->inside[j]) : 0;
}

int glpk_core_ray(struct glpk_core *lp, double sign, double *duals)
{
    int rows = (int)lp->core->n_rows;
    if (mark_trouble(lp, sign) == 0)
        return -1;
    glp_btran(lp->prob, lp->value);
    for (int row = 0; row < rows; row++)
        duals[row] = lp->value[row + 1];
    return 0;
}
