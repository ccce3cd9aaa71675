/* What a daemon asks of Redis goes wrong at each command in turn, while a bed is posted, two people
 * come for it, a round offers it, one accepts and moves in: whoever asks again with the same key
 * learns how it went, the bed has one person, and nothing is half done.
 *
 * ALMONER_FAULTS=1: at up to twelve commands of a step instead of two, and with silence too, which
 * the daemon only ends after seconds. */
#include "tests/check.h"

#include "tests/race_rig.h"
#include "tests/race_world.h"
#include "tests/redis_proxy.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 1500, TRY_US = 20000, ROUNDS = 5, PEOPLE = 2, FEW = 2, MANY = 12 };

/* One bed and who comes for it. */
struct journey {
    struct race_rig *rig;
    struct redis_proxy *proxy;
    int number;
    char pool[16], offer[ID_MAX + 1];
};

/* Asks until somebody knows how it went; the status. */
static int settle(struct journey *journey, const char *method, const char *path, const char *token,
                  const char *more, const char *body)
{
    char head[200];
    int status = -1;
    snprintf(head, sizeof head, "Idempotency-Key: %d-%s\r\n%s", journey->number,
             strchr(path + 1, '/') + 1, more);
    for (char *at = head; *at != '\r'; at++)
        *at = strchr("/", *at) ? '.' : *at;
    for (int i = 0; i < TRIES && (status <= 0 || status == 503); i++) {
        if (i)
            usleep(TRY_US);
        status = served_ask(journey->rig->daemon[0], method, path, token, head, body, NULL);
    }
    return status;
}

static void step_post(struct journey *journey)
{
    char path[60], body[300];
    snprintf(path, sizeof path, "/v1/pools/%s", journey->pool);
    snprintf(body, sizeof body,
             "{\"pool_id\":\"%s\",\"institution_id\":\"H0\",\"kind\":\"nursing\","
             "\"beds_usable\":1,\"beds_occupied\":0,\"serves\":[\"W%04d\"]}",
             journey->pool, journey->number);
    CU_ASSERT_EQUAL(settle(journey, "PUT", path, journey->rig->admin, "If-None-Match: *\r\n", body),
                    201);
}

static void step_apply(struct journey *journey)
{
    for (int i = 0; i < PEOPLE; i++) {
        char body[400], path[60];
        snprintf(path, sizeof path, "/v1/applicants");
        snprintf(body, sizeof body,
                 "{\"applicant_id\":\"C%04d-%d\",\"applied_at\":\"2025-01-01\",\"lat\":25,"
                 "\"lon\":121.5,\"level\":3,\"kinds\":[\"nursing\"],\"district\":\"%s\","
                 "\"village\":\"W%04d\"}",
                 journey->number, i, RACE_DISTRICT, journey->number);
        journey->number += i * 100000; /* a key of its own */
        CU_ASSERT_EQUAL(settle(journey, "POST", path, journey->rig->district, "", body), 201);
        journey->number %= 100000;
    }
}

/* The offer of the journey's bed, as Redis has it. */
static int find_offer(struct journey *journey)
{
    struct region *region = race_region(journey->rig);
    const struct record *record = region_first(region, RECORD_OFFER);
    int n = 0;
    for (; record; record = region_next(record)) {
        const struct offer *offer = (const struct offer *)record;
        if (strcmp(offer->pool_id, journey->pool) != 0)
            continue;
        CU_ASSERT_EQUAL(offer->state, OFFER_SENT);
        snprintf(journey->offer, sizeof journey->offer, "%s", record->id);
        n++;
    }
    region_free(region);
    return n;
}

/* A round whose record could not be written says so, and another one follows. */
static void step_round(struct journey *journey)
{
    int n = 0;
    for (int i = 0; i < ROUNDS && n == 0; i++) {
        race_round(journey->rig, 0);
        n = find_offer(journey);
    }
    CU_ASSERT_EQUAL_FATAL(n, 1);
}

static void act(struct journey *journey, const char *action, const char *token)
{
    char path[100];
    snprintf(path, sizeof path, "/v1/offers/%s:%s", journey->offer, action);
    CU_ASSERT_EQUAL(settle(journey, "POST", path, token, "", NULL), 200);
}

static void step_accept(struct journey *journey)
{
    act(journey, "accept", journey->rig->district);
}

static void step_admit(struct journey *journey)
{
    act(journey, "admit", journey->rig->home[0]);
}

static void (*const steps[])(struct journey *journey) = {step_post, step_apply, step_round,
                                                         step_accept, step_admit};
enum { STEPS = sizeof steps / sizeof *steps };

static void wait_ready(const struct race_rig *rig)
{
    int status = 0;
    for (int i = 0; i < TRIES && status != 200; i++) {
        status = served_ask(rig->daemon[0], "GET", "/readyz", NULL, "", NULL, NULL);
        if (status != 200)
            usleep(TRY_US);
    }
    CU_ASSERT_EQUAL(status, 200);
}

static void check_end(const struct journey *journey)
{
    struct region *region = race_region(journey->rig);
    race_check_region(region);
    const struct pool *pool = region_pool(region, journey->pool);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    CU_ASSERT_EQUAL(pool->beds_occupied, 1);
    CU_ASSERT_EQUAL(pool->beds_committed, 0);
    int n_in = 0, n_waiting = 0;
    for (int i = 0; i < PEOPLE; i++) {
        char id[32];
        snprintf(id, sizeof id, "C%04d-%d", journey->number, i);
        const struct applicant *person = region_applicant(region, id);
        n_in += person && person->state == APPLICANT_ADMITTED;
        n_waiting += person && person->state == APPLICANT_WAITING;
    }
    CU_ASSERT_EQUAL(n_in, 1);
    CU_ASSERT_EQUAL(n_waiting, PEOPLE - 1);
    region_free(region);
}

/* 1 = the step had that many commands, and one met the harm. */
static int travel(struct journey *journey, int step, enum redis_proxy_harm harm, int after)
{
    int has_met = 0;
    journey->number++;
    snprintf(journey->pool, sizeof journey->pool, "Q%04d", journey->number);
    for (int s = 0; s < STEPS; s++) {
        if (s == step)
            redis_proxy_arm(journey->proxy, harm, after);
        steps[s](journey);
        if (s == step)
            has_met = redis_proxy_disarm(journey->proxy);
    }
    check_end(journey);
    return has_met;
}

static void test_harm_to_each_command(void)
{
    struct journey journey = {.rig = race_rig_new()};
    int is_long = getenv("ALMONER_FAULTS") != NULL, n_met[PROXY_HARMS] = {0};
    int harms = is_long ? PROXY_HARMS : PROXY_UNHEARD, most = is_long ? MANY : FEW;
    if (!journey.rig)
        return;
    journey.proxy = redis_proxy_new(redis_server_socket(journey.rig->redis));
    CU_ASSERT_EQUAL(served_end(journey.rig->daemon[0], SIGTERM), 0);
    journey.rig->socket[0] = redis_proxy_socket(journey.proxy);
    CU_ASSERT_EQUAL_FATAL(race_rig_start(journey.rig, 0), 0);
    race_world_pools(journey.rig, 1);
    for (int step = 0; step < STEPS; step++)
        for (int harm = 0; harm < harms; harm++)
            for (int after = 0, goes_on = 1;
                 goes_on && after < (harm == PROXY_UNHEARD ? FEW : most); after++) {
                goes_on = travel(&journey, step, (enum redis_proxy_harm)harm, after);
                n_met[harm] += goes_on;
            }
    wait_ready(journey.rig);
    char *down = served_log(journey.rig->daemon[0], "the store is down");
    CU_ASSERT_PTR_NOT_NULL(down); /* a control: the daemon did notice */
    free(down);
    CU_ASSERT_EQUAL(race_agree(journey.rig, 0), 0);
    CU_ASSERT_EQUAL(served_end(journey.rig->daemon[0], SIGKILL), 128 + SIGKILL);
    CU_ASSERT_EQUAL_FATAL(race_rig_start(journey.rig, 0), 0);
    CU_ASSERT_EQUAL(race_agree(journey.rig, 0), 0);
    printf("(%d journeys; harm met:", journey.number);
    for (int harm = 0; harm < harms; harm++) {
        printf(" %d", n_met[harm]);
        CU_ASSERT(n_met[harm] >= STEPS); /* the control */
    }
    printf(") ");
    race_rig_free(journey.rig);
    redis_proxy_free(journey.proxy);
}

static const struct check_test tests[] = {{"harm to each command", test_harm_to_each_command}};
CHECK_SUITE(suite_each_command, tests);
