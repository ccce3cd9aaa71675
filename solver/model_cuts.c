/* model_cuts.c - see model_cuts.h. */
#include "solver/model_cuts.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* More than any sum of a cut. */
static const int64_t NO_LIMIT = INT64_C(1) << 50;

size_t model_cuts_room(const struct model *model)
{
    return model->most_cuts - model->n_cuts;
}

/* Entries of a column stay together and in order: the new rows are the last. */
static void merge(struct model *model, const size_t *n_new, const struct model_cut *cuts, size_t n)
{
    size_t total = model->n_entries;
    for (size_t c = 0; c < n; c++)
        total += cuts[c].n;
    struct model_entry *entries = alloc_zero(total + 1, sizeof *entries);
    size_t *first = alloc_zero((size_t)model->n_columns + 1, sizeof *first);
    size_t *next = alloc_zero((size_t)model->n_columns + 1, sizeof *next);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        size_t n_old = model->first[j + 1] - model->first[j];
        if (n_old)
            memcpy(entries + first[j], model->entries + model->first[j], n_old * sizeof *entries);
        next[j] = first[j] + n_old;
        first[j + 1] = next[j] + n_new[j];
    }
    for (size_t c = 0; c < n; c++)
        for (size_t e = 0; e < cuts[c].n; e++)
            entries[next[cuts[c].entries[e].row]++] =
                (struct model_entry){model->n_rows - (uint32_t)(n - c), cuts[c].entries[e].value};
    free(model->entries);
    memcpy(model->first, first, ((size_t)model->n_columns + 1) * sizeof *first);
    model->entries = entries;
    model->n_entries = model->entries_room = total;
    free(first);
    free(next);
}

void model_cuts_add(struct model *model, const struct model_cut *cuts, size_t n)
{
    size_t *n_new = alloc_zero((size_t)model->n_columns + 1, sizeof *n_new);
    for (size_t c = 0; c < n; c++) {
        ALLOC_GROW(model->rows, model->n_rows, model->rows_room);
        model->rows[model->n_rows++] = (struct model_row){
            MODEL_ROW_CUT, cuts[c].base, model->n_cuts++, MODEL_NO_LOWER, cuts[c].upper};
        for (size_t e = 0; e < cuts[c].n; e++)
            n_new[cuts[c].entries[e].row]++;
    }
    merge(model, n_new, cuts, n);
    free(n_new);
}

void model_cuts_rest(struct model *model, uint32_t row)
{
    model->rows[row].lower = MODEL_NO_LOWER;
    model->rows[row].upper = NO_LIMIT;
}
