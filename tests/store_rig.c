/* store_rig.c - see store_rig.h. */
#include "tests/store_rig.h"

#include "models/alloc.h"
#include "models/fields.h"
#include "store/memory_store.h"
#include "store/seal.h"
#include "tests/check.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_S = 60, TURN_MS = 2 };

void rig_init_memory(struct rig *rig)
{
    *rig = (struct rig){0};
}

void rig_init_redis(struct rig *rig, struct redis_server *server, const char *region)
{
    *rig = (struct rig){.base = event_base_new(), .server = server, .seal = seal_new_random()};
    snprintf(rig->region, sizeof rig->region, "%s", region);
}

void rig_clear(struct rig *rig)
{
    for (int i = 0; i < rig->n; i++)
        store_free(rig->handles[i]);
    if (rig->base)
        event_base_free(rig->base);
    seal_free(rig->seal);
    *rig = (struct rig){0};
}

static void on_log(void *arg, const char *line)
{
    snprintf(arg, sizeof((struct rig *)NULL)->log[0], "%s", line);
}

static void on_state(void *arg, int up)
{
    *(int *)arg = up;
}

static struct store *open_redis(struct rig *rig, const struct redis_store_options *given)
{
    struct redis_store_options options = given ? *given : (struct redis_store_options){0};
    struct alm_error err;
    err_init(&err);
    options.unix_path = redis_server_socket(rig->server);
    options.region = rig->region;
    options.log = on_log;
    options.log_arg = rig->log[rig->n];
    options.on_state = on_state;
    options.state_arg = &rig->is_up[rig->n];
    struct store *store = redis_store_new(rig->base, &options, rig->seal, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    err_clear(&err);
    return store;
}

struct store *rig_open(struct rig *rig, const struct redis_store_options *options)
{
    CU_ASSERT_FATAL(rig->n < RIG_HANDLES);
    struct store *store = rig->base ? open_redis(rig, options)
                          : rig->n  ? memory_store_share(rig->handles[0])
                                    : memory_store_new();
    rig->handles[rig->n++] = store;
    return store;
}

struct store *rig_handle(struct rig *rig)
{
    struct store *store = rig_open(rig, NULL);
    if (rig->base)
        CU_ASSERT_FATAL(rig_until(rig, &rig->is_up[rig->n - 1]));
    return store;
}

void rig_close(struct rig *rig, struct store *store)
{
    for (int i = 0; i < rig->n; i++)
        if (rig->handles[i] == store)
            rig->handles[i] = NULL;
    store_free(store);
}

static void stop_waiting(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what, (void)arg;
}

void rig_turn(struct rig *rig)
{
    if (rig->base) {
        struct timeval soon = {.tv_usec = TURN_MS * 1000};
        event_base_once(rig->base, -1, EV_TIMEOUT, stop_waiting, NULL, &soon);
        event_base_loop(rig->base, EVLOOP_ONCE);
        return;
    }
    for (int i = 0; i < rig->n; i++)
        if (rig->handles[i])
            memory_store_run(rig->handles[i]);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int rig_until(struct rig *rig, const int *flag)
{
    double end = seconds() + PATIENCE_S;
    while (!*flag && seconds() < end)
        rig_turn(rig);
    return *flag;
}

void rig_on_commit(void *arg, const struct store_reply *reply)
{
    struct rig_commit *commit = arg;
    commit->is_done++;
    commit->reply = *reply;
}

struct store_reply rig_commit(struct rig *rig, struct store *store, const struct change *change)
{
    struct rig_commit commit = {0};
    store_commit(store, change, rig_on_commit, &commit);
    CU_ASSERT_FALSE(commit.is_done);
    CU_ASSERT_FATAL(rig_until(rig, &commit.is_done));
    CU_ASSERT_EQUAL(commit.is_done, 1);
    return commit.reply;
}

struct store_reply rig_settle(struct rig *rig, struct store *store, const struct change *change)
{
    double end = seconds() + PATIENCE_S;
    struct store_reply reply;
    do {
        reply = rig_commit(rig, store, change);
        rig_turn(rig);
    } while ((reply.status == STORE_UNAVAILABLE || reply.status == STORE_UNKNOWN) &&
             seconds() < end);
    return reply;
}

struct loaded {
    int is_done;
    struct region *region;
    uint64_t feed;
    struct alm_error *err;
};

static void on_load(void *arg, struct region *region, uint64_t feed, const struct alm_error *err)
{
    struct loaded *loaded = arg;
    loaded->is_done++;
    loaded->region = region;
    loaded->feed = feed;
    if (err && loaded->err)
        err_set(loaded->err, err->code, "%s", err->message);
}

struct region *rig_load(struct rig *rig, struct store *store, uint64_t *feed, struct alm_error *err)
{
    struct loaded loaded = {.err = err};
    store_load(store, on_load, &loaded);
    CU_ASSERT_FALSE(loaded.is_done);
    CU_ASSERT_FATAL(rig_until(rig, &loaded.is_done));
    *feed = loaded.feed;
    return loaded.region;
}

struct asked {
    int is_done;
    char *json;
    struct change_idempotency found;
    int is_found;
    struct alm_error *err;
};

static void on_person(void *arg, const char *json, const struct alm_error *err)
{
    struct asked *asked = arg;
    asked->is_done++;
    asked->json = alloc_string(json);
    if (err && asked->err)
        err_set(asked->err, err->code, "%s", err->message);
}

char *rig_person(struct rig *rig, struct store *store, const char *id, struct alm_error *err)
{
    struct asked asked = {.err = err};
    store_person(store, id, on_person, &asked);
    CU_ASSERT_FALSE(asked.is_done);
    CU_ASSERT_FATAL(rig_until(rig, &asked.is_done));
    return asked.json;
}

static void on_answer(void *arg, const struct change_idempotency *found,
                      const struct alm_error *err)
{
    struct asked *asked = arg;
    asked->is_done++;
    asked->is_found = found != NULL;
    if (found)
        asked->found = *found;
    CU_ASSERT_PTR_NULL(err);
}

int rig_answer(struct rig *rig, struct store *store, const char *key,
               struct change_idempotency *found)
{
    struct asked asked = {0};
    store_answer(store, key, on_answer, &asked);
    CU_ASSERT_FATAL(rig_until(rig, &asked.is_done));
    *found = asked.found;
    return asked.is_found;
}

void rig_on_entry(void *arg, uint64_t number, const struct change *change)
{
    struct rig_feed *feed = arg;
    if (!change) {
        feed->is_gap = 1;
        feed->last = number;
        return;
    }
    if (feed->n == 0)
        feed->is_in_order = 1;
    if (feed->last && number != feed->last + 1)
        feed->is_in_order = 0;
    if (feed->n < 64)
        memcpy(feed->ids[feed->n], change->id, sizeof feed->ids[0]);
    feed->n++;
    feed->last = number;
    CU_ASSERT_PTR_NULL(change->person_json);
    if (feed->region)
        region_apply(feed->region, change);
}

int rig_until_feed(struct rig *rig, const struct rig_feed *feed, uint64_t last)
{
    double end = seconds() + PATIENCE_S;
    while (feed->last < last && seconds() < end)
        rig_turn(rig);
    return feed->last == last;
}

void rig_change(struct change *change, const char *name)
{
    change_init(change);
    snprintf(change->id, sizeof change->id, "%s", name);
    change->event = EVENT_POOL_PUT;
    change->at = 1740787200;
    snprintf(change->subject, sizeof change->subject, "%s", "S1");
}

static void set_text(char **text, const char *to)
{
    free(*text);
    *text = alloc_string(to);
}

void rig_add_pool(struct change *change, const char *id, int64_t beds)
{
    struct pool *pool = (struct pool *)change_create(change, RECORD_POOL, id);
    snprintf(pool->institution_id, sizeof pool->institution_id, "%s", "H1");
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = beds;
}

void rig_add_applicant(struct change *change, const char *id)
{
    struct applicant *person = (struct applicant *)change_create(change, RECORD_APPLICANT, id);
    person->applied_at = 1735689600;
    person->lat = 25.03;
    person->lon = 121.56;
    person->level = 4;
    person->kinds = 1u << KIND_NURSING;
    set_text(&person->district, "\xe5\x8c\x97\xe5\x8d\x80 \"quoted\" \\ \n line");
}

static int same_record(const struct record *a, const struct record *b)
{
    if (a->version != b->version || strcmp(a->id, b->id) != 0)
        return 0;
    char *left = record_encode(a), *right = record_encode(b);
    int is_same = strcmp(left, right) == 0;
    free(left);
    free(right);
    return is_same;
}

int rig_same_region(const struct region *a, const struct region *b)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record *left = region_first(a, (enum record_type)type);
        const struct record *right = region_first(b, (enum record_type)type);
        for (; left && right; left = region_next(left), right = region_next(right))
            if (!same_record(left, right))
                return 0;
        if (left || right)
            return 0;
    }
    return 1;
}

/* A server of the test's own. */
struct redis_server *rig_own_server(struct rig *rig, const char *const *options)
{
    struct redis_server *own = redis_server_start(options);
    if (own)
        rig_init_redis(rig, own, "city");
    else
        check_skip("redis-server does not start here");
    return own;
}

/* Asks the server; '@' stands for the region. */
char *rig_ask(const struct rig *rig, const char *command)
{
    struct buffer text = {0};
    for (const char *at = command; *at; at++)
        if (*at == '@')
            buffer_text(&text, rig->region);
        else
            buffer_add(&text, at, 1);
    char *reply = redis_server_ask(rig->server, text.bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reply);
    buffer_clear(&text);
    return reply;
}

void rig_expect(const struct rig *rig, const char *command, const char *reply)
{
    char *got = rig_ask(rig, command);
    CU_ASSERT_STRING_EQUAL(got, reply);
    if (strcmp(got, reply) != 0)
        printf("\n    %s: %s instead of %s", command, got, reply);
    free(got);
}

struct store_reply rig_commit_pool(struct rig *rig, struct store *store, const char *id)
{
    struct change change;
    rig_change(&change, id);
    rig_add_pool(&change, id, 1);
    struct store_reply reply = rig_commit(rig, store, &change);
    change_clear(&change);
    return reply;
}
