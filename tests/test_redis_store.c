/* test_redis_store.c - what only a real Redis can do wrong: be set up badly, lack memory, forget,
 * be damaged; and what lies on its disk. test_redis_recovery.c: dying and coming back. */
#include "store/redis_store.h"

#include "models/alloc.h"
#include "store/redis_check.h"
#include "tests/check.h"
#include "tests/store_rig.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct redis_server *server;
static int regions;

static void end_server(void)
{
    redis_server_free(server);
    server = NULL;
}

/* A fresh region on the server that the gentle tests share; 0 when there is none. */
static int shared_rig(struct rig *rig)
{
    char region[RIG_REGION_MAX];
    if (!server && (server = redis_server_start(NULL)))
        atexit(end_server);
    if (!server) {
        check_skip("redis-server does not start here");
        return 0;
    }
    snprintf(region, sizeof region, "r%d", ++regions);
    rig_init_redis(rig, server, region);
    return 1;
}

/* --- set up badly --- */

static void weak_durability_is_refused(void)
{
    static const char *const weak[] = {"--appendfsync", "everysec", NULL};
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, weak);
    if (!own)
        return;
    struct store *strict = rig_open(&rig, NULL);
    const struct redis_store_options everysec = {.durability = REDIS_AOF_EVERYSEC};
    rig_open(&rig, &everysec);
    CU_ASSERT(rig_until(&rig, &rig.is_up[1]));
    while (!strstr(rig.log[0], "appendfsync"))
        rig_turn(&rig);
    CU_ASSERT_FALSE(rig.is_up[0]);
    struct store_reply reply = rig_commit_pool(&rig, strict, "P1");
    CU_ASSERT_EQUAL(reply.status, STORE_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply.message, "appendfsync is everysec"));
    rig_expect(&rig, "CONFIG SET no-appendfsync-on-rewrite yes", "+OK");
    rig_expect(&rig, "CONFIG SET appendfsync always", "+OK");
    while (!strstr(rig.log[0], "no-appendfsync-on-rewrite"))
        rig_turn(&rig);
    rig_expect(&rig, "CONFIG SET no-appendfsync-on-rewrite no", "+OK");
    CU_ASSERT(rig_until(&rig, &rig.is_up[0])); /* put right, it comes up by itself */
    rig_clear(&rig);
    redis_server_free(own);
}

#define GOOD "redis_version:7.0.15\r\nrole:master\r\nloading:0\r\nmaxmemory_policy:noeviction\r\n"

static void conditions_are_told_in_words(void)
{
    static const struct {
        const char *info, *fsync;
        enum redis_durability wanted;
        const char *why; /* NULL = fine */
    } rows[] = {
        {GOOD "aof_enabled:1\r\n", "always", REDIS_AOF_ALWAYS, NULL},
        {GOOD "aof_enabled:1\r\n", "always", REDIS_AOF_EVERYSEC, NULL},
        {GOOD "aof_enabled:1\r\n", "everysec", REDIS_AOF_EVERYSEC, NULL},
        {GOOD "aof_enabled:1\r\n", "everysec", REDIS_AOF_ALWAYS, "appendfsync is everysec"},
        {GOOD "aof_enabled:1\r\n", "no", REDIS_AOF_EVERYSEC, "appendfsync is no"},
        {GOOD "aof_enabled:1\r\n", "", REDIS_AOF_EVERYSEC, NULL},
        {GOOD "aof_enabled:1\r\n", "", REDIS_AOF_ALWAYS, "CONFIG GET is refused"},
        {GOOD "aof_enabled:0\r\n", "always", REDIS_AOF_EVERYSEC, "appendonly is off"},
        {GOOD "aof_enabled:0\r\n", "no", REDIS_ANY, NULL},
        {"redis_version:6.2.1\r\nrole:master\r\n", "always", REDIS_ANY, "version 6.2.1 is too old"},
        {"", "always", REDIS_ANY, "version unknown"},
        {"redis_version:7.2.0\r\nloading:1\r\n", "always", REDIS_ANY, "still loading"},
        {"redis_version:7.2.0\r\nrole:slave\r\n", "always", REDIS_ANY, "replica"},
        {"redis_version:7.2.0\r\nmaxmemory_policy:allkeys-lru\r\n", "always", REDIS_ANY,
         "noeviction"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct redis_facts facts = {0};
        char why[REDIS_CHECK_TEXT] = "";
        snprintf(facts.info, sizeof facts.info, "# Server\r\n%s", rows[i].info);
        snprintf(facts.appendfsync, sizeof facts.appendfsync, "%s", rows[i].fsync);
        CU_ASSERT_EQUAL(redis_check_facts(&facts, rows[i].wanted, why) == 0, rows[i].why == NULL);
        if (rows[i].why)
            CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].why));
    }
    struct redis_facts facts = {
        .info = GOOD "aof_enabled:1\r\n", .appendfsync = "always", .is_off_on_rewrite = 1};
    char why[REDIS_CHECK_TEXT] = "";
    CU_ASSERT_EQUAL(redis_check_facts(&facts, REDIS_AOF_ALWAYS, why), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "no-appendfsync-on-rewrite"));
}

static void bad_options_are_refused(void)
{
    static const struct redis_store_options rows[] = {
        {.unix_path = "/s", .region = NULL},     {.unix_path = "/s", .region = ""},
        {.unix_path = "/s", .region = "a}b"},    {.unix_path = "/s", .region = "a b"},
        {.host = "localhost", .region = "city"}, {.region = "city"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct alm_error err;
        err_init(&err);
        CU_ASSERT_PTR_NULL(redis_store_new(NULL, &rows[i], NULL, &err));
        CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
        err_clear(&err);
    }
}

static void password_is_used(void)
{
    static const char *const locked[] = {"--requirepass", "secret", NULL};
    struct rig rig;
    struct redis_server *own = redis_server_prepare(locked);
    rig_init_redis(&rig, own, "city");
    /* the server cannot be asked for PONG without the password, so the store itself waits for it */
    const struct redis_store_options right = {.password = "secret"}, wrong = {.password = "x"};
    rig_open(&rig, &right);
    rig_open(&rig, &wrong);
    if (redis_server_launch(own) == 0) {
        CU_ASSERT(rig_until(&rig, &rig.is_up[0]));
        CU_ASSERT_EQUAL(rig_commit_pool(&rig, rig.handles[0], "P1").status, STORE_OK);
        while (!strstr(rig.log[1], "refuses the password"))
            rig_turn(&rig);
        CU_ASSERT_FALSE(rig.is_up[1]);
    }
    rig_clear(&rig);
    redis_server_free(own);
}

/* --- the script --- */

static void forgotten_script_is_sent_again(void)
{
    struct rig rig;
    if (!shared_rig(&rig))
        return;
    struct store *store = rig_handle(&rig);
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").feed, 1);
    rig_expect(&rig, "SCRIPT FLUSH", "+OK");
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P2").feed, 2);
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P3").feed, 3);
    rig_clear(&rig);
}

/* A key of a wrong type, wherever it is: the commit fails and nothing of it is written. */
static void damaged_keys_stop_it_before_the_first_write(void)
{
    static const char *const damage[] = {"SET {@}:feed x",         "SET {@}:feed:last x",
                                         "DEL {@}:feed:last",      "SET {@}:rec:pool x",
                                         "HSET {@}:rec:pool P2 x", "LPUSH {@}:change:P2 x"};
    static const char all_keys[] = "EVAL \"local k = redis.call('KEYS', '{@}:*') table.sort(k) "
                                   "return table.concat(k, ' ')\" 0";
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        struct rig rig;
        struct change change;
        if (!shared_rig(&rig))
            return;
        struct store *store = rig_handle(&rig);
        CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").feed, 1);
        free(rig_ask(&rig, "DEL {@}:change:P1"));
        free(rig_ask(&rig, damage[i]));
        char *keys = rig_ask(&rig, all_keys);
        rig_change(&change, "P2");
        rig_add_applicant(&change, "A2");
        rig_add_pool(&change, "P2", 1);
        change.person_json = alloc_string("{}");
        snprintf(change.person_id, sizeof change.person_id, "A2");
        struct store_reply reply = rig_commit(&rig, store, &change);
        CU_ASSERT_EQUAL(reply.status, STORE_FAILED);
        CU_ASSERT_NOT_EQUAL(reply.message[0], '\0');
        rig_expect(&rig, "HLEN {@}:rec:applicant", ":0");
        rig_expect(&rig, "EXISTS {@}:pii:A2", ":0");
        char *after = rig_ask(&rig, all_keys);
        CU_ASSERT_STRING_EQUAL(keys, after);
        free(keys);
        free(after);
        change_clear(&change);
        rig_clear(&rig);
    }
}

static void no_memory_is_a_refusal(void)
{
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return;
    struct store *store = rig_handle(&rig);
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").feed, 1);
    rig_expect(&rig, "CONFIG SET maxmemory 1", "+OK");
    struct store_reply reply = rig_commit_pool(&rig, store, "P2");
    CU_ASSERT_EQUAL(reply.status, STORE_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply.message, "OOM"));
    rig_expect(&rig, "CONFIG SET maxmemory 0", "+OK");
    rig_expect(&rig, "GET {@}:feed:last", "1");
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P2").feed, 2);
    rig_clear(&rig);
    redis_server_free(own);
}

static void too_many_at_once_are_turned_away(void)
{
    enum { CAP = 4, ASKED = 10 };
    const struct redis_store_options narrow = {.in_flight_max = CAP};
    struct rig rig;
    if (!shared_rig(&rig))
        return;
    struct store *store = rig_open(&rig, &narrow);
    CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
    struct rig_commit answers[ASKED] = {0};
    for (int i = 0; i < ASKED; i++) {
        struct change change;
        char name[40];
        snprintf(name, sizeof name, "c%d", i);
        rig_change(&change, name);
        rig_add_pool(&change, name, 1);
        store_commit(store, &change, rig_on_commit, &answers[i]);
        change_clear(&change);
    }
    for (int i = 0; i < ASKED; i++) {
        CU_ASSERT(rig_until(&rig, &answers[i].is_done));
        CU_ASSERT_EQUAL(answers[i].reply.status, i < CAP ? STORE_OK : STORE_UNAVAILABLE);
        if (i >= CAP)
            CU_ASSERT_PTR_NOT_NULL(strstr(answers[i].reply.message, "busy"));
    }
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "after").status, STORE_OK);
    rig_clear(&rig);
}

/* --- the feed --- */

static void trimmed_feed_is_a_gap(void)
{
    enum { MANY = 300 };
    const struct redis_store_options few = {.feed_entries_max = 10};
    struct rig rig;
    if (!shared_rig(&rig))
        return;
    struct store *store = rig_open(&rig, &few);
    CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
    struct rig_feed feed = {0}, after = {0};
    for (int i = 0; i < MANY; i++) {
        char name[40];
        snprintf(name, sizeof name, "P%d", i);
        CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, name).status, STORE_OK);
    }
    store_follow(store, 0, rig_on_entry, &feed);
    CU_ASSERT(rig_until(&rig, &feed.is_gap));
    CU_ASSERT_EQUAL(feed.n, 0);
    CU_ASSERT(feed.last > 0 && feed.last < MANY);
    uint64_t loaded = 0;
    struct region *region = rig_load(&rig, store, &loaded, NULL);
    CU_ASSERT_EQUAL(loaded, MANY);
    store_follow(store, loaded, rig_on_entry, &after);
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "last").status, STORE_OK);
    CU_ASSERT(rig_until_feed(&rig, &after, MANY + 1));
    region_free(region);
    rig_clear(&rig);
}

static void wiped_store_is_a_gap(void)
{
    struct rig rig;
    if (!shared_rig(&rig))
        return;
    struct store *store = rig_handle(&rig);
    struct rig_feed feed = {0};
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").status, STORE_OK);
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P2").status, STORE_OK);
    store_follow(store, 0, rig_on_entry, &feed);
    CU_ASSERT(rig_until_feed(&rig, &feed, 2));
    free(rig_ask(&rig, "DEL {@}:feed"));
    free(rig_ask(&rig, "DEL {@}:feed:last"));
    CU_ASSERT(rig_until(&rig, &feed.is_gap));
    CU_ASSERT_EQUAL(feed.last, 0);
    rig_clear(&rig);
}

/* --- what lies on the disk --- */

static const char *wanted;
static int n_found;

static int look_into(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info, (void)ftw;
    FILE *file = type == FTW_F ? fopen(path, "rb") : NULL;
    if (!file)
        return 0;
    struct buffer bytes = {0};
    char piece[65536];
    size_t got;
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_add(&bytes, piece, got);
    fclose(file);
    n_found += bytes.len > 0 && memmem(bytes.bytes, bytes.len, wanted, strlen(wanted)) != NULL;
    buffer_clear(&bytes);
    return 0;
}

static int found_below(const char *dir, const char *text)
{
    wanted = text;
    n_found = 0;
    nftw(dir, look_into, 16, FTW_PHYS);
    return n_found;
}

static void personal_data_is_nowhere_in_the_clear(void)
{
    static const char *const plain[] = {"--rdbcompression", "no", NULL};
    static const char *const secrets[] = {"Zzyzx Quimby",    "Z123456789", "0900-000-111",
                                          "17 Nowhere Lane", "id_number",  "key-of-mrs-quimby"};
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, plain);
    if (!own)
        return;
    struct store *store = rig_handle(&rig);
    struct change change;
    rig_change(&change, "c1");
    rig_add_applicant(&change, "A-visible");
    change.person_json =
        alloc_string("{\"name\":\"Zzyzx Quimby\",\"id_number\":\"Z123456789\","
                     "\"phone\":\"0900-000-111\",\"address\":\"17 Nowhere Lane\"}");
    snprintf(change.person_id, sizeof change.person_id, "A-visible");
    snprintf(change.idempotency.key, sizeof change.idempotency.key, "t:key-of-mrs-quimby");
    snprintf(change.idempotency.request_hash, sizeof change.idempotency.request_hash, "ab");
    CU_ASSERT_EQUAL(rig_commit(&rig, store, &change).status, STORE_OK);
    char *opened = rig_person(&rig, store, "A-visible", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(opened);
    CU_ASSERT_STRING_EQUAL(opened, change.person_json);
    free(opened);
    rig_expect(&rig, "SAVE", "+OK");
    CU_ASSERT(found_below(redis_server_dir(own), "A-visible") >=
              2); /* control: AOF and RDB are seen */
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        CU_ASSERT_EQUAL(found_below(redis_server_dir(own), secrets[i]), 0);
    rig_expect(&rig,
               "EVAL \"for _, k in ipairs(redis.call('KEYS', '*')) do if string.sub(k, 1, 7) ~= "
               "'{@}:' then return k end end return 'all'\" 0",
               "all");
    change_clear(&change);
    rig_clear(&rig);
    redis_server_free(own);
}

static void on_compacted(void *arg, const struct alm_error *err)
{
    *(int *)arg = 1;
    CU_ASSERT_PTR_NULL(err);
}

/* The name of the box's key stands for the box: both are in the file until it is written anew. */
static void erased_data_leaves_the_files(void)
{
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return;
    struct store *store = rig_handle(&rig);
    struct change change;
    int is_asked = 0;
    rig_change(&change, "c1");
    rig_add_applicant(&change, "A1");
    change.person_json = alloc_string("{\"name\":\"Zzyzx Quimby\"}");
    snprintf(change.person_id, sizeof change.person_id, "A1");
    CU_ASSERT_EQUAL(rig_commit(&rig, store, &change).status, STORE_OK);
    struct record *held = record_copy(change_find(&change, RECORD_APPLICANT, "A1"));
    change_clear(&change);
    rig_change(&change, "c2");
    change_edit(&change, held);
    change.erases_person = 1;
    snprintf(change.person_id, sizeof change.person_id, "A1");
    CU_ASSERT_EQUAL(rig_commit(&rig, store, &change).status, STORE_OK);
    rig_expect(&rig, "EXISTS {@}:pii:A1", ":0");
    CU_ASSERT(found_below(redis_server_dir(own), ":pii:A1") > 0); /* control */
    store_compact(store, on_compacted, &is_asked);
    CU_ASSERT(rig_until(&rig, &is_asked));
    for (int i = 0; i < 2000 && found_below(redis_server_dir(own), ":pii:A1") > 0; i++)
        usleep(10000);
    CU_ASSERT_EQUAL(found_below(redis_server_dir(own), ":pii:A1"), 0);
    change_clear(&change);
    record_free(held);
    rig_clear(&rig);
    redis_server_free(own);
}

struct compacting {
    int is_done, has_failed;
    char message[512];
};

static void on_compacting(void *arg, const struct alm_error *err)
{
    struct compacting *compacting = arg;
    compacting->is_done = 1;
    compacting->has_failed = err != NULL;
    snprintf(compacting->message, sizeof compacting->message, "%s", err ? err->message : "");
}

/* A user who may not ask for it, a Redis that is away: the asker is told. */
static void a_refusal_to_write_anew_is_told(void)
{
    struct compacting refused = {0}, away = {0};
    struct rig rig;
    struct redis_server *own = rig_own_server(&rig, NULL);
    if (!own)
        return;
    struct store *store = rig_handle(&rig);
    free(rig_ask(&rig, "ACL SETUSER default -bgrewriteaof"));
    store_compact(store, on_compacting, &refused);
    CU_ASSERT(rig_until(&rig, &refused.is_done));
    CU_ASSERT(refused.has_failed);
    CU_ASSERT_PTR_NOT_NULL(strstr(refused.message, "bgrewriteaof"));
    redis_server_kill(own);
    store_compact(store, on_compacting, &away);
    CU_ASSERT(rig_until(&rig, &away.is_done));
    CU_ASSERT(away.has_failed);
    rig_clear(&rig);
    redis_server_free(own);
}

static void memory_of_keys_is_given_back(void)
{
    const struct redis_store_options brief = {.idempotency_s = 1};
    struct rig rig;
    if (!shared_rig(&rig))
        return;
    struct store *store = rig_open(&rig, &brief);
    CU_ASSERT_FATAL(rig_until(&rig, &rig.is_up[0]));
    CU_ASSERT_EQUAL(rig_commit_pool(&rig, store, "P1").status, STORE_OK);
    rig_expect(&rig, "TTL {@}:change:P1", ":1");
    rig_expect(&rig, "TTL {@}:rec:pool", ":-1");
    rig_clear(&rig);
}

static const struct check_test tests[] = {
    {"weak durability is refused", weak_durability_is_refused},
    {"conditions are told in words", conditions_are_told_in_words},
    {"bad options are refused", bad_options_are_refused},
    {"password is used", password_is_used},
    {"forgotten script is sent again", forgotten_script_is_sent_again},
    {"damaged keys stop it before the first write", damaged_keys_stop_it_before_the_first_write},
    {"no memory is a refusal", no_memory_is_a_refusal},
    {"too many at once are turned away", too_many_at_once_are_turned_away},
    {"trimmed feed is a gap", trimmed_feed_is_a_gap},
    {"wiped store is a gap", wiped_store_is_a_gap},
    {"personal data is nowhere in the clear", personal_data_is_nowhere_in_the_clear},
    {"erased data leaves the files", erased_data_leaves_the_files},
    {"a refusal to write anew is told", a_refusal_to_write_anew_is_told},
    {"memory of keys is given back", memory_of_keys_is_given_back},
};
CHECK_SUITE(suite_redis_store, tests);
