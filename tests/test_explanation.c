/* Tests of explanations for those whom no round has seen yet, and of what a bed is worth. */
#include "tests/check.h"

#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <string.h>
#include <unistd.h>

#define LATE                                                                                       \
    "{\"applicant_id\":\"LATE\",\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121.5,"           \
    "\"level\":2,\"kinds\":[\"nursing\"]}"

static struct api_server server;

static int is_said(const char *path, const char *words)
{
    struct http_answer answer;
    http_client_ask(server.port, "GET", path, server.tokens[ROLE_DISTRICT], "", NULL, &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    int is_there = strstr(answer.body ? answer.body : "", words) != NULL;
    http_answer_clear(&answer);
    return is_there;
}

static void expect_said(const char *path, const char *words)
{
    CU_ASSERT(is_said(path, words));
}

static void expect_status(const char *path, int status)
{
    struct http_answer answer;
    http_client_ask(server.port, "GET", path, server.tokens[ROLE_DISTRICT], "", NULL, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    http_answer_clear(&answer);
}

static void post(enum role role, const char *path, const char *body, int status)
{
    struct http_answer answer;
    http_client_ask(server.port, "POST", path, server.tokens[role], "", body, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    http_answer_clear(&answer);
}

static void wait_for_round(void)
{
    for (int is_done = 0, i = 0; !is_done && i < 3000; i++) {
        struct http_answer answer;
        http_client_ask(server.port, "GET", "/v1/rounds/1", server.tokens[ROLE_PLANNER], "", NULL,
                        &answer);
        is_done = answer.body && strstr(answer.body, "\"finished\"") != NULL;
        http_answer_clear(&answer);
        usleep(10000);
    }
}

static void begin(void)
{
    struct region *region = api_seed_region();
    api_seed_applicant(region, "A1", "North");
    api_server_start(&server, region, 0);
}

static void test_newcomers(void)
{
    begin();
    expect_said("/v1/applicants/A1/explanation", "There has been no round yet.");
    post(ROLE_PLANNER, "/v1/rounds", "", 202);
    wait_for_round();
    expect_said("/v1/applicants/A1/explanation", "The plan of 2025-03-01");
    post(ROLE_DISTRICT, "/v1/applicants", LATE, 201);
    expect_said("/v1/applicants/LATE/explanation",
                "The application came after the last round; the next round will consider it.");
    expect_said("/v1/shadow-prices?by=kind,district", "\"rows\":[{\"district\":\"North\"");
    expect_said("/v1/shadow-prices?by=kind", "\"rows\":[{\"kind\":\"nursing\",\"pools\":");
    expect_said("/v1/shadow-prices", "\"price\":{\"need\":40");
    expect_status("/v1/shadow-prices?by=star", 422);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* A couple on the list: what beds are worth is still said, and that they gain at least so much. */
static void test_couple(void)
{
    struct region *region = api_seed_region();
    api_seed_applicant(region, "A1", "North");
    strcpy(api_seed_applicant(region, "A2", "North")->household_id, "C1");
    strcpy(api_seed_applicant(region, "A3", "North")->household_id, "C1");
    api_server_start(&server, region, 0);
    post(ROLE_PLANNER, "/v1/rounds", "", 202);
    wait_for_round();
    expect_said("/v1/shadow-prices", "\"price\":{\"need\":40");
    expect_said("/v1/shadow-prices", "\"shadow_prices_are\":\"bounds\"");
    expect_said("/v1/shadow-prices?by=kind", "\"shadow_prices_are\":\"bounds\"");
    expect_said("/v1/applicants/A1/explanation", "\"shadow_prices_are\": \"bounds\"");
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static void patch(const char *path, const char *body)
{
    struct http_answer answer;
    char tag[64] = "If-Match: ";
    http_client_ask(server.port, "GET", path, server.tokens[ROLE_DISTRICT], "", NULL, &answer);
    http_answer_header(&answer, "ETag", tag + strlen(tag), 32);
    http_answer_clear(&answer);
    strcat(tag, "\r\n");
    http_client_ask(server.port, "PATCH", path, server.tokens[ROLE_DISTRICT], tag, body, &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    http_answer_clear(&answer);
}

/* Offers and rests are no changes of the application; a new level is. */
static void test_changes_since(void)
{
    begin();
    patch("/v1/applicants/A1", "{\"x_note\":\"old\",\"max_fee\":9000}");
    post(ROLE_PLANNER, "/v1/rounds", "", 202);
    wait_for_round();
    post(ROLE_DISTRICT, "/v1/applicants/A1:park", "", 200);
    CU_ASSERT_FALSE(is_said("/v1/applicants/A1/explanation", "changed"));
    patch("/v1/applicants/A1", "{\"level\":5,\"x_note\":null}");
    expect_said("/v1/applicants/A1/explanation",
                "The application was changed after this round (level, x_note): what is said here");
    expect_said("/v1/applicants/A1/explanation", "\"changed_since\"");
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static const struct check_test tests[] = {
    {"newcomers", test_newcomers}, {"couple", test_couple}, {"changes_since", test_changes_since}};
CHECK_SUITE(suite_explanation, tests);
