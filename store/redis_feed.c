/* redis_feed.c - see redis_feed.h.
 *
 * GET the last number, XREAD from where we are, and again. Numbers follow each other without holes,
 * so anything else is a gap: a first entry that is not the next one (trimmed), a last number below
 * ours (set back), or a last number above ours and nothing to read. */
#include "store/redis_feed.h"

#include "models/alloc.h"
#include "store/redis_entry.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FEED_PAGE = 128, FEED_BLOCK_MS = 2000 };

struct redis_feed {
    struct redis_link *link;
    const char *region;
    store_feed_fn on_entry; /* NULL = nobody follows, or a gap was told */
    void *arg;
    uint64_t followed; /* the last entry that was handed on */
    uint64_t last;     /* the last number, as asked before the read */
    int is_asking;
    unsigned turn; /* counts the calls of follow: a reply to an older one is dropped */
    unsigned asked_turn;
};

static void ask_last(struct redis_feed *feed);
static void ask_entries(struct redis_feed *feed);

static void tell_gap(struct redis_feed *feed, uint64_t last)
{
    store_feed_fn on_entry = feed->on_entry;
    feed->on_entry = NULL;
    on_entry(feed->arg, last, NULL);
}

/* A reply has come. 1 = go on with it; 0 = the connection is lost (on_open starts again) or it was
 * asked for a follower who has been replaced. */
static int is_wanted(struct redis_feed *feed, enum redis_outcome outcome)
{
    feed->is_asking = 0;
    if (outcome != REDIS_ANSWERED)
        return 0;
    if (feed->turn == feed->asked_turn)
        return 1;
    ask_last(feed);
    return 0;
}

static void ask(struct redis_feed *feed, struct redis_args *args, int wait_ms,
                redis_reply_fn on_reply)
{
    feed->asked_turn = feed->turn;
    feed->is_asking = redis_link_send(feed->link, args, wait_ms, on_reply, feed) == 0;
    redis_args_clear(args);
}

/* Hands on the entries in order. -1 = a gap (told). */
static int hand_on(struct redis_feed *feed, const redisReply *entries)
{
    unsigned turn = feed->turn; /* a callback may follow anew */
    for (size_t i = 0; i < entries->elements && feed->turn == turn; i++) {
        struct change change;
        uint64_t number;
        if (redis_entry_read(entries->element[i], &number, &change, NULL) != 0) {
            tell_gap(feed, feed->last);
            return -1;
        }
        int is_next = number == feed->followed + 1;
        if (is_next) {
            feed->followed = number;
            feed->on_entry(feed->arg, number, &change);
        }
        change_clear(&change);
        if (!is_next) {
            tell_gap(feed, number - 1);
            return -1;
        }
    }
    return 0;
}

/* XREAD answers [[key, entries]], or nil when nothing came in time. */
static void on_entries(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct redis_feed *feed = arg;
    if (!is_wanted(feed, outcome))
        return;
    if (reply->type == REDIS_REPLY_NIL) {
        if (feed->last > feed->followed)
            tell_gap(feed, feed->last);
        else
            ask_last(feed);
        return;
    }
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1 ||
        reply->element[0]->elements != 2) {
        redis_link_drop(feed->link, "Redis answered XREAD with something unexpected");
        return;
    }
    if (hand_on(feed, reply->element[0]->element[1]) == 0 && !feed->is_asking)
        ask_entries(feed);
}

static void ask_entries(struct redis_feed *feed)
{
    struct redis_args args = {0};
    char from[32];
    snprintf(from, sizeof from, "%" PRIu64 "-0", feed->followed);
    redis_args_text(&args, "XREAD");
    redis_args_text(&args, "COUNT");
    redis_args_number(&args, FEED_PAGE);
    redis_args_text(&args, "BLOCK");
    redis_args_number(&args, FEED_BLOCK_MS);
    redis_args_text(&args, "STREAMS");
    redis_args_key(&args, feed->region, "feed", "");
    redis_args_text(&args, from);
    ask(feed, &args, FEED_BLOCK_MS, on_entries);
}

static void on_last(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct redis_feed *feed = arg;
    if (!is_wanted(feed, outcome))
        return;
    if (reply->type == REDIS_REPLY_ERROR) { /* still loading: try again after the back-off */
        redis_link_drop(feed->link, reply->str);
        return;
    }
    redis_link_settle(feed->link);
    feed->last = reply->type == REDIS_REPLY_STRING ? strtoull(reply->str, NULL, 10) : 0;
    if (feed->last < feed->followed)
        tell_gap(feed, feed->last);
    else
        ask_entries(feed);
}

static void ask_last(struct redis_feed *feed)
{
    struct redis_args args = {0};
    if (!feed->on_entry || feed->is_asking)
        return;
    redis_args_text(&args, "GET");
    redis_args_key(&args, feed->region, "feed:last", "");
    ask(feed, &args, 0, on_last);
}

static void on_open(void *arg)
{
    ask_last(arg);
}

static void on_lost(void *arg, const char *why)
{
    (void)arg, (void)why; /* the command connection tells the operator */
}

struct redis_feed *redis_feed_new(struct event_base *base, const struct redis_link_options *options,
                                  const char *region)
{
    struct redis_feed *feed = alloc_zero(1, sizeof *feed);
    const struct redis_link_hooks hooks = {.on_open = on_open, .on_lost = on_lost, .arg = feed};
    feed->region = region;
    feed->link = redis_link_new(base, options, &hooks);
    return feed;
}

void redis_feed_follow(struct redis_feed *feed, uint64_t number, store_feed_fn on_entry, void *arg)
{
    feed->turn++;
    feed->followed = number;
    feed->on_entry = on_entry;
    feed->arg = arg;
    ask_last(feed);
}

void redis_feed_free(struct redis_feed *feed)
{
    if (!feed)
        return;
    redis_link_free(feed->link);
    free(feed);
}
