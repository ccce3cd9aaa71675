/* test_coupled.c - rounds with households, staff minutes and rooms against a fool: every assignment
 * is tried, and what the rules say is checked in the words of docs/solver-coupled.md, not in rows.
 */
#include "solver/coupled.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/model.h"
#include "solver/ties.h"
#include "tests/check.h"

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

/* -- the rules in plain words -- */

static const struct pool *own_pool(const struct problem *problem, uint32_t person)
{
    uint32_t stay = problem->people[person].stay_pair;
    return stay == PROBLEM_NONE ? NULL : problem->parts[problem->pairs[stay].part].pool;
}

/* The pool to which somebody comes; NULL when they stay or are not placed. */
static const struct pool *new_pool_of(const struct problem *problem, const uint32_t *chosen,
                                      uint32_t person)
{
    if (chosen[person] == PROBLEM_NONE || problem_is_stay(problem, chosen[person]))
        return NULL;
    return problem->parts[problem->pairs[chosen[person]].part].pool;
}

static int beds_hold(const struct problem *problem, const uint32_t *chosen)
{
    int64_t used[64] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            used[problem->pairs[chosen[i]].part]++;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (used[part] > problem->parts[part].capacity)
            return 0;
    return 1;
}

static int are_together(const struct applicant *a, const struct applicant *b)
{
    return a->household_id[0] && strcmp(a->household_id, b->household_id) == 0 &&
           a->together == TOGETHER_INSTITUTION && b->together == TOGETHER_INSTITUTION;
}

/* When one member comes to a home, every other comes there too or stays there. */
static int households_hold(const struct problem *problem, const uint32_t *chosen)
{
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct pool *to = new_pool_of(problem, chosen, i);
        for (uint32_t j = 0; j < problem->n_people && to; j++) {
            const struct pool *other = new_pool_of(problem, chosen, j);
            const struct pool *own = own_pool(problem, j);
            if (i == j || !are_together(problem->people[i].applicant, problem->people[j].applicant))
                continue;
            if (own && strcmp(own->institution_id, to->institution_id) == 0) {
                if (other)
                    return 0;
            } else if (!other || strcmp(other->institution_id, to->institution_id) != 0)
                return 0;
            own = own_pool(problem, i);
            if (own && strcmp(own->institution_id, to->institution_id) == 0)
                return 0;
        }
    }
    return 1;
}

static int staff_holds(const struct problem *problem, const uint32_t *chosen)
{
    const struct record *at = region_first(problem->region, RECORD_INSTITUTION);
    for (; at; at = region_next(at)) {
        const struct institution *home = (const struct institution *)at;
        int64_t minutes = 0;
        for (uint32_t i = 0; i < problem->n_people; i++) {
            const struct pool *to = new_pool_of(problem, chosen, i), *own = own_pool(problem, i);
            if (to && strcmp(to->institution_id, at->id) == 0)
                minutes += problem->people[i].care_minutes;
            if (to && own && strcmp(own->institution_id, at->id) == 0)
                minutes -= problem->people[i].care_minutes;
        }
        if (home->care_minutes != RECORD_NO_LIMIT && minutes > 0 && minutes > home->care_minutes)
            return 0;
    }
    return 1;
}

struct crowd { /* who comes to one pool, who leaves it, and its rooms one by one */
    int64_t come[SEX_COUNT], leave[SEX_COUNT];
    int64_t couples, free_beds;
    int64_t rooms[64];
    int n_rooms;
};

static int64_t in_rooms(int64_t come, int64_t leave, int64_t free_beds)
{
    int64_t left = come > leave ? come - leave : 0;
    return left > free_beds ? left - free_beds : 0;
}

/* Room after room: for women, for men, or (two beds) for a couple. */
static int rooms_suit(const struct crowd *crowd, int room, int64_t women, int64_t men,
                      int64_t couples)
{
    int64_t any = crowd->free_beds + crowd->leave[SEX_NONE] - crowd->come[SEX_NONE];
    int64_t beds = room < crowd->n_rooms ? crowd->rooms[room] : 0;
    if (any < 0)
        return 0;
    if (room == crowd->n_rooms) {
        int64_t sharing = couples;
        int64_t w = in_rooms(crowd->come[SEX_FEMALE] - sharing, crowd->leave[SEX_FEMALE], women);
        int64_t m = in_rooms(crowd->come[SEX_MALE] - sharing, crowd->leave[SEX_MALE], men);
        return w + m <= any;
    }
    return rooms_suit(crowd, room + 1, women + beds, men, couples) ||
           rooms_suit(crowd, room + 1, women, men + beds, couples) ||
           (beds == 2 && couples < crowd->couples &&
            rooms_suit(crowd, room + 1, women, men, couples + 1));
}

static void list_rooms(struct crowd *crowd, const struct pool *pool)
{
    crowd->free_beds = pool_offerable(pool);
    for (size_t g = 0; g < pool->n_rooms; g++)
        for (int64_t r = 0; r < pool->rooms[g].rooms && crowd->free_beds > 0; r++) {
            int64_t beds = pool->rooms[g].beds;
            beds = beds < crowd->free_beds ? beds : crowd->free_beds;
            crowd->rooms[crowd->n_rooms++] = beds;
            crowd->free_beds -= beds;
        }
}

static void count_couples(struct crowd *crowd, const struct problem *problem,
                          const uint32_t *chosen, const struct pool *pool)
{
    unsigned char is_taken[64] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++)
        for (uint32_t j = 0; j < problem->n_people && !is_taken[i]; j++) {
            const struct applicant *wife = problem->people[i].applicant;
            const struct applicant *husband = problem->people[j].applicant;
            if (i == j || is_taken[j] || new_pool_of(problem, chosen, i) != pool ||
                new_pool_of(problem, chosen, j) != pool || wife->sex != SEX_FEMALE ||
                husband->sex != SEX_MALE || !are_together(wife, husband))
                continue;
            is_taken[i] = is_taken[j] = 1;
            crowd->couples++;
        }
}

static int rooms_hold(const struct problem *problem, const uint32_t *chosen)
{
    for (uint32_t p = 0; p < problem->n_pools; p++) {
        const struct pool *pool = problem->parts[problem->pool_first_part[p]].pool;
        struct crowd crowd = {0};
        int n_come = 0;
        if (pool->sex != SEX_RULE_ANY || pool->n_rooms == 0)
            continue;
        for (uint32_t i = 0; i < problem->n_people; i++) {
            const struct pool *to = new_pool_of(problem, chosen, i);
            enum sex sex = problem->people[i].applicant->sex;
            crowd.come[sex] += to == pool;
            n_come += to == pool;
            crowd.leave[sex] += to && own_pool(problem, i) == pool;
        }
        list_rooms(&crowd, pool);
        count_couples(&crowd, problem, chosen, pool);
        if (n_come && !rooms_suit(&crowd, 0, 0, 0, 0))
            return 0;
    }
    return 1;
}

static int rules_hold(const struct problem *problem, const uint32_t *chosen)
{
    return beds_hold(problem, chosen) && households_hold(problem, chosen) &&
           staff_holds(problem, chosen) && rooms_hold(problem, chosen);
}

/* -- the fool -- */

struct fool {
    const struct problem *problem;
    uint32_t chosen[16], best[16];
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
    int hold = rules_hold(fool->problem, fool->chosen);
    fool->n_wrong += hold != (model_complete(fool->model, fool->chosen, fool->x) == 0);
    if (!hold)
        return;
    problem_values(fool->problem, fool->chosen, values);
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
               rules_hold(problem, chosen);
    for (size_t k = 0; same && k < problem->n_objectives; k++)
        same = result.values[k] == fool.values[k] && result.bounds[k] == fool.values[k];
    same = same && !suits_better(problem, fool.best, chosen);
    if (!same)
        printf("\n    world %llu: code %d, status %d, %ld judged differently\n",
               (unsigned long long)seed, code, (int)result.status, fool.n_wrong);
    CU_ASSERT_TRUE(same);
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

static const struct check_test tests[] = {{"worlds", test_worlds}};
CHECK_SUITE(suite_coupled, tests);
