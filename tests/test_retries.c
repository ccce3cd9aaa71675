/* Tests of requests that are sent again with the same Idempotency-Key after the world moved on. */
#include "tests/check.h"

#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <stdlib.h>
#include <string.h>

#define APPLICANT                                                                                  \
    "{\"applicant_id\":\"N1\",\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121.5,"             \
    "\"level\":2,\"kinds\":[\"nursing\"]}"
#define KEY "Idempotency-Key: k-1\r\n"

static struct api_server server;

/* R1 lives in P1 of home I1. */
static void begin(void)
{
    struct region *region = api_seed_region();
    struct applicant *resident = api_seed_applicant(region, "R1", "North");
    resident->state = APPLICANT_ADMITTED;
    memcpy(resident->current_pool, "P1", sizeof "P1");
    api_server_start(&server, region, 0);
}

static void end(void)
{
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static const char *home(void)
{
    return server.tokens[ROLE_INSTITUTION];
}

static const char *north(void)
{
    return server.tokens[ROLE_DISTRICT];
}

/* The body of the answer (caller frees); its status is checked. */
static char *ask(const char *who, const char *method, const char *path, const char *headers,
                 const char *body, int status)
{
    struct http_answer answer;
    http_client_ask(server.port, method, path, who, headers, body, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    char *text = strdup(answer.body ? answer.body : "");
    http_answer_clear(&answer);
    return text;
}

static void tell(const char *who, const char *method, const char *path, const char *headers,
                 const char *body, int status)
{
    free(ask(who, method, path, headers, body, status));
}

/* Once discharged, a resident is no longer the home's: the lost answer is given all the same. */
static void test_discharge(void)
{
    static const char path[] = "/v1/residents/R1:discharge", died[] = "{\"reason\":\"died\"}";
    begin();
    char *first = ask(home(), "POST", path, KEY, died, 200);
    char *again = ask(home(), "POST", path, KEY, died, 200);
    CU_ASSERT_STRING_EQUAL(first, again);
    tell(home(), "POST", path, KEY, "{\"reason\":\"other\"}", 422);
    tell(home(), "POST", path, "Idempotency-Key: k-2\r\n", died, 404);
    tell(home(), "POST", path, "", died, 404);
    free(first);
    free(again);
    end();
}

/* A key opens nobody's door: others' objects look like missing ones with it, too. */
static void test_others(void)
{
    begin();
    char *others = ask(server.i2, "POST", "/v1/residents/R1:leave", KEY, "", 404);
    char *missing = ask(server.i2, "POST", "/v1/residents/R9:leave", KEY, "", 404);
    CU_ASSERT_PTR_NOT_NULL(strstr(others, "there is no resident R1"));
    CU_ASSERT_PTR_NOT_NULL(strstr(missing, "there is no resident R9"));
    CU_ASSERT_EQUAL(strlen(others), strlen(missing));
    free(others);
    free(missing);
    tell(home(), "POST", "/v1/residents/R1:leave", KEY, "", 200);
    end();
}

/* The answer of a submission is not a way to go on reading a person who has moved away. */
static void test_moved_away(void)
{
    begin();
    char *first = ask(north(), "POST", "/v1/applicants", KEY, APPLICANT, 201);
    char *again = ask(north(), "POST", "/v1/applicants", KEY, APPLICANT, 201);
    CU_ASSERT_STRING_EQUAL(first, again);
    free(first);
    free(again);
    tell(server.tokens[ROLE_ADMIN], "PATCH", "/v1/applicants/N1", "If-Match: *\r\n",
         "{\"district\":\"South\",\"flags\":[\"carer_ill\"]}", 200);
    again = ask(north(), "POST", "/v1/applicants", KEY, APPLICANT, 404);
    CU_ASSERT_PTR_NULL(strstr(again, "carer_ill"));
    free(again);
    end();
}

static const struct check_test tests[] = {
    {"discharge", test_discharge},
    {"others", test_others},
    {"moved_away", test_moved_away},
};
CHECK_SUITE(suite_retries, tests);
