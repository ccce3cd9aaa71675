/* test_change.c - changes: composing them, and the line of JSON that the feed carries. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/change.h"
#include "models/fields.h"
#include "models/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_compose(void)
{
    struct change change;
    change_init(&change);
    struct record *old = record_new(RECORD_POOL, "P1");
    old->version = 7;
    struct record *edited = change_edit(&change, old);
    CU_ASSERT_PTR_NOT_EQUAL(edited, old);
    CU_ASSERT_EQUAL(edited->version, 8);
    CU_ASSERT_EQUAL(change.items[0].expects, 7);
    CU_ASSERT_PTR_EQUAL(change_edit(&change, old), edited);
    struct record *made = change_create(&change, RECORD_OFFER, "P1");
    CU_ASSERT_EQUAL(made->version, 1);
    CU_ASSERT_EQUAL(change.items[1].expects, 0);
    CU_ASSERT_PTR_EQUAL(change_edit(&change, made), made);
    CU_ASSERT_EQUAL(change.n, 2);
    CU_ASSERT_PTR_EQUAL(change_find(&change, RECORD_OFFER, "P1"), made);
    CU_ASSERT_PTR_NULL(change_find(&change, RECORD_APPLICANT, "P1"));
    record_free(old);
    change_clear(&change);
    CU_ASSERT_EQUAL(change.n, 0);
}

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = alloc_string(value);
}

/* The least that a record of each type must say. */
static void fill_institution(struct record *record)
{
    set_text(&((struct institution *)record)->name, "Invented Home");
}

static void fill_pool(struct record *record)
{
    strcpy(((struct pool *)record)->institution_id, "X1");
}

static void fill_applicant(struct record *record)
{
    struct applicant *person = (struct applicant *)record;
    person->applied_at = 1700000000;
    person->kinds = 1u << KIND_NURSING;
}

static void fill_offer(struct record *record)
{
    struct offer *offer = (struct offer *)record;
    strcpy(offer->applicant_id, "X1");
    strcpy(offer->pool_id, "X1");
    strcpy(offer->institution_id, "X1");
    offer->answer_due = 1740800000;
}

static void fill_round(struct record *record)
{
    struct round *round = (struct round *)record;
    round->number = 12;
    round->started_at = round->finished_at = 1740787200;
    round->n_objectives = 1;
    round->objectives[0] = (struct objective_value){OBJECTIVE_NEED, 5, 5};
}

static void fill_travel(struct record *record)
{
    struct travel *travel = (struct travel *)record;
    strcpy(travel->from_id, "V1");
    strcpy(travel->institution_id, "X1");
}

static void fill_policy(struct record *record)
{
    set_text(&((struct policy_record *)record)->json, "{\"name\": \"p\"}");
}

/* A change with a record of every type. */
static void fill(struct change *change)
{
    change_init(change);
    snprintf(change->id, sizeof change->id, "0123456789abcdef0123456789abcdef");
    change->event = EVENT_OFFER_ACCEPTED;
    change->at = 1740787200;
    snprintf(change->subject, sizeof change->subject, "R1-0001");
    static void (*const fill_type[RECORD_TYPE_COUNT])(struct record *) = {
        [RECORD_POLICY] = fill_policy, [RECORD_INSTITUTION] = fill_institution,
        [RECORD_POOL] = fill_pool,     [RECORD_APPLICANT] = fill_applicant,
        [RECORD_OFFER] = fill_offer,   [RECORD_ROUND] = fill_round,
        [RECORD_TRAVEL] = fill_travel,
    };
    for (int type = 0; type < RECORD_TYPE_COUNT; type++)
        fill_type[type](change_create(change, type, "X1"));
    struct record *old = record_new(RECORD_APPLICANT, "A1");
    old->version = 41;
    fill_applicant(old);
    struct applicant *person = (struct applicant *)change_edit(change, old);
    record_free(old);
    person->level = 4;
    set_text(&person->district, "a \"quoted\" \\ \xe5\x8f\xb0");
    list_add(&person->flags, "lives_alone", 11);
    change->person_json = alloc_string("{\"name\":\"Secret Invented\"}");
    snprintf(change->person_id, sizeof change->person_id, "A1");
    snprintf(change->idempotency.key, sizeof change->idempotency.key, "token:key");
}

static void test_there_and_back(void)
{
    struct change change, back;
    struct alm_error err;
    err_init(&err);
    fill(&change);
    char *line = change_to_json(&change);
    CU_ASSERT_PTR_NULL(strchr(line, '\n'));
    CU_ASSERT_PTR_NULL(strstr(line, "Secret"));
    CU_ASSERT_PTR_NULL(strstr(line, "token:key"));
    CU_ASSERT_EQUAL_FATAL(change_from_json(line, strlen(line), &back, &err), 0);
    CU_ASSERT_STRING_EQUAL(back.id, change.id);
    CU_ASSERT_STRING_EQUAL(back.subject, change.subject);
    CU_ASSERT_EQUAL(back.event, change.event);
    CU_ASSERT_EQUAL(back.at, change.at);
    CU_ASSERT_EQUAL_FATAL(back.n, change.n);
    for (size_t i = 0; i < back.n; i++) {
        CU_ASSERT_EQUAL(back.items[i].expects, change.items[i].expects);
        CU_ASSERT_EQUAL(back.items[i].record->version, change.items[i].record->version);
        char *one = record_encode(change.items[i].record);
        char *two = record_encode(back.items[i].record);
        CU_ASSERT_STRING_EQUAL(one, two);
        free(two);
        free(one);
    }
    char *again = change_to_json(&back);
    CU_ASSERT_STRING_EQUAL(again, line);
    free(again);
    free(line);
    change_clear(&back);
    change_clear(&change);
    err_clear(&err);
}

/* Every text that begins like a feed entry and is cut off is refused, and leaves an empty change.
 */
static void test_cut_off(void)
{
    struct change change, back;
    fill(&change);
    char *line = change_to_json(&change);
    size_t len = strlen(line);
    for (size_t n = 0; n < len; n++) {
        struct alm_error err;
        err_init(&err);
        CU_ASSERT_EQUAL(change_from_json(line, n, &back, &err), -1);
        CU_ASSERT_EQUAL(back.n, 0);
        CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
        err_clear(&err);
    }
    free(line);
    change_clear(&change);
}

static void test_refused(void)
{
    static const char *const texts[] = {
        "{}",
        "{\"id\":\"a\",\"event\":\"offer.eaten\",\"at\":\"2025-03-01\",\"subject\":\"\","
        "\"records\":[]}",
        "{\"id\":\"a\",\"event\":\"pool.put\",\"at\":\"yesterday\",\"subject\":\"\",\"records\":[]"
        "}",
        "{\"id\":\"a\",\"event\":\"pool.put\",\"at\":\"2025-03-01\",\"subject\":\"\","
        "\"records\":[{\"type\":\"pool\",\"version\":0,\"record\":{}}]}",
        "{\"id\":\"a\",\"event\":\"pool.put\",\"at\":\"2025-03-01\",\"subject\":\"\","
        "\"records\":[{\"type\":\"pool\",\"version\":1,\"record\":{\"colour\":1}}]}",
        "{\"id\":\"a\",\"event\":\"pool.put\",\"at\":\"2025-03-01\",\"subject\":\"\","
        "\"records\":[{\"type\":\"boat\",\"version\":1,\"record\":{}}]}",
        "{\"id\":\"0123456789abcdef0123456789abcdef0\",\"event\":\"pool.put\","
        "\"at\":\"2025-03-01\",\"subject\":\"\",\"records\":[]}",
        "{\"id\":\"a\",\"event\":\"pool.put\",\"at\":\"2025-03-01\",\"subject\":\"\","
        "\"records\":[],\"person\":{}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct change back;
        struct alm_error err;
        err_init(&err);
        CU_ASSERT_EQUAL(change_from_json(texts[i], strlen(texts[i]), &back, &err), -1);
        CU_ASSERT_EQUAL(back.n, 0);
        CU_ASSERT(err.n_issues > 0);
        err_clear(&err);
    }
    struct change empty;
    static const char nothing[] = "{\"id\":\"a\",\"event\":\"pool.put\",\"at\":\"2025-03-01\","
                                  "\"subject\":\"\",\"records\":[]}";
    CU_ASSERT_EQUAL(change_from_json(nothing, strlen(nothing), &empty, NULL), 0);
    CU_ASSERT_EQUAL(empty.n, 0);
    change_clear(&empty);
}

static const struct check_test tests[] = {
    {"change_compose", test_compose},
    {"change_there_and_back", test_there_and_back},
    {"change_cut_off", test_cut_off},
    {"change_refused", test_refused},
};

CHECK_SUITE(suite_change, tests);
