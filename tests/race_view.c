/* race_view.c - what the daemons and Redis hold, and whether it is the same. See race_rig.h. */
#include "tests/race_rig.h"

#include "models/alloc.h"
#include "models/change.h"
#include "tests/check.h"
#include "tests/store_rig.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AGREE_TRIES = 6000, ROUND_TRIES = 15000, LOAD_TRIES = 10, TRY_US = 20000, PAGE = 1000 };

/* ---- the daemons ---- */

static json_t *ask_json(const struct race_rig *rig, int daemon, const char *path)
{
    char *answer;
    int status = served_ask(rig->daemon[daemon], "GET", path, rig->admin, "", NULL, &answer);
    json_t *body = status == 200 ? race_body(answer) : NULL;
    free(answer);
    return body;
}

json_t *race_list(const struct race_rig *rig, int daemon, const char *path, const char *query)
{
    json_t *all = json_array();
    char *cursor = alloc_string("");
    while (cursor) {
        char url[300];
        snprintf(url, sizeof url, "%s?limit=%d&%s%s%s", path, PAGE, query,
                 *cursor ? "&cursor=" : "", cursor);
        json_t *page = ask_json(rig, daemon, url);
        CU_ASSERT_PTR_NOT_NULL_FATAL(page);
        json_array_extend(all, json_object_get(page, "items"));
        const char *next = json_string_value(json_object_get(page, "next"));
        free(cursor);
        cursor = next ? alloc_string(next) : NULL;
        json_decref(page);
    }
    return all;
}

int64_t race_wait_round(const struct race_rig *rig, int daemon, const char *path)
{
    int64_t number = -1;
    for (int i = 0; path && i < ROUND_TRIES && number < 0; i++) {
        json_t *round = ask_json(rig, daemon, path);
        if (json_is_string(json_object_get(round, "finished_at")))
            number = json_integer_value(json_object_get(round, "number"));
        else
            usleep(TRY_US);
        json_decref(round);
    }
    return number;
}

int64_t race_round(struct race_rig *rig, int daemon)
{
    char *answer;
    int status =
        served_ask(rig->daemon[daemon], "POST", "/v1/rounds", rig->planner, "", NULL, &answer);
    char *path = status == 202 ? served_header(answer, "Location") : NULL;
    int64_t number = race_wait_round(rig, daemon, path);
    free(path);
    free(answer);
    return number;
}

/* Every pool, asked for one by one at both daemons. */
static int pools_agree(struct race_rig *rig)
{
    struct race_asks asks = {0};
    struct region *region = race_region(rig);
    int is_same = region != NULL;
    const struct record *record = region ? region_first(region, RECORD_POOL) : NULL;
    for (; record; record = region_next(record))
        for (int d = 0; d < RACE_DAEMONS; d++)
            race_ask_add(&asks, d, "GET", rig->admin, NULL, "/v1/pools/%s", record->id);
    region_free(region);
    race_run(rig, &asks, NULL);
    for (size_t i = 0; i + 1 < asks.n && is_same; i += RACE_DAEMONS) {
        json_t *a = race_body(asks.list[i].answer), *b = race_body(asks.list[i + 1].answer);
        is_same =
            a && json_equal(a, b) && race_version(&asks.list[i]) == race_version(&asks.list[i + 1]);
        json_decref(a);
        json_decref(b);
    }
    race_asks_clear(&asks);
    return is_same;
}

static int list_agrees(struct race_rig *rig, const char *path, const char *query)
{
    json_t *a = race_list(rig, 0, path, query), *b = race_list(rig, 1, path, query);
    int is_same = json_equal(a, b);
    json_decref(a);
    json_decref(b);
    return is_same;
}

int race_agree(struct race_rig *rig, int64_t round)
{
    char query[40] = "";
    if (round)
        snprintf(query, sizeof query, "round=%" PRId64, round);
    for (int i = 0; i < AGREE_TRIES; i++) {
        if (list_agrees(rig, "/v1/rounds", "") && list_agrees(rig, "/v1/offers", query) &&
            list_agrees(rig, "/v1/applicants", "") && pools_agree(rig))
            return 0;
        usleep(TRY_US);
    }
    return -1;
}

/* ---- Redis ---- */

/* A Redis that hangs for longer than the reader waits is asked again. */
struct region *race_region(const struct race_rig *rig)
{
    struct region *region = NULL;
    for (int i = 0; i < LOAD_TRIES && !region; i++) {
        struct rig reader;
        uint64_t feed;
        rig_init_redis(&reader, rig->redis, RACE_REGION);
        region = rig_load(&reader, rig_handle(&reader), &feed, NULL);
        rig_clear(&reader);
    }
    return region;
}

static int64_t in_service(const struct pool *pool)
{
    int64_t beds =
        pool->beds_usable < pool->beds_approved ? pool->beds_usable : pool->beds_approved;
    return beds < pool->beds_staffed ? beds : pool->beds_staffed;
}

struct taken {
    const struct pool *pool;
    int64_t beds;
};

static int taken_order(const void *id, const void *taken)
{
    return strcmp(id, ((const struct taken *)taken)->pool->record.id);
}

size_t race_shared_beds(const struct region *region)
{
    size_t n = 0, n_shared = 0;
    struct taken *list = alloc_zero(region_count(region, RECORD_POOL), sizeof *list);
    const struct record *record = region_first(region, RECORD_POOL);
    for (; record; record = region_next(record)) {
        const struct pool *pool = (const struct pool *)record;
        list[n++] = (struct taken){pool, pool->beds_occupied};
    }
    for (record = region_first(region, RECORD_OFFER); record; record = region_next(record)) {
        const struct offer *offer = (const struct offer *)record;
        struct taken *taken = bsearch(offer->pool_id, list, n, sizeof *list, taken_order);
        if (taken && offer->state == OFFER_ACCEPTED)
            taken->beds++;
    }
    for (size_t i = 0; i < n; i++)
        n_shared += list[i].beds > in_service(list[i].pool);
    free(list);
    return n_shared;
}

void race_check_region(const struct region *region)
{
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(region_check(region, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    err_clear(&err);
}

void race_check(const struct race_rig *rig)
{
    struct region *region = race_region(rig);
    race_check_region(region);
    CU_ASSERT_EQUAL(race_shared_beds(region), 0);
    region_free(region);
}

/* ---- the history ---- */

struct reader {
    struct race_history *history;
    uint64_t last;
    int is_done;
};

static void on_entry(void *arg, uint64_t feed, const struct change *change)
{
    struct reader *reader = arg;
    struct race_history *history = reader->history;
    if (!change) { /* a gap: not the whole history, and the count of entries will say so */
        reader->is_done = 1;
        return;
    }
    region_apply(history->region, change);
    history->entries++;
    reader->is_done = feed >= reader->last;
    if (change->event != EVENT_OFFER_ACCEPTED)
        return;
    const struct offer *offer = region_offer(history->region, change->subject);
    const struct pool *pool = offer ? region_pool(history->region, offer->pool_id) : NULL;
    history->accepts++;
    history->too_late += !pool || pool->beds_occupied + pool->beds_accepted > in_service(pool);
}

void race_history_read(const struct race_rig *rig, struct race_history *history)
{
    struct rig reading;
    struct reader reader = {.history = history};
    *history = (struct race_history){.region = region_new()};
    rig_init_redis(&reading, rig->redis, RACE_REGION);
    struct store *store = rig_handle(&reading);
    struct region *now = rig_load(&reading, store, &reader.last, NULL);
    store_follow(store, 0, on_entry, &reader);
    CU_ASSERT(rig_until(&reading, &reader.is_done));
    CU_ASSERT_EQUAL(history->entries, reader.last);
    CU_ASSERT(now && rig_same_region(now, history->region));
    region_free(now);
    rig_clear(&reading);
}

void race_history_clear(struct race_history *history)
{
    region_free(history->region);
    *history = (struct race_history){0};
}
