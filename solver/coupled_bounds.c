/* coupled_bounds.c - see coupled_bounds.h. */
#include "solver/coupled_bounds.h"

#include "models/alloc.h"
#include "models/beside.h"
#include "solver/descent.h"

#include <math.h>
#include <stdlib.h>

/* Of what a limit leaves at the beginning, for the thread; of what that has left, for homes as
 * wholes. */
enum { BESIDE_TIME_PERCENT = 75, BESIDE_WORK_PERCENT = 20, WHOLE_PERCENT = 70 };
/* What the plan is thought to lose of an objective while it is not known. */
static const double guessed_loss = 1e-4;
/* Prices that prove less than so much beyond the plan's value prove that it is the best. */
static const double proved = 0.5;

struct coupled_bounds {
    struct coupled_run *run;
    const struct choices *choices;
    struct descent *descent;
    struct beside *beside;        /* until the first stage */
    struct budget budget;         /* of the thread */
    int64_t lent;                 /* work that it has of the run's */
    bound_wide whole;             /* bound of the first objective with whole people */
    struct descent_offers offers; /* that show it */
    int is_foreseen;              /* what the thread has found still holds */
    size_t last;                  /* the objective that the descent was for last */
    size_t n_seen;                /* objectives whose rows the descent knows, or that have none */
};

/* -- beside the plan -- */

/* The first objective once more, with homes with a staff row as wholes. */
static void descend_whole(struct coupled_bounds *bounds, const int64_t *gain)
{
    const struct coupled_run *run = bounds->run;
    struct budget share = budget_share(&bounds->budget, WHOLE_PERCENT);
    double *price = alloc_zero(run->model->most_rows, sizeof *price);
    struct choices_prices prices = {price, gain, run->alive};
    descent_prices(bounds->descent, price);
    choices_price_loads(bounds->choices, price);
    struct descent *whole = descent_new_whole(bounds->choices, &prices);
    descent_run(whole, gain, run->alive, -INFINITY, &share);
    bounds->whole = descent_bound(whole, gain, run->alive);
    if (bounds->whole < DESCENT_NOTHING)
        descent_offers(whole, gain, run->alive, &bounds->offers);
    bounds->budget.work = share.work;
    descent_free(whole);
    free(price);
}

/* What the first objective can be at most, about: the plan is thought to come near it. */
static double value_of(const struct coupled_bounds *bounds, size_t k)
{
    double value = descent_value(bounds->descent);
    double whole = (double)bounds->whole / (double)(1 << BOUND_SHIFT);
    return k == 0 && whole < value ? whole : value;
}

static void descend_all(void *context)
{
    struct coupled_bounds *bounds = context;
    const struct coupled_run *run = bounds->run;
    bounds->descent = descent_new(bounds->choices);
    for (size_t k = 0; k < run->problem->n_objectives; k++) {
        int64_t *gain = model_gains(run->model, k);
        descent_run(bounds->descent, gain, run->alive, -INFINITY, &bounds->budget);
        if (k == 0 && run->problem->n_staff && !budget_is_spent(&bounds->budget))
            descend_whole(bounds, gain);
        double value = value_of(bounds, k);
        descent_keep(bounds->descent, k, (int64_t)floor(value - guessed_loss * fabs(value)));
        free(gain);
    }
    descent_rewind(bounds->descent);
}

/* The work of the thread is set aside: who comes first takes nothing from the other. */
static void set_budget(struct coupled_bounds *bounds)
{
    struct budget *all = &bounds->run->budget;
    bounds->budget.until_s = budget_share(all, BESIDE_TIME_PERCENT).until_s;
    if (!all->work_limit)
        return;
    bounds->lent = budget_share(all, BESIDE_WORK_PERCENT).work_limit - all->work;
    bounds->budget.work_limit = bounds->lent;
    all->work += bounds->lent;
}

struct coupled_bounds *coupled_bounds_new(struct coupled_run *run, const struct choices *choices)
{
    struct coupled_bounds *bounds = alloc_zero(1, sizeof *bounds);
    bounds->run = run;
    bounds->choices = choices;
    bounds->whole = DESCENT_NOTHING;
    set_budget(bounds);
    bounds->beside = beside_begin(descend_all, bounds);
    return bounds;
}

void coupled_bounds_free(struct coupled_bounds *bounds)
{
    if (!bounds)
        return;
    beside_end(bounds->beside);
    descent_free(bounds->descent);
    descent_offers_clear(&bounds->offers);
    free(bounds);
}

static void join(struct coupled_bounds *bounds)
{
    if (!bounds->beside)
        return;
    beside_end(bounds->beside);
    bounds->beside = NULL;
    bounds->is_foreseen = 1;
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

/* With what its share of the budget is when the later objectives have one too. */
static void descend(struct coupled_bounds *bounds, size_t k, const int64_t *gain, double enough)
{
    struct coupled_run *run = bounds->run;
    struct budget share = budget_share(&run->budget, 100 / (int)(run->problem->n_objectives - k));
    descent_run(bounds->descent, gain, run->alive, enough, &share);
    run->budget.work = share.work;
    bounds->last = k;
}

/* The objectives before the k-th that a row keeps, each seen through its own prices. What has been
 * found beside the plan supposes that all of them have one. */
static void keep_until(struct coupled_bounds *bounds, size_t k)
{
    const struct model *model = bounds->run->model;
    for (; bounds->n_seen < k; bounds->n_seen++) {
        const int64_t *gain;
        uint32_t row = kept_row(model, bounds->n_seen, &gain);
        if (row == MODEL_NONE) {
            descent_forget(bounds->descent);
            bounds->is_foreseen = 0;
            continue;
        }
        if (!bounds->is_foreseen && bounds->last != bounds->n_seen)
            descend(bounds, bounds->n_seen, gain, -INFINITY);
        descent_keep(bounds->descent, bounds->n_seen, model->rows[row].upper);
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
    descend(bounds, k, run->gain, (double)stage->value + proved);
    descent_prices(bounds->descent, price);
    choices_price_loads(bounds->choices, price);
    choices_price_members(bounds->choices, &prices, price);
    coupled_stage_see(run, stage, price);
    if (k != 0)
        return;
    int64_t most = stage->most;
    coupled_stage_know(run, stage, bounds->whole);
    if (run->proof && stage->most < most && bounds->offers.price)
        coupled_proof_offer(run->proof, run->model, &bounds->offers);
}
