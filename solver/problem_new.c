/* problem_new.c - see problem.h: from a region and a policy to the arrays of one round.
 *
 * Owns the order of the steps. Delegates: the pairs (problem_pairs.h), who is coupled to whom
 * (problem_coupled.h). Always holds after problem_new: canonical order, every sum over a plan
 * and every path of prices fits into int64 with room to spare. */
#include "solver/problem.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/slices.h"
#include "models/stamp.h"
#include "solver/eligibility.h"
#include "solver/problem_coupled.h"
#include "solver/problem_pairs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_PEOPLE = 2000 }; /* fewer are not worth a thread */

/* What is only needed while the arrays are made. */
struct builder {
    struct problem *problem;
    const struct pool **pools;        /* by number */
    const struct institution **homes; /* of each pool */
    struct buffer ids;                /* of the people */
    struct alm_error *err;
};

/* -- pools and their parts -- */

/* A home that is suspended or overbooked takes nobody, and who leaves it frees nothing. */
static int is_closed(const struct builder *builder, uint32_t pool)
{
    return builder->homes[pool]->suspended || pool_slack(builder->pools[pool]) < 0;
}

static void parts_of_pool(struct builder *builder, uint32_t number)
{
    struct problem *problem = builder->problem;
    const struct pool *pool = builder->pools[number];
    problem->pool_first_part[number] = problem->n_parts;
    for (size_t k = 0; k <= pool->n_reserved; k++) {
        struct problem_part *part = &problem->parts[problem->n_parts++];
        part->pool = pool;
        part->institution = builder->homes[number];
        part->pool_index = number;
        part->reserve = k < pool->n_reserved ? pool->reserved[k].class_code : "";
        part->capacity = is_closed(builder, number) ? 0 : eligibility_kept(pool, k);
    }
    problem->pool_first_part[number + 1] = problem->n_parts;
}

static int build_parts(struct builder *builder)
{
    struct problem *problem = builder->problem;
    size_t n = region_count(problem->region, RECORD_POOL), n_parts = 0;
    builder->pools = alloc_zero(n + 1, sizeof(struct pool *));
    builder->homes = alloc_zero(n + 1, sizeof(struct institution *));
    problem->pool_first_part = alloc_zero(n + 1, sizeof(uint32_t));
    for (const struct record *at = region_first(problem->region, RECORD_POOL); at;
         at = region_next(at)) {
        const struct pool *pool = (const struct pool *)at;
        uint32_t number = problem->n_pools++;
        builder->pools[number] = pool;
        builder->homes[number] = region_institution(problem->region, pool->institution_id);
        if (!builder->homes[number])
            return err_set(builder->err, ERR_BAD_INPUT,
                           "pool %s: its institution %s is not in the world", pool->record.id,
                           pool->institution_id);
        n_parts += pool->n_reserved + 1;
    }
    problem->parts = alloc_zero(n_parts + 1, sizeof(struct problem_part));
    for (uint32_t number = 0; number < problem->n_pools; number++)
        parts_of_pool(builder, number);
    return 0;
}

/* -- people -- */

static void person_init(struct builder *builder, struct problem_person *person,
                        const struct applicant *applicant)
{
    const struct problem *problem = builder->problem;
    person->applicant = applicant;
    person->points = policy_points(problem->policy, applicant, problem->now);
    person->days = stamp_days(applicant->applied_at, problem->now);
    person->care_minutes = policy_care_minutes(problem->policy, applicant);
    person->is_guaranteed = applicant->class_code[0] &&
                            list_has(&problem->policy->guarantee_classes, applicant->class_code);
    person->stay_pair = PROBLEM_NONE;
    person->household = PROBLEM_NONE;
}

static int build_people(struct builder *builder)
{
    struct problem *problem = builder->problem;
    size_t n = region_count(problem->region, RECORD_APPLICANT);
    problem->people = alloc_zero(n + 1, sizeof(struct problem_person));
    problem->id_at = alloc_zero(n + 1, sizeof(uint32_t));
    for (const struct record *at = region_first(problem->region, RECORD_APPLICANT); at;
         at = region_next(at)) {
        const struct applicant *applicant = (const struct applicant *)at;
        if (applicant->state != APPLICANT_WAITING)
            continue;
        person_init(builder, &problem->people[problem->n_people++], applicant);
        buffer_add(&builder->ids, at->id, strlen(at->id) + 1);
        problem->id_at[problem->n_people] = (uint32_t)builder->ids.len;
        if (!applicant->current_pool[0])
            continue;
        uint32_t pool = problem_pool(problem, applicant->current_pool);
        if (pool == PROBLEM_NONE)
            return err_set(builder->err, ERR_BAD_INPUT,
                           "applicant %s: the current pool %s is not in the world", at->id,
                           applicant->current_pool);
        struct problem_part *part = &problem->parts[problem_held_part(problem, pool, applicant)];
        part->stayers++;
        part->capacity++;
    }
    return 0;
}

/* -- order and limits -- */

struct ticket {
    const struct applicant *applicant;
    unsigned char lottery[32];
    uint32_t person;
};

static int by_ticket(const void *a, const void *b)
{
    const struct ticket *one = a, *two = b;
    if (one->applicant->applied_at != two->applicant->applied_at)
        return one->applicant->applied_at < two->applicant->applied_at ? -1 : 1;
    int lottery = memcmp(one->lottery, two->lottery, sizeof one->lottery);
    return lottery ? lottery : strcmp(one->applicant->record.id, two->applicant->record.id);
}

struct draw {
    const struct problem *problem;
    struct ticket *tickets;
};

static void draw_tickets(void *context, size_t slice, size_t first, size_t end)
{
    (void)slice;
    const struct draw *draw = context;
    for (size_t i = first; i < end; i++) {
        struct ticket *ticket = &draw->tickets[i];
        ticket->applicant = draw->problem->people[i].applicant;
        ticket->person = (uint32_t)i;
        digest_lottery(draw->problem->policy->lottery_seed, ticket->applicant->record.id,
                       ticket->lottery);
    }
}

static void build_tie_order(struct problem *problem)
{
    size_t n = problem->n_people;
    struct draw draw = {problem, alloc_zero(n + 1, sizeof *draw.tickets)};
    slices_run(n, slices_count(n, SLICE_PEOPLE), draw_tickets, &draw);
    qsort(draw.tickets, n, sizeof *draw.tickets, by_ticket);
    problem->tie_order = alloc_zero(n + 1, sizeof(uint32_t));
    for (size_t i = 0; i < n; i++)
        problem->tie_order[i] = draw.tickets[i].person;
    free(draw.tickets);
}

/* Does the objective count the same for a person in every pool? */
static int is_of_person(enum objective objective)
{
    return problem_asks_who(objective) || objective == OBJECTIVE_TRANSFERS ||
           objective == OBJECTIVE_MOVES;
}

/* The most that one pair of these people counts in the k-th objective, whichever way. */
static int64_t largest_gain(const struct problem *problem, size_t k, size_t first, size_t end)
{
    int64_t most = 0;
    for (size_t i = first; i < end; i++) {
        const struct problem_person *person = &problem->people[i];
        uint32_t last = person->first_pair + person->n_pairs;
        for (uint32_t pair = person->first_pair; pair < last; pair++) {
            int64_t gain = problem_gain(problem, pair, k);
            most = gain > most ? gain : most;
            most = -gain > most ? -gain : most;
            if (is_of_person(problem->objectives[k]) && pair != person->stay_pair)
                break;
        }
    }
    return most;
}

struct width { /* of an objective, by stretch of people */
    const struct problem *problem;
    size_t k;
    int64_t most[SLICES_MAX];
};

static void measure(void *context, size_t slice, size_t first, size_t end)
{
    struct width *width = context;
    width->most[slice] = largest_gain(width->problem, width->k, first, end);
}

static int64_t width_of(const struct problem *problem, size_t k)
{
    struct width width = {.problem = problem, .k = k};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    int64_t most = 0;
    slices_run(problem->n_people, n_slices, measure, &width);
    for (size_t s = 0; s < n_slices; s++)
        most = width.most[s] > most ? width.most[s] : most;
    return most;
}

/* A price is the gain along a path that visits each part once, at most 2 x gain a step; a bound
 * adds one price per person. Twice that must fit. */
static int check_range(struct problem *problem, struct alm_error *err)
{
    int64_t paths = 2 * ((int64_t)problem->n_parts + 2), sums = (int64_t)problem->n_people + 2;
    for (size_t k = 0; k < problem->n_objectives; k++) {
        int64_t most = problem->widest[k] = width_of(problem, k), product;
        if (__builtin_mul_overflow(most, paths, &product) ||
            __builtin_mul_overflow(product, sums, &product) || product > INT64_MAX / 4)
            return err_set(err, ERR_BAD_INPUT,
                           "objective %s: one person may count %" PRId64 "; with %" PRIu32
                           " people and %" PRIu32
                           " pools the sums would not fit into 64 bits; use smaller points",
                           words_name(&words_objective, problem->objectives[k]), most,
                           problem->n_people, problem->n_pools);
    }
    return 0;
}

struct problem *problem_new(const struct region *region, const struct policy *policy, int64_t now,
                            struct alm_error *err)
{
    struct problem *problem = alloc_zero(1, sizeof *problem);
    struct builder builder = {.problem = problem, .err = err};
    problem->region = region;
    problem->policy = policy;
    problem->now = now;
    problem->n_objectives = policy->n_objectives;
    memcpy(problem->objectives, policy->objectives, sizeof policy->objectives);
    int failed =
        build_parts(&builder) < 0 || build_people(&builder) < 0 ||
        problem_pairs_build(problem, slices_count(problem->n_people, SLICE_PEOPLE), err) < 0 ||
        check_range(problem, err) < 0;
    free(builder.pools);
    free(builder.homes);
    problem->ids = builder.ids.bytes;
    if (failed) {
        problem_free(problem);
        return NULL;
    }
    build_tie_order(problem);
    problem_coupled_init(problem);
    return problem;
}

void problem_free(struct problem *problem)
{
    if (!problem)
        return;
    problem_coupled_clear(problem);
    free(problem->people);
    free(problem->ids);
    free(problem->id_at);
    free(problem->parts);
    free(problem->pool_first_part);
    free(problem->pairs);
    free(problem->tie_order);
    free(problem);
}
