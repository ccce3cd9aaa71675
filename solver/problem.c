/* problem.c - see problem.h.
 *
 * Owns the arrays of one round. Delegates: which pair may be (eligibility.h), who is coupled to
 * whom (problem_coupled.h). Always holds after problem_new: canonical order, every sum over a plan
 * and every path of prices fits into int64 with room to spare. */
#include "solver/problem.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/stamp.h"
#include "solver/eligibility.h"
#include "solver/problem_coupled.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is only needed while the arrays are made. */
struct builder {
    struct problem *problem;
    struct eligibility rules;
    const struct pool **pools;        /* by number */
    const struct institution **homes; /* of each pool */
    uint32_t *home_number;            /* of each pool, among the institutions */
    int64_t *metres; /* of the person at hand, by home number; -1 = not asked yet */
    size_t n_homes, room_pairs;
    struct alm_error *err;
};

/* -- gains --------------------------------------------------------------------------------------
 */

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
    for (size_t k = 0; k < problem->n_objectives; k++) {
        values[k] = 0;
        for (uint32_t i = 0; i < problem->n_people; i++)
            if (chosen[i] != PROBLEM_NONE)
                values[k] += problem_gain(problem, chosen[i], k);
        if (!words_objective_is_max(problem->objectives[k]))
            values[k] = -values[k];
    }
}

int problem_is_coupled(const struct problem *problem)
{
    return problem->n_households || problem->n_staff || problem->n_rooms;
}

/* -- pools and their parts ----------------------------------------------------------------------
 */

static uint32_t home_number(const struct region *region, const char *id)
{
    uint32_t number = 0;
    const struct record *at = region_first(region, RECORD_INSTITUTION);
    for (; at && strcmp(at->id, id) != 0; at = region_next(at))
        number++;
    return number;
}

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
    builder->n_homes = region_count(problem->region, RECORD_INSTITUTION);
    builder->pools = alloc_zero(n + 1, sizeof(struct pool *));
    builder->homes = alloc_zero(n + 1, sizeof(struct institution *));
    builder->home_number = alloc_zero(n + 1, sizeof(uint32_t));
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
        builder->home_number[number] = home_number(problem->region, pool->institution_id);
        n_parts += pool->n_reserved + 1;
    }
    problem->parts = alloc_zero(n_parts + 1, sizeof(struct problem_part));
    for (uint32_t number = 0; number < problem->n_pools; number++)
        parts_of_pool(builder, number);
    return 0;
}

/* -- people -------------------------------------------------------------------------------------
 */

static uint32_t pool_number(const struct builder *builder, const char *id)
{
    uint32_t low = 0, high = builder->problem->n_pools;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (strcmp(builder->pools[mid]->record.id, id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < builder->problem->n_pools && strcmp(builder->pools[low]->record.id, id) == 0
               ? low
               : PROBLEM_NONE;
}

/* The part whose bed a resident holds: that of their label where the pool has it, else the open
 * one. */
static uint32_t held_part(const struct problem *problem, uint32_t pool,
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
    for (const struct record *at = region_first(problem->region, RECORD_APPLICANT); at;
         at = region_next(at)) {
        const struct applicant *applicant = (const struct applicant *)at;
        if (applicant->state != APPLICANT_WAITING)
            continue;
        person_init(builder, &problem->people[problem->n_people++], applicant);
        if (!applicant->current_pool[0])
            continue;
        uint32_t pool = pool_number(builder, applicant->current_pool);
        if (pool == PROBLEM_NONE)
            return err_set(builder->err, ERR_BAD_INPUT,
                           "applicant %s: the current pool %s is not in the world", at->id,
                           applicant->current_pool);
        struct problem_part *part = &problem->parts[held_part(problem, pool, applicant)];
        part->stayers++;
        part->capacity++;
    }
    return 0;
}

/* -- pairs --------------------------------------------------------------------------------------
 */

static int64_t metres_to(struct builder *builder, const struct applicant *applicant, uint32_t pool)
{
    int64_t *metres = &builder->metres[builder->home_number[pool]];
    if (*metres < 0)
        *metres = region_metres(builder->problem->region, applicant, builder->homes[pool]);
    return *metres;
}

/* May this person use the beds of this part, as far as its reserve goes? */
static int part_takes(const struct builder *builder, const struct applicant *applicant,
                      const struct problem_part *part)
{
    return part->capacity > 0 &&
           (!part->reserve[0] || builder->problem->policy->reserve == RESERVE_SOFT ||
            strcmp(part->reserve, applicant->class_code) == 0);
}

/* Beds that are free or may fall free, seen by one person. */
static enum eligibility_beds beds_for(const struct builder *builder,
                                      const struct applicant *applicant, uint32_t pool)
{
    const struct problem *problem = builder->problem;
    int are_some = 0;
    if (pool_slack(builder->pools[pool]) < 0)
        return ELIGIBILITY_BEDS_NONE;
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++) {
        if (part_takes(builder, applicant, &problem->parts[part]))
            return ELIGIBILITY_BEDS_SOME;
        are_some |= problem->parts[part].capacity > 0;
    }
    return are_some ? ELIGIBILITY_BEDS_RESERVED : ELIGIBILITY_BEDS_NONE;
}

static enum reason pair_reason(struct builder *builder, const struct applicant *applicant,
                               uint32_t pool)
{
    const struct pool *at = builder->pools[pool];
    enum reason reason = eligibility_pair_static(applicant, at, builder->homes[pool]);
    if (reason != REASON_ELIGIBLE)
        return reason;
    return eligibility_pair_at(&builder->rules, applicant, at, builder->homes[pool],
                               metres_to(builder, applicant, pool),
                               beds_for(builder, applicant, pool));
}

static int add_pair(struct builder *builder, uint32_t person, uint32_t part, uint32_t pool)
{
    struct problem *problem = builder->problem;
    const struct applicant *applicant = problem->people[person].applicant;
    int64_t metres = metres_to(builder, applicant, pool);
    int64_t rank = applicant_rank(applicant, builder->pools[pool]->institution_id,
                                  problem->policy->unlisted_rank);
    if (metres > INT32_MAX || rank > INT32_MAX || problem->n_pairs == PROBLEM_NONE - 1)
        return err_set(builder->err, ERR_BAD_INPUT,
                       "applicant %s, pool %s: %" PRId64 " m and rank %" PRId64
                       " are more than a round can add up",
                       applicant->record.id, builder->pools[pool]->record.id, metres, rank);
    if (problem->n_pairs == builder->room_pairs) {
        builder->room_pairs = builder->room_pairs ? builder->room_pairs * 2 : 1024;
        problem->pairs =
            alloc_resize(problem->pairs, builder->room_pairs, sizeof(struct problem_pair));
    }
    problem->pairs[problem->n_pairs++] =
        (struct problem_pair){person, part, (int32_t)metres, (int32_t)rank};
    return 0;
}

static int add_stay(struct builder *builder, uint32_t number, uint32_t pool)
{
    struct problem_person *person = &builder->problem->people[number];
    person->stay_pair = builder->problem->n_pairs;
    return add_pair(builder, number, held_part(builder->problem, pool, person->applicant), pool);
}

static int add_new(struct builder *builder, uint32_t number, uint32_t pool)
{
    struct problem *problem = builder->problem;
    struct problem_person *person = &problem->people[number];
    if (is_closed(builder, pool) ||
        pair_reason(builder, person->applicant, pool) != REASON_ELIGIBLE)
        return 0;
    person->reason = REASON_OUTRANKED;
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++)
        if (part_takes(builder, person->applicant, &problem->parts[part]) &&
            add_pair(builder, number, part, pool) < 0)
            return -1;
    return 0;
}

/* The rule at which the pools ran out: the greatest reason met (eligibility.h). */
static enum reason reason_of(struct builder *builder, const struct applicant *applicant,
                             uint32_t own)
{
    enum reason worst = REASON_KIND;
    for (uint32_t pool = 0; pool < builder->problem->n_pools; pool++) {
        enum reason reason = pool == own ? REASON_KIND : pair_reason(builder, applicant, pool);
        worst = reason > worst ? reason : worst;
    }
    return worst;
}

static int build_pairs_of(struct builder *builder, uint32_t number)
{
    struct problem_person *person = &builder->problem->people[number];
    const struct applicant *applicant = person->applicant;
    uint32_t own =
        applicant->current_pool[0] ? pool_number(builder, applicant->current_pool) : PROBLEM_NONE;
    for (size_t home = 0; home < builder->n_homes; home++)
        builder->metres[home] = -1;
    person->first_pair = builder->problem->n_pairs;
    for (uint32_t pool = 0; pool < builder->problem->n_pools; pool++)
        if ((pool == own ? add_stay : add_new)(builder, number, pool) < 0)
            return -1;
    person->n_pairs = builder->problem->n_pairs - person->first_pair;
    if (person->reason != REASON_OUTRANKED)
        person->reason = reason_of(builder, applicant, own);
    return 0;
}

static int build_pairs(struct builder *builder)
{
    builder->metres = alloc_zero(builder->n_homes + 1, sizeof(int64_t));
    for (uint32_t i = 0; i < builder->problem->n_people; i++)
        if (build_pairs_of(builder, i) < 0)
            return -1;
    return 0;
}

/* -- order and limits ---------------------------------------------------------------------------
 */

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

static void build_tie_order(struct problem *problem)
{
    struct ticket *tickets = alloc_zero((size_t)problem->n_people + 1, sizeof *tickets);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        tickets[i].applicant = problem->people[i].applicant;
        tickets[i].person = i;
        digest_lottery(problem->policy->lottery_seed, tickets[i].applicant->record.id,
                       tickets[i].lottery);
    }
    qsort(tickets, problem->n_people, sizeof *tickets, by_ticket);
    problem->tie_order = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        problem->tie_order[i] = tickets[i].person;
    free(tickets);
}

/* A price is the gain along a path that visits each part once, at most 2 x gain a step; a bound
 * adds one price per person. Twice that must fit. */
static int check_range(const struct problem *problem, struct alm_error *err)
{
    int64_t paths = 2 * ((int64_t)problem->n_parts + 2), sums = (int64_t)problem->n_people + 2;
    for (size_t k = 0; k < problem->n_objectives; k++) {
        int64_t most = 0, product;
        for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
            int64_t gain = problem_gain(problem, pair, k);
            most = gain > most ? gain : most;
            most = -gain > most ? -gain : most;
        }
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
    struct builder builder = {.problem = problem, .rules = {region, policy, now}, .err = err};
    problem->region = region;
    problem->policy = policy;
    problem->now = now;
    problem->n_objectives = policy->n_objectives;
    memcpy(problem->objectives, policy->objectives, sizeof policy->objectives);
    int failed = build_parts(&builder) < 0 || build_people(&builder) < 0 ||
                 build_pairs(&builder) < 0 || check_range(problem, err) < 0;
    free(builder.pools);
    free(builder.homes);
    free(builder.home_number);
    free(builder.metres);
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
    free(problem->parts);
    free(problem->pool_first_part);
    free(problem->pairs);
    free(problem->tie_order);
    free(problem);
}
