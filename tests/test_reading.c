/* Tests of api/ as those see it who read: pages, reports, the line of a ticket, the description. */
#include "tests/check.h"

#include "api/routes.h"
#include "models/fields.h"
#include "tests/talk.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void test_paging(void)
{
    char last[ID_MAX + 1];
    talk_begin();
    size_t all = talk_walk("/v1/applicants?limit=1000", talk_admin(), "applicant_id", last);
    size_t of_north = talk_walk("/v1/applicants?limit=7", talk_north(), "applicant_id", last);
    size_t of_south = talk_walk("/v1/applicants?limit=1", talk_server.south, "applicant_id", last);
    CU_ASSERT(all > 20);
    CU_ASSERT_EQUAL(of_north + of_south, all);
    CU_ASSERT_EQUAL(
        talk_walk("/v1/applicants?limit=3&district=South", talk_admin(), "applicant_id", last),
        of_south);
    CU_ASSERT_EQUAL(
        talk_walk("/v1/applicants?limit=3&district=South", talk_north(), "applicant_id", last), 0);
    CU_ASSERT_EQUAL(
        talk_walk("/v1/applicants?kind=dementia&limit=9", talk_admin(), "applicant_id", last), 0);
    CU_ASSERT_EQUAL(talk_walk("/v1/applicants?kind=nursing&level=3&limit=9", talk_admin(),
                              "applicant_id", last),
                    all);
    size_t offers = talk_walk("/v1/offers?limit=4", talk_admin(), "offer_id", last);
    CU_ASSERT_EQUAL(talk_walk("/v1/offers?limit=4", talk_home(), "offer_id", last) * 2, offers);
    CU_ASSERT_EQUAL(
        talk_walk("/v1/offers?institution=I2&limit=4", talk_admin(), "offer_id", last) * 2, offers);
    CU_ASSERT_EQUAL(talk_walk("/v1/offers?institution=I2&limit=4", talk_home(), "offer_id", last),
                    0);
    CU_ASSERT(talk_walk("/v1/offers?state=accepted&limit=4", talk_admin(), "offer_id", last) <
              offers);
    talk_end();
}

static void test_reports(void)
{
    talk_begin();
    json_t *report = talk_say(talk_planner(), "GET", "/v1/occupancy", "", NULL, 200);
    const json_t *total = json_object_get(report, "total");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(report, "rows")), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(total, "beds_usable")), 2000);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(total, "beds_offerable")), 0);
    json_decref(report);
    report =
        talk_say(talk_planner(), "GET", "/v1/occupancy?district=North&kind=nursing", "", NULL, 200);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(report, "rows")), 1);
    json_decref(report);
    json_t *all = talk_say(talk_planner(), "GET", "/v1/waiting", "", NULL, 200);
    json_t *own = talk_say(talk_north(), "GET", "/v1/waiting", "", NULL, 200);
    CU_ASSERT(json_integer_value(json_object_get(own, "waiting")) > 0);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(own, "waiting")) * 2,
                    json_integer_value(json_object_get(all, "waiting")));
    json_t *ticket = talk_say(talk_north(), "GET", "/v1/waiting?ticket=A1", "", NULL, 200);
    json_int_t position = json_integer_value(json_object_get(ticket, "position"));
    CU_ASSERT(position >= 1 && position <= json_integer_value(json_object_get(all, "waiting")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(ticket, "waited_days")), 10);
    json_decref(ticket);
    talk_tell(talk_north(), "GET", "/v1/waiting?ticket=B1", "", NULL, 404);
    json_decref(all);
    json_decref(own);
    talk_end();
}

/* A home sees its own residents and nobody else; people without a bed are in no such list. */
static void test_residents(void)
{
    char last[ID_MAX + 1];
    talk_begin();
    size_t all = talk_walk("/v1/residents?limit=4", talk_admin(), "applicant_id", last);
    size_t own = talk_walk("/v1/residents?limit=4", talk_home(), "applicant_id", last);
    CU_ASSERT(own > 4 && own * 2 == all);
    CU_ASSERT_EQUAL(
        talk_walk("/v1/residents?limit=4&institution=I2", talk_admin(), "applicant_id", last), own);
    CU_ASSERT_EQUAL(
        talk_walk("/v1/residents?limit=4&institution=I2", talk_home(), "applicant_id", last), 0);
    CU_ASSERT_EQUAL(talk_walk("/v1/residents?limit=9&pool=P1", talk_home(), "applicant_id", last),
                    own);
    CU_ASSERT_EQUAL(talk_walk("/v1/residents?limit=9&pool=P2", talk_home(), "applicant_id", last),
                    0);
    size_t away = talk_walk("/v1/residents?limit=9&on_leave=1", talk_home(), "applicant_id", last);
    CU_ASSERT(away > 0);
    talk_tell(talk_home(), "GET", "/v1/residents/A1", "", NULL, 404);
    talk_tell(talk_admin(), "GET", "/v1/residents/A1", "", NULL, 404);
    json_t *one = talk_say(talk_admin(), "GET", "/v1/residents?on_leave=1&limit=1", "", NULL, 200);
    const json_t *first = json_array_get(json_object_get(one, "items"), 0);
    char path[128];
    snprintf(path, sizeof path, "/v1/residents/%s", talk_text(first, "applicant_id"));
    talk_tell(talk_admin(), "GET", path, "", NULL, 200);
    talk_tell(talk_admin(), "GET", "/v1/residents?on_leave=yes", "", NULL, 422);
    talk_tell(talk_admin(), "GET", "/v1/residents?state=here", "", NULL, 422);
    json_decref(one);
    talk_end();
}

/* Live and over: each offer is one of the two. */
static void test_live_offers(void)
{
    char last[ID_MAX + 1];
    talk_begin();
    size_t all = talk_walk("/v1/offers?limit=9", talk_home(), "offer_id", last);
    CU_ASSERT_EQUAL(talk_walk("/v1/offers?limit=9&live=1", talk_home(), "offer_id", last), all);
    CU_ASSERT_EQUAL(talk_walk("/v1/offers?limit=9&live=0", talk_home(), "offer_id", last), 0);
    json_t *page = talk_say(talk_home(), "GET", "/v1/offers?limit=1&state=sent", "", NULL, 200);
    const json_t *offer = json_array_get(json_object_get(page, "items"), 0);
    char path[128];
    snprintf(path, sizeof path, "/v1/offers/%s:withdraw", talk_text(offer, "offer_id"));
    talk_tell(talk_home(), "POST", path, "", "{\"reason\":\"repairs\"}", 200);
    CU_ASSERT_EQUAL(talk_walk("/v1/offers?limit=9&live=1", talk_home(), "offer_id", last), all - 1);
    CU_ASSERT_EQUAL(talk_walk("/v1/offers?limit=9&live=0", talk_home(), "offer_id", last), 1);
    talk_tell(talk_home(), "GET", "/v1/offers?live=2", "", NULL, 422);
    json_decref(page);
    talk_end();
}

static json_int_t number_of(const char *token, const char *path, const char *name)
{
    json_t *report = talk_say(token, "GET", path, "", NULL, 200);
    json_int_t number = json_integer_value(json_object_get(report, name));
    json_decref(report);
    return number;
}

/* A resident who asks to move takes nobody's place in the line of those who have none. */
static void test_lines(void)
{
    talk_begin();
    json_int_t all = number_of(talk_north(), "/v1/waiting?ticket=A1", "waiting");
    json_int_t place = number_of(talk_north(), "/v1/waiting?ticket=A1", "position");
    talk_tell(talk_north(), "POST", "/v1/applicants", "",
              "{\"applicant_id\":\"M1\",\"current_pool\":\"P1\",\"applied_at\":\"2020-01-01\","
              "\"lat\":1,\"lon\":1,\"level\":6,\"kinds\":[\"nursing\"]}",
              201);
    CU_ASSERT_EQUAL(number_of(talk_north(), "/v1/waiting?ticket=A1", "waiting"), all);
    CU_ASSERT_EQUAL(number_of(talk_north(), "/v1/waiting?ticket=A1", "position"), place);
    CU_ASSERT_EQUAL(number_of(talk_north(), "/v1/waiting?ticket=M1", "waiting"), 1);
    CU_ASSERT_EQUAL(number_of(talk_north(), "/v1/waiting?ticket=M1", "position"), 1);
    talk_end();
}

static void test_assessments(void)
{
    char last[ID_MAX + 1];
    talk_begin();
    CU_ASSERT_EQUAL(number_of(talk_north(), "/v1/waiting", "assessment_expired"), 0);
    talk_tell(talk_north(), "PATCH", "/v1/applicants/A1", "If-Match: \"1\"\r\n",
              "{\"assessment_valid_until\":\"2025-02-28\"}", 200);
    CU_ASSERT_EQUAL(number_of(talk_north(), "/v1/waiting", "assessment_expired"), 1);
    json_t *ticket = talk_say(talk_north(), "GET", "/v1/waiting?ticket=A1", "", NULL, 200);
    CU_ASSERT(json_is_false(json_object_get(ticket, "assessment_valid")));
    json_decref(ticket);
    CU_ASSERT_EQUAL(talk_walk("/v1/applicants?limit=9&assessment_until=2025-02-27", talk_north(),
                              "applicant_id", last),
                    0);
    CU_ASSERT_EQUAL(talk_walk("/v1/applicants?limit=9&assessment_until=2025-02-28", talk_north(),
                              "applicant_id", last),
                    1);
    talk_tell(talk_north(), "GET", "/v1/applicants?assessment_until=soon", "", NULL, 422);
    talk_end();
}

static void test_description(void)
{
    talk_begin();
    json_t *document = talk_say("", "GET", "/openapi.json", "", NULL, 200);
    for (size_t i = 0; i < routes_n; i++) {
        char path[128], method[16];
        routes_path(&routes[i], "{id}", path, sizeof path);
        snprintf(method, sizeof method, "%s", gate_method_word(routes[i].method));
        for (char *c = method; *c; c++)
            *c = (char)(*c | 0x20);
        const json_t *operation =
            json_object_get(json_object_get(json_object_get(document, "paths"), path), method);
        CU_ASSERT_STRING_EQUAL(talk_text(operation, "summary"), routes[i].meaning);
        CU_ASSERT_EQUAL(json_object_get(operation, "requestBody") != NULL,
                        (routes[i].flags & (ROUTE_BODY | ROUTE_LARGE)) != 0);
    }
    const json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas");
    const json_t *properties = json_object_get(json_object_get(schemas, "applicant"), "properties");
    const struct field_table *table = fields_of(RECORD_APPLICANT);
    for (size_t i = 0; i < table->n; i++)
        if (table->fields[i].flags & FIELD_CLIENT && table->fields[i].type != FIELD_EXTRAS)
            CU_ASSERT_PTR_NOT_NULL(json_object_get(properties, table->fields[i].name));
    CU_ASSERT_STRING_EQUAL(talk_text(json_object_get(properties, "level"), "type"), "integer");
    const json_t *limit = json_object_get(json_object_get(properties, "max_fee"), "type");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(limit, 1)), "null");
    json_decref(document);
    /* what a proxy forwards is not from this machine: then the open routes want a token too */
    talk_tell("", "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\n", NULL, 401);
    talk_tell("", "GET", "/metrics", "Via: 1.1 gate\r\n", NULL, 401);
    talk_tell("", "GET", "/metrics", "X-Real-IP: 192.0.2.1\r\n", NULL, 401);
    talk_tell(talk_planner(), "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\n", NULL, 200);
    talk_end();
}

static const struct check_test tests[] = {
    {"paging", test_paging},
    {"reports", test_reports},
    {"lines", test_lines},
    {"assessments", test_assessments},
    {"description", test_description},
    {"residents", test_residents},
    {"live offers", test_live_offers},
};
CHECK_SUITE(suite_reading, tests);
