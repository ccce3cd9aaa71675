/* problem_pairs.c - see problem_pairs.h.
 *
 * Each stretch of people is walked with a list of pairs of its own; the lists are put together in
 * order. Only pools that may be near enough and of the right kind are asked about (candidates.h);
 * who finds none of them is asked about all pools, for the reason. */
#include "solver/problem_pairs.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/candidates.h"
#include "solver/eligibility.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct stretch { /* of people, walked by one thread */
    uint32_t first, end;
    struct problem_pair *pairs;
    size_t n, room;
    struct candidates_view view;
    int has_failed;
    struct alm_error err;
};

struct walk {
    struct problem *problem;
    struct eligibility rules;
    struct candidates *candidates;
    unsigned char *has_beds; /* per pool: somebody may come, some day of this round */
    struct stretch *stretches;
};

/* What the functions below need to know of the person at hand. */
struct visit {
    const struct walk *walk;
    struct stretch *stretch;
    struct problem_person *person;
    uint32_t number, own; /* own pool of a resident; PROBLEM_NONE */
};

static const struct problem_part *open_part(const struct problem *problem, uint32_t pool)
{
    return &problem->parts[problem->pool_first_part[pool + 1] - 1];
}

/* A home that is suspended or overbooked takes nobody. */
static int takes_people(const struct problem *problem, uint32_t pool)
{
    int64_t beds = 0;
    const struct problem_part *open = open_part(problem, pool);
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++)
        beds += problem->parts[part].capacity;
    return beds > 0 && !open->institution->suspended && pool_slack(open->pool) >= 0;
}

/* May this person use the beds of this part, as far as its reserve goes? */
static int part_takes(const struct problem *problem, const struct applicant *applicant,
                      const struct problem_part *part)
{
    return part->capacity > 0 && (!part->reserve[0] || problem->policy->reserve == RESERVE_SOFT ||
                                  strcmp(part->reserve, applicant->class_code) == 0);
}

/* Beds that are free or may fall free, seen by one person. */
static enum eligibility_beds beds_for(const struct problem *problem,
                                      const struct applicant *applicant, uint32_t pool)
{
    int are_some = 0;
    if (pool_slack(open_part(problem, pool)->pool) < 0)
        return ELIGIBILITY_BEDS_NONE;
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++) {
        if (part_takes(problem, applicant, &problem->parts[part]))
            return ELIGIBILITY_BEDS_SOME;
        are_some |= problem->parts[part].capacity > 0;
    }
    return are_some ? ELIGIBILITY_BEDS_RESERVED : ELIGIBILITY_BEDS_NONE;
}

static enum reason pair_reason(const struct visit *visit, uint32_t pool, int64_t metres)
{
    const struct problem *problem = visit->walk->problem;
    const struct problem_part *at = open_part(problem, pool);
    const struct applicant *applicant = visit->person->applicant;
    enum reason reason = eligibility_pair_static(applicant, at->pool, at->institution);
    if (reason != REASON_ELIGIBLE)
        return reason;
    return eligibility_pair_at(&visit->walk->rules, applicant, at->pool, at->institution, metres,
                               beds_for(problem, applicant, pool));
}

/* -- pairs -- */

static int add_pair(const struct visit *visit, uint32_t part, int64_t metres)
{
    struct stretch *stretch = visit->stretch;
    const struct applicant *applicant = visit->person->applicant;
    const struct problem_part *at = &visit->walk->problem->parts[part];
    int64_t rank = applicant_rank(applicant, at->institution->record.id,
                                  visit->walk->rules.policy->unlisted_rank);
    if (metres > INT32_MAX || rank > INT32_MAX)
        return err_set(&stretch->err, ERR_BAD_INPUT,
                       "applicant %s, pool %s: %" PRId64 " m and rank %" PRId64
                       " are more than a round can add up",
                       applicant->record.id, at->pool->record.id, metres, rank);
    ALLOC_GROW(stretch->pairs, stretch->n, stretch->room);
    stretch->pairs[stretch->n++] =
        (struct problem_pair){visit->number, part, (int32_t)metres, (int32_t)rank};
    return 0;
}

static int add_stay(const struct visit *visit, int64_t metres)
{
    visit->person->stay_pair = (uint32_t)visit->stretch->n;
    return add_pair(visit,
                    problem_held_part(visit->walk->problem, visit->own, visit->person->applicant),
                    metres);
}

static int add_new(const struct visit *visit, uint32_t pool, int64_t metres)
{
    const struct problem *problem = visit->walk->problem;
    if (pair_reason(visit, pool, metres) != REASON_ELIGIBLE)
        return 0;
    visit->person->reason = REASON_OUTRANKED;
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++)
        if (part_takes(problem, visit->person->applicant, &problem->parts[part]) &&
            add_pair(visit, part, metres) < 0)
            return -1;
    return 0;
}

/* The rule at which the pools ran out: the greatest reason met (eligibility.h). A pool that is no
 * candidate fails at the distance at the latest, so once that is met only the candidates count. */
static enum reason reason_of(const struct visit *visit)
{
    const struct problem *problem = visit->walk->problem;
    const struct candidates_view *view = &visit->stretch->view;
    enum reason worst = REASON_KIND;
    for (uint32_t pool = candidates_next(view, 0); pool != PROBLEM_NONE;
         pool = candidates_next(view, pool + 1)) {
        enum reason reason = pool == visit->own
                                 ? REASON_KIND
                                 : pair_reason(visit, pool, candidates_metres(view, pool));
        worst = reason > worst ? reason : worst;
    }
    for (uint32_t pool = 0; pool < problem->n_pools && worst < REASON_DISTANCE; pool++) {
        const struct problem_part *at = open_part(problem, pool);
        enum reason reason =
            pool == visit->own
                ? REASON_KIND
                : eligibility_pair_static(visit->person->applicant, at->pool, at->institution);
        reason = reason == REASON_ELIGIBLE ? REASON_DISTANCE : reason;
        worst = reason > worst ? reason : worst;
    }
    return worst;
}

static int visit_person(const struct visit *visit)
{
    const struct walk *walk = visit->walk;
    struct problem_person *person = visit->person;
    struct candidates_view *view = &visit->stretch->view;
    int failed = 0;
    candidates_look(view, person->applicant,
                    eligibility_longest_way(&walk->rules, person->applicant));
    if (visit->own != PROBLEM_NONE)
        candidates_add(view, visit->own);
    person->first_pair = (uint32_t)visit->stretch->n;
    for (uint32_t pool = candidates_next(view, 0); pool != PROBLEM_NONE && !failed;
         pool = candidates_next(view, pool + 1)) {
        if (pool == visit->own)
            failed = add_stay(visit, candidates_metres(view, pool)) < 0;
        else if (walk->has_beds[pool])
            failed = add_new(visit, pool, candidates_metres(view, pool)) < 0;
    }
    person->n_pairs = (uint32_t)visit->stretch->n - person->first_pair;
    if (!failed && person->reason != REASON_OUTRANKED)
        person->reason = reason_of(visit);
    return failed ? -1 : 0;
}

/* -- stretches -- */

static void walk_people(void *context, size_t slice, size_t first, size_t end)
{
    const struct walk *walk = context;
    struct stretch *stretch = &walk->stretches[slice];
    stretch->first = (uint32_t)first;
    stretch->end = (uint32_t)end;
    candidates_view_init(&stretch->view, walk->candidates);
    for (size_t i = first; i < end && !stretch->has_failed; i++) {
        struct problem_person *person = &walk->problem->people[i];
        const char *own = person->applicant->current_pool;
        struct visit visit = {walk, stretch, person, (uint32_t)i,
                              own[0] ? problem_pool(walk->problem, own) : PROBLEM_NONE};
        stretch->has_failed = visit_person(&visit) < 0;
    }
    candidates_view_clear(&stretch->view);
}

/* People counted their pairs from the first of their stretch. */
static void shift_people(struct problem *problem, const struct stretch *stretch, uint32_t offset)
{
    for (uint32_t i = stretch->first; i < stretch->end; i++) {
        struct problem_person *person = &problem->people[i];
        person->first_pair += offset;
        if (person->stay_pair != PROBLEM_NONE)
            person->stay_pair += offset;
    }
}

/* The first list grows by the others, which go one by one, so that little is there twice. */
static void join(struct problem *problem, struct stretch *stretches, size_t n_slices, size_t n)
{
    struct problem_pair *pairs = alloc_resize(stretches[0].pairs, n + 1, sizeof *pairs);
    size_t at = stretches[0].n;
    for (size_t s = 1; s < n_slices; s++) {
        struct stretch *stretch = &stretches[s];
        if (stretch->n)
            memcpy(pairs + at, stretch->pairs, stretch->n * sizeof *pairs);
        shift_people(problem, stretch, (uint32_t)at);
        at += stretch->n;
        free(stretch->pairs);
        stretch->pairs = NULL;
    }
    stretches[0].pairs = NULL;
    problem->pairs = pairs;
    problem->n_pairs = (uint32_t)n;
}

/* The stretches become the problem's pairs, or the first that failed says what is wrong. */
static int collect(struct problem *problem, struct stretch *stretches, size_t n_slices,
                   struct alm_error *err)
{
    size_t n = 0;
    for (size_t s = 0; s < n_slices; s++) {
        if (stretches[s].has_failed)
            return err_set(err, stretches[s].err.code, "%s", stretches[s].err.message);
        n += stretches[s].n;
    }
    if (n >= PROBLEM_NONE)
        return err_set(err, ERR_BAD_INPUT,
                       "%zu pairs of people and beds are more than a round can hold", n);
    join(problem, stretches, n_slices, n);
    return 0;
}

int problem_pairs_build(struct problem *problem, size_t n_slices, struct alm_error *err)
{
    struct walk walk = {.problem = problem,
                        .rules = {problem->region, problem->policy, problem->now},
                        .candidates = candidates_new(problem, NULL),
                        .has_beds = alloc_zero(problem->n_pools, 1),
                        .stretches = alloc_zero(n_slices, sizeof *walk.stretches)};
    for (uint32_t pool = 0; pool < problem->n_pools; pool++)
        walk.has_beds[pool] = takes_people(problem, pool) != 0;
    for (size_t s = 0; s < n_slices; s++)
        err_init(&walk.stretches[s].err);
    slices_run(problem->n_people, n_slices, walk_people, &walk);
    int result = collect(problem, walk.stretches, n_slices, err);
    for (size_t s = 0; s < n_slices; s++) {
        err_clear(&walk.stretches[s].err);
        free(walk.stretches[s].pairs);
    }
    free(walk.stretches);
    free(walk.has_beds);
    candidates_free(walk.candidates);
    return result;
}
