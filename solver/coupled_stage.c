/* coupled_stage.c - see coupled_stage.h. */
#include "solver/coupled_stage.h"

#include "models/alloc.h"
#include "solver/bound_homes.h"
#include "solver/coupled_ahead.h"
#include "solver/coupled_basis.h"
#include "solver/coupled_cuts.h"
#include "solver/coupled_plan.h"
#include "solver/coupled_reference.h"
#include "solver/coupled_search.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* CUTS_PERCENT: of what a limit leaves a stage, before there is a plan by small changes. */
enum { FIRST_COLUMNS = 4, FEW_ITERATIONS = 50, STAGE_PERCENT = 50, CUTS_PERCENT = 50, SHAKES = 2 };

/* -- plans -- */

int64_t coupled_stage_value(const struct coupled_run *run, const uint32_t *chosen)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            value += run->gain[run->model->column_of_pair[chosen[i]]];
    return value;
}

static int64_t objective_of(const struct coupled_run *run, const uint32_t *chosen, size_t k)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < run->problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            value += problem_gain(run->problem, chosen[i], k);
    return value;
}

static int is_better(const struct coupled_run *run, const uint32_t *chosen)
{
    for (size_t k = 0; k < run->problem->n_objectives; k++) {
        int64_t new = objective_of(run, chosen, k), old = objective_of(run, run->best, k);
        if (new != old)
            return new > old;
    }
    return run->gain && coupled_stage_value(run, chosen) > coupled_stage_value(run, run->best);
}

int coupled_stage_take(struct coupled_run *run, const int64_t *x)
{
    if (model_assignment(run->model, x, run->found) < 0)
        return -1;
    if (is_better(run, run->found)) {
        memcpy(run->best, run->found, run->problem->n_people * sizeof *run->best);
        memcpy(run->best_x, x, run->model->n_columns * sizeof *x);
    }
    return 0;
}

/* -- columns -- */

/* Does a stage begin from the network without the coupled rows? Not where minutes are scarce: the
 * network takes so many more of them than there are that mending it takes longer. */
static int has_network(const struct coupled_run *run)
{
    return !run->is_reference && run->problem->n_staff == 0;
}

/* There the first one begins from the network at prices of minutes. */
static int has_prices(const struct coupled_run *run)
{
    return !run->is_reference && run->problem->n_staff > 0 && run->plan;
}

/* Few pairs of each person where no network says which are good; of a household's homes and what
 * goes with them only those of the incumbent. */
void coupled_stage_load(struct coupled_run *run)
{
    const struct model *model = run->model;
    uint32_t person = PROBLEM_NONE, taken = 0;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        int is_wanted = model->columns[j].kind != MODEL_COLUMN_HOME || run->best_x[j];
        if (j < model->n_pair_columns) {
            uint32_t pair = model->columns[j].a, owner = run->problem->pairs[pair].person;
            taken = owner == person ? taken + 1 : 0;
            person = owner;
            is_wanted = run->best_x[j] || problem_is_stay(run->problem, pair) ||
                        (!has_network(run) && !has_prices(run) && taken < FIRST_COLUMNS &&
                         run->problem->people[owner].household == PROBLEM_NONE);
        }
        if (is_wanted)
            glpk_mip_add(run->mip, j);
    }
}

void coupled_stage_begin(struct coupled_run *run, const uint32_t *start)
{
    const struct problem *problem = run->problem;
    for (uint32_t i = 0; i < problem->n_people; i++)
        run->best[i] = problem->people[i].stay_pair;
    model_complete(run->model, run->best, run->best_x);
    if (start && model_complete(run->model, start, run->x) == 0)
        coupled_stage_take(run, run->x);
}

/* -- pricing -- */

/* What a pair is worth beyond the duals of all its rows but the person's and the member's (*member,
 * MODEL_NONE = none). */
static double worth_of(const struct coupled_run *run, uint32_t column, uint32_t *member)
{
    const struct model *model = run->model;
    double worth = (double)run->gain[column];
    *member = MODEL_NONE;
    for (size_t e = model->first[column] + 1; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        if (model->rows[entry->row].kind == MODEL_ROW_MEMBER)
            *member = entry->row;
        else
            worth -= run->duals[entry->row] * (double)entry->value;
    }
    for (uint32_t k = 0; k < model->n_stages; k++)
        worth -= run->duals[model->stage_row[k]] * (double)model->stage_gain[k][column];
    return worth;
}

static int in_household(const struct coupled_run *run, uint32_t column)
{
    uint32_t person = run->problem->pairs[run->model->columns[column].a].person;
    return run->problem->people[person].household != PROBLEM_NONE;
}

/* Rows of members that GLPK does not have yet: the least duals at which none of their pairs beats
 * its person's. */
static void fill_member_duals(struct coupled_run *run)
{
    for (uint32_t j = 0; j < run->model->n_pair_columns; j++) {
        uint32_t person = run->problem->pairs[run->model->columns[j].a].person, row;
        if (!run->alive[j] || !in_household(run, j))
            continue;
        double beyond = worth_of(run, j, &row) - run->duals[person];
        if (row != MODEL_NONE && !glpk_mip_has_row(run->mip, row) && beyond > run->duals[row])
            run->duals[row] = beyond;
    }
}

static double tolerance(double dual)
{
    return 1e-6 * (1 + (dual < 0 ? -dual : dual));
}

/* Homes that are worth more to the whole household than the relaxation pays for it. */
static uint32_t price_homes(struct coupled_run *run)
{
    const struct model *model = run->model;
    uint32_t added = 0;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        const struct model_entry *entries = &model->entries[model->first[j]];
        size_t n = model->first[j + 1] - model->first[j];
        if (model->columns[j].kind != MODEL_COLUMN_HOME || !run->alive[j] ||
            glpk_mip_has(run->mip, j))
            continue;
        double worth = -run->duals[entries[0].row];
        for (size_t e = 1; e < n; e++)
            worth += run->duals[entries[e].row];
        if (worth <= tolerance(run->duals[entries[0].row]))
            continue;
        glpk_mip_add(run->mip, j);
        added++;
    }
    return added;
}

/* Adds alive pairs that beat what the relaxation pays their person: those in the better half of the
 * distance to the person's best. Pairs whose member row has just come in with its home: the best of
 * each. Returns how many. */
static uint32_t price_pairs(struct coupled_run *run)
{
    const struct model *model = run->model;
    const double one = (double)(1 << BOUND_SHIFT);
    uint32_t added = 0;
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t person = run->problem->pairs[model->columns[j].a].person, row = MODEL_NONE;
        double dual = run->duals[person];
        double beaten_by = (double)run->bound.price[person] / one - dual;
        if (!run->alive[j] || glpk_mip_has(run->mip, j))
            continue;
        int is_wanted =
            beaten_by > tolerance(dual) && (double)run->bound.reduced[j] / one >= -beaten_by / 2;
        if (in_household(run, j)) {
            double beyond = worth_of(run, j, &row) - dual;
            if (row != MODEL_NONE && !glpk_mip_has_row(run->mip, row))
                continue;
            if (row != MODEL_NONE)
                is_wanted |= run->duals[row] > 0 && beyond >= run->duals[row] - tolerance(dual);
        }
        if (!is_wanted)
            continue;
        glpk_mip_add(run->mip, j);
        added++;
    }
    return added;
}

static uint32_t price_in(struct coupled_run *run)
{
    uint32_t added = price_homes(run);
    return added + price_pairs(run);
}

/* -- one stage -- */

int coupled_stage_is_last(const struct coupled_run *run)
{
    return run->stage + 1 == run->problem->n_objectives;
}

/* What cannot be proved leaves time to what follows. */
int coupled_stage_percent(const struct coupled_run *run)
{
    return coupled_stage_is_last(run) ? 100 : STAGE_PERCENT;
}

static void see_bound(struct coupled_run *run, struct coupled_stage *stage, const double *duals)
{
    bound_set(&run->bound, run->model, duals, run->gain, run->alive);
    if (!run->uses_cuts)
        bound_copy(&run->plain, &run->bound, run->model);
    if (!run->uses_cuts && run->proof)
        coupled_proof_see(run->proof, run->model, &run->bound);
    int64_t most = bound_value(&run->bound);
    if (most < stage->most)
        stage->most = most;
}

void coupled_stage_weigh(struct coupled_run *run, struct coupled_stage *stage)
{
    stage->value = coupled_stage_value(run, run->best);
    stage->is_proved = stage->value >= stage->most;
}

void coupled_stage_know(struct coupled_run *run, struct coupled_stage *stage, bound_wide total)
{
    int64_t most = bound_value(&(struct bound){.total = total});
    if (most < stage->most)
        stage->most = most;
    coupled_stage_weigh(run, stage);
}

void coupled_stage_see(struct coupled_run *run, struct coupled_stage *stage, const double *duals)
{
    see_bound(run, stage, duals);
    bound_wide excess = bound_homes_excess(&run->bound, run->model, run->alive);
    coupled_stage_know(run, stage, run->bound.total - excess);
}

/* The plan at hand may have columns that a search took in beside the relaxation. Without them the
 * rows that keep earlier objectives may leave the relaxation nothing. Returns how many came in. */
static uint32_t add_best(struct coupled_run *run)
{
    uint32_t added = 0;
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        if (run->best_x[j] && !glpk_mip_has(run->mip, j)) {
            glpk_mip_add(run->mip, j);
            added++;
        }
    return added;
}

enum glpk_outcome coupled_stage_again(struct coupled_run *run, struct coupled_stage *stage,
                                      int most)
{
    if (has_prices(run) && !run->is_begun)
        coupled_basis_begin_priced(run, &run->plan->choices);
    run->is_begun = 1;
    for (;;) {
        int whole;
        enum glpk_outcome outcome =
            glpk_mip_relax(run->mip, most, &run->budget, run->duals, run->x, &whole);
        fill_member_duals(run);
        see_bound(run, stage, run->duals);
        if (whole)
            coupled_stage_take(run, run->x);
        coupled_stage_weigh(run, stage);
        if (outcome == GLPK_EMPTY && !stage->is_proved && add_best(run))
            continue;
        if (outcome != GLPK_DONE || stage->is_proved || price_in(run) == 0)
            return outcome;
    }
}

static void find_plan(struct coupled_run *run, struct coupled_stage *stage)
{
    if (stage->is_proved || !run->plan)
        return;
    coupled_plan_find(run->plan);
    coupled_stage_weigh(run, stage);
}

static void shake(struct coupled_run *run, struct coupled_stage *stage, int shakes)
{
    if (stage->is_proved)
        return;
    coupled_plan_shake(run->plan, shakes);
    coupled_stage_weigh(run, stage);
}

static void glance(struct coupled_run *run, struct coupled_stage *stage)
{
    if (!stage->is_proved)
        coupled_ahead_glance(run, stage);
}

static void peep(struct coupled_run *run, struct coupled_stage *stage)
{
    if (!stage->is_proved)
        coupled_ahead_peep(run, stage);
}

/* The first stage's plan is a rough one until a glance from it fails. To shake it takes less time
 * than to search all columns, and often ends at the bound's value. Where no stage comes after, to
 * which more cuts and a good plan would be of use too, short looks from an even rougher one come
 * before them. */
static void look_from_rough(struct coupled_run *run, struct coupled_stage *stage)
{
    if (stage->is_proved)
        return;
    coupled_plan_begin(run->plan);
    coupled_stage_weigh(run, stage);
    if (coupled_stage_is_last(run)) {
        for (int shakes = 0; shakes < SHAKES; shakes++) {
            peep(run, stage);
            shake(run, stage, shakes);
        }
        peep(run, stage);
        glance(run, stage);
    } else {
        glance(run, stage);
        shake(run, stage, SHAKES);
    }
}

static void look_from_plan(struct coupled_run *run, struct coupled_stage *stage)
{
    find_plan(run, stage);
    glance(run, stage);
}

/* With staff rows the relaxation with its cuts, or what it and a plan have, mostly leads to a plan
 * of just the bound's value. */
static void look_ahead(struct coupled_run *run, struct coupled_stage *stage)
{
    if (run->plan && run->stage == 0)
        look_from_rough(run, stage);
    else
        look_from_plan(run, stage);
    if (!stage->is_proved)
        coupled_ahead_look(run, stage);
}

/* What searches have ruled out is no part of a certificate. */
static void settle_with_cuts(struct coupled_run *run, struct coupled_stage *stage)
{
    unsigned char *alive = run->alive;
    struct budget whole = budget_narrow(&run->budget, run->plan ? CUTS_PERCENT : 100);
    if (run->plan)
        coupled_plan_see(run->plan);
    if (has_network(run))
        find_plan(run, stage);
    run->alive = run->reached;
    glpk_mip_set_alive(run->mip, run->alive);
    if (!stage->is_proved)
        coupled_cuts_tighten(run, stage);
    budget_widen(&run->budget, &whole);
    if (!has_network(run))
        look_ahead(run, stage);
    run->alive = alive;
    if (!stage->is_proved)
        coupled_search_settle(run, stage);
}

/* Where the stage before ended is often an optimum of this one too; else from the network's, whose
 * prices may prove what there is. 1 = the relaxation is solved. */
static int relax_stage(struct coupled_run *run, struct coupled_stage *stage)
{
    if (!has_network(run)) {
        coupled_ahead_relax(run, INT_MAX);
        return coupled_stage_again(run, stage, INT_MAX) == GLPK_DONE;
    }
    if (glpk_mip_is_near(run->mip) && coupled_stage_again(run, stage, FEW_ITERATIONS) == GLPK_DONE)
        return 1;
    if (!stage->is_proved && coupled_basis_begin(run, run->duals))
        coupled_stage_see(run, stage, run->duals);
    return !stage->is_proved && coupled_stage_again(run, stage, INT_MAX) == GLPK_DONE;
}

static void begin(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    *stage = (struct coupled_stage){.most = INT64_MAX};
    run->gain = gain;
    run->uses_cuts = 0;
    glpk_mip_use_cuts(run->mip, 0);
    coupled_ahead_begin(run);
    glpk_mip_objective(run->mip, gain);
}

void coupled_stage_relax(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    begin(run, gain, stage);
    see_bound(run, stage, NULL);
    coupled_stage_weigh(run, stage);
    if (!stage->is_proved)
        stage->is_relaxed = relax_stage(run, stage);
}

void coupled_stage_settle(struct coupled_run *run, struct coupled_stage *stage)
{
    coupled_stage_weigh(run, stage);
    if (!stage->is_proved && stage->is_relaxed) {
        if (run->is_reference)
            coupled_reference_settle(run, stage);
        else
            settle_with_cuts(run, stage);
    }
    if (stage->is_proved)
        stage->most = stage->value;
}

void coupled_stage_run(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage)
{
    coupled_stage_relax(run, gain, stage);
    coupled_stage_settle(run, stage);
}

void coupled_stage_drop(struct coupled_run *run)
{
    for (uint32_t j = 0; j < run->model->n_columns; j++)
        run->alive[j] = run->alive[j] && run->reached[j];
}

/* By what the certificate tells of, so that it can tell of the next stage too; cuts, as searches,
 * only say what need not be looked at again. */
void coupled_stage_keep(struct coupled_run *run, const struct coupled_stage *stage, size_t k)
{
    struct model *model = run->model;
    const struct bound *plain = &run->plain;
    int is_face = bound_is_face(plain, model, run->alive, stage->value);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        struct model_column *column = &model->columns[j];
        run->alive[j] =
            run->alive[j] && (column->lower > 0 || bound_allows_column(plain, j, stage->value));
        run->reached[j] = run->reached[j] &&
                          (column->lower > 0 || bound_allows_column(&run->bound, j, stage->value));
        if (run->alive[j])
            column->lower = bound_column_lower(plain, model, j, stage->value);
    }
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (bound_slack(plain, i, stage->value) == 0)
            model->rows[i].lower = model->rows[i].upper;
    if (!is_face || !stage->is_proved) /* a later one may come upon more */
        model_keep(model, k, run->gain, stage->value);
    glpk_mip_sync_rows(run->mip);
    glpk_mip_set_alive(run->mip, run->alive);
}

/* -- the run -- */

void coupled_run_init(struct coupled_run *run, const struct problem *problem,
                      const struct solver_options *options)
{
    *run = (struct coupled_run){.problem = problem,
                                .model = model_new(problem),
                                .is_reference = options->engine == SOLVER_GLPK};
    uint32_t n_columns = run->model->n_columns;
    run->mip = glpk_mip_new(run->model);
    bound_init(&run->bound, run->model);
    bound_init(&run->plain, run->model);
    run->alive = alloc_zero(n_columns, 1);
    run->reached = alloc_zero(n_columns, 1);
    run->allowed = alloc_zero(n_columns, 1);
    memset(run->alive, 1, n_columns);
    memset(run->reached, 1, n_columns);
    run->best = alloc_zero(problem->n_people, sizeof *run->best);
    run->found = alloc_zero(problem->n_people, sizeof *run->found);
    run->best_x = alloc_zero(n_columns, sizeof *run->best_x);
    run->x = alloc_zero(n_columns, sizeof *run->x);
    run->duals = alloc_zero(run->model->most_rows, sizeof *run->duals);
    budget_init(&run->budget, options);
}

void coupled_run_clear(struct coupled_run *run)
{
    coupled_ahead_end(run);
    for (size_t k = 0; k < OBJECTIVE_COUNT; k++)
        free(run->gains[k]);
    free(run->alive);
    free(run->reached);
    free(run->allowed);
    free(run->best);
    free(run->found);
    free(run->best_x);
    free(run->x);
    free(run->duals);
    bound_clear(&run->bound);
    bound_clear(&run->plain);
    glpk_mip_free(run->mip);
    model_free(run->model);
}
