/* Test of POST /v1/applicants/{id}:erase: who may, when, and what is left. */
#include "tests/check.h"

#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <string.h>

#define PERSON "{\"person\":{\"name\":\"Test Person\"}}"

static struct api_server server;

/* Asks, checks the status; 1 when the answer has that text. */
static int says(const char *who, const char *method, const char *path, const char *body, int status,
                const char *text)
{
    struct http_answer answer;
    http_client_ask(server.port, method, path, who, "If-Match: *\r\n", body, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    int has = answer.body && strstr(answer.body, text) != NULL;
    http_answer_clear(&answer);
    return has;
}

static void test_erasing(void)
{
    static const char a1[] = "/v1/applicants/A1", erase[] = "/v1/applicants/A1:erase";
    struct region *region = api_seed_region();
    api_seed_applicant(region, "A1", "North");
    api_server_start(&server, region, 0);
    const char *north = server.tokens[ROLE_DISTRICT];
    says(north, "PATCH", a1, PERSON, 200, "");
    CU_ASSERT(says(north, "POST", erase, "", 409, "is open"));
    CU_ASSERT(says(north, "GET", a1, NULL, 200, "Test Person"));
    says(north, "POST", "/v1/applicants/A1:withdraw", "", 200, "");
    CU_ASSERT(says(north, "GET", a1, NULL, 200, "Test Person"));
    says(server.tokens[ROLE_ADMIN], "POST", erase, "", 403, "");
    says(server.south, "POST", erase, "", 404, "");
    CU_ASSERT(says(north, "POST", erase, "", 200, "\"erased_at\": \"2025-03-01"));
    CU_ASSERT_FALSE(says(north, "GET", a1, NULL, 200, "Test Person"));
    CU_ASSERT(says(north, "GET", a1, NULL, 200, "\"closed_reason\": \"withdrew\""));
    says(north, "POST", erase, "", 200, ""); /* nothing is left to do */
    says(north, "PATCH", a1, PERSON, 409, "");
    CU_ASSERT_FALSE(says(north, "GET", a1, NULL, 200, "Test Person"));
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static const struct check_test tests[] = {
    {"erasing", test_erasing},
};
CHECK_SUITE(suite_erasing, tests);
