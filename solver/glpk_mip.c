/* glpk_mip.c - see glpk_mip.h. */
#include "solver/glpk_mip.h"

#include "solver/glpk_guard.h"
#include "solver/glpk_mip_inside.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* From a good basis (or one from before a few cuts) the simplex takes few iterations; one that
 * hardly moves in so many (beside one for every second row) goes round in circles, and the other
 * kind (primal, dual) gets out of them. */
enum { LONG = 300 };
static const double least_move = 1e-7; /* of the objective */

/* -- fatal errors -- */

void glpk_mip_lose(struct glpk_mip *mip)
{
    mip->prob = NULL;
}

void glpk_mip_give_up(struct glpk_mip *mip)
{
    glp_free_env();
    glpk_mip_lose(mip);
}

/* -- loading -- */

static int is_out(const struct glpk_mip *mip, uint32_t row)
{
    return mip->model->rows[row].kind == MODEL_ROW_CUT && !mip->uses_cuts;
}

static void set_row_bounds(struct glpk_mip *mip, uint32_t row)
{
    const struct model_row *at = &mip->model->rows[row];
    int type = at->lower == MODEL_NO_LOWER ? GLP_UP : at->lower == at->upper ? GLP_FX : GLP_DB;
    if (is_out(mip, row))
        type = GLP_FR;
    glp_set_row_bnds(mip->prob, mip->row_inside[row], type, (double)at->lower, (double)at->upper);
}

static void need_row(struct glpk_mip *mip, uint32_t row)
{
    if (mip->row_inside[row])
        return;
    mip->row_inside[row] = glp_add_rows(mip->prob, 1);
    set_row_bounds(mip, row);
}

int glpk_mip_has_row(const struct glpk_mip *mip, uint32_t row)
{
    return mip->row_inside[row] != 0;
}

static void set_basis(struct glpk_mip *mip, const unsigned char *column_basic,
                      const unsigned char *row_basic)
{
    for (uint32_t row = 0; row < mip->n_rows; row++)
        if (mip->row_inside[row])
            glp_set_row_stat(mip->prob, mip->row_inside[row], row_basic[row] ? GLP_BS : GLP_NU);
    for (uint32_t j = 0; j < mip->model->n_columns; j++)
        if (mip->inside[j])
            glp_set_col_stat(mip->prob, mip->inside[j], column_basic[j] ? GLP_BS : GLP_NL);
}

void glpk_mip_begin(struct glpk_mip *mip, const unsigned char *column_basic,
                    const unsigned char *row_basic, int is_dual)
{
    if (!mip->prob)
        return;
    set_basis(mip, column_basic, row_basic);
    mip->needs_dual = is_dual;
    mip->is_near = 1;
}

static void add_excess(struct glpk_mip *mip, uint32_t row, double price)
{
    int number = glp_add_cols(mip->prob, 1), index[] = {0, mip->row_inside[row]};
    double value[] = {0, -1};
    glp_set_mat_col(mip->prob, number, 1, index, value);
    glp_set_col_bnds(mip->prob, number, GLP_FX, 0, 0);
    glp_set_obj_coef(mip->prob, number, -price);
    glp_set_col_stat(mip->prob, number, GLP_BS);
    glp_set_row_stat(mip->prob, mip->row_inside[row], GLP_NU);
    mip->excess[mip->n_excess++] = row;
}

/* What is still in the basis is as good there as the slack of its row. */
static void drop_excess(struct glpk_mip *mip)
{
    if (!mip->n_excess || !mip->prob)
        return;
    int first = glp_get_num_cols(mip->prob) - (int)mip->n_excess + 1;
    int *numbers = alloc_zero((size_t)mip->n_excess + 1, sizeof *numbers);
    for (int n = 0; n < (int)mip->n_excess; n++) {
        numbers[n + 1] = first + n;
        if (glp_get_col_stat(mip->prob, first + n) == GLP_BS)
            glp_set_row_stat(mip->prob, mip->row_inside[mip->excess[n]], GLP_BS);
    }
    glp_del_cols(mip->prob, (int)mip->n_excess, numbers);
    mip->n_excess = 0;
    free(numbers);
}

void glpk_mip_begin_priced(struct glpk_mip *mip, const unsigned char *column_basic,
                           const unsigned char *row_basic, const double *price)
{
    if (!mip->prob)
        return;
    set_basis(mip, column_basic, row_basic);
    mip->excess = alloc_resize(mip->excess, mip->model->most_rows, sizeof *mip->excess);
    for (uint32_t row = 0; row < mip->n_rows; row++)
        if (mip->row_inside[row] && row_basic[row] && price[row] > 0)
            add_excess(mip, row, price[row]);
    mip->needs_dual = 1;
}

void glpk_mip_mark(struct glpk_mip *mip)
{
    if (!mip->prob)
        return;
    size_t most_rows = mip->model->most_rows;
    free(mip->marked);
    mip->marked = alloc_zero(most_rows + mip->model->n_columns, 1);
    for (uint32_t row = 0; row < mip->n_rows; row++)
        if (mip->row_inside[row])
            mip->marked[row] = (signed char)glp_get_row_stat(mip->prob, mip->row_inside[row]);
    for (uint32_t j = 0; j < mip->model->n_columns; j++)
        if (mip->inside[j])
            mip->marked[most_rows + j] = (signed char)glp_get_col_stat(mip->prob, mip->inside[j]);
}

int glpk_mip_return(struct glpk_mip *mip)
{
    size_t most_rows = mip->model->most_rows;
    if (!mip->prob || !mip->marked)
        return 0;
    for (uint32_t row = 0; row < mip->n_rows; row++)
        if (mip->row_inside[row])
            glp_set_row_stat(mip->prob, mip->row_inside[row],
                             mip->marked[row] ? mip->marked[row] : GLP_BS);
    for (uint32_t j = 0; j < mip->model->n_columns; j++)
        if (mip->inside[j])
            glp_set_col_stat(mip->prob, mip->inside[j],
                             mip->marked[most_rows + j] ? mip->marked[most_rows + j] : GLP_NL);
    mip->needs_dual = 1;
    free(mip->marked);
    mip->marked = NULL;
    return 1;
}

int glpk_mip_is_basic(const struct glpk_mip *mip, uint32_t column)
{
    return mip->prob && mip->inside[column] &&
           glp_get_col_stat(mip->prob, mip->inside[column]) == GLP_BS;
}

double glpk_mip_value(const struct glpk_mip *mip, uint32_t column)
{
    return mip->prob && mip->inside[column] ? glp_get_col_prim(mip->prob, mip->inside[column]) : 0;
}

int glpk_mip_is_basic_row(const struct glpk_mip *mip, uint32_t row)
{
    return !mip->prob || !mip->row_inside[row] ||
           glp_get_row_stat(mip->prob, mip->row_inside[row]) == GLP_BS;
}

double glpk_mip_price(const struct glpk_mip *mip, uint32_t row)
{
    return mip->prob && mip->row_inside[row] ? glp_get_row_dual(mip->prob, mip->row_inside[row])
                                             : 0;
}

int glpk_mip_price_again(struct glpk_mip *mip)
{
    if (!mip->prob)
        return -1;
    if (setjmp(mip->trouble)) {
        glpk_mip_give_up(mip);
        return -1;
    }
    glpk_guard_begin(&mip->trouble);
    glp_warm_up(mip->prob);
    glpk_guard_end();
    return 0;
}

/* Where it stands in the basis; 0 = nowhere. */
static int place_of(const struct glpk_mip *mip, uint32_t which)
{
    uint32_t n_columns = mip->model->n_columns;
    if (!mip->prob || !glp_bf_exists(mip->prob))
        return 0;
    int number = which < n_columns ? mip->inside[which] : mip->row_inside[which - n_columns];
    if (number == 0)
        return 0;
    return which < n_columns ? glp_get_col_bind(mip->prob, number)
                             : glp_get_row_bind(mip->prob, number);
}

int glpk_mip_inverse(const struct glpk_mip *mip, uint32_t which, double *multipliers)
{
    int place = place_of(mip, which);
    if (place == 0)
        return -1;
    double *work = alloc_zero((size_t)glp_get_num_rows(mip->prob) + 1, sizeof *work);
    work[place] = 1;
    glp_btran(mip->prob, work);
    for (uint32_t row = 0; row < mip->n_rows; row++)
        multipliers[row] = mip->row_inside[row] ? work[mip->row_inside[row]] : 0;
    free(work);
    return 0;
}

static void make_room(struct glpk_mip *mip)
{
    size_t longest = model_longest(mip->model);
    mip->entries = alloc_resize(mip->entries, longest, sizeof *mip->entries);
    mip->index = alloc_resize(mip->index, longest + 1, sizeof *mip->index);
    mip->value = alloc_resize(mip->value, longest + 1, sizeof *mip->value);
}

struct glpk_mip *glpk_mip_new(const struct model *model)
{
    struct glpk_mip *mip = alloc_zero(1, sizeof *mip);
    mip->model = model;
    mip->row_inside = alloc_zero(model->most_rows, sizeof *mip->row_inside);
    mip->n_rows = model->n_rows;
    mip->inside = alloc_zero(model->n_columns, sizeof *mip->inside);
    make_room(mip);
    mip->prob = glpk_guard_new();
    glp_set_obj_dir(mip->prob, GLP_MAX);
    return mip;
}

void glpk_mip_free(struct glpk_mip *mip)
{
    if (!mip)
        return;
    if (mip->prob)
        glp_delete_prob(mip->prob);
    free(mip->inside);
    free(mip->row_inside);
    free(mip->column_of);
    free(mip->entries);
    free(mip->index);
    free(mip->value);
    free(mip->excess);
    free(mip->marked);
    free(mip);
}

static int load_entries(struct glpk_mip *mip, uint32_t column)
{
    int n = (int)model_column_entries(mip->model, column, mip->entries);
    for (int e = 0; e < n; e++) {
        need_row(mip, mip->entries[e].row);
        mip->index[e + 1] = mip->row_inside[mip->entries[e].row];
        mip->value[e + 1] = (double)mip->entries[e].value;
    }
    return n;
}

static int n_inside(const struct glpk_mip *mip)
{
    return mip->prob ? glp_get_num_cols(mip->prob) : 0;
}

static void set_column_bounds(struct glpk_mip *mip, uint32_t column, int is_alive)
{
    const struct model_column *at = &mip->model->columns[column];
    double lower = is_alive ? (double)at->lower : 0, upper = is_alive ? (double)at->upper : 0;
    glp_set_col_bnds(mip->prob, mip->inside[column], upper > lower ? GLP_DB : GLP_FX, lower, upper);
}

void glpk_mip_add(struct glpk_mip *mip, uint32_t column)
{
    if (!mip->prob || mip->inside[column])
        return;
    int number = glp_add_cols(mip->prob, 1);
    if ((uint32_t)number >= mip->room) {
        mip->room = mip->room ? mip->room * 2 : 1024;
        mip->column_of = alloc_resize(mip->column_of, mip->room, sizeof *mip->column_of);
    }
    mip->inside[column] = number;
    mip->column_of[number] = column;
    set_column_bounds(mip, column, 1);
    /* integer by type, not GLP_BV, which would reset the limits */
    glp_set_col_kind(mip->prob, number, GLP_IV);
    glp_set_obj_coef(mip->prob, number, mip->gain ? (double)mip->gain[column] : 0);
    glp_set_mat_col(mip->prob, number, load_entries(mip, column), mip->index, mip->value);
}

int glpk_mip_has(const struct glpk_mip *mip, uint32_t column)
{
    return mip->inside[column] != 0;
}

void glpk_mip_set_alive(struct glpk_mip *mip, const unsigned char *alive)
{
    for (int n = 1; n <= n_inside(mip); n++)
        set_column_bounds(mip, mip->column_of[n], alive[mip->column_of[n]]);
}

static void reload_columns(struct glpk_mip *mip)
{
    make_room(mip);
    for (int n = 1; n <= n_inside(mip); n++)
        glp_set_mat_col(mip->prob, n, load_entries(mip, mip->column_of[n]), mip->index, mip->value);
}

void glpk_mip_sync_rows(struct glpk_mip *mip)
{
    uint32_t before = mip->n_rows, now = mip->model->n_rows;
    if (!mip->prob)
        return;
    mip->n_rows = now;
    for (uint32_t row = 0; row < now; row++)
        if (mip->row_inside[row])
            set_row_bounds(mip, row);
    if (now != before)
        reload_columns(mip);
}

void glpk_mip_use_cuts(struct glpk_mip *mip, int uses_cuts)
{
    mip->uses_cuts = uses_cuts;
    mip->needs_dual = uses_cuts;
    glpk_mip_sync_rows(mip);
    if (uses_cuts && mip->prob)
        reload_columns(mip);
}

void glpk_mip_objective(struct glpk_mip *mip, const int64_t *gain)
{
    mip->gain = gain;
    mip->needs_dual = 0;
    mip->is_fresh = 1;
    for (int n = 1; n <= n_inside(mip); n++)
        glp_set_obj_coef(mip->prob, n, (double)gain[mip->column_of[n]]);
}

/* -- relaxation -- */

static enum glpk_outcome simplex_outcome(glp_prob *prob, int code)
{
    if (code == GLP_ETMLIM || code == GLP_EITLIM)
        return GLPK_LIMIT;
    if (code == 0 && glp_get_status(prob) == GLP_NOFEAS)
        return GLPK_EMPTY;
    return code == 0 && glp_get_status(prob) == GLP_OPT ? GLPK_DONE : GLPK_FAILED;
}

/* `most` iterations at most, fewer where it goes round in circles or the budget ends. */
static enum glpk_outcome run_simplex(struct glpk_mip *mip, int method, int most,
                                     struct budget *budget)
{
    glp_smcp parm;
    if (!mip->prob)
        return GLPK_FAILED;
    if (setjmp(mip->trouble)) {
        glpk_mip_give_up(mip);
        return GLPK_FAILED;
    }
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.tol_bnd = 1e-8;
    parm.tol_dj = 1e-8;
    parm.meth = method;
    parm.tm_lim = budget_ms_left(budget, INT_MAX);
    int longest = glpk_guard_iterations(mip->prob);
    parm.it_lim = budget_work_left(budget, most < longest ? most : longest);
    int before = glp_get_it_cnt(mip->prob);
    glpk_guard_begin(&mip->trouble);
    int code = glp_simplex(mip->prob, &parm);
    glpk_guard_end();
    mip->needs_dual = 0;
    budget->work += glp_get_it_cnt(mip->prob) - before;
    return simplex_outcome(mip->prob, code);
}

int glpk_mip_read(const struct glpk_mip *mip, double (*read)(glp_prob *, int), int64_t *x)
{
    int whole = 1;
    for (uint32_t j = 0; j < mip->model->n_columns; j++) {
        double value = mip->inside[j] ? read(mip->prob, mip->inside[j]) : 0;
        x[j] = (int64_t)rint(value);
        whole = whole && fabs(value - rint(value)) <= 1e-6;
    }
    return whole;
}

static int has_more(enum glpk_outcome outcome, const struct budget *budget)
{
    return outcome == GLPK_LIMIT && !budget_is_spent(budget);
}

/* Is every basis nearer to the optimum? The primal simplex climbs to it, the dual one comes down.
 */
static int is_moving(const struct glpk_mip *mip, int method, double before)
{
    double now = mip->prob ? glp_get_obj_val(mip->prob) : before;
    double moved = method == GLP_PRIMAL ? now - before : before - now;
    int is_feasible =
        mip->prob && (method == GLP_PRIMAL ? glp_get_prim_stat(mip->prob) == GLP_FEAS
                                           : glp_get_dual_stat(mip->prob) == GLP_FEAS);
    return is_feasible && moved > least_move * (1 + fabs(before));
}

/* `most` iterations, and as many again as long as they move. */
static enum glpk_outcome run_while_moving(struct glpk_mip *mip, int method, int most,
                                          struct budget *budget)
{
    double before = method == GLP_PRIMAL ? -DBL_MAX : DBL_MAX;
    enum glpk_outcome outcome = run_simplex(mip, method, most, budget);
    while (has_more(outcome, budget) && is_moving(mip, method, before)) {
        before = glp_get_obj_val(mip->prob);
        outcome = run_simplex(mip, method, most, budget);
    }
    return outcome;
}

static enum glpk_outcome run_anyhow(struct glpk_mip *mip, struct budget *budget)
{
    int is_near = mip->is_near || (mip->uses_cuts && !mip->is_fresh);
    int most = is_near ? (int)mip->n_rows / 2 + LONG : INT_MAX;
    int method = mip->needs_dual ? GLP_DUALP : GLP_PRIMAL;
    enum glpk_outcome outcome = run_while_moving(mip, method, most, budget);
    if (has_more(outcome, budget))
        outcome = run_simplex(mip, method == GLP_DUALP ? GLP_PRIMAL : GLP_DUALP, most, budget);
    if ((outcome >= GLPK_EMPTY && mip->prob) || has_more(outcome, budget)) {
        glp_std_basis(mip->prob); /* often gets around a singular one */
        outcome = run_simplex(mip, GLP_PRIMAL, INT_MAX, budget);
    }
    mip->is_fresh = 0;
    return outcome;
}

int glpk_mip_is_near(const struct glpk_mip *mip)
{
    return mip->is_near;
}

enum glpk_outcome glpk_mip_relax(struct glpk_mip *mip, int most, struct budget *budget,
                                 double *duals, int64_t *x, int *whole)
{
    enum glpk_outcome outcome = GLPK_LIMIT;
    if (!budget_is_spent(budget))
        outcome = most < INT_MAX
                      ? run_simplex(mip, mip->needs_dual ? GLP_DUALP : GLP_PRIMAL, most, budget)
                      : run_anyhow(mip, budget);
    drop_excess(mip);
    int has_duals = mip->prob && glp_get_dual_stat(mip->prob) != GLP_UNDEF;
    for (uint32_t row = 0; row < mip->n_rows; row++)
        duals[row] = has_duals && mip->row_inside[row] && !is_out(mip, row)
                         ? glp_get_row_dual(mip->prob, mip->row_inside[row])
                         : 0;
    *whole = outcome == GLPK_DONE && glpk_mip_read(mip, glp_get_col_prim, x);
    return outcome;
}

/* -- writing -- */

static void name_everything(struct glpk_mip *mip)
{
    char name[MODEL_NAME];
    for (uint32_t row = 0; row < mip->model->n_rows; row++) {
        model_row_name(mip->model, row, name);
        need_row(mip, row);
        glp_set_row_name(mip->prob, mip->row_inside[row], name);
    }
    for (uint32_t j = 0; j < mip->model->n_columns; j++) {
        model_column_name(mip->model, j, name);
        glp_set_col_name(mip->prob, mip->inside[j], name);
    }
}

/* An MPS file has no place for the direction, and its readers minimise. */
static void turn_objective(struct glpk_mip *mip)
{
    glp_set_obj_dir(mip->prob, GLP_MIN);
    for (int column = 1; column <= glp_get_num_cols(mip->prob); column++)
        glp_set_obj_coef(mip->prob, column, -glp_get_obj_coef(mip->prob, column));
}

/* GLPK writes to named files alone, and does not look whether the last bytes of one fitted: this
 * one is memory. */
static int write_model(const struct glpk_mip *mip, int format, int fd)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    glpk_guard_begin(NULL); /* else it tells standard output what it writes */
    int failed = format == 'm' ? glp_write_mps(mip->prob, GLP_MPS_FILE, NULL, path)
                               : glp_write_lp(mip->prob, NULL, path);
    glpk_guard_end();
    return failed ? -1 : 0;
}

static int read_back(int fd, struct buffer *text)
{
    char piece[65536];
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) > 0)
        buffer_add(text, piece, (size_t)got);
    return got < 0 ? -1 : 0;
}

int glpk_mip_write(const struct model *model, const int64_t *gain, int format, struct buffer *text,
                   struct alm_error *err)
{
    struct glpk_mip *mip = glpk_mip_new(model);
    for (uint32_t j = 0; j < model->n_columns; j++)
        glpk_mip_add(mip, j);
    glpk_mip_objective(mip, gain);
    name_everything(mip);
    if (format == 'm')
        turn_objective(mip);
    int fd = memfd_create("model", MFD_CLOEXEC);
    int failed = fd < 0 || write_model(mip, format, fd) < 0 || read_back(fd, text) < 0;
    if (fd >= 0)
        close(fd);
    glpk_mip_free(mip);
    return failed ? err_set(err, ERR_UNAVAILABLE, "GLPK could not write the model") : 0;
}
