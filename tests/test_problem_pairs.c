/* test_problem_pairs.c - the pairs of drawn regions against the rules asked of every person and
 * every pool: in a town, around a pole, on both sides of the antimeridian, all over the sphere, on
 * one spot; ways of exactly a person's limit and of one metre more; any number of stretches. */
#include "solver/problem_pairs.h"

#include "solver/eligibility.h"
#include "tests/check.h"
#include "tests/drawn_region.h"

#include <stdlib.h>
#include <string.h>

enum { REGIONS = 60 };

/* -- the plain way -- */

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

/* -- tests -- */

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
        struct region *region = drawn_region(seed);
        struct policy *policy = drawn_region_policy(seed / 7 % 2 != 0, seed / 3 % 4 == 0);
        struct problem *problem = problem_new(region, policy, DRAWN_REGION_NOW, NULL);
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
    static const size_t slices[] = {1, 2, 3, 7, DRAWN_REGION_PEOPLE, DRAWN_REGION_PEOPLE + 5};
    for (uint64_t seed = 0; seed < DRAWN_REGION_PLACES * 2; seed++) {
        struct region *region = drawn_region(seed);
        struct policy *policy = drawn_region_policy(0, 0);
        struct problem *problem = problem_new(region, policy, DRAWN_REGION_NOW, NULL);
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
    struct region *region = drawn_region(0);
    struct policy *policy = drawn_region_policy(0, 0);
    struct problem *problem = problem_new(region, policy, DRAWN_REGION_NOW, NULL);
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
    struct region *region = drawn_region(1);
    struct policy *policy = drawn_region_policy(0, 0);
    struct problem *problem = problem_new(region, policy, DRAWN_REGION_NOW, NULL);
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
