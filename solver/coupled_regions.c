/* coupled_regions.c - see coupled_regions.h. */
#include "solver/coupled_regions.h"

#include "models/alloc.h"
#include "solver/coupled_moves.h"
#include "solver/coupled_part.h"

#include <stdlib.h>
#include <string.h>

/* Homes of a region; those around its middle are done with it. How often it is shaken. */
enum { HOMES = 60, INNER = 30, SHAKES = 2 };

struct sweep {
    struct coupled_plan *plan;
    struct coupled_run *run;
    const struct model *model;
    unsigned char *is_staffed; /* homes with a staff row */
    unsigned char *is_done;    /* homes */
    unsigned char *is_in;      /* homes, of the region at hand */
    unsigned char *is_open;    /* parts */
    unsigned char *is_free;    /* people */
    uint32_t *found;
};

static void mark_staffed(struct sweep *sweep)
{
    const struct problem *problem = sweep->run->problem;
    for (uint32_t home = 0; home < sweep->model->n_homes; home++)
        for (size_t s = 0; s < problem->n_staff; s++)
            sweep->is_staffed[home] |= problem->staff[s].institution == sweep->model->homes[home];
}

static void sweep_init(struct sweep *sweep, struct coupled_plan *plan)
{
    const struct model *model = plan->run->model;
    const struct problem *problem = model->problem;
    *sweep = (struct sweep){.plan = plan, .run = plan->run, .model = model};
    sweep->is_staffed = alloc_zero((size_t)model->n_homes + 1, 1);
    sweep->is_done = alloc_zero((size_t)model->n_homes + 1, 1);
    sweep->is_in = alloc_zero((size_t)model->n_homes + 1, 1);
    sweep->is_open = alloc_zero((size_t)problem->n_parts + 1, 1);
    sweep->is_free = alloc_zero((size_t)problem->n_people + 1, 1);
    sweep->found = alloc_zero((size_t)problem->n_people + 1, sizeof *sweep->found);
    mark_staffed(sweep);
}

static void sweep_clear(struct sweep *sweep)
{
    free(sweep->is_staffed);
    free(sweep->is_done);
    free(sweep->is_in);
    free(sweep->is_open);
    free(sweep->is_free);
    free(sweep->found);
}

/* -- a region -- */

static double apart(const struct institution *one, const struct institution *two)
{
    double north = one->lat - two->lat, east = 0.86 * (one->lon - two->lon);
    return north * north + east * east;
}

/* The home and those nearest to it. */
static void choose_homes(struct sweep *sweep, uint32_t seed)
{
    const struct institution *const *homes = (const struct institution *const *)sweep->model->homes;
    memset(sweep->is_in, 0, sweep->model->n_homes);
    for (int n = 0; n < HOMES; n++) {
        uint32_t nearest = MODEL_NONE;
        for (uint32_t home = 0; home < sweep->model->n_homes; home++)
            if (!sweep->is_in[home] &&
                (nearest == MODEL_NONE ||
                 apart(homes[home], homes[seed]) < apart(homes[nearest], homes[seed])))
                nearest = home;
        if (nearest == MODEL_NONE)
            break;
        sweep->is_in[nearest] = 1;
        sweep->is_done[nearest] |= n < INNER;
    }
    for (uint32_t part = 0; part < sweep->run->problem->n_parts; part++)
        sweep->is_open[part] = sweep->is_in[sweep->model->home_of_part[part]];
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
    uint32_t pair = sweep->run->best[person];
    return pair != PROBLEM_NONE && sweep->is_open[sweep->run->problem->pairs[pair].part];
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
    for (uint32_t o = 0; o < choices->n_owners; o++) {
        uint32_t household = choices->household[o];
        if (!is_wanted(sweep, o))
            continue;
        sweep->is_free[choices->person[o]] = 1;
        for (size_t m = 0; household != PROBLEM_NONE && m < problem->households[household].n; m++)
            sweep->is_free[problem->households[household].people[m]] = 1;
    }
}

static void shake(struct sweep *sweep, struct coupled_part *part, int turn)
{
    const struct coupled_plan *plan = sweep->plan;
    struct model *model = model_new(&part->problem);
    int64_t *gain = alloc_zero((size_t)model->n_columns + 1, sizeof *gain);
    int64_t *price = alloc_zero((size_t)part->problem.n_pairs + 1, sizeof *price);
    for (uint32_t pair = 0; pair < part->problem.n_pairs; pair++) {
        uint32_t column = model->column_of_pair[pair];
        price[pair] = plan->place_price[part->pair_of[pair]];
        if (column != MODEL_NONE)
            gain[column] = plan->main_gain[sweep->model->column_of_pair[part->pair_of[pair]]];
    }
    struct coupled_shakes shakes = {SHAKES, (uint64_t)turn};
    coupled_moves_run(model, gain, price, &shakes, &sweep->run->budget, part->chosen);
    free(gain);
    free(price);
    model_free(model);
}

static void improve(struct sweep *sweep, int turn)
{
    struct coupled_run *run = sweep->run;
    struct coupled_part part;
    coupled_part_init(&part, run->problem, run->best, sweep->is_free, sweep->is_open);
    if (part.problem.n_people && part.problem.n_pairs) {
        shake(sweep, &part, turn);
        memcpy(sweep->found, run->best, run->problem->n_people * sizeof *sweep->found);
        coupled_part_put(&part, part.chosen, sweep->found);
        coupled_plan_take(sweep->plan, sweep->found);
    }
    coupled_part_clear(&part);
}

int coupled_regions_sweep(struct coupled_plan *plan, int turn)
{
    struct sweep sweep;
    size_t size = plan->run->problem->n_people * sizeof *plan->run->best;
    uint32_t n = plan->run->model->n_homes, *before = alloc_zero(size + 1, 1);
    memcpy(before, plan->run->best, size);
    sweep_init(&sweep, plan);
    for (uint32_t k = 0; k < n && !budget_is_spent(&plan->run->budget); k++) {
        uint32_t seed = turn % 2 ? n - 1 - k : k;
        if (sweep.is_done[seed] || !sweep.is_staffed[seed])
            continue;
        choose_homes(&sweep, seed);
        choose_people(&sweep);
        improve(&sweep, turn);
    }
    sweep_clear(&sweep);
    int is_better = memcmp(before, plan->run->best, size) != 0;
    free(before);
    return is_better;
}
