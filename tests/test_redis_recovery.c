/* test_redis_recovery.c - a Redis that dies in the middle, answers late, hangs, or comes late:
 * nothing lost, nothing twice. */
#include "store/redis_store.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/store_rig.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRAFFIC = 300, TRIES = 200 };

struct traffic {
    struct change changes[TRAFFIC];
    struct rig_commit answers[TRAFFIC];
};

static void fill(struct traffic *traffic)
{
    for (int i = 0; i < TRAFFIC; i++) {
        char name[40];
        snprintf(name, sizeof name, "t%03d", i);
        rig_change(&traffic->changes[i], name);
        rig_add_applicant(&traffic->changes[i], name);
        rig_add_pool(&traffic->changes[i], name, i);
    }
}

static int is_open(const struct rig_commit *answer)
{
    return !answer->is_done || answer->reply.status == STORE_UNKNOWN ||
           answer->reply.status == STORE_UNAVAILABLE;
}

/* Sends what is not settled among [from, to). */
static void send_some(struct store *store, struct traffic *traffic, int from, int to)
{
    for (int i = from; i < to; i++) {
        if (!is_open(&traffic->answers[i]))
            continue;
        traffic->answers[i].is_done = 0;
        store_commit(store, &traffic->changes[i], rig_on_commit, &traffic->answers[i]);
    }
}

static void wait_for_answers(struct rig *rig, struct traffic *traffic, int to)
{
    for (int i = 0; i < to; i++)
        CU_ASSERT_FATAL(rig_until(rig, &traffic->answers[i].is_done));
}

static int count_open(const struct traffic *traffic)
{
    int open = 0;
    for (int i = 0; i < TRAFFIC; i++)
        open += is_open(&traffic->answers[i]);
    return open;
}

/* A connection that died after its last answer is found dead by what is asked next; the one after
 * it answers, as soon as Redis does within the store's 300 ms. */
static struct region *load_at_last(struct rig *rig, struct store *store, uint64_t *feed)
{
    struct region *region = NULL;
    for (int n = 0; !region && n < TRIES; n++) {
        CU_ASSERT_FATAL(rig_until(rig, &rig->is_up[0]));
        region = rig_load(rig, store, feed, NULL);
    }
    return region;
}

/* Each change once: its number is unique and its records are there in version 1. */
static void expect_each_once(struct rig *rig, struct store *store, const struct traffic *traffic)
{
    uint64_t feed = 0;
    char is_seen[TRAFFIC + 1] = {0};
    for (int i = 0; i < TRAFFIC; i++) {
        uint64_t number = traffic->answers[i].reply.feed;
        CU_ASSERT_EQUAL(traffic->answers[i].reply.status, STORE_OK);
        CU_ASSERT_FATAL(number >= 1 && number <= TRAFFIC);
        CU_ASSERT_FALSE(is_seen[number]);
        is_seen[number] = 1;
    }
    struct region *region = load_at_last(rig, store, &feed);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(feed, TRAFFIC);
    struct region *expected = region_new();
    for (int i = 0; i < TRAFFIC; i++)
        region_apply(expected, &traffic->changes[i]);
    CU_ASSERT(rig_same_region(region, expected));
    region_free(expected);
    region_free(region);
}

static void killed_in_the_middle_loses_nothing(void)
{
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return;
    struct store *store = rig_handle(&rig);
    struct traffic *traffic = alloc_zero(1, sizeof *traffic);
    struct rig_feed feed = {.region = region_new()};
    store_follow(store, 0, rig_on_entry, &feed);
    fill(traffic);
    send_some(store, traffic, 0, TRAFFIC / 3);
    wait_for_answers(&rig, traffic, TRAFFIC / 3);
    /* More than a socket takes at once: one turn of the loop leaves some done, some read, some
     * unsent. */
    send_some(store, traffic, TRAFFIC / 3, TRAFFIC);
    rig_turn(&rig);
    redis_server_kill(own);
    wait_for_answers(&rig, traffic, TRAFFIC);
    CU_ASSERT(count_open(traffic) > 0); /* the control: it did die in the middle */
    CU_ASSERT(count_open(traffic) < TRAFFIC);
    CU_ASSERT_EQUAL(redis_server_restart(own), 0);
    CU_ASSERT(rig_until(&rig, &rig.is_up[0]));
    while (count_open(traffic) > 0) {
        send_some(store, traffic, 0, TRAFFIC);
        wait_for_answers(&rig, traffic, TRAFFIC);
    }
    expect_each_once(&rig, store, traffic);
    CU_ASSERT(rig_until_feed(&rig, &feed, TRAFFIC));
    CU_ASSERT_EQUAL(feed.n, TRAFFIC);
    CU_ASSERT(feed.is_in_order);
    region_free(feed.region);
    for (int i = 0; i < TRAFFIC; i++)
        change_clear(&traffic->changes[i]);
    free(traffic);
    rig_clear(&rig);
    redis_server_free(own);
}

/* -- trouble at any moment -- */

static void hang(struct redis_server *server)
{
    CU_ASSERT_EQUAL(kill(redis_server_pid(server), SIGSTOP), 0);
}

static void go_on(struct redis_server *server)
{
    CU_ASSERT_EQUAL(kill(redis_server_pid(server), SIGCONT), 0);
}

static void start_again(struct redis_server *server)
{
    CU_ASSERT_EQUAL(redis_server_restart(server), 0);
}

/* What was sent may have been read, what was done may not be told. */
static void cut(struct redis_server *server)
{
    free(redis_server_ask(server, "CLIENT KILL TYPE normal"));
}

static void leave_alone(struct redis_server *server)
{
    (void)server;
}

static const struct trouble {
    void (*begin)(struct redis_server *server), (*end)(struct redis_server *server);
} troubles[] = {{redis_server_kill, start_again}, {hang, go_on}, {cut, leave_alone}};
enum { TROUBLES = sizeof troubles / sizeof *troubles };

/* After so many turns of the loop, with everything sent. Returns how many answers were open. */
static int meet(const struct trouble *trouble, int turns)
{
    struct rig rig;
    const struct redis_store_options quick = {.command_timeout_ms = 300};
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return 0;
    struct store *store = rig_open(&rig, &quick);
    struct traffic *traffic = alloc_zero(1, sizeof *traffic);
    CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
    fill(traffic);
    send_some(store, traffic, 0, TRAFFIC);
    for (int n = 0; n < turns; n++)
        rig_turn(&rig);
    trouble->begin(own);
    wait_for_answers(&rig, traffic, TRAFFIC);
    int open = count_open(traffic);
    trouble->end(own);
    while (count_open(traffic) > 0) {
        CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
        send_some(store, traffic, 0, TRAFFIC);
        wait_for_answers(&rig, traffic, TRAFFIC);
    }
    expect_each_once(&rig, store, traffic);
    for (int i = 0; i < TRAFFIC; i++)
        change_clear(&traffic->changes[i]);
    free(traffic);
    rig_clear(&rig);
    redis_server_free(own);
    return open;
}

static void trouble_after_any_turn_loses_nothing(void)
{
    int last = getenv("ALMONER_FAULTS") ? 40 : 4, open[TROUBLES] = {0};
    for (int turns = 0; turns < last; turns++)
        for (int t = 0; t < TROUBLES; t++)
            open[t] += meet(&troubles[t], turns) > 0;
    for (int t = 0; t < TROUBLES && open[0]; t++)
        CU_ASSERT_TRUE(open[t] > 0); /* the control: it did come in the middle */
}

/* These stores wait for a second only, and a disk may take longer to write. */
static struct store_reply settle_pool(struct rig *rig, struct store *store, const char *id)
{
    struct change change;
    rig_change(&change, id);
    rig_add_pool(&change, id, 1);
    struct store_reply reply = rig_settle(rig, store, &change);
    change_clear(&change);
    CU_ASSERT_FATAL(rig_until(rig, &rig->is_up[0]));
    return reply;
}

static void slow_server_is_unknown_then_settles(void)
{
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return;
    const struct redis_store_options quick = {.command_timeout_ms = 1000};
    struct store *store = rig_open(&rig, &quick);
    CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
    CU_ASSERT_EQUAL(settle_pool(&rig, store, "P1").feed, 1);
    CU_ASSERT_EQUAL(kill(redis_server_pid(own), SIGSTOP), 0); /* the script runs, but later */
    struct change change;
    rig_change(&change, "P2");
    rig_add_pool(&change, "P2", 1);
    CU_ASSERT_EQUAL(rig_commit(&rig, store, &change).status, STORE_UNKNOWN);
    CU_ASSERT_FALSE(rig.is_up[0]);
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.log[0], "not answered"));
    CU_ASSERT_EQUAL(kill(redis_server_pid(own), SIGCONT), 0);
    struct store_reply reply = rig_settle(&rig, store, &change);
    CU_ASSERT_EQUAL(reply.status, STORE_OK);
    CU_ASSERT_EQUAL(reply.feed, 2);
    uint64_t feed = 0;
    struct region *region = rig_load(&rig, store, &feed, NULL);
    CU_ASSERT_EQUAL(feed, 2);
    region_free(region);
    change_clear(&change);
    rig_clear(&rig);
    redis_server_free(own);
}

/* Nothing is asked of the store, and yet it notices. */
static void hung_server_is_noticed(void)
{
    const struct redis_store_options quick = {.command_timeout_ms = 1000};
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return;
    struct store *store = rig_open(&rig, &quick);
    CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
    CU_ASSERT_EQUAL(kill(redis_server_pid(own), SIGSTOP), 0);
    while (rig.is_up[0])
        rig_turn(&rig);
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").status, STORE_UNAVAILABLE);
    CU_ASSERT_EQUAL(kill(redis_server_pid(own), SIGCONT), 0);
    CU_ASSERT(rig_until(&rig, &rig.is_up[0]));
    CU_ASSERT_EQUAL(settle_pool(&rig, store, "P1").feed, 1);
    rig_clear(&rig);
    redis_server_free(own);
}

static void server_may_come_late(void)
{
    struct rig rig;
    struct redis_server *own = redis_server_prepare(NULL);
    rig_init_redis(&rig, own, "city");
    struct store *store = rig_open(&rig, NULL);
    struct store_reply reply = rig_commit_pool(&rig, store, "P1");
    CU_ASSERT_EQUAL(reply.status, STORE_UNAVAILABLE);
    for (int i = 0; i < 2000 && !rig.log[0][0]; i++)
        rig_turn(&rig);
    reply = rig_commit_pool(&rig, store, "P1");
    CU_ASSERT_EQUAL(reply.status, STORE_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply.message, redis_server_socket(own)));
    uint64_t feed;
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_PTR_NULL(rig_load(&rig, store, &feed, &err));
    CU_ASSERT_EQUAL(err.code, ERR_UNAVAILABLE);
    err_clear(&err);
    CU_ASSERT_PTR_NULL(rig_person(&rig, store, "A1", &err));
    CU_ASSERT_EQUAL(err.code, ERR_UNAVAILABLE);
    err_clear(&err);
    if (redis_server_restart(own) == 0) {
        CU_ASSERT(rig_until(&rig, &rig.is_up[0]));
        CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").feed, 1);
        redis_server_end(own);
        while (rig.is_up[0])
            rig_turn(&rig);
        CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P2").status, STORE_UNAVAILABLE);
        CU_ASSERT_EQUAL_FATAL(redis_server_restart(own), 0);
        CU_ASSERT(rig_until(&rig, &rig.is_up[0]));
        CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P2").feed, 2);
    } else {
        check_skip("redis-server does not start here");
    }
    rig_clear(&rig);
    redis_server_free(own);
}

static const struct check_test tests[] = {
    {"killed in the middle loses nothing", killed_in_the_middle_loses_nothing},
    {"trouble after any turn loses nothing", trouble_after_any_turn_loses_nothing},
    {"slow server is unknown, then settles", slow_server_is_unknown_then_settles},
    {"hung server is noticed", hung_server_is_noticed},
    {"server may come late", server_may_come_late},
};
CHECK_SUITE(suite_redis_recovery, tests);
