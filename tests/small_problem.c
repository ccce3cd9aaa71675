/* small_problem.c - see small_problem.h. The brute force knows the tie rule as the contract states
 * it and nothing of prices. */
#include "tests/small_problem.h"

#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char classes[][2] = {"", "a", "b"};

static uint32_t below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(check_random(state) % n);
}

static void draw_objectives(struct problem *problem, uint64_t *state)
{
    enum objective all[OBJECTIVE_COUNT];
    for (int k = 0; k < OBJECTIVE_COUNT; k++)
        all[k] = (enum objective)k;
    for (uint32_t k = OBJECTIVE_COUNT - 1; k > 0; k--) {
        uint32_t other = below(state, k + 1);
        enum objective kept = all[k];
        all[k] = all[other];
        all[other] = kept;
    }
    problem->n_objectives = 1 + below(state, OBJECTIVE_COUNT);
    memcpy(problem->objectives, all, sizeof all);
}

static void draw_parts(struct small_problem *small, uint64_t *state)
{
    struct problem *problem = &small->problem;
    problem->n_pools = 1 + below(state, SMALL_POOLS);
    for (uint32_t p = 0; p < problem->n_pools; p++) {
        snprintf(small->pools[p].record.id, ID_MAX + 1, "P%u", p);
        small->pool_first_part[p] = problem->n_parts;
        uint32_t n = below(state, 3) ? 1 : 2 + below(state, 2);
        for (uint32_t k = 0; k < n && problem->n_parts < SMALL_PARTS; k++) {
            struct problem_part *part = &small->parts[problem->n_parts++];
            *part = (struct problem_part){&small->pools[p],
                                          &small->home,
                                          p,
                                          k + 1 < n ? classes[1 + k] : "",
                                          below(state, 3),
                                          0};
        }
        small->parts[problem->n_parts - 1].reserve = "";
        small->pool_first_part[p + 1] = problem->n_parts;
    }
}

static void add_pair(struct small_problem *small, uint32_t person, uint32_t part, int is_stay,
                     uint64_t *state)
{
    struct problem *problem = &small->problem;
    uint32_t pool = small->parts[part].pool_index;
    struct problem_pair *pair = &small->pairs[problem->n_pairs];
    *pair = (struct problem_pair){person, part, 0, 0};
    /* parts of one pool are equally far and equally liked */
    uint64_t of_pool = (uint64_t)person * 977 + pool + *state % 1013;
    pair->metres = (int32_t)(check_random(&of_pool) % 4);
    pair->rank = (int32_t)(check_random(&of_pool) % 3);
    if (is_stay)
        small->people[person].stay_pair = problem->n_pairs;
    problem->n_pairs++;
}

static void draw_pairs(struct small_problem *small, uint32_t person, uint32_t own, uint64_t *state)
{
    struct problem *problem = &small->problem;
    struct problem_person *at = &small->people[person];
    uint64_t same = *state;
    at->first_pair = problem->n_pairs;
    for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
        int wanted = below(state, 4) > 0;
        int is_own = own != PROBLEM_NONE && small->parts[own].pool_index == pool;
        for (uint32_t part = small->pool_first_part[pool]; part < small->pool_first_part[pool + 1];
             part++) {
            const struct problem_part *to = &small->parts[part];
            int takes = !to->reserve[0] || small->policy.reserve == RESERVE_SOFT ||
                        strcmp(to->reserve, at->applicant->class_code) == 0;
            if (part == own || (!is_own && wanted && takes && to->capacity > 0))
                add_pair(small, person, part, part == own, &same);
        }
    }
    at->n_pairs = problem->n_pairs - at->first_pair;
}

static void draw_people(struct small_problem *small, uint64_t *state)
{
    struct problem *problem = &small->problem;
    uint32_t own[SMALL_PEOPLE];
    problem->n_people = below(state, 4) ? SMALL_PEOPLE - below(state, 3) : 1 + below(state, 3);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        struct applicant *applicant = &small->applicants[i];
        snprintf(applicant->record.id, ID_MAX + 1, "A%u", i);
        applicant->class_code = classes[below(state, 3)];
        small->people[i] = (struct problem_person){.applicant = applicant,
                                                   .points = below(state, 4) * 5,
                                                   .days = below(state, 3),
                                                   .is_guaranteed = below(state, 3) == 0,
                                                   .stay_pair = PROBLEM_NONE,
                                                   .household = PROBLEM_NONE};
        own[i] = below(state, 4) ? PROBLEM_NONE : below(state, problem->n_parts);
        if (own[i] != PROBLEM_NONE) {
            small->parts[own[i]].capacity++;
            small->parts[own[i]].stayers++;
        }
        small->tie_order[i] = i;
    }
    for (uint32_t i = problem->n_people - 1; i > 0; i--) {
        uint32_t other = below(state, i + 1), kept = small->tie_order[i];
        small->tie_order[i] = small->tie_order[other];
        small->tie_order[other] = kept;
    }
    for (uint32_t i = 0; i < problem->n_people; i++)
        draw_pairs(small, i, own[i], state);
}

void small_problem_find_widest(struct problem *problem)
{
    for (size_t k = 0; k < problem->n_objectives; k++) {
        problem->widest[k] = 0;
        for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
            if (llabs(problem_gain(problem, pair, k)) > problem->widest[k])
                problem->widest[k] = llabs(problem_gain(problem, pair, k));
    }
}

void small_problem_draw(struct small_problem *small, uint64_t seed)
{
    uint64_t state = seed;
    memset(small, 0, sizeof *small);
    struct problem *problem = &small->problem;
    small->policy.reserve = below(&state, 2) ? RESERVE_SOFT : RESERVE_HARD;
    problem->policy = &small->policy;
    problem->people = small->people;
    problem->parts = small->parts;
    problem->pairs = small->pairs;
    problem->pool_first_part = small->pool_first_part;
    problem->tie_order = small->tie_order;
    draw_objectives(problem, &state);
    draw_parts(small, &state);
    draw_people(small, &state);
    small_problem_find_widest(problem);
}

/* -- every assignment -- */

struct walk {
    const struct problem *problem;
    struct small_plan plan;
    void (*visit)(void *context, const struct small_plan *plan);
    void *context;
};

static void walk_person(struct walk *walk, uint32_t person)
{
    const struct problem *problem = walk->problem;
    if (person == problem->n_people) {
        walk->visit(walk->context, &walk->plan);
        return;
    }
    const struct problem_person *at = &problem->people[person];
    walk->plan.chosen[person] = PROBLEM_NONE;
    if (at->stay_pair == PROBLEM_NONE)
        walk_person(walk, person + 1);
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t part = problem->pairs[pair].part;
        if (walk->plan.used[part] == problem->parts[part].capacity)
            continue;
        walk->plan.used[part]++;
        walk->plan.chosen[person] = pair;
        walk_person(walk, person + 1);
        walk->plan.used[part]--;
    }
}

void small_problem_walk(const struct problem *problem,
                        void (*visit)(void *context, const struct small_plan *plan), void *context)
{
    struct walk walk = {.problem = problem, .visit = visit, .context = context};
    walk_person(&walk, 0);
}

/* -- the best of them -- */

struct trial {
    const struct problem *problem;
    uint32_t best[SMALL_PEOPLE];
    struct small_best *result;
};

static int compare_gains(const struct problem *problem, const int64_t *a, const int64_t *b)
{
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (a[k] != b[k])
            return a[k] < b[k] ? -1 : 1;
    return 0;
}

/* <0 when the first plan is the one that the tie rule takes. */
static int compare_ties(const struct problem *problem, const uint32_t *a, const uint32_t *b)
{
    for (uint32_t k = 0; k < problem->n_people; k++) {
        uint32_t i = problem->tie_order[k];
        if (a[i] == PROBLEM_NONE || b[i] == PROBLEM_NONE) {
            if (a[i] != b[i])
                return a[i] == PROBLEM_NONE ? 1 : -1;
            continue;
        }
        const struct problem_pair *one = &problem->pairs[a[i]], *two = &problem->pairs[b[i]];
        int64_t diff = one->rank - two->rank;
        if (!diff)
            diff = one->metres - two->metres;
        if (!diff)
            diff = (int64_t)problem->parts[one->part].pool_index -
                   (int64_t)problem->parts[two->part].pool_index;
        if (diff)
            return diff < 0 ? -1 : 1;
    }
    return 0;
}

static void judge(void *context, const struct small_plan *plan)
{
    struct trial *trial = context;
    const struct problem *problem = trial->problem;
    int64_t gains[OBJECTIVE_COUNT] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++)
        for (size_t k = 0; plan->chosen[i] != PROBLEM_NONE && k < problem->n_objectives; k++)
            gains[k] += problem_gain(problem, plan->chosen[i], k);
    int first = trial->result->tried++ == 0;
    int better = compare_gains(problem, gains, trial->result->gains);
    if (!first &&
        (better < 0 || (better == 0 && compare_ties(problem, plan->chosen, trial->best) >= 0)))
        return;
    memcpy(trial->result->gains, gains, sizeof gains);
    memcpy(trial->best, plan->chosen, sizeof trial->best);
}

void small_problem_best(const struct problem *problem, struct small_best *best)
{
    struct trial trial = {.problem = problem, .result = best};
    memset(best, 0, sizeof *best);
    small_problem_walk(problem, judge, &trial);
    for (uint32_t i = 0; i < problem->n_people; i++)
        best->pools[i] = trial.best[i] == PROBLEM_NONE
                             ? PROBLEM_NONE
                             : problem->parts[problem->pairs[trial.best[i]].part].pool_index;
}
