/* coupled_large.c - see coupled_large.h. */
#include "solver/coupled_large.h"

#include "models/alloc.h"
#include "solver/coupled_bounds.h"
#include "solver/coupled_dive.h"
#include "solver/coupled_plan.h"
#include "solver/coupled_relax.h"
#include "solver/coupled_search.h"
#include "solver/coupled_stage.h"
#include "solver/coupled_sweep.h"
#include "solver/cuts.h"

#include <stdlib.h>
#include <string.h>

/* SHAKES: of the first plan, where homes have staff rows (elsewhere its stages are proved).
 * *_PERCENT: of what a limit leaves at that time; STAFF_*: where homes have staff rows. SEARCH_*:
 * what is searched for a better plan at the end of a stage, and for how long. CUTS_WORTH: another
 * round of cuts when the last gave more than this part of what all gave. */
enum {
    SHAKES = 6,
    SEARCH_COLUMNS = 20000,
    SEARCH_WORK = 100000,

    MOVES_PERCENT = 88,
    SOLVE_PERCENT = 20,
    STAFF_SOLVE_PERCENT = 10,
    DIVE_PERCENT = 50,
    IMPROVE_PERCENT = 80,

    CUTS_WORTH = 50
};

/* The relaxation is near enough for a plan when its bound is so near. */
static const double CLOSE = 1e-5, STAGE_CLOSE = 2e-7;

struct coupled_large {
    struct coupled_run *run;
    struct coupled_plan plan;
    const struct choices *choices; /* the plan's */
    struct glpk_master *master;
    double *price; /* per row, for all objectives in one number */
    double *stage_price;
    struct coupled_bounds *bounds; /* NULL = nobody asks for them */
    size_t n_stages;               /* so far */
    int is_relaxed;                /* the relaxation for the plan came to its end */
};

struct coupled_large *coupled_large_new(struct coupled_run *run)
{
    struct coupled_large *large = alloc_zero(1, sizeof *large);
    size_t n_rows = run->model->most_rows;
    large->run = run;
    coupled_plan_init(&large->plan, run);
    large->plan.shakes = run->problem->n_staff ? SHAKES : 0;
    large->choices = &large->plan.choices;
    large->price = alloc_zero(n_rows, sizeof *large->price);
    large->stage_price = alloc_zero(n_rows, sizeof *large->stage_price);
    return large;
}

void coupled_large_free(struct coupled_large *large)
{
    if (!large)
        return;
    coupled_bounds_free(large->bounds);
    glpk_master_free(large->master);
    coupled_plan_clear(&large->plan);
    free(large->price);
    free(large->stage_price);
    free(large);
}

/* Where homes have staff rows moves and shakes have come further than any dive. */
static void dive(struct coupled_large *large)
{
    struct coupled_run *run = large->run;
    struct budget share = budget_share(&run->budget, DIVE_PERCENT);
    uint32_t *chosen = alloc_zero((size_t)run->problem->n_people + 1, sizeof *chosen);
    coupled_dive(large->choices, large->master, &share, chosen);
    coupled_plan_take(&large->plan, chosen);
    glpk_master_restore(large->master);
    run->budget.work = share.work;
    free(chosen);
}

void coupled_large_plan(struct coupled_large *large)
{
    struct coupled_run *run = large->run;
    struct coupled_start *start = &large->plan.start;
    if (run->proof)
        large->bounds = coupled_bounds_new(run, large->choices);
    int has_staff = run->problem->n_staff > 0;
    struct budget whole = budget_narrow(&run->budget, MOVES_PERCENT);
    coupled_plan_find(&large->plan);
    budget_widen(&run->budget, &whole);
    memcpy(large->price, start->price, run->model->n_rows * sizeof *large->price);
    large->master = glpk_master_new(large->choices, start->chosen, start->tree, start->price,
                                    large->plan.gain, run->alive);
    struct budget first =
        budget_share(&run->budget, has_staff ? STAFF_SOLVE_PERCENT : SOLVE_PERCENT);
    enum glpk_outcome outcome = glpk_master_solve(large->master, &first, CLOSE, large->price);
    run->budget.work = first.work;
    large->is_relaxed = outcome == GLPK_DONE;
    if (large->is_relaxed && !has_staff)
        dive(large);
    whole = budget_narrow(&run->budget, IMPROVE_PERCENT);
    coupled_sweep(&large->plan);
    budget_widen(&run->budget, &whole);
}

static void see_prices(struct coupled_large *large, const int64_t *gain,
                       struct coupled_stage *stage)
{
    struct choices_prices prices = {large->stage_price, gain, large->run->alive};
    choices_price_loads(large->choices, large->stage_price);
    choices_price_members(large->choices, &prices, large->stage_price);
    coupled_run_see(large->run, stage, large->stage_price);
}

static enum glpk_outcome relax(struct coupled_large *large, const int64_t *gain,
                               struct coupled_stage *stage)
{
    struct coupled_run *run = large->run;
    struct budget share = budget_share(&run->budget, COUPLED_RELAX_PERCENT);
    enum glpk_outcome outcome =
        glpk_master_solve(large->master, &share, STAGE_CLOSE, large->stage_price);
    run->budget.work = share.work;
    see_prices(large, gain, stage);
    return outcome;
}

static size_t add_cuts(struct coupled_large *large)
{
    struct model *model = large->run->model;
    struct cuts cuts;
    double *x = alloc_zero((size_t)model->n_columns + 1, sizeof *x);
    glpk_master_point(large->master, x);
    cuts_find(model, x, model_cuts_room(model), &cuts);
    free(x);
    size_t n = cuts.n;
    if (n) {
        model_cuts_add(model, cuts.items, n);
        glpk_master_use_cuts(large->master, 1);
    }
    cuts_clear(&cuts);
    return n;
}

/* One round of cuts. 0 = there was none, or nothing came of it that would be worth another. */
static int tighten_once(struct coupled_large *large, const int64_t *gain,
                        struct coupled_stage *stage, bound_wide *gained)
{
    const struct coupled_run *run = large->run;
    bound_wide before = run->bound.total;
    if (!add_cuts(large) || relax(large, gain, stage) != GLPK_DONE || stage->is_proved)
        return 0;
    *gained += before - run->bound.total;
    return (before - run->bound.total) * CUTS_WORTH > *gained && !budget_is_spent(&run->budget);
}

/* For that objective alone; with cuts once it has come to its end without. */
static void relax_stage(struct coupled_large *large, const int64_t *gain,
                        struct coupled_stage *stage)
{
    struct coupled_run *run = large->run;
    bound_wide gained = 0;
    glpk_master_use_cuts(large->master, 0);
    glpk_master_objective(large->master, gain);
    if (relax(large, gain, stage) != GLPK_DONE || stage->is_proved || budget_is_spent(&run->budget))
        return;
    run->uses_cuts = 1;
    while (tighten_once(large, gain, stage, &gained))
        ;
}

/* Where the simplex begins at the network's optimum it comes to an end at that size too; then cuts
 * of several rows and a search may prove the stage. What it leaves behind when it does not is worth
 * less than what there was. */
static void settle_stage(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    struct budget whole = budget_narrow(&run->budget, coupled_stage_percent(run));
    struct coupled_stage again;
    struct bound plain;
    bound_init(&plain, run->model);
    bound_copy(&plain, &run->plain, run->model);
    coupled_relax_load(run);
    coupled_stage_relax(run, gain, &again);
    again.most = again.most < stage->most ? again.most : stage->most;
    coupled_stage_settle(run, &again);
    if (!again.is_relaxed) {
        bound_copy(&run->plain, &plain, run->model);
        bound_copy(&run->bound, &plain, run->model);
    }
    bound_clear(&plain);
    budget_widen(&run->budget, &whole);
    *stage = again;
}

/* Columns that a plan of `value` can contain. */
static size_t count_allowed(const struct coupled_run *run, int64_t value)
{
    size_t n = 0;
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        n += run->alive[j] && bound_allows_column(&run->bound, j, value);
    return n;
}

/* Without a limit of its own it might go on for ever. */
static void search(struct coupled_run *run, struct coupled_stage *stage)
{
    int64_t work_limit = run->budget.work_limit, enough = run->budget.work + SEARCH_WORK;
    if (work_limit == 0 || work_limit > enough)
        run->budget.work_limit = enough;
    coupled_search_settle(run, stage, NULL);
    run->budget.work_limit = work_limit;
}

void coupled_large_stage(struct coupled_large *large, const int64_t *gain,
                         struct coupled_stage *stage)
{
    struct coupled_run *run = large->run;
    *stage = (struct coupled_stage){.most = INT64_MAX};
    run->gain = gain;
    run->uses_cuts = 0;
    coupled_run_see(run, stage, NULL);
    coupled_bounds_stage(large->bounds, large->n_stages++, stage, large->stage_price);
    if (!stage->is_proved && large->is_relaxed && glpk_master_has_solution(large->master) &&
        !budget_is_spent(&run->budget))
        relax_stage(large, gain, stage);
    if (!stage->is_proved && stage->most != INT64_MAX && !budget_is_spent(&run->budget)) {
        if (run->problem->n_staff == 0)
            settle_stage(run, gain, stage);
        else if (count_allowed(run, stage->value + 1) <= SEARCH_COLUMNS)
            search(run, stage);
    }
    if (stage->is_proved)
        stage->most = stage->value;
}
