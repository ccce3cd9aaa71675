/* coupled_bounds.c - see coupled_bounds.h. */
#include "solver/coupled_bounds.h"

#include "models/alloc.h"
#include "models/beside.h"
#include "solver/descent.h"

#include <stdlib.h>

/* Of what a limit leaves at the beginning, for the thread. */
enum { BESIDE_PERCENT = 20 };

struct coupled_bounds {
    struct coupled_run *run;
    const struct choices *choices;
    struct descent *descent;
    struct beside *beside; /* as long as the first objective is under way */
    struct budget budget;  /* of the thread */
    int64_t lent;          /* work that it has of the run's */
    int64_t *gain;         /* of the first objective */
    size_t last;           /* the objective that the descent was for last */
    size_t n_kept;         /* objectives whose rows the descent knows, or that have none */
};

/* -- the first objective -- */

static void descend_first(void *context)
{
    struct coupled_bounds *bounds = context;
    bounds->descent = descent_new(bounds->choices);
    descent_run(bounds->descent, bounds->gain, bounds->run->alive, &bounds->budget);
}

struct coupled_bounds *coupled_bounds_new(struct coupled_run *run, const struct choices *choices)
{
    struct coupled_bounds *bounds = alloc_zero(1, sizeof *bounds);
    bounds->run = run;
    bounds->choices = choices;
    bounds->gain = model_gains(run->model, 0);
    bounds->budget.until_s = run->budget.until_s;
    if (run->budget.work_limit) {
        bounds->lent = (run->budget.work_limit - run->budget.work) * BESIDE_PERCENT / 100 + 1;
        bounds->budget.work_limit = bounds->lent;
        run->budget.work += bounds->lent;
    }
    bounds->beside = beside_begin(descend_first, bounds);
    return bounds;
}

void coupled_bounds_free(struct coupled_bounds *bounds)
{
    if (!bounds)
        return;
    beside_end(bounds->beside);
    descent_free(bounds->descent);
    free(bounds->gain);
    free(bounds);
}

static void join(struct coupled_bounds *bounds)
{
    if (!bounds->beside)
        return;
    beside_end(bounds->beside);
    bounds->beside = NULL;
    bounds->run->budget.work += bounds->budget.work - bounds->lent;
}

/* -- stages -- */

/* The row of the model that keeps an objective; MODEL_NONE = none has to. */
static uint32_t kept_row(const struct model *model, size_t objective, const int64_t **gain)
{
    for (uint32_t k = 0; k < model->n_stages; k++)
        if (model->rows[model->stage_row[k]].a == objective) {
            *gain = model->stage_gain[k];
            return model->stage_row[k];
        }
    return MODEL_NONE;
}

static void descend(struct coupled_bounds *bounds, size_t k, const int64_t *gain)
{
    descent_run(bounds->descent, gain, bounds->run->alive, &bounds->run->budget);
    bounds->last = k;
}

/* The objectives before the k-th that a row keeps, each seen through its own prices. */
static void keep_until(struct coupled_bounds *bounds, size_t k)
{
    const struct model *model = bounds->run->model;
    for (; bounds->n_kept < k; bounds->n_kept++) {
        const int64_t *gain;
        uint32_t row = kept_row(model, bounds->n_kept, &gain);
        if (row == MODEL_NONE)
            continue;
        if (bounds->last != bounds->n_kept)
            descend(bounds, bounds->n_kept, gain);
        descent_keep(bounds->descent, bounds->n_kept, model->rows[row].upper);
    }
}

void coupled_bounds_stage(struct coupled_bounds *bounds, size_t k, struct coupled_stage *stage,
                          double *price)
{
    struct coupled_run *run = bounds->run;
    struct choices_prices prices = {price, run->gain, run->alive};
    join(bounds);
    if (stage->is_proved)
        return;
    keep_until(bounds, k);
    if (k > 0)
        descend(bounds, k, run->gain);
    descent_prices(bounds->descent, price);
    choices_price_loads(bounds->choices, price);
    choices_price_members(bounds->choices, &prices, price);
    coupled_stage_see(run, stage, price);
}
