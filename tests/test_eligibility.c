/* test_eligibility.c - every rule alone, the order of the rules, reserves, residents, the
 * sentences. */
#include "solver/eligibility.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = STAMP_DAY_S };

/* One home, one pool of four beds, one person who may have any of them. */
struct fixture {
    struct region *region;
    struct institution *home, *other;
    struct pool *pool, *other_pool;
    struct applicant *person;
    struct policy policy;
    struct eligibility rules;
};

static void set(char **text, const char *value)
{
    free(*text);
    *text = alloc_string(value);
}

static void add(struct list *list, const char *text)
{
    list_add(list, text, strlen(text));
}

static struct pool *new_pool(struct region *region, const char *id, const char *home)
{
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, id);
    strcpy(pool->institution_id, home);
    pool->kind = KIND_NURSING;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = 10;
    pool->beds_occupied = 6;
    pool->min_level = 2;
    pool->max_level = 4;
    region_put_take(region, &pool->record);
    return pool;
}

static struct institution *new_home(struct region *region, const char *id)
{
    struct institution *home = (struct institution *)record_new(RECORD_INSTITUTION, id);
    home->lat = 31.2;
    home->lon = 121.5;
    home->star = 3;
    region_put_take(region, &home->record);
    return home;
}

static void fixture_init(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->region = region_new();
    fixture->home = new_home(fixture->region, "H1");
    fixture->other = new_home(fixture->region, "H2");
    fixture->pool = new_pool(fixture->region, "P1", "H1");
    fixture->other_pool = new_pool(fixture->region, "P2", "H2");
    fixture->person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    fixture->person->kinds = 1u << KIND_NURSING | 1u << KIND_VILLAGE;
    fixture->person->level = 3;
    fixture->person->lat = 31.2;
    fixture->person->lon = 121.51;
    fixture->person->sex = SEX_FEMALE;
    set(&fixture->person->village, "V1");
    set(&fixture->person->district, "D1");
    region_put_take(fixture->region, &fixture->person->record);
    fixture->policy.unlisted_rank = 10;
    fixture->policy.max_distance_m = RECORD_NO_LIMIT;
    fixture->policy.require_valid_assessment = 1;
    fixture->policy.declined_days = 90;
    fixture->rules = (struct eligibility){fixture->region, &fixture->policy, 20000LL * DAY};
}

static void fixture_clear(struct fixture *fixture)
{
    region_free(fixture->region);
}

static enum reason ask(struct fixture *fixture)
{
    return eligibility_pair(&fixture->rules, fixture->person, fixture->pool, 0, NULL);
}

static void reserve(struct pool *pool, const char *class_code, int64_t beds)
{
    pool->reserved = alloc_resize(pool->reserved, pool->n_reserved + 1, sizeof *pool->reserved);
    pool->reserved[pool->n_reserved++] = (struct reserve){alloc_string(class_code), beds};
}

static void decline(struct applicant *person, const char *pool_id, int64_t at)
{
    person->declined =
        alloc_resize(person->declined, person->n_declined + 1, sizeof *person->declined);
    struct declined *declined = &person->declined[person->n_declined++];
    strcpy(declined->pool_id, pool_id);
    declined->at = at;
}

static void break_kind(struct fixture *fixture)
{
    fixture->pool->kind = KIND_DEMENTIA;
}

static void break_level(struct fixture *fixture)
{
    fixture->person->level = 5;
}

static void break_sex(struct fixture *fixture)
{
    fixture->pool->sex = SEX_RULE_MALE;
}

static void break_needs(struct fixture *fixture)
{
    add(&fixture->person->needs, "oxygen");
    add(&fixture->person->needs, "tube_feeding");
    add(&fixture->home->capabilities, "oxygen");
}

static void break_serves(struct fixture *fixture)
{
    add(&fixture->pool->serves, "V9");
}

static void break_distance(struct fixture *fixture)
{
    fixture->person->max_distance_m = 900;
}

static void break_fee(struct fixture *fixture)
{
    fixture->pool->monthly_fee = 3001;
    fixture->person->max_fee = 3000;
}

static void break_star(struct fixture *fixture)
{
    fixture->person->min_star = 4;
}

static void break_suspended(struct fixture *fixture)
{
    fixture->home->suspended = 1;
}

static void break_assessment(struct fixture *fixture)
{
    fixture->person->assessment_valid_until = fixture->rules.now - DAY;
}

static void break_reserved(struct fixture *fixture)
{
    reserve(fixture->pool, "tekun", 9);
}

static void break_declined(struct fixture *fixture)
{
    decline(fixture->person, "P1", fixture->rules.now - 89 * DAY);
}

static void break_no_bed(struct fixture *fixture)
{
    fixture->pool->beds_committed = 4;
}

static void break_not_asked(struct fixture *fixture)
{
    strcpy(fixture->person->current_pool, "P2");
    add(&fixture->person->preferences, "H2");
}

static const struct {
    enum reason reason;
    void (*violate)(struct fixture *);
    const char *sentence;
} rules[] = {
    {REASON_KIND, break_kind,
     "These are places of the kind dementia; the application asks for nursing or village."},
    {REASON_LEVEL, break_level, "The home takes levels 2 to 4; the assessed level is 5."},
    {REASON_SEX, break_sex, "The places are for male residents; the application says female."},
    {REASON_NEEDS, break_needs, "The home does not offer what the person needs: tube_feeding."},
    {REASON_SERVES, break_serves,
     "The places are for residents of V9; the person lives in the village V1, the district D1."},
    {REASON_DISTANCE, break_distance, "The way is 951 m; the person's limit is 900 m."},
    {REASON_FEE, break_fee, "The monthly fee is 3001; the person's limit is 3000."},
    {REASON_STAR, break_star, "The home has 3 stars; the person asks for at least 4."},
    {REASON_SUSPENDED, break_suspended, "The home is suspended and takes no new placements."},
    {REASON_ASSESSMENT, break_assessment,
     "The assessment was valid until 2024-10-03; a new one is needed before any "
     "placement."},
    {REASON_RESERVED, break_reserved,
     "Only reserved beds are left, kept for the class tekun; the person has no priority class."},
    {REASON_DECLINED, break_declined,
     "This place was turned down on 2024-07-07; it is not offered again for 90 days."},
    {REASON_NO_BED, break_no_bed,
     "No bed is free: 10 in service, 6 occupied, 4 promised in open offers; and nobody there waits "
     "to move out."},
    {REASON_NOT_ASKED, break_not_asked,
     "The person lives in another home and did not ask to move here, or ranks it below the present "
     "one."},
};
enum { N_RULES = sizeof rules / sizeof *rules };

static void test_each_rule(void)
{
    for (size_t r = 0; r < N_RULES; r++) {
        struct fixture fixture;
        char sentence[256];
        fixture_init(&fixture);
        CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
        rules[r].violate(&fixture);
        CU_ASSERT_EQUAL(ask(&fixture), rules[r].reason);
        eligibility_sentence(&fixture.rules, rules[r].reason, fixture.person, fixture.pool,
                             sentence, sizeof sentence);
        CU_ASSERT_STRING_EQUAL(sentence, rules[r].sentence);
        fixture_clear(&fixture);
    }
}

/* With the rules from r on all broken, the r-th is the one that is named. A reserve that keeps all
 * beds and no bed at all exclude each other, so `reserved` is left out of the pile. */
static void test_order(void)
{
    for (size_t first = 0; first < N_RULES; first++) {
        struct fixture fixture;
        fixture_init(&fixture);
        for (size_t r = first; r < N_RULES; r++)
            if (rules[r].reason != (first > 10 ? REASON_RESERVED : REASON_NO_BED) || r == first)
                rules[r].violate(&fixture);
        CU_ASSERT_EQUAL(ask(&fixture), rules[first].reason);
        fixture_clear(&fixture);
    }
}

static void test_limits_are_inclusive(void)
{
    struct fixture fixture;
    int64_t metres = 0;
    fixture_init(&fixture);
    fixture.person->max_distance_m = fixture.policy.max_distance_m = 951;
    fixture.pool->monthly_fee = fixture.person->max_fee = 3000;
    fixture.person->min_star = 3;
    fixture.person->level = 4;
    fixture.person->assessment_valid_until = fixture.rules.now - DAY + 1;
    decline(fixture.person, "P1", fixture.rules.now - 91 * DAY);
    CU_ASSERT_EQUAL(eligibility_pair(&fixture.rules, fixture.person, fixture.pool, 0, &metres),
                    REASON_ELIGIBLE);
    CU_ASSERT_EQUAL(metres, 951);
    fixture.policy.max_distance_m = 950;
    CU_ASSERT_EQUAL(ask(&fixture), REASON_DISTANCE);
    fixture.policy.max_distance_m = RECORD_NO_LIMIT;
    fixture.policy.declined_days = -1;
    CU_ASSERT_EQUAL(ask(&fixture), REASON_DECLINED);
    fixture_clear(&fixture);
}

static void test_sex_and_serves(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture.person->sex = SEX_NONE;
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    fixture.pool->sex = SEX_RULE_FEMALE;
    CU_ASSERT_EQUAL(ask(&fixture), REASON_SEX);
    fixture.person->sex = SEX_FEMALE;
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    add(&fixture.pool->serves, "D1");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    set(&fixture.person->district, "");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_SERVES);
    add(&fixture.pool->serves, "V1");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    fixture_clear(&fixture);
}

static void test_reserves(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    reserve(fixture.pool, "tekun", 3);
    reserve(fixture.pool, "dibao", 2);
    reserve(fixture.pool, "youfu", 1);
    CU_ASSERT_EQUAL(eligibility_kept(fixture.pool, 0), 3);
    CU_ASSERT_EQUAL(eligibility_kept(fixture.pool, 1), 1);
    CU_ASSERT_EQUAL(eligibility_kept(fixture.pool, 2), 0);
    CU_ASSERT_EQUAL(eligibility_kept(fixture.pool, 3), 0);
    CU_ASSERT_EQUAL(ask(&fixture), REASON_RESERVED);
    set(&fixture.person->class_code, "dibao");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    set(&fixture.person->class_code, "youfu"); /* its reserve is clipped to nothing */
    CU_ASSERT_EQUAL(ask(&fixture), REASON_RESERVED);
    fixture.policy.reserve = RESERVE_SOFT;
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    fixture.policy.reserve = RESERVE_HARD;
    fixture.pool->beds_occupied = 3; /* seven offerable: one stays open */
    CU_ASSERT_EQUAL(eligibility_kept(fixture.pool, 3), 1);
    set(&fixture.person->class_code, "");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    fixture_clear(&fixture);
}

static void test_beds_that_fall_free(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    break_no_bed(&fixture);
    CU_ASSERT_EQUAL(ask(&fixture), REASON_NO_BED);
    CU_ASSERT_EQUAL(eligibility_pair(&fixture.rules, fixture.person, fixture.pool, 1, NULL),
                    REASON_ELIGIBLE);
    fixture.pool->beds_committed++; /* overbooked: departures free nothing */
    CU_ASSERT_EQUAL(eligibility_pair(&fixture.rules, fixture.person, fixture.pool, 1, NULL),
                    REASON_NO_BED);
    fixture_clear(&fixture);
}

static void test_residents(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    strcpy(fixture.person->current_pool, "P2");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE); /* no list: any home */
    add(&fixture.person->preferences, "H9");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_NOT_ASKED);
    add(&fixture.person->preferences, "H1");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE); /* the present home is not on the list */
    add(&fixture.person->preferences, "H2");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_ELIGIBLE);
    strcpy(fixture.person->current_pool, "P1");
    CU_ASSERT_EQUAL(ask(&fixture), REASON_NOT_ASKED); /* lives here */
    CU_ASSERT_EQUAL(eligibility_pair(&fixture.rules, fixture.person, fixture.other_pool, 0, NULL),
                    REASON_NOT_ASKED); /* ranked below the present one */
    fixture.policy.unlisted_rank = 1;  /* ranks are cut off there: both homes weigh the same */
    CU_ASSERT_EQUAL(eligibility_pair(&fixture.rules, fixture.person, fixture.other_pool, 0, NULL),
                    REASON_ELIGIBLE);
    fixture_clear(&fixture);
}

static const struct check_test tests[] = {
    {"each_rule", test_each_rule},
    {"order", test_order},
    {"limits_are_inclusive", test_limits_are_inclusive},
    {"sex_and_serves", test_sex_and_serves},
    {"reserves", test_reserves},
    {"beds_that_fall_free", test_beds_that_fall_free},
    {"residents", test_residents},
};
CHECK_SUITE(suite_eligibility, tests);
