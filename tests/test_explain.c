/* test_explain.c - one small city word by word; then on drawn worlds: the reasons are the brute
 * force's, the prices stand above who is not placed, and the change that is said to help does help.
 */
#include "tests/check.h"
#include "tests/drawn_round.h"

#include "models/alloc.h"
#include "models/world.h"
#include "solver/explain.h"
#include "solver/explain_facts.h"
#include "solver/solver.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 300 };

/* -- a city of three homes -- */

static const char homes[] = "institution_id,name,lat,lon,star,suspended\n"
                            "H1,Maple House,31.20,121.50,3,0\n"
                            "H2,Cedar House,31.20,121.60,5,0\n"
                            "H3,Elm House,31.20,121.40,4,1\n";
static const char pools[] =
    "pool_id,institution_id,kind,beds_usable,beds_occupied,max_level,monthly_fee\n"
    "P1,H1,nursing,10,9,6,3000\n"
    "P2,H2,nursing,5,4,6,5000\n"
    "P3,H3,nursing,5,0,6,1000\n"
    "P4,H1,dementia,5,0,6,1000\n";
static const char people[] =
    "applicant_id,applied_at,lat,lon,level,kinds,preferences,max_fee,current_pool,state\n"
    "A1,2025-01-01,31.20,121.50,4,nursing,H1,,,waiting\n"
    "A2,2025-01-02,31.20,121.50,4,nursing,H1,,,waiting\n"
    "A3,2025-01-03,31.20,121.50,3,nursing,,4000,,waiting\n"
    "A4,2025-01-04,31.20,121.50,3,nursing,,,P1,waiting\n"
    "A5,2025-01-05,31.20,121.50,3,nursing,,,,parked\n";
static const char rules[] =
    "{\"name\":\"city\",\"version\":1,\"objectives\":[\"need\",\"placements\",\"travel\"],"
    "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\","
    "\"points\":{\"3\":40,\"4\":70}},"
    "{\"name\":\"alone\",\"type\":\"flag\",\"field\":\"lives_alone\",\"points\":20}]}";

struct city {
    struct region *region;
    struct policy *policy;
    struct plan plan;
    struct alm_error err;
};

static void city_init(struct city *city)
{
    static const struct world_options options;
    struct solver_options how = {.engine = SOLVER_AUTO};
    struct world_files files = {0};
    struct alm_error notes;
    const char *const texts[] = {homes, pools, people};
    err_init(&notes);
    err_init(&city->err);
    for (int f = 0; f < 3; f++) {
        files.bytes[f] = alloc_string(texts[f]);
        files.len[f] = strlen(texts[f]);
    }
    city->region = world_read(&files, &options, &notes, &city->err);
    city->policy = policy_from_json(rules, strlen(rules), &city->err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(city->region);
    CU_ASSERT_PTR_NOT_NULL_FATAL(city->policy);
    CU_ASSERT_EQUAL_FATAL(
        solver_run(city->region, city->policy, 1740787200, &how, &city->plan, NULL, &city->err), 0);
    world_files_clear(&files);
    err_clear(&notes);
}

static void city_clear(struct city *city)
{
    plan_clear(&city->plan);
    policy_free(city->policy);
    region_free(city->region);
    err_clear(&city->err);
}

static void check_text(struct city *city, const char *applicant, const char *wanted)
{
    char *text = explain_text(city->region, city->policy, &city->plan, applicant, &city->err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, wanted);
    if (strcmp(text, wanted) != 0)
        printf("\n%s", text);
    free(text);
}

static void test_words(void)
{
    struct city city;
    city_init(&city);
    check_text(&city, "A1",
               "The plan of 2025-03-01 gives A1 a place in Maple House (pool P1), 0 m away.\n"
               "It is the person's first choice.\n"
               "The application A1 has 70 points: 70 for level.\n"
               "By points, then by the order of application, it stands at place 1 of 3 among the "
               "people who wait for a place.\n"
               "Of 4 pools the rules leave out 2, each by the first rule that fails: 1 of another "
               "kind, 1 in suspended homes.\n");
    check_text(
        &city, "A3",
        "The plan of 2025-03-01 gives A3 no place.\n"
        "1 pool could take the person, but no bed there falls to them: the objectives decide, then "
        "the order of ties.\n"
        "The application A3 has 40 points: 40 for level.\n"
        "By points, then by the order of application, it stands at place 3 of 3 among the people "
        "who wait for a place.\n"
        "Maple House (pool P1): The rules allow this place, but the plan gives its beds to others. "
        "2 people are placed here, 2 of them with at least 40 points; the fewest points among them "
        "are 70, of A2. One more bed here would be worth exactly what this person brings: the "
        "person is next in line, alone or with others who rank alike.\n"
        "Maple House (pool P4): These are places of the kind dementia; the application asks for "
        "nursing. If places of the kind dementia were accepted, a bed that is left over here could "
        "be given to the person.\n"
        "Of 4 pools the rules leave out 3, each by the first rule that fails: 1 of another kind, 1 "
        "too expensive, 1 in suspended homes.\n");
    check_text(&city, "A4",
               "The plan of 2025-03-01 gives A4 a place in Cedar House (pool P2), 9511 m away.\n"
               "The person named no preferred homes.\n"
               "The person lives in pool P1 and keeps that bed until the move.\n"
               "The application A4 has 40 points: 40 for level.\n"
               "By points, then by the order of application, it stands at place 1 of 1 among the "
               "residents who ask to move.\n"
               "Of 3 pools the rules leave out 2, each by the first rule that fails: 1 of another "
               "kind, 1 in suspended homes.\n");
    check_text(&city, "A5",
               "The person took no part in the round: only applications that are waiting do.\n"
               "The application A5 has 40 points: 40 for level.\n"
               "It is not on the waiting list now: its state is parked.\n");
    city_clear(&city);
}

static void test_nobody(void)
{
    struct city city;
    city_init(&city);
    CU_ASSERT_PTR_NULL(explain_text(city.region, city.policy, &city.plan, "A9", &city.err));
    CU_ASSERT_EQUAL(city.err.code, ERR_NOT_FOUND);
    CU_ASSERT_PTR_NULL(explain_json(city.region, city.policy, &city.plan, "A9", &city.err));
    struct plan none;
    plan_init(&none);
    char *text = explain_text(city.region, city.policy, &none, "A1", &city.err);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "There has been no round yet.\n"));
    free(text);
    city_clear(&city);
}

/* -- drawn worlds -- */

struct told {
    const struct drawn_round *round;
    struct plan plan;
    int is_coupled;
};

static void fail(const struct told *told, int person, const char *what)
{
    CU_FAIL("a drawn world");
    printf("\n    seed %" PRIu64 ", %s: %s\n", told->round->world.seed, random_id('A', person),
           what);
}

static void on_people(int is_coupled,
                      void (*check)(const struct told *, int, const struct explain_facts *))
{
    struct solver_options how = {.engine = SOLVER_AUTO};
    long worlds = drawn_round_count(WORLDS);
    struct alm_error err;
    err_init(&err);
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        struct told told = {.round = &round, .is_coupled = is_coupled};
        if (drawn_round_init(&round, (uint64_t)seed, is_coupled) != 0)
            continue;
        CU_ASSERT_EQUAL_FATAL(
            solver_run(round.region, round.policy, round.world.now, &how, &told.plan, NULL, &err),
            0);
        for (int i = 0; i < round.world.n_people; i++) {
            struct explain_facts *facts =
                explain_facts_new(round.region, round.policy, &told.plan, random_id('A', i), &err);
            check(&told, i, facts);
            explain_facts_free(facts);
        }
        plan_clear(&told.plan);
        drawn_round_clear(&round);
    }
}

/* A pool that may be had but is not is `outranked`; the others have the rule that fails first. */
static void check_reasons(const struct told *told, int i, const struct explain_facts *facts)
{
    const struct random_world *world = &told->round->world;
    CU_ASSERT_EQUAL(facts->n_pools, (size_t)world->n_pools);
    for (int p = 0; p < world->n_pools; p++) {
        int reason = brute_reason(world, i, p), found = (int)facts->pools[p].reason;
        int is_here = facts->placement && strcmp(facts->placement->pool_id, random_id('P', p)) == 0;
        if (p == world->people[i].current_pool)
            reason = REASON_NOT_ASKED;
        if (reason == REASON_ELIGIBLE && !is_here && world->people[i].is_waiting)
            reason = REASON_OUTRANKED;
        if (found != reason)
            fail(told, i, words_name(&words_reason, found));
    }
}

static void check_position(const struct told *told, int i, const struct explain_facts *facts)
{
    const struct random_world *world = &told->round->world;
    const struct random_person *person = &world->people[i];
    size_t more = 0, equal = 0, all = 0;
    for (int o = 0; o < world->n_people; o++) {
        const struct random_person *other = &world->people[o];
        if (!other->is_waiting ||
            (other->current_pool == RANDOM_NONE) != (person->current_pool == RANDOM_NONE))
            continue;
        all++;
        more += brute_points(world, o) > brute_points(world, i);
        equal += brute_points(world, o) == brute_points(world, i);
    }
    if (facts->points != brute_points(world, i))
        fail(told, i, "points");
    if (!person->is_waiting
            ? facts->position != 0
            : facts->waiting != all || facts->position <= more || facts->position > more + equal)
        fail(told, i, "position");
}

/* Nobody who is not placed brings more than a bed is worth. */
static void check_envy(const struct told *told, int i, const struct explain_facts *facts)
{
    if (!facts->unplaced || facts->own)
        return;
    for (size_t p = 0; p < facts->n_pools; p++) {
        const struct explain_pool *pool = &facts->pools[p];
        size_t k = 0;
        if (pool->reason != REASON_OUTRANKED || !pool->price || pool->pool->n_reserved)
            continue;
        while (k < told->plan.n_objectives && pool->gains[k] == pool->price->price[k])
            k++;
        if (k < told->plan.n_objectives && pool->gains[k] > pool->price->price[k])
            fail(told, i, "brings more than the price");
    }
}

static void lift_limit(struct random_person *person, const struct random_pool *pool, int reason)
{
    if (reason == REASON_DISTANCE)
        person->max_distance = RANDOM_NONE;
    if (reason == REASON_FEE)
        person->max_fee = RANDOM_NONE;
    if (reason == REASON_STAR)
        person->min_star = 0;
    if (reason == REASON_KIND)
        person->kinds |= 1u << pool->kind;
}

static long helped;

/* With that limit lifted, all plans tried again, the person is placed. */
static void check_help(const struct told *told, int i, const struct explain_facts *facts)
{
    for (size_t p = 0; p < facts->n_pools; p++) {
        struct random_world world = told->round->world;
        struct brute_result result;
        if (!facts->pools[p].may_help)
            continue;
        lift_limit(&world.people[i], &world.pools[p], (int)facts->pools[p].reason);
        if (brute_force(&world, &result) != 0)
            continue;
        helped++;
        if (result.to[i] == RANDOM_NONE)
            fail(told, i, "is not helped");
    }
}

/* Every sentence ends, and the JSON says what the text says. */
static void check_forms(const struct told *told, int i, const struct explain_facts *facts)
{
    struct alm_error err;
    const char *id = facts->person->record.id;
    err_init(&err);
    char *text = explain_text(told->round->region, told->round->policy, &told->plan, id, &err);
    char *json = explain_json(told->round->region, told->round->policy, &told->plan, id, &err);
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    struct buffer joined = {0};
    for (size_t s = 0; s < json_array_size(json_object_get(root, "sentences")); s++) {
        const char *sentence =
            json_string_value(json_array_get(json_object_get(root, "sentences"), s));
        buffer_format(&joined, "%s\n", sentence);
        if (sentence[strlen(sentence) - 1] != '.' || strstr(sentence, "  "))
            fail(told, i, sentence);
    }
    CU_ASSERT_STRING_EQUAL(joined.bytes, text);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "pools")), facts->n_pools);
    buffer_clear(&joined);
    json_decref(root);
    free(json);
    free(text);
}

static void check_person(const struct told *told, int i, const struct explain_facts *facts)
{
    check_reasons(told, i, facts);
    check_position(told, i, facts);
    check_envy(told, i, facts);
    check_forms(told, i, facts);
    if (!told->is_coupled)
        check_help(told, i, facts);
}

static void test_network(void)
{
    helped = 0;
    on_people(0, check_person);
    CU_ASSERT(helped > 10 || drawn_round_count(WORLDS) < WORLDS);
}

static void test_coupled(void)
{
    on_people(1, check_person);
}

static const struct check_test tests[] = {
    {"words", test_words},
    {"nobody", test_nobody},
    {"network", test_network},
    {"coupled", test_coupled},
};
CHECK_SUITE(suite_explain, tests);
