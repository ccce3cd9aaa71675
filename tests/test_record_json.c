/* test_record_json.c - models/record_json.c. */
#include "tests/check.h"

#include "models/fields.h"
#include "models/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const person =
    "{\"applicant_id\": \"A1\", \"applied_at\": \"2025-03-01\", \"lat\": 31.2, \"lon\": 121, "
    "\"level\": 3, \"kinds\": [\"nursing\", \"meal\"]}";
static const char *const pool_text =
    "{\"pool_id\": \"P1\", \"institution_id\": \"H1\", \"kind\": \"nursing\", \"beds_usable\": 5, "
    "\"beds_occupied\": 2}";

static struct record *read(enum record_type type, const char *text, const struct record *base,
                           const char *id, struct alm_error *err)
{
    err_init(err);
    return record_from_json(type, text, strlen(text), base, base != NULL, id, NULL, err);
}

static struct record *read_good(enum record_type type, const char *text)
{
    struct alm_error err;
    struct record *record = read(type, text, NULL, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(record);
    CU_ASSERT_EQUAL(err.n_issues, 0);
    return record;
}

/* Exactly one violation, with that pointer and code. */
static void expect_issue(enum record_type type, const char *text, const char *pointer,
                         const char *code)
{
    struct alm_error err;
    CU_ASSERT_PTR_NULL(read(type, text, NULL, NULL, &err));
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    CU_ASSERT_EQUAL(err.n_issues, 1);
    int is_there = err.n_issues && strcmp(err.issues[0].pointer, pointer) == 0;
    CU_ASSERT_TRUE(is_there);
    if (!is_there)
        printf("\n    %s gave %s, not %s\n", text, err.message, pointer);
    else if (code)
        CU_ASSERT_STRING_EQUAL(err.issues[0].code, code);
    err_clear(&err);
}

/* The text of an object with one member put in (in place of one of the same name). */
static char *with_member(const char *object, const char *name, const char *value)
{
    struct buffer out = {0};
    char key[80];
    snprintf(key, sizeof key, "\"%s\": ", name);
    const char *found = strstr(object, key);
    if (!found) {
        buffer_format(&out, "%.*s, %s%s}", (int)strlen(object) - 1, object, key, value);
        return buffer_take(&out, NULL);
    }
    const char *end = found + strlen(key);
    int is_array = *end == '[';
    end += strcspn(end, is_array ? "]" : ",}") + (size_t)is_array;
    buffer_format(&out, "%.*s%s%s%s", (int)(found - object), object, key, value, end);
    return buffer_take(&out, NULL);
}

static void test_applicant(void)
{
    struct applicant *a1 = (struct applicant *)read_good(RECORD_APPLICANT, person);
    CU_ASSERT_STRING_EQUAL(a1->record.id, "A1");
    CU_ASSERT_EQUAL(a1->record.version, 0);
    CU_ASSERT_EQUAL(a1->applied_at, 1740787200);
    CU_ASSERT_EQUAL(a1->lon, 121);
    CU_ASSERT_EQUAL(a1->kinds, 1u << KIND_NURSING | 1u << KIND_MEAL);
    CU_ASSERT_EQUAL(a1->state, APPLICANT_WAITING);
    char *text = record_to_json(&a1->record);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"kinds\": [\"nursing\", \"meal\"]"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"applied_at\": \"2025-03-01T00:00:00Z\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"lat\": 31.2,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"max_fee\": null"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"class\": \"\""));
    free(text);
    record_free(&a1->record);
}

static void test_pool_lists(void)
{
    char *text = with_member(pool_text, "rooms", "[\"2x4\", \"3x2\"]");
    char *more = with_member(text, "reserved_for", "[\"tekun:2\"]");
    struct pool *pool = (struct pool *)read_good(RECORD_POOL, more);
    CU_ASSERT_EQUAL(pool->n_rooms, 2);
    CU_ASSERT_EQUAL(pool->rooms[1].rooms, 3);
    CU_ASSERT_EQUAL(pool->rooms[1].beds, 2);
    CU_ASSERT_STRING_EQUAL(pool->reserved[0].class_code, "tekun");
    CU_ASSERT_EQUAL(pool->beds_staffed, 5);
    char *written = record_to_json(&pool->record);
    CU_ASSERT_PTR_NOT_NULL(strstr(written, "\"rooms\": [\"2x4\", \"3x2\"]"));
    CU_ASSERT_PTR_NOT_NULL(strstr(written, "\"beds_offerable\": 3"));
    free(written);
    free(more);
    free(text);
    record_free(&pool->record);
}

/* A wrong value for every field that a client may send: an issue with its pointer. */
static void check_bad_value(enum record_type type, const char *good, const struct field *field)
{
    static const char *const values[] = {"{}", "{\"a\": 1}", "1.5", "\"\\u0001 \\u0002\"",
                                         "[\"\\u0001\"]"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char *text = with_member(good, field->name, values[i]), pointer[100];
        struct alm_error err;
        int fits = (field->type == FIELD_DEGREES && i == 2);
        struct record *record = read(type, text, NULL, NULL, &err);
        CU_ASSERT_EQUAL(record != NULL, fits);
        snprintf(pointer, sizeof pointer, "/%s", field->name);
        CU_ASSERT_EQUAL(err.n_issues, !fits);
        if (err.n_issues)
            CU_ASSERT_EQUAL(strncmp(err.issues[0].pointer, pointer, strlen(pointer)), 0);
        record_free(record);
        err_clear(&err);
        free(text);
    }
}

/* null is the default of what may be left out, and refused for the rest. */
static void check_null(enum record_type type, const char *good, const struct field *field)
{
    char *text = with_member(good, field->name, "null"), pointer[100];
    snprintf(pointer, sizeof pointer, "/%s", field->name);
    if (field->flags & FIELD_REQUIRED && !(field->flags & FIELD_KEY)) {
        expect_issue(type, text, pointer, "required");
    } else {
        struct record *record = read_good(type, text), *plain = read_good(type, good);
        char *left = fields_to_text(field, record), *right = fields_to_text(field, plain);
        if (!(field->flags & FIELD_KEY))
            CU_ASSERT_STRING_EQUAL(left, right);
        free(left);
        free(right);
        record_free(record);
        record_free(plain);
    }
    free(text);
}

static const struct {
    enum record_type type;
    const char *text;
} goods[] = {
    {RECORD_APPLICANT,
     "{\"applicant_id\": \"A1\", \"applied_at\": \"2025-03-01\", \"lat\": 31.2, \"lon\": 121, "
     "\"level\": 3, \"kinds\": [\"nursing\", \"meal\"]}"},
    {RECORD_POOL, "{\"pool_id\": \"P1\", \"institution_id\": \"H1\", \"kind\": \"nursing\", "
                  "\"beds_usable\": 5, \"beds_occupied\": 2}"},
    {RECORD_INSTITUTION,
     "{\"institution_id\": \"H1\", \"name\": \"North\", \"lat\": -31.5, \"lon\": 121}"},
    {RECORD_TRAVEL, "{\"from_id\": \"North End\", \"institution_id\": \"H1\", \"metres\": 7}"},
};

static void test_every_field(void)
{
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        const struct field_table *table = fields_of(goods[i].type);
        for (size_t k = 0; k < table->n; k++) {
            const struct field *field = &table->fields[k];
            if (!(field->flags & FIELD_CLIENT) || field->type == FIELD_EXTRAS)
                continue;
            check_bad_value(goods[i].type, goods[i].text, field);
            check_null(goods[i].type, goods[i].text, field);
        }
    }
}

/* What is not the client's to set is refused, by name. */
static void test_read_only(void)
{
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        const struct field_table *table = fields_of(goods[i].type);
        for (size_t k = 0; k < table->n; k++) {
            const struct field *field = &table->fields[k];
            if (field->flags & FIELD_CLIENT)
                continue;
            char *text = with_member(goods[i].text, field->name, "null"), pointer[100];
            snprintf(pointer, sizeof pointer, "/%s", field->name);
            expect_issue(goods[i].type, text, pointer, "read_only");
            free(text);
        }
    }
}

static void test_violations(void)
{
    static const struct {
        const char *name, *value, *pointer, *code;
    } cases[] = {
        {"kinds", "[\"nursing\", \"castle\"]", "/kinds/1", "unknown"},
        {"kinds", "[\"nursing\", 7]", "/kinds/1", "type"},
        {"kinds", "[]", "/kinds", "required"},
        {"kinds", "\"nursing\"", "/kinds", "type"},
        {"level", "7", "/level", "range"},
        {"level", "3.0", "/level", "type"},
        {"level", "\"3\"", "/level", "type"},
        {"lat", "91", "/lat", "range"},
        {"lat", "\"31\"", "/lat", "type"},
        {"applicant_id", "\"A:accept\"", "/applicant_id", "reserved"},
        {"applicant_id", "\"a b\"", "/applicant_id", "type"},
        {"applied_at", "\"soon\"", "/applied_at", "type"},
        {"sex", "\"other\"", "/sex", "unknown"},
        {"declined", "[\"P1\", \"P1@x\"]", "/declined/1", "type"},
        {"x_grade", "1", "/x_grade", "type"},
        {"shoe_size", "44", "/shoe_size", "unknown"},
        {"a~b/c", "44", "/a~0b~1c", "unknown"},
        {"x_", "\"a\"", "/x_", "unknown"},
        {"person", "{}", "/person", "unknown"}, /* not where personal data is not expected */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = with_member(person, cases[i].name, cases[i].value);
        expect_issue(RECORD_APPLICANT, text, cases[i].pointer, cases[i].code);
        free(text);
    }
    expect_issue(RECORD_APPLICANT, "[]", "", "type");
    expect_issue(RECORD_APPLICANT, "{\"level\": 1, \"level\": 2}", "", "syntax");
    expect_issue(RECORD_APPLICANT, "{\"level\": ", "", "syntax");
}

static void test_all_are_named(void)
{
    struct alm_error err;
    CU_ASSERT_PTR_NULL(read(RECORD_APPLICANT,
                            "{\"level\": 9, \"lat\": \"x\", \"sex\": 5, \"hat\": 1, \"state\": "
                            "\"waiting\", \"flags\": [\"a b\", \"ok\", 3]}",
                            NULL, NULL, &err));
    /* level lat sex hat state, two flags, and applied_at lon kinds are missing */
    CU_ASSERT_EQUAL(err.n_issues, 10);
    err_clear(&err);
}

static void test_ids(void)
{
    struct alm_error err;
    struct record *record = read(RECORD_APPLICANT, person, NULL, "A1", &err);
    CU_ASSERT_PTR_NOT_NULL(record);
    record_free(record);
    CU_ASSERT_PTR_NULL(read(RECORD_APPLICANT, person, NULL, "A2", &err));
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/applicant_id");
    err_clear(&err);
    char *text = with_member(person, "applicant_id", "null");
    record = read(RECORD_APPLICANT, text, NULL, "A2", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(record);
    CU_ASSERT_STRING_EQUAL(record->id, "A2");
    record_free(record);
    record = read(RECORD_APPLICANT, text, NULL, NULL, &err); /* the caller makes one */
    CU_ASSERT_PTR_NOT_NULL_FATAL(record);
    CU_ASSERT_STRING_EQUAL(record->id, "");
    record_free(record);
    free(text);
}

static void test_patch(void)
{
    struct alm_error err;
    char *text = with_member(person, "max_fee", "900");
    struct record *base = read_good(RECORD_APPLICANT, text);
    base->version = 4;
    struct record *patched =
        read(RECORD_APPLICANT, "{\"level\": 5, \"x_a\": \"b\"}", base, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(patched);
    CU_ASSERT_STRING_EQUAL(patched->id, "A1");
    CU_ASSERT_EQUAL(patched->version, 4);
    CU_ASSERT_EQUAL(((struct applicant *)patched)->level, 5);
    CU_ASSERT_EQUAL(((struct applicant *)patched)->max_fee, 900);
    struct record *again =
        read(RECORD_APPLICANT, "{\"max_fee\": null, \"x_a\": null}", patched, "A1", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    CU_ASSERT_EQUAL(((struct applicant *)again)->max_fee, RECORD_NO_LIMIT);
    CU_ASSERT_EQUAL(((struct applicant *)again)->n_extras, 0);
    CU_ASSERT_PTR_NULL(read(RECORD_APPLICANT, "{\"applicant_id\": \"A2\"}", base, NULL, &err));
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/applicant_id");
    err_clear(&err);
    CU_ASSERT_PTR_NULL(read(RECORD_APPLICANT, "{\"level\": null}", base, NULL, &err));
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/level");
    CU_ASSERT_EQUAL(((struct applicant *)base)->level, 3);
    err_clear(&err);
    record_free(base);
    record_free(patched);
    record_free(again);
    free(text);
}

static struct record *read_person(const char *value, char **person_json, struct alm_error *err)
{
    char *text = with_member(person, "person", value);
    err_init(err);
    struct record *record =
        record_from_json(RECORD_APPLICANT, text, strlen(text), NULL, 0, NULL, person_json, err);
    free(text);
    return record;
}

static void test_person(void)
{
    struct alm_error err;
    char *json;
    struct record *record = read_person("{\"phone\":\"1\",\"name\":\"N\"}", &json, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(record);
    CU_ASSERT_STRING_EQUAL(json, "{\"name\":\"N\",\"phone\":\"1\"}");
    char *shown = record_to_json(record), *kept = record_encode(record);
    CU_ASSERT_PTR_NULL(strstr(shown, "person"));
    CU_ASSERT_PTR_NULL(strstr(kept, "person"));
    free(shown);
    free(kept);
    free(json);
    record_free(record);
    static const char *const bad[][2] = {
        {"7", "/person"},
        {"null", "/person"},
        {"{\"hat\": \"x\"}", "/person/hat"},
        {"{\"name\": 7}", "/person/name"},
        {"{\"id_number\": \"3.10101E+17\"}", "/person/id_number"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CU_ASSERT_PTR_NULL(read_person(bad[i][0], &json, &err));
        CU_ASSERT_PTR_NULL(json);
        CU_ASSERT_EQUAL(err.n_issues, 1);
        CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, bad[i][1]);
        CU_ASSERT_PTR_NULL(strstr(err.message, "3.10101")); /* no personal data in a message */
        err_clear(&err);
    }
    record = record_from_json(RECORD_APPLICANT, person, strlen(person), NULL, 0, NULL, &json, &err);
    CU_ASSERT_PTR_NULL(json);
    record_free(record);
}

/* What clients have read they may send back, whole or as a patch; what is not theirs to set only as
 * it was. */
static void test_sent_back(void)
{
    struct alm_error err;
    err_init(&err);
    struct record *held = read_good(RECORD_POOL, pool_text);
    char *shown = record_to_json(held);
    for (int is_patch = 0; is_patch < 2; is_patch++) {
        struct record *again =
            record_from_json(RECORD_POOL, shown, strlen(shown), held, is_patch, "P1", NULL, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(again);
        char *text = record_to_json(again);
        CU_ASSERT_STRING_EQUAL(text, shown);
        free(text);
        record_free(again);
    }
    CU_ASSERT_PTR_NULL(
        record_from_json(RECORD_POOL, shown, strlen(shown), NULL, 0, "P1", NULL, &err));
    CU_ASSERT(err.n_issues >= 4); /* each of them by name */
    err_clear(&err);
    ((struct pool *)held)->beds_committed = 1;
    CU_ASSERT_PTR_NULL(
        record_from_json(RECORD_POOL, shown, strlen(shown), held, 0, "P1", NULL, &err));
    CU_ASSERT_EQUAL(err.n_issues, 2); /* the committed beds, and what they leave to offer */
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "/beds_committed");
    CU_ASSERT_STRING_EQUAL(err.issues[0].code, "read_only");
    CU_ASSERT_PTR_NOT_NULL(strstr(err.issues[0].detail, "(1)"));
    err_clear(&err);
    free(shown);
    record_free(held);
}

/* Some value that is not the default, for every field that is stored. */
static void fill(const struct field *field, struct record *record)
{
    static const char *const values[FIELD_TYPES] = {[FIELD_IDENT] = "id:1",
                                                    [FIELD_PLACE] = "a place>1",
                                                    [FIELD_LABEL] = "label",
                                                    [FIELD_TEXT] = "a \"t\\\n\t",
                                                    [FIELD_CODE] = "code",
                                                    [FIELD_INT] = "3",
                                                    [FIELD_BOOL] = "1",
                                                    [FIELD_DEGREES] = "12.3456789012345",
                                                    [FIELD_TIME] = "2025-03-01T10:00:01Z",
                                                    [FIELD_DATE] = "1941-05-06",
                                                    [FIELD_KINDS] = "meal;bath",
                                                    [FIELD_CODES] = "a;b",
                                                    [FIELD_IDS] = "H1;H1",
                                                    [FIELD_TEXTS] = "North End;b",
                                                    [FIELD_ROOMS] = "2x4;1x1",
                                                    [FIELD_RESERVES] = "a:1;b:0",
                                                    [FIELD_DECLINED] = "P1;P2@2025-03-01"};
    if (field->flags & FIELD_DERIVED)
        return;
    if (field->type == FIELD_EXTRAS) {
        fields_set_extra((struct applicant *)record, "x_a", "1", 1, "", NULL);
    } else if (field->type == FIELD_OBJECTIVES) {
        struct round *round = (struct round *)record;
        round->objectives[0] = (struct objective_value){OBJECTIVE_TRAVEL, -5, INT64_MIN};
        round->n_objectives = 1;
    } else {
        const char *text = values[field->type];
        if (field->type == FIELD_WORD)
            text = field->words->list[field->words->count - 1];
        CU_ASSERT_EQUAL(fields_from_text(field, record, text, strlen(text), "", NULL), 0);
    }
}

/* What the store keeps says everything, whatever the record holds. */
static void check_stored(const struct record *record)
{
    struct alm_error err;
    err_init(&err);
    char *text = record_encode(record);
    struct record *again = record_decode(record->type, text, strlen(text), 9, &err);
    CU_ASSERT_PTR_NOT_NULL(again);
    if (!again) {
        printf("\n    %s\n", err.message);
    } else {
        char *second = record_encode(again);
        CU_ASSERT_STRING_EQUAL(text, second);
        CU_ASSERT_EQUAL(again->version, 9);
        CU_ASSERT_STRING_EQUAL(again->id, record->id);
        free(second);
    }
    record_free(again);
    err_clear(&err);
    free(text);
}

static void test_stored_form(void)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct field_table *table = fields_of(type);
        struct record *record = record_new(type, "id:1");
        for (size_t i = 0; i < table->n; i++)
            if (table->fields[i].flags & FIELD_REQUIRED)
                fill(&table->fields[i], record);
        check_stored(record);
        for (size_t i = 0; i < table->n; i++)
            fill(&table->fields[i], record);
        if (type ==
            RECORD_POOL) /* the last word of a kind is a service, and `rooms` needs any sex */
            ((struct pool *)record)->kind = KIND_NURSING, ((struct pool *)record)->sex = 0;
        check_stored(record);
        for (size_t i = 0; i < table->n; i++) {
            char *text = record_encode(record), *cut = with_member(text, "surprise", "1");
            CU_ASSERT_PTR_NOT_NULL(strstr(text, "id:1"));
            CU_ASSERT_PTR_NULL(record_decode(type, cut, strlen(cut), 1, NULL));
            free(text);
            free(cut);
        }
        record_free(record);
    }
}

/* What clients read says every field that has FIELD_JSON, and no other. */
static void test_shown_form(void)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct field_table *table = fields_of(type);
        struct record *record = record_new(type, "id:1");
        char *text = record_to_json(record), key[100];
        for (size_t i = 0; i < table->n; i++) {
            snprintf(key, sizeof key, "\"%s\": ", table->fields[i].name);
            int is_shown =
                table->fields[i].flags & FIELD_JSON && table->fields[i].type != FIELD_EXTRAS;
            CU_ASSERT_EQUAL(strstr(text, key) != NULL, is_shown);
        }
        free(text);
        record_free(record);
    }
}

/* Whoever reads a round that runs is not told that it failed, nor that it placed nobody. */
static void test_a_running_round(void)
{
    static const char *const known[] = {"\"state\": \"finished\"",  "\"ok\": false",
                                        "\"status\": \"feasible\"", "\"placed\": 0",
                                        "\"objectives\": []",       "\"message\": \"\""};
    struct round *round = (struct round *)record_new(RECORD_ROUND, "1");
    char *running = record_to_json(&round->record), *kept = record_encode(&round->record);
    round->finished_at = 1740787200;
    char *finished = record_to_json(&round->record);
    CU_ASSERT_PTR_NOT_NULL(strstr(running, "\"state\": \"running\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(running, "\"number\": 0"));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char null[40];
        snprintf(null, sizeof null, "%.*s: null", (int)strcspn(known[i], ":"), known[i]);
        CU_ASSERT_EQUAL(strstr(running, null) != NULL, i > 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(finished, known[i]));
        CU_ASSERT_EQUAL(strstr(kept, known[i]) != NULL, i > 0); /* `state` is not stored */
    }
    free(running);
    free(kept);
    free(finished);
    record_free(&round->record);
}

static const struct check_test tests[] = {
    {"record_json_applicant", test_applicant},
    {"record_json_pool_lists", test_pool_lists},
    {"record_json_every_field", test_every_field},
    {"record_json_read_only", test_read_only},
    {"record_json_violations", test_violations},
    {"record_json_all_are_named", test_all_are_named},
    {"record_json_ids", test_ids},
    {"record_json_patch", test_patch},
    {"record_json_person", test_person},
    {"record_json_sent_back", test_sent_back},
    {"record_json_stored_form", test_stored_form},
    {"record_json_shown_form", test_shown_form},
    {"record_json_running_round", test_a_running_round},
};
CHECK_SUITE(suite_record_json, tests);
