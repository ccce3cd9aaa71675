/* core.c - see core.h. */
#include "solver/core.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { LONG = 1000 }; /* entries of a row that is looked at last */

/* -- making -- */

struct activity { /* of a row of the model, between the limits of the columns */
    core_wide least, most;
    int64_t settled; /* of the columns that are settled */
    size_t n_open;   /* entries of columns that are not */
};

struct maker {
    const struct model *model;
    const int64_t *gain;
    int64_t *lower, *upper; /* by column of the model */
    struct activity *rows;
    struct model_entry *entries; /* work space of one column */
};

static void sum_rows(struct maker *maker)
{
    const struct model *model = maker->model;
    memset(maker->rows, 0, model->n_rows * sizeof *maker->rows);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        int64_t lower = maker->lower[j], upper = maker->upper[j];
        if (upper == 0 && lower == 0)
            continue;
        size_t n = model_column_entries(model, j, maker->entries);
        for (size_t e = 0; e < n; e++) {
            struct activity *row = &maker->rows[maker->entries[e].row];
            int64_t value = maker->entries[e].value;
            row->least += (core_wide)value * (value > 0 ? lower : upper);
            row->most += (core_wide)value * (value > 0 ? upper : lower);
            if (lower == upper)
                row->settled += value * lower;
            else
                row->n_open++;
        }
    }
}

/* -1 when a row cannot hold. */
static int add_rows(struct core *core, const struct maker *maker)
{
    const struct model *model = maker->model;
    core->rows = alloc_zero(model->n_rows, sizeof *core->rows);
    for (uint32_t i = 0; i < model->n_rows; i++) {
        const struct model_row *row = &model->rows[i];
        const struct activity *at = &maker->rows[i];
        int has_lower = row->lower != MODEL_NO_LOWER;
        core->row_inside[i] = MODEL_NONE;
        if (at->least > row->upper || (has_lower && at->most < row->lower))
            return -1;
        if (at->n_open == 0 || (at->most <= row->upper && (!has_lower || at->least >= row->lower)))
            continue;
        core->row_inside[i] = core->n_rows;
        core->rows[core->n_rows++] = (struct core_row){
            .lower = has_lower ? row->lower - at->settled : MODEL_NO_LOWER,
            .upper = row->upper - at->settled,
            .origin = i,
            .is_set = (row->kind == MODEL_ROW_PERSON || row->kind == MODEL_ROW_HOUSEHOLD) &&
                      row->upper - at->settled == 1};
    }
    return 0;
}

static void add_column(struct core *core, struct maker *maker, uint32_t j, size_t *n_entries)
{
    size_t n = model_column_entries(maker->model, j, maker->entries);
    struct core_column *column = &core->columns[core->n_columns];
    *column = (struct core_column){.lower = maker->lower[j],
                                   .upper = maker->upper[j],
                                   .gain = maker->gain[j],
                                   .origin = j,
                                   .set = MODEL_NONE};
    core->inside[j] = core->n_columns++;
    for (size_t e = 0; e < n; e++) {
        uint32_t row = core->row_inside[maker->entries[e].row];
        if (row == MODEL_NONE)
            continue;
        core->entries[*n_entries] = (struct model_entry){row, maker->entries[e].value};
        ++*n_entries;
        if (core->rows[row].is_set)
            column->set = row;
    }
    core->first[core->n_columns] = *n_entries;
}

static void add_columns(struct core *core, struct maker *maker)
{
    const struct model *model = maker->model;
    size_t n_open = 0, n_entries = 0, room = 0;
    for (uint32_t i = 0; i < core->n_rows; i++)
        room += maker->rows[core->rows[i].origin].n_open;
    for (uint32_t j = 0; j < model->n_columns; j++)
        n_open += maker->lower[j] < maker->upper[j];
    core->columns = alloc_zero(n_open + 1, sizeof *core->columns);
    core->first = alloc_zero(n_open + 1, sizeof *core->first);
    core->entries = alloc_zero(room + 1, sizeof *core->entries);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        core->inside[j] = MODEL_NONE;
        core->settled[j] = maker->lower[j];
        if (maker->lower[j] < maker->upper[j])
            add_column(core, maker, j, &n_entries);
        else
            core->base += maker->gain[j] * maker->lower[j];
    }
}

void core_turn_entries(struct core *core)
{
    size_t n = core->first[core->n_columns];
    free(core->row_first);
    free(core->row_entries);
    core->row_first = alloc_zero((size_t)core->n_rows + 2, sizeof *core->row_first);
    core->row_entries = alloc_zero(n + 1, sizeof *core->row_entries);
    for (size_t e = 0; e < n; e++)
        core->row_first[core->entries[e].row + 2]++;
    for (uint32_t i = 0; i < core->n_rows; i++)
        core->row_first[i + 2] += core->row_first[i + 1];
    for (uint32_t j = 0; j < core->n_columns; j++)
        for (size_t e = core->first[j]; e < core->first[j + 1]; e++)
            core->row_entries[core->row_first[core->entries[e].row + 1]++] =
                (struct core_entry){j, core->entries[e].value};
}

static struct core *make(struct maker *maker)
{
    struct core *core = alloc_zero(1, sizeof *core);
    core->model = maker->model;
    core->inside = alloc_zero(maker->model->n_columns, sizeof *core->inside);
    core->settled = alloc_zero(maker->model->n_columns, sizeof *core->settled);
    core->row_inside = alloc_zero(maker->model->n_rows, sizeof *core->row_inside);
    sum_rows(maker);
    if (add_rows(core, maker) < 0) {
        core_free(core);
        return NULL;
    }
    add_columns(core, maker);
    core_turn_entries(core);
    return core;
}

/* Settles what the rows settle. Returns how many columns, -1 when no plan is left. */
static int settle(struct maker *maker, const struct core *core)
{
    struct core_limits limits;
    int n = 0;
    core_limits_init(&limits, core);
    for (uint32_t i = 0; i < core->n_rows; i++)
        core_limits_queue_row(&limits, i);
    int result = core_limits_propagate(&limits);
    for (uint32_t j = 0; j < core->n_columns && result == 0; j++) {
        maker->lower[core->columns[j].origin] = limits.lower[j];
        maker->upper[core->columns[j].origin] = limits.upper[j];
        n += limits.lower[j] == limits.upper[j];
    }
    core_limits_clear(&limits);
    return result < 0 ? -1 : n;
}

static int set_limits(struct maker *maker, const unsigned char *allowed)
{
    const struct model *model = maker->model;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        if (!allowed[j] && model->columns[j].lower > 0)
            return -1;
        maker->lower[j] = allowed[j] ? model->columns[j].lower : 0;
        maker->upper[j] = allowed[j] ? model->columns[j].upper : 0;
    }
    return 0;
}

struct core *core_new(const struct model *model, const int64_t *gain, const unsigned char *allowed)
{
    struct core *core = NULL;
    struct maker maker = {.model = model, .gain = gain};
    maker.lower = alloc_zero(model->n_columns, sizeof *maker.lower);
    maker.upper = alloc_zero(model->n_columns, sizeof *maker.upper);
    maker.rows = alloc_zero(model->n_rows, sizeof *maker.rows);
    maker.entries = alloc_zero(model_longest(model), sizeof *maker.entries);
    int n = set_limits(&maker, allowed) < 0 ? -1 : 1;
    while (n > 0) {
        core_free(core);
        core = make(&maker);
        n = core ? settle(&maker, core) : -1;
    }
    if (n < 0) {
        core_free(core);
        core = NULL;
    }
    free(maker.lower);
    free(maker.upper);
    free(maker.rows);
    free(maker.entries);
    return core;
}

void core_free(struct core *core)
{
    if (!core)
        return;
    free(core->rows);
    free(core->columns);
    free(core->first);
    free(core->entries);
    free(core->row_first);
    free(core->row_entries);
    free(core->inside);
    free(core->row_inside);
    free(core->settled);
    free(core);
}

void core_expand(const struct core *core, const int64_t *inside, int64_t *x)
{
    memcpy(x, core->settled, core->model->n_columns * sizeof *x);
    for (uint32_t j = 0; j < core->n_columns; j++)
        if (core->columns[j].origin != MODEL_NONE)
            x[core->columns[j].origin] = inside[j];
}

/* -- limits -- */

void core_limits_init(struct core_limits *limits, const struct core *core)
{
    *limits = (struct core_limits){.core = core};
    limits->lower = alloc_zero((size_t)core->n_columns + 1, sizeof *limits->lower);
    limits->upper = alloc_zero((size_t)core->n_columns + 1, sizeof *limits->upper);
    limits->queue = alloc_zero((size_t)core->n_rows + 1, sizeof *limits->queue);
    limits->is_queued = alloc_zero((size_t)core->n_rows + 1, 1);
    for (uint32_t j = 0; j < core->n_columns; j++) {
        limits->lower[j] = core->columns[j].lower;
        limits->upper[j] = core->columns[j].upper;
    }
}

void core_limits_clear(struct core_limits *limits)
{
    free(limits->lower);
    free(limits->upper);
    free(limits->queue);
    free(limits->is_queued);
}

/* What is in the queue; a long row comes when no other is left, so that it is read seldom. */
static uint32_t next_row(struct core_limits *limits)
{
    if (limits->n_queued)
        return limits->queue[--limits->n_queued];
    return limits->queue[limits->core->n_rows - limits->n_long--];
}

void core_limits_reset(struct core_limits *limits, const int64_t *lower, const int64_t *upper)
{
    size_t n = limits->core->n_columns;
    limits->is_empty = 0;
    while (limits->n_queued + limits->n_long)
        limits->is_queued[next_row(limits)] = 0;
    memcpy(limits->lower, lower, n * sizeof *lower);
    memcpy(limits->upper, upper, n * sizeof *upper);
}

void core_limits_queue_row(struct core_limits *limits, uint32_t row)
{
    if (limits->is_queued[row])
        return;
    const struct core *core = limits->core;
    limits->is_queued[row] = 1;
    if (core->row_first[row + 1] - core->row_first[row] > LONG)
        limits->queue[core->n_rows - ++limits->n_long] = row;
    else
        limits->queue[limits->n_queued++] = row;
}

void core_limits_narrow(struct core_limits *limits, uint32_t column, int64_t lower, int64_t upper)
{
    const struct core *core = limits->core;
    if (lower <= limits->lower[column] && upper >= limits->upper[column])
        return;
    if (lower > limits->lower[column])
        limits->lower[column] = lower;
    if (upper < limits->upper[column])
        limits->upper[column] = upper;
    limits->is_empty |= limits->lower[column] > limits->upper[column];
    for (size_t e = core->first[column]; e < core->first[column + 1]; e++)
        core_limits_queue_row(limits, core->entries[e].row);
}

static int64_t quotient(core_wide slack, int64_t size)
{
    core_wide steps = slack / size;
    return steps > INT32_MAX ? INT32_MAX : (int64_t)steps;
}

/* `below` = how far the row is above its least activity at its upper limit, `above` likewise. */
static void narrow_entry(struct core_limits *limits, const struct core_entry *entry,
                         core_wide below, core_wide above)
{
    int64_t lower = limits->lower[entry->column], upper = limits->upper[entry->column];
    int64_t size = entry->value < 0 ? -entry->value : entry->value;
    core_wide range = (core_wide)size * (upper - lower);
    if (entry->value < 0) {
        core_wide swap = below;
        below = above;
        above = swap;
    }
    if (range <= below && range <= above)
        return;
    int64_t most = range > below ? lower + quotient(below, size) : upper;
    int64_t least = range > above ? upper - quotient(above, size) : lower;
    core_limits_narrow(limits, entry->column, least, most);
}

static int propagate_row(struct core_limits *limits, uint32_t row)
{
    const struct core *core = limits->core;
    const struct core_row *at = &core->rows[row];
    const core_wide endless = (core_wide)1 << 100;
    core_wide least = 0, most = 0;
    for (size_t e = core->row_first[row]; e < core->row_first[row + 1]; e++) {
        const struct core_entry *entry = &core->row_entries[e];
        int64_t lower = limits->lower[entry->column], upper = limits->upper[entry->column];
        least += (core_wide)entry->value * (entry->value > 0 ? lower : upper);
        most += (core_wide)entry->value * (entry->value > 0 ? upper : lower);
    }
    core_wide below = at->upper - least;
    core_wide above = at->lower == MODEL_NO_LOWER ? endless : most - at->lower;
    if (below < 0 || above < 0)
        return -1;
    if (most <= at->upper && (at->lower == MODEL_NO_LOWER || least >= at->lower))
        return 0;
    for (size_t e = core->row_first[row]; e < core->row_first[row + 1]; e++)
        narrow_entry(limits, &core->row_entries[e], below, above);
    return 0;
}

int core_limits_propagate(struct core_limits *limits)
{
    while (limits->n_queued + limits->n_long && !limits->is_empty) {
        uint32_t row = next_row(limits);
        limits->is_queued[row] = 0;
        limits->is_empty = propagate_row(limits, row) < 0 || limits->is_empty;
    }
    return limits->is_empty ? -1 : 0;
}
