/* redis_load.c - see redis_load.h. One command in flight at a time; each reply asks for the next.
 */
#include "store/redis_load.h"

#include "models/alloc.h"
#include "models/fields.h"
#include "store/redis_entry.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOAD_PAGE = 512, LOAD_ENTRIES = 256 };

struct load {
    struct redis_link *link;
    const char *name;
    struct region *region;
    uint64_t feed;
    int type; /* of the records being read */
    char cursor[24];
    store_load_fn on_done;
    void *arg;
};

static void finish(struct load *load, const struct alm_error *err)
{
    if (err) {
        load->on_done(load->arg, NULL, 0, err);
        region_free(load->region);
    } else {
        load->on_done(load->arg, load->region, load->feed, NULL);
    }
    free(load);
}

static void fail(struct load *load, enum err_code code, const char *what)
{
    struct alm_error err;
    err_init(&err);
    err_set(&err, code, "the region %s cannot be loaded: %s", load->name, what);
    finish(load, &err);
    err_clear(&err);
}

/* 1 when the reply has the wanted type; else the load has ended. */
static int is_good(struct load *load, enum redis_outcome outcome, const redisReply *reply, int type)
{
    if (outcome == REDIS_DROPPED) {
        region_free(load->region);
        free(load);
    } else if (outcome == REDIS_LOST) {
        fail(load, ERR_UNAVAILABLE, "the connection to Redis was lost");
    } else if (reply->type == REDIS_REPLY_ERROR) {
        fail(load, ERR_UNAVAILABLE, reply->str);
    } else if (reply->type != type) {
        fail(load, ERR_INTERNAL, "Redis answered with something unexpected");
    } else {
        return 1;
    }
    return 0;
}

static void ask(struct load *load, struct redis_args *args, redis_reply_fn on_reply)
{
    int sent = redis_link_send(load->link, args, 0, on_reply, load);
    redis_args_clear(args);
    if (sent != 0)
        fail(load, ERR_UNAVAILABLE, "too many commands are under way, or the connection was lost");
}

/* --- what came while the records were read --- */

static void ask_entries(struct load *load);

static int apply_entries(struct load *load, const redisReply *reply, struct alm_error *err)
{
    for (size_t i = 0; i < reply->elements; i++) {
        struct change change;
        uint64_t number;
        if (redis_entry_read(reply->element[i], &number, &change, err) != 0)
            return -1;
        int is_next = number == load->feed + 1;
        if (is_next)
            region_apply(load->region, &change);
        change_clear(&change);
        if (!is_next)
            return err_set(err, ERR_UNAVAILABLE, "the feed was cut while it was read");
        load->feed = number;
    }
    return 0;
}

static void on_entries(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct load *load = arg;
    struct alm_error err;
    if (!is_good(load, outcome, reply, REDIS_REPLY_ARRAY))
        return;
    err_init(&err);
    if (apply_entries(load, reply, &err) != 0)
        fail(load, err.code, err.message);
    else if (reply->elements == LOAD_ENTRIES)
        ask_entries(load);
    else
        finish(load, NULL);
    err_clear(&err);
}

static void ask_entries(struct load *load)
{
    struct redis_args args = {0};
    char from[32];
    snprintf(from, sizeof from, "(%" PRIu64 "-0", load->feed);
    redis_args_text(&args, "XRANGE");
    redis_args_key(&args, load->name, "feed", "");
    redis_args_text(&args, from);
    redis_args_text(&args, "+");
    redis_args_text(&args, "COUNT");
    redis_args_number(&args, LOAD_ENTRIES);
    ask(load, &args, on_entries);
}

/* --- the records --- */

static void ask_page(struct load *load);

/* A page may repeat a record, and show it newer than another page did. */
static void put_newer(struct load *load, struct record *record)
{
    const struct record *held = region_find(load->region, record->type, record->id);
    if (held && held->version >= record->version)
        record_free(record);
    else
        region_put_take(load->region, record);
}

static int read_record(struct load *load, const redisReply *id, const redisReply *value,
                       struct alm_error *err)
{
    char *json = NULL;
    uint64_t version = strtoull(value->str, &json, 10);
    if (version == 0 || *json != ' ')
        return err_set(err, ERR_INTERNAL, "%s %.64s has no version",
                       words_name(&words_record_type, load->type), id->str);
    json++;
    struct record *record = record_decode((enum record_type)load->type, json,
                                          value->len - (size_t)(json - value->str), version, err);
    if (!record)
        return -1;
    put_newer(load, record);
    return 0;
}

static int read_page(struct load *load, const redisReply *reply, struct alm_error *err)
{
    if (reply->elements != 2 || reply->element[0]->type != REDIS_REPLY_STRING ||
        reply->element[1]->type != REDIS_REPLY_ARRAY)
        return err_set(err, ERR_INTERNAL, "Redis answered with something unexpected");
    const redisReply *pairs = reply->element[1];
    for (size_t i = 0; i + 1 < pairs->elements; i += 2)
        if (read_record(load, pairs->element[i], pairs->element[i + 1], err) != 0)
            return -1;
    snprintf(load->cursor, sizeof load->cursor, "%s", reply->element[0]->str);
    return 0;
}

static void on_page(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct load *load = arg;
    struct alm_error err;
    if (!is_good(load, outcome, reply, REDIS_REPLY_ARRAY))
        return;
    err_init(&err);
    if (read_page(load, reply, &err) != 0) {
        fail(load, err.code, err.message);
    } else {
        load->type += strcmp(load->cursor, "0") == 0;
        if (load->type < RECORD_TYPE_COUNT)
            ask_page(load);
        else
            ask_entries(load);
    }
    err_clear(&err);
}

static void ask_page(struct load *load)
{
    struct redis_args args = {0};
    redis_args_text(&args, "HSCAN");
    redis_args_key(&args, load->name, "rec:", words_name(&words_record_type, load->type));
    redis_args_text(&args, load->cursor);
    redis_args_text(&args, "COUNT");
    redis_args_number(&args, LOAD_PAGE);
    ask(load, &args, on_page);
}

static void on_last(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct load *load = arg;
    int is_new = outcome == REDIS_ANSWERED && reply->type == REDIS_REPLY_NIL;
    if (!is_new && !is_good(load, outcome, reply, REDIS_REPLY_STRING))
        return;
    load->feed = is_new ? 0 : strtoull(reply->str, NULL, 10);
    ask_page(load);
}

int redis_load_start(struct redis_link *link, const char *region, store_load_fn on_done, void *arg)
{
    struct load *load = alloc_zero(1, sizeof *load);
    struct redis_args args = {0};
    *load =
        (struct load){.link = link, .name = region, .cursor = "0", .on_done = on_done, .arg = arg};
    redis_args_text(&args, "GET");
    redis_args_key(&args, region, "feed:last", "");
    int sent = redis_link_send(link, &args, 0, on_last, load);
    redis_args_clear(&args);
    if (sent != 0)
        free(load);
    else
        load->region = region_new();
    return sent;
}
