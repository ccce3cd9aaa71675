/* core_sums.c - see core_sums.h. */
#include "solver/core_sums.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

struct sums {
    uint32_t *minutes; /* of each sum */
    uint32_t n;
    uint32_t *of; /* by column: its sum, MODEL_NONE = none */
    uint32_t n_members;
};

static const struct model_column *load_of(const struct core *core, uint32_t column)
{
    const struct model_column *at = &core->model->columns[core->columns[column].origin];
    return at->kind == MODEL_COLUMN_LOAD ? at : NULL;
}

static uint32_t members(const struct core *core, uint32_t minutes)
{
    uint32_t n = 0;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        const struct model_column *load = load_of(core, j);
        n += load && load->b == minutes;
    }
    return n;
}

static void find_sums(const struct core *core, struct sums *sums)
{
    uint32_t room = 0;
    sums->of = alloc_zero((size_t)core->n_columns + 1, sizeof *sums->of);
    for (uint32_t j = 0; j < core->n_columns; j++) {
        const struct model_column *load = load_of(core, j);
        uint32_t s = 0;
        sums->of[j] = MODEL_NONE;
        if (!load)
            continue;
        while (s < sums->n && sums->minutes[s] != load->b)
            s++;
        if (s == sums->n) {
            if (members(core, load->b) < 2)
                continue;
            ALLOC_GROW(sums->minutes, sums->n, room);
            sums->minutes[sums->n++] = load->b;
        }
        sums->of[j] = s;
        sums->n_members++;
    }
}

static void add_rows_and_columns(struct core *core, const struct sums *sums)
{
    core->rows = alloc_resize(core->rows, (size_t)core->n_rows + sums->n, sizeof *core->rows);
    core->columns =
        alloc_resize(core->columns, (size_t)core->n_columns + sums->n, sizeof *core->columns);
    for (uint32_t s = 0; s < sums->n; s++) {
        core->rows[core->n_rows + s] = (struct core_row){.origin = MODEL_NONE};
        core->columns[core->n_columns + s] =
            (struct core_column){.origin = MODEL_NONE, .set = MODEL_NONE};
    }
    for (uint32_t j = 0; j < core->n_columns; j++)
        if (sums->of[j] != MODEL_NONE) {
            struct core_column *sum = &core->columns[core->n_columns + sums->of[j]];
            sum->lower += core->columns[j].lower;
            sum->upper += core->columns[j].upper;
        }
}

static void add_entries(struct core *core, const struct sums *sums)
{
    uint32_t n = core->n_columns;
    size_t room = core->first[n] + sums->n_members + sums->n, at = 0;
    size_t *first = alloc_zero((size_t)n + sums->n + 1, sizeof *first);
    struct model_entry *entries = alloc_zero(room, sizeof *entries);
    for (uint32_t j = 0; j < n; j++) {
        size_t own = core->first[j + 1] - core->first[j];
        memcpy(entries + at, core->entries + core->first[j], own * sizeof *entries);
        at += own;
        if (sums->of[j] != MODEL_NONE)
            entries[at++] = (struct model_entry){core->n_rows + sums->of[j], 1};
        first[j + 1] = at;
    }
    for (uint32_t s = 0; s < sums->n; s++) {
        entries[at++] = (struct model_entry){core->n_rows + s, -1};
        first[n + s + 1] = at;
    }
    free(core->first);
    free(core->entries);
    core->first = first;
    core->entries = entries;
}

void core_sums_add(struct core *core)
{
    struct sums sums = {0};
    find_sums(core, &sums);
    if (sums.n) {
        add_rows_and_columns(core, &sums);
        add_entries(core, &sums);
        core->n_rows += sums.n;
        core->n_columns += sums.n;
        core_turn_entries(core);
    }
    free(sums.minutes);
    free(sums.of);
}
