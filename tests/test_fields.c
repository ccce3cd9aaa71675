/* test_fields.c - models/fields*.c: every field of every record, by its own table. */
#include "tests/check.h"

#include "models/fields.h"
#include "models/stamp.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*field_fn)(const struct field *field, struct record *record);

static void each_field(field_fn run)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct field_table *table = fields_of(type);
        for (size_t i = 0; i < table->n; i++) {
            const struct field *field = &table->fields[i];
            struct record *record = record_new(type, "old");
            if (!(field->flags & FIELD_DERIVED) && field->type != FIELD_EXTRAS &&
                field->type != FIELD_OBJECTIVES)
                run(field, record);
            record_free(record);
        }
    }
}

static int read(const struct field *field, struct record *record, const char *text,
                struct alm_error *err)
{
    err_init(err);
    return fields_from_text(field, record, text, strlen(text), "here", err);
}

static void expect(const struct field *field, struct record *record, const char *text,
                   const char *written)
{
    struct alm_error err;
    CU_ASSERT_EQUAL(read(field, record, text, &err), 0);
    char *again = fields_to_text(field, record);
    CU_ASSERT_STRING_EQUAL(again, written);
    free(again);
    err_clear(&err);
}

static void expect_issue(const struct field *field, struct record *record, const char *text,
                         const char *code)
{
    struct alm_error err;
    CU_ASSERT_EQUAL(read(field, record, text, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    CU_ASSERT_EQUAL_FATAL(err.n_issues, 1);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "here");
    if (code)
        CU_ASSERT_STRING_EQUAL(err.issues[0].code, code);
    err_clear(&err);
    CU_ASSERT_EQUAL(fields_from_text(field, record, text, strlen(text), "", NULL), -1);
}

/* Tables are complete: names differ, the key comes first, everything says what it means. */
static void test_tables(void)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct field_table *table = fields_of(type);
        CU_ASSERT_EQUAL((int)table->type, type);
        CU_ASSERT_TRUE(table->fields[0].flags & FIELD_KEY);
        for (size_t i = 0; i < table->n; i++) {
            const struct field *field = &table->fields[i];
            CU_ASSERT_PTR_NOT_NULL(field->meaning);
            CU_ASSERT_TRUE(i == 0 || !(field->flags & FIELD_KEY));
            CU_ASSERT_TRUE(field->type != FIELD_WORD || field->words);
            CU_ASSERT_PTR_EQUAL(fields_find(table, field->name, strlen(field->name)), field);
            /* a client may send only what it can read again, and all required fields */
            CU_ASSERT_TRUE(!(field->flags & FIELD_CLIENT) || field->flags & FIELD_JSON);
        }
    }
    CU_ASSERT_PTR_NULL(fields_find(fields_of(RECORD_POOL), "kin", 3));
    CU_ASSERT_PTR_NULL(fields_find(fields_of(RECORD_POOL), "kinds", 5));
}

/* The columns of the contract (formats.md), so that none is lost or renamed. */
static void test_contract_columns(void)
{
    static const struct {
        enum record_type type;
        const char *columns;
    } cases[] = {
        {RECORD_INSTITUTION, "institution_id name lat lon district village star suspended "
                             "capabilities care_minutes "},
        {RECORD_POOL, "pool_id institution_id kind beds_usable beds_occupied beds_approved "
                      "beds_staffed beds_committed sex rooms min_level max_level monthly_fee "
                      "capabilities serves reserved_for "},
        {RECORD_APPLICANT,
         "applicant_id applied_at lat lon level kinds birth_date sex district village class flags "
         "needs preferences declined max_distance_m max_fee min_star assessment_valid_until "
         "care_minutes household_id together current_pool current_reserve state x_ "},
        {RECORD_TRAVEL, "from_id institution_id metres "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct field_table *table = fields_of(cases[i].type);
        struct buffer columns = {0};
        for (size_t k = 0; k < table->n; k++)
            if (table->fields[k].flags & FIELD_CSV)
                buffer_format(&columns, "%s ", table->fields[k].name);
        CU_ASSERT_STRING_EQUAL(columns.bytes, cases[i].columns);
        buffer_clear(&columns);
    }
}

static void check_empty(const struct field *field, struct record *record)
{
    struct record *fresh = record_new(record->type, "");
    struct alm_error err;
    size_t is_required = (field->flags & FIELD_REQUIRED) != 0;
    CU_ASSERT_EQUAL(read(field, record, "", &err), is_required ? -1 : 0);
    CU_ASSERT_EQUAL(err.n_issues, is_required);
    char *text = fields_to_text(field, record), *wanted = fields_to_text(field, fresh);
    CU_ASSERT_STRING_EQUAL(text, wanted);
    free(text);
    free(wanted);
    record_free(fresh);
    err_clear(&err);
}

/* An empty cell is the default; an empty required one is an issue. */
static void test_empty(void)
{
    each_field(check_empty);
}

static void check_refusals(const struct field *field, struct record *record)
{
    static const char *const bad[FIELD_TYPES][8] = {
        [FIELD_IDENT] = {"a b", "\xC3\xA9", "3.10101E+17", "a/b", "a,b", "<>", "@", "\xEF\xBC\x91"},
        [FIELD_PLACE] = {"\x01", "\x7f", "a\x02"},
        [FIELD_LABEL] = {"a b", "a:b", "a;b", ","},
        [FIELD_TEXT] = {"\x01", "a\x1b[0m", "\x7f"},
        [FIELD_CODE] = {"a b", "a:b", "a;b",
                        "a\xEF\xBC\x9B"
                        "b"},
        [FIELD_INT] = {"+7", " 7", "7 ", "7.0", "1,000", "seven", "3.1E+05", "0x7"},
        [FIELD_BOOL] = {"2", "-1", "true", "yes", " 1", "1.0"},
        [FIELD_DEGREES] = {"nan", "inf", "0x10", "+1", " 1", "181", "1,5", "1e"},
        [FIELD_TIME] = {"today", "2025-02-30", "2025-03-01T10:00", "1", "2025/03/01", "-"},
        [FIELD_DATE] = {"today", "1941-13-01", "06.05.1941", "1", "#####", "1941/5/"},
        [FIELD_WORD] = {"nowhere", "NURSING", " any", "?"},
        [FIELD_KINDS] = {"nursing;castle", "Nursing", "nursing dementia", "nursing,meal"},
        [FIELD_CODES] = {"a b", "ok;a b", "a:b",
                         "a\xE3\x80\x81"
                         "b"},
        [FIELD_IDS] = {"a b", "H1;\xC3\xA9", "H1,H2"},
        [FIELD_TEXTS] = {"\x01", "a;b\x02"},
        [FIELD_ROOMS] = {"2", "2x", "x4", "0x4", "2x0", "2x4x1", "2x101", "-1x2"},
        [FIELD_RESERVES] = {"a", "a:", ":1", "a:-1", "a:x", "a:1;a:2", "a b:1"},
        [FIELD_DECLINED] = {"@", "P1@", "P 1", "P1@yesterday", "@2025-01-01", "P1@2025-1-1"},
    };
    size_t n = 0;
    for (; n < 8 && bad[field->type][n]; n++)
        expect_issue(field, record, bad[field->type][n], NULL);
    CU_ASSERT_TRUE(n >= 2); /* a new type needs its own row above */
}

static void test_refusals(void)
{
    each_field(check_refusals);
}

static void check_limits(const struct field *field, struct record *record)
{
    char text[64];
    if (field->type != FIELD_INT && field->type != FIELD_DEGREES)
        return;
    CU_ASSERT_TRUE(field->min < field->max);
    snprintf(text, sizeof text, "%lld", (long long)field->max);
    expect(field, record, text, text);
    snprintf(text, sizeof text, "%lld", (long long)field->min);
    expect(field, record, text, text);
    snprintf(text, sizeof text, "%lld", (long long)field->max + 1);
    expect_issue(field, record, text, "range");
    snprintf(text, sizeof text, "%lld", (long long)field->min - 1);
    expect_issue(field, record, text, "range");
    expect_issue(field, record, "99999999999999999999",
                 field->type == FIELD_INT ? "type" : "range");
}

static void test_limits(void)
{
    each_field(check_limits);
}

static void check_lengths(const struct field *field, struct record *record)
{
    static char text[2 << 20];
    memset(text, 'a', sizeof text - 1);
    static const int64_t longest[FIELD_TYPES] = {
        [FIELD_IDENT] = ID_MAX, [FIELD_PLACE] = ID_MAX,   [FIELD_LABEL] = ID_MAX,
        [FIELD_CODE] = ID_MAX,  [FIELD_CODES] = ID_MAX,   [FIELD_IDS] = ID_MAX,
        [FIELD_TEXTS] = 200,    [FIELD_DECLINED] = ID_MAX};
    int64_t max = field->type == FIELD_TEXT ? field->max : longest[field->type];
    struct alm_error err;
    err_init(&err);
    if (!max) {
        CU_ASSERT_EQUAL(fields_from_text(field, record, text, sizeof text - 1, "here", &err), -1);
    } else {
        CU_ASSERT_EQUAL(fields_from_text(field, record, text, (size_t)max, "here", &err), 0);
        CU_ASSERT_EQUAL(err.n_issues, 0);
        CU_ASSERT_EQUAL(fields_from_text(field, record, text, (size_t)max + 1, "here", &err), -1);
    }
    CU_ASSERT_EQUAL(err.n_issues, 1);
    err_clear(&err);
}

static void test_lengths(void)
{
    each_field(check_lengths);
}

static struct record *new_record(enum record_type type, const char *name,
                                 const struct field **field)
{
    *field = fields_find(fields_of(type), name, strlen(name));
    CU_ASSERT_PTR_NOT_NULL_FATAL(*field);
    return record_new(type, "x");
}

static void test_values(void)
{
    static const struct {
        enum record_type type;
        const char *name, *text, *written;
    } cases[] = {
        {RECORD_POOL, "beds_usable", "12", "12"},
        {RECORD_POOL, "beds_usable", "007", "7"},
        {RECORD_POOL, "beds_usable", "\xEF\xBC\x91\xEF\xBC\x92", "12"}, /* full-width digits */
        {RECORD_POOL, "kind", "village", "village"},
        {RECORD_POOL, "rooms", "2x4;3x2", "2x4;3x2"},
        {RECORD_POOL, "reserved_for", " tekun:2 ;dibao:0;", "tekun:2;dibao:0"},
        {RECORD_POOL, "serves", "North End; South, East", "North End;South, East"},
        {RECORD_INSTITUTION, "care_minutes", "", ""},
        {RECORD_INSTITUTION, "care_minutes", "0", "0"},
        {RECORD_INSTITUTION, "lat", "25.0330", "25.033"},
        {RECORD_INSTITUTION, "lat", "0.1", "0.1"},
        {RECORD_INSTITUTION, "lat", "-0", "0"},
        {RECORD_INSTITUTION, "lat", "1e-7", "1e-07"},
        {RECORD_INSTITUTION, "name", "a\nb", "a\nb"},
        {RECORD_APPLICANT, "kinds", "meal;nursing;meal", "nursing;meal"},
        {RECORD_APPLICANT, "applied_at", "2025-03-01", "2025-03-01T00:00:00Z"},
        {RECORD_APPLICANT, "applied_at", "2025-03-01T08:00:00+08:00", "2025-03-01T00:00:00Z"},
        {RECORD_APPLICANT, "birth_date", "1941/5/6", "1941-05-06"},
        {RECORD_APPLICANT, "birth_date", "15102", "1941-05-06"},
        {RECORD_APPLICANT, "birth_date",
         "\xEF\xBC\x91"
         "941\xEF\xBC\x8F"
         "5/6",
         "1941-05-06"},
        {RECORD_APPLICANT, "preferences", "H2;H1;H2", "H2;H1;H2"},
        {RECORD_APPLICANT, "declined", "P1;P2@2025-03-01;P3@2025-03-01T01:00:00Z",
         "P1;P2@2025-03-01;P3@2025-03-01T01:00:00Z"},
        {RECORD_APPLICANT, "sex", "female", "female"},
        {RECORD_APPLICANT, "class", "\xE7\x89\xB9\xE5\x9B\xB0", "\xE7\x89\xB9\xE5\x9B\xB0"},
        {RECORD_TRAVEL, "from_id", "North End", "North End"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct field *field;
        struct record *record = new_record(cases[i].type, cases[i].name, &field);
        expect(field, record, cases[i].text, cases[i].written);
        expect(field, record, cases[i].written, cases[i].written);
        record_free(record);
    }
}

static void test_required_list_of_nothing(void)
{
    const struct field *kinds;
    struct record *record = new_record(RECORD_APPLICANT, "kinds", &kinds);
    expect_issue(kinds, record, " ; ", "required");
    record_free(record);
}

/* Every double is written with the shortest text that reads back as the same double. */
static void test_degrees_exact(void)
{
    const struct field *lon;
    struct record *record = new_record(RECORD_APPLICANT, "lon", &lon);
    srand(5);
    for (int i = 0; i < 5000; i++) {
        double value = (rand() - RAND_MAX / 2 + rand() / (double)RAND_MAX) * 360.0 / RAND_MAX;
        struct alm_error err;
        ((struct applicant *)record)->lon = value;
        char *text = fields_to_text(lon, record);
        CU_ASSERT_EQUAL(read(lon, record, text, &err), 0);
        CU_ASSERT_EQUAL(((struct applicant *)record)->lon, value);
        free(text);
    }
    record_free(record);
}

/* The short text of few decimals is that of printf. */
static void test_degrees_decimals(void)
{
    const struct field *field;
    struct record *record = new_record(RECORD_APPLICANT, "lat", &field);
    double *value = (double *)((char *)record + field->offset);
    char expected[40];
    uint64_t random = 3;
    size_t wrong = 0;
    for (int i = 0; i < 40000; i++) {
        static const double units[] = {1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e9};
        random = random * 6364136223846793005u + 1442695040888963407u;
        double unit = units[i % 9], range = 360 * unit;
        *value = (double)(random >> 20) / (double)(UINT64_C(1) << 44) * range - range / 2;
        *value = (double)(int64_t)*value / unit / (i % 7 ? 1 : 1000);
        snprintf(expected, sizeof expected, "%.15g", *value);
        if (strtod(expected, NULL) != *value)
            continue;
        char *text = fields_to_text(field, record);
        wrong += strcmp(text, expected) != 0;
        free(text);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    record_free(record);
}

static void test_default_usable(void)
{
    const struct field *approved;
    struct record *record = new_record(RECORD_POOL, "beds_approved", &approved);
    ((struct pool *)record)->beds_usable = 9;
    expect(approved, record, "", "9");
    record_free(record);
}

static void test_extras(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_TRUE(fields_is_extra("x_grade", 7));
    CU_ASSERT_FALSE(fields_is_extra("x_", 2));
    CU_ASSERT_FALSE(fields_is_extra("grade", 5));
    CU_ASSERT_FALSE(fields_is_extra("x_a b", 5));
    CU_ASSERT_EQUAL(fields_set_extra(person, "x_b", "2", 1, "here", &err), 0);
    CU_ASSERT_EQUAL(fields_set_extra(person, "x_a", "1", 1, "here", &err), 0);
    CU_ASSERT_EQUAL(fields_set_extra(person, "x_b", "3", 1, "here", &err), 0);
    CU_ASSERT_EQUAL_FATAL(person->n_extras, 2);
    CU_ASSERT_STRING_EQUAL(person->extras[0].name, "x_a");
    CU_ASSERT_STRING_EQUAL(person->extras[1].value, "3");
    CU_ASSERT_EQUAL(fields_set_extra(person, "x_c", "\x01", 1, "here", &err), -1);
    CU_ASSERT_EQUAL(err.n_issues, 1);
    CU_ASSERT_EQUAL(fields_set_extra(person, "x_a", "", 0, "here", &err), 0);
    CU_ASSERT_EQUAL(person->n_extras, 1);
    err_clear(&err);
    record_free(&person->record);
}

static void check_rule(struct record *record, const char *pointer)
{
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(fields_check(record, "/", &err), pointer ? -1 : 0);
    CU_ASSERT_EQUAL(err.n_issues, pointer != NULL);
    if (err.n_issues)
        CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, pointer);
    err_clear(&err);
}

static void test_rules_of_a_record(void)
{
    static const char *const bad_ids[] = {"A:accept", "A:decline", "A:withdraw", "A:admit",
                                          "A:park",   "A:unpark",  "A:leave",    "A:discharge",
                                          "A:return", "a:b:batch", "A:erase",    "A:reopen"};
    for (size_t i = 0; i < sizeof bad_ids / sizeof *bad_ids; i++) {
        struct record *person = record_new(RECORD_APPLICANT, bad_ids[i]);
        check_rule(person, "/applicant_id");
        record_free(person);
    }
    static const char *const good_ids[] = {"accept", "A:accepted", "accept:A", "batch"};
    for (size_t i = 0; i < sizeof good_ids / sizeof *good_ids; i++) {
        struct record *person = record_new(RECORD_APPLICANT, good_ids[i]);
        check_rule(person, NULL);
        record_free(person);
    }
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, "P1");
    const struct field *rooms = fields_find(fields_of(RECORD_POOL), "rooms", 5);
    check_rule(&pool->record, NULL);
    pool->min_level = 5;
    pool->max_level = 4;
    check_rule(&pool->record, "/max_level");
    pool->max_level = 5;
    expect(rooms, &pool->record, "1x2", "1x2");
    check_rule(&pool->record, NULL);
    pool->kind = KIND_MEAL;
    check_rule(&pool->record, "/rooms");
    pool->kind = KIND_NURSING;
    pool->sex = SEX_RULE_MALE;
    check_rule(&pool->record, "/rooms");
    record_free(&pool->record);
}

static void test_damage_is_said(void)
{
    static const struct {
        enum record_type type;
        const char *name;
    } cases[] = {{RECORD_APPLICANT, "applicant_id"}, {RECORD_POOL, "beds_usable"}};
    for (size_t i = 0; i < 2; i++) {
        const struct field *field;
        struct record *record = new_record(cases[i].type, cases[i].name, &field);
        struct alm_error err;
        CU_ASSERT_EQUAL(read(field, record, "3.10101E+17", &err), -1);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "a spreadsheet has turned this number into"));
        err_clear(&err);
        record_free(record);
    }
}

static const struct check_test tests[] = {
    {"fields_tables", test_tables},
    {"fields_contract_columns", test_contract_columns},
    {"fields_empty", test_empty},
    {"fields_refusals", test_refusals},
    {"fields_limits", test_limits},
    {"fields_lengths", test_lengths},
    {"fields_values", test_values},
    {"fields_required_list_of_nothing", test_required_list_of_nothing},
    {"fields_degrees_exact", test_degrees_exact},
    {"fields_degrees_decimals", test_degrees_decimals},
    {"fields_default_usable", test_default_usable},
    {"fields_extras", test_extras},
    {"fields_rules_of_a_record", test_rules_of_a_record},
    {"fields_damage_is_said", test_damage_is_said},
};
CHECK_SUITE(suite_fields, tests);
