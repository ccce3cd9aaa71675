/* coupled_plan.c - see coupled_plan.h. */
#include "solver/coupled_plan.h"

#include "models/alloc.h"
#include "solver/coupled_fill.h"
#include "solver/coupled_moves.h"

#include <stdlib.h>
#include <string.h>

/* SCALE_BITS: what a point of the first objective counts where all are one number, in units of the
 * last; COUNT_BITS: those between; less where a gain would get longer than WIDEST_BITS. */
enum { SCALE_BITS = 20, COUNT_BITS = 15, WIDEST_BITS = 40 };
/* Of what a limit leaves: for prices to begin at, without moves they are worth little; then for
 * what goes without the last objective. */
enum { START_PERCENT = 50, SHAKES_PERCENT = 70 };

/* The first objective counts most, then the others; what counts people or ranks more than what
 * counts metres. */
static void set_gain(struct coupled_plan *plan)
{
    const struct model *model = plan->run->model;
    const struct problem *problem = model->problem;
    for (size_t k = 0; k < problem->n_objectives; k++) {
        int bits = k == 0 ? SCALE_BITS : k + 1 < problem->n_objectives ? COUNT_BITS : 0;
        int64_t widest = 0;
        for (uint32_t j = 0; j < model->n_pair_columns; j++) {
            int64_t size = llabs(problem_gain(problem, model->columns[j].a, k));
            widest = size > widest ? size : widest;
        }
        while (bits > 0 && widest >> (WIDEST_BITS - bits))
            bits--;
        if (k > 0 && widest >> WIDEST_BITS)
            continue; /* it would drown the first: the sum is for a plan alone */
        for (uint32_t j = 0; j < model->n_pair_columns; j++) {
            int64_t gain = problem_gain(problem, model->columns[j].a, k) * ((int64_t)1 << bits);
            plan->gain[j] += gain;
            plan->main_gain[j] += k == 0 || k + 1 < problem->n_objectives ? gain : 0;
        }
        if (k == 0)
            plan->scale = (int64_t)1 << bits;
    }
}

void coupled_plan_init(struct coupled_plan *plan, struct coupled_run *run)
{
    *plan = (struct coupled_plan){.run = run};
    choices_init(&plan->choices, run->model);
    plan->gain = alloc_zero((size_t)run->model->n_columns + 1, sizeof *plan->gain);
    plan->main_gain = alloc_zero((size_t)run->model->n_columns + 1, sizeof *plan->main_gain);
    plan->price = alloc_zero(run->model->most_rows, sizeof *plan->price);
    plan->place_price = alloc_zero((size_t)run->problem->n_pairs + 1, sizeof(int64_t));
    plan->wish = alloc_zero((size_t)run->problem->n_people + 1, sizeof *plan->wish);
    plan->polished = alloc_zero((size_t)run->problem->n_people + 1, sizeof *plan->polished);
    set_gain(plan);
}

void coupled_plan_clear(struct coupled_plan *plan)
{
    coupled_start_clear(&plan->start);
    choices_clear(&plan->choices);
    free(plan->gain);
    free(plan->main_gain);
    free(plan->price);
    free(plan->place_price);
    free(plan->wish);
    free(plan->polished);
}

void coupled_plan_take(const struct coupled_plan *plan, const uint32_t *chosen)
{
    struct coupled_run *run = plan->run;
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        if (chosen[i] == PROBLEM_NONE && run->problem->people[i].stay_pair != PROBLEM_NONE)
            return;
    if (model_complete(run->model, chosen, run->x) == 0)
        coupled_run_take(run, run->x);
}

/* From the duals of a relaxation: what each part, staff and room costs there, and who would be
 * where as far as that is whole. */
static void wish_from_relaxation(struct coupled_plan *plan)
{
    const struct coupled_run *run = plan->run;
    const struct model *model = run->model;
    for (uint32_t row = 0; row < model->n_rows; row++)
        if (choices_is_shared(model->rows[row].kind))
            plan->price[row] = run->duals[row] * (double)plan->scale;
    choices_price_loads(&plan->choices, plan->price);
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        plan->wish[i] = run->problem->people[i].stay_pair;
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        if (glpk_mip_value(run->mip, j) > 0.5)
            plan->wish[run->problem->pairs[model->columns[j].a].person] = model->columns[j].a;
}

static void wish_from_prices(struct coupled_plan *plan)
{
    struct coupled_run *run = plan->run;
    struct budget whole = budget_narrow(&run->budget, START_PERCENT);
    coupled_start_find(&plan->choices, plan->gain, run->alive, plan->scale, &run->budget,
                       &plan->start);
    budget_widen(&run->budget, &whole);
    memcpy(plan->price, plan->start.price, run->model->n_rows * sizeof *plan->price);
    memcpy(plan->wish, plan->start.chosen, run->problem->n_people * sizeof *plan->wish);
}

/* Small changes of run->best at these gains. */
static void change(struct coupled_plan *plan, const int64_t *gain, int shakes)
{
    struct coupled_run *run = plan->run;
    memcpy(plan->polished, run->best, run->problem->n_people * sizeof *run->best);
    if (budget_is_spent(&run->budget))
        return;
    coupled_moves_run(run->model, gain, plan->place_price, shakes, &run->budget, plan->polished);
    coupled_plan_take(plan, plan->polished);
    memcpy(plan->polished, run->best, run->problem->n_people * sizeof *run->best);
}

/* Metres make every step of a path differ from every other, and long ones of most searches: a plan
 * is first made better, and shaken, without the last objective. */
static void change_main(struct coupled_plan *plan, int shakes)
{
    struct coupled_run *run = plan->run;
    struct budget whole = budget_narrow(&run->budget, SHAKES_PERCENT);
    change(plan, plan->main_gain, shakes);
    budget_widen(&run->budget, &whole);
}

/* Where a stage has been proved without a plan from prices none of them is better than what it has
 * found. */
static void begin(struct coupled_plan *plan)
{
    struct coupled_run *run = plan->run;
    if (!plan->is_seen)
        wish_from_prices(plan);
    struct choices_prices prices = {plan->price, plan->gain, run->alive};
    coupled_moves_begin(&plan->choices, &prices, plan->place_price);
    plan->is_begun = 1;
    if (run->stage > 0)
        return;
    coupled_fill(&plan->choices, &prices, plan->wish, plan->polished);
    coupled_plan_take(plan, plan->polished);
    int is_left_rough = coupled_run_is_last(run) && !plan->shakes;
    if (run->problem->n_staff && !is_left_rough)
        change_main(plan, plan->shakes);
}

void coupled_plan_see(struct coupled_plan *plan)
{
    if (!plan->is_seen)
        wish_from_relaxation(plan);
    plan->is_seen = 1;
}

void coupled_plan_begin(struct coupled_plan *plan)
{
    if (!plan->is_begun)
        begin(plan);
}

void coupled_plan_find(struct coupled_plan *plan)
{
    struct coupled_run *run = plan->run;
    size_t size = run->problem->n_people * sizeof *run->best;
    coupled_plan_begin(plan);
    if (plan->is_polished && memcmp(run->best, plan->polished, size) == 0)
        return;
    change(plan, plan->gain, 0);
    plan->is_polished = 1;
}

void coupled_plan_shake(struct coupled_plan *plan, int shakes)
{
    change_main(plan, shakes);
    if (plan->run->problem->n_objectives > 1)
        change(plan, plan->gain, 0);
    plan->is_polished = 1;
}
