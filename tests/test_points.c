/* test_points.c - each type of rule at its borders. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/policy.h"
#include "models/stamp.h"

#include <stdlib.h>
#include <string.h>

static const int64_t now = 1740787200; /* 2025-03-01 */

/* A policy with one rule; NULL fails the test. */
static struct policy *policy_of(const char *rule)
{
    struct buffer text;
    struct alm_error err;
    buffer_init(&text);
    err_init(&err);
    buffer_format(&text, "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\"],\"points\":[%s]}",
                  rule);
    struct policy *policy = policy_from_json(text.bytes, text.len, &err);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    buffer_clear(&text);
    err_clear(&err);
    return policy;
}

static struct applicant *person_new(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    person->applied_at = now;
    return person;
}

static void set_extra(struct applicant *person, const char *name, const char *value)
{
    person->extras = alloc_resize(person->extras, person->n_extras + 1, sizeof *person->extras);
    person->extras[person->n_extras++] = (struct extra){alloc_string(name), alloc_string(value)};
}

static void test_table(void)
{
    struct policy *level = policy_of("{\"name\":\"l\",\"type\":\"table\",\"field\":\"level\","
                                     "\"points\":{\"0\":1,\"6\":110}}");
    struct policy *sex = policy_of("{\"name\":\"s\",\"type\":\"table\",\"field\":\"sex\","
                                   "\"points\":{\"female\":3,\"\":2}}");
    struct policy *extra = policy_of("{\"name\":\"x\",\"type\":\"table\",\"field\":\"x_ring\","
                                     "\"points\":{\"inner\":4,\"\":9}}");
    struct applicant *person = person_new();
    CU_ASSERT_EQUAL(policy_points(level, person, now), 1);
    person->level = 5;
    CU_ASSERT_EQUAL(policy_points(level, person, now), 0);
    person->level = 6;
    CU_ASSERT_EQUAL(policy_points(level, person, now), 110);
    CU_ASSERT_EQUAL(policy_points(sex, person, now), 2);
    person->sex = SEX_FEMALE;
    CU_ASSERT_EQUAL(policy_points(sex, person, now), 3);
    person->sex = SEX_MALE;
    CU_ASSERT_EQUAL(policy_points(sex, person, now), 0);
    CU_ASSERT_EQUAL(policy_points(extra, person, now), 9);
    set_extra(person, "x_ring", "inner");
    CU_ASSERT_EQUAL(policy_points(extra, person, now), 4);
    record_free(&person->record);
    policy_free(extra);
    policy_free(sex);
    policy_free(level);
}

static void test_flag_and_count(void)
{
    struct policy *flag =
        policy_of("{\"name\":\"f\",\"type\":\"flag\",\"field\":\"alone\",\"points\":20}");
    struct policy *count = policy_of("{\"name\":\"c\",\"type\":\"count\","
                                     "\"fields\":[\"a\",\"b\",\"c\"],\"points\":[1,5,10]}");
    struct applicant *person = person_new();
    CU_ASSERT_EQUAL(policy_points(flag, person, now), 0);
    CU_ASSERT_EQUAL(policy_points(count, person, now), 1);
    list_add(&person->flags, "alone", 5);
    list_add(&person->flags, "b", 1);
    CU_ASSERT_EQUAL(policy_points(flag, person, now), 20);
    CU_ASSERT_EQUAL(policy_points(count, person, now), 5);
    list_add(&person->flags, "a", 1);
    CU_ASSERT_EQUAL(policy_points(count, person, now), 10);
    list_add(&person->flags, "c", 1);
    CU_ASSERT_EQUAL(policy_points(count, person, now), 10);
    record_free(&person->record);
    policy_free(count);
    policy_free(flag);
}

static void test_matrix(void)
{
    struct policy *policy =
        policy_of("{\"name\":\"m\",\"type\":\"matrix\",\"fields\":[\"level\",\"x_grade\"],"
                  "\"points\":{\"5\":{\"M\":40,\"I\":35},\"4\":{\"\":7}}}");
    struct applicant *person = person_new();
    person->level = 4;
    CU_ASSERT_EQUAL(policy_points(policy, person, now), 7);
    set_extra(person, "x_grade", "M");
    CU_ASSERT_EQUAL(policy_points(policy, person, now), 0);
    person->level = 5;
    CU_ASSERT_EQUAL(policy_points(policy, person, now), 40);
    person->level = 3;
    CU_ASSERT_EQUAL(policy_points(policy, person, now), 0);
    record_free(&person->record);
    policy_free(policy);
}

static void test_per_day(void)
{
    static const struct {
        int64_t waited_s, points;
    } borders[] = {{-5, 0},
                   {0, 0},
                   {STAMP_DAY_S - 1, 0},
                   {STAMP_DAY_S, 3},
                   {33 * STAMP_DAY_S, 99},
                   {34 * STAMP_DAY_S, 100},
                   {INT64_C(1) << 40, 100}};
    struct policy *policy =
        policy_of("{\"name\":\"w\",\"type\":\"per_day\",\"field\":\"applied_at\","
                  "\"points\":3,\"cap\":100}");
    struct applicant *person = person_new();
    for (size_t i = 0; i < sizeof borders / sizeof borders[0]; i++) {
        person->applied_at = now - borders[i].waited_s;
        CU_ASSERT_EQUAL(policy_points(policy, person, now), borders[i].points);
    }
    record_free(&person->record);
    policy_free(policy);
}

static void test_per_day_from_a_later_day(void)
{
    struct policy *policy =
        policy_of("{\"name\":\"w\",\"type\":\"per_day\",\"field\":\"applied_at\","
                  "\"points\":10,\"cap\":15,\"after_days\":729}");
    struct policy *nothing = policy_of("{\"name\":\"w\",\"type\":\"per_day\","
                                       "\"field\":\"applied_at\",\"points\":0}");
    struct applicant *person = person_new();
    static const int64_t points[] = {0, 0, 10, 15, 15};
    for (int64_t i = 0; i < 5; i++) {
        person->applied_at = now - (728 + i) * STAMP_DAY_S;
        CU_ASSERT_EQUAL(policy_points(policy, person, now), points[i]);
        CU_ASSERT_EQUAL(policy_points(nothing, person, now), 0);
    }
    record_free(&person->record);
    policy_free(nothing);
    policy_free(policy);
}

static void test_sum(void)
{
    struct policy *policy =
        policy_of("{\"name\":\"a\",\"type\":\"flag\",\"field\":\"a\",\"points\":1},"
                  "{\"name\":\"b\",\"type\":\"flag\",\"field\":\"b\",\"points\":10}");
    struct applicant *person = person_new();
    list_add(&person->flags, "a", 1);
    list_add(&person->flags, "b", 1);
    CU_ASSERT_EQUAL(policy_points(policy, person, now), 11);
    CU_ASSERT_EQUAL(policy_rule_points(&policy->rules[1], person, now), 10);
    record_free(&person->record);
    policy_free(policy);
}

static void test_fields(void)
{
    CU_ASSERT_TRUE(policy_field_is_known("level"));
    CU_ASSERT_TRUE(policy_field_is_known("district"));
    CU_ASSERT_TRUE(policy_field_is_known("x_none"));
    CU_ASSERT_FALSE(policy_field_is_known("name"));
    CU_ASSERT_FALSE(policy_field_is_known("x_"));
}

static void test_care_minutes(void)
{
    struct policy *policy = policy_new();
    struct applicant *person = person_new();
    person->level = 6;
    CU_ASSERT_EQUAL(policy_care_minutes(policy, person), 240);
    person->care_minutes = 0;
    CU_ASSERT_EQUAL(policy_care_minutes(policy, person), 0);
    record_free(&person->record);
    policy_free(policy);
}

static const struct check_test tests[] = {
    {"table", test_table},
    {"flag_and_count", test_flag_and_count},
    {"matrix", test_matrix},
    {"per_day", test_per_day},
    {"per_day_from_a_later_day", test_per_day_from_a_later_day},
    {"sum", test_sum},
    {"fields", test_fields},
    {"care_minutes", test_care_minutes},
};

CHECK_SUITE(suite_points, tests);
