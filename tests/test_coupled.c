/* test_coupled.c - rounds with households, staff minutes and rooms against a fool: every assignment
 * is tried, and what the rules say is checked in the words of docs/solver-coupled.md, not in rows.
 */
#include "solver/coupled.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/coupled_fill.h"
#include "solver/coupled_moves.h"
#include "solver/coupled_rest.h"
#include "solver/model.h"
#include "solver/ties.h"
#include "tests/check.h"
#include "tests/plain_rules.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = STAMP_DAY_S, NOW_DAY = 20000 };

/* -- small random worlds -- */

struct dice {
    uint64_t state;
};

static uint32_t roll(struct dice *dice, uint32_t sides)
{
    dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(dice->state >> 33) % sides;
}

struct world {
    struct region *region;
    struct policy *policy;
    int n_homes, n_pools, n_people;
};

static struct institution *put_home(struct region *region, const char *id)
{
    struct institution *home = (struct institution *)record_new(RECORD_INSTITUTION, id);
    home->lat = 31.2;
    home->lon = 121.5;
    region_put_take(region, &home->record);
    return home;
}

static struct pool *put_pool(struct region *region, const char *id, const char *home, int64_t beds)
{
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, id);
    strcpy(pool->institution_id, home);
    pool->kind = KIND_NURSING;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = beds;
    region_put_take(region, &pool->record);
    return pool;
}

static void set_rooms(struct pool *pool, size_t n, const struct room_group *rooms)
{
    pool->rooms = alloc_zero(n, sizeof *rooms);
    memcpy(pool->rooms, rooms, n * sizeof *rooms);
    pool->n_rooms = n;
}

static struct applicant *put_person(struct region *region, const char *id, enum sex sex)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, id);
    person->kinds = 1u << KIND_NURSING;
    person->level = 3;
    person->lat = 31.2;
    person->lon = 121.51;
    person->sex = sex;
    person->applied_at = (NOW_DAY - 10) * (int64_t)DAY;
    person->state = APPLICANT_WAITING;
    region_put_take(region, &person->record);
    return person;
}

static void random_pool(struct dice *dice, struct region *region, int number, int n_homes)
{
    char id[16], home[16];
    snprintf(id, sizeof id, "P%d", number);
    snprintf(home, sizeof home, "H%d", number < n_homes ? number : (int)roll(dice, n_homes));
    struct pool *pool = put_pool(region, id, home, roll(dice, 4));
    if (roll(dice, 3) == 0) {
        struct room_group rooms[2] = {{1 + roll(dice, 2), 1 + roll(dice, 3)}, {1, 2}};
        set_rooms(pool, 1 + roll(dice, 2), rooms);
    } else if (roll(dice, 3) == 0)
        pool->sex = roll(dice, 2) ? SEX_RULE_FEMALE : SEX_RULE_MALE;
    if (roll(dice, 4) == 0) {
        pool->reserved = alloc_zero(1, sizeof *pool->reserved);
        pool->reserved[0] = (struct reserve){alloc_string("tekun"), 1};
        pool->n_reserved = 1;
    }
}

static void random_person(struct dice *dice, struct world *world, int number)
{
    char id[16];
    snprintf(id, sizeof id, "A%d", number);
    struct applicant *person = put_person(world->region, id, (enum sex)roll(dice, SEX_COUNT));
    person->level = roll(dice, 7);
    person->lon = 121.5 + roll(dice, 5) * 0.01;
    person->applied_at = (NOW_DAY - (int64_t)roll(dice, 5)) * DAY;
    if (roll(dice, 2) == 0) {
        char home[16];
        snprintf(home, sizeof home, "H%d", (int)roll(dice, (uint32_t)world->n_homes));
        list_add(&person->preferences, home, strlen(home));
    }
    if (roll(dice, 2) == 0)
        snprintf(person->household_id, sizeof person->household_id, "F%d", (int)roll(dice, 2));
    if (roll(dice, 8) == 0)
        person->together = TOGETHER_NONE;
    if (roll(dice, 5) == 0)
        snprintf(person->current_pool, sizeof person->current_pool, "P%d",
                 (int)roll(dice, (uint32_t)world->n_pools));
    if (roll(dice, 3) == 0) {
        free(person->class_code);
        person->class_code = alloc_string("tekun");
    }
}

static struct policy *random_policy(struct dice *dice)
{
    static const char *const orders[] = {
        "\"need\",\"placements\",\"preference\",\"travel\",\"moves\",\"transfers\"",
        "\"placements\",\"travel\",\"need\",\"seniority\",\"preference\",\"moves\"",
        "\"guarantee\",\"reserve\",\"need\",\"transfers\",\"travel\",\"moves\""};
    static const char format[] =
        "{\"name\":\"test\",\"version\":1,\"objectives\":[%s],\"guarantee_classes\":[\"tekun\"],"
        "\"unlisted_rank\":10,\"lottery_seed\":\"s\",\"reserve\":\"%s\","
        "\"care_minutes_by_level\":[0,30,60,90,120,180,240],\"points\":[{\"name\":\"level\","
        "\"type\":\"table\",\"field\":\"level\",\"points\":{\"2\":20,\"3\":30,\"4\":40,\"5\":70}}]"
        "}";
    char json[1024];
    struct alm_error err;
    err_init(&err);
    const char *order = orders[roll(dice, 3)];
    snprintf(json, sizeof json, format, order, roll(dice, 2) ? "hard" : "soft");
    struct policy *policy = policy_from_json(json, strlen(json), &err);
    if (!policy)
        printf("\n    %s\n", err.message);
    err_clear(&err);
    return policy;
}

static void world_random(struct world *world, uint64_t seed)
{
    struct dice dice = {seed * 7919 + 1};
    *world = (struct world){.region = region_new()};
    world->policy = random_policy(&dice);
    world->n_homes = 1 + (int)roll(&dice, 3);
    world->n_pools = world->n_homes + (int)roll(&dice, 2);
    world->n_people = 2 + (int)roll(&dice, 5);
    for (int h = 0; h < world->n_homes; h++) {
        char id[16];
        snprintf(id, sizeof id, "H%d", h);
        struct institution *home = put_home(world->region, id);
        home->lon = 121.5 + h * 0.03;
        if (roll(&dice, 3) == 0)
            home->care_minutes = 30 * roll(&dice, 12);
        home->suspended = roll(&dice, 12) == 0;
    }
    for (int p = 0; p < world->n_pools; p++)
        random_pool(&dice, world->region, p, world->n_homes);
    for (int i = 0; i < world->n_people; i++)
        random_person(&dice, world, i);
}

static void world_clear(struct world *world)
{
    policy_free(world->policy);
    region_free(world->region);
}

/* -- the fool -- */

struct fool {
    const struct problem *problem;
    uint32_t chosen[16], best[16];
    uint32_t worst[16]; /* as good in all objectives, and last by the tie rule */
    int64_t values[OBJECTIVE_COUNT];
    int has_best;
    long n_wrong; /* assignments that the rows and the words judge differently */
    struct model *model;
    int64_t *x;
};

/* The tie rule: the first person whose place differs decides. */
static int suits_better(const struct problem *problem, const uint32_t *one, const uint32_t *two)
{
    for (uint32_t t = 0; t < problem->n_people; t++) {
        uint32_t a = one[problem->tie_order[t]], b = two[problem->tie_order[t]];
        int order = a == b              ? 0
                    : a == PROBLEM_NONE ? 1
                    : b == PROBLEM_NONE ? -1
                                        : ties_compare(problem, a, b);
        if (order)
            return order < 0;
    }
    return 0;
}

static int is_better(const struct fool *fool, const int64_t *values)
{
    for (size_t k = 0; k < fool->problem->n_objectives; k++)
        if (values[k] != fool->values[k])
            return (values[k] > fool->values[k]) ==
                   words_objective_is_max(fool->problem->objectives[k]);
    return suits_better(fool->problem, fool->chosen, fool->best);
}

static void judge(struct fool *fool)
{
    int64_t values[OBJECTIVE_COUNT];
    int hold = plain_rules_hold(fool->problem, fool->chosen);
    fool->n_wrong += hold != (model_complete(fool->model, fool->chosen, fool->x) == 0);
    if (!hold)
        return;
    problem_values(fool->problem, fool->chosen, values);
    int is_equal = fool->has_best &&
                   memcmp(values, fool->values, fool->problem->n_objectives * sizeof *values) == 0;
    if (!is_equal || suits_better(fool->problem, fool->worst, fool->chosen))
        if (!fool->has_best || is_equal || is_better(fool, values))
            memcpy(fool->worst, fool->chosen, sizeof fool->worst);
    if (fool->has_best && !is_better(fool, values))
        return;
    fool->has_best = 1;
    memcpy(fool->values, values, sizeof values);
    memcpy(fool->best, fool->chosen, sizeof fool->best);
}

static void try_all(struct fool *fool, uint32_t person)
{
    if (person == fool->problem->n_people) {
        judge(fool);
        return;
    }
    const struct problem_person *at = &fool->problem->people[person];
    for (uint32_t i = 0; i < at->n_pairs; i++) {
        fool->chosen[person] = at->first_pair + i;
        try_all(fool, person + 1);
    }
    fool->chosen[person] = PROBLEM_NONE;
    if (at->stay_pair == PROBLEM_NONE)
        try_all(fool, person + 1);
}

static void fool_run(struct fool *fool, const struct problem *problem)
{
    *fool = (struct fool){.problem = problem, .model = model_new(problem)};
    fool->x = alloc_zero(fool->model->n_columns, sizeof *fool->x);
    try_all(fool, 0);
    free(fool->x);
    model_free(fool->model);
}

static struct problem *problem_of(const struct world *world)
{
    struct alm_error err;
    err_init(&err);
    struct problem *problem =
        problem_new(world->region, world->policy, NOW_DAY * (int64_t)DAY, &err);
    if (!problem)
        printf("\n    %s\n", err.message);
    err_clear(&err);
    return problem;
}

static void compare(uint64_t seed, const struct problem *problem, int *n_coupled)
{
    struct fool fool;
    struct coupled_result result;
    struct solver_options options = {0};
    uint32_t chosen[16];
    fool_run(&fool, problem);
    int code = coupled_solve(problem, &options, NULL, chosen, &result, NULL);
    int same = code == 0 && result.status == PLAN_OPTIMAL && fool.n_wrong == 0 &&
               plain_rules_hold(problem, chosen);
    for (size_t k = 0; same && k < problem->n_objectives; k++)
        same = result.values[k] == fool.values[k] && result.bounds[k] == fool.values[k];
    same = same && !suits_better(problem, fool.best, chosen);
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
        struct world world;
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        CU_ASSERT_PTR_NOT_NULL(problem);
        if (problem)
            compare(seed, problem, &n_coupled);
        problem_free(problem);
        world_clear(&world);
    }
    CU_ASSERT_TRUE(n_coupled > 500);
}

/* People whom no coupled row touches settle their ties among themselves: nothing is lost, and some
 * gain. */
static void test_rest(void)
{
    int n_better = 0;
    for (uint64_t seed = 0; seed < 600; seed++) {
        struct world world;
        struct fool fool;
        struct solver_options options = {0};
        uint32_t chosen[16];
        int64_t values[OBJECTIVE_COUNT];
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        fool_run(&fool, problem);
        memcpy(chosen, fool.worst, sizeof chosen);
        coupled_rest_settle(problem, &options, chosen);
        problem_values(problem, chosen, values);
        CU_ASSERT_EQUAL(memcmp(values, fool.values, problem->n_objectives * sizeof *values), 0);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        CU_ASSERT_FALSE(suits_better(problem, fool.worst, chosen));
        n_better += suits_better(problem, chosen, fool.worst);
        problem_free(problem);
        world_clear(&world);
    }
    CU_ASSERT_TRUE(n_better > 5);
}

/* -- limits -- */

static int is_bound(const struct problem *problem, const struct coupled_result *result,
                    const struct fool *fool)
{
    for (size_t k = 0; k < problem->n_objectives; k++) {
        int is_max = words_objective_is_max(problem->objectives[k]);
        int64_t over =
            is_max ? result->bounds[k] - result->values[k] : result->values[k] - result->bounds[k];
        int64_t short_of =
            is_max ? result->bounds[k] - fool->values[k] : fool->values[k] - result->bounds[k];
        if (over < 0 || short_of < 0)
            return 0;
        if (result->values[k] != fool->values[k])
            return 1; /* later bounds are for plans that equal this one so far */
    }
    return 1;
}

/* However little work is allowed: the rules hold, the bounds are bounds, and it is said that
 * nothing is proved. */
static void test_limits(void)
{
    int n_stopped = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct world world;
        struct fool fool;
        struct coupled_result result;
        uint32_t chosen[16];
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        struct solver_options options = {.work_limit = 1 + (int64_t)(seed % 7)};
        fool_run(&fool, problem);
        CU_ASSERT_EQUAL(coupled_solve(problem, &options, NULL, chosen, &result, NULL), 0);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        CU_ASSERT_TRUE(is_bound(problem, &result, &fool));
        int is_best =
            memcmp(result.values, fool.values, sizeof(int64_t) * problem->n_objectives) == 0;
        CU_ASSERT_TRUE(result.status == PLAN_FEASIBLE || is_best);
        n_stopped += result.status == PLAN_FEASIBLE;
        coupled_result_clear(&result);
        problem_free(problem);
        world_clear(&world);
    }
    CU_ASSERT_TRUE(n_stopped > 20);
}

/* A start that breaks a rule is ignored; a good one is not lost when nothing may be done. */
static void test_start(void)
{
    struct world world;
    struct fool fool;
    struct coupled_result result;
    uint32_t chosen[16], broken[16];
    struct solver_options none = {.time_limit_s = 1e-9};
    world_random(&world, 3);
    struct problem *problem = problem_of(&world);
    fool_run(&fool, problem);
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
    world_clear(&world);
}

/* -- the way of large rounds -- */

/* A plan from any prices and a wish that breaks rules: everybody takes their first pair. `moved`:
 * the same, made better. */
static void fill_from(const struct problem *problem, uint64_t seed, uint32_t *wish,
                      uint32_t *chosen, uint32_t *moved)
{
    struct budget budget = {0};
    struct model *model = model_new(problem);
    struct choices choices;
    choices_init(&choices, model);
    double *price = alloc_zero((size_t)model->n_rows + OBJECTIVE_COUNT, sizeof *price);
    unsigned char *alive = alloc_zero((size_t)model->n_columns + 1, 1);
    int64_t *gain = model_gains(model, 0);
    memset(alive, 1, model->n_columns);
    for (uint32_t row = 0; row < model->n_rows; row++)
        if (choices_is_shared(model->rows[row].kind))
            price[row] = (double)((seed * 2654435761u + row * 40503u) % 97);
    choices_price_loads(&choices, price);
    for (uint32_t i = 0; i < problem->n_people; i++)
        wish[i] = problem->people[i].n_pairs ? problem->people[i].first_pair : PROBLEM_NONE;
    coupled_fill(&choices, &(struct choices_prices){price, gain, alive}, wish, chosen);
    memcpy(moved, chosen, problem->n_people * sizeof *moved);
    coupled_moves_run(&choices, &(struct choices_prices){price, gain, alive}, &budget, moved);
    free(price);
    free(alive);
    free(gain);
    choices_clear(&choices);
    model_free(model);
}

static void test_fill(void)
{
    size_t n_broken = 0, n_placed = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct world world;
        uint32_t wish[16], chosen[16], moved[16];
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        fill_from(problem, seed, wish, chosen, moved);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        n_broken += !plain_rules_hold(problem, wish);
        for (uint32_t i = 0; i < problem->n_people; i++)
            n_placed += chosen[i] != PROBLEM_NONE && chosen[i] != problem->people[i].stay_pair;
        problem_free(problem);
        world_clear(&world);
    }
    CU_ASSERT_TRUE(n_broken > 500);
    CU_ASSERT_TRUE(n_placed > 1000);
}

static int64_t first_gain(const struct problem *problem, const uint32_t *chosen)
{
    int64_t gain = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        gain += chosen[i] == PROBLEM_NONE ? 0 : problem_gain(problem, chosen[i], 0);
    return gain;
}

/* Small changes of a plan break no rule and never make it worse; mostly they end at the best. */
static void test_moves(void)
{
    size_t n_better = 0, n_best = 0, n_all = 0;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct world world;
        struct fool fool;
        uint32_t wish[16], chosen[16], moved[16];
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        fool_run(&fool, problem);
        fill_from(problem, seed, wish, chosen, moved);
        int64_t before = first_gain(problem, chosen), after = first_gain(problem, moved);
        CU_ASSERT_TRUE(plain_rules_hold(problem, moved));
        CU_ASSERT_TRUE(after >= before && after <= first_gain(problem, fool.best));
        n_better += after > before;
        n_best += after == first_gain(problem, fool.best);
        n_all++;
        problem_free(problem);
        world_clear(&world);
    }
    CU_ASSERT_TRUE(n_better > 60);
    CU_ASSERT_TRUE(n_best > n_all * 9 / 10);
}

/* On rounds of a few people: the rules hold, the bounds are bounds, what is called proved is the
 * best there is, and most of the time the best is found. With limits as well. */
static void test_large(void)
{
    int n_best = 0, n_all = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        struct world world;
        struct fool fool;
        struct coupled_result result;
        uint32_t chosen[16];
        struct solver_options options = {.work_limit =
                                             seed % 5 == 0 ? 1 + (int64_t)(seed % 40) : 0};
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        fool_run(&fool, problem);
        CU_ASSERT_EQUAL(coupled_solve_from(problem, &options, 0, NULL, chosen, &result, NULL), 0);
        CU_ASSERT_TRUE(plain_rules_hold(problem, chosen));
        CU_ASSERT_TRUE(is_bound(problem, &result, &fool));
        int is_best =
            memcmp(result.values, fool.values, sizeof(int64_t) * problem->n_objectives) == 0;
        CU_ASSERT_TRUE(result.status == PLAN_FEASIBLE || is_best);
        n_best += is_best && options.work_limit == 0;
        n_all += options.work_limit == 0;
        coupled_result_clear(&result);
        problem_free(problem);
        world_clear(&world);
    }
    CU_ASSERT_TRUE(n_best > n_all * 9 / 10);
}

static void use_cores(const cpu_set_t *cores)
{
    CU_ASSERT_EQUAL_FATAL(sched_setaffinity(0, sizeof *cores, cores), 0);
}

/* The bounds are sought beside the plan: on one core or more, with a limit of work or none, all is
 * the same. */
static void test_cores(void)
{
    cpu_set_t all, one;
    int n_feasible = 0;
    CU_ASSERT_EQUAL_FATAL(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct world world;
        struct coupled_result result[2];
        uint32_t chosen[2][16] = {{0}};
        struct solver_options options = {.work_limit = seed % 3 ? 1 + (int64_t)(seed % 40) : 0};
        world_random(&world, seed);
        struct problem *problem = problem_of(&world);
        for (int way = 0; way < 2; way++) {
            use_cores(way ? &one : &all);
            CU_ASSERT_EQUAL(
                coupled_solve_from(problem, &options, 0, NULL, chosen[way], &result[way], NULL), 0);
        }
        size_t n_prices = problem->n_parts * problem->n_objectives;
        CU_ASSERT_EQUAL(memcmp(chosen[0], chosen[1], sizeof chosen[0]), 0);
        CU_ASSERT_EQUAL(result[0].work, result[1].work);
        CU_ASSERT_EQUAL(memcmp(result[0].bounds, result[1].bounds, sizeof result[0].bounds), 0);
        CU_ASSERT_EQUAL(memcmp(result[0].proof.part_price, result[1].proof.part_price,
                               n_prices * sizeof(int64_t)),
                        0);
        n_feasible += result[0].status == PLAN_FEASIBLE;
        for (int way = 0; way < 2; way++)
            coupled_result_clear(&result[way]);
        problem_free(problem);
        world_clear(&world);
    }
    use_cores(&all);
    CU_ASSERT_TRUE(n_feasible > 20);
}

/* -- cases that people ask about -- */

static struct applicant *put_member(struct world *world, const char *id, enum sex sex)
{
    struct applicant *member = put_person(world->region, id, sex);
    strcpy(member->household_id, "F");
    return member;
}

static int n_placed(const struct world *world)
{
    struct coupled_result result;
    struct solver_options options = {0};
    uint32_t chosen[16];
    int n = 0;
    struct problem *problem = problem_of(world);
    CU_ASSERT_EQUAL(coupled_solve(problem, &options, NULL, chosen, &result, NULL), 0);
    CU_ASSERT_EQUAL(result.status, PLAN_OPTIMAL);
    for (uint32_t i = 0; i < problem->n_people; i++)
        n += chosen[i] != PROBLEM_NONE;
    coupled_result_clear(&result);
    problem_free(problem);
    return n;
}

static void world_empty(struct world *world)
{
    struct dice dice = {0};
    *world = (struct world){.region = region_new(), .policy = random_policy(&dice)};
    put_home(world->region, "H1");
    put_home(world->region, "H2");
}

/* One bed in each of two homes is no place for a couple; two beds in one home are. */
static void test_couple_in_one_home(void)
{
    struct world world;
    world_empty(&world);
    put_pool(world.region, "P1", "H1", 1);
    struct pool *other = put_pool(world.region, "P2", "H2", 1);
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
    world_clear(&world);
}

/* One empty room of two: for a couple, for two women, not for a woman and a man who are strangers.
 */
static void test_room_of_two(void)
{
    struct world world;
    struct room_group two = {1, 2};
    world_empty(&world);
    set_rooms(put_pool(world.region, "P1", "H1", 2), 1, &two);
    put_member(&world, "A1", SEX_FEMALE);
    struct applicant *man = put_member(&world, "A2", SEX_MALE);
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    man->household_id[0] = '\0';
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    man->sex = SEX_FEMALE;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    man->sex = SEX_NONE; /* only beds of `any` */
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    world_clear(&world);
}

/* Minutes for one, beds for two. */
static void test_staff(void)
{
    struct world world;
    world_empty(&world);
    put_pool(world.region, "P1", "H1", 2);
    struct institution *home = put_home(world.region, "H1");
    put_person(world.region, "A1", SEX_FEMALE);
    put_person(world.region, "A2", SEX_MALE);
    home->care_minutes = 179;
    CU_ASSERT_EQUAL(n_placed(&world), 1);
    home->care_minutes = 180;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    home->care_minutes = 0;
    CU_ASSERT_EQUAL(n_placed(&world), 0);
    home->care_minutes = RECORD_NO_LIMIT;
    CU_ASSERT_EQUAL(n_placed(&world), 2);
    world_clear(&world);
}

static const struct check_test tests[] = {{"worlds", test_worlds},
                                          {"rest", test_rest},
                                          {"limits", test_limits},
                                          {"start", test_start},
                                          {"fill", test_fill},
                                          {"moves", test_moves},
                                          {"large", test_large},
                                          {"cores", test_cores},
                                          {"couple_in_one_home", test_couple_in_one_home},
                                          {"room_of_two", test_room_of_two},
                                          {"staff", test_staff}};
CHECK_SUITE(suite_coupled, tests);
