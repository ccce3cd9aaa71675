/* core_basis.c - see core_basis.h.
 *
 * Gauss, lazily: a row or column with one entry left is a pivot that changes nothing else. What
 * remains when there is none (the cycles) is small and goes through a dense elimination. */
#include "solver/core_basis.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>

enum { DENSE_MOST = 400 };

struct repair {
    const struct core *core;
    unsigned char *column_basic, *row_basic;
    unsigned char *column_open, *row_open; /* still without a pivot */
    uint32_t *column_left, *row_left;      /* open entries */
    uint32_t *queue;                       /* columns, then rows + n_columns */
    unsigned char *is_queued;
    size_t n_queued;
};

static void enqueue(struct repair *repair, uint32_t what)
{
    if (repair->is_queued[what])
        return;
    repair->is_queued[what] = 1;
    repair->queue[repair->n_queued++] = what;
}

static void close_row(struct repair *repair, uint32_t row)
{
    const struct core *core = repair->core;
    repair->row_open[row] = 0;
    for (size_t e = core->row_first[row]; e < core->row_first[row + 1]; e++) {
        uint32_t j = core->row_entries[e].column;
        if (repair->column_open[j] && --repair->column_left[j] <= 1)
            enqueue(repair, j);
    }
}

static void close_column(struct repair *repair, uint32_t column)
{
    const struct core *core = repair->core;
    repair->column_open[column] = 0;
    for (size_t e = core->first[column]; e < core->first[column + 1]; e++) {
        uint32_t row = core->entries[e].row;
        if (repair->row_open[row] && --repair->row_left[row] <= 1)
            enqueue(repair, core->n_columns + row);
    }
}

static void use_slack(struct repair *repair, uint32_t row)
{
    repair->row_basic[row] = 1;
    close_row(repair, row);
}

static void drop_column(struct repair *repair, uint32_t column)
{
    repair->column_basic[column] = 0;
    close_column(repair, column);
}

static void pivot(struct repair *repair, uint32_t row, uint32_t column)
{
    close_column(repair, column);
    close_row(repair, row);
}

static void look_at_column(struct repair *repair, uint32_t column)
{
    const struct core *core = repair->core;
    if (!repair->column_open[column] || repair->column_left[column] > 1)
        return;
    for (size_t e = core->first[column]; e < core->first[column + 1]; e++)
        if (repair->row_open[core->entries[e].row]) {
            pivot(repair, core->entries[e].row, column);
            return;
        }
    drop_column(repair, column);
}

static void look_at_row(struct repair *repair, uint32_t row)
{
    const struct core *core = repair->core;
    if (!repair->row_open[row] || repair->row_left[row] > 1)
        return;
    for (size_t e = core->row_first[row]; e < core->row_first[row + 1]; e++)
        if (repair->column_open[core->row_entries[e].column]) {
            pivot(repair, row, core->row_entries[e].column);
            return;
        }
    use_slack(repair, row);
}

static void peel(struct repair *repair)
{
    while (repair->n_queued) {
        uint32_t what = repair->queue[--repair->n_queued];
        repair->is_queued[what] = 0;
        if (what < repair->core->n_columns)
            look_at_column(repair, what);
        else
            look_at_row(repair, what - repair->core->n_columns);
    }
}

static void begin(struct repair *repair)
{
    const struct core *core = repair->core;
    for (uint32_t i = 0; i < core->n_rows; i++)
        repair->row_open[i] = 1;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        repair->column_open[j] = repair->column_basic[j];
        if (!repair->column_open[j])
            continue;
        repair->column_left[j] = (uint32_t)(core->first[j + 1] - core->first[j]);
        for (size_t e = core->first[j]; e < core->first[j + 1]; e++)
            repair->row_left[core->entries[e].row]++;
        enqueue(repair, j);
    }
    for (uint32_t i = 0; i < core->n_rows; i++)
        if (repair->row_basic[i])
            close_row(repair, i);
        else
            enqueue(repair, core->n_columns + i);
}

static uint32_t list_open(const unsigned char *is_open, uint32_t n, uint32_t *list)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++)
        if (is_open[i])
            list[found++] = i;
    return found;
}

/* -- what is left -- */

struct dense {
    uint32_t *rows, *columns, n_rows, n_columns;
    uint32_t *place; /* by row of the core: its place among `rows` */
    double *at;      /* column after column */
};

static void fill(const struct core *core, struct dense *dense, const unsigned char *row_open)
{
    for (uint32_t i = 0; i < dense->n_rows; i++)
        dense->place[dense->rows[i]] = i;
    for (uint32_t c = 0; c < dense->n_columns; c++)
        for (size_t e = core->first[dense->columns[c]]; e < core->first[dense->columns[c] + 1]; e++)
            if (row_open[core->entries[e].row])
                dense->at[(size_t)c * dense->n_rows + dense->place[core->entries[e].row]] =
                    (double)core->entries[e].value;
}

static void eliminate(struct dense *dense, uint32_t c, uint32_t row)
{
    const double *by = dense->at + (size_t)c * dense->n_rows;
    for (uint32_t k = c + 1; k < dense->n_columns; k++) {
        double *column = dense->at + (size_t)k * dense->n_rows;
        double factor = column[row] / by[row];
        for (uint32_t i = 0; factor != 0 && i < dense->n_rows; i++)
            column[i] -= factor * by[i];
        column[row] = 0;
    }
}

static void solve_dense(struct repair *repair, struct dense *dense)
{
    fill(repair->core, dense, repair->row_open);
    for (uint32_t c = 0; c < dense->n_columns; c++) {
        const double *column = dense->at + (size_t)c * dense->n_rows;
        uint32_t best = 0;
        for (uint32_t i = 1; i < dense->n_rows; i++)
            if (fabs(column[i]) > fabs(column[best]))
                best = i;
        if (dense->n_rows == 0 || fabs(column[best]) < 1e-7) {
            repair->column_basic[dense->columns[c]] = 0;
            continue;
        }
        repair->row_open[dense->rows[best]] = 0;
        eliminate(dense, c, best);
    }
    for (uint32_t i = 0; i < dense->n_rows; i++)
        if (repair->row_open[dense->rows[i]])
            repair->row_basic[dense->rows[i]] = 1;
}

/* The column with the most entries that are left: without it more falls into place. */
static uint32_t widest_open(const struct repair *repair)
{
    uint32_t widest = MODEL_NONE;
    for (uint32_t j = 0; j < repair->core->n_columns; j++)
        if (repair->column_open[j] &&
            (widest == MODEL_NONE || repair->column_left[j] > repair->column_left[widest]))
            widest = j;
    return widest;
}

static void settle_rest(struct repair *repair)
{
    const struct core *core = repair->core;
    struct dense dense = {0};
    dense.rows = alloc_zero((size_t)core->n_rows + 1, sizeof *dense.rows);
    dense.columns = alloc_zero((size_t)core->n_columns + 1, sizeof *dense.columns);
    dense.place = alloc_zero((size_t)core->n_rows + 1, sizeof *dense.place);
    for (;;) {
        dense.n_columns = list_open(repair->column_open, core->n_columns, dense.columns);
        dense.n_rows = list_open(repair->row_open, core->n_rows, dense.rows);
        if (dense.n_columns <= DENSE_MOST && dense.n_rows <= DENSE_MOST)
            break;
        uint32_t widest = widest_open(repair);
        if (widest == MODEL_NONE)
            break;
        drop_column(repair, widest);
        peel(repair);
    }
    dense.at = alloc_zero((size_t)dense.n_rows * dense.n_columns + 1, sizeof *dense.at);
    solve_dense(repair, &dense);
    free(dense.rows);
    free(dense.columns);
    free(dense.place);
    free(dense.at);
}

void core_basis_repair(const struct core *core, unsigned char *column_basic,
                       unsigned char *row_basic)
{
    size_t n = (size_t)core->n_columns + core->n_rows + 1;
    struct repair repair = {.core = core, .column_basic = column_basic, .row_basic = row_basic};
    repair.column_open = alloc_zero(n, 1);
    repair.row_open = alloc_zero(n, 1);
    repair.column_left = alloc_zero(n, sizeof *repair.column_left);
    repair.row_left = alloc_zero(n, sizeof *repair.row_left);
    repair.queue = alloc_zero(n, sizeof *repair.queue);
    repair.is_queued = alloc_zero(n, 1);
    begin(&repair);
    peel(&repair);
    settle_rest(&repair);
    free(repair.column_open);
    free(repair.row_open);
    free(repair.column_left);
    free(repair.row_left);
    free(repair.queue);
    free(repair.is_queued);
}
