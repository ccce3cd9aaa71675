/* coupled_bounds.c - see coupled_bounds.h. */
#include "solver/coupled_bounds.h"

#include "models/alloc.h"
#include "models/beside.h"
#include "solver/descent.h"

#include <math.h>
#include <stdlib.h>

/* Of what a limit leaves at the beginning, for the thread; of what that has left, for the first
 * objective; of what an objective has, before homes are wholes. */
enum { BESIDE_TIME_PERCENT = 92, BESIDE_WORK_PERCENT = 20, FIRST_PERCENT = 55, PLAIN_PERCENT = 40 };
/* What the plan is thought to lose of an objective while it is not known; with homes as wholes. */
static const double guessed_loss = 1e-4, guessed_loss_of_whole = 3e-5;
/* Prices that prove less than so much beyond the plan's value prove that it is the best. */
static const double proved = 0.5;

struct coupled_bounds {
    struct coupled_run *run;
    const struct choices *choices;
    struct descent *descent;
    struct beside *beside;        /* until the first stage */
    struct budget budget;         /* of the thread */
    int64_t lent;                 /* work that it has of the run's */
    struct descent *whole;        /* with homes with a staff row as wholes; NULL = has not begun */
    bound_wide first;             /* what that proves for the first objective */
    struct descent_offers offers; /* that show it */
    int64_t value[OBJECTIVE_COUNT]; /* of the plan, in the stages so far */
    size_t n_whole;                 /* objectives whose values it keeps */
    int is_foreseen;                /* what the thread has found still holds */
    size_t last;                    /* the objective that the descent was for last */
    size_t n_seen;                  /* objectives whose rows the descent knows, or that have none */
};

/* -- beside the plan -- */

/* With wholes, all objectives before the k-th. */
static int knows_before(const struct coupled_bounds *bounds, size_t k)
{
    return k == 0 || (bounds->whole && descent_known(bounds->whole) >= k);
}

/* The same objective once more, with homes with a staff row as wholes. */
static void descend_whole(struct coupled_bounds *bounds, size_t k, const int64_t *gain)
{
    const struct coupled_run *run = bounds->run;
    if (k == 0)
        bounds->whole = descent_new_whole(bounds->choices);
    descent_start(bounds->whole, bounds->descent);
    descent_run(bounds->whole, gain, run->alive, -INFINITY, &bounds->budget);
    if (k > 0)
        return;
    bounds->first = descent_bound(bounds->whole, gain, run->alive);
    if (bounds->first < DESCENT_NOTHING)
        descent_offers(bounds->whole, gain, run->alive, &bounds->offers);
}

/* Of what the thread has left, for the k-th objective of n; for later ones as much each. */
static int percent_of(size_t k, size_t n)
{
    return k == 0 && n > 1 ? FIRST_PERCENT : 100 / (int)(n - k);
}

/* What the plan will have of the objective, about: it is thought to come near the bound. */
static int64_t guess(const struct coupled_bounds *bounds, int is_whole)
{
    double value = descent_value(bounds->descent), loss = guessed_loss;
    if (is_whole && descent_value(bounds->whole) < value) {
        value = descent_value(bounds->whole);
        loss = guessed_loss_of_whole;
    }
    return (int64_t)floor(value - loss * fabs(value));
}

/* One objective as if nothing were known of the plan, from what is kept of those before. */
static void foresee(struct coupled_bounds *bounds, size_t k)
{
    const struct coupled_run *run = bounds->run;
    int64_t *gain = model_gains(run->model, k);
    int is_whole = run->problem->n_staff && knows_before(bounds, k);
    struct budget all = budget_narrow(&bounds->budget, is_whole ? PLAIN_PERCENT : 100);
    descent_run(bounds->descent, gain, run->alive, -INFINITY, &bounds->budget);
    budget_widen(&bounds->budget, &all);
    is_whole &= !budget_is_spent(&bounds->budget);
    if (is_whole)
        descend_whole(bounds, k, gain);
    int64_t value = guess(bounds, is_whole);
    descent_keep(bounds->descent, k, value);
    if (is_whole)
        descent_keep(bounds->whole, k, value);
    free(gain);
}

/* What is left when an objective comes to its end is for the later ones. */
static void foresee_all(void *context)
{
    struct coupled_bounds *bounds = context;
    const size_t n = bounds->run->problem->n_objectives;
    bounds->descent = descent_new(bounds->choices);
    for (size_t k = 0; k < n; k++) {
        struct budget all = budget_narrow(&bounds->budget, percent_of(k, n));
        foresee(bounds, k);
        budget_widen(&bounds->budget, &all);
    }
    descent_rewind(bounds->descent);
    if (bounds->whole)
        descent_rewind(bounds->whole);
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
    bounds->first = DESCENT_NOTHING;
    set_budget(bounds);
    bounds->beside = beside_begin(foresee_all, bounds);
    return bounds;
}

void coupled_bounds_free(struct coupled_bounds *bounds)
{
    if (!bounds)
        return;
    beside_end(bounds->beside);
    descent_free(bounds->descent);
    descent_free(bounds->whole);
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

/* Of the budget, when the later objectives have one too. */
static struct budget share_of_stage(const struct coupled_bounds *bounds, size_t k)
{
    const struct coupled_run *run = bounds->run;
    return budget_share(&run->budget, 100 / (int)(run->problem->n_objectives - k));
}

static void descend(struct coupled_bounds *bounds, size_t k, const int64_t *gain, double enough)
{
    struct coupled_run *run = bounds->run;
    struct budget share = share_of_stage(bounds, k);
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

static void offer(struct coupled_bounds *bounds, struct coupled_stage *stage, bound_wide total,
                  struct descent_offers *offers)
{
    struct coupled_run *run = bounds->run;
    int64_t most = stage->most;
    coupled_run_know(run, stage, total);
    if (run->proof && stage->most < most && offers->price)
        coupled_proof_offer(run->proof, run->model, offers);
}

/* With homes as wholes, and the values of all objectives before. */
static void see_whole(struct coupled_bounds *bounds, size_t k, struct coupled_stage *stage)
{
    struct coupled_run *run = bounds->run;
    struct descent_offers offers = {0};
    if (k == 0) {
        offer(bounds, stage, bounds->first, &bounds->offers);
        return;
    }
    for (; bounds->n_whole < k; bounds->n_whole++)
        descent_keep(bounds->whole, bounds->n_whole, bounds->value[bounds->n_whole]);
    descent_start(bounds->whole, bounds->descent);
    struct budget share = share_of_stage(bounds, k);
    descent_run(bounds->whole, run->gain, run->alive, (double)stage->value + proved, &share);
    run->budget.work = share.work;
    bound_wide total = descent_bound(bounds->whole, run->gain, run->alive);
    if (total < DESCENT_NOTHING)
        descent_offers(bounds->whole, run->gain, run->alive, &offers);
    offer(bounds, stage, total, &offers);
    descent_offers_clear(&offers);
}

void coupled_bounds_stage(struct coupled_bounds *bounds, size_t k, struct coupled_stage *stage,
                          double *price)
{
    struct coupled_run *run = bounds->run;
    struct choices_prices prices = {price, run->gain, run->alive};
    join(bounds);
    bounds->value[k] = stage->value;
    if (stage->is_proved)
        return;
    keep_until(bounds, k);
    descend(bounds, k, run->gain, (double)stage->value + proved);
    descent_prices(bounds->descent, price);
    choices_price_loads(bounds->choices, price);
    choices_price_members(bounds->choices, &prices, price);
    coupled_run_see(run, stage, price);
    if (bounds->whole && knows_before(bounds, k) && !stage->is_proved)
        see_whole(bounds, k, stage);
}
