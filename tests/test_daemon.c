/* Tests of scheduler/main.c and demo.c: the real almonerd, started, asked, killed and started
 * again. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/region.h"
#include "scheduler/data_dir.h"
#include "scheduler/writer.h"
#include "store/redis_store.h"
#include "store/seal.h"
#include "store/token.h"
#include "store/world_files.h"
#include "tests/served.h"

#include <event2/event.h>
#include <stdint.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const demo[] = {"--demo", NULL};

/* ---- everything that a daemon holds, as text ---- */

static json_t *body_of(const char *answer)
{
    const char *body = answer ? strstr(answer, "\r\n\r\n") : NULL;
    return body ? json_loads(body + 4, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* All pages of a list, each item with its ETag. */
static void dump_list(const struct served *served, const char *path, struct buffer *out)
{
    char *cursor = alloc_string("");
    while (cursor) {
        char *answer, url[300];
        snprintf(url, sizeof url, "%s?limit=100%s%s", path, *cursor ? "&cursor=" : "", cursor);
        CU_ASSERT_EQUAL(
            served_ask(served, "GET", url, served->token[ROLE_ADMIN], "", NULL, &answer), 200);
        json_t *body = body_of(answer);
        char *text = json_dumps(json_object_get(body, "items"), JSON_SORT_KEYS);
        buffer_format(out, "%s\n", text ? text : "?");
        const char *next = json_string_value(json_object_get(body, "next"));
        free(cursor);
        cursor = next ? alloc_string(next) : NULL;
        json_decref(body);
        free(text);
        free(answer);
    }
}

static void dump_record(const struct served *served, const char *path, const char *id,
                        struct buffer *out)
{
    char *answer, url[300];
    snprintf(url, sizeof url, "%s/%s", path, id);
    CU_ASSERT_EQUAL(served_ask(served, "GET", url, served->token[ROLE_ADMIN], "", NULL, &answer),
                    200);
    char *etag = answer ? served_header(answer, "ETag") : NULL;
    json_t *body = body_of(answer);
    char *text = json_dumps(body, JSON_SORT_KEYS);
    buffer_format(out, "%s %s\n", etag ? etag : "?", text ? text : "?");
    json_decref(body);
    free(text);
    free(etag);
    free(answer);
}

/* The region in Redis at `socket`, loaded by this process as another node would. */
struct reading {
    struct event_base *base;
    struct store *store;
    struct region *region;
};

static void on_region(void *arg, struct region *region, uint64_t feed, const struct alm_error *err)
{
    struct reading *reading = arg;
    (void)feed, (void)err;
    reading->region = region;
    event_base_loopbreak(reading->base);
}

static void on_up(void *arg, int up)
{
    struct reading *reading = arg;
    if (up)
        store_load(reading->store, on_region, reading);
}

static struct region *read_region(const char *socket, const char *name)
{
    struct reading reading = {.base = event_base_new()};
    struct redis_store_options options = {
        .unix_path = socket, .region = name, .on_state = on_up, .state_arg = &reading};
    struct seal *seal = seal_new_random();
    reading.store = redis_store_new(reading.base, &options, seal, NULL);
    event_base_loopexit(reading.base, &(struct timeval){.tv_sec = 120});
    event_base_dispatch(reading.base);
    store_free(reading.store);
    seal_free(seal);
    event_base_free(reading.base);
    return reading.region;
}

static struct region *region_of(const struct served *served)
{
    char *socket = served_path(served, "data/redis.sock");
    struct region *region = read_region(socket, "city");
    free(socket);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    return region;
}

/* Every record by what the daemon itself says; the ids come from Redis. */
static char *dump(const struct served *served)
{
    struct buffer out = {0};
    struct region *region = region_of(served);
    const struct record *record;
    for (record = region_first(region, RECORD_INSTITUTION); record; record = region_next(record))
        dump_record(served, "/v1/institutions", record->id, &out);
    for (record = region_first(region, RECORD_POOL); record; record = region_next(record))
        dump_record(served, "/v1/pools", record->id, &out);
    dump_list(served, "/v1/applicants", &out);
    dump_list(served, "/v1/offers", &out);
    dump_list(served, "/v1/rounds", &out);
    region_free(region);
    return buffer_take(&out, NULL);
}

static int wait_round(const struct served *served, const char *path, json_t **round)
{
    for (int i = 0; i < 3000; i++) {
        char *answer;
        int status = served_ask(served, "GET", path, served->token[ROLE_ADMIN], "", NULL, &answer);
        *round = body_of(answer);
        free(answer);
        if (status == 200 && json_is_string(json_object_get(*round, "finished_at")))
            return 0;
        json_decref(*round);
        usleep(20000);
    }
    *round = NULL;
    return -1;
}

/* ---- tests ---- */

static int exit_code(const char *const *options)
{
    struct served *served = served_new();
    int status = -1;
    served_launch(served, options);
    waitpid(served->pid, &status, 0);
    served->pid = 0;
    served_free(served);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_exit_codes(void)
{
    char *dir = check_tmpdir(), policy[300];
    snprintf(policy, sizeof policy, "%s/policy.json", dir);
    CU_ASSERT_EQUAL(world_files_spit(policy, "{\"name\":1}", 10, NULL), 0);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--help", NULL}), 0);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--version", NULL}), 0);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--nonsense", NULL}), 2);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--listen", "nowhere", NULL}), 2);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--policy", policy, NULL}), 2);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--policy", "/nowhere/p.json", NULL}), 2);
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--data", "/nowhere/data", NULL}), 4);
    free(dir);
}

static void test_two_daemons_cannot_share_a_folder(void)
{
    struct served *first = served_new();
    CU_ASSERT_EQUAL_FATAL(served_start(first, NULL), 0);
    char *data = served_path(first, "data");
    CU_ASSERT_EQUAL(exit_code((const char *const[]){"--data", data, NULL}), 4);
    CU_ASSERT_EQUAL(served_ask(first, "GET", "/livez", NULL, "", NULL, NULL), 200);
    CU_ASSERT_EQUAL(served_end(first, SIGTERM), 0);
    free(data);
    served_free(first);
}

static void test_the_demo_prints_a_token_per_role(void)
{
    struct served *served = served_new();
    char *data = served_path(served, "out");
    size_t len = 0;
    CU_ASSERT_EQUAL_FATAL(served_start(served, demo), 0);
    char *out = world_files_slurp(data, &len, NULL);
    for (int role = 0; role < ROLE_COUNT; role++) {
        char token[TOKEN_TEXT] = "", path[200] = "", line[60];
        snprintf(line, sizeof line, "\n%s", words_name(&words_role, role));
        const char *at = strstr(out, line);
        at = at ? strstr(at, "  token ") : NULL;
        CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        CU_ASSERT_EQUAL(sscanf(at, "  token %127s link http://127.0.0.1:%*d%199s", token, path), 2);
        CU_ASSERT_EQUAL(served_ask(served, "GET", path, token, "", NULL, NULL), 200);
        CU_ASSERT_EQUAL(served_ask(served, "GET", path, NULL, "", NULL, NULL), 401);
    }
    CU_ASSERT_EQUAL(served_end(served, SIGINT), 0);
    free(out);
    free(data);
    served_free(served);
}

static void test_killed_and_started_again_it_holds_the_same(void)
{
    struct served *served = served_new();
    struct alm_error err;
    json_t *round;
    char *answer;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(served_start(served, demo), 0);
    CU_ASSERT_EQUAL(
        served_ask(served, "POST", "/v1/rounds", served->token[ROLE_PLANNER], "", NULL, &answer),
        202);
    char *path = served_header(answer, "Location");
    CU_ASSERT_STRING_EQUAL(path, "/v1/rounds/1");
    CU_ASSERT_EQUAL(wait_round(served, path, &round), 0);
    CU_ASSERT(json_is_true(json_object_get(round, "ok")));
    CU_ASSERT(json_integer_value(json_object_get(round, "offers")) > 1000);
    char *before = dump(served);
    CU_ASSERT(strlen(before) > 1000000);
    CU_ASSERT_EQUAL(served_end(served, SIGKILL), 128 + SIGKILL);

    CU_ASSERT_EQUAL_FATAL(served_start(served, NULL), 0);
    char *after = dump(served);
    CU_ASSERT(strcmp(before, after) == 0);
    struct region *region = region_of(served);
    CU_ASSERT_EQUAL(region_check(region, &err), 0);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    region_free(region);
    json_decref(round);
    free(path);
    free(answer);
    free(before);
    free(after);
    served_free(served);
}

static void wait_records(const struct served *served, size_t wanted)
{
    size_t n = 0;
    for (int i = 0; i < 3000 && n < wanted; i++) {
        struct region *region = region_of(served);
        n = region_count(region, RECORD_INSTITUTION) + region_count(region, RECORD_APPLICANT);
        region_free(region);
    }
    CU_ASSERT(n >= wanted);
}

/* Killed at any moment of a flood of writes, what is there fits together. */
static void test_killed_in_the_middle_of_writes(void)
{
    for (int i = 0; i < 4; i++) {
        struct served *served = served_new();
        struct alm_error err;
        err_init(&err);
        served_launch(served, demo);
        char *up = served_log(served, "the store is up");
        CU_ASSERT_PTR_NOT_NULL(up);
        wait_records(served, (size_t)(50 + i * 400));
        served_end(served, SIGKILL);
        CU_ASSERT_EQUAL_FATAL(served_start(served, NULL), 0);
        struct region *region = region_of(served);
        CU_ASSERT_EQUAL(region_check(region, &err), 0);
        CU_ASSERT(region_count(region, RECORD_INSTITUTION) > 0);
        CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
        region_free(region);
        err_clear(&err);
        free(up);
        served_free(served);
    }
}

static void test_a_drain_answers_what_is_in_hand(void)
{
    enum { CLIENTS = 20 };
    struct served *served = served_new();
    int fds[CLIENTS], status[CLIENTS], answered = 0;
    char body[400], id[40];
    CU_ASSERT_EQUAL_FATAL(served_start(served, NULL), 0);
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = served_connect(served);
        CU_ASSERT_EQUAL(served_send(fds[i], "GET", "/livez", NULL, "", NULL), 0);
        CU_ASSERT_EQUAL(served_receive(fds[i], NULL), 200);
    }
    for (int i = 0; i < CLIENTS; i++) {
        snprintf(id, sizeof id, "A%d", i);
        served_applicant(id, body, sizeof body);
        CU_ASSERT_EQUAL(
            served_send(fds[i], "POST", "/v1/applicants", served->token[ROLE_ADMIN], "", body), 0);
    }
    kill(served->pid, SIGTERM);
    for (int i = 0; i < CLIENTS; i++) {
        status[i] = served_receive(fds[i], NULL);
        CU_ASSERT(status[i] != 0); /* no answer is cut in the middle */
        answered += status[i] == 201;
        close(fds[i]);
    }
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    CU_ASSERT_EQUAL(answered, CLIENTS);
    CU_ASSERT_EQUAL_FATAL(served_start(served, NULL), 0);
    for (int i = 0; i < CLIENTS; i++) {
        char path[60];
        snprintf(path, sizeof path, "/v1/applicants/A%d", i);
        int found = served_ask(served, "GET", path, served->token[ROLE_ADMIN], "", NULL, NULL);
        CU_ASSERT(status[i] != 201 || found == 200);
    }
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    served_free(served);
}

/* The number of the round that a POST with that key is answered with. */
static json_int_t post_round(const struct served *served, const char *key)
{
    char *answer;
    CU_ASSERT_EQUAL(
        served_ask(served, "POST", "/v1/rounds", served->token[ROLE_PLANNER], key, NULL, &answer),
        202);
    json_t *body = body_of(answer);
    json_int_t number = json_integer_value(json_object_get(body, "number"));
    json_decref(body);
    free(answer);
    return number;
}

/* And whoever asks again under the same key after a restart is told of that round. */
static void test_a_drain_ends_a_running_round(void)
{
    struct served *served = served_new();
    json_t *round;
    CU_ASSERT_EQUAL_FATAL(served_start(served, demo), 0);
    CU_ASSERT_EQUAL(post_round(served, "Idempotency-Key: r-1\r\n"), 1);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    char *data = served_path(served, "data"), *path;
    int lock = data_dir_lock(data, &path, NULL); /* held by redis-server as long as one lives */
    CU_ASSERT(lock >= 0);
    close(lock);
    CU_ASSERT_EQUAL_FATAL(served_start(served, NULL), 0);
    CU_ASSERT_EQUAL(wait_round(served, "/v1/rounds/1", &round), 0);
    CU_ASSERT(json_is_false(json_object_get(round, "ok")));
    CU_ASSERT_EQUAL(post_round(served, "Idempotency-Key: r-1\r\n"), 1);
    CU_ASSERT_EQUAL(post_round(served, "Idempotency-Key: r-2\r\n"), 2);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    json_decref(round);
    free(path);
    free(data);
    served_free(served);
}

static void test_redis_dies_and_comes_back(void)
{
    struct served *served = served_new();
    char body[400];
    CU_ASSERT_EQUAL_FATAL(served_start(served, NULL), 0);
    char *process = served_log(served, "redis-server is up (process ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(process);
    kill(atoi(process), SIGKILL);
    char *down = served_log(served, "the store is down");
    CU_ASSERT_PTR_NOT_NULL(down);
    int status = 0;
    for (int i = 0; i < 1500 && status != 200; i++) {
        status = served_ask(served, "GET", "/readyz", NULL, "", NULL, NULL);
        CU_ASSERT(status == 200 || status == 503);
        usleep(20000);
    }
    CU_ASSERT_EQUAL(status, 200);
    served_applicant("A1", body, sizeof body);
    CU_ASSERT_EQUAL(
        served_ask(served, "POST", "/v1/applicants", served->token[ROLE_ADMIN], "", body, NULL),
        201);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    free(process);
    free(down);
    served_free(served);
}

static const char policy_text[] = "{\"name\":\"%s\",\"version\":1,\"objectives\":[\"need\"],"
                                  "\"points\":[]}";

static void test_hangup_reads_tokens_and_policy_again(void)
{
    struct served *served = served_new();
    char *tokens = served_path(served, "tokens.json"), *policy = served_path(served, "policy.json");
    char token[TOKEN_TEXT], text[300];
    const char *const options[] = {"--policy", policy, NULL};
    snprintf(text, sizeof text, policy_text, "first");
    CU_ASSERT_EQUAL(world_files_spit(policy, text, strlen(text), NULL), 0);
    CU_ASSERT_EQUAL_FATAL(served_start(served, options), 0);
    CU_ASSERT_EQUAL(token_create(tokens, ROLE_PLANNER, "", token, NULL), 0);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/rounds", token, "", NULL, NULL), 401);
    snprintf(text, sizeof text, policy_text, "second");
    CU_ASSERT_EQUAL(world_files_spit(policy, text, strlen(text), NULL), 0);
    kill(served->pid, SIGHUP);
    char *read_again = served_log(served, "tokens are read again");
    CU_ASSERT_PTR_NOT_NULL(read_again);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/v1/rounds", token, "", NULL, NULL), 200);
    const char *name = NULL;
    for (int i = 0; i < 500 && (!name || strcmp(name, "second") != 0); i++) {
        struct region *region = region_of(served);
        json_t *held = json_loads(((const struct policy_record *)(const void *)region_find(
                                       region, RECORD_POLICY, "current"))
                                      ->json,
                                  0, NULL);
        const char *now = json_string_value(json_object_get(held, "name"));
        name = now && strcmp(now, "second") == 0 ? "second" : "first";
        json_decref(held);
        region_free(region);
    }
    CU_ASSERT_STRING_EQUAL(name, "second");
    CU_ASSERT_EQUAL(world_files_spit(policy, "{}", 2, NULL), 0); /* a bad one changes nothing */
    kill(served->pid, SIGHUP);
    CU_ASSERT_EQUAL(served_ask(served, "GET", "/readyz", NULL, "", NULL, NULL), 200);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    free(read_again);
    free(policy);
    free(tokens);
    served_free(served);
}

static void change_role(const struct served *served, enum role from, enum role to)
{
    char *path = served_path(served, "tokens.json");
    struct tokens tokens = {0};
    CU_ASSERT_EQUAL_FATAL(tokens_read(path, &tokens, NULL), 0);
    for (size_t i = 0; i < tokens.n; i++)
        if (tokens.list[i].role == from)
            tokens.list[i].role = to;
    char *json = tokens_to_json(&tokens);
    CU_ASSERT_EQUAL(world_files_spit_private(path, json, strlen(json), NULL), 0);
    free(json);
    tokens_clear(&tokens);
    free(path);
}

/* Who listens with a token that means something else by now does not go on as before. */
static void test_hangup_ends_listeners_of_changed_tokens(void)
{
    static const struct timeval patience = {.tv_sec = 60};
    struct served *served = served_new();
    char bytes[4096];
    ssize_t n;
    CU_ASSERT_EQUAL_FATAL(served_start(served, (const char *const[]){NULL}), 0);
    int fd = served_connect(served);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    served_send(fd, "GET", "/v1/events", served->token[ROLE_ADMIN], "", NULL);
    CU_ASSERT(read(fd, bytes, sizeof bytes) > 0);
    change_role(served, ROLE_ADMIN, ROLE_PLANNER);
    kill(served->pid, SIGHUP);
    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        continue;
    CU_ASSERT_EQUAL(n, 0);
    close(fd);
    CU_ASSERT_EQUAL(served_end(served, SIGTERM), 0);
    served_free(served);
}

static const struct check_test tests[] = {
    {"exit_codes", test_exit_codes},
    {"one_folder", test_two_daemons_cannot_share_a_folder},
    {"demo", test_the_demo_prints_a_token_per_role},
    {"killed", test_killed_and_started_again_it_holds_the_same},
    {"killed_writing", test_killed_in_the_middle_of_writes},
    {"drain", test_a_drain_answers_what_is_in_hand},
    {"drain_round", test_a_drain_ends_a_running_round},
    {"redis_dies", test_redis_dies_and_comes_back},
    {"hangup", test_hangup_reads_tokens_and_policy_again},
    {"hangup_listener", test_hangup_ends_listeners_of_changed_tokens},
};
CHECK_SUITE(suite_daemon, tests);
