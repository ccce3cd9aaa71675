/* test_store_contract.c - one contract, run on the memory store and on a real redis-server. */
#include "tests/check.h"
#include "tests/store_rig.h"

#include "models/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct redis_server *server;
static int regions;

static void commit_creates_and_loads(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct change change;
    uint64_t feed = 99;
    rig_change(&change, "c1");
    rig_add_pool(&change, "P1", 3);
    rig_add_applicant(&change, "A1");
    struct store_reply reply = rig_commit(rig, store, &change);
    CU_ASSERT_EQUAL(reply.status, STORE_OK);
    CU_ASSERT_EQUAL(reply.feed, 1);
    struct region *region = rig_load(rig, store, &feed, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(feed, 1);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_usable, 3);
    CU_ASSERT_EQUAL(region_applicant(region, "A1")->record.version, 1);
    struct region *expected = region_new();
    region_apply(expected, &change);
    CU_ASSERT(rig_same_region(region, expected));
    region_free(expected);
    region_free(region);
    change_clear(&change);
}

/* Its id is no id like the others: two ends, of which one is a name in any script. */
static void travel_is_kept(struct rig *rig)
{
    static const char *const villages[] = {"\xe6\x9d\x91 of>the east", "A1",
                                           "a village whose name is so long that it is hashed"};
    struct store *store = rig_handle(rig);
    struct change change;
    uint64_t feed;
    rig_change(&change, "c1");
    for (size_t i = 0; i < sizeof villages / sizeof *villages; i++) {
        struct travel *travel = (struct travel *)record_new(RECORD_TRAVEL, "");
        snprintf(travel->from_id, sizeof travel->from_id, "%s", villages[i]);
        snprintf(travel->institution_id, sizeof travel->institution_id, "H-123456789012345");
        travel->metres = (int64_t)i;
        travel_id(travel->from_id, travel->institution_id, travel->record.id);
        change_add(&change, &travel->record);
        record_free(&travel->record);
    }
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_OK);
    struct region *region = rig_load(rig, store, &feed, NULL), *expected = region_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    region_apply(expected, &change);
    CU_ASSERT(rig_same_region(region, expected));
    CU_ASSERT_EQUAL(region_count(region, RECORD_TRAVEL), 3);
    change.items[1].record->id[0] = 'B'; /* not that of its ends */
    snprintf(change.id, sizeof change.id, "c2");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED);
    region_free(expected);
    region_free(region);
    change_clear(&change);
}

static void empty_store_loads_empty(struct rig *rig)
{
    uint64_t feed = 99;
    struct region *region = rig_load(rig, rig_handle(rig), &feed, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(feed, 0);
    CU_ASSERT_EQUAL(region_count(region, RECORD_POOL), 0);
    region_free(region);
}

static void versions_are_checked(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct change first, again, edit, stale;
    rig_change(&first, "c1");
    rig_add_pool(&first, "P1", 3);
    rig_change(&again, "c2");
    rig_add_applicant(&again, "A1");
    rig_add_pool(&again, "P1", 4);
    rig_change(&edit, "c3");
    ((struct pool *)change_edit(&edit, first.items[0].record))->beds_occupied = 1;
    rig_change(&stale, "c4");
    rig_add_applicant(&stale, "A2");
    ((struct pool *)change_edit(&stale, first.items[0].record))->beds_occupied = 2;

    CU_ASSERT_EQUAL(rig_commit(rig, store, &first).status, STORE_OK);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &again).status, STORE_CONFLICT);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &edit).feed, 2);
    struct store_reply reply = rig_commit(rig, store, &stale);
    CU_ASSERT_EQUAL(reply.status, STORE_CONFLICT);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply.message, "P1 has version 2"));

    uint64_t feed;
    struct region *region = rig_load(rig, store, &feed, NULL);
    CU_ASSERT_EQUAL(feed, 2);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_occupied, 1);
    CU_ASSERT_EQUAL(region_count(region, RECORD_APPLICANT), 0);
    region_free(region);
    change_clear(&first);
    change_clear(&again);
    change_clear(&edit);
    change_clear(&stale);
}

static void change_id_commits_once(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct change change, other;
    rig_change(&change, "c1");
    rig_add_pool(&change, "P1", 3);
    rig_change(&other, "c2");
    rig_add_pool(&other, "P2", 3);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).feed, 1);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &other).feed, 2);
    struct store_reply reply = rig_commit(rig, store, &change);
    CU_ASSERT_EQUAL(reply.status, STORE_OK);
    CU_ASSERT_EQUAL(reply.feed, 1);
    uint64_t feed;
    region_free(rig_load(rig, store, &feed, NULL));
    CU_ASSERT_EQUAL(feed, 2);
    change_clear(&change);
    change_clear(&other);
}

static void set_key(struct change *change, const char *key, const char *hash, const char *id)
{
    change->idempotency = (struct change_idempotency){.status = 201, .record_version = 1};
    snprintf(change->idempotency.key, sizeof change->idempotency.key, "%s", key);
    snprintf(change->idempotency.request_hash, sizeof change->idempotency.request_hash, "%s", hash);
    snprintf(change->idempotency.record_id, sizeof change->idempotency.record_id, "%s", id);
}

static void idempotency_key_repeats_the_answer(struct rig *rig)
{
    static const char key[] = "t1:my key} with\n odd bytes#12";
    struct store *store = rig_handle(rig);
    struct change first, second, third;
    struct change_idempotency found;
    rig_change(&first, "c1");
    rig_add_applicant(&first, "A1");
    set_key(&first, key, "aa11", "A1");
    rig_change(&second, "c2");
    rig_add_applicant(&second, "A2");
    set_key(&second, key, "aa11", "A2");
    rig_change(&third, "c3");
    rig_add_applicant(&third, "A3");
    set_key(&third, key, "bb22", "A3");

    CU_ASSERT_FALSE(rig_answer(rig, store, key, &found));
    CU_ASSERT_EQUAL(rig_commit(rig, store, &first).status, STORE_OK);
    struct store_reply reply = rig_commit(rig, store, &second);
    CU_ASSERT_EQUAL(reply.status, STORE_REPEATED);
    CU_ASSERT_STRING_EQUAL(reply.repeated.record_id, "A1");
    CU_ASSERT_EQUAL(reply.repeated.status, 201);
    CU_ASSERT_EQUAL(reply.repeated.record_version, 1);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &third).status, STORE_KEY_REUSED);
    CU_ASSERT(rig_answer(rig, store, key, &found));
    CU_ASSERT_STRING_EQUAL(found.key, key);
    CU_ASSERT_STRING_EQUAL(found.request_hash, "aa11");
    CU_ASSERT_STRING_EQUAL(found.record_id, "A1");
    uint64_t feed;
    struct region *region = rig_load(rig, store, &feed, NULL);
    CU_ASSERT_EQUAL(region_count(region, RECORD_APPLICANT), 1);
    region_free(region);
    change_clear(&first);
    change_clear(&second);
    change_clear(&third);
}

/* A refused commit must not leave its key behind: the corrected request comes with the same one. */
static void refused_commit_leaves_no_trace(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct change first, refused;
    struct change_idempotency found;
    rig_change(&first, "c1");
    rig_add_applicant(&first, "A1");
    rig_change(&refused, "c2");
    rig_add_applicant(&refused, "A1");
    rig_add_pool(&refused, "P1", 1);
    set_key(&refused, "k", "cc33", "A1");
    refused.person_json = alloc_string("{\"name\":\"Nobody\"}");
    snprintf(refused.person_id, sizeof refused.person_id, "A1");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &first).status, STORE_OK);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &refused).status, STORE_CONFLICT);
    CU_ASSERT_FALSE(rig_answer(rig, store, "k", &found));
    CU_ASSERT_PTR_NULL(rig_person(rig, store, "A1", NULL));
    uint64_t feed;
    struct region *region = rig_load(rig, store, &feed, NULL);
    CU_ASSERT_EQUAL(feed, 1);
    CU_ASSERT_PTR_NULL(region_pool(region, "P1"));
    region_free(region);
    change_clear(&first);
    change_clear(&refused);
}

static void person_is_sealed_and_opened(struct rig *rig)
{
    static const char json[] = "{\"name\":\"\xe6\xb8\xac\xe8\xa9\xa6 Test-Person\"}";
    struct store *store = rig_handle(rig);
    struct change change;
    rig_change(&change, "c1");
    rig_add_applicant(&change, "A1");
    change.person_json = alloc_string(json);
    snprintf(change.person_id, sizeof change.person_id, "A1");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_OK);
    char *opened = rig_person(rig, store, "A1", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(opened);
    CU_ASSERT_STRING_EQUAL(opened, json);
    free(opened);
    CU_ASSERT_PTR_NULL(rig_person(rig, store, "A2", NULL));
    change_clear(&change);
}

/* Gone from the boxes, in one write with the record; what is not kept may be erased too. */
static void person_is_erased(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct change change;
    rig_change(&change, "c1");
    rig_add_applicant(&change, "A1");
    rig_add_applicant(&change, "A2");
    change.person_json = alloc_string("{\"name\":\"Nobody\"}");
    snprintf(change.person_id, sizeof change.person_id, "A1");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_OK);
    struct record *a1 = record_copy(change_find(&change, RECORD_APPLICANT, "A1"));
    change_clear(&change);

    rig_change(&change, "c2");
    change.erases_person = 1;
    snprintf(change.person_id, sizeof change.person_id, "A1");
    rig_add_pool(&change, "P1", 1);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED); /* without the record */
    change_edit(&change, a1);
    change.person_json = alloc_string("{}");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED); /* which of the two? */
    free(change.person_json);
    change.person_json = NULL;
    char *kept = rig_person(rig, store, "A1", NULL);
    CU_ASSERT_PTR_NOT_NULL(kept);
    free(kept);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_OK);
    CU_ASSERT_PTR_NULL(rig_person(rig, store, "A1", NULL));
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_OK); /* the same change again */
    change_clear(&change);
    record_free(a1);
}

struct compacted {
    int is_done, has_failed;
};

static void on_compacted(void *arg, const struct alm_error *err)
{
    struct compacted *compacted = arg;
    compacted->is_done = 1;
    compacted->has_failed = err != NULL;
}

static void files_are_written_anew(struct rig *rig)
{
    struct compacted compacted = {0};
    store_compact(rig_handle(rig), on_compacted, &compacted);
    CU_ASSERT_FALSE(compacted.is_done);
    CU_ASSERT(rig_until(rig, &compacted.is_done));
    CU_ASSERT_FALSE(compacted.has_failed);
}

static void feed_comes_in_order_from_all_handles(struct rig *rig)
{
    struct store *stores[2] = {rig_handle(rig), rig_handle(rig)};
    struct rig_feed all = {.region = region_new()}, late = {0};
    store_follow(stores[0], 0, rig_on_entry, &all);
    for (int i = 0; i < 20; i++) {
        struct change change;
        char name[40];
        snprintf(name, sizeof name, "c%d", i + 1);
        rig_change(&change, name);
        rig_add_pool(&change, name, i);
        CU_ASSERT_EQUAL(rig_commit(rig, stores[i % 2], &change).feed, (uint64_t)i + 1);
        change_clear(&change);
    }
    CU_ASSERT(rig_until_feed(rig, &all, 20));
    CU_ASSERT_EQUAL(all.n, 20);
    CU_ASSERT(all.is_in_order);
    CU_ASSERT_STRING_EQUAL(all.ids[19], "c20");
    store_follow(stores[1], 15, rig_on_entry, &late);
    CU_ASSERT(rig_until_feed(rig, &late, 20));
    CU_ASSERT_EQUAL(late.n, 5);
    CU_ASSERT_STRING_EQUAL(late.ids[0], "c16");

    uint64_t feed;
    struct region *region = rig_load(rig, stores[1], &feed, NULL);
    CU_ASSERT(rig_same_region(region, all.region));
    region_free(region);
    region_free(all.region);
}

static void number_that_never_was_is_a_gap(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct rig_feed feed = {0}, again = {0};
    struct change change;
    rig_change(&change, "c1");
    rig_add_pool(&change, "P1", 1);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_OK);
    store_follow(store, 7, rig_on_entry, &feed);
    CU_ASSERT(rig_until(rig, &feed.is_gap));
    CU_ASSERT_EQUAL(feed.last, 1);
    CU_ASSERT_EQUAL(feed.n, 0);
    store_follow(store, 0, rig_on_entry, &again);
    CU_ASSERT(rig_until_feed(rig, &again, 1));
    change_clear(&change);
}

static void one_of_two_wins_a_version(struct rig *rig)
{
    struct store *stores[2] = {rig_handle(rig), rig_handle(rig)};
    struct change first;
    rig_change(&first, "c0");
    rig_add_pool(&first, "P1", 1);
    CU_ASSERT_EQUAL(rig_commit(rig, stores[0], &first).status, STORE_OK);
    struct record *held = record_copy(first.items[0].record);
    for (int i = 0; i < 50; i++) {
        struct rig_commit answers[2] = {0};
        struct change changes[2];
        for (int who = 0; who < 2; who++) {
            char name[40];
            snprintf(name, sizeof name, "c%d-%d", i, who);
            rig_change(&changes[who], name);
            ((struct pool *)change_edit(&changes[who], held))->beds_occupied = who;
            store_commit(stores[who], &changes[who], rig_on_commit, &answers[who]);
        }
        CU_ASSERT_FATAL(rig_until(rig, &answers[0].is_done) && rig_until(rig, &answers[1].is_done));
        int winner = answers[0].reply.status == STORE_OK ? 0 : 1;
        CU_ASSERT_EQUAL(answers[winner].reply.status, STORE_OK);
        CU_ASSERT_EQUAL(answers[!winner].reply.status, STORE_CONFLICT);
        record_free(held);
        held = record_copy(changes[winner].items[0].record);
        change_clear(&changes[0]);
        change_clear(&changes[1]);
    }
    uint64_t feed;
    struct region *region = rig_load(rig, stores[0], &feed, NULL);
    CU_ASSERT_EQUAL(feed, 51);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->record.version, 51);
    region_free(region);
    record_free(held);
    change_clear(&first);
}

static void malformed_changes_are_refused(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct change change;
    rig_change(&change, "");
    rig_add_pool(&change, "P1", 1);
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED);
    snprintf(change.id, sizeof change.id, "c1");
    change.items[0].record->version = 5;
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED);
    change.items[0].record->version = 1;
    snprintf(change.idempotency.key, sizeof change.idempotency.key, "k");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED);
    change.idempotency.key[0] = '\0';
    change.person_json = alloc_string("{}");
    snprintf(change.person_id, sizeof change.person_id, "A1");
    CU_ASSERT_EQUAL(rig_commit(rig, store, &change).status, STORE_FAILED);
    change_clear(&change);
    rig_change(&change, "c2");
    struct store_reply reply = rig_commit(rig, store, &change);
    CU_ASSERT_EQUAL(reply.status, STORE_OK);
    CU_ASSERT_EQUAL(reply.feed, 0);
    change_clear(&change);
}

enum { BIG_CHANGES = 12, BIG_RECORDS = 1000 };

static void big_region_loads_whole(struct rig *rig)
{
    struct store *store = rig_handle(rig);
    struct region *expected = region_new();
    for (int i = 0; i < BIG_CHANGES; i++) {
        struct change change;
        char name[40];
        snprintf(name, sizeof name, "c%d", i);
        rig_change(&change, name);
        for (int j = 0; j < BIG_RECORDS; j++) {
            snprintf(name, sizeof name, "A%05d", i * BIG_RECORDS + j);
            rig_add_applicant(&change, name);
        }
        CU_ASSERT_EQUAL(rig_settle(rig, store, &change).status, STORE_OK);
        region_apply(expected, &change);
        change_clear(&change);
    }
    uint64_t feed;
    struct region *region = rig_load(rig, store, &feed, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(region_count(region, RECORD_APPLICANT), BIG_CHANGES * BIG_RECORDS);
    CU_ASSERT(rig_same_region(region, expected));
    region_free(region);
    region_free(expected);
}

/* The region is that of one moment, although another node writes while it is read. */
static void load_is_of_one_moment(struct rig *rig)
{
    struct store *stores[2] = {rig_handle(rig), rig_handle(rig)};
    struct change change;
    rig_change(&change, "first");
    for (int i = 0; i < 2000; i++) {
        char name[40];
        snprintf(name, sizeof name, "A%05d", i);
        rig_add_applicant(&change, name);
    }
    rig_add_pool(&change, "P1", 0);
    CU_ASSERT_EQUAL(rig_commit(rig, stores[0], &change).status, STORE_OK);
    struct record *held = record_copy(change_find(&change, RECORD_POOL, "P1"));
    change_clear(&change);
    struct rig_commit answers[40] = {0};
    for (int i = 0; i < 40; i++) {
        char name[40];
        snprintf(name, sizeof name, "c%d", i);
        rig_change(&change, name);
        struct record *next = change_edit(&change, held);
        ((struct pool *)next)->beds_usable = i + 1;
        record_free(held);
        held = record_copy(next);
        store_commit(stores[1], &change, rig_on_commit, &answers[i]);
        change_clear(&change);
    }
    uint64_t feed = 0;
    struct region *region = rig_load(rig, stores[0], &feed, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->record.version, feed);
    CU_ASSERT_EQUAL((uint64_t)region_pool(region, "P1")->beds_usable + 1, feed);
    CU_ASSERT(rig_until(rig, &answers[39].is_done));
    region_free(region);
    record_free(held);
}

static void free_drops_what_is_pending(struct rig *rig)
{
    struct store *store = rig_handle(rig), *other = rig_handle(rig);
    struct rig_commit answer = {0};
    struct rig_feed feed = {0};
    struct change change;
    rig_change(&change, "c1");
    rig_add_pool(&change, "P1", 1);
    store_follow(store, 0, rig_on_entry, &feed);
    store_commit(store, &change, rig_on_commit, &answer);
    rig_close(rig, store);
    CU_ASSERT_EQUAL(rig_settle(rig, other, &change).status, STORE_OK);
    CU_ASSERT_FALSE(answer.is_done);
    CU_ASSERT_EQUAL(feed.n, 0);
    change_clear(&change);
}

#define CONTRACT(X)                                                                                \
    X(commit_creates_and_loads)                                                                    \
    X(travel_is_kept)                                                                              \
    X(empty_store_loads_empty)                                                                     \
    X(versions_are_checked)                                                                        \
    X(change_id_commits_once)                                                                      \
    X(idempotency_key_repeats_the_answer)                                                          \
    X(refused_commit_leaves_no_trace)                                                              \
    X(person_is_erased)                                                                            \
    X(files_are_written_anew)                                                                      \
    X(person_is_sealed_and_opened)                                                                 \
    X(feed_comes_in_order_from_all_handles)                                                        \
    X(number_that_never_was_is_a_gap)                                                              \
    X(one_of_two_wins_a_version)                                                                   \
    X(malformed_changes_are_refused)                                                               \
    X(big_region_loads_whole)                                                                      \
    X(load_is_of_one_moment)                                                                       \
    X(free_drops_what_is_pending)

static void on_memory(void (*test)(struct rig *rig))
{
    struct rig rig;
    rig_init_memory(&rig);
    test(&rig);
    rig_clear(&rig);
}

static void end_server(void)
{
    redis_server_free(server);
    server = NULL;
}

/* One server for the whole suite, one region per test. */
static void on_redis(void (*test)(struct rig *rig))
{
    struct rig rig;
    char region[RIG_REGION_MAX];
    if (!server && (server = redis_server_start(NULL)))
        atexit(end_server);
    if (!server) {
        check_skip("redis-server does not start here");
        return;
    }
    snprintf(region, sizeof region, "contract-%d", ++regions);
    rig_init_redis(&rig, server, region);
    test(&rig);
    rig_clear(&rig);
}

#define RUN_BOTH(test)                                                                             \
    static void memory_##test(void)                                                                \
    {                                                                                              \
        on_memory(test);                                                                           \
    }                                                                                              \
    static void redis_##test(void)                                                                 \
    {                                                                                              \
        on_redis(test);                                                                            \
    }
CONTRACT(RUN_BOTH)

#define MEMORY_ROW(test) {"memory: " #test, memory_##test},
#define REDIS_ROW(test) {"redis: " #test, redis_##test},
static const struct check_test tests[] = {CONTRACT(MEMORY_ROW) CONTRACT(REDIS_ROW)};
CHECK_SUITE(suite_store_contract, tests);
