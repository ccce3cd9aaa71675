/* glpk_steps.c - see glpk_steps.h. */
#include "solver/glpk_steps.h"

#include "models/alloc.h"

#include <glpk.h>
#include <stdlib.h>
#include <string.h>

/* -- small parts -- */

const uint32_t *glpk_steps_columns(const struct glpk_master *master, struct glpk_alternative at)
{
    return master->arena + at.first;
}

struct glpk_alternative glpk_steps_keep(struct glpk_master *master, const uint32_t *columns,
                                        uint32_t n)
{
    struct glpk_alternative at = {master->n_arena, n};
    for (uint32_t c = 0; c < n; c++) {
        ALLOC_GROW(master->arena, master->n_arena, master->arena_room);
        master->arena[master->n_arena++] = columns[c];
    }
    return at;
}

int64_t glpk_steps_gain(const struct glpk_master *master, struct glpk_alternative at)
{
    int64_t gain = 0;
    for (uint32_t c = 0; c < at.n; c++)
        gain += master->gain[glpk_steps_columns(master, at)[c]];
    return gain;
}

double glpk_steps_worth(const struct glpk_master *master, struct glpk_alternative at)
{
    struct choices_prices prices = {master->price, master->gain, master->alive};
    double worth = 0;
    for (uint32_t c = 0; c < at.n; c++)
        worth += choices_worth(master->choices, &prices, glpk_steps_columns(master, at)[c]);
    return worth;
}

int glpk_steps_same(const struct glpk_master *master, struct glpk_alternative at,
                    const uint32_t *columns, uint32_t n)
{
    return at.n == n &&
           (n == 0 || memcmp(glpk_steps_columns(master, at), columns, n * sizeof *columns) == 0);
}

int glpk_steps_has(const struct glpk_master *master, uint32_t owner, const uint32_t *columns,
                   uint32_t n)
{
    if (glpk_steps_same(master, master->key[owner], columns, n))
        return 1;
    for (int s = master->newest[owner]; s; s = master->steps[s].next)
        if (glpk_steps_same(master, master->steps[s].to, columns, n))
            return 1;
    return 0;
}

/* -- rows -- */

void glpk_steps_limit_row(struct glpk_master *master, uint32_t row)
{
    const struct model_row *at = &master->model->rows[row];
    int number = master->row_inside[row];
    double upper = (double)(at->upper - master->base[row]);
    if (at->kind == MODEL_ROW_CUT && !master->uses_cuts)
        glp_set_row_bnds(master->prob, number, GLP_FR, 0, 0);
    else if (at->lower == MODEL_NO_LOWER)
        glp_set_row_bnds(master->prob, number, GLP_UP, 0, upper);
    else
        glp_set_row_bnds(master->prob, number, at->lower == at->upper ? GLP_FX : GLP_DB,
                         (double)(at->lower - master->base[row]), upper);
}

void glpk_steps_add_row(struct glpk_master *master, uint32_t row)
{
    master->row_inside[row] = glp_add_rows(master->prob, 1);
    glpk_steps_limit_row(master, row);
}

void glpk_steps_sum(struct glpk_master *master, const struct glpk_step *step)
{
    choices_sum_reset(&master->sum);
    if (step->column == MODEL_NONE) {
        choices_sum_row(&master->sum, (uint32_t)step->to.first, -1);
        return;
    }
    if (step->owner == PROBLEM_NONE) {
        choices_sum_add(master->choices, &step->column, 1, 1, &master->sum);
        return;
    }
    struct glpk_alternative key = master->key[step->owner];
    choices_sum_add(master->choices, glpk_steps_columns(master, step->to), step->to.n, 1,
                    &master->sum);
    choices_sum_add(master->choices, glpk_steps_columns(master, key), key.n, -1, &master->sum);
}

static int load_vector(struct glpk_master *master)
{
    int n = 0;
    if (master->vector_room < master->sum.n + 2) {
        master->vector_room = 2 * master->sum.n + 16;
        master->index = alloc_resize(master->index, master->vector_room, sizeof *master->index);
        master->value = alloc_resize(master->value, master->vector_room, sizeof *master->value);
    }
    for (size_t r = 0; r < master->sum.n; r++) {
        uint32_t row = master->sum.rows[r];
        if (!master->row_inside[row] || !master->sum.value[row])
            continue;
        master->index[++n] = master->row_inside[row];
        master->value[n] = (double)master->sum.value[row];
    }
    return n;
}

/* Coefficients of rows that have just come in (their numbers are above `before`). */
void glpk_steps_fill_rows(struct glpk_master *master, int before)
{
    int n_new = glp_get_num_rows(master->prob) - before;
    struct {
        int n, room, *index;
        double *value;
    } *rows = alloc_zero((size_t)n_new + 1, sizeof *rows);
    for (size_t s = 1; s < master->n_steps; s++) {
        glpk_steps_sum(master, &master->steps[s]);
        for (size_t r = 0; r < master->sum.n; r++) {
            uint32_t row = master->sum.rows[r];
            int at = master->row_inside[row] - before - 1;
            if (at < 0 || !master->sum.value[row])
                continue;
            if (rows[at].n + 2 > rows[at].room) {
                rows[at].room = 2 * rows[at].room + 16;
                rows[at].index = alloc_resize(rows[at].index, (size_t)rows[at].room, sizeof(int));
                rows[at].value =
                    alloc_resize(rows[at].value, (size_t)rows[at].room, sizeof(double));
            }
            rows[at].index[++rows[at].n] = (int)s;
            rows[at].value[rows[at].n] = (double)master->sum.value[row];
        }
    }
    for (int at = 0; at < n_new; at++) {
        if (rows[at].n)
            glp_set_mat_row(master->prob, before + 1 + at, rows[at].n, rows[at].index,
                            rows[at].value);
        free(rows[at].index);
        free(rows[at].value);
    }
    free(rows);
}

/* -- columns -- */

void glpk_steps_add_owner_row(struct glpk_master *master, uint32_t owner)
{
    int n = 0, room = 1;
    for (int s = master->newest[owner]; s; s = master->steps[s].next)
        room++;
    int *index = alloc_zero((size_t)room, sizeof *index);
    double *ones = alloc_zero((size_t)room, sizeof *ones);
    for (int s = master->newest[owner]; s; s = master->steps[s].next) {
        index[++n] = s;
        ones[n] = 1;
    }
    master->owner_row[owner] = glp_add_rows(master->prob, 1);
    glp_set_row_bnds(master->prob, master->owner_row[owner], GLP_UP, 0, 1);
    glp_set_mat_row(master->prob, master->owner_row[owner], n, index, ones);
    free(index);
    free(ones);
}

int glpk_steps_add_column(struct glpk_master *master, struct glpk_step step, double upper)
{
    int number = glp_add_cols(master->prob, 1);
    ALLOC_GROW(master->steps, master->n_steps, master->steps_room);
    master->steps[master->n_steps++] = step;
    glpk_steps_sum(master, &step);
    int n = load_vector(master);
    if (step.owner != PROBLEM_NONE && master->owner_row[step.owner]) {
        master->index[++n] = master->owner_row[step.owner];
        master->value[n] = 1;
    }
    glp_set_mat_col(master->prob, number, n, master->index, master->value);
    glp_set_col_bnds(master->prob, number, upper > 0 ? GLP_DB : GLP_FX, 0, upper);
    return number;
}

int glpk_steps_add(struct glpk_master *master, uint32_t owner, const uint32_t *columns, uint32_t n)
{
    struct glpk_step step = {
        .owner = owner, .to = glpk_steps_keep(master, columns, n), .next = master->newest[owner]};
    int number = glpk_steps_add_column(master, step, 1);
    glp_set_obj_coef(
        master->prob, number,
        (double)(glpk_steps_gain(master, step.to) - glpk_steps_gain(master, master->key[owner])));
    master->newest[owner] = number;
    return number;
}

void glpk_steps_add_rooms(struct glpk_master *master)
{
    const struct model *model = master->model;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        enum model_column_kind kind = model->columns[j].kind;
        if (kind != MODEL_COLUMN_WOMEN && kind != MODEL_COLUMN_MEN)
            continue;
        struct glpk_step step = {.owner = PROBLEM_NONE, .column = j};
        int number = glpk_steps_add_column(master, step, (double)model->columns[j].upper);
        master->room_inside[j] = number;
        if (kind != MODEL_COLUMN_WOMEN)
            continue;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++) {
            uint32_t row = model->entries[e].row;
            if (model->rows[row].kind != MODEL_ROW_GROUP)
                continue;
            glp_set_row_stat(master->prob, master->row_inside[row], GLP_NS);
            glp_set_col_stat(master->prob, number, GLP_BS);
        }
    }
}
