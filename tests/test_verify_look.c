/* test_verify_look.c - what the checker sees of drawn regions against the rules asked of every
 * person and every pool; which error is told when there are several. */
#include "solver/verify_look.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/drawn_region.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS = 60, CROWD = 9000 };

/* A plan that gives nobody anything, so that a round can be made of the region. */
static void plan_for(const struct region *region, struct plan *plan)
{
    plan_init(plan);
    plan->now = DRAWN_REGION_NOW;
    plan->unplaced = alloc_zero(region_count(region, RECORD_APPLICANT), sizeof *plan->unplaced);
    for (const struct record *at = region_first(region, RECORD_APPLICANT); at; at = region_next(at))
        strcpy(plan->unplaced[plan->n_unplaced++].applicant_id, at->id);
}

static size_t wrong_choices(const struct verify_look *look, const struct verify_round *round,
                            const struct verify_person *person, enum reason *expected)
{
    size_t wrong = 0, at = 0;
    enum reason worst = REASON_KIND;
    for (size_t p = 0; p < round->n_pools; p++) {
        int64_t metres;
        enum reason reason = p == person->own
                                 ? REASON_KIND
                                 : verify_round_pair(round, person, &round->pools[p], &metres);
        worst = reason > worst ? reason : worst;
        if (reason != REASON_ELIGIBLE)
            continue;
        wrong += at >= look->n_choices || look->choices[at].pool != p ||
                 look->choices[at].metres != metres;
        at++;
    }
    *expected = at ? REASON_OUTRANKED : worst;
    return wrong + (at != look->n_choices);
}

static void test_choices(void)
{
    size_t wrong = 0, reasons[REASON_COUNT] = {0};
    for (uint64_t seed = 0; seed < REGIONS; seed++) {
        struct region *region = drawn_region(seed);
        struct policy *policy = drawn_region_policy(seed % 2 != 0, seed % 3 == 0);
        struct plan plan;
        plan_for(region, &plan);
        struct verify_round *round = verify_round_new(region, policy, &plan, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(round);
        struct verify_look look;
        verify_look_init(&look, round);
        for (size_t i = 0; i < round->n_people; i++) {
            enum reason expected;
            verify_look_at(&look, &round->people[i]);
            wrong += wrong_choices(&look, round, &round->people[i], &expected);
            wrong += verify_look_reason(&look, &round->people[i]) != expected;
            reasons[expected]++;
        }
        verify_look_clear(&look);
        verify_round_free(round);
        plan_clear(&plan);
        policy_free(policy);
        region_free(region);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(reasons[REASON_OUTRANKED] > REGIONS);
    CU_ASSERT(reasons[REASON_DISTANCE] > 0);
    CU_ASSERT(reasons[REASON_LEVEL] > 0);
}

/* The comparison sees a choice too few and a wrong way. */
static void test_control(void)
{
    struct region *region = drawn_region(0);
    struct policy *policy = drawn_region_policy(0, 0);
    struct plan plan;
    struct verify_look look;
    enum reason expected;
    plan_for(region, &plan);
    struct verify_round *round = verify_round_new(region, policy, &plan, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(round);
    verify_look_init(&look, round);
    size_t i = 0;
    for (verify_look_at(&look, &round->people[0]); !look.n_choices && ++i < round->n_people;)
        verify_look_at(&look, &round->people[i]);
    CU_ASSERT_FATAL(look.n_choices > 0);
    CU_ASSERT_EQUAL(wrong_choices(&look, round, &round->people[i], &expected), 0);
    look.choices[0].metres++;
    CU_ASSERT_EQUAL(wrong_choices(&look, round, &round->people[i], &expected), 1);
    look.choices[0].metres--;
    look.n_choices--;
    CU_ASSERT_NOT_EQUAL(wrong_choices(&look, round, &round->people[i], &expected), 0);
    verify_look_clear(&look);
    verify_round_free(round);
    plan_clear(&plan);
    policy_free(policy);
    region_free(region);
}

static int refuse_some(const void *context, const struct verify_person *person,
                       struct verify_look *look, struct alm_error *err)
{
    const struct verify_round *round = context;
    (void)look;
    size_t number = (size_t)(person - round->people);
    if (number % 1000 != 700)
        return 0;
    return err_set(err, ERR_REFUSED, "number %zu", number);
}

/* Enough people for all cores; the first of them is named. */
static void test_first_error(void)
{
    struct region *region = region_new();
    struct policy *policy = drawn_region_policy(0, 0);
    struct plan plan;
    struct alm_error err;
    char id[ID_MAX + 1];
    err_init(&err);
    for (int i = 0; i < CROWD; i++) {
        snprintf(id, sizeof id, "A%05d", i);
        struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, id);
        person->state = APPLICANT_WAITING;
        region_put_take(region, &person->record);
    }
    plan_for(region, &plan);
    struct verify_round *round = verify_round_new(region, policy, &plan, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(round);
    CU_ASSERT_EQUAL(verify_look_everybody(round, refuse_some, round, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.message, "number 700");
    CU_ASSERT_EQUAL(err.code, ERR_REFUSED);
    err_clear(&err);
    verify_round_free(round);
    plan_clear(&plan);
    policy_free(policy);
    region_free(region);
}

static const struct check_test tests[] = {
    {"verify_look_sees_all_choices", test_choices},
    {"verify_look_control", test_control},
    {"verify_look_first_error", test_first_error},
};
CHECK_SUITE(suite_verify_look, tests);
