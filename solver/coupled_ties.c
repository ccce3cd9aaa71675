/* coupled_ties.c - see coupled_ties.h. */
#include "solver/coupled_ties.h"

#include "models/alloc.h"
#include "solver/coupled_rest.h"
#include "solver/coupled_serial.h"
#include "solver/coupled_stage.h"
#include "solver/ties.h"

#include <stdlib.h>
#include <string.h>

/* Serially: up to so many (people with a choice x columns that are left), and for so much work. */
#define SERIAL_MOST INT64_C(2000000)
enum { SERIAL_WORK = 10000 };

/* -- one after the other -- */

static int is_left(const struct coupled_run *run, uint32_t pair)
{
    uint32_t column = run->model->column_of_pair[pair];
    return column != MODEL_NONE && run->alive[column];
}

/* Better than what the person has now? */
static int is_wish(const struct coupled_run *run, uint32_t person, uint32_t pair)
{
    uint32_t now = run->best[person];
    return is_left(run, pair) && (now == PROBLEM_NONE || ties_compare(run->problem, pair, now) < 0);
}

static int has_wish(const struct coupled_run *run, uint32_t person)
{
    const struct problem_person *at = &run->problem->people[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
        if (is_wish(run, person, pair))
            return 1;
    return 0;
}

/* 1 for what they have, more the better a pair is for them; 0 for all that is worse. */
static void set_wishes(const struct coupled_run *run, uint32_t person, int64_t *gain)
{
    const struct problem_person *at = &run->problem->people[person];
    uint32_t now = run->best[person];
    for (uint32_t a = at->first_pair; a < at->first_pair + at->n_pairs; a++) {
        int is_now = now != PROBLEM_NONE && ties_compare(run->problem, a, now) == 0;
        if (!is_left(run, a) || (!is_now && !is_wish(run, person, a)))
            continue;
        int64_t worse = 1;
        for (uint32_t b = at->first_pair; b < at->first_pair + at->n_pairs; b++)
            worse += is_wish(run, person, b) && ties_compare(run->problem, a, b) < 0;
        gain[run->model->column_of_pair[a]] = is_now ? 1 : worse + 1;
    }
}

static void clear_wishes(const struct coupled_run *run, uint32_t person, int64_t *gain)
{
    const struct problem_person *at = &run->problem->people[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
        if (run->model->column_of_pair[pair] != MODEL_NONE)
            gain[run->model->column_of_pair[pair]] = 0;
}

/* The person keeps the pool (any part of it), or stays without. */
static void fix(struct coupled_run *run, struct coupled_serial *serial, uint32_t person)
{
    const struct problem_person *at = &run->problem->people[person];
    uint32_t now = run->best[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        if (!is_left(run, pair) ||
            (now != PROBLEM_NONE && ties_compare(run->problem, pair, now) == 0))
            continue;
        run->alive[run->model->column_of_pair[pair]] = 0;
        if (serial)
            coupled_serial_drop(serial, run->model->column_of_pair[pair]);
    }
    if (now == PROBLEM_NONE)
        return;
    run->model->rows[person].lower = 1;
    if (serial)
        coupled_serial_house(serial, person);
}

/* The reference has a stage for each. */
static void ask_reference(struct coupled_run *run, const int64_t *gain)
{
    struct coupled_stage stage;
    glpk_mip_sync_rows(run->mip);
    glpk_mip_set_alive(run->mip, run->alive);
    coupled_stage_run(run, gain, &stage);
    if (stage.is_proved)
        coupled_run_drop(run);
}

static int settle_serially(struct coupled_run *run)
{
    uint32_t t = 0;
    int64_t *gain = alloc_zero(run->model->n_columns, sizeof *gain);
    struct coupled_serial *serial = run->is_reference ? NULL : coupled_serial_new(run);
    int64_t work_limit = run->budget.work_limit, enough = run->budget.work + SERIAL_WORK;
    if (work_limit == 0 || work_limit > enough)
        run->budget.work_limit = enough;
    for (; t < run->problem->n_people && !budget_is_spent(&run->budget); t++) {
        uint32_t person = run->problem->tie_order[t];
        if (has_wish(run, person)) {
            set_wishes(run, person, gain);
            if (serial)
                coupled_serial_ask(serial, person, gain);
            else
                ask_reference(run, gain);
            clear_wishes(run, person, gain);
        }
        fix(run, serial, person);
    }
    run->budget.work_limit = work_limit;
    run->gain = NULL;
    coupled_serial_free(serial);
    free(gain);
    return t == run->problem->n_people;
}

/* 1 = everybody had their turn. */
static int settle_small(struct coupled_run *run)
{
    int64_t open = 0, left = 0;
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        open += has_wish(run, i);
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++)
        left += run->alive[j];
    return open * left <= SERIAL_MOST && settle_serially(run);
}

/* What the budget still allows, as options of another solver; 0 = nothing. */
static int options_left(const struct budget *budget, struct solver_options *options)
{
    *options = (struct solver_options){0};
    if (budget->work_limit)
        options->work_limit = budget_work_left(budget, INT32_MAX);
    if (budget->until_s > 0)
        options->time_limit_s = budget_ms_left(budget, INT32_MAX) / 1000.0;
    return !budget_is_spent(budget);
}

void coupled_ties_settle(struct coupled_run *run)
{
    struct solver_options options;
    coupled_run_drop(run);
    if (!settle_small(run) && options_left(&run->budget, &options))
        coupled_rest_settle(run->problem, &options, run->best);
}
