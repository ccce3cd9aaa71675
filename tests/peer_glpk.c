/* peer_glpk.c - see peer_glpk.h. */
#include "tests/peer_glpk.h"

#include "models/alloc.h"
#include "solver/model.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

/* GLPK keeps a row to 1e-8 of its value and 1e-7: of greater ones it gives away a whole unit. */
static const double kept_exactly = 1e7;

static void load_rows(glp_prob *mip, const struct model *model)
{
    if (model->n_rows)
        glp_add_rows(mip, (int)model->n_rows);
    for (uint32_t i = 0; i < model->n_rows; i++) {
        const struct model_row *row = &model->rows[i];
        int type = row->lower == MODEL_NO_LOWER ? GLP_UP
                   : row->lower == row->upper   ? GLP_FX
                                                : GLP_DB;
        glp_set_row_bnds(mip, (int)i + 1, type, (double)row->lower, (double)row->upper);
    }
}

static void load_columns(glp_prob *mip, const struct model *model)
{
    size_t longest = model_longest(model);
    struct model_entry *entries = alloc_zero(longest, sizeof *entries);
    double *value = alloc_zero(longest + 1, sizeof *value);
    int *index = alloc_zero(longest + 1, sizeof *index);
    if (model->n_columns)
        glp_add_cols(mip, (int)model->n_columns);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        int n = (int)model_column_entries(model, j, entries);
        for (int e = 0; e < n; e++) {
            index[e + 1] = (int)entries[e].row + 1;
            value[e + 1] = (double)entries[e].value;
        }
        double upper = (double)model->columns[j].upper;
        glp_set_col_kind(mip, (int)j + 1, GLP_IV);
        glp_set_col_bnds(mip, (int)j + 1, upper > 0 ? GLP_DB : GLP_FX, 0, upper);
        glp_set_mat_col(mip, (int)j + 1, n, index, value);
    }
    free(entries);
    free(value);
    free(index);
}

/* A row that keeps the value from now on. */
static void keep_value(glp_prob *mip, const struct model *model, const int64_t *gain, double value)
{
    int *index = alloc_zero((size_t)model->n_columns + 1, sizeof *index), n = 0;
    double *entry = alloc_zero((size_t)model->n_columns + 1, sizeof *entry);
    for (uint32_t j = 0; j < model->n_columns; j++)
        if (gain[j]) {
            index[++n] = (int)j + 1;
            entry[n] = (double)gain[j];
        }
    int row = glp_add_rows(mip, 1);
    glp_set_row_bnds(mip, row, GLP_FX, value, value);
    glp_set_mat_row(mip, row, n, index, entry);
    free(index);
    free(entry);
}

static int run_stage(glp_prob *mip, const struct model *model, int seconds, const int64_t *gain,
                     double *value)
{
    glp_iocp parm;
    for (uint32_t j = 0; j < model->n_columns; j++)
        glp_set_obj_coef(mip, (int)j + 1, (double)gain[j]);
    glp_init_iocp(&parm);
    parm.msg_lev = GLP_MSG_OFF;
    parm.presolve = GLP_ON;
    parm.tol_obj = 1e-9;
    parm.tm_lim = seconds * 1000;
    if (glp_intopt(mip, &parm) != 0 || glp_mip_status(mip) != GLP_OPT)
        return -1;
    *value = rint(glp_mip_obj_val(mip));
    return 0;
}

int peer_glpk_values(const struct problem *problem, int seconds, int64_t values[OBJECTIVE_COUNT])
{
    struct model *model = model_new(problem);
    glp_term_out(GLP_OFF);
    glp_prob *mip = glp_create_prob();
    int result = 0;
    glp_set_obj_dir(mip, GLP_MAX);
    load_rows(mip, model);
    load_columns(mip, model);
    for (size_t k = 0; k < problem->n_objectives && result == 0; k++) {
        int64_t *gain = model_gains(model, k);
        double value = 0;
        result = model->n_columns ? run_stage(mip, model, seconds, gain, &value) : 0;
        keep_value(mip, model, gain, value);
        result = fabs(value) > kept_exactly ? -1 : result;
        values[k] = (int64_t)(words_objective_is_max(problem->objectives[k]) ? value : -value);
        free(gain);
    }
    glp_delete_prob(mip);
    model_free(model);
    return result;
}
