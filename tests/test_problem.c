/* test_problem.c - the arrays of a round against the rules, pair by pair; parts, residents, limits.
 */
#include "solver/problem.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "solver/eligibility.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 400 };

static int lists_pool(const struct problem *problem, const struct problem_person *person,
                      const struct pool *pool)
{
    for (uint32_t pair = person->first_pair; pair < person->first_pair + person->n_pairs; pair++)
        if (pair != person->stay_pair && problem->parts[problem->pairs[pair].part].pool == pool)
            return 1;
    return 0;
}

/* The free beds, and those that waiting residents may leave: each keeps its label. */
static enum eligibility_beds beds_for(const struct problem *problem,
                                      const struct applicant *applicant, const struct pool *pool)
{
    enum eligibility_beds beds =
        eligibility_beds_free(problem->policy, pool, applicant->class_code);
    for (uint32_t part = 0; part < problem->n_parts && pool_slack(pool) >= 0; part++) {
        const struct problem_part *at = &problem->parts[part];
        if (at->pool != pool || at->stayers == 0)
            continue;
        if (!at->reserve[0] || problem->policy->reserve == RESERVE_SOFT ||
            strcmp(at->reserve, applicant->class_code) == 0)
            return ELIGIBILITY_BEDS_SOME;
        beds = beds == ELIGIBILITY_BEDS_NONE ? ELIGIBILITY_BEDS_RESERVED : beds;
    }
    return beds;
}

static enum reason plain_reason(const struct problem *problem, const struct applicant *applicant,
                                const struct pool *pool)
{
    const struct eligibility rules = {problem->region, problem->policy, problem->now};
    const struct institution *home = region_institution(problem->region, pool->institution_id);
    enum reason reason = eligibility_pair_static(applicant, pool, home);
    if (reason != REASON_ELIGIBLE)
        return reason;
    return eligibility_pair_at(&rules, applicant, pool, home,
                               region_metres(problem->region, applicant, home),
                               beds_for(problem, applicant, pool));
}

static size_t wrong_pairs(const struct problem *problem, const struct problem_person *person)
{
    size_t wrong = 0;
    enum reason worst = REASON_KIND;
    int any = 0;
    for (const struct record *at = region_first(problem->region, RECORD_POOL); at;
         at = region_next(at)) {
        const struct pool *pool = (const struct pool *)at;
        if (strcmp(at->id, person->applicant->current_pool) == 0)
            continue;
        enum reason reason = plain_reason(problem, person->applicant, pool);
        wrong += (reason == REASON_ELIGIBLE) != lists_pool(problem, person, pool);
        any |= reason == REASON_ELIGIBLE;
        worst = reason > worst ? reason : worst;
    }
    return wrong + (person->reason != (any ? REASON_OUTRANKED : worst));
}

static size_t wrong_order(const struct problem *problem)
{
    size_t wrong = 0;
    for (uint32_t pair = 1; pair < problem->n_pairs; pair++) {
        const struct problem_pair *one = &problem->pairs[pair - 1], *two = &problem->pairs[pair];
        wrong +=
            one->person > two->person || (one->person == two->person && one->part >= two->part);
    }
    for (uint32_t i = 1; i < problem->n_people; i++)
        wrong += strcmp(problem->people[i - 1].applicant->record.id,
                        problem->people[i].applicant->record.id) >= 0;
    for (uint32_t i = 1; i < problem->n_people; i++)
        wrong += problem->people[problem->tie_order[i - 1]].applicant->applied_at >
                 problem->people[problem->tie_order[i]].applicant->applied_at;
    return wrong;
}

static void test_pairs(void)
{
    size_t wrong = 0, pairs = 0;
    for (long seed = 0; seed < drawn_round_count(WORLDS); seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, seed % 2 == 0) != 0)
            continue;
        struct problem *problem = problem_new(round.region, round.policy, round.world.now, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
        for (uint32_t i = 0; i < problem->n_people; i++)
            wrong += wrong_pairs(problem, &problem->people[i]);
        wrong += wrong_order(problem);
        pairs += problem->n_pairs;
        problem_free(problem);
        drawn_round_clear(&round);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(pairs > (size_t)drawn_round_count(WORLDS));
}

/* -- one small region -- */

struct fixture {
    struct region *region;
    struct institution *home;
    struct pool *pool, *other;
    struct policy *policy;
    struct alm_error err;
};

static const char policy_json[] =
    "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\",\"placements\",\"travel\"],"
    "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\",\"points\":{\"3\":70}}]"
    "}";

static struct applicant *add_person(struct fixture *fixture, const char *id, const char *pool)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, id);
    person->kinds = 1u << KIND_NURSING;
    person->level = 3;
    person->state = APPLICANT_WAITING;
    strcpy(person->current_pool, pool);
    region_put_take(fixture->region, &person->record);
    return person;
}

static struct pool *add_pool(struct fixture *fixture, const char *id, int64_t beds)
{
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, id);
    strcpy(pool->institution_id, "H1");
    pool->kind = KIND_NURSING;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = beds;
    pool->max_level = 6;
    region_put_take(fixture->region, &pool->record);
    return pool;
}

static void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    err_init(&fixture->err);
    fixture->region = region_new();
    fixture->home = (struct institution *)record_new(RECORD_INSTITUTION, "H1");
    region_put_take(fixture->region, &fixture->home->record);
    fixture->pool = add_pool(fixture, "P1", 4);
    fixture->other = add_pool(fixture, "P2", 2);
    fixture->policy = policy_from_json(policy_json, strlen(policy_json), &fixture->err);
}

static void fixture_clear(struct fixture *fixture)
{
    region_free(fixture->region);
    policy_free(fixture->policy);
    err_clear(&fixture->err);
}

static struct problem *build(struct fixture *fixture)
{
    return problem_new(fixture->region, fixture->policy, 0, &fixture->err);
}

static void reserve_beds(struct pool *pool, size_t k, const char *class_code, int64_t beds)
{
    pool->reserved = alloc_resize(pool->reserved, k + 1, sizeof *pool->reserved);
    pool->reserved[k].class_code = alloc_string(class_code);
    pool->reserved[k].beds = beds;
    pool->n_reserved = k + 1;
}

/* Reserves are clipped in listed order, a resident's bed belongs to the part of their label. */
static void test_parts(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    reserve_beds(fixture.pool, 0, "a", 3);
    reserve_beds(fixture.pool, 1, "b", 3);
    struct applicant *resident = add_person(&fixture, "R1", "P1");
    free(resident->current_reserve);
    resident->current_reserve = alloc_string("b");
    add_person(&fixture, "R2", "P1");
    fixture.pool->beds_occupied = 2;
    fixture.pool->beds_usable = fixture.pool->beds_approved = fixture.pool->beds_staffed = 6;
    struct problem *problem = build(&fixture);
    CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
    CU_ASSERT_EQUAL(problem->n_parts, 4);
    CU_ASSERT_EQUAL(problem->parts[0].capacity, 3);
    CU_ASSERT_EQUAL(problem->parts[1].capacity, 2); /* one free, one held */
    CU_ASSERT_EQUAL(problem->parts[1].stayers, 1);
    CU_ASSERT_EQUAL(problem->parts[2].capacity, 1); /* R2's */
    CU_ASSERT_STRING_EQUAL(problem->parts[2].reserve, "");
    CU_ASSERT_EQUAL(problem->parts[3].capacity, 2);
    CU_ASSERT_EQUAL(problem->pairs[problem->people[0].stay_pair].part, 1);
    CU_ASSERT_EQUAL(problem->pairs[problem->people[1].stay_pair].part, 2);
    problem_free(problem);
    fixture_clear(&fixture);
}

/* Nobody comes into an overbooked or suspended home, and who leaves frees nothing. */
static void test_closed(void)
{
    for (int is_suspended = 0; is_suspended < 2; is_suspended++) {
        struct fixture fixture;
        fixture_init(&fixture);
        add_person(&fixture, "A1", "");
        add_person(&fixture, "R1", "P1");
        fixture.home->suspended = is_suspended;
        fixture.pool->beds_occupied = is_suspended ? 1 : 5;
        struct problem *problem = build(&fixture);
        CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
        CU_ASSERT_EQUAL(problem->parts[0].capacity, 1);
        CU_ASSERT_EQUAL(problem->people[0].n_pairs, is_suspended ? 0 : 1); /* P2 */
        CU_ASSERT_EQUAL(problem->people[1].n_pairs, is_suspended ? 1 : 2); /* stays, P2 */
        CU_ASSERT(!is_suspended || problem->people[0].reason == REASON_SUSPENDED);
        problem_free(problem);
        fixture_clear(&fixture);
    }
}

static void test_errors(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct applicant *person = add_person(&fixture, "R1", "P9");
    CU_ASSERT_PTR_NULL(build(&fixture));
    CU_ASSERT_EQUAL(fixture.err.code, ERR_BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.err.message, "P9"));
    person->current_pool[0] = 0;
    err_clear(&fixture.err);
    fixture.policy->rules[0].table[0].points = INT64_MAX / 8;
    CU_ASSERT_PTR_NULL(build(&fixture));
    CU_ASSERT_PTR_NOT_NULL(strstr(fixture.err.message, "objective need"));
    fixture.policy->rules[0].table[0].points = 1000000000;
    struct problem *problem = build(&fixture);
    CU_ASSERT_PTR_NOT_NULL(problem);
    problem_free(problem);
    fixture_clear(&fixture);
}

static void test_empty(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct region *empty = region_new();
    struct problem *problem = problem_new(empty, fixture.policy, 0, &fixture.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(problem);
    CU_ASSERT_EQUAL(problem->n_people + problem->n_parts + problem->n_pairs, 0);
    CU_ASSERT_FALSE(problem_is_coupled(problem));
    problem_free(problem);
    region_free(empty);
    fixture_clear(&fixture);
}

static const struct check_test tests[] = {
    {"pairs_are_those_of_the_rules", test_pairs},
    {"parts", test_parts},
    {"closed_homes", test_closed},
    {"errors", test_errors},
    {"empty", test_empty},
};
CHECK_SUITE(suite_problem, tests);
