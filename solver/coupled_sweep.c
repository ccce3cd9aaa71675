/* coupled_sweep.c - see coupled_sweep.h. */
#include "solver/coupled_sweep.h"

#include "models/alloc.h"
#include "solver/coupled_part.h"
#include "solver/coupled_relax.h"
#include "solver/coupled_stage.h"
#include "solver/problem_coupled.h"

#include <stdlib.h>
#include <string.h>

/* Of parts, time after time over the city. With staff rows most are proved in a second or two. */
static const struct part_size {
    uint32_t homes;
    int work;
} plain_sizes[] = {{8, 3000}, {8, 3000}, {8, 3000}, {8, 3000}},
  staff_sizes[] = {{24, 8000}, {48, 20000}, {24, 8000}, {48, 20000}, {48, 20000}, {48, 20000}};

/* With which home a turn begins, in eighths of all of them: nowhere twice. */
static const uint32_t first_of_turn[] = {0, 2, 4, 6, 1, 3}, firsts = 8;

struct sweep {
    struct coupled_plan *plan;
    struct coupled_run *run; /* the plan's */
    uint32_t n_homes;
    struct part_size size;
    unsigned char *is_coupled; /* homes with a staff row or rooms */
    unsigned char *is_free;    /* people */
    unsigned char *is_open;    /* parts */
    unsigned char *is_in;      /* homes, of the part at hand */
    uint32_t *found;
};

static void sweep_init(struct sweep *sweep, struct coupled_plan *plan)
{
    const struct model *model = plan->run->model;
    const struct problem *problem = model->problem;
    *sweep = (struct sweep){.plan = plan, .run = plan->run, .n_homes = model->n_homes};
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
        (const struct institution *const *)sweep->run->model->homes;
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
    const struct problem *problem = sweep->run->problem;
    const struct problem_person *at = &problem->people[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
        if (sweep->is_open[problem->pairs[pair].part])
            return 1;
    return 0;
}

static int is_here(const struct sweep *sweep, uint32_t person)
{
    const struct coupled_run *run = sweep->run;
    return run->best[person] != PROBLEM_NONE &&
           sweep->is_in[run->model->home_of_part[run->problem->pairs[run->best[person]].part]];
}

/* Is the owner in these homes, or could they be, with somebody who has no bed? */
static int is_wanted(const struct sweep *sweep, uint32_t owner)
{
    const struct choices *choices = &sweep->plan->choices;
    const struct problem_household *household = NULL;
    size_t n = 1;
    if (choices->household[owner] != PROBLEM_NONE) {
        household = &sweep->run->problem->households[choices->household[owner]];
        n = household->n;
    }
    for (size_t m = 0; m < n; m++) {
        uint32_t person = household ? household->people[m] : choices->person[owner];
        int is_waiting = sweep->run->best[person] == PROBLEM_NONE;
        if (is_here(sweep, person) || (is_waiting && can_come(sweep, person)))
            return 1;
    }
    return 0;
}

/* Whoever is in these homes, and who could be; households with all of their members. */
static void choose_people(struct sweep *sweep)
{
    const struct choices *choices = &sweep->plan->choices;
    const struct problem *problem = sweep->run->problem;
    memset(sweep->is_free, 0, problem->n_people);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        sweep->is_open[part] = sweep->is_in[sweep->run->model->home_of_part[part]];
    for (uint32_t o = 0; o < choices->n_owners; o++) {
        uint32_t household = choices->household[o];
        if (!is_wanted(sweep, o))
            continue;
        sweep->is_free[choices->person[o]] = 1;
        for (size_t m = 0; household != PROBLEM_NONE && m < problem->households[household].n; m++)
            sweep->is_free[problem->households[household].people[m]] = 1;
    }
}

/* A plan of the part that is as good in the objectives or better, by the stages of small rounds.
 * Returns the work. */
static int64_t improve(struct coupled_part *part, const struct solver_options *options)
{
    struct coupled_run run;
    struct coupled_plan plan = {0};
    coupled_run_init(&run, &part->problem, options);
    coupled_run_begin(&run, part->chosen);
    if (part->problem.n_staff) {
        coupled_plan_init(&plan, &run);
        run.plan = &plan;
    }
    coupled_relax_load(&run);
    for (size_t k = 0; k < part->problem.n_objectives; k++) {
        struct coupled_stage stage;
        coupled_run_turn(&run, k);
        coupled_stage_solve(&run, run.gains[k], &stage);
        coupled_run_keep(&run, &stage, k);
    }
    memcpy(part->chosen, run.best, part->problem.n_people * sizeof *part->chosen);
    int64_t work = run.budget.work;
    coupled_plan_clear(&plan);
    coupled_run_clear(&run);
    return work;
}

static void improve_part(struct sweep *sweep)
{
    struct coupled_run *run = sweep->run;
    struct coupled_part part;
    struct solver_options options = {.work_limit =
                                         budget_work_left(&run->budget, sweep->size.work)};
    if (run->budget.until_s > 0)
        options.time_limit_s = budget_ms_left(&run->budget, INT32_MAX) / 1000.0;
    coupled_part_init(&part, run->problem, run->best, NULL, sweep->is_free);
    if (part.problem.n_people && part.problem.n_pairs) {
        run->budget.work += improve(&part, &options);
        memcpy(sweep->found, run->best, run->problem->n_people * sizeof *sweep->found);
        coupled_part_put(&part, part.chosen, sweep->found);
        coupled_plan_take(sweep->plan, sweep->found);
    }
    coupled_part_clear(&part);
}

/* Every home that a row couples is the middle of a part once, unless another part had it, from the
 * `first` home on. 1 = the plan is better than before. */
static int sweep_once(struct sweep *sweep, uint32_t first)
{
    const struct coupled_run *run = sweep->run;
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
        is_better =
            sweep_once(sweep, (uint32_t)((uint64_t)sweep->n_homes * first_of_turn[turn] / firsts));
    }
}

void coupled_sweep(struct coupled_plan *plan)
{
    struct sweep sweep;
    sweep_init(&sweep, plan);
    if (plan->run->problem->n_staff)
        sweep_all(&sweep, staff_sizes, sizeof staff_sizes / sizeof *staff_sizes);
    else
        sweep_all(&sweep, plain_sizes, sizeof plain_sizes / sizeof *plain_sizes);
    sweep_clear(&sweep);
}
