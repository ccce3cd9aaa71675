/* problem.c - see problem.h.
 *
 * Owns the arrays of one round. Delegates: the pairs (problem_pairs.h), who is coupled to whom
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

/* -- gains -- */

struct move { /* a pair and its person, for the table of gains */
    const struct problem *problem;
    const struct problem_person *person;
    const struct problem_pair *pair;
};

static int is_newcomer(const struct move *move)
{
    return move->person->stay_pair == PROBLEM_NONE;
}

static const struct problem_pair *present(const struct move *move)
{
    return &move->problem->pairs[move->person->stay_pair];
}

static int64_t gain_guarantee(const struct move *move)
{
    return is_newcomer(move) && move->person->is_guaranteed;
}

static int64_t gain_reserve(const struct move *move)
{
    const char *reserve = move->problem->parts[move->pair->part].reserve;
    return is_newcomer(move) && move->problem->policy->reserve == RESERVE_SOFT && reserve[0] &&
           strcmp(reserve, move->person->applicant->class_code) == 0;
}

static int64_t gain_need(const struct move *move)
{
    return is_newcomer(move) ? move->person->points : 0;
}

static int64_t gain_placements(const struct move *move)
{
    return is_newcomer(move);
}

static int64_t gain_seniority(const struct move *move)
{
    return is_newcomer(move) ? move->person->days : 0;
}

static int64_t gain_transfers(const struct move *move)
{
    return is_newcomer(move) ? 0 : move->person->points;
}

static int64_t gain_preference(const struct move *move)
{
    int64_t before = is_newcomer(move) ? 0 : present(move)->rank;
    return before - move->pair->rank;
}

static int64_t gain_travel(const struct move *move)
{
    int64_t before = is_newcomer(move) ? 0 : present(move)->metres;
    return before - move->pair->metres;
}

static int64_t gain_moves(const struct move *move)
{
    return is_newcomer(move) ? 0 : -1;
}

static int64_t (*const gain_of[OBJECTIVE_COUNT])(const struct move *) = {
    [OBJECTIVE_GUARANTEE] = gain_guarantee,
    [OBJECTIVE_RESERVE] = gain_reserve,
    [OBJECTIVE_NEED] = gain_need,
    [OBJECTIVE_PLACEMENTS] = gain_placements,
    [OBJECTIVE_SENIORITY] = gain_seniority,
    [OBJECTIVE_TRANSFERS] = gain_transfers,
    [OBJECTIVE_PREFERENCE] = gain_preference,
    [OBJECTIVE_TRAVEL] = gain_travel,
    [OBJECTIVE_MOVES] = gain_moves,
};

int problem_is_stay(const struct problem *problem, uint32_t pair)
{
    return problem->people[problem->pairs[pair].person].stay_pair == pair;
}

int64_t problem_gain_of(const struct problem *problem, const struct problem_pair *pair, size_t k)
{
    struct move move = {problem, &problem->people[pair->person], pair};
    return gain_of[problem->objectives[k]](&move);
}

int64_t problem_gain(const struct problem *problem, uint32_t pair, size_t k)
{
    return problem_is_stay(problem, pair) ? 0 : problem_gain_of(problem, &problem->pairs[pair], k);
}

void problem_values(const struct problem *problem, const uint32_t *chosen,
                    int64_t values[OBJECTIVE_COUNT])
{
    memset(values, 0, problem->n_objectives * sizeof *values);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (chosen[i] == PROBLEM_NONE || chosen[i] == problem->people[i].stay_pair)
            continue;
        struct move move = {problem, &problem->people[i], &problem->pairs[chosen[i]]};
        for (size_t k = 0; k < problem->n_objectives; k++)
            values[k] += gain_of[problem->objectives[k]](&move);
    }
    for (size_t k = 0; k < problem->n_objectives; k++)
        if (!words_objective_is_max(problem->objectives[k]))
            values[k] = -values[k];
}

int problem_is_coupled(const struct problem *problem)
{
    return problem->n_households || problem->n_staff || problem->n_rooms;
}

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

uint32_t problem_pool(const struct problem *problem, const char *id)
{
    uint32_t low = 0, high = problem->n_pools;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int order = strcmp(problem->parts[problem->pool_first_part[mid]].pool->record.id, id);
        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return PROBLEM_NONE;
}

uint32_t problem_held_part(const struct problem *problem, uint32_t pool,
                           const struct applicant *resident)
{
    uint32_t part = problem->pool_first_part[pool], open = problem->pool_first_part[pool + 1] - 1;
    while (part < open && strcmp(problem->parts[part].reserve, resident->current_reserve) != 0)
        part++;
    return part;
}

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

/* The most that one pair counts in the k-th objective, whichever way. */
static int64_t largest_gain(const struct problem *problem, size_t k)
{
    int64_t most = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        uint32_t end = person->first_pair + person->n_pairs;
        for (uint32_t pair = person->first_pair; pair < end; pair++) {
            int64_t gain = problem_gain(problem, pair, k);
            most = gain > most ? gain : most;
            most = -gain > most ? -gain : most;
            if (is_of_person(problem->objectives[k]) && pair != person->stay_pair)
                break;
        }
    }
    return most;
}

/* A price is the gain along a path that visits each part once, at most 2 x gain a step; a bound
 * adds one price per person. Twice that must fit. */
static int check_range(struct problem *problem, struct alm_error *err)
{
    int64_t paths = 2 * ((int64_t)problem->n_parts + 2), sums = (int64_t)problem->n_people + 2;
    for (size_t k = 0; k < problem->n_objectives; k++) {
        int64_t most = problem->widest[k] = largest_gain(problem, k), product;
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
