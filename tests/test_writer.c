/* Tests of scheduler/writer.c and turns.c: order, conflicts between nodes, lost replies, repeated
 * requests. */
#include "tests/check.h"

#include "scheduler/writer.h"
#include "store/memory_store.h"
#include "tests/flaky.h"

#include <event2/event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- a node: a loop, a store, a writer ---- */

struct node {
    struct event_base *base;
    struct flaky *flaky;
    struct writer *writer;
    int ready;
    uint64_t heard; /* number of the last event, checked to have no holes */
    int holes;
};

static int64_t fixed_clock(void)
{
    return 1740787200;
}

static void on_ready(void *arg, const struct alm_error *err)
{
    ((struct node *)arg)->ready = err ? -1 : 1;
}

static void on_heard(void *arg, uint64_t feed, const struct change *change,
                     const struct region *region)
{
    struct node *node = arg;
    (void)change, (void)region;
    node->holes += node->heard && feed != node->heard + 1;
    node->heard = feed;
}

static void settle(struct node *node)
{
    for (int quiet = 0; quiet < 2; quiet++) {
        event_base_loop(node->base, EVLOOP_NONBLOCK);
        if (memory_store_run(node->flaky->inner) > 0)
            quiet = -1;
    }
}

static struct node node_open(struct node *other)
{
    return (struct node){.base = event_base_new(), .flaky = flaky_new(other ? other->flaky : NULL)};
}

/* Apart from node_open, because the writer keeps the address of the node. */
static void node_start(struct node *node)
{
    node->writer = writer_new(node->base, &node->flaky->store, fixed_clock, on_ready, node);
    writer_on_event(node->writer, on_heard, node);
    settle(node);
}

/* Two nodes on one store. */
static void nodes_start(struct node *a, struct node *b)
{
    *a = node_open(NULL);
    node_start(a);
    *b = node_open(a);
    node_start(b);
}

static void node_close(struct node *node)
{
    store_free(&node->flaky->store);
    writer_free(node->writer);
    event_base_free(node->base);
}

/* ---- jobs: add one to beds_occupied of some pools ---- */

struct bump {
    const char *pools[3];
    size_t n;
    int64_t most; /* refused with NO_BED beyond; 0 = no limit */
    int decided, done;
    enum err_code code;
    int is_repeated;
    uint64_t feed;
    int order; /* when it was answered */
    char record_id[ID_MAX + 1];
};

static int answers;

static int decide_bump(const struct region *region, void *arg, int64_t now, struct change *change,
                       struct alm_error *err)
{
    struct bump *bump = arg;
    bump->decided++;
    change->at = now;
    change->event = EVENT_VACANCY_POSTED;
    memcpy(change->subject, bump->pools[0], strlen(bump->pools[0]) + 1);
    for (size_t i = 0; i < bump->n; i++) {
        const struct pool *pool = region_pool(region, bump->pools[i]);
        if (bump->most && pool && pool->beds_occupied >= bump->most)
            return err_set(err, ERR_NO_BED, "pool %s is full", bump->pools[i]);
        struct record *record = pool ? change_edit(change, &pool->record)
                                     : change_create(change, RECORD_POOL, bump->pools[i]);
        ((struct pool *)(void *)record)->beds_occupied++;
    }
    return 0;
}

static void on_bumped(void *arg, const struct writer_result *result)
{
    struct bump *bump = arg;
    bump->done++;
    bump->order = ++answers;
    bump->code = result->err ? result->err->code : ERR_NONE;
    bump->is_repeated = result->repeated != NULL;
    bump->feed = result->feed;
    if (result->repeated)
        memcpy(bump->record_id, result->repeated->record_id, sizeof bump->record_id);
}

static void submit(struct node *node, struct bump *bump, const char *key, const char *hash)
{
    struct change_idempotency idempotency = {.status = 200};
    if (key) {
        memcpy(idempotency.key, key, strlen(key) + 1);
        memcpy(idempotency.request_hash, hash, strlen(hash) + 1);
    }
    writer_submit(node->writer, decide_bump, bump, key ? &idempotency : NULL, on_bumped, bump);
}

static int64_t occupied(const struct node *node, const char *pool)
{
    const struct pool *found = region_pool(writer_region(node->writer), pool);
    return found ? found->beds_occupied : 0;
}

/* ---- tests ---- */

static void test_commit_and_apply(void)
{
    struct node node = node_open(NULL);
    struct bump bump = {.pools = {"P1"}, .n = 1};
    node_start(&node);
    CU_ASSERT_EQUAL(node.ready, 1);
    submit(&node, &bump, NULL, NULL);
    CU_ASSERT_EQUAL(bump.done, 0); /* never before writer_submit returns */
    CU_ASSERT_EQUAL(writer_pending(node.writer), 1);
    settle(&node);
    CU_ASSERT_EQUAL(bump.done, 1);
    CU_ASSERT_EQUAL(bump.code, ERR_NONE);
    CU_ASSERT_EQUAL(bump.feed, 1);
    CU_ASSERT_EQUAL(writer_feed(node.writer), 1);
    CU_ASSERT_EQUAL(node.heard, 1);
    CU_ASSERT_EQUAL(writer_pending(node.writer), 0);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 1);
    node_close(&node);
}

static int decide_nothing(const struct region *region, void *arg, int64_t now,
                          struct change *change, struct alm_error *err)
{
    (void)region, (void)arg, (void)now, (void)change, (void)err;
    return 0;
}

static void test_nothing_to_do_is_not_committed(void)
{
    struct node node = node_open(NULL);
    struct bump bump = {.pools = {"P1"}, .n = 1};
    node_start(&node);
    writer_submit(node.writer, decide_nothing, NULL, NULL, on_bumped, &bump);
    settle(&node);
    CU_ASSERT_EQUAL(bump.done, 1);
    CU_ASSERT_EQUAL(bump.code, ERR_NONE);
    CU_ASSERT_EQUAL(node.flaky->n_sent, 0);
    node_close(&node);
}

static void test_one_record_is_first_come_first_served(void)
{
    struct node node = node_open(NULL);
    struct bump bumps[50];
    node_start(&node);
    for (int i = 0; i < 50; i++) {
        bumps[i] = (struct bump){.pools = {"P1", "P2"}, .n = i % 3 == 0 ? 2 : 1};
        submit(&node, &bumps[i], NULL, NULL);
    }
    settle(&node);
    for (int i = 0; i < 50; i++) {
        CU_ASSERT_EQUAL(bumps[i].done, 1);
        CU_ASSERT_EQUAL(bumps[i].feed, (uint64_t)i + 1);
        CU_ASSERT(bumps[i].decided <= 3); /* waiting is not polling */
    }
    CU_ASSERT_EQUAL(node.flaky->n_conflicts, 0);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 50);
    CU_ASSERT_EQUAL(occupied(&node, "P2"), 17);
    node_close(&node);
}

static void test_only_shared_records_wait(void)
{
    struct node node = node_open(NULL);
    struct bump bumps[4] = {{.pools = {"P1"}, .n = 1},
                            {.pools = {"P1", "P2"}, .n = 2},
                            {.pools = {"P2"}, .n = 1}, /* behind the one before */
                            {.pools = {"P3"}, .n = 1}};
    node_start(&node);
    node.flaky->is_holding = 1;
    for (int i = 0; i < 4; i++)
        submit(&node, &bumps[i], NULL, NULL);
    settle(&node);
    CU_ASSERT_EQUAL(node.flaky->n_sent, 2); /* P1 and P3 */
    node.flaky->is_holding = 0;
    flaky_release(node.flaky, 1);
    flaky_release(node.flaky, 0);
    settle(&node);
    CU_ASSERT(bumps[0].feed < bumps[1].feed && bumps[1].feed < bumps[2].feed);
    CU_ASSERT_EQUAL(occupied(&node, "P2"), 2);
    node_close(&node);
}

static void test_replies_are_applied_in_feed_order(void)
{
    struct node node = node_open(NULL);
    struct bump first = {.pools = {"P1"}, .n = 1}, second = {.pools = {"P2"}, .n = 1};
    node_start(&node);
    node.flaky->is_holding = node.flaky->is_deaf = 1;
    submit(&node, &first, NULL, NULL);
    submit(&node, &second, NULL, NULL);
    settle(&node);
    CU_ASSERT_EQUAL_FATAL(node.flaky->n_held, 2);
    flaky_release(node.flaky, 1);
    settle(&node);
    CU_ASSERT_EQUAL(second.done, 0); /* entry 1 is missing */
    CU_ASSERT_EQUAL(occupied(&node, "P2"), 0);
    flaky_release(node.flaky, 0);
    settle(&node);
    CU_ASSERT(first.done == 1 && second.done == 1 && first.order < second.order);
    CU_ASSERT_EQUAL(writer_feed(node.writer), 2);
    CU_ASSERT_EQUAL(node.holes, 0);
    node_close(&node);
}

static void test_the_feed_may_be_faster_than_the_reply(void)
{
    struct node node = node_open(NULL);
    struct bump bump = {.pools = {"P1"}, .n = 1};
    node_start(&node);
    node.flaky->is_holding = 1;
    submit(&node, &bump, NULL, NULL);
    settle(&node);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 1); /* the feed has brought it */
    CU_ASSERT_EQUAL(bump.done, 0);
    flaky_release(node.flaky, 0);
    CU_ASSERT_EQUAL(bump.done, 1);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 1);
    CU_ASSERT_EQUAL(node.heard, 1);
    node_close(&node);
}

static void test_two_nodes_decide_again_after_a_conflict(void)
{
    struct node a, b;
    struct bump of_a = {.pools = {"P1"}, .n = 1}, of_b = of_a;
    nodes_start(&a, &b);
    submit(&a, &of_a, NULL, NULL);
    submit(&b, &of_b, NULL, NULL);
    event_base_loop(a.base, EVLOOP_NONBLOCK); /* both decide on the same region */
    event_base_loop(b.base, EVLOOP_NONBLOCK);
    settle(&a);
    settle(&b);
    settle(&a);
    CU_ASSERT_EQUAL(b.flaky->n_conflicts, 1);
    CU_ASSERT_EQUAL(of_b.decided, 2);
    CU_ASSERT(of_a.code == ERR_NONE && of_b.code == ERR_NONE);
    CU_ASSERT_EQUAL(occupied(&a, "P1"), 2);
    CU_ASSERT_EQUAL(occupied(&b, "P1"), 2);
    node_close(&b);
    node_close(&a);
}

static void test_a_conflict_waits_for_the_feed(void)
{
    struct node a, b;
    struct bump of_a = {.pools = {"P1"}, .n = 1}, of_b = of_a;
    nodes_start(&a, &b);
    b.flaky->is_deaf = 1;
    submit(&a, &of_a, NULL, NULL);
    settle(&a);
    submit(&b, &of_b, NULL, NULL);
    settle(&b);
    CU_ASSERT_EQUAL(b.flaky->n_sent, 1); /* it does not try blindly */
    CU_ASSERT_EQUAL(of_b.done, 0);
    CU_ASSERT_EQUAL(writer_pending(b.writer), 1);
    node_close(&b);
    CU_ASSERT_EQUAL(of_b.code, ERR_UNAVAILABLE); /* answered all the same */
    node_close(&a);
}

/* What never comes over the feed is loaded after two seconds. */
static void test_a_deaf_node_loads_again(void)
{
    struct node a, b;
    struct bump of_a = {.pools = {"P1"}, .n = 1}, of_b = of_a;
    nodes_start(&a, &b);
    b.flaky->is_deaf = 1;
    submit(&a, &of_a, NULL, NULL);
    settle(&a);
    submit(&b, &of_b, NULL, NULL);
    for (int i = 0; i < 3000 && !of_b.done; i++) {
        settle(&b);
        usleep(10000);
    }
    CU_ASSERT(of_b.done == 1 && of_b.code == ERR_NONE);
    CU_ASSERT_EQUAL(occupied(&b, "P1"), 2);
    node_close(&b);
    node_close(&a);
}

/* A burst of changes that do not touch each other is more than a store takes at once. */
static void test_a_burst_is_sent_in_portions(void)
{
    enum { BURST = 2000 };
    static struct bump bumps[BURST];
    static char names[BURST][ID_MAX + 1];
    struct node node = node_open(NULL);
    node_start(&node);
    for (int i = 0; i < BURST; i++) {
        snprintf(names[i], sizeof names[i], "P%d", i);
        bumps[i] = (struct bump){.pools = {names[i]}, .n = 1};
        submit(&node, &bumps[i], NULL, NULL);
    }
    for (int i = 0; i < 20; i++)
        event_base_loop(node.base, EVLOOP_NONBLOCK);
    CU_ASSERT(node.flaky->n_sent > 100 && node.flaky->n_sent < 512);
    settle(&node);
    CU_ASSERT_EQUAL(region_count(writer_region(node.writer), RECORD_POOL), BURST);
    CU_ASSERT_EQUAL(writer_pending(node.writer), 0);
    node_close(&node);
}

/* The last bed: for every race exactly one of two nodes gets it. */
static void test_two_nodes_and_one_bed(void)
{
    struct node a, b;
    int both = 0, none = 0;
    nodes_start(&a, &b);
    for (int i = 0; i < 500; i++) {
        char pool[ID_MAX + 1];
        snprintf(pool, sizeof pool, "P%d", i);
        struct bump of_a = {.pools = {pool}, .n = 1, .most = 1}, of_b = of_a;
        submit(&a, &of_a, NULL, NULL);
        submit(&b, &of_b, NULL, NULL);
        event_base_loop(i % 2 ? a.base : b.base, EVLOOP_NONBLOCK);
        event_base_loop(i % 2 ? b.base : a.base, EVLOOP_NONBLOCK);
        settle(&a);
        settle(&b);
        settle(&a);
        both += of_a.code == ERR_NONE && of_b.code == ERR_NONE;
        none += of_a.code == ERR_NO_BED && of_b.code == ERR_NO_BED;
        CU_ASSERT(of_a.done == 1 && of_b.done == 1);
    }
    CU_ASSERT_EQUAL(both, 0);
    CU_ASSERT_EQUAL(none, 0);
    CU_ASSERT_EQUAL(a.flaky->n_conflicts + b.flaky->n_conflicts, 500); /* they did race */
    node_close(&b);
    node_close(&a);
}

static void lost(int replies, int requests)
{
    struct node node = node_open(NULL);
    struct bump first = {.pools = {"P1"}, .n = 1}, second = {.pools = {"P1"}, .n = 1};
    char id[CHANGE_ID + 1];
    node_start(&node);
    node.flaky->lose_replies = replies;
    node.flaky->lose_requests = requests;
    submit(&node, &first, NULL, NULL);
    settle(&node);
    if (requests)
        flaky_release(node.flaky, 0);
    memcpy(id, node.flaky->last_id, sizeof id);
    submit(&node, &second, NULL, NULL);
    settle(&node);
    CU_ASSERT(first.done == 0 && second.done == 0); /* the record is frozen */
    CU_ASSERT_EQUAL(node.flaky->n_sent, 1);

    writer_store_state(node.writer, 0);
    node.flaky->refuse = 1;
    writer_store_state(node.writer, 1);
    flaky_release(node.flaky, 0); /* UNAVAILABLE now says nothing about the first try */
    CU_ASSERT_EQUAL(first.done, 0);
    writer_store_state(node.writer, 1);
    CU_ASSERT_STRING_EQUAL(node.flaky->last_id, id);
    settle(&node);
    CU_ASSERT(first.code == ERR_NONE && first.done == 1 && first.decided == 1);
    CU_ASSERT(second.code == ERR_NONE && second.done == 1);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 2);
    CU_ASSERT_EQUAL(writer_feed(node.writer), 2);
    node_close(&node);
}

static void test_a_lost_reply_is_settled_by_the_change_id(void)
{
    lost(1, 0);
}

static void test_a_lost_request_is_sent_again(void)
{
    lost(0, 1);
}

static void test_a_repeated_request_gets_its_first_answer(void)
{
    struct node node = node_open(NULL);
    struct bump first = {.pools = {"P1"}, .n = 1, .most = 1}, again = first, other = first;
    struct bump plain = {.pools = {"P2"}, .n = 1}, plain_again = plain;
    struct bump stranger = first;
    node_start(&node);
    submit(&node, &first, "t:k", "aaaa");
    submit(&node, &again, "t:k", "aaaa"); /* would be refused by now */
    submit(&node, &plain, "t:l", "cccc");
    submit(&node, &plain_again, "t:l", "cccc"); /* would be done again */
    settle(&node);
    submit(&node, &other, "t:k", "bbbb");
    submit(&node, &stranger, "t:m", "bbbb");
    settle(&node);
    CU_ASSERT(first.code == ERR_NONE && !first.is_repeated);
    CU_ASSERT(again.code == ERR_NONE && again.is_repeated);
    CU_ASSERT_STRING_EQUAL(again.record_id, "P1");
    CU_ASSERT(plain_again.code == ERR_NONE && plain_again.is_repeated);
    CU_ASSERT_EQUAL(other.code, ERR_IDEMPOTENCY);
    CU_ASSERT_EQUAL(stranger.code, ERR_NO_BED);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 1);
    CU_ASSERT_EQUAL(occupied(&node, "P2"), 1);
    node_close(&node);
}

static void test_missing_entries_mean_loading_again(void)
{
    struct node a, b;
    struct bump of_a = {.pools = {"P1"}, .n = 1};
    nodes_start(&a, &b);
    for (int i = 0; i < MEMORY_STORE_FEED + 10; i += 100) {
        struct bump bumps[100];
        for (int k = 0; k < 100; k++) {
            bumps[k] = (struct bump){.pools = {"P1"}, .n = 1};
            submit(&b, &bumps[k], NULL, NULL);
        }
        settle(&b);
    }
    int64_t expected = occupied(&b, "P1");
    CU_ASSERT(expected > MEMORY_STORE_FEED);
    settle(&a);
    CU_ASSERT_EQUAL(occupied(&a, "P1"), expected);
    CU_ASSERT_EQUAL(writer_feed(a.writer), writer_feed(b.writer));
    submit(&a, &of_a, NULL, NULL);
    settle(&a);
    settle(&b);
    CU_ASSERT_EQUAL(of_a.code, ERR_NONE);
    CU_ASSERT_EQUAL(occupied(&b, "P1"), expected + 1);
    node_close(&b);
    node_close(&a);
}

static void test_refused_at_the_door(void)
{
    struct node node = node_open(NULL);
    struct bump down = {.pools = {"P1"}, .n = 1}, early = down, one_more = down;
    static struct bump many[4096];
    node.writer = writer_new(node.base, &node.flaky->store, fixed_clock, on_ready, &node);
    submit(&node, &early, NULL, NULL); /* nothing is loaded yet */
    CU_ASSERT_EQUAL(early.done, 0);
    settle(&node);
    CU_ASSERT_EQUAL(early.code, ERR_UNAVAILABLE);

    writer_store_state(node.writer, 0);
    submit(&node, &down, NULL, NULL);
    CU_ASSERT_EQUAL(down.done, 0);
    settle(&node);
    CU_ASSERT_EQUAL(down.code, ERR_UNAVAILABLE);

    writer_store_state(node.writer, 1);
    for (size_t i = 0; i < 4096; i++) {
        many[i] = (struct bump){.pools = {"P1"}, .n = 1};
        submit(&node, &many[i], NULL, NULL);
    }
    submit(&node, &one_more, NULL, NULL);
    settle(&node);
    CU_ASSERT_EQUAL(one_more.code, ERR_TOO_MANY);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 4096);
    node_close(&node);
}

static void test_a_store_that_refuses(void)
{
    struct node node = node_open(NULL);
    struct bump bump = {.pools = {"P1"}, .n = 1}, next = bump;
    node_start(&node);
    node.flaky->refuse = 1;
    submit(&node, &bump, NULL, NULL);
    submit(&node, &next, NULL, NULL);
    settle(&node);
    flaky_release(node.flaky, 0);
    settle(&node);
    CU_ASSERT_EQUAL(bump.code, ERR_UNAVAILABLE);
    CU_ASSERT_EQUAL(next.code, ERR_NONE);
    CU_ASSERT_EQUAL(occupied(&node, "P1"), 1);
    node_close(&node);
}

/* Many jobs on few records from two nodes: nothing is lost, nothing happens twice. */
static void test_a_busy_pair_of_nodes(void)
{
    enum { JOBS = 3000, POOLS = 7 };
    static struct bump bumps[JOBS];
    static const char *const pools[POOLS] = {"A", "B", "C", "D", "E", "F", "G"};
    struct node a, b;
    unsigned seed = (unsigned)check_seed(7);
    int64_t asked = 0, got = 0, refused = 0;
    nodes_start(&a, &b);
    for (int i = 0; i < JOBS; i++) {
        size_t at = (size_t)rand_r(&seed) % POOLS;
        bumps[i] = (struct bump){.n = 1 + (size_t)rand_r(&seed) % 3};
        for (size_t k = 0; k < bumps[i].n; k++)
            bumps[i].pools[k] = pools[(at + k) % POOLS];
        submit(i % 2 ? &a : &b, &bumps[i], NULL, NULL);
        if (i % 16 == 0) {
            event_base_loop(a.base, EVLOOP_NONBLOCK);
            event_base_loop(b.base, EVLOOP_NONBLOCK);
            memory_store_run(i % 32 ? a.flaky->inner : b.flaky->inner);
        }
    }
    for (int i = 0; i < 50 || writer_pending(a.writer) + writer_pending(b.writer) > 0; i++) {
        settle(&a);
        settle(&b);
    }
    for (int i = 0; i < JOBS; i++) {
        CU_ASSERT_EQUAL(bumps[i].done, 1);
        asked += bumps[i].code == ERR_NONE ? (int64_t)bumps[i].n : 0;
        refused += bumps[i].code != ERR_NONE;
    }
    for (size_t i = 0; i < POOLS; i++) {
        got += occupied(&a, pools[i]);
        CU_ASSERT_EQUAL(occupied(&a, pools[i]), occupied(&b, pools[i]));
    }
    CU_ASSERT_EQUAL(asked, got);
    CU_ASSERT(refused < JOBS / 10);
    CU_ASSERT_EQUAL(a.holes + b.holes, 0);
    node_close(&b);
    node_close(&a);
}

static const struct check_test tests[] = {
    {"commit_and_apply", test_commit_and_apply},
    {"nothing_to_do", test_nothing_to_do_is_not_committed},
    {"first_come_first_served", test_one_record_is_first_come_first_served},
    {"only_shared_records_wait", test_only_shared_records_wait},
    {"feed_order", test_replies_are_applied_in_feed_order},
    {"feed_before_reply", test_the_feed_may_be_faster_than_the_reply},
    {"conflict", test_two_nodes_decide_again_after_a_conflict},
    {"conflict_waits", test_a_conflict_waits_for_the_feed},
    {"deaf", test_a_deaf_node_loads_again},
    {"burst", test_a_burst_is_sent_in_portions},
    {"one_bed", test_two_nodes_and_one_bed},
    {"lost_reply", test_a_lost_reply_is_settled_by_the_change_id},
    {"lost_request", test_a_lost_request_is_sent_again},
    {"repeated", test_a_repeated_request_gets_its_first_answer},
    {"gap", test_missing_entries_mean_loading_again},
    {"door", test_refused_at_the_door},
    {"refusing_store", test_a_store_that_refuses},
    {"busy_pair", test_a_busy_pair_of_nodes},
};
CHECK_SUITE(suite_writer, tests);
