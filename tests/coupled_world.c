/* coupled_world.c - see coupled_world.h. */
#include "tests/coupled_world.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/ties.h"
#include "tests/check.h"
#include "tests/plain_rules.h"

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
    return (uint32_t)check_roll(&dice->state, sides);
}

struct institution *coupled_world_home(struct region *region, const char *id)
{
    struct institution *home = (struct institution *)record_new(RECORD_INSTITUTION, id);
    home->lat = 31.2;
    home->lon = 121.5;
    region_put_take(region, &home->record);
    return home;
}

struct pool *coupled_world_pool(struct region *region, const char *id, const char *home,
                                int64_t beds)
{
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, id);
    strcpy(pool->institution_id, home);
    pool->kind = KIND_NURSING;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = beds;
    region_put_take(region, &pool->record);
    return pool;
}

void coupled_world_rooms(struct pool *pool, size_t n, const struct room_group *rooms)
{
    pool->rooms = alloc_copy(rooms, n, sizeof *rooms);
    pool->n_rooms = n;
}

struct applicant *coupled_world_person(struct region *region, const char *id, enum sex sex)
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
    struct pool *pool = coupled_world_pool(region, id, home, roll(dice, 4));
    if (roll(dice, 3) == 0) {
        struct room_group rooms[2] = {{1 + roll(dice, 2), 1 + roll(dice, 3)}, {1, 2}};
        coupled_world_rooms(pool, 1 + roll(dice, 2), rooms);
    } else if (roll(dice, 3) == 0)
        pool->sex = roll(dice, 2) ? SEX_RULE_FEMALE : SEX_RULE_MALE;
    if (roll(dice, 4) == 0) {
        pool->reserved = alloc_zero(1, sizeof *pool->reserved);
        pool->reserved[0] = (struct reserve){alloc_string("tekun"), 1};
        pool->n_reserved = 1;
    }
}

static void random_person(struct dice *dice, struct coupled_world *world, int number)
{
    char id[16];
    snprintf(id, sizeof id, "A%d", number);
    struct applicant *person =
        coupled_world_person(world->region, id, (enum sex)roll(dice, SEX_COUNT));
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

void coupled_world_random(struct coupled_world *world, uint64_t seed)
{
    struct dice dice = {check_seed(seed) * 7919 + 1};
    *world = (struct coupled_world){.region = region_new()};
    world->policy = random_policy(&dice);
    world->n_homes = 1 + (int)roll(&dice, 3);
    world->n_pools = world->n_homes + (int)roll(&dice, 2);
    world->n_people = 2 + (int)roll(&dice, 5);
    for (int h = 0; h < world->n_homes; h++) {
        char id[16];
        snprintf(id, sizeof id, "H%d", h);
        struct institution *home = coupled_world_home(world->region, id);
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

static void put_family(struct coupled_world *world, uint32_t size)
{
    int family = world->n_people;
    for (uint32_t m = 0; m < size; m++) {
        char id[16];
        snprintf(id, sizeof id, "A%03d", world->n_people++);
        struct applicant *person =
            coupled_world_person(world->region, id, m % 2 ? SEX_MALE : SEX_FEMALE);
        if (size > 1)
            snprintf(person->household_id, sizeof person->household_id, "F%d", family);
    }
}

void coupled_world_put_families(struct coupled_world *world, int n, uint32_t size)
{
    while (n-- > 0)
        put_family(world, size);
}

void coupled_world_put_homes(struct coupled_world *world, int n, int64_t beds)
{
    while (n-- > 0) {
        char home[16], pool[16];
        snprintf(home, sizeof home, "N%d", world->n_homes++);
        snprintf(pool, sizeof pool, "P%d", world->n_pools++);
        coupled_world_home(world->region, home);
        coupled_world_pool(world->region, pool, home, beds);
    }
}

void coupled_world_families(struct coupled_world *world, uint64_t seed, uint32_t most)
{
    struct dice dice = {seed * 7919 + 1};
    *world = (struct coupled_world){.region = region_new()};
    world->policy = random_policy(&dice);
    world->n_homes = 1 + (int)roll(&dice, most < 4 ? most : 4);
    for (int h = 0; h < world->n_homes; h++) {
        char home[16], pool[16];
        snprintf(home, sizeof home, "H%d", h);
        coupled_world_home(world->region, home);
        for (uint32_t n = 1 + roll(&dice, 3) / 2; n > 0; n--) {
            snprintf(pool, sizeof pool, "P%d", world->n_pools++);
            coupled_world_pool(world->region, pool, home, 1 + roll(&dice, 4));
        }
    }
    int n_families = 1 + (int)roll(&dice, most), n_alone = (int)roll(&dice, most < 3 ? most : 3);
    for (int f = 0; f < n_families; f++)
        put_family(world, 2 + (roll(&dice, 4) == 0));
    coupled_world_put_families(world, n_alone, 1);
}

void coupled_world_clear(struct coupled_world *world)
{
    policy_free(world->policy);
    region_free(world->region);
}

/* -- the fool -- */

/* The tie rule: the first person whose place differs decides. */
int coupled_fool_suits_better(const struct problem *problem, const uint32_t *one,
                              const uint32_t *two)
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

static int is_better(const struct coupled_fool *fool, const int64_t *values)
{
    for (size_t k = 0; k < fool->problem->n_objectives; k++)
        if (values[k] != fool->values[k])
            return (values[k] > fool->values[k]) ==
                   words_objective_is_max(fool->problem->objectives[k]);
    return coupled_fool_suits_better(fool->problem, fool->chosen, fool->best);
}

static void judge(struct coupled_fool *fool)
{
    int64_t values[OBJECTIVE_COUNT];
    int hold = plain_rules_hold(fool->problem, fool->chosen);
    fool->n_wrong += hold != (model_complete(fool->model, fool->chosen, fool->x) == 0);
    if (!hold)
        return;
    problem_values(fool->problem, fool->chosen, values);
    int is_equal = fool->has_best &&
                   memcmp(values, fool->values, fool->problem->n_objectives * sizeof *values) == 0;
    if (!is_equal || coupled_fool_suits_better(fool->problem, fool->worst, fool->chosen))
        if (!fool->has_best || is_equal || is_better(fool, values))
            memcpy(fool->worst, fool->chosen, sizeof fool->worst);
    if (fool->has_best && !is_better(fool, values))
        return;
    fool->has_best = 1;
    memcpy(fool->values, values, sizeof values);
    memcpy(fool->best, fool->chosen, sizeof fool->best);
}

static void try_all(struct coupled_fool *fool, uint32_t person)
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

void coupled_fool_run(struct coupled_fool *fool, const struct problem *problem)
{
    *fool = (struct coupled_fool){.problem = problem, .model = model_new(problem)};
    fool->x = alloc_zero(fool->model->n_columns, sizeof *fool->x);
    try_all(fool, 0);
    free(fool->x);
    model_free(fool->model);
}

struct problem *coupled_world_problem(const struct coupled_world *world)
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

int coupled_fool_is_bound(const struct problem *problem, const struct coupled_result *result,
                          const struct coupled_fool *fool)
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

void coupled_world_empty(struct coupled_world *world)
{
    struct dice dice = {0};
    *world = (struct coupled_world){.region = region_new(), .policy = random_policy(&dice)};
    coupled_world_home(world->region, "H1");
    coupled_world_home(world->region, "H2");
}
