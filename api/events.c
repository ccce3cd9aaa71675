/* events.c - see events.h.
 *
 * What always holds: an event is kept as finished JSON, record by record, each with the tag that
 * says who may see it; so a listener gets what the region was then, and never a record out of
 * scope. */
#include "api/events.h"

#include "api/handlers.h"
#include "models/alloc.h"
#include "models/fields.h"
#include "models/stamp.h"
#include "models/write_json.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum {
    KEPT_MAX = 1024,
    KEPT_BYTES_MAX = 8 << 20,
    EVENT_BYTES_MAX = 256 << 10, /* half of what may wait for a listener (http.h) */
    LISTENERS_MAX = 256,
    PING_S = 15
};

struct shown { /* one record of an event */
    struct auth_tag tag;
    char id[ID_MAX + 1];
    char *json;
};

struct event_kept {
    STAILQ_ENTRY(event_kept) link;
    uint64_t feed;
    enum event_type type;
    int64_t at;
    char subject[ID_MAX + 1];
    struct shown *records;
    size_t n, bytes;
};

struct listener {
    LIST_ENTRY(listener) link;
    struct token who;
    struct http_stream *stream;
};

struct events {
    struct writer *writer;
    struct event *ping;
    STAILQ_HEAD(, event_kept) kept;
    size_t n, bytes;
    uint64_t first_feed; /* the oldest that can be told; older: gap */
    uint64_t last_feed;  /* the newest that was told */
    LIST_HEAD(, listener) listeners;
    size_t n_listeners;
};

static void kept_free(struct event_kept *kept)
{
    for (size_t i = 0; i < kept->n; i++)
        free(kept->records[i].json);
    free(kept->records);
    free(kept);
}

static void forget_first(struct events *events)
{
    struct event_kept *oldest = STAILQ_FIRST(&events->kept);
    STAILQ_REMOVE_HEAD(&events->kept, link);
    events->n--;
    events->bytes -= oldest->bytes;
    events->first_feed = oldest->feed + 1;
    kept_free(oldest);
}

/* ---- telling ---- */

static int write_records(const struct token *who, const struct event_kept *kept, struct buffer *out)
{
    int n = 0;
    for (size_t i = 0; i < kept->n; i++) {
        const struct shown *shown = &kept->records[i];
        if (!auth_sees_tag(who, &shown->tag))
            continue;
        buffer_text(out, n++ ? ",{\"type\":" : "{\"type\":");
        write_json_text(out, words_name(&words_record_type, (int)shown->tag.type));
        buffer_text(out, ",\"record\":");
        buffer_text(out, shown->json);
        buffer_text(out, "}");
    }
    return n;
}

/* An id of a record that the listener may not see is not named either. */
static const char *subject_for(const struct token *who, const struct event_kept *kept)
{
    for (size_t i = 0; i < kept->n; i++)
        if (strcmp(kept->records[i].id, kept->subject) == 0)
            return auth_sees_tag(who, &kept->records[i].tag) ? kept->subject : "";
    return kept->subject;
}

/* Something is not told: read again. */
static void tell_gap(struct listener *listener, uint64_t feed)
{
    struct buffer out;
    buffer_init(&out);
    buffer_format(&out, "id: %" PRIu64 "\nevent: gap\ndata: {\"feed\":%" PRIu64 "}\n\n", feed,
                  feed);
    http_stream_write(listener->stream, out.bytes, out.len);
    buffer_clear(&out);
}

static void tell(struct listener *listener, const struct event_kept *kept)
{
    struct buffer records, out;
    char at[STAMP_TEXT];
    buffer_init(&records);
    buffer_init(&out);
    int n = write_records(&listener->who, kept, &records);
    if (records.len > EVENT_BYTES_MAX) {
        tell_gap(listener, kept->feed);
    } else if (n) {
        buffer_format(&out,
                      "id: %" PRIu64 "\nevent: %s\ndata: {\"feed\":%" PRIu64 ",\"event\":\"%s\"",
                      kept->feed, words_name(&words_event, (int)kept->type), kept->feed,
                      words_name(&words_event, (int)kept->type));
        buffer_format(&out, ",\"at\":\"%s\",\"subject\":", stamp_format(kept->at, at));
        write_json_text(&out, subject_for(&listener->who, kept));
        buffer_format(&out, ",\"records\":[%s]}\n\n", records.bytes);
        http_stream_write(listener->stream, out.bytes, out.len);
    }
    buffer_clear(&records);
    buffer_clear(&out);
}

static int is_public(enum record_type type)
{
    return type != RECORD_POLICY && type != RECORD_TRAVEL;
}

static struct event_kept *keep(uint64_t feed, const struct change *change,
                               const struct region *region)
{
    struct event_kept *kept = alloc_zero(1, sizeof *kept);
    kept->feed = feed;
    kept->type = change->event;
    kept->at = change->at;
    memcpy(kept->subject, change->subject, sizeof kept->subject);
    kept->records = alloc_zero(change->n, sizeof *kept->records);
    kept->bytes = sizeof *kept + change->n * sizeof *kept->records;
    for (size_t i = 0; i < change->n; i++) {
        const struct record *record = change->items[i].record;
        struct shown *shown = &kept->records[kept->n++];
        auth_tag(region, record, &shown->tag);
        memcpy(shown->id, record->id, sizeof shown->id);
        shown->json = is_public(record->type) ? record_to_json(record) : alloc_string("null");
        kept->bytes += strlen(shown->json);
    }
    return kept;
}

/* The region was loaded anew, and the feed goes on elsewhere: what was kept does not lead there. */
static void skip_to(struct events *events, uint64_t feed)
{
    struct listener *listener;
    while (!STAILQ_EMPTY(&events->kept))
        forget_first(events);
    events->first_feed = feed;
    LIST_FOREACH(listener, &events->listeners, link)
    tell_gap(listener, feed - 1);
}

static void on_change(void *arg, uint64_t feed, const struct change *change,
                      const struct region *region)
{
    struct events *events = arg;
    struct event_kept *kept = keep(feed, change, region);
    struct listener *listener;
    if (!events->first_feed)
        events->first_feed = feed;
    else if (feed != events->last_feed + 1)
        skip_to(events, feed);
    events->last_feed = feed;
    STAILQ_INSERT_TAIL(&events->kept, kept, link);
    events->n++;
    events->bytes += kept->bytes;
    while (events->n > 1 && (events->n > KEPT_MAX || events->bytes > KEPT_BYTES_MAX))
        forget_first(events);
    LIST_FOREACH(listener, &events->listeners, link)
    tell(listener, kept);
}

/* ---- listening ---- */

struct listening { /* what on_closed needs */
    struct events *events;
    struct listener listener;
};

static void on_closed(void *arg)
{
    struct listening *listening = arg;
    LIST_REMOVE(&listening->listener, link);
    listening->events->n_listeners--;
    free(listening);
}

static void say(struct listener *listener, const char *text)
{
    http_stream_write(listener->stream, text, strlen(text));
}

/* Everything after `last`; a gap when some of it is no longer known here. */
static void catch_up(struct events *events, struct listener *listener, uint64_t last)
{
    uint64_t now = writer_feed(events->writer);
    int is_known = last >= now || (events->first_feed && last + 1 >= events->first_feed);
    if (last > now || !is_known) {
        tell_gap(listener, now);
        return;
    }
    struct event_kept *kept;
    STAILQ_FOREACH(kept, &events->kept, link)
    if (kept->feed > last)
        tell(listener, kept);
}

void events_get(struct call *call)
{
    struct events *events = call->context->events;
    const char *last = gate_header(&call->request->head, "last-event-id");
    uint64_t from = last ? strtoull(last, NULL, 10) : 0;
    int wants_past = last != NULL;
    if (last && (!*last || strspn(last, "0123456789") != strlen(last) || strlen(last) > 19)) {
        call_refuse(call, ERR_BAD_REQUEST, "Last-Event-ID: the number of an event is expected");
        return;
    }
    if (events->n_listeners >= LISTENERS_MAX) {
        call_refuse(call, ERR_TOO_MANY, "%d listeners are connected already", LISTENERS_MAX);
        return;
    }
    if (call->request->head.method == GATE_HEAD) { /* an endless answer to it would have no bytes */
        call_bytes(call, "text/event-stream", alloc_string(""), 0);
        return;
    }
    struct listening *listening = alloc_zero(1, sizeof *listening);
    struct listener *listener = &listening->listener;
    listening->events = events;
    listener->who = call->who;
    listener->stream = http_stream_new(call->request, "text/event-stream", on_closed, listening);
    call->context->answers[2]++;
    call_free(call);
    LIST_INSERT_HEAD(&events->listeners, listener, link);
    events->n_listeners++;
    say(listener, "retry: 2000\n\n");
    if (wants_past)
        catch_up(events, listener, from);
}

/* Keeps proxies from closing, and finds out who has left. */
static void on_ping(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct events *events = arg;
    struct listener *listener;
    LIST_FOREACH(listener, &events->listeners, link)
    say(listener, ": ping\n\n");
}

struct events *events_new(struct event_base *base, struct writer *writer)
{
    struct events *events = alloc_zero(1, sizeof *events);
    events->writer = writer;
    STAILQ_INIT(&events->kept);
    LIST_INIT(&events->listeners);
    events->ping = event_new(base, -1, EV_PERSIST, on_ping, events);
    event_add(events->ping, &(struct timeval){.tv_sec = PING_S});
    writer_on_event(writer, on_change, events);
    return events;
}

/* The same token, and still of the same role and scope? */
static int is_same(const struct token *a, const struct token *b)
{
    return strcmp(a->sha256, b->sha256) == 0 && a->role == b->role &&
           strcmp(a->scope, b->scope) == 0;
}

void events_recheck(struct events *events, const struct tokens *tokens)
{
    struct listener *listener;
    LIST_FOREACH(listener, &events->listeners, link)
    {
        int is_known = 0;
        for (size_t i = 0; i < tokens->n && !is_known; i++)
            is_known = is_same(&tokens->list[i], &listener->who);
        if (!is_known)
            http_stream_end(listener->stream);
    }
}

void events_free(struct events *events)
{
    if (!events)
        return;
    while (!STAILQ_EMPTY(&events->kept))
        forget_first(events);
    event_free(events->ping);
    free(events);
}
