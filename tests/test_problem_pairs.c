/* test_problem_pairs.c - the pairs of drawn regions against the rules asked of every person and
 * every pool: in a town, around a pole, on both sides of the antimeridian, all over the sphere, on
 * one spot; ways of exactly a person's limit and of one metre more; any number of stretches. */
#include "solver/problem_pairs.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/eligibility.h"
#include "tests/check.h"
#include "tests/random_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOMES = 30, POOLS = 90, PEOPLE = 70, REGIONS = 60, DAY = 86400, NOW = 20000 * DAY };

enum place { TOWN, POLE, ANTIMERIDIAN, SPHERE, ONE_SPOT, PLACES };

static double below(uint64_t *state, double n)
{
    return n * (double)random_below(state, 1000001) / 1000000;
}

static void draw_place(uint64_t *state, enum place place, double *lat, double *lon)
{
    static const struct {
        double south, lats, west, lons;
    } boxes[PLACES] = {
        {31, 0.3, 121, 0.4},   {89.9, 0.1, -180, 360}, {-1, 0.2, 179.9, 0.2},
        {-90, 180, -180, 360}, {25, 0, 121.5, 0},
    };
    *lat = boxes[place].south + below(state, boxes[place].lats);
    *lon = boxes[place].west + below(state, boxes[place].lons);
    *lon -= *lon > 180 ? 360 : 0;
}

static int chance(uint64_t *state, int percent)
{
    return random_chance(state, percent);
}

static int64_t number(uint64_t *state, uint64_t n)
{
    return (int64_t)random_below(state, n);
}

static void maybe_add(uint64_t *state, struct list *list, int percent, const char *text)
{
    if (chance(state, percent))
        list_add(list, text, strlen(text));
}

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = alloc_string(value);
}

static void add_home(struct region *region, uint64_t *state, enum place place, int n)
{
    struct institution *home =
        (struct institution *)record_new(RECORD_INSTITUTION, random_id('H', n));
    draw_place(state, place, &home->lat, &home->lon);
    home->star = number(state, 6);
    home->suspended = chance(state, 10);
    maybe_add(state, &home->capabilities, 60, "oxygen");
    region_put_take(region, &home->record);
}

static void add_pool(struct region *region, uint64_t *state, int n)
{
    static const char *const places[] = {"V1", "V2", "D1"};
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, random_id('P', n));
    strcpy(pool->institution_id, random_id('H', (int)number(state, HOMES)));
    pool->kind = chance(state, 70) ? KIND_NURSING : (enum kind)number(state, 3);
    pool->sex = (enum sex_rule)number(state, SEX_RULE_COUNT);
    pool->min_level = number(state, 3);
    pool->max_level = pool->min_level + number(state, 7 - (uint64_t)pool->min_level);
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = number(state, 5);
    pool->beds_occupied = chance(state, 10) ? pool->beds_usable + 1 : 0;
    pool->monthly_fee = 1000 * number(state, 4);
    maybe_add(state, &pool->capabilities, 40, "lift");
    for (size_t i = 0; i < 3 && chance(state, 20); i++)
        list_add(&pool->serves, places[i], 2);
    if (chance(state, 30)) {
        pool->reserved = alloc_zero(1, sizeof *pool->reserved);
        pool->reserved[0].class_code = alloc_string("tekun");
        pool->reserved[0].beds = 1 + number(state, 5);
        pool->n_reserved = 1;
    }
    region_put_take(region, &pool->record);
}

/* Nobody, somebody at exactly that distance, somebody who is one metre short of it. */
static int64_t draw_limit(const struct region *region, uint64_t *state,
                          const struct applicant *applicant)
{
    if (chance(state, 15))
        return RECORD_NO_LIMIT;
    if (chance(state, 10))
        return 0;
    const struct institution *home =
        region_institution(region, random_id('H', (int)number(state, HOMES)));
    int64_t metres = region_metres(region, applicant, home);
    return metres && chance(state, 50) ? metres - 1 : metres;
}

static void add_wishes(uint64_t *state, struct applicant *person)
{
    person->max_fee = chance(state, 40) ? 1000 * number(state, 4) : RECORD_NO_LIMIT;
    person->min_star = chance(state, 30) ? number(state, 6) : 0;
    maybe_add(state, &person->needs, 25, "oxygen");
    maybe_add(state, &person->needs, 15, "lift");
    for (int i = 0; i < 3 && chance(state, 40); i++)
        list_add(&person->preferences, random_id('H', (int)number(state, HOMES)), 3);
    if (chance(state, 15))
        person->assessment_valid_until = NOW - DAY + DAY * number(state, 3);
    if (chance(state, 20)) {
        person->declined = alloc_zero(1, sizeof *person->declined);
        strcpy(person->declined[0].pool_id, random_id('P', (int)number(state, POOLS)));
        person->declined[0].at = STAMP_NONE;
        person->n_declined = 1;
    }
}

static void add_travel(struct region *region, uint64_t *state, const char *from)
{
    for (int h = 0; h < HOMES; h++) {
        if (!chance(state, 30))
            continue;
        struct travel *row = (struct travel *)record_new(RECORD_TRAVEL, "");
        strcpy(row->from_id, from);
        strcpy(row->institution_id, random_id('H', h));
        row->metres = 500 * number(state, 40);
        travel_id(row->from_id, row->institution_id, row->record.id);
        region_put_take(region, &row->record);
    }
}

static void add_person(struct region *region, uint64_t *state, enum place place, int n,
                       int has_travel)
{
    static const char *const villages[] = {"", "V1", "V2"};
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, random_id('A', n));
    draw_place(state, place, &person->lat, &person->lon);
    person->state = APPLICANT_WAITING;
    person->applied_at = NOW - DAY * number(state, 400);
    person->level = number(state, 7);
    person->kinds = 1u + (uint32_t)number(state, 7);
    person->sex = (enum sex)number(state, SEX_COUNT);
    set_text(&person->village, villages[number(state, 3)]);
    set_text(&person->district, chance(state, 50) ? "D1" : "");
    set_text(&person->class_code, chance(state, 20) ? "tekun" : "");
    add_wishes(state, person);
    if (chance(state, 10))
        strcpy(person->current_pool, random_id('P', (int)number(state, POOLS)));
    if (has_travel && chance(state, 20))
        add_travel(region, state, person->record.id);
    person->max_distance_m = draw_limit(region, state, person);
    region_put_take(region, &person->record);
}

static struct region *draw_region(uint64_t seed)
{
    uint64_t state = seed;
    struct region *region = region_new();
    enum place place = (enum place)(seed % PLACES);
    int has_travel = seed / PLACES % 2 != 0;
    for (int h = 0; h < HOMES; h++)
        add_home(region, &state, place, h);
    for (int p = 0; p < POOLS; p++)
        add_pool(region, &state, p);
    if (has_travel)
        add_travel(region, &state, "V1");
    for (int i = 0; i < PEOPLE; i++)
        add_person(region, &state, place, i, has_travel);
    return region;
}

/* -- the plain way --------------------------------------------------------------------------------
 */

static int part_takes(const struct problem *problem, const struct applicant *applicant,
                      const struct problem_part *part)
{
    return part->capacity > 0 && (!part->reserve[0] || problem->policy->reserve == RESERVE_SOFT ||
                                  strcmp(part->reserve, applicant->class_code) == 0);
}

/* A waiting resident of the pool whose bed this person could have. */
static int could_move_out(const struct problem *problem, const struct applicant *applicant,
                          uint32_t pool)
{
    int could = 0;
    for (uint32_t part = problem->pool_first_part[pool]; part < problem->pool_first_part[pool + 1];
         part++)
        could |= problem->parts[part].stayers > 0 &&
                 part_takes(problem, applicant, &problem->parts[part]);
    return could;
}

static int is_pair(const struct problem *problem, uint32_t pair, uint32_t person, uint32_t part)
{
    const struct problem_pair *at = &problem->pairs[pair];
    const struct applicant *applicant = problem->people[person].applicant;
    const struct institution *home = problem->parts[part].institution;
    return pair < problem->n_pairs && at->person == person && at->part == part &&
           at->metres == region_metres(problem->region, applicant, home) &&
           at->rank == applicant_rank(applicant, home->record.id, problem->policy->unlisted_rank);
}

/* The next pairs of the problem are those of this person and pool; what is wrong is counted. */
static size_t follow_pool(const struct problem *problem, uint32_t person, uint32_t pool,
                          uint32_t *pair, enum reason *reason)
{
    const struct eligibility rules = {problem->region, problem->policy, problem->now};
    const struct applicant *applicant = problem->people[person].applicant;
    uint32_t first = problem->pool_first_part[pool], end = problem->pool_first_part[pool + 1];
    const struct pool *record = problem->parts[first].pool;
    size_t wrong = 0;
    if (strcmp(applicant->current_pool, record->record.id) == 0) {
        *reason = REASON_KIND;
        wrong += problem->people[person].stay_pair != *pair;
        return wrong +
               !is_pair(problem, (*pair)++, person, problem_held_part(problem, pool, applicant));
    }
    *reason =
        eligibility_pair(&rules, applicant, record, could_move_out(problem, applicant, pool), NULL);
    for (uint32_t part = first; part < end && *reason == REASON_ELIGIBLE; part++)
        if (part_takes(problem, applicant, &problem->parts[part]))
            wrong += !is_pair(problem, (*pair)++, person, part);
    return wrong;
}

/* How much of the problem is not as the rules say, pair by pair and in order. */
static size_t differences(const struct problem *problem)
{
    uint32_t pair = 0;
    size_t wrong = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        enum reason worst = REASON_KIND, reason;
        int any = 0;
        wrong += problem->people[i].first_pair != pair;
        for (uint32_t pool = 0; pool < problem->n_pools; pool++) {
            wrong += follow_pool(problem, i, pool, &pair, &reason);
            any |= reason == REASON_ELIGIBLE;
            worst = reason > worst ? reason : worst;
        }
        wrong += problem->people[i].n_pairs != pair - problem->people[i].first_pair;
        wrong += problem->people[i].reason != (any ? REASON_OUTRANKED : worst);
    }
    return wrong + (pair != problem->n_pairs);
}

/* -- tests ----------------------------------------------------------------------------------------
 */

static struct policy *make_policy(int is_soft, int has_limit)
{
    static const char text[] = "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\",\"travel\"],"
                               "\"points\":[]}";
    struct policy *policy = policy_from_json(text, strlen(text), NULL);
    policy->reserve = is_soft ? RESERVE_SOFT : RESERVE_HARD;
    if (has_limit)
        policy->max_distance_m = 12000;
    return policy;
}

/* The pairs of a problem that stands already, made once more. */
static void build_again(struct problem *problem, size_t n_slices)
{
    for (uint32_t i = 0; i < problem->n_people; i++) {
        problem->people[i].stay_pair = PROBLEM_NONE;
        problem->people[i].reason = REASON_ELIGIBLE;
    }
    free(problem->pairs);
    problem->pairs = NULL;
    problem->n_pairs = 0;
    CU_ASSERT_EQUAL(problem_pairs_build(problem, n_slices, NULL), 0);
}

static void test_all_pairs(void)
{
    size_t reasons[REASON_COUNT] = {0}, at_limit = 0;
    for (uint64_t seed = 0; seed < REGIONS; seed++) {
        struct region *region = draw_region(seed);
        struct policy *policy = make_policy(seed / 7 % 2 != 0, seed / 3 % 4 == 0);
        struct problem *problem = problem_new(region, policy, NOW, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
        CU_ASSERT_EQUAL(differences(problem), 0);
        for (uint32_t i = 0; i < problem->n_people; i++)
            reasons[problem->people[i].reason]++;
        for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
            at_limit += problem->pairs[pair].metres ==
                        problem->people[problem->pairs[pair].person].applicant->max_distance_m;
        problem_free(problem);
        policy_free(policy);
        region_free(region);
    }
    /* the worlds are such that the rules had something to say, and limits were met to the metre */
    CU_ASSERT(at_limit > REGIONS);
    CU_ASSERT(reasons[REASON_OUTRANKED] > REGIONS);
    CU_ASSERT(reasons[REASON_DISTANCE] > 0);
    CU_ASSERT(reasons[REASON_LEVEL] > 0);
    CU_ASSERT(reasons[REASON_NO_BED] > 0);
}

static void test_stretches(void)
{
    static const size_t slices[] = {1, 2, 3, 7, PEOPLE, PEOPLE + 5};
    for (uint64_t seed = 0; seed < PLACES * 2; seed++) {
        struct region *region = draw_region(seed);
        struct policy *policy = make_policy(0, 0);
        struct problem *problem = problem_new(region, policy, NOW, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
        for (size_t k = 0; k < sizeof slices / sizeof *slices; k++) {
            build_again(problem, slices[k]);
            CU_ASSERT_EQUAL(differences(problem), 0);
        }
        problem_free(problem);
        policy_free(policy);
        region_free(region);
    }
}

/* The comparison sees a pair that is missing, one metre too many and a wrong reason. */
static void test_control(void)
{
    struct region *region = draw_region(0);
    struct policy *policy = make_policy(0, 0);
    struct problem *problem = problem_new(region, policy, NOW, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
    CU_ASSERT_EQUAL_FATAL(differences(problem), 0);
    problem->pairs[problem->n_pairs / 2].metres++;
    CU_ASSERT_NOT_EQUAL(differences(problem), 0);
    problem->pairs[problem->n_pairs / 2].metres--;
    problem->n_pairs--;
    CU_ASSERT_NOT_EQUAL(differences(problem), 0);
    problem->n_pairs++;
    problem->people[3].reason++;
    CU_ASSERT_NOT_EQUAL(differences(problem), 0);
    problem->people[3].reason--;
    problem_free(problem);
    policy_free(policy);
    region_free(region);
}

/* Of several people with a way too long to be counted the first is named, whoever saw it first. */
static void test_too_far(void)
{
    struct region *region = draw_region(1);
    struct policy *policy = make_policy(0, 0);
    struct problem *problem = problem_new(region, policy, NOW, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
    policy->unlisted_rank = (int64_t)INT32_MAX + 1;
    struct alm_error err, again;
    err_init(&err);
    err_init(&again);
    CU_ASSERT_EQUAL(problem_pairs_build(problem, 1, &err), -1);
    CU_ASSERT_EQUAL(problem_pairs_build(problem, 5, &again), -1);
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, again.message);
    err_clear(&err);
    err_clear(&again);
    problem_free(problem);
    policy_free(policy);
    region_free(region);
}

static const struct check_test tests[] = {
    {"all_pairs_are_found", test_all_pairs},
    {"any_number_of_stretches", test_stretches},
    {"pairs_control", test_control},
    {"too_far_to_count", test_too_far},
};
CHECK_SUITE(suite_problem_pairs, tests);
