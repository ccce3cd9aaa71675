/* test_daemon_retention.c - the real almonerd on a real Redis throws away what it is told to, and
 * nothing before. */
#include "tests/check.h"

#include "tests/redis_server.h"
#include "tests/served.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect(const struct redis_server *redis, const char *command, const char *reply)
{
    char *got = redis_server_ask(redis, command);
    CU_ASSERT_PTR_NOT_NULL_FATAL(got);
    CU_ASSERT_STRING_EQUAL(got, reply);
    free(got);
}

static void send_in(const struct served *served, const char *id)
{
    char plain[400], body[600];
    served_applicant(id, plain, sizeof plain);
    plain[strlen(plain) - 1] = '\0'; /* the brace */
    snprintf(body, sizeof body, "%s,\"person\":{\"name\":\"Test Person\"}}", plain);
    CU_ASSERT_EQUAL(
        served_ask(served, "POST", "/v1/applicants", served->token[ROLE_ADMIN], "", body, NULL),
        201);
}

static void test_personal_data_goes_when_it_is_time(void)
{
    struct redis_server *redis = redis_server_start(NULL);
    struct served *served = served_new();
    char address[300], *answer;
    CU_ASSERT_PTR_NOT_NULL_FATAL(redis);
    snprintf(address, sizeof address, "unix:%s", redis_server_socket(redis));
    const char *const before[] = {"--redis", address, NULL};
    const char *const after[] = {"--redis", address, "--person-days", "30", NULL};
    CU_ASSERT_EQUAL_FATAL(served_start(served, before), 0);
    send_in(served, "A1");
    send_in(served, "A2");
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    /* long ago, A1 was closed */
    expect(redis,
           "EVAL \"local h = redis.call('HGET', KEYS[1], 'A1') "
           "local s, n = string.gsub(h, '\\\"state\\\": \\\"waiting\\\"', "
           "'\\\"state\\\": \\\"closed\\\"') "
           "local t, m = string.gsub(s, '\\\"closed_at\\\": null', "
           "'\\\"closed_at\\\": \\\"2025-01-01T00:00:00Z\\\"') "
           "redis.call('HSET', KEYS[1], 'A1', t) return n + m\" 1 {city}:rec:applicant",
           ":2");
    CU_ASSERT_EQUAL_FATAL(served_start(served, before), 0);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    expect(redis, "EXISTS {city}:pii:A1", ":1"); /* nobody has said that it should go */
    CU_ASSERT_EQUAL_FATAL(served_start(served, after), 0);
    free(served_log(served, "personal data of 1 closed applications is erased"));
    expect(redis, "EXISTS {city}:pii:A1", ":0");
    expect(redis, "EXISTS {city}:pii:A2", ":1");
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/applicants/A1", served->token[ROLE_ADMIN], "",
                               NULL, &answer),
                    200);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer, "\"erased_at\": \"20"));
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    free(answer);
    served_free(served);
    redis_server_free(redis);
}

static const struct check_test tests[] = {
    {"personal_data", test_personal_data_goes_when_it_is_time},
};
CHECK_SUITE(suite_daemon_retention, tests);
