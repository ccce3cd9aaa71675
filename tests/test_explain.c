/* test_explain.c - one small city word by word; then on drawn worlds: the reasons are the brute
 * force's, the prices stand above who is not placed, and the change that is said to help does help.
 */
#include "tests/check.h"
#include "tests/drawn_round.h"
#include "tests/small_city.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/explain.h"
#include "solver/explain_facts.h"
#include "solver/solver.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 300 };
#define LONG_S 1e6
#define NO_TIME_S 1e-9

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

static void city_init(struct small_city *city)
{
    const char *const texts[] = {homes, pools, people};
    small_city_init(city, texts, rules);
}

static void check_text(struct small_city *city, const char *applicant, const char *wanted)
{
    char *text = explain_text(city->region, city->policy, &city->plan, applicant, 0, &city->err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, wanted);
    if (strcmp(text, wanted) != 0)
        printf("\n%s", text);
    free(text);
}

static void test_words(void)
{
    struct small_city city;
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
        "2 people are placed here, all of them with at least 40 points; the fewest points among "
        "them "
        "are 70, of A2. To take a bed here from them would cost 70 points of those placed (A2 "
        "would be left without a place); this person would bring 40. This person is the next who "
        "would get a place by one more bed here.\n"
        "If places of the kind dementia were accepted too, the plan would have given the person a "
        "place, in Maple House (pool P4) or elsewhere.\n"
        "That alone would have been enough, and nothing less; accepting more never lowers the "
        "chance of a place.\n"
        "With 31 more points, and nothing else changed, the person would have had a place in this "
        "round.\n"
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
    small_city_clear(&city);
}

static void test_nobody(void)
{
    struct small_city city;
    city_init(&city);
    CU_ASSERT_PTR_NULL(explain_text(city.region, city.policy, &city.plan, "A9", 0, &city.err));
    CU_ASSERT_EQUAL(city.err.code, ERR_NOT_FOUND);
    CU_ASSERT_PTR_NULL(explain_json(city.region, city.policy, &city.plan, "A9", 0, &city.err));
    struct plan none;
    plan_init(&none);
    char *text = explain_text(city.region, city.policy, &none, "A1", 0, &city.err);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "There has been no round yet.\n"));
    free(text);
    small_city_clear(&city);
}

/* -- a street of six homes, each dearer than the one before -- */

static const char street_homes[] =
    "institution_id,name,lat,lon\nS1,One,31.2,121.5\nS2,Two,31.2,121.5\nS3,Three,31.2,121.5\n"
    "S4,Four,31.2,121.5\nS5,Five,31.2,121.5\nS6,Six,31.2,121.5\nS7,Other side,31.2,121.5\n";
static const char street_pools[] =
    "pool_id,institution_id,kind,beds_usable,beds_occupied,max_level,monthly_fee,rooms\n"
    "P1,S1,nursing,1,0,6,100,1x1\nP2,S2,nursing,1,0,6,200,1x1\nP3,S3,nursing,1,0,6,300,1x1\n"
    "P4,S4,nursing,1,0,6,400,1x1\nP5,S5,nursing,1,0,6,500,1x1\nP6,S6,nursing,1,0,6,600,1x1\n"
    "P7,S7,dementia,1,0,6,0,1x1\n";
/* A1 would pay nothing. B4 alone could go to the other side, where A0 would have to go. */
static const char street_people[] =
    "applicant_id,applied_at,lat,lon,level,kinds,max_fee,sex\n"
    "A0,2025-01-01,31.2,121.5,2,dementia,,male\nA1,2025-01-01,31.2,121.5,3,nursing,0,female\n"
    "B1,2025-01-01,31.2,121.5,4,nursing,100,male\nB2,2025-01-01,31.2,121.5,4,nursing,200,female\n"
    "B3,2025-01-01,31.2,121.5,4,nursing,300,male\n"
    "B4,2025-01-01,31.2,121.5,4,nursing;dementia,400,female\n"
    "B5,2025-01-01,31.2,121.5,4,nursing,500,male\nB6,2025-01-01,31.2,121.5,4,nursing,600,male\n";

/* The least of six steps is neither the first nor the last, and no exchange of two would tell. */
static void test_halving(void)
{
    const char *const texts[] = {street_homes, street_pools, street_people};
    struct small_city city;
    small_city_init(&city, texts, rules);
    struct explain_facts *facts =
        explain_again_new(city.region, city.policy, &city.plan, "A1", LONG_S, &city.err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(facts);
    CU_ASSERT(facts->is_tried && facts->is_complete);
    CU_ASSERT_EQUAL_FATAL(facts->n_changes, 2);
    CU_ASSERT_EQUAL(facts->changes[0].limit, REASON_FEE);
    CU_ASSERT_EQUAL(facts->changes[0].to, 400);
    CU_ASSERT_STRING_EQUAL(facts->changes[0].pool->pool->record.id, "P4");
    CU_ASSERT_EQUAL(facts->changes[1].limit, REASON_KIND);
    explain_facts_free(facts);
    small_city_clear(&city);
}

/* -- drawn worlds -- */

struct told {
    const struct drawn_round *round;
    struct plan plan;
    struct region *other; /* the same world, to be changed and solved again */
};

static void fail(const struct told *told, int person, const char *what)
{
    CU_FAIL("a drawn world");
    printf("\n    seed %" PRIu64 ", %s: %s\n", told->round->world.seed, random_id('A', person),
           what);
}

static long envious;

/* The count over the round is that over everybody's explanation. */
static void check_count(const struct told *told)
{
    const struct drawn_round *round = told->round;
    size_t counts[ENVY_KINDS], single[ENVY_KINDS] = {0};
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(envy_count(round->region, round->policy, &told->plan, counts, &err), 0);
    for (int i = 0; i < round->world.n_people; i++) {
        struct explain_facts *facts =
            explain_facts_new(round->region, round->policy, &told->plan, random_id('A', i), &err);
        int kind = ENVY_UNPLACED;
        while (kind > ENVY_NONE && !explain_facts_envied(facts, (enum envy)kind))
            kind--;
        single[kind]++;
        explain_facts_free(facts);
    }
    for (int kind = ENVY_ROW; kind < ENVY_KINDS; kind++) {
        envious += (long)counts[kind];
        if (counts[kind] != single[kind])
            fail(told, 0, "and others: the count of the envious");
    }
}

static void on_people(enum random_sort sort, long worlds,
                      void (*check)(const struct told *, int, const struct explain_facts *))
{
    struct solver_options how = {.engine = SOLVER_AUTO};
    struct alm_error err;
    err_init(&err);
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        struct told told = {.round = &round};
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0)
            continue;
        CU_ASSERT_EQUAL_FATAL(
            solver_run(round.region, round.policy, round.world.now, &how, &told.plan, NULL, &err),
            0);
        told.other = drawn_round_shuffled(&round, 0);
        for (int i = 0; i < round.world.n_people; i++) {
            struct explain_facts *facts =
                explain_facts_new(round.region, round.policy, &told.plan, random_id('A', i), &err);
            check(&told, i, facts);
            explain_facts_free(facts);
        }
        check_count(&told);
        plan_clear(&told.plan);
        region_free(told.other);
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
        int is_own = p == world->people[i].current_pool;
        if (is_own)
            reason = REASON_ELIGIBLE;
        if (reason == REASON_ELIGIBLE && !is_own && !is_here && world->people[i].is_waiting)
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

/* Nobody who is not placed brings more than a bed is worth, or envies with reason. */
static void check_envy(const struct told *told, int i, const struct explain_facts *facts)
{
    if (!facts->unplaced || facts->own)
        return;
    for (size_t p = 0; p < facts->n_pools; p++) {
        const struct explain_pool *pool = &facts->pools[p];
        if (pool->envy == ENVY_UNPLACED)
            fail(told, i, "is unplaced and envies with reason");
        if (pool->reason == REASON_OUTRANKED && pool->price && pool->pool->n_reserved == 0 &&
            !facts->companions && explain_gains_compare(facts, pool->gains, pool->price->price) > 0)
            fail(told, i, "brings more than the price");
    }
}

/* -- changes, tried by solving again -- */

/* The person as they would be, with the policy as it would be; where the plan puts them. */
static struct placement solve_again(const struct told *told, struct applicant *changed,
                                    const struct policy *policy)
{
    struct region *region = told->other;
    struct solver_options how = {.engine = SOLVER_AUTO};
    struct placement place = {0};
    struct alm_error err;
    struct plan plan;
    err_init(&err);
    struct record *kept = record_copy(&region_applicant(region, changed->record.id)->record);
    region_put_take(region, &changed->record);
    CU_ASSERT_EQUAL_FATAL(
        solver_run(region, policy, told->round->world.now, &how, &plan, NULL, &err), 0);
    for (size_t i = 0; i < plan.n_placements; i++)
        if (strcmp(plan.placements[i].applicant_id, kept->id) == 0)
            place = plan.placements[i];
    plan_clear(&plan);
    region_put_take(region, kept);
    return place;
}

static struct placement with_limit(const struct told *told, const struct explain_facts *facts,
                                   enum reason limit, int64_t to)
{
    struct applicant *changed = (struct applicant *)record_copy(&facts->person->record);
    if (limit == REASON_DISTANCE)
        changed->max_distance_m = to;
    else if (limit == REASON_FEE)
        changed->max_fee = to;
    else if (limit == REASON_STAR)
        changed->min_star = to;
    else if (limit == REASON_ASSESSMENT)
        changed->assessment_valid_until = to;
    else
        changed->kinds |= 1u << to;
    return solve_again(told, changed, told->round->policy);
}

struct counts {
    long sure, level, late, less, none, points, moved, again;
};
static struct counts counts;

static int has_limit(const struct explain_facts *facts, enum reason limit)
{
    for (size_t c = 0; c < facts->n_changes; c++)
        if (facts->changes[c].limit == limit)
            return 1;
    return 0;
}

/* What is said to help does; one less does not, where that is told. */
static void check_change(const struct told *told, int i, const struct explain_facts *facts,
                         const struct explain_change *change)
{
    struct placement place = with_limit(told, facts, change->limit, change->to);
    int is_sure = change->verdict == EXPLAIN_SURE;
    counts.sure += is_sure;
    counts.level += !is_sure;
    counts.late += change->limit == REASON_ASSESSMENT;
    counts.moved += facts->own || facts->placement;
    if (is_sure && !place.pool_id[0])
        fail(told, i, "is not helped");
    if (is_sure && facts->placement && place.rank >= facts->placement->rank)
        fail(told, i, "is not better off");
    if (!facts->is_complete || change->limit == REASON_KIND)
        return;
    for (size_t c = 0; c < facts->n_changes; c++)
        if (is_sure && facts->changes[c].limit == change->limit && &facts->changes[c] != change)
            return; /* a smaller one may or may not do */
    counts.less++;
    place = with_limit(told, facts, change->limit,
                       change->to + (change->limit == REASON_STAR         ? 1
                                     : change->limit == REASON_ASSESSMENT ? -STAMP_DAY_S
                                                                          : -1));
    if (place.pool_id[0])
        fail(told, i, "is helped by less");
}

/* Where no change of a limit is named, none helps. */
static void check_none(const struct told *told, int i, const struct explain_facts *facts)
{
    static const struct {
        enum reason limit;
        int64_t to;
    } widest[] = {{REASON_DISTANCE, RECORD_NO_LIMIT},
                  {REASON_FEE, RECORD_NO_LIMIT},
                  {REASON_STAR, 0},
                  {REASON_ASSESSMENT, STAMP_NONE},
                  {REASON_KIND, KIND_NURSING},
                  {REASON_KIND, KIND_DEMENTIA},
                  {REASON_KIND, KIND_DAY_CARE}};
    for (size_t w = 0; w < sizeof widest / sizeof *widest; w++) {
        uint32_t services = facts->person->kinds >> KIND_SERVICE_FIRST;
        uint32_t beds = facts->person->kinds ^ services << KIND_SERVICE_FIRST;
        int is_bed = widest[w].to < KIND_SERVICE_FIRST;
        if (has_limit(facts, widest[w].limit) ||
            (widest[w].limit == REASON_KIND && !(is_bed ? beds : services)))
            continue;
        counts.none++;
        if (with_limit(told, facts, widest[w].limit, widest[w].to).pool_id[0])
            fail(told, i, "is helped by what nobody named");
    }
}

/* NULL where a person could get more points than a policy may give. */
static struct policy *with_bonus(const struct told *told, int64_t points)
{
    char *text = random_world_policy(&told->round->world);
    char *rest = strstr(text, "\"points\":[");
    struct buffer out = {0};
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
    rest += strlen("\"points\":[");
    buffer_add(&out, text, (size_t)(rest - text));
    buffer_format(&out,
                  "{\"name\":\"bonus\",\"type\":\"table\",\"field\":\"x_bonus\","
                  "\"points\":{\"yes\":%" PRId64 "}},%s",
                  points, rest);
    struct policy *policy = policy_from_json(out.bytes, out.len, &err);
    CU_ASSERT_FATAL(policy || strstr(err.message, "one person could get more than"));
    err_clear(&err);
    buffer_clear(&out);
    free(text);
    return policy;
}

/* Takes the policy. */
static int is_placed_by(const struct told *told, const struct explain_facts *facts,
                        struct policy *policy)
{
    struct applicant *changed = (struct applicant *)record_copy(&facts->person->record);
    changed->extras = alloc_resize(changed->extras, changed->n_extras + 1, sizeof *changed->extras);
    changed->extras[changed->n_extras++] =
        (struct extra){alloc_string("x_bonus"), alloc_string("yes")};
    struct placement place = solve_again(told, changed, policy);
    policy_free(policy);
    return place.pool_id[0] != '\0';
}

/* With so many more points there is a place; with two fewer there is none (one fewer may be as many
 * as somebody else has), where prices are exact. */
static void check_points(const struct told *told, int i, const struct explain_facts *facts)
{
    int64_t more = facts->points_short;
    struct policy *enough = more ? with_bonus(told, more) : NULL;
    if (!enough)
        return;
    counts.points++;
    if (!is_placed_by(told, facts, enough))
        fail(told, i, "has no place with the points that were missing");
    if (more > 1 && facts->is_exact && is_placed_by(told, facts, with_bonus(told, more - 2)))
        fail(told, i, "has a place with fewer points");
}

static void check_changes(const struct told *told, int i, const struct explain_facts *facts)
{
    for (size_t c = 0; c < facts->n_changes; c++)
        check_change(told, i, facts, &facts->changes[c]);
    if (facts->is_complete)
        check_none(told, i, facts);
    check_points(told, i, facts);
}

/* Solved again nothing is left open, unless in the order of ties: what helps does, and less does
 * not. */
static void check_again(const struct told *told, int i, const struct explain_facts *facts)
{
    const struct drawn_round *round = told->round;
    const char *id = facts->person->record.id;
    int is_asked = facts->unplaced && explain_facts_is_unsure(facts), has_level = 0;
    struct alm_error err;
    err_init(&err);
    struct explain_facts *again =
        explain_again_new(round->region, round->policy, &told->plan, id, LONG_S, &err);
    struct explain_facts *late =
        explain_again_new(round->region, round->policy, &told->plan, id, NO_TIME_S, &err);
    for (size_t c = 0; c < again->n_changes; c++)
        has_level |= again->changes[c].verdict == EXPLAIN_LEVEL;
    if (again->is_tried != is_asked)
        fail(told, i, "is tried or not");
    if (late->n_changes != facts->n_changes)
        fail(told, i, "another answer in no time");
    for (size_t c = 0; c < facts->n_changes && c < late->n_changes; c++)
        if (late->changes[c].to != facts->changes[c].to)
            fail(told, i, "another change in no time");
    if (is_asked && (explain_facts_is_unsure(again) || again->is_complete == has_level))
        fail(told, i, "something is left open");
    if (is_asked)
        check_changes(told, i, again);
    counts.again += is_asked;
    explain_facts_free(again);
    explain_facts_free(late);
}

/* Every sentence ends, and the JSON says what the text says. */
static void check_forms(const struct told *told, int i, const struct explain_facts *facts)
{
    struct alm_error err;
    const char *id = facts->person->record.id;
    err_init(&err);
    char *text = explain_text(told->round->region, told->round->policy, &told->plan, id, 0, &err);
    char *json = explain_json(told->round->region, told->round->policy, &told->plan, id, 0, &err);
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
    check_changes(told, i, facts);
}

/* Then nothing is said of how much the worlds showed. */
static int is_few(void)
{
    return drawn_round_count(WORLDS) < WORLDS;
}

static void test_network(void)
{
    memset(&counts, 0, sizeof counts);
    on_people(RANDOM_NETWORK, drawn_round_count(WORLDS), check_person);
    CU_ASSERT(is_few() || (counts.sure > 20 && counts.late > 5 && counts.less > 10 &&
                           counts.none > 100 && counts.points > 20));
    on_people(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 2, check_person);
}

static void test_large(void)
{
    memset(&counts, 0, sizeof counts);
    on_people(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 15, check_changes);
    CU_ASSERT(is_few() ||
              (counts.sure > 20 && counts.less > 10 && counts.points > 20 && counts.moved > 0));
}

static void test_coupled(void)
{
    memset(&counts, 0, sizeof counts);
    on_people(RANDOM_COUPLED, drawn_round_count(WORLDS), check_person);
    CU_ASSERT(is_few() || (counts.sure > 20 && counts.points > 5));
    on_people(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 2, check_person);
}

static void test_again(void)
{
    memset(&counts, 0, sizeof counts);
    on_people(RANDOM_COUPLED, drawn_round_count(WORLDS), check_again);
    on_people(RANDOM_LARGE_COUPLED, drawn_round_count(WORLDS) / 15, check_again);
    CU_ASSERT(is_few() || (counts.again > 150 && counts.sure > 40 && counts.less > 30 &&
                           counts.none > 800 && counts.moved > 8));
    on_people(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 2, check_again);
    on_people(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 2, check_again); /* residents */
}

static void test_envy(void)
{
    envious = 0;
    on_people(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 2, check_envy);
    CU_ASSERT(is_few() || envious > 4);
}

static const struct check_test tests[] = {
    {"words", test_words}, {"nobody", test_nobody},   {"network", test_network},
    {"large", test_large}, {"coupled", test_coupled}, {"halving", test_halving},
    {"again", test_again}, {"envy", test_envy},
};
CHECK_SUITE(suite_explain, tests);
