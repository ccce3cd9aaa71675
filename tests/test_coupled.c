/* test_coupled.c - rounds with households, staff minutes and rooms against a fool who tries every
 * assignment.
 */
#include "solver/coupled.h"

#include "solver/coupled_rest.h"
#include "tests/check.h"
#include "tests/coupled_world.h"
#include "tests/plain_rules.h"

#include <stdio.h>
#include <string.h>

static void compare(uint64_t seed, const struct problem *problem, int *n_coupled)
{
    struct coupled_fool fool;
    struct coupled_result result;
    struct solver_options options = {0};
    uint32_t chosen[16];
    coupled_fool_run(&fool, problem);
    int code = coupled_solve(problem, &options, NULL, chosen, &result, NULL);
    int same = code == 0 && result.status == PLAN_OPTIMAL && fool.n_wrong == 0 &&
               plain_rules_hold(problem, chosen);
    for (size_t k = 0; same && k < problem->n_objectives; k++)
        same = result.values[k] == fool.values[k] && result.bounds[k] == fool.values[k];
    same = same && !coupled_fool_suits_better(problem, fool.best, chosen);
    if (!same)
        printf("\n    world %llu: code %d, status %d, %ld judged differently\n",
               (unsigned long long)seed, code, (int)result.status, fool.n_wrong);
    CU_ASSERT_TRUE(same);
    coupled_result_clear(&result);
    *n_coupled += problem_is_coupled(problem);
}

static void test_worlds(void)
{
    int n_coupled = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        struct coupled_world world;
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        CU_ASSERT_PTR_NOT_NULL(problem);
        if (problem)
            compare(seed, problem, &n_coupled);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_coupled > 500);
}

/* People whom no coupled row touches settle their ties among themselves: nothing is lost, and some
 * gain. */
static void test_rest(void)
{
    int n_better = 0;
    for (uint64_t seed = 0; seed < 600; seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        struct solver_options options = {0};
        uint32_t chosen[16];
        int64_t values[OBJECTIVE_COUNT];
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        coupled_fool_run(&fool, problem);
        memcpy(chosen, fool.worst, sizeof chosen);
        coupled_rest_settle(problem, &options, chosen);
        problem_values(problem, chosen, values);
        CU_ASSERT_EQUAL(memcmp(values, fool.values, problem->n_objectives * sizeof *values), 0);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        CU_ASSERT_FALSE(coupled_fool_suits_better(problem, fool.worst, chosen));
        n_better += coupled_fool_suits_better(problem, chosen, fool.worst);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_better > 5);
}

/* -- limits -- */

/* However little work is allowed: the rules hold, the bounds are bounds, it is said that nothing is
 * proved, and the plan is mostly good in all objectives. */
static void test_limits(void)
{
    int n_stopped = 0, n_good = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct coupled_world world;
        struct coupled_fool fool;
        struct coupled_result result;
        uint32_t chosen[16];
        coupled_world_random(&world, seed);
        struct problem *problem = coupled_world_problem(&world);
        struct solver_options options = {.work_limit = 1 + (int64_t)(seed % 7)};
        coupled_fool_run(&fool, problem);
        CU_ASSERT_EQUAL(coupled_solve(problem, &options, NULL, chosen, &result, NULL), 0);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        CU_ASSERT_TRUE(coupled_fool_is_bound(problem, &result, &fool));
        int is_best =
            memcmp(result.values, fool.values, sizeof(int64_t) * problem->n_objectives) == 0;
        CU_ASSERT_TRUE(result.status == PLAN_FEASIBLE || is_best);
        n_stopped += result.status == PLAN_FEASIBLE;
        n_good += result.status == PLAN_FEASIBLE && is_best;
        coupled_result_clear(&result);
        problem_free(problem);
        coupled_world_clear(&world);
    }
    CU_ASSERT_TRUE(n_stopped > 20);
    CU_ASSERT_TRUE(n_good > n_stopped / 3); /* 91 of 195; without coupled_plan 31 of 190 */
}

/* A start that breaks a rule is ignored; a good one is not lost when nothing may be done. */
static void test_start(void)
{
    struct coupled_world world;
    struct coupled_fool fool;
    struct coupled_result result;
    uint32_t chosen[16], broken[16];
    struct solver_options none = {.time_limit_s = 1e-9};
    coupled_world_random(&world, 3);
    struct problem *problem = coupled_world_problem(&world);
    coupled_fool_run(&fool, problem);
    CU_ASSERT_EQUAL(coupled_solve(problem, &none, fool.best, chosen, &result, NULL), 0);
    CU_ASSERT_EQUAL(memcmp(result.values, fool.values, sizeof(int64_t) * problem->n_objectives), 0);
    coupled_result_clear(&result);
    for (uint32_t i = 0; i < problem->n_people; i++)
        broken[i] = problem->n_pairs; /* no such pair */
    CU_ASSERT_FALSE(coupled_is_feasible(problem, broken));
    CU_ASSERT_EQUAL(coupled_solve(problem, &none, broken, chosen, &result, NULL), 0);
    CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
    coupled_result_clear(&result);
    problem_free(problem);
    coupled_world_clear(&world);
}

/* -- cases that people ask about -- */

static struct applicant *put_member(struct coupled_world *world, const char *id, enum sex sex)
{
    struct applicant *member = coupled_world_person(world->region, id, sex);
    strcpy(member->household_id, "F");
    return member;
}

static int n_placed(const struct coupled_world *world)
{
    struct coupled_result result;
    struct solver_options options = {0};
    uint32_t chosen[16];
    int n = 0;
    struct problem *problem = coupled_world_problem(world);
    CU_ASSERT_EQUAL(coupled_solve(problem, &options, NULL, chosen, &result, NULL), 0);
    CU_ASSERT_EQUAL(result.status, PLAN_OPTIMAL);
    for (uint32_t i = 0; i < problem->n_people; i++)
        n += chosen[i] != PROBLEM_NONE;
    coupled_result_clear(&result);
    problem_free(problem);
    return n;
}

/* One bed in each of two homes is no place for a couple; two beds in one home are. */
static void test_couple_in_one_home(void)
{
    struct coupled_world world;
    coupled_world_empty(&world);
    coupled_world_pool(world.region, "P1", "H1", 1);
    struct pool *other = coupled_world_pool(world.region, "P2", "H2", 1);
    struct applicant *wife = put_member(&world, "A1", SEX_FEMALE);
    put_member(&world, "A2", SEX_MALE);
    CU_ASSERT_EQUAL(n_placed(&world), 0);
    strcpy(other->institution_id, "H1");
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    strcpy(other->institution_id, "H2");
    wife->together = TOGETHER_NONE;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    wife->together = TOGETHER_INSTITUTION;
    wife->state = APPLICANT_ADMITTED; /* binds nobody any more */
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    coupled_world_clear(&world);
}

/* One empty room of two: for a couple, for two women, not for a woman and a man who are strangers.
 */
static void test_room_of_two(void)
{
    struct coupled_world world;
    struct room_group two = {1, 2};
    coupled_world_empty(&world);
    coupled_world_rooms(coupled_world_pool(world.region, "P1", "H1", 2), 1, &two);
    put_member(&world, "A1", SEX_FEMALE);
    struct applicant *man = put_member(&world, "A2", SEX_MALE);
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    man->household_id[0] = '\0';
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    man->sex = SEX_FEMALE;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    man->sex = SEX_NONE; /* only beds of `any` */
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    coupled_world_clear(&world);
}

/* Minutes for one, beds for two. */
static void test_staff(void)
{
    struct coupled_world world;
    coupled_world_empty(&world);
    coupled_world_pool(world.region, "P1", "H1", 2);
    struct institution *home = coupled_world_home(world.region, "H1");
    coupled_world_person(world.region, "A1", SEX_FEMALE);
    coupled_world_person(world.region, "A2", SEX_MALE);
    home->care_minutes = 179;
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    home->care_minutes = 180;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    home->care_minutes = 0;
    CU_ASSERT_EQUAL(n_placed(&world), 0);
    home->care_minutes = RECORD_NO_LIMIT;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    coupled_world_clear(&world);
}

static const struct check_test tests[] = {{"worlds", test_worlds},
                                          {"rest", test_rest},
                                          {"limits", test_limits},
                                          {"start", test_start},
                                          {"couple_in_one_home", test_couple_in_one_home},
                                          {"room_of_two", test_room_of_two},
                                          {"staff", test_staff}};
CHECK_SUITE(suite_coupled, tests);
