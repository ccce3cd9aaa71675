/* Tests of api/ as its users see it: submitting, answering, repeating, importing, listening; who
 * sees personal data. One server per test, over a memory store. */
#include "tests/check.h"

#include "api/routes.h"
#include "models/alloc.h"
#include "tests/api_seed.h"
#include "tests/http_client.h"
#include "tests/talk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHOLE                                                                                      \
    "\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121.5,\"level\":2,\"kinds\":[\"nursing\"]"
#define PERSON                                                                                     \
    "\"person\":{\"name\":\"Test Person\",\"phone\":\"000-111\",\"address\":\"Nowhere 1\"}"

/* The id that the seed has for a route and the role district or institution. */
static const char *seeded(enum gate_method method, const char *sample, int role,
                          char id[ID_MAX + 1])
{
    char unused[ID_MAX + 1];
    unsigned allowed;
    const struct route *route = routes_match(method, sample, unused, &allowed);
    return api_seed_id((size_t)(route - routes), role, 1, id);
}

/* ---- submitting and changing ---- */

static void test_submit(void)
{
    struct http_answer answer;
    char tag[32], location[128], path[160];
    talk_begin();
    http_client_ask(talk_server.port, "POST", "/v1/applicants", talk_north(), "", "{" WHOLE "}",
                    &answer);
    CU_ASSERT_EQUAL(answer.status, 201);
    CU_ASSERT_STRING_EQUAL(http_answer_header(&answer, "ETag", tag, sizeof tag), "\"1\"");
    http_answer_header(&answer, "Location", location, sizeof location);
    json_t *made = json_loads(answer.body, 0, NULL);
    snprintf(path, sizeof path, "/v1/applicants/%s", talk_text(made, "applicant_id"));
    CU_ASSERT_STRING_EQUAL(location, path);
    CU_ASSERT_STRING_EQUAL(talk_text(made, "district"), "North");
    CU_ASSERT_STRING_EQUAL(talk_text(made, "state"), "waiting");
    http_answer_clear(&answer);
    json_t *read = talk_say(talk_north(), "GET", path, "", NULL, 200);
    CU_ASSERT(json_equal(made, read));
    json_decref(read);
    talk_tell(talk_server.south, "GET", path, "", NULL, 404);
    json_decref(made);
    talk_tell(talk_north(), "POST", "/v1/applicants", "", "{\"applicant_id\":\"A1\"," WHOLE "}",
              409);
    talk_tell(talk_north(), "POST", "/v1/applicants", "", "{\"district\":\"South\"," WHOLE "}",
              403);
    talk_tell(talk_admin(), "POST", "/v1/applicants", "", "{\"applicant_id\":\"N:7\"," WHOLE "}",
              201);
    talk_tell(talk_admin(), "GET", "/v1/applicants/N%3A7", "", NULL, 200);
    talk_end();
}

static void test_change(void)
{
    struct http_answer answer;
    char tag[32];
    talk_begin();
    http_client_ask(talk_server.port, "PATCH", "/v1/applicants/A1", talk_north(),
                    "If-Match: \"1\"\r\n", "{\"level\":5,\"min_star\":3}", &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    CU_ASSERT_STRING_EQUAL(http_answer_header(&answer, "ETag", tag, sizeof tag), "\"2\"");
    http_answer_clear(&answer);
    talk_tell(talk_north(), "PATCH", "/v1/applicants/A1", "If-Match: \"1\"\r\n", "{\"level\":4}",
              412);
    talk_tell(talk_north(), "PATCH", "/v1/applicants/A1", "If-Match: \"7\", \"2\"\r\n",
              "{\"min_star\":null}", 200);
    talk_tell(talk_north(), "PATCH", "/v1/applicants/A1", "If-Match: *\r\n",
              "{\"district\":\"South\"}", 403);
    json_t *read = talk_say(talk_north(), "GET", "/v1/applicants/A1", "", NULL, 200);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(read, "level")), 5);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(read, "min_star")), 0);
    json_decref(read);
    talk_tell(talk_north(), "POST", "/v1/applicants/A1:park", "If-Match: \"1\"\r\n", "", 412);
    talk_tell(talk_north(), "POST", "/v1/applicants/A1:park", "If-Match: \"3\"\r\n",
              "{\"until\":\"2025-06-01\"}", 200);
    talk_tell(talk_north(), "POST", "/v1/applicants/A1:park", "", "", 409);
    talk_tell(talk_north(), "POST", "/v1/applicants/A1:unpark", "", "", 200);
    talk_tell(talk_north(), "POST", "/v1/applicants/A1:withdraw", "", "{\"reason\":\"died\"}", 200);
    talk_tell(talk_north(), "PATCH", "/v1/applicants/A1", "If-Match: *\r\n", "{\"level\":1}", 409);
    talk_end();
}

#define POOL(home)                                                                                 \
    "{\"institution_id\":\"" home "\",\"kind\":\"dementia\",\"beds_usable\":4,\"beds_occupied\":"  \
    "1}"

/* Reads a record, sets one of its numbers, sends all of it back. */
static void send_back(const char *who, const char *method, const char *path, const char *name,
                      json_int_t number, int status)
{
    json_t *record = talk_say(who, "GET", path, "", NULL, 200);
    json_object_set_new(record, name, json_integer(number));
    char *text = json_dumps(record, JSON_COMPACT);
    json_t *answer = talk_say(who, method, path, "If-Match: *\r\n", text, status);
    if (status == 200)
        CU_ASSERT_EQUAL(json_integer_value(json_object_get(answer, name)), number);
    json_decref(answer);
    json_decref(record);
    free(text);
}

/* A program that reads, changes a field and sends everything back is a good one. */
static void test_sent_back(void)
{
    talk_begin();
    send_back(talk_home(), "PUT", "/v1/pools/P1", "monthly_fee", 900, 200);
    send_back(talk_home(), "PUT", "/v1/pools/P1", "beds_offerable", 77, 422);
    send_back(talk_home(), "PUT", "/v1/institutions/I1", "star", 4, 200);
    json_t *page = talk_say(talk_home(), "GET", "/v1/pools?limit=1", "", NULL, 200);
    char *item = json_dumps(json_array_get(json_object_get(page, "items"), 0), JSON_COMPACT);
    talk_tell(talk_home(), "PUT", "/v1/pools/P1", "If-Match: *\r\n", item, 200);
    talk_tell(talk_home(), "PUT", "/v1/pools/P1", "If-Match: *\r\n", item, 422); /* that was it */
    talk_tell(talk_home(), "PUT", "/v1/pools/P9", "If-None-Match: *\r\n", item, 422);
    free(item);
    json_decref(page);
    talk_tell(talk_north(), "PATCH", "/v1/applicants/A1", "If-Match: *\r\n",
              "{\"person\":{\"name\":\"Demo Person\"}}", 200);
    send_back(talk_north(), "PATCH", "/v1/applicants/A1", "level", 5, 200);
    send_back(talk_north(), "PATCH", "/v1/applicants/A1", "closed_at", 5, 422);
    json_t *kept = talk_say(talk_north(), "GET", "/v1/applicants/A1", "", NULL, 200);
    CU_ASSERT_STRING_EQUAL(talk_text(json_object_get(kept, "person"), "name"), "Demo Person");
    json_decref(kept);
    talk_end();
}

static void test_put(void)
{
    struct http_answer answer;
    char location[128];
    talk_begin();
    http_client_ask(talk_server.port, "PUT", "/v1/pools/P7", talk_home(), "If-None-Match: *\r\n",
                    POOL("I1"), &answer);
    CU_ASSERT_EQUAL(answer.status, 201);
    CU_ASSERT_STRING_EQUAL(http_answer_header(&answer, "Location", location, sizeof location),
                           "/v1/pools/P7");
    http_answer_clear(&answer);
    talk_tell(talk_home(), "PUT", "/v1/pools/P8", "If-None-Match: *\r\n", POOL("I2"), 403);
    talk_tell(talk_home(), "PUT", "/v1/pools/P2", "If-Match: *\r\n", POOL("I1"), 404);
    talk_tell(talk_home(), "PUT", "/v1/pools/P2", "", POOL("I1"), 428);
    talk_tell(talk_home(), "PUT", "/v1/pools/P9", "", POOL("I1"), 428);
    talk_tell(talk_home(), "PUT", "/v1/pools/P7", "If-Match: \"1\"\r\n", POOL("I1"), 200);
    talk_tell(talk_home(), "PUT", "/v1/pools/P7", "If-Match: \"1\"\r\n", POOL("I1"), 412);
    json_t *pool = talk_say(talk_home(), "PUT", "/v1/pools/P7/vacancy", "",
                            "{\"beds_usable\":12,\"beds_occupied\":9}", 200);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(pool, "beds_offerable")), 3);
    json_decref(pool);
    talk_tell(talk_admin(), "PUT", "/v1/institutions/I7", "If-None-Match: *\r\n",
              "{\"name\":\"Seventh\",\"lat\":25,\"lon\":121}", 201);
    talk_tell(talk_home(), "PUT", "/v1/institutions/I8", "If-None-Match: *\r\n",
              "{\"name\":\"Eighth\",\"lat\":25,\"lon\":121}", 404);
    talk_end();
}

/* ---- personal data ---- */

static int has_person(const char *who, const char *path)
{
    json_t *read = talk_say(who, "GET", path, "", NULL, 200);
    const json_t *person = json_object_get(read, "person");
    int has = person && strcmp(talk_text(person, "name"), "Test Person") == 0;
    json_decref(read);
    return has;
}

static void test_person(void)
{
    char offer[ID_MAX + 1], path[160], applicant[160];
    struct http_answer answer;
    talk_begin();
    seeded(GATE_POST, "/v1/offers/x:decline", ROLE_DISTRICT, offer);
    snprintf(path, sizeof path, "/v1/offers/%s", offer);
    snprintf(applicant, sizeof applicant, "/v1/applicants/%sp", offer);
    CU_ASSERT_FALSE(has_person(talk_north(), applicant));
    http_client_ask(talk_server.port, "PATCH", applicant, talk_north(), "If-Match: *\r\n",
                    "{" PERSON "}", &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    CU_ASSERT_PTR_NULL(strstr(answer.body, "Test Person"));
    http_answer_clear(&answer);
    CU_ASSERT(has_person(talk_north(), applicant));
    CU_ASSERT_FALSE(has_person(talk_admin(), applicant));
    CU_ASSERT(has_person(talk_home(), path));
    CU_ASSERT_FALSE(has_person(talk_north(), path));
    CU_ASSERT_FALSE(has_person(talk_admin(), path));
    talk_tell(talk_server.i2, "GET", path, "", NULL, 404);
    char action[200];
    snprintf(action, sizeof action, "%s:decline", path);
    talk_tell(talk_north(), "POST", action, "", "{\"reason\":\"too_far\"}", 200);
    CU_ASSERT_FALSE(has_person(talk_home(), path));
    CU_ASSERT(has_person(talk_north(), applicant));
    static const char *const lists[] = {"/v1/applicants?limit=1000", "/v1/offers?limit=1000",
                                        "/metrics", "/v1/waiting"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        http_client_ask(talk_server.port, "GET", lists[i], talk_north(), "", NULL, &answer);
        CU_ASSERT_EQUAL(answer.status, 200);
        CU_ASSERT_PTR_NULL(strstr(answer.body, "Test Person"));
        http_answer_clear(&answer);
    }
    talk_end();
}

/* ---- repeating ---- */

static void test_repeat(void)
{
    static const char key[] = "Idempotency-Key: k-1\r\n";
    char offer[ID_MAX + 1], path[160];
    talk_begin();
    json_t *first = talk_say(talk_north(), "POST", "/v1/applicants", key, "{" WHOLE "}", 201);
    json_t *again = talk_say(talk_north(), "POST", "/v1/applicants", key, "{" WHOLE "}", 201);
    CU_ASSERT(json_equal(first, again));
    json_decref(again);
    talk_tell(talk_north(), "POST", "/v1/applicants", key, "{\"min_star\":1," WHOLE "}", 422);
    json_t *other = talk_say(talk_server.south, "POST", "/v1/applicants", key, "{" WHOLE "}", 201);
    CU_ASSERT_FALSE(json_equal(first, other));
    json_decref(first);
    json_decref(other);
    /* an answer that would be refused by now */
    snprintf(path, sizeof path, "/v1/offers/%s:accept",
             seeded(GATE_POST, "/v1/offers/x:accept", ROLE_DISTRICT, offer));
    first = talk_say(talk_north(), "POST", path, "Idempotency-Key: k-2\r\n", "", 200);
    again = talk_say(talk_north(), "POST", path, "Idempotency-Key: k-2\r\n", "", 200);
    CU_ASSERT(json_equal(first, again));
    json_decref(first);
    json_decref(again);
    talk_tell(talk_north(), "POST", path, "Idempotency-Key: k-3\r\n", "", 409);
    talk_tell(talk_north(), "POST", path, "", "", 409);
    first = talk_say(talk_planner(), "POST", "/v1/rounds", "Idempotency-Key: r-1\r\n", "", 202);
    again = talk_say(talk_planner(), "POST", "/v1/rounds", "Idempotency-Key: r-1\r\n", "", 202);
    CU_ASSERT(json_equal(json_object_get(first, "number"), json_object_get(again, "number")));
    json_decref(first);
    json_decref(again);
    talk_end();
}

/* One offer, two who answer at the same moment: one of them wins, always. */
static void test_two_answers_at_once(void)
{
    char offer[ID_MAX + 1];
    struct buffer accept, decline;
    talk_begin();
    seeded(GATE_POST, "/v1/offers/x:accept", ROLE_DISTRICT, offer);
    buffer_init(&accept);
    buffer_init(&decline);
    buffer_format(
        &accept,
        "POST /v1/offers/%s:accept HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n", offer,
        talk_north());
    buffer_format(&decline,
                  "POST /v1/offers/%s:decline HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                  "%s\r\nContent-Length: 18\r\n\r\n{\"reason\":\"other\"}",
                  offer, talk_home());
    int fds[8], n_ok = 0;
    for (int i = 0; i < 8; i++) {
        const struct buffer *bytes = i % 2 ? &accept : &decline;
        fds[i] = http_client_connect(talk_server.port);
        http_client_send(fds[i], bytes->bytes, bytes->len);
    }
    for (int i = 0; i < 8; i++) {
        struct http_answer answer;
        http_client_read(fds[i], 1, &answer);
        CU_ASSERT(answer.status == 200 || answer.status == 409);
        n_ok += answer.status == 200;
        http_answer_clear(&answer);
        close(fds[i]);
    }
    /* accepted and then declined by the home is a legal course; twice the same is not */
    CU_ASSERT(n_ok == 1 || n_ok == 2);
    buffer_clear(&accept);
    buffer_clear(&decline);
    talk_end();
}

/* ---- importing ---- */

static int row_status(const json_t *report, size_t row)
{
    const json_t *result = json_array_get(json_object_get(report, "results"), row);
    return (int)json_integer_value(json_object_get(result, "status"));
}

static json_t *import_as(const char *who, const char *type, const char *query, const char *key,
                         const char *body)
{
    char headers[160], path[64];
    snprintf(path, sizeof path, "/v1/applicants:batch%s", query);
    snprintf(headers, sizeof headers, "Content-Type: %s\r\n%s", type, key);
    return talk_say(who, "POST", path, headers, body, 200);
}

static void test_import_csv(void)
{
    static const char csv[] =
        "\xef\xbb\xbf"
        "applicant_id,level,kinds,applied_at,lat,lon,district,x_grade,colour\r\n"
        "C1,2,nursing;dementia,2025-01-02,25,121.5,North,M,red\r\n"
        "C2,9,nursing,2025-01-02,25,121.5,North,,\r\n"
        "C3,2,nursing,2025-01-02,25,121.5,South,,\r\n"
        "C1,2,nursing,2025-01-02,25,121.5,North,,\r\n"
        ",2,nursing,2025-01-02,25,121.5,,,\r\n"
        "broken\r\n";
    static const int wanted[] = {201, 422, 403, 409, 201};
    static const char key[] = "Idempotency-Key: file-1\r\n";
    talk_begin();
    json_t *dry = import_as(talk_north(), "text/csv", "?dry_run=1", "", csv);
    talk_tell(talk_north(), "GET", "/v1/applicants/C1", "", NULL, 404);
    const json_t *tried = json_object_get(dry, "results");
    CU_ASSERT_STRING_EQUAL(talk_text(json_array_get(tried, 0), "applicant_id"), "C1");
    CU_ASSERT_STRING_EQUAL(talk_text(json_array_get(tried, 4), "applicant_id"), "");
    json_t *real = import_as(talk_north(), "text/csv", "", key, csv);
    json_t *again = import_as(talk_north(), "text/csv; charset=utf-8", "", key, csv);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        CU_ASSERT_EQUAL(row_status(dry, i), wanted[i]);
        CU_ASSERT_EQUAL(row_status(real, i), wanted[i]);
        CU_ASSERT_EQUAL(row_status(again, i), wanted[i]);
    }
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(real, "accepted")), 2);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(real, "notes")), 2); /* colour, broken */
    CU_ASSERT(json_equal(
        json_object_get(json_array_get(json_object_get(real, "results"), 4), "applicant_id"),
        json_object_get(json_array_get(json_object_get(again, "results"), 4), "applicant_id")));
    json_t *read = talk_say(talk_north(), "GET", "/v1/applicants/C1", "", NULL, 200);
    CU_ASSERT_STRING_EQUAL(talk_text(read, "x_grade"), "M");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(read, "kinds")), 2);
    json_decref(read);
    json_decref(dry);
    json_decref(real);
    json_decref(again);
    talk_end();
}

static void test_import_ndjson(void)
{
    static const char lines[] = "{\"applicant_id\":\"D1\"," WHOLE "," PERSON "}\n"
                                "\n"
                                "{\"applicant_id\":\"D2\"}\r\n"
                                "not json\n"
                                "{" WHOLE "}";
    talk_begin();
    json_t *report = import_as(talk_north(), "application/x-ndjson", "", "", lines);
    CU_ASSERT_EQUAL(row_status(report, 0), 201);
    CU_ASSERT_EQUAL(row_status(report, 1), 422);
    CU_ASSERT_EQUAL(row_status(report, 2), 422);
    CU_ASSERT_EQUAL(row_status(report, 3), 201);
    const json_t *third = json_array_get(json_object_get(report, "results"), 2);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(third, "line")), 4);
    CU_ASSERT(has_person(talk_north(), "/v1/applicants/D1"));
    json_decref(report);
    talk_end();
}

/* A retry after half of the rows resumes: nobody is taken in twice. */
static void test_import_resumes(void)
{
    struct buffer csv;
    size_t half = 0;
    char last[ID_MAX + 1];
    static const char key[] = "Idempotency-Key: file-2\r\n";
    talk_begin();
    size_t before = talk_walk("/v1/applicants?limit=1000", talk_north(), "applicant_id", last);
    buffer_init(&csv);
    buffer_text(&csv, "level,kinds,applied_at,lat,lon\n");
    for (int i = 0; i < 300; i++) {
        if (i == 150)
            half = csv.len;
        buffer_format(&csv, "2,nursing,2025-01-02,25,%d.5\n", 100 + i % 20);
    }
    char *first = alloc_string_n(csv.bytes, half);
    json_decref(import_as(talk_north(), "text/csv", "", key, first));
    json_t *report = import_as(talk_north(), "text/csv", "", key, csv.bytes);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(report, "accepted")), 300);
    CU_ASSERT_EQUAL(talk_walk("/v1/applicants?limit=1000", talk_north(), "applicant_id", last),
                    before + 300);
    json_decref(report);
    free(first);
    buffer_clear(&csv);
    talk_end();
}

/* ---- listening ---- */

static int listen_as(const char *who, const char *last)
{
    struct buffer out;
    buffer_init(&out);
    buffer_format(&out,
                  "GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n%s%s%s\r\n",
                  who, last ? "Last-Event-ID: " : "", last ? last : "", last ? "\r\n" : "");
    int fd = http_client_connect(talk_server.port);
    http_client_send(fd, out.bytes, out.len);
    buffer_clear(&out);
    free(http_client_read_until(fd, "retry: 2000\n\n"));
    return fd;
}

/* Reads up to `mark` and says whether `wanted` came, and `unwanted` did not. */
static void expect_heard(int fd, const char *mark, const char *wanted, const char *unwanted)
{
    char *heard = http_client_read_until(fd, mark);
    CU_ASSERT_PTR_NOT_NULL(strstr(heard, mark));
    CU_ASSERT_PTR_NOT_NULL(strstr(heard, wanted));
    CU_ASSERT_PTR_NULL(strstr(heard, unwanted));
    free(heard);
}

static void test_events(void)
{
    talk_begin();
    int fds[] = {listen_as(talk_north(), NULL), listen_as(talk_server.south, NULL),
                 listen_as(talk_home(), NULL), listen_as(talk_server.i2, NULL),
                 listen_as(talk_planner(), NULL)};
    talk_tell(talk_north(), "POST", "/v1/applicants", "",
              "{\"applicant_id\":\"EN\"," WHOLE "," PERSON "}", 201);
    talk_tell(talk_server.south, "POST", "/v1/applicants", "",
              "{\"applicant_id\":\"ES\"," WHOLE "}", 201);
    talk_tell(talk_home(), "PUT", "/v1/pools/P1/vacancy", "", "{\"beds_usable\":1001}", 200);
    talk_tell(talk_server.i2, "PUT", "/v1/pools/P2/vacancy", "", "{\"beds_usable\":1002}", 200);
    talk_tell(talk_admin(), "PUT", "/v1/institutions/I9", "If-None-Match: *\r\n",
              "{\"name\":\"Ninth\",\"lat\":25,\"lon\":121}", 201);
    talk_tell(talk_home(), "PUT", "/v1/pools/P1/vacancy", "", "{\"beds_usable\":1003}", 200);
    talk_tell(talk_server.i2, "PUT", "/v1/pools/P2/vacancy", "", "{\"beds_usable\":1004}", 200);
    expect_heard(fds[0], "1004", "\"EN\"", "\"ES\"");
    expect_heard(fds[1], "1004", "\"ES\"", "\"EN\"");
    expect_heard(fds[2], "1003", "1001", "1002");
    expect_heard(fds[3], "1004", "1002", "1003");
    expect_heard(fds[4], "1004", "event: applicant.submitted", "Test Person");
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        close(fds[i]);
    /* the seed was change 1; who comes back after 3 hears the rest and nothing before */
    int back = listen_as(talk_planner(), "3");
    expect_heard(back, "1004", "1001", "\"ES\"");
    close(back);
    back = listen_as(talk_planner(), "0"); /* change 1 was before this process listened */
    expect_heard(back, "\n\n", "event: gap", "records");
    close(back);
    back = listen_as(talk_planner(), "99999");
    expect_heard(back, "\n\n", "event: gap", "records");
    close(back);
    talk_end();
}

static const struct check_test tests[] = {
    {"submit", test_submit},
    {"change", test_change},
    {"put", test_put},
    {"sent back", test_sent_back},
    {"personal data", test_person},
    {"repeat", test_repeat},
    {"two answers at once", test_two_answers_at_once},
    {"import CSV", test_import_csv},
    {"import NDJSON", test_import_ndjson},
    {"an import resumes", test_import_resumes},
    {"events", test_events},
};
CHECK_SUITE(suite_api, tests);
