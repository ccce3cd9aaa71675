/* test_policy.c - reading policies: the closed schema, defaults, inserted placements, examples,
 * bounds. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/policy.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct policy *parse(const char *text, struct alm_error *err)
{
    err_init(err);
    return policy_from_json(text, strlen(text), err);
}

/* A file of the source tree; caller frees. */
static char *slurp(const char *name)
{
    FILE *file = fopen(check_source(name), "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char *text = alloc_zero(1 << 16, 1);
    size_t n = fread(text, 1, (1 << 16) - 1, file);
    CU_ASSERT(n > 0);
    fclose(file);
    return text;
}

static int has_issue(const struct alm_error *err, const char *pointer, const char *code)
{
    for (size_t i = 0; i < err->n_issues; i++)
        if (strcmp(err->issues[i].pointer, pointer) == 0 && strcmp(err->issues[i].code, code) == 0)
            return 1;
    return 0;
}

/* Every profile that is shipped is read, examples and all, and comes back the same from its
 * canonical form. */
static void test_shipped_profiles(void)
{
    static const char *const names[] = {"example-district", "japan-points"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[100];
        struct alm_error err;
        snprintf(path, sizeof path, "scenarios/policies/%s.json", names[i]);
        char *text = slurp(path);
        struct policy *policy = parse(text, &err);
        CU_ASSERT_STRING_EQUAL(err.message, "");
        CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
        CU_ASSERT_STRING_EQUAL(policy->name, names[i]);
        char *canonical = policy_to_json(policy);
        struct policy *again = parse(canonical, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(again);
        char *canonical2 = policy_to_json(again);
        CU_ASSERT_STRING_EQUAL(canonical, canonical2);
        free(canonical2);
        policy_free(again);
        free(canonical);
        policy_free(policy);
        free(text);
        err_clear(&err);
    }
}

static void test_example_of_the_contract(void)
{
    static const enum objective objectives[] = {OBJECTIVE_GUARANTEE, OBJECTIVE_NEED,
                                                OBJECTIVE_PLACEMENTS, OBJECTIVE_PREFERENCE,
                                                OBJECTIVE_TRAVEL};
    struct alm_error err;
    char *text = slurp("scenarios/policies/example-district.json");
    struct policy *policy = parse(text, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    CU_ASSERT_EQUAL_FATAL(policy->n_objectives, 5);
    CU_ASSERT_EQUAL(memcmp(policy->objectives, objectives, sizeof objectives), 0);
    CU_ASSERT_EQUAL(policy->n_rules, 6);
    CU_ASSERT_EQUAL(policy->rules[5].cap, 365);
    CU_ASSERT_EQUAL(policy->max_distance_m, RECORD_NO_LIMIT);
    CU_ASSERT_EQUAL(policy->declined_days, 90);
    CU_ASSERT(list_has(&policy->guarantee_classes, "tekun"));
    char *label = policy_label(policy);
    CU_ASSERT_STRING_EQUAL(label, "example-district@1");
    free(label);
    policy_free(policy);
    free(text);
    err_clear(&err);
}

static void test_defaults(void)
{
    struct alm_error err;
    struct policy *policy = parse("{\"name\":\"p\",\"version\":3,\"objectives\":[\"need\"]}", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    CU_ASSERT_EQUAL(policy->unlisted_rank, 10);
    CU_ASSERT_STRING_EQUAL(policy->lottery_seed, "");
    CU_ASSERT_EQUAL(policy->reserve, RESERVE_HARD);
    CU_ASSERT_EQUAL(policy->max_distance_m, RECORD_NO_LIMIT);
    CU_ASSERT_EQUAL(policy->require_valid_assessment, 1);
    CU_ASSERT_EQUAL(policy->care_minutes_by_level[0], 0);
    CU_ASSERT_EQUAL(policy->care_minutes_by_level[6], 240);
    CU_ASSERT_EQUAL(policy->answer_seconds, 259200);
    CU_ASSERT_EQUAL(policy->admit_seconds, 604800);
    CU_ASSERT_EQUAL(policy->max_chain, 3);
    CU_ASSERT_EQUAL(policy->declined_days, 90);
    CU_ASSERT_EQUAL(policy->n_rules, 0);
    policy_free(policy);
    policy = parse("{\"name\":\"p\",\"version\":3,\"objectives\":[\"need\"],\"offer\":"
                   "{\"declined_days\":null},\"reserve\":\"soft\","
                   "\"eligibility\":{\"max_distance_m\":500,\"require_valid_assessment\":false}}",
                   &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    CU_ASSERT(policy->declined_days < 0);
    CU_ASSERT_EQUAL(policy->reserve, RESERVE_SOFT);
    CU_ASSERT_EQUAL(policy->max_distance_m, 500);
    CU_ASSERT_EQUAL(policy->require_valid_assessment, 0);
    policy_free(policy);
    err_clear(&err);
}

/* A policy without the rule has the text that it had before there was one. */
static void test_postings_age_only_when_the_policy_says_so(void)
{
    static const struct {
        const char *offer;
        int64_t days;
    } cases[] = {{"{}", 0}, {"{\"posting_days\":0}", 0}, {"{\"posting_days\":14}", 14}};
    struct alm_error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "{\"name\":\"p\",\"version\":3,\"objectives\":[\"need\"],\"offer\":%s}",
                 cases[i].offer);
        struct policy *policy = parse(text, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
        CU_ASSERT_EQUAL(policy->posting_days, cases[i].days);
        char *canonical = policy_to_json(policy);
        CU_ASSERT_EQUAL(strstr(canonical, "\"posting_days\": 14") != NULL, cases[i].days > 0);
        CU_ASSERT_EQUAL(strstr(canonical, "posting_days") != NULL, cases[i].days > 0);
        struct policy *again = parse(canonical, &err);
        CU_ASSERT_EQUAL(again->posting_days, cases[i].days);
        policy_free(again);
        free(canonical);
        policy_free(policy);
    }
    CU_ASSERT_PTR_NULL(parse("{\"name\":\"p\",\"version\":3,\"objectives\":[\"need\"],\"offer\":"
                             "{\"posting_days\":-1}}",
                             &err));
    err_clear(&err);
}

/* "need;travel" as the objectives of a policy, and of what is read from them. */
static void check_objectives(const char *given, const char *wanted)
{
    char text[300], got[200] = "";
    struct alm_error err;
    snprintf(text, sizeof text, "{\"name\":\"p\",\"version\":1,\"objectives\":[%s]}", given);
    struct policy *policy = parse(text, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    for (size_t i = 0; i < policy->n_objectives; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s;",
                 words_name(&words_objective, (int)policy->objectives[i]));
    CU_ASSERT_STRING_EQUAL(got, wanted);
    policy_free(policy);
    err_clear(&err);
}

static void test_inserted_placements(void)
{
    check_objectives("\"need\"", "need;");
    check_objectives("\"need\",\"travel\"", "need;placements;travel;");
    check_objectives("\"travel\"", "placements;travel;");
    check_objectives("\"placements\",\"travel\"", "placements;travel;");
    check_objectives("\"travel\",\"placements\"", "placements;travel;");
    check_objectives("\"need\",\"moves\",\"transfers\",\"placements\",\"travel\"",
                     "need;placements;moves;transfers;travel;");
    check_objectives(
        "\"guarantee\",\"reserve\",\"need\",\"seniority\",\"transfers\","
        "\"preference\",\"travel\",\"moves\",\"placements\"",
        "guarantee;reserve;need;seniority;transfers;placements;preference;travel;moves;");
    check_objectives("\"need\",\"placements\"", "need;placements;");
}

static const char many_violations[] =
    "{\"name\":\"a b\",\"objectives\":[\"need\",\"hope\",\"need\",4],"
    "\"guarantee_classes\":[1,\"x\",\"x\"],\"unlisted_rank\":-1,\"lottery_seed\":5,"
    "\"reserve\":\"firm\",\"eligibility\":{\"max_distance_m\":1.5,"
    "\"require_valid_assessment\":1,\"a/b~c\":1},\"care_minutes_by_level\":[1,2,3],"
    "\"points\":[{\"name\":\"l\",\"type\":\"table\",\"field\":\"level\","
    "\"points\":{\"7\":1,\"2\":\"x\"},\"cap\":1},"
    "{\"name\":\"t\",\"type\":\"table\",\"field\":\"shoe\",\"points\":{}},"
    "{\"name\":\"u\",\"type\":\"triangle\"},"
    "{\"name\":\"c\",\"type\":\"count\",\"fields\":[],\"points\":[]},"
    "{\"name\":\"m\",\"type\":\"matrix\",\"fields\":[\"level\"],\"points\":{}},"
    "{\"name\":\"m\",\"type\":\"flag\",\"field\":\"f\",\"points\":-3},"
    "5,{\"name\":\"n\"},"
    "{\"name\":\"w\",\"type\":\"per_day\",\"field\":\"birth_date\",\"points\":1},"
    "{\"name\":\"mm\",\"type\":\"matrix\",\"fields\":[\"level\",\"x_a\"],"
    "\"points\":{\"3\":{\"sideways\":true}}}],"
    "\"offer\":{\"answer_seconds\":0,\"colour\":1},"
    "\"examples\":[{\"applicant\":{\"name\":\"x\"}},"
    "{\"applicant\":{\"level\":7,\"waited_days\":-1},\"points\":1}],\"colour\":\"blue\"}";

static void test_every_violation_is_named(void)
{
    static const struct {
        const char *pointer, *code;
    } wanted[] = {
        {"/version", "required"},
        {"/name", "format"},
        {"/objectives/1", "unknown_word"},
        {"/objectives/2", "duplicate"},
        {"/objectives/3", "type"},
        {"/guarantee_classes/0", "type"},
        {"/guarantee_classes/2", "duplicate"},
        {"/unlisted_rank", "range"},
        {"/lottery_seed", "type"},
        {"/reserve", "unknown_word"},
        {"/eligibility/max_distance_m", "type"},
        {"/eligibility/require_valid_assessment", "type"},
        {"/eligibility/a~1b~0c", "unknown"},
        {"/care_minutes_by_level", "type"},
        {"/points/0/points/7", "unknown_value"},
        {"/points/0/points/2", "type"},
        {"/points/0/cap", "unknown"},
        {"/points/1/field", "unknown_field"},
        {"/points/2/type", "unknown_word"},
        {"/points/3/points", "type"},
        {"/points/3/fields", "range"},
        {"/points/4/fields", "type"},
        {"/points/5/points", "range"},
        {"/points/5/name", "duplicate"},
        {"/points/6", "type"},
        {"/points/7/type", "required"},
        {"/points/8/field", "unknown_field"},
        {"/points/9/points/3/sideways", "type"},
        {"/offer/answer_seconds", "range"},
        {"/offer/colour", "unknown"},
        {"/examples/0/points", "required"},
        {"/examples/0/applicant/name", "unknown"},
        {"/examples/1/applicant/level", "range"},
        {"/examples/1/applicant/waited_days", "range"},
        {"/colour", "unknown"},
    };
    struct alm_error err;
    struct policy *policy = parse(many_violations, &err);
    CU_ASSERT_PTR_NULL(policy);
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        int is_there = has_issue(&err, wanted[i].pointer, wanted[i].code);
        if (!is_there)
            fprintf(stderr, "missing: %s %s\n", wanted[i].pointer, wanted[i].code);
        CU_ASSERT(is_there);
    }
    CU_ASSERT_EQUAL(err.n_issues, sizeof wanted / sizeof wanted[0]);
    err_clear(&err);
}

static void test_not_json(void)
{
    static const char *const texts[] = {
        "", "[]", "7", "{", "{\"name\":\"p\",\"name\":\"q\"}", "{\"name\":\"\\u0000\"}", "null"};
    struct alm_error err;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CU_ASSERT_PTR_NULL(parse(texts[i], &err));
        CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
        CU_ASSERT(err.n_issues > 0);
        err_clear(&err);
    }
    CU_ASSERT_PTR_NULL(policy_from_json("{", 1, NULL));
}

/* Classes and flags have letters of any script. */
static void test_codes(void)
{
    static const char text[] =
        "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\"],"
        "\"guarantee_classes\":[\"\u7279\u56f0\",\"\u4f4e\u4fdd\"],"
        "\"points\":[{\"name\":\"f\",\"type\":\"flag\",\"field\":\"\u72ec\u5c45\",\"points\":3},"
        "{\"name\":\"c\",\"type\":\"count\",\"fields\":[\"\u5931\u80fd\"],\"points\":[0,5]}]}";
    struct alm_error err;
    struct policy *policy = parse(text, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    CU_ASSERT(list_has(&policy->guarantee_classes, "\u4f4e\u4fdd"));
    CU_ASSERT_EQUAL(policy->n_rules, 2);
    policy_free(policy);
    err_clear(&err);
    policy = parse("{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\"],"
                   "\"guarantee_classes\":[\"a b\"]}",
                   &err);
    CU_ASSERT_PTR_NULL(policy);
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    err_clear(&err);
}

static void test_failed_example(void)
{
    struct alm_error err;
    static const char format[] =
        "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\"],"
        "\"points\":[{\"name\":\"grade\",\"type\":\"table\",\"field\":\"x_g\",\"points\":{\"M\":7}}"
        ","
        "{\"name\":\"wait\",\"type\":\"per_day\",\"field\":\"applied_at\",\"points\":2,\"cap\":50}]"
        ","
        "\"examples\":[{\"applicant\":{},\"points\":0},"
        "{\"applicant\":{\"x_g\":\"M\",\"waited_days\":4,\"class\":\"a\",\"sex\":\"male\","
        "\"district\":\"d\",\"village\":\"v\",\"level\":2,\"flags\":[\"f\"]},\"points\":%d}]}";
    char text[1000];
    snprintf(text, sizeof text, format, 15);
    struct policy *policy = parse(text, &err);
    CU_ASSERT_PTR_NOT_NULL(policy);
    policy_free(policy);
    snprintf(text, sizeof text, format, 16);
    CU_ASSERT_PTR_NULL(parse(text, &err));
    CU_ASSERT_EQUAL_FATAL(err.n_issues, 1);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/examples/1/points");
    CU_ASSERT_STRING_EQUAL(err.issues[0].code, "example");
    CU_ASSERT_STRING_EQUAL(err.issues[0].detail,
                           "example 2 expects 16 points, the rules give 15 (grade 7, wait 8)");
    err_clear(&err);
}

/* A million people with the most points that any accepted policy can give stay far below 2^63. */
static void test_points_are_bounded(void)
{
    static const char format[] =
        "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\"],\"points\":["
        "{\"name\":\"a\",\"type\":\"flag\",\"field\":\"a\",\"points\":%lld},"
        "{\"name\":\"b\",\"type\":\"count\",\"fields\":[\"b\"],\"points\":[0,%lld]}%s]}";
    struct alm_error err;
    char text[600];
    CU_ASSERT(POLICY_POINTS_MAX <= INT64_MAX / 1000000);
    snprintf(text, sizeof text, format, 500000000LL, 500000000LL, "");
    struct policy *policy = parse(text, &err);
    CU_ASSERT_PTR_NOT_NULL(policy);
    policy_free(policy);
    snprintf(text, sizeof text, format, 500000000LL, 500000001LL, "");
    CU_ASSERT_PTR_NULL(parse(text, &err));
    CU_ASSERT(has_issue(&err, "/points", "range"));
    err_clear(&err);
    snprintf(text, sizeof text, format, 1LL, 9000000000000000000LL, "");
    CU_ASSERT_PTR_NULL(parse(text, &err));
    CU_ASSERT(has_issue(&err, "/points/1/points/1", "range"));
    err_clear(&err);
    snprintf(text, sizeof text, format, 1LL, 1LL,
             ",{\"name\":\"w\",\"type\":\"per_day\",\"field\":\"applied_at\",\"points\":100000}");
    CU_ASSERT_PTR_NULL(parse(text, &err));
    CU_ASSERT(has_issue(&err, "/points", "range"));
    err_clear(&err);
}

/* Taking any member out of the example, or giving it a wrong type, never crashes, and a wrong type
 * is refused. */
static void test_mutations(void)
{
    static const char *const wrong[] = {"null", "true", "-1", "1.5", "\"?\"", "[]", "{}", "[[]]"};
    char *text = slurp("scenarios/policies/example-district.json");
    json_t *root = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    const char *name;
    json_t *value;
    size_t refused = 0;
    json_object_foreach(root, name, value)
    {
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
            struct alm_error err;
            json_t *copy = json_deep_copy(root);
            json_object_set_new(copy, name, json_loads(wrong[i], JSON_DECODE_ANY, NULL));
            char *mutated = json_dumps(copy, 0);
            struct policy *policy = parse(mutated, &err);
            CU_ASSERT_EQUAL(policy == NULL, err.code == ERR_BAD_INPUT);
            refused += policy == NULL;
            policy_free(policy);
            free(mutated);
            json_decref(copy);
            err_clear(&err);
        }
    }
    CU_ASSERT(refused > 60);
    json_decref(root);
    free(text);
}

static const struct check_test tests[] = {
    {"shipped_profiles", test_shipped_profiles},
    {"example_of_the_contract", test_example_of_the_contract},
    {"defaults", test_defaults},
    {"posting_days", test_postings_age_only_when_the_policy_says_so},
    {"inserted_placements", test_inserted_placements},
    {"every_violation_is_named", test_every_violation_is_named},
    {"not_json", test_not_json},
    {"failed_example", test_failed_example},
    {"codes", test_codes},
    {"points_are_bounded", test_points_are_bounded},
    {"mutations", test_mutations},
};

CHECK_SUITE(suite_policy, tests);
