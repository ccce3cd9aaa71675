/* Test of api/: every route x role x own, other and missing object, answered as the route table
 * says. What is expected comes from the table; only the bodies to send are written here. */
#include "tests/check.h"

#include "api/routes.h"
#include "models/alloc.h"
#include "models/err.h"
#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICANT_JSON                                                                             \
    "{\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121.5,\"level\":2,\"kinds\":[\"nursing\"]}"
#define TRAVEL_JSON "{\"from_id\":\"V\",\"institution_id\":\"I1\",\"metres\":7}"
#define HOME_JSON(home, district)                                                                  \
    "{\"name\":\"" home "\",\"lat\":25,\"lon\":121.5,\"district\":\"" district "\"}"
#define POOL_JSON(home)                                                                            \
    "{\"institution_id\":\"" home "\",\"kind\":\"nursing\",\"beds_usable\":1000,"                  \
    "\"beds_occupied\":900}"

/* What to send where a body is asked for; the second is for the objects of others. */
static const struct {
    enum gate_method method;
    const char *pattern, *action, *own, *other;
} bodies[] = {
    {GATE_POST, "/v1/applicants", "", APPLICANT_JSON, APPLICANT_JSON},
    {GATE_POST, "/v1/applicants", "batch", APPLICANT_JSON "\n", APPLICANT_JSON "\n"},
    {GATE_POST, "/v1/travel", "batch", TRAVEL_JSON "\n", TRAVEL_JSON "\n"},
    {GATE_PATCH, "/v1/applicants/{id}", "", "{\"level\":2}", "{\"level\":2}"},
    {GATE_PUT, "/v1/institutions/{id}", "", HOME_JSON("I1", "North"), HOME_JSON("I2", "South")},
    {GATE_PUT, "/v1/pools/{id}", "", POOL_JSON("I1"), POOL_JSON("I2")},
    {GATE_PUT, "/v1/pools/{id}/vacancy", "", "{\"beds_usable\":1000}", "{\"beds_usable\":1000}"},
    {GATE_POST, "/v1/offers/{id}", "decline", "{\"reason\":\"other\"}", "{\"reason\":\"other\"}"},
    {GATE_POST, "/v1/offers/{id}", "withdraw", "{\"reason\":\"repairs\"}",
     "{\"reason\":\"repairs\"}"},
};

static const char *body_of(const struct route *route, int is_own)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (bodies[i].method == route->method && strcmp(bodies[i].pattern, route->pattern) == 0 &&
            strcmp(bodies[i].action, route->action) == 0)
            return is_own ? bodies[i].own : bodies[i].other;
    return route->method == GATE_POST ? "" : NULL;
}

/* A stream has no end: only its head is read. */
static void ask_stream(int port, const char *token, struct http_answer *answer)
{
    struct buffer out;
    buffer_init(&out);
    buffer_format(&out, "GET /v1/events HTTP/1.1\r\nHost: test\r\n%s%s%s\r\n",
                  *token ? "Authorization: Bearer " : "", token, *token ? "\r\n" : "");
    int fd = http_client_connect(port);
    http_client_send(fd, out.bytes, out.len);
    http_client_read(fd, 0, answer);
    close(fd);
    buffer_clear(&out);
}

static void ask(const struct api_server *server, const struct route *route, const char *id,
                int is_own, const char *token, struct http_answer *answer)
{
    char path[256];
    const char *headers = route->method == GATE_PATCH || route->flags & ROUTE_CREATES
                              ? "If-Match: *\r\n"
                          : route->flags & ROUTE_LARGE ? "Content-Type: application/x-ndjson\r\n"
                                                       : "";
    routes_path(route, id, path, sizeof path);
    if (strcmp(path, "/v1/events") == 0)
        ask_stream(server->port, token, answer);
    else
        http_client_ask(server->port, gate_method_word(route->method), path, token, headers,
                        body_of(route, is_own), answer);
}

static int expected(const struct route *route, int role, int is_there, int is_own)
{
    int is_all = role == ROLE_PLANNER || role == ROLE_ADMIN || route->object == ROUTE_ROUND;
    if (route->flags & ROUTE_OPEN)
        return route->status;
    if (!(route->roles & (1u << role)))
        return 403;
    if (route->object == ROUTE_NOTHING || (is_there && (is_own || is_all)))
        return route->status;
    return 404;
}

static void check_status(const struct http_answer *answer, int wanted, const struct route *route,
                         const char *id, const char *who)
{
    CU_ASSERT_EQUAL(answer->status, wanted);
    if (answer->status != wanted)
        printf("\n    %s %s:%s with %s as %s: %d, expected %d: %.300s",
               gate_method_word(route->method), route->pattern, route->action, id, who,
               answer->status, wanted, answer->body);
}

/* The body with every `id` replaced by `*`. */
static char *masked(const char *body, const char *id)
{
    struct buffer out;
    buffer_init(&out);
    for (const char *found; (found = strstr(body, id)); body = found + strlen(id)) {
        buffer_add(&out, body, (size_t)(found - body));
        buffer_text(&out, "*");
    }
    buffer_text(&out, body);
    return buffer_take(&out, NULL);
}

static void check_same_look(const struct http_answer *other, const char *other_id,
                            const struct http_answer *missing, const char *missing_id)
{
    char *left = masked(other->body, other_id), *right = masked(missing->body, missing_id);
    CU_ASSERT_STRING_EQUAL(left, right);
    CU_ASSERT_EQUAL(other->status, missing->status);
    free(left);
    free(right);
}

static void check_object(const struct api_server *server, size_t route_index, int role)
{
    const struct route *route = &routes[route_index];
    const char *token = server->tokens[role], *who = words_name(&words_role, role);
    char own[ID_MAX + 1], other[ID_MAX + 1], missing[ID_MAX + 1];
    struct http_answer own_answer, other_answer, missing_answer;
    api_seed_id(route_index, role, 1, own);
    api_seed_id(route_index, role, 0, other);
    snprintf(missing, sizeof missing, "missing-%zu", route_index);
    ask(server, route, missing, 1, token, &missing_answer);
    check_status(&missing_answer, expected(route, role, 0, 0), route, missing, who);
    ask(server, route, other, 0, token, &other_answer);
    check_status(&other_answer, expected(route, role, 1, 0), route, other, who);
    if (other_answer.status == 404)
        check_same_look(&other_answer, other, &missing_answer, missing);
    ask(server, route, own, 1, token, &own_answer);
    check_status(&own_answer, expected(route, role, 1, 1), route, own, who);
    http_answer_clear(&own_answer);
    http_answer_clear(&other_answer);
    http_answer_clear(&missing_answer);
}

static void check_route(const struct api_server *server, size_t route_index)
{
    const struct route *route = &routes[route_index];
    struct http_answer answer;
    char id[ID_MAX + 1];
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (route->object != ROUTE_NOTHING) {
            check_object(server, route_index, role);
            continue;
        }
        ask(server, route, "", 1, server->tokens[role], &answer);
        check_status(&answer, expected(route, role, 1, 1), route, "",
                     words_name(&words_role, role));
        http_answer_clear(&answer);
    }
    static const char *const strangers[] = {"", "alm_nobody_0", "x"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        ask(server, route, api_seed_id(route_index, 0, 1, id), 1, strangers[i], &answer);
        check_status(&answer, route->flags & ROUTE_OPEN ? route->status : 401, route, id,
                     "a stranger");
        http_answer_clear(&answer);
    }
}

/* Explanations and round files need a round that has finished. */
static void run_round(const struct api_server *server)
{
    struct http_answer answer;
    const char *token = server->tokens[ROLE_PLANNER];
    http_client_ask(server->port, "POST", "/v1/rounds", token, "", "", &answer);
    CU_ASSERT_EQUAL_FATAL(answer.status, 202);
    http_answer_clear(&answer);
    int is_done = 0;
    for (int i = 0; i < 3000 && !is_done; i++) {
        http_client_ask(server->port, "GET", "/v1/rounds/1", token, "", NULL, &answer);
        is_done = strstr(answer.body, "\"finished\"") != NULL;
        http_answer_clear(&answer);
        usleep(20000);
    }
    CU_ASSERT_FATAL(is_done);
}

static void test_matrix(void)
{
    struct api_server server;
    api_server_start(&server, api_seed_region(), 0);
    run_round(&server);
    for (size_t i = 0; i < routes_n; i++)
        check_route(&server, i);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* The control: the expectation above does tell a right answer from a wrong one. */
static void test_expectation(void)
{
    char id[ID_MAX + 1];
    unsigned allowed;
    const struct route *accept = routes_match(GATE_POST, "/v1/offers/x:accept", id, &allowed);
    CU_ASSERT_EQUAL(expected(accept, ROLE_DISTRICT, 1, 1), 200);
    CU_ASSERT_EQUAL(expected(accept, ROLE_DISTRICT, 1, 0), 404);
    CU_ASSERT_EQUAL(expected(accept, ROLE_DISTRICT, 0, 0), 404);
    CU_ASSERT_EQUAL(expected(accept, ROLE_INSTITUTION, 1, 1), 403);
    CU_ASSERT_EQUAL(expected(accept, ROLE_ADMIN, 1, 1), 403);
}

static const struct check_test tests[] = {
    {"what the table expects", test_expectation},
    {"every route x role x object", test_matrix},
};
CHECK_SUITE(suite_matrix, tests);
