/* Tests of what one request may cost: long imports, wide ones, cursors from nowhere. */
#include "tests/check.h"

#include "api/batch_rows.h"
#include "models/alloc.h"
#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CSV "Content-Type: text/csv\r\n"
#define NDJSON "Content-Type: application/x-ndjson\r\n"

static struct api_server server;

static void begin(void)
{
    api_server_start(&server, api_seed_region(), 0);
}

static void end(void)
{
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* A large body may be refused before it is sent whole: then no answer need come through. */
static json_t *import(const char *headers, const char *body, int status)
{
    struct http_answer answer;
    http_client_ask(server.port, "POST", "/v1/applicants:batch", server.tokens[ROLE_DISTRICT],
                    headers, body, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    json_t *json = answer.body ? json_loads(answer.body, 0, NULL) : NULL;
    http_answer_clear(&answer);
    return json;
}

static const json_t *row_of(const json_t *report, size_t row)
{
    return json_array_get(json_object_get(report, "results"), row);
}

static char *repeat(const char *text, int times, const char *last)
{
    struct buffer out;
    buffer_init(&out);
    for (int i = 0; i < times; i++)
        buffer_text(&out, text);
    buffer_text(&out, last);
    return buffer_take(&out, NULL);
}

static void test_lines(void)
{
    begin();
    char *body = repeat("1\n", BATCH_LINES_MAX + 1, "");
    json_decref(import(NDJSON, body, 413));
    json_decref(import(CSV, body, 413));
    free(body);
    body = repeat("1\r", BATCH_LINES_MAX + 1, "");
    json_decref(import(CSV, body, 413));
    free(body);
    body = repeat("{},", BATCH_LINE_BYTES_MAX / 3, "{}\n{}");
    json_t *report = import(NDJSON, body, 200);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row_of(report, 0), "status")), 413);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(row_of(report, 1), "status")), 422);
    CU_ASSERT(json_is_true(json_object_get(report, "complete")));
    json_decref(report);
    free(body);
    end();
}

static void test_columns(void)
{
    begin();
    struct buffer body;
    buffer_init(&body);
    for (int i = 0; i <= BATCH_COLUMNS_MAX; i++)
        buffer_format(&body, "x_%d,", i);
    buffer_text(&body, "level\n");
    json_decref(import(CSV, body.bytes, 413));
    buffer_clear(&body);
    end();
}

/* A row full of mistakes tells some of them, and how many more there are. */
static void test_issues(void)
{
    struct buffer body;
    begin();
    buffer_init(&body);
    for (int i = 0; i < 50; i++)
        buffer_format(&body, "%s\"wrong%d\":1", i ? "," : "{", i);
    buffer_text(&body, "}");
    json_t *report = import(NDJSON, body.bytes, 200);
    const json_t *problem = json_object_get(row_of(report, 0), "problem");
    CU_ASSERT_EQUAL(json_array_size(json_object_get(problem, "errors")), BATCH_ROW_ISSUES_MAX);
    CU_ASSERT(json_integer_value(json_object_get(problem, "errors_left_out")) >= 40);
    json_decref(report);
    buffer_clear(&body);
    end();
}

/* Is the import under way, as somebody else is told meanwhile? */
static int is_seen(void)
{
    struct http_answer answer;
    http_client_ask(server.port, "GET", "/metrics", "", "", NULL, &answer);
    int is_under_way = answer.body && strstr(answer.body, "\nalmoner_imports 1\n") != NULL;
    http_answer_clear(&answer);
    return is_under_way;
}

static int has_answer(int fd)
{
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != -1;
}

/* Rows that never wait for the store must not keep the loop to themselves. */
static void test_others_are_served(void)
{
    struct buffer request;
    struct http_answer answer;
    begin();
    char *body = repeat("1\n", 100000, "");
    buffer_init(&request);
    buffer_format(&request,
                  "POST /v1/applicants:batch?dry_run=1 HTTP/1.1\r\nHost: a\r\n" NDJSON
                  "Authorization: Bearer %s\r\nContent-Length: %zu\r\n\r\n",
                  server.tokens[ROLE_DISTRICT], strlen(body));
    buffer_text(&request, body);
    int fd = http_client_connect(server.port), seen = 0;
    CU_ASSERT_EQUAL(http_client_send(fd, request.bytes, request.len), 0);
    while (!seen && !has_answer(fd))
        seen = is_seen();
    CU_ASSERT(seen);
    http_client_read(fd, 1, &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    http_answer_clear(&answer);
    close(fd);
    buffer_clear(&request);
    free(body);
    end();
}

/* Numbers far beyond the last round are not walked through one by one. */
static void test_cursor(void)
{
    static const char *const cursors[] = {"1000000000", "9223372036854775807",
                                          "99999999999999999999", "-9223372036854775808"};
    struct http_answer answer;
    char path[80];
    begin();
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        snprintf(path, sizeof path, "/v1/rounds?cursor=%s", cursors[i]);
        http_client_ask(server.port, "GET", path, server.tokens[ROLE_PLANNER], "", NULL, &answer);
        CU_ASSERT_EQUAL(answer.status, 200);
        CU_ASSERT_STRING_EQUAL(answer.body ? answer.body : "", "{\"items\":[],\"next\":null}");
        http_answer_clear(&answer);
    }
    end();
}

static void add_offer(struct region *region, struct pool *pool, int number)
{
    char person[32], id[32];
    snprintf(person, sizeof person, "big-%d", number);
    snprintf(id, sizeof id, "R7-%04d", number);
    struct applicant *applicant = api_seed_applicant(region, person, "North");
    applicant->state = APPLICANT_OFFERED;
    snprintf(applicant->offer_id, sizeof applicant->offer_id, "%s", id);
    struct offer *offer = (struct offer *)record_new(RECORD_OFFER, id);
    snprintf(offer->applicant_id, sizeof offer->applicant_id, "%s", person);
    snprintf(offer->pool_id, sizeof offer->pool_id, "%s", pool->record.id);
    snprintf(offer->institution_id, sizeof offer->institution_id, "%s", pool->institution_id);
    offer->round = 7;
    offer->state = OFFER_SENT;
    offer->sent_at = API_SERVER_NOW;
    offer->answer_due = API_SERVER_NOW + 86400;
    offer->record.version = 1;
    region_put_take(region, &offer->record);
    pool->beds_committed++;
}

/* A home with a thousand open offers is suspended: more in one event than may wait for anybody. Who
 * listens is told to read again, and goes on listening; also who comes back to that event. */
static void test_big_event(void)
{
    struct buffer request;
    struct http_answer answer;
    struct region *region = api_seed_region();
    for (int i = 0; i < 1000; i++)
        add_offer(region, (struct pool *)(uintptr_t)region_pool(region, "P1"), i);
    api_server_start(&server, region, 0);
    const char *admin = server.tokens[ROLE_ADMIN];
    for (int turn = 0; turn < 2; turn++) {
        buffer_init(&request);
        buffer_format(&request,
                      "GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                      "%s\r\n",
                      admin, turn ? "Last-Event-ID: 2\r\n" : "");
        int fd = http_client_connect(server.port);
        http_client_send(fd, request.bytes, request.len);
        free(http_client_read_until(fd, "retry: 2000\n\n"));
        if (!turn) {
            http_client_ask(server.port, "PUT", "/v1/pools/P2/vacancy", admin, "",
                            "{\"beds_usable\":1001}", &answer);
            http_answer_clear(&answer);
            http_client_ask(server.port, "PUT", "/v1/institutions/I1", admin, "If-Match: *\r\n",
                            "{\"name\":\"I1\",\"lat\":25,\"lon\":121,\"suspended\":true}", &answer);
            CU_ASSERT_EQUAL(answer.status, 200);
            http_answer_clear(&answer);
            http_client_ask(server.port, "PUT", "/v1/pools/P2/vacancy", admin, "",
                            "{\"beds_usable\":1002}", &answer);
            http_answer_clear(&answer);
        }
        char *heard = http_client_read_until(fd, "1002");
        CU_ASSERT_PTR_NOT_NULL(strstr(heard, "id: 3\nevent: gap\n"));
        CU_ASSERT_PTR_NOT_NULL(strstr(heard, "1002"));
        free(heard);
        close(fd);
        buffer_clear(&request);
    }
    end();
}

static const struct check_test tests[] = {
    {"lines", test_lines},   {"columns", test_columns},
    {"issues", test_issues}, {"others_are_served", test_others_are_served},
    {"cursor", test_cursor}, {"big_event", test_big_event},
};
CHECK_SUITE(suite_limits, tests);
