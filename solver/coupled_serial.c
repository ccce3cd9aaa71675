/* coupled_serial.c - see coupled_serial.h. */
#include "solver/coupled_serial.h"

#include "models/alloc.h"
#include "solver/core_sums.h"
#include "solver/coupled_search.h"
#include "solver/tree.h"

#include <stdlib.h>

struct coupled_serial {
    struct coupled_run *run;
    struct core *core;
    struct core_limits limits;
    struct glpk_core *lp;
    struct tree *tree;
};

struct coupled_serial *coupled_serial_new(struct coupled_run *run)
{
    int64_t *no_gain = alloc_zero(run->model->n_columns, sizeof *no_gain);
    struct core *core = core_new(run->model, no_gain, run->alive);
    free(no_gain);
    if (!core)
        return NULL;
    struct coupled_serial *serial = alloc_zero(1, sizeof *serial);
    core_sums_add(core);
    serial->run = run;
    serial->core = core;
    core_limits_init(&serial->limits, core);
    serial->lp = coupled_search_load(run, core);
    serial->tree = tree_new(core, serial->lp);
    return serial;
}

void coupled_serial_free(struct coupled_serial *serial)
{
    if (!serial)
        return;
    tree_free(serial->tree);
    glpk_core_free(serial->lp);
    core_limits_clear(&serial->limits);
    core_free(serial->core);
    free(serial);
}

/* times = 1: the gains of that person count, 0: they do not. */
static void set_gains(struct coupled_serial *serial, uint32_t person, const int64_t *gain,
                      int64_t times)
{
    struct core *core = serial->core;
    const struct model *model = serial->run->model;
    const struct problem_person *at = &serial->run->problem->people[person];
    core->base = 0;
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t column = model->column_of_pair[pair];
        if (column == MODEL_NONE)
            continue;
        uint32_t inside = core->inside[column];
        if (inside == MODEL_NONE) {
            core->base += gain[column] * core->settled[column] * times;
            continue;
        }
        core->columns[inside].gain = gain[column] * times;
        glpk_core_sync_column(serial->lp, inside);
    }
    glpk_core_sync_base(serial->lp);
}

void coupled_serial_ask(struct coupled_serial *serial, uint32_t person, const int64_t *gain)
{
    struct coupled_run *run = serial->run;
    int64_t unused;
    run->gain = gain;
    int64_t wanted = coupled_run_value(run, run->best) + 1;
    struct tree_task task = {.wanted = wanted,
                             .kept = wanted,
                             .take = coupled_search_take,
                             .context = run,
                             .budget = &run->budget};
    if (core_limits_propagate(&serial->limits) < 0)
        return;
    set_gains(serial, person, gain, 1);
    tree_search(serial->tree, &task, &serial->limits, &unused);
    set_gains(serial, person, gain, 0);
}

void coupled_serial_drop(struct coupled_serial *serial, uint32_t column)
{
    uint32_t inside = serial->core->inside[column];
    if (inside != MODEL_NONE)
        core_limits_narrow(&serial->limits, inside, 0, 0);
}

/* Who has no row in the core has one column left there, or has what they get anyhow. */
void coupled_serial_house(struct coupled_serial *serial, uint32_t person)
{
    const struct model *model = serial->run->model;
    const struct problem_person *at = &serial->run->problem->people[person];
    uint32_t row = serial->core->row_inside[person];
    if (row != MODEL_NONE) {
        serial->core->rows[row].lower = serial->core->rows[row].upper;
        glpk_core_sync_row(serial->lp, row);
        core_limits_queue_row(&serial->limits, row);
        return;
    }
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t column = model->column_of_pair[pair];
        uint32_t inside = column == MODEL_NONE ? MODEL_NONE : serial->core->inside[column];
        if (inside != MODEL_NONE)
            core_limits_narrow(&serial->limits, inside, 1, 1);
    }
}
