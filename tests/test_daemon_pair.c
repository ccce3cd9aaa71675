/* test_daemon_pair.c - two daemons on one Redis, asked for the same thing. */
#include "tests/check.h"

#include "tests/redis_server.h"
#include "tests/served.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char home_json[] = "{\"institution_id\":\"H1\",\"name\":\"Home\",\"lat\":25,"
                                "\"lon\":121.5,\"star\":%d}";

static int wait_status(const struct served *served, const char *path, int wanted)
{
    int status = 0;
    for (int i = 0; i < 1500 && status != wanted; i++) {
        status = served_ask(served, "GET", path, served->token[ROLE_ADMIN], "", NULL, NULL);
        if (status != wanted)
            usleep(10000);
    }
    return status == wanted ? 0 : -1;
}

/* Waits until both show the same version of the home; its ETag (caller frees). */
static char *common_etag(const struct served *a, const struct served *b)
{
    for (int i = 0; i < 1500; i++) {
        char *of_a, *of_b;
        served_ask(a, "GET", "/v1/institutions/H1", a->token[ROLE_ADMIN], "", NULL, &of_a);
        served_ask(b, "GET", "/v1/institutions/H1", b->token[ROLE_ADMIN], "", NULL, &of_b);
        char *etag_a = of_a ? served_header(of_a, "ETag") : NULL;
        char *etag_b = of_b ? served_header(of_b, "ETag") : NULL;
        int is_same = etag_a && etag_b && strcmp(etag_a, etag_b) == 0;
        free(of_a);
        free(of_b);
        free(etag_b);
        if (is_same)
            return etag_a;
        free(etag_a);
        usleep(2000);
    }
    return NULL;
}

/* Both are asked to replace the same version at the same time: how many say yes? */
static int race(const struct served *a, const struct served *b, int round)
{
    char body[200], match[120], *etag = common_etag(a, b);
    CU_ASSERT_PTR_NOT_NULL_FATAL(etag);
    int fd_a = served_connect(a), fd_b = served_connect(b);
    snprintf(match, sizeof match, "If-Match: %s\r\n", etag);
    snprintf(body, sizeof body, home_json, round % 6);
    served_send(round % 2 ? fd_a : fd_b, "PUT", "/v1/institutions/H1",
                (round % 2 ? a : b)->token[ROLE_ADMIN], match, body);
    served_send(round % 2 ? fd_b : fd_a, "PUT", "/v1/institutions/H1",
                (round % 2 ? b : a)->token[ROLE_ADMIN], match, body);
    int status_a = served_receive(fd_a, NULL), status_b = served_receive(fd_b, NULL);
    CU_ASSERT(status_a == 200 || status_a == 412);
    CU_ASSERT(status_b == 200 || status_b == 412);
    close(fd_a);
    close(fd_b);
    free(etag);
    return (status_a == 200) + (status_b == 200);
}

static void test_two_daemons_on_one_redis(void)
{
    struct redis_server *redis = redis_server_start(NULL);
    struct served *a = served_new(), *b = served_new();
    char address[300], body[400];
    CU_ASSERT_PTR_NOT_NULL_FATAL(redis);
    snprintf(address, sizeof address, "unix:%s", redis_server_socket(redis));
    char *key = served_path(a, "seal.key");
    const char *const options[] = {"--redis", address, "--seal-key", key, NULL};
    CU_ASSERT_EQUAL_FATAL(served_start(a, options), 0);
    CU_ASSERT_EQUAL_FATAL(served_start(b, options), 0);
    snprintf(body, sizeof body, home_json, 1);
    CU_ASSERT_EQUAL(served_ask(a, "PUT", "/v1/institutions/H1", a->token[ROLE_ADMIN],
                               "If-None-Match: *\r\n", body, NULL),
                    201);
    CU_ASSERT_EQUAL(wait_status(b, "/v1/institutions/H1", 200), 0);
    served_applicant("A1", body, sizeof body);
    CU_ASSERT_EQUAL(served_ask(b, "POST", "/v1/applicants", b->token[ROLE_ADMIN], "", body, NULL),
                    201);
    CU_ASSERT_EQUAL(wait_status(a, "/v1/applicants/A1", 200), 0);
    int winners = 0;
    for (int i = 0; i < 100; i++) {
        int won = race(a, b, i);
        CU_ASSERT_EQUAL(won, 1);
        winners += won;
    }
    CU_ASSERT_EQUAL(winners, 100);
    CU_ASSERT_EQUAL(served_end(a, SIGTERM), 0);
    CU_ASSERT_EQUAL(wait_status(b, "/v1/applicants/A1", 200), 0); /* Redis is not ours to end */
    CU_ASSERT_EQUAL(served_end(b, SIGTERM), 0);
    served_free(b);
    served_free(a);
    redis_server_free(redis);
    free(key);
}

/* The same request at both, while the second does not hear of changes: not "there is none". */
static void test_a_repetition_at_a_daemon_that_is_behind(void)
{
    struct redis_server *redis = redis_server_start(NULL);
    struct served *a = served_new(), *b = served_new();
    char address[300], body[400], headers[64], path[64];
    CU_ASSERT_PTR_NOT_NULL_FATAL(redis);
    snprintf(address, sizeof address, "unix:%s", redis_server_socket(redis));
    char *key = served_path(a, "seal.key"), *tokens = served_path(a, "tokens.json");
    const char *const options[] = {"--redis", address, "--seal-key", key, "--tokens", tokens, NULL};
    const char *admin = a->token[ROLE_ADMIN];
    CU_ASSERT_EQUAL_FATAL(served_start(a, options), 0);
    CU_ASSERT_EQUAL_FATAL(served_start(b, options), 0);
    free(redis_server_ask(redis, "ACL SETUSER default -xread"));
    int status = 200, first = 0, again = 0;
    for (int i = 0; i < 500 && status == 200; i++) { /* until a read under way has ended */
        snprintf(path, sizeof path, "/v1/applicants/A%d", i);
        served_applicant(path + strlen("/v1/applicants/"), body, sizeof body);
        snprintf(headers, sizeof headers, "Idempotency-Key: k-%d\r\n", i);
        first = served_ask(a, "POST", "/v1/applicants", admin, headers, body, NULL);
        usleep(20000);
        again = served_ask(b, "POST", "/v1/applicants", admin, headers, body, NULL);
        status = served_ask(b, "GET", path, admin, "", NULL, NULL);
    }
    CU_ASSERT_EQUAL(status, 404);
    CU_ASSERT_EQUAL(first, 201);
    CU_ASSERT_EQUAL(again, 503);
    free(redis_server_ask(redis, "ACL SETUSER default +xread"));
    for (int i = 0; i < 3000 && again == 503; i++) {
        usleep(10000);
        again = served_ask(b, "POST", "/v1/applicants", admin, headers, body, NULL);
    }
    CU_ASSERT_EQUAL(again, 201);
    CU_ASSERT_EQUAL(served_end(a, SIGTERM), 0);
    CU_ASSERT_EQUAL(served_end(b, SIGTERM), 0);
    served_free(b);
    served_free(a);
    redis_server_free(redis);
    free(tokens);
    free(key);
}

/* While Redis is away the region is still read, and says since when nothing new has come; nothing
 * is written, and the balancer hears of it. */
static void test_redis_is_away(void)
{
    struct redis_server *redis = redis_server_start(NULL);
    struct served *served = served_new();
    char address[300], body[400], *answer;
    CU_ASSERT_PTR_NOT_NULL_FATAL(redis);
    snprintf(address, sizeof address, "unix:%s", redis_server_socket(redis));
    const char *const options[] = {"--redis", address, NULL};
    const char *admin = served->token[ROLE_ADMIN];
    CU_ASSERT_EQUAL_FATAL(served_start(served, options), 0);
    served_applicant("A1", body, sizeof body);
    CU_ASSERT_EQUAL(served_ask(served, "POST", "/v1/applicants", admin, "", body, NULL), 201);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/applicants/A1", admin, "", NULL, &answer), 200);
    CU_ASSERT_PTR_NULL(served_header(answer, "Stale-Since"));
    free(answer);
    redis_server_kill(redis);
    char *down = served_log(served, "the store is down");
    CU_ASSERT_PTR_NOT_NULL(down);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/applicants/A1", admin, "", NULL, &answer), 200);
    char *since = served_header(answer, "Stale-Since");
    CU_ASSERT(since && strlen(since) == strlen("2025-03-01T00:00:00Z"));
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/applicants/A2", admin, "", NULL, NULL), 404);
    CU_ASSERT_EQUAL(served_ask(served, "PATCH", "/v1/applicants/A1", admin, "If-Match: *\r\n",
                               "{\"level\":4}", NULL),
                    503);
    CU_ASSERT_EQUAL(served_ask(served, "POST", "/v1/applicants", admin, "", body, NULL), 503);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/readyz", NULL, "", NULL, NULL), 503);
    free(answer);
    CU_ASSERT_EQUAL(redis_server_restart(redis), 0);
    CU_ASSERT_EQUAL(wait_status(served, "/readyz", 200), 0);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/applicants/A1", admin, "", NULL, &answer), 200);
    CU_ASSERT_PTR_NULL(served_header(answer, "Stale-Since"));
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    free(answer);
    free(since);
    free(down);
    served_free(served);
    redis_server_free(redis);
}

static const struct check_test tests[] = {
    {"redis is away", test_redis_is_away},
    {"two_daemons", test_two_daemons_on_one_redis},
    {"behind", test_a_repetition_at_a_daemon_that_is_behind},
};
CHECK_SUITE(suite_daemon_pair, tests);
