/* ahead.c - see ahead.h. */
#include "solver/ahead.h"

#include "models/alloc.h"
#include "models/plan.h"
#include "models/slices.h"
#include "solver/eligibility.h"
#include "solver/matroid.h"
#include "solver/warm_last.h"

#include <stdlib.h>
#include <string.h>

/* Where people may go farther they are taken not to. */
enum { METRES_MOST = 100000 };

struct ahead {
    struct problem bounded; /* with bounds of what one pair counts */
    struct packed packed;
    struct warm_match *match;
    int64_t *part_price; /* as of warm.h */
    int64_t *price;      /* by part, packed: where a repair begins */
    uint32_t *assumed;   /* by person: the pair that they were taken to have */
    int64_t *beyond;     /* by person, as of a look */
    int64_t limit;
    struct near_looking *looking;
    struct place { /* among the placements of the last plan, of the next person of a stretch */
        int is_known;
        size_t next;
    } places[SLICES_MAX];
};

/* -- bounds -- */

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t longest_way(const struct problem *problem)
{
    const struct eligibility rules = {problem->region, problem->policy, problem->now};
    int64_t most = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        most = most_of(most, eligibility_longest_way(&rules, problem->people[i].applicant));
    return most < METRES_MOST ? most : METRES_MOST;
}

static int64_t last_rank(const struct problem *problem)
{
    return problem->policy->unlisted_rank;
}

static int64_t most_points(const struct problem *problem)
{
    int64_t most = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        most = most_of(most, llabs(problem->people[i].points));
    return most;
}

static int64_t most_days(const struct problem *problem)
{
    int64_t most = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        most = most_of(most, llabs(problem->people[i].days));
    return most;
}

static int64_t one(const struct problem *problem)
{
    (void)problem;
    return 1;
}

static int64_t (*const most_that_counts[OBJECTIVE_COUNT])(const struct problem *) = {
    [OBJECTIVE_GUARANTEE] = one,
    [OBJECTIVE_RESERVE] = one,
    [OBJECTIVE_NEED] = most_points,
    [OBJECTIVE_PLACEMENTS] = one,
    [OBJECTIVE_SENIORITY] = most_days,
    [OBJECTIVE_TRANSFERS] = most_points,
    [OBJECTIVE_PREFERENCE] = last_rank,
    [OBJECTIVE_TRAVEL] = longest_way,
    [OBJECTIVE_MOVES] = one,
};

/* -- the beginning -- */

static int is_of_use(const struct problem *problem, const struct solver_options *options)
{
    return options && options->engine == SOLVER_AUTO && options->last_plan &&
           options->last_certificate && !options->last_certificate->shift &&
           problem->n_people >= NEAR_FEW_TO_A_PART * problem->n_parts &&
           matroid_objectives(problem) < problem->n_objectives;
}

struct ahead *ahead_new(const struct problem *problem, const struct solver_options *options)
{
    if (!is_of_use(problem, options))
        return NULL;
    struct ahead *ahead = alloc_zero(1, sizeof *ahead);
    ahead->part_price = warm_last_prices(problem, options->last_certificate);
    ahead->bounded = *problem;
    for (size_t k = 0; k < problem->n_objectives; k++)
        ahead->bounded.widest[k] = most_that_counts[problem->objectives[k]](problem);
    if (!ahead->part_price || !packed_init(&ahead->packed, &ahead->bounded, ahead->part_price)) {
        ahead_free(ahead);
        return NULL;
    }
    ahead->match = warm_match_new(problem, options->last_plan);
    ahead->price = packed_prices(&ahead->packed, ahead->part_price);
    ahead->assumed = alloc_resize(NULL, (size_t)problem->n_people + 1, sizeof(uint32_t));
    ahead->beyond = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    return ahead;
}

void ahead_free(struct ahead *ahead)
{
    if (!ahead)
        return;
    warm_match_free(ahead->match);
    near_looking_free(ahead->looking);
    free(ahead->part_price);
    free(ahead->price);
    free(ahead->assumed);
    free(ahead->beyond);
    free(ahead);
}

static void match_person(struct ahead *ahead, struct place *place, const struct problem *view,
                         uint32_t person)
{
    if (!place->is_known)
        *place = (struct place){1, warm_match_first(ahead->match, person)};
    ahead->assumed[person] = warm_match_person(ahead->match, view, person, &place->next);
}

void ahead_begin(struct ahead *ahead, const struct problem *sample, size_t n_slices)
{
    struct place place = {0};
    size_t n_pairs = 0;
    uint32_t step = near_sample_step(sample);
    struct packed packed = ahead->packed;
    for (uint32_t i = step / 2; i < sample->n_people; i += step) {
        match_person(ahead, &place, sample, i);
        n_pairs += sample->people[i].n_pairs;
    }
    packed.problem = sample;
    struct near_view view = {.packed = &packed,
                             .price = ahead->price,
                             .chosen = ahead->assumed,
                             .most = near_most(n_pairs * step),
                             .beyond = ahead->beyond};
    view.limit = ahead->limit = near_limit(&view, near_wanted(sample));
    ahead->looking = near_looking_new(&view, n_slices);
}

void ahead_see(struct ahead *ahead, size_t slice, const struct problem *view, uint32_t person)
{
    match_person(ahead, &ahead->places[slice], view, person);
    near_looking_see(ahead->looking, slice, view, person);
}

void ahead_shift(struct ahead *ahead, size_t slice, uint32_t first, uint32_t end, uint32_t offset)
{
    for (uint32_t i = first; i < end; i++)
        ahead->assumed[i] += ahead->assumed[i] == PROBLEM_NONE ? 0 : offset;
    warm_match_shift(ahead->match, first, end, offset);
    near_looking_shift(ahead->looking, slice, offset);
}

/* -- what it saw -- */

int ahead_holds(const struct ahead *ahead, const struct problem *problem)
{
    int holds = ahead && ahead->looking;
    for (size_t k = 0; holds && k < problem->n_objectives; k++)
        holds = problem->widest[k] <= ahead->bounded.widest[k];
    return holds;
}

uint32_t *ahead_chosen(struct ahead *ahead)
{
    uint32_t *chosen = warm_match_settle(ahead->match);
    ahead->match = NULL;
    return chosen;
}

int64_t *ahead_prices(struct ahead *ahead)
{
    int64_t *price = ahead->part_price;
    ahead->part_price = NULL;
    return price;
}

void ahead_packed(const struct ahead *ahead, const struct problem *problem, struct packed *packed)
{
    *packed = ahead->packed;
    packed->problem = problem;
}

int64_t ahead_limit(const struct ahead *ahead)
{
    return ahead->limit;
}

int ahead_look(struct ahead *ahead, const struct near_view *view, struct near_list *list)
{
    struct near_looking *looking = ahead->looking;
    ahead->looking = NULL;
    memcpy(view->beyond, ahead->beyond,
           (size_t)view->packed->problem->n_people * sizeof *view->beyond);
    return near_looking_end(looking, view, ahead->assumed, list);
}
