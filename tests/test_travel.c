/* Tests of travel distances over HTTP: files of them, what is refused, pages. */
#include "tests/check.h"

#include "tests/talk.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char csv[] = "from_id,institution_id,metres,mode\r\n"
                          "Old Village,I1,900,bus\r\n"
                          "\xe6\x9d\x91>x,I2,1500,\r\n"
                          "A1,I1,70,\r\n"
                          "A1,I9,70,\r\n"
                          "A1,I1,80,\r\n"
                          "A1,I2,-5,\r\n";
static const int wanted[] = {200, 200, 200, 422, 409, 422};
enum { ROWS = sizeof wanted / sizeof *wanted };

static json_t *import_travel(const char *who, const char *query, const char *type, const char *body)
{
    char headers[80], path[64];
    snprintf(path, sizeof path, "/v1/travel:batch%s", query);
    snprintf(headers, sizeof headers, "Content-Type: %s\r\n", type);
    return talk_say(who, "POST", path, headers, body, 200);
}

static void check_rows(json_t *report)
{
    const json_t *results = json_object_get(report, "results");
    CU_ASSERT_EQUAL(json_array_size(results), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        const json_t *status = json_object_get(json_array_get(results, i), "status");
        CU_ASSERT_EQUAL(json_integer_value(status), wanted[i]);
    }
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(report, "accepted")), 3);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(report, "notes")), 1); /* mode */
    json_decref(report);
}

static size_t count(const char *query)
{
    char path[128];
    snprintf(path, sizeof path, "/v1/travel?limit=1000%s", query);
    json_t *page = talk_say(talk_planner(), "GET", path, "", NULL, 200);
    size_t n = json_array_size(json_object_get(page, "items"));
    json_decref(page);
    return n;
}

/* The version of the one row that fits, 0 = there is none. */
static int version(const char *query, json_int_t metres)
{
    char path[128];
    snprintf(path, sizeof path, "/v1/travel?%s", query);
    json_t *page = talk_say(talk_planner(), "GET", path, "", NULL, 200);
    const json_t *item = json_array_get(json_object_get(page, "items"), 0);
    int found = 0;
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(item, "metres")), metres);
    sscanf(talk_text(item, "etag"), "\"%d\"", &found);
    json_decref(page);
    return found;
}

static void test_import(void)
{
    talk_begin();
    check_rows(import_travel(talk_planner(), "?dry_run=1", "text/csv", csv));
    CU_ASSERT_EQUAL(count(""), 0);
    check_rows(import_travel(talk_planner(), "", "text/csv", csv));
    CU_ASSERT_EQUAL(count(""), 3);
    CU_ASSERT_EQUAL(count("&institution_id=I1"), 2);
    CU_ASSERT_EQUAL(version("from_id=A1", 70), 1);
    /* the same again writes nothing, another distance replaces */
    check_rows(import_travel(talk_admin(), "", "text/csv", csv));
    CU_ASSERT_EQUAL(version("from_id=A1", 70), 1);
    json_t *report =
        import_travel(talk_planner(), "", "application/x-ndjson",
                      "{\"from_id\":\"A1\",\"institution_id\":\"I1\",\"metres\":75}\n"
                      "{\"from_id\":\"A1\",\"institution_id\":\"I2\",\"minutes\":75}\n");
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(report, "accepted")), 1);
    CU_ASSERT_EQUAL(version("from_id=A1", 75), 2);
    json_decref(report);
    talk_tell(talk_home(), "GET", "/v1/travel", "", NULL, 403);
    talk_tell(talk_north(), "POST", "/v1/travel:batch", "Content-Type: text/csv\r\n", csv, 403);
    talk_end();
}

/* The `next` of a page leads on, whatever a village is called. */
static void test_pages(void)
{
    talk_begin();
    check_rows(import_travel(talk_planner(), "", "text/csv", csv));
    char path[256] = "/v1/travel?limit=1";
    size_t n = 0;
    for (int is_last = 0; !is_last && n < 9; n++) {
        json_t *page = talk_say(talk_planner(), "GET", path, "", NULL, 200);
        const char *next = talk_text(page, "next");
        size_t len = (size_t)snprintf(path, sizeof path, "/v1/travel?limit=1&cursor=");
        for (const char *c = next; *c; c++)
            len += (size_t)snprintf(path + len, sizeof path - len, "%%%02X", (unsigned char)*c);
        is_last = !*next;
        json_decref(page);
    }
    CU_ASSERT_EQUAL(n, 3);
    talk_end();
}

static const struct check_test tests[] = {
    {"import", test_import},
    {"pages", test_pages},
};
CHECK_SUITE(suite_travel, tests);
