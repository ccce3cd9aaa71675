/* Test of api/: bad input for every field of every record that clients send, made from the field
 * tables: an error that names the field, and nothing has changed. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/fields.h"
#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 12, LONG_TEXT = 5000 };

/* A way in: the record whole and good, and how it is sent. */
static const struct {
    enum record_type type;
    const char *method, *path, *headers, *good;
    int status; /* of the good one */
} doors[] = {
    {RECORD_APPLICANT, "POST", "/v1/applicants", "",
     "{\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121,\"level\":2,\"kinds\":[\"nursing\"]}",
     201},
    {RECORD_APPLICANT, "PATCH", "/v1/applicants/A1", "If-Match: *\r\n", "{}", 200},
    {RECORD_INSTITUTION, "PUT", "/v1/institutions/I1", "If-Match: *\r\n",
     "{\"name\":\"I1\",\"lat\":25,\"lon\":121,\"district\":\"North\"}", 200},
    {RECORD_POOL, "PUT", "/v1/pools/P1", "If-Match: *\r\n",
     "{\"institution_id\":\"I1\",\"kind\":\"nursing\",\"beds_usable\":3,\"beds_occupied\":1}", 200},
};

/* Values as JSON text that a field of that type must refuse. */
static size_t bad_values(const struct field *field, char values[VALUES_MAX][LONG_TEXT + 16])
{
    static const char *const by_type[FIELD_TYPES][VALUES_MAX] = {
        [FIELD_IDENT] = {"\"a b\"", "7", "[]", "\"\\u00e9\""},
        [FIELD_TEXT] = {"7", "[]", "true"},
        [FIELD_CODE] = {"7", "[]", "\"a b\""},
        [FIELD_INT] = {"\"7\"", "1.5", "1.0", "[]", "true", "99999999999999999999"},
        [FIELD_BOOL] = {"2", "-1", "\"yes\"", "[]"},
        [FIELD_DEGREES] = {"\"25\"", "181", "-181", "[]", "true"},
        [FIELD_TIME] = {"\"yesterday\"", "\"2025-02-30\"", "\"2025-01-01T25:00:00Z\"", "7"},
        [FIELD_DATE] = {"\"yesterday\"", "\"2025-02-30\"", "7"},
        [FIELD_WORD] = {"\"nonsense\"", "7", "[]"},
        [FIELD_KINDS] = {"\"nursing\"", "[\"nonsense\"]", "[7]", "[]", "7"},
        [FIELD_CODES] = {"\"a\"", "[\"a b\"]", "[7]", "7"},
        [FIELD_IDS] = {"\"a\"", "[\"a b\"]", "[7]", "7"},
        [FIELD_TEXTS] = {"\"a\"", "[7]", "7"},
        [FIELD_ROOMS] = {"\"2x4\"", "[\"x\"]", "[\"0x0\"]", "[7]", "7"},
        [FIELD_RESERVES] = {"\"a:1\"", "[\"a\"]", "[\"a:-1\"]", "[7]", "7"},
        [FIELD_DECLINED] = {"\"P1\"", "[\"P 1\"]", "[\"P1@yesterday\"]", "[7]", "7"},
    };
    size_t n = 0;
    snprintf(values[n++], 16, "{}");
    for (size_t i = 0; i < VALUES_MAX && by_type[field->type][i]; i++)
        strcpy(values[n++], by_type[field->type][i]);
    if (field->type == FIELD_INT) {
        snprintf(values[n++], 64, "%" PRId64, field->min - 1);
        snprintf(values[n++], 64, "%" PRId64, field->max + 1);
    }
    if (field->type == FIELD_TEXT) {
        memset(values[n], 'x', LONG_TEXT);
        values[n][0] = values[n][LONG_TEXT - 1] = '"';
        values[n++][LONG_TEXT] = '\0';
    }
    return n;
}

static void send_with(const struct api_server *server, size_t door, const char *name,
                      const char *value, struct http_answer *answer)
{
    json_t *body = json_loads(doors[door].good, 0, NULL);
    if (value) {
        json_t *bad = json_loads(value, JSON_DECODE_ANY, NULL);
        /* a number beyond 64 bits is no JSON for us: it goes out as text */
        json_object_set_new(body, name, bad ? bad : json_string("@@"));
    } else {
        json_object_del(body, name);
    }
    char *text = json_dumps(body, 0), *hole = value ? strstr(text, "\"@@\"") : NULL;
    struct buffer out;
    buffer_init(&out);
    buffer_add(&out, text, hole ? (size_t)(hole - text) : strlen(text));
    if (hole) {
        buffer_text(&out, value);
        buffer_text(&out, hole + 4);
    }
    http_client_ask(server->port, doors[door].method, doors[door].path, server->tokens[ROLE_ADMIN],
                    doors[door].headers, out.bytes, answer);
    buffer_clear(&out);
    free(text);
    json_decref(body);
}

/* Does an issue of the problem point at the field (or at the body, when it is not even JSON)? */
static int names_field(const struct http_answer *answer, const char *name)
{
    json_t *problem = json_loads(answer->body, 0, NULL), *issue;
    size_t i, len = strlen(name);
    int found = 0;
    json_array_foreach(json_object_get(problem, "errors"), i, issue)
    {
        const char *pointer = json_string_value(json_object_get(issue, "pointer"));
        const char *detail = json_string_value(json_object_get(issue, "detail"));
        found |= pointer && detail && *detail && pointer[0] == '/' &&
                 strncmp(pointer + 1, name, len) == 0 && strchr("/", pointer[1 + len]);
        found |= pointer && !*pointer; /* a syntax error names line and column */
    }
    json_decref(problem);
    return found;
}

static void expect_refused(const struct api_server *server, size_t door, const char *name,
                           const char *value)
{
    struct http_answer answer;
    send_with(server, door, name, value, &answer);
    int is_good = answer.status == 422 && names_field(&answer, name);
    CU_ASSERT(is_good);
    if (!is_good)
        printf("\n    %s %s %s=%.60s: %d %.300s", doors[door].method, doors[door].path, name,
               value ? value : "(none)", answer.status, answer.body);
    http_answer_clear(&answer);
}

static long feed_of(const struct api_server *server)
{
    struct http_answer answer;
    long feed = -1;
    http_client_ask(server->port, "GET", "/metrics", "", "", NULL, &answer);
    const char *line = answer.body ? strstr(answer.body, "\nalmoner_feed ") : NULL;
    if (line)
        feed = strtol(line + strlen("\nalmoner_feed "), NULL, 10);
    http_answer_clear(&answer);
    return feed;
}

static void check_field(const struct api_server *server, size_t door, const struct field *field)
{
    static char values[VALUES_MAX + 4][LONG_TEXT + 16];
    const char *name = field->type == FIELD_EXTRAS ? "x_" : field->name;
    if (!(field->flags & FIELD_CLIENT)) {
        expect_refused(server, door, name, "7");
        return;
    }
    if (field->type == FIELD_EXTRAS) {
        expect_refused(server, door, "x_grade", "7");
        expect_refused(server, door, "x_ grade", "\"a\"");
        return;
    }
    size_t n = bad_values(field, values);
    for (size_t i = 0; i < n; i++)
        expect_refused(server, door, name, values[i]);
    int has_own_id = field->flags & FIELD_KEY;
    if ((field->flags & FIELD_REQUIRED) && !has_own_id) {
        expect_refused(server, door, name, "null");
        if (strcmp(doors[door].method, "PATCH") != 0)
            expect_refused(server, door, name, NULL);
    }
    if (has_own_id && strcmp(doors[door].method, "POST") != 0)
        expect_refused(server, door, name, "\"another\"");
    if (has_own_id && strcmp(doors[door].method, "POST") == 0)
        expect_refused(server, door, name, "\"A1:accept\"");
}

static void test_every_field(void)
{
    struct api_server server;
    struct region *region = api_seed_region();
    api_seed_applicant(region, "A1", "North");
    api_server_start(&server, region, 0);
    long before = feed_of(&server);
    CU_ASSERT(before > 0);
    for (size_t door = 0; door < sizeof doors / sizeof *doors; door++) {
        const struct field_table *table = fields_of(doors[door].type);
        for (size_t i = 0; i < table->n; i++)
            if (table->fields[i].flags & FIELD_JSON)
                check_field(&server, door, &table->fields[i]);
        expect_refused(&server, door, "no_such_field", "7");
    }
    CU_ASSERT_EQUAL(feed_of(&server), before);
    /* the control: the same requests without the bad value do change something */
    for (size_t door = 0; door < sizeof doors / sizeof *doors; door++) {
        struct http_answer answer;
        send_with(&server, door, "x", NULL, &answer);
        CU_ASSERT_EQUAL(answer.status, doors[door].status);
        http_answer_clear(&answer);
    }
    CU_ASSERT(feed_of(&server) > before);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static const struct {
    const char *method, *path, *headers, *body;
    int status;
    const char *says; /* part of the problem */
} bad_requests[] = {
    {"POST", "/v1/applicants", "", "", 422, "not JSON"},
    {"POST", "/v1/applicants", "", "[]", 422, "errors"},
    {"POST", "/v1/applicants", "", "{\"level\":1,\"level\":2}", 422, "duplicate"},
    {"POST", "/v1/applicants", "Content-Type: text/xml\r\n", "{}", 415, "application/json"},
    {"POST", "/v1/applicants", "Idempotency-Key: a b\r\n",
     "{\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121,\"level\":2,\"kinds\":[\"nursing\"]}",
     400, "Idempotency-Key"},
    {"PATCH", "/v1/applicants/A1", "If-Match: *\r\n", "{\"person\":7}", 422, "/person"},
    {"PATCH", "/v1/applicants/A1", "If-Match: *\r\n", "{\"person\":{\"nom\":\"x\"}}", 422,
     "/person/nom"},
    {"PATCH", "/v1/applicants/A1", "If-Match: *\r\n",
     "{\"person\":{\"id_number\":\"3.10101E+17\"}}", 422, "/person/id_number"},
    {"PATCH", "/v1/applicants/A1", "", "{\"level\":1}", 428, "If-Match"},
    {"PATCH", "/v1/applicants/A1", "If-Match: \"7\"\r\n", "{\"level\":1}", 412, "version 1"},
    {"PATCH", "/v1/applicants/A1", "If-Match: 1\r\n", "{\"level\":1}", 412, "version 1"},
    {"PUT", "/v1/pools/P1", "",
     "{\"institution_id\":\"I1\",\"kind\":\"nursing\",\"beds_usable\":3,\"beds_occupied\":1}", 428,
     "If-None-Match"},
    {"PUT", "/v1/pools/P1", "If-None-Match: *\r\n",
     "{\"institution_id\":\"I1\",\"kind\":\"nursing\",\"beds_usable\":3,\"beds_occupied\":1}", 412,
     "already"},
    {"PUT", "/v1/pools/P1", "If-Match: *\r\n",
     "{\"institution_id\":\"I2\",\"kind\":\"nursing\",\"beds_usable\":3,\"beds_occupied\":1}", 422,
     "/institution_id"},
    {"PUT", "/v1/pools/P9", "If-None-Match: *\r\n",
     "{\"institution_id\":\"I9\",\"kind\":\"nursing\",\"beds_usable\":3,\"beds_occupied\":1}", 422,
     "/institution_id"},
    {"PUT", "/v1/pools/P1/vacancy", "", "{}", 422, "beds_usable"},
    {"PUT", "/v1/pools/P1/vacancy", "", "{\"beds_usable\":-1}", 422, "/beds_usable"},
    {"PUT", "/v1/pools/P1/vacancy", "", "{\"beds_occupied\":\"many\"}", 422, "/beds_occupied"},
    {"PUT", "/v1/pools/P1/vacancy", "", "{\"beds_committed\":1}", 422, "/beds_committed"},
    {"PUT", "/v1/pools/P1/vacancy", "If-Match: \"9\"\r\n", "{\"beds_usable\":1}", 412, "version"},
    {"GET", "/v1/applicants?limit=0", "", NULL, 422, "?limit"},
    {"GET", "/v1/applicants?limit=1001", "", NULL, 422, "?limit"},
    {"GET", "/v1/applicants?limit=x", "", NULL, 422, "?limit"},
    {"GET", "/v1/applicants?cursor=a%20b", "", NULL, 422, "?cursor"},
    {"GET", "/v1/applicants?colour=red", "", NULL, 422, "?colour"},
    {"GET", "/v1/applicants?level=abc", "", NULL, 422, "from 0 to 6"},
    {"GET", "/v1/applicants?level=7", "", NULL, 422, "?level"},
    {"GET", "/v1/applicants?state=wating", "", NULL, 422, "must be one of draft"},
    {"GET", "/v1/applicants?kind=", "", NULL, 422, "must be one of nursing"},
    {"GET", "/v1/offers?state=waiting", "", NULL, 422, "must be one of proposed"},
    {"GET", "/v1/occupancy?kind=beds", "", NULL, 422, "?kind"},
    {"GET", "/v1/applicants?level=1&level=2", "", NULL, 422, "?level"},
    {"GET", "/v1/applicants?level=%zz", "", NULL, 422, "query"},
    {"GET", "/v1/waiting?ticket=nobody", "", NULL, 404, "nobody"},
    {"GET", "/v1/rounds/7/plan", "", NULL, 404, "7"},
    {"GET", "/v1/events", "Last-Event-ID: x\r\n", NULL, 400, "Last-Event-ID"},
    {"POST", "/v1/applicants:batch", "", "{}", 415, "text/csv"},
    {"POST", "/v1/applicants:batch?dry_run=2", "Content-Type: text/csv\r\n", "a\n", 422,
     "?dry_run"},
    {"POST", "/v1/applicants:batch", "Content-Type: text/csv\r\n", "level\n1\n", 422, "header"},
    {"DELETE", "/v1/applicants", "", NULL, 405, "GET, HEAD, POST"},
    {"GET", "/v1/applicants/A1:park", "", NULL, 405, "POST"},
    {"GET", "/v1/nothing", "", NULL, 404, "no such path"},
};

static void test_bad_requests(void)
{
    struct api_server server;
    struct region *region = api_seed_region();
    api_seed_applicant(region, "A1", "North");
    api_server_start(&server, region, 0);
    long before = feed_of(&server);
    for (size_t i = 0; i < sizeof bad_requests / sizeof *bad_requests; i++) {
        struct http_answer answer;
        char type[64];
        http_client_ask(server.port, bad_requests[i].method, bad_requests[i].path,
                        server.tokens[ROLE_ADMIN], bad_requests[i].headers, bad_requests[i].body,
                        &answer);
        int is_good = answer.status == bad_requests[i].status &&
                      strstr(answer.body, bad_requests[i].says) != NULL;
        CU_ASSERT(is_good);
        CU_ASSERT_STRING_EQUAL(http_answer_header(&answer, "Content-Type", type, sizeof type),
                               "application/problem+json");
        if (!is_good)
            printf("\n    %s %s: %d %.300s", bad_requests[i].method, bad_requests[i].path,
                   answer.status, answer.body);
        http_answer_clear(&answer);
    }
    CU_ASSERT_EQUAL(feed_of(&server), before);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static int first_role(const struct route *route)
{
    int role = 0;
    while (!(route->roles & (1u << role)))
        role++;
    return role;
}

/* Bodies that no action takes, and reasons that are none; every action of the route table. */
static void check_action(const struct api_server *server, size_t index)
{
    static const struct {
        const char *body, *names;
    } bad[] = {{"{\"nonsense\":1}", "\"/nonsense\""},
               {"[]", "\"errors\":[{"},
               {"{", "not JSON"},
               {"{\"reason\":7}", "\"/reason\""},
               {"{\"reason\":\"no such reason\"}", "\"/reason\""},
               {"{\"until\":\"yesterday\"}", "\"/until\""},
               {"{\"until\":\"2001-01-01\"}", "\"/until\""}};
    const struct route *route = &routes[index];
    char path[200], id[ID_MAX + 1];
    int role = first_role(route);
    routes_path(route, api_seed_id(index, role, 1, id), path, sizeof path);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_answer answer;
        http_client_ask(server->port, "POST", path, server->tokens[role], "", bad[i].body, &answer);
        int is_good = answer.status == 422 && strstr(answer.body, bad[i].names);
        CU_ASSERT(is_good);
        if (!is_good)
            printf("\n    %s %s: %d %.300s", path, bad[i].body, answer.status, answer.body);
        http_answer_clear(&answer);
    }
}

static void test_every_action(void)
{
    struct api_server server;
    api_server_start(&server, api_seed_region(), 0);
    long before = feed_of(&server);
    for (size_t i = 0; i < routes_n; i++)
        if (routes[i].method == GATE_POST && routes[i].object != ROUTE_NOTHING)
            check_action(&server, i);
    CU_ASSERT_EQUAL(feed_of(&server), before);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static const struct check_test tests[] = {
    {"bad bodies for every action", test_every_action},
    {"bad values for every field", test_every_field},
    {"bad requests", test_bad_requests},
};
CHECK_SUITE(suite_bad_input, tests);
