/* coupled_large.c - see coupled_large.h. */
#include "solver/coupled_large.h"

#include "models/alloc.h"
#include "solver/coupled.h"
#include "solver/coupled_bounds.h"
#include "solver/coupled_dive.h"
#include "solver/coupled_part.h"
#include "solver/coupled_plan.h"
#include "solver/coupled_search.h"
#include "solver/cuts.h"
#include "solver/problem_coupled.h"

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

/* Of parts, time after time over the city. With staff rows most are proved in a second or two. */
static const struct part_size {
    uint32_t homes;
    int work;
} plain_sizes[] = {{8, 3000}, {8, 3000}, {8, 3000}, {8, 3000}},
  staff_sizes[] = {{24, 8000}, {48, 20000}, {96, 60000}, {96, 60000}, {96, 60000}};

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

/* -- parts -- */

struct sweep {
    struct coupled_large *large;
    uint32_t n_homes;
    struct part_size size;
    unsigned char *is_coupled; /* homes with a staff row or rooms */
    unsigned char *is_free;    /* people */
    unsigned char *is_open;    /* parts */
    unsigned char *is_in;      /* homes, of the part at hand */
    uint32_t *found;
};

static void sweep_init(struct sweep *sweep, struct coupled_large *large)
{
    const struct model *model = large->run->model;
    const struct problem *problem = model->problem;
    *sweep = (struct sweep){.large = large, .n_homes = model->n_homes};
    sweep->is_coupled = alloc_zero((size_t)model->n_homes + 1, 1);
    sweep->is_in = alloc_zero((size_t)model->n_homes + 1, 1);
    sweep->is_open = alloc_zero((size_t)problem->n_parts + 1, 1);
    sweep->is_free = alloc_zero((size_t)problem->n_people + 1, 1);
    sweep->found = alloc_zero((size_t)problem->n_people + 1, sizeof *sweep->found);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        sweep->is_coupled[model->home_of_part[part]] |=
            problem_coupled_staff(problem, part) != PROBLEM_NONE ||
            problem_coupled_rooms(problem, part) != PROBLEM_NONE;
}

static void sweep_clear(struct sweep *sweep)
{
    free(sweep->is_coupled);
    free(sweep->is_in);
    free(sweep->is_open);
    free(sweep->is_free);
    free(sweep->found);
}

static double apart(const struct institution *one, const struct institution *two)
{
    double north = one->lat - two->lat, east = 0.86 * (one->lon - two->lon);
    return north * north + east * east;
}

/* The home and those nearest to it. */
static void choose_homes(struct sweep *sweep, uint32_t seed)
{
    const struct institution *const *homes =
        (const struct institution *const *)sweep->large->run->model->homes;
    memset(sweep->is_in, 0, sweep->n_homes);
    for (uint32_t n = 0; n < sweep->size.homes; n++) {
        uint32_t nearest = MODEL_NONE;
        for (uint32_t home = 0; home < sweep->n_homes; home++)
            if (!sweep->is_in[home] &&
                (nearest == MODEL_NONE ||
                 apart(homes[home], homes[seed]) < apart(homes[nearest], homes[seed])))
                nearest = home;
        if (nearest != MODEL_NONE)
            sweep->is_in[nearest] = 1;
    }
}

/* Could the person be in these homes? */
static int can_come(const struct sweep *sweep, uint32_t person)
{
    const struct problem *problem = sweep->large->run->problem;
    const struct problem_person *at = &problem->people[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
        if (sweep->is_open[problem->pairs[pair].part])
            return 1;
    return 0;
}

static int is_here(const struct sweep *sweep, uint32_t person)
{
    const struct coupled_run *run = sweep->large->run;
    return run->best[person] != PROBLEM_NONE &&
           sweep->is_in[run->model->home_of_part[run->problem->pairs[run->best[person]].part]];
}

/* Is the owner in these homes, or could they be, with somebody who has no bed? */
static int is_wanted(const struct sweep *sweep, uint32_t owner)
{
    const struct coupled_large *large = sweep->large;
    const struct problem_household *household = NULL;
    size_t n = 1;
    if (large->choices->household[owner] != PROBLEM_NONE) {
        household = &large->run->problem->households[large->choices->household[owner]];
        n = household->n;
    }
    for (size_t m = 0; m < n; m++) {
        uint32_t person = household ? household->people[m] : large->choices->person[owner];
        int is_waiting = large->run->best[person] == PROBLEM_NONE;
        if (is_here(sweep, person) || (is_waiting && can_come(sweep, person)))
            return 1;
    }
    return 0;
}

/* Whoever is in these homes, and who could be; households with all of their members. */
static void choose_people(struct sweep *sweep)
{
    const struct coupled_large *large = sweep->large;
    const struct problem *problem = large->run->problem;
    memset(sweep->is_free, 0, problem->n_people);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        sweep->is_open[part] = sweep->is_in[large->run->model->home_of_part[part]];
    for (uint32_t o = 0; o < large->choices->n_owners; o++) {
        uint32_t household = large->choices->household[o];
        if (!is_wanted(sweep, o))
            continue;
        sweep->is_free[large->choices->person[o]] = 1;
        for (size_t m = 0; household != PROBLEM_NONE && m < problem->households[household].n; m++)
            sweep->is_free[problem->households[household].people[m]] = 1;
    }
}

static void improve_part(struct sweep *sweep)
{
    struct coupled_run *run = sweep->large->run;
    struct coupled_part part;
    struct solver_options options = {.work_limit =
                                         budget_work_left(&run->budget, sweep->size.work)};
    if (run->budget.until_s > 0)
        options.time_limit_s = budget_ms_left(&run->budget, INT32_MAX) / 1000.0;
    coupled_part_init(&part, run->problem, run->best, NULL, sweep->is_free);
    if (part.problem.n_people && part.problem.n_pairs) {
        run->budget.work += coupled_improve(&part.problem, &options, part.chosen);
        memcpy(sweep->found, run->best, run->problem->n_people * sizeof *sweep->found);
        coupled_part_put(&part, part.chosen, sweep->found);
        coupled_plan_take(&sweep->large->plan, sweep->found);
    }
    coupled_part_clear(&part);
}

/* Every home that a row couples is the middle of a part once, unless another part had it, from the
 * `first` home on. 1 = the plan is better than before. */
static int sweep_once(struct sweep *sweep, uint32_t first)
{
    const struct coupled_run *run = sweep->large->run;
    unsigned char *is_done = alloc_zero((size_t)sweep->n_homes + 1, 1);
    uint32_t *before = alloc_copy(run->best, run->problem->n_people, sizeof *before);
    for (uint32_t k = 0; k < sweep->n_homes && !budget_is_spent(&run->budget); k++) {
        uint32_t seed = (first + k) % sweep->n_homes;
        if (is_done[seed] || !sweep->is_coupled[seed])
            continue;
        choose_homes(sweep, seed);
        choose_people(sweep);
        improve_part(sweep);
        for (uint32_t home = 0; home < sweep->n_homes; home++)
            is_done[home] |= sweep->is_in[home];
    }
    int is_better = memcmp(before, run->best, run->problem->n_people * sizeof *before) != 0;
    free(before);
    free(is_done);
    return is_better;
}

/* Each time over the city others are the middle of a part. The last time of a size is the first one
 * that does not help. */
static void sweep_all(struct sweep *sweep, const struct part_size *sizes, size_t n)
{
    int is_better = 1;
    for (size_t turn = 0; turn < n; turn++) {
        if (!is_better && sizes[turn].homes == sweep->size.homes)
            continue;
        sweep->size = sizes[turn];
        is_better = sweep_once(sweep, (uint32_t)((uint64_t)sweep->n_homes * turn / n));
    }
}

static void improve(struct coupled_large *large)
{
    struct coupled_run *run = large->run;
    struct budget whole = budget_narrow(&run->budget, IMPROVE_PERCENT);
    struct sweep sweep;
    sweep_init(&sweep, large);
    if (run->problem->n_staff)
        sweep_all(&sweep, staff_sizes, sizeof staff_sizes / sizeof *staff_sizes);
    else
        sweep_all(&sweep, plain_sizes, sizeof plain_sizes / sizeof *plain_sizes);
    sweep_clear(&sweep);
    budget_widen(&run->budget, &whole);
}

/* -- the whole -- */

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
    improve(large);
}

static void see_prices(struct coupled_large *large, const int64_t *gain,
                       struct coupled_stage *stage)
{
    struct choices_prices prices = {large->stage_price, gain, large->run->alive};
    choices_price_loads(large->choices, large->stage_price);
    choices_price_members(large->choices, &prices, large->stage_price);
    coupled_stage_see(large->run, stage, large->stage_price);
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
    coupled_stage_load(run);
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
    coupled_search_settle(run, stage);
    run->budget.work_limit = work_limit;
}

void coupled_large_stage(struct coupled_large *large, const int64_t *gain,
                         struct coupled_stage *stage)
{
    struct coupled_run *run = large->run;
    *stage = (struct coupled_stage){.most = INT64_MAX};
    run->gain = gain;
    run->uses_cuts = 0;
    coupled_stage_see(run, stage, NULL);
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
