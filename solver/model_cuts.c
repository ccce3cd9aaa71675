/* model_cuts.c - see model_cuts.h. */
#include "solver/model_cuts.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* More than any sum of a cut. */
static const int64_t NO_LIMIT = INT64_C(1) << 50;

static int is_at_rest(const struct model_row *row)
{
    return row->kind == MODEL_ROW_CUT && row->upper == NO_LIMIT;
}

size_t model_cuts_room(const struct model *model)
{
    size_t room = model->most_cuts - model->n_cuts;
    for (uint32_t i = 0; i < model->n_rows; i++)
        room += is_at_rest(&model->rows[i]);
    return room;
}

/* -- entries -- */

/* What rows at rest had goes, what the others have stays together and in order. */
static size_t keep_entries(const struct model *model, uint32_t column, struct model_entry *entries)
{
    size_t n = 0;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++)
        if (!is_at_rest(&model->rows[model->entries[e].row]))
            entries[n++] = model->entries[e];
    return n;
}

static void merge(struct model *model, const uint32_t *rows, const struct model_cut *cuts, size_t n)
{
    size_t total = model->n_entries;
    size_t *n_new = alloc_zero((size_t)model->n_columns + 1, sizeof *n_new);
    size_t *next = alloc_zero((size_t)model->n_columns + 1, sizeof *next);
    for (size_t c = 0; c < n; c++) {
        total += cuts[c].n;
        for (size_t e = 0; e < cuts[c].n; e++)
            n_new[cuts[c].entries[e].row]++;
    }
    struct model_entry *entries = alloc_zero(total + 1, sizeof *entries);
    size_t at = 0;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        next[j] = at + keep_entries(model, j, entries + at);
        at = next[j] + n_new[j];
        n_new[j] = at;
    }
    for (size_t c = 0; c < n; c++)
        for (size_t e = 0; e < cuts[c].n; e++)
            entries[next[cuts[c].entries[e].row]++] =
                (struct model_entry){rows[c], cuts[c].entries[e].value};
    memcpy(model->first + 1, n_new, model->n_columns * sizeof *n_new);
    free(model->entries);
    model->entries = entries;
    model->n_entries = model->entries_room = at;
    free(n_new);
    free(next);
}

/* -- rows -- */

/* The first row at rest from `row` on, else a new one. */
static uint32_t find_row(struct model *model, uint32_t row)
{
    while (row < model->n_rows && !is_at_rest(&model->rows[row]))
        row++;
    if (row < model->n_rows)
        return row;
    ALLOC_GROW(model->rows, model->n_rows, model->rows_room);
    model->rows[row] = (struct model_row){MODEL_ROW_CUT, 0, model->n_cuts++, MODEL_NO_LOWER, 0};
    return model->n_rows++;
}

void model_cuts_add(struct model *model, const struct model_cut *cuts, size_t n)
{
    uint32_t *rows = alloc_zero(n + 1, sizeof *rows);
    for (size_t c = 0; c < n; c++)
        rows[c] = find_row(model, c ? rows[c - 1] + 1 : 0);
    merge(model, rows, cuts, n);
    for (size_t c = 0; c < n; c++) {
        model->rows[rows[c]].a = cuts[c].base;
        model->rows[rows[c]].upper = cuts[c].upper;
    }
    free(rows);
}

void model_cuts_rest(struct model *model, uint32_t row)
{
    model->rows[row].lower = MODEL_NO_LOWER;
    model->rows[row].upper = NO_LIMIT;
}
