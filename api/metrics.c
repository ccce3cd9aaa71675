/* metrics.c - the open routes: alive, ready, version, and figures for Prometheus from one table. */
#include "api/handlers.h"

#include "api/call.h"
#include "config.h"
#include "models/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct figures { /* read once per scrape */
    struct http_stats http;
    struct rounds_stats rounds;
    struct context *context;
    int64_t applicants[APPLICANT_STATE_COUNT], offers[OFFER_STATE_COUNT];
    int64_t usable, staffed, occupied, committed, offerable;
    int64_t records[RECORD_TYPE_COUNT];
};

static void figures_beds(struct figures *figures, const struct region *region)
{
    const struct record *record = region_first(region, RECORD_POOL);
    for (; record; record = region_next(record)) {
        const struct pool *pool = (const struct pool *)record;
        figures->usable += pool->beds_usable;
        figures->staffed += pool->beds_staffed;
        figures->occupied += pool->beds_occupied;
        figures->committed += pool->beds_committed;
        figures->offerable += pool_offerable(pool);
    }
}

static void figures_read(struct figures *figures, struct call *call)
{
    const struct region *region = call_region(call);
    const struct record *record;
    *figures = (struct figures){.context = call->context};
    figures->http = http_stats_get(call->context->http);
    figures->rounds = rounds_stats_get(call->context->rounds);
    if (!region)
        return;
    for (int type = 0; type < RECORD_TYPE_COUNT; type++)
        figures->records[type] = (int64_t)region_count(region, (enum record_type)type);
    for (record = region_first(region, RECORD_APPLICANT); record; record = region_next(record))
        figures->applicants[((const struct applicant *)record)->state]++;
    for (record = region_first(region, RECORD_OFFER); record; record = region_next(record))
        figures->offers[((const struct offer *)record)->state]++;
    figures_beds(figures, region);
}

#define FIGURE(name, expression)                                                                   \
    static int64_t get_##name(const struct figures *f)                                             \
    {                                                                                              \
        return (int64_t)(expression);                                                              \
    }

#define SINGLES(X)                                                                                 \
    X(ready, "gauge", "1 = the region is loaded and the store is there", f->context->is_ready)     \
    X(http_connections, "gauge", "Open connections", f->http.connections)                          \
    X(http_streams, "gauge", "Listeners to events", f->http.streams)                               \
    X(http_requests_total, "counter", "Requests that passed the gate", f->http.requests)           \
    X(http_refused_total, "counter", "Requests refused by the gate", f->http.refused)              \
    X(http_dropped_total, "counter", "Listeners dropped because they did not read",                \
      f->http.dropped)                                                                             \
    X(http_timeouts_total, "counter", "Requests answered 503 after ten seconds", f->http.timeouts) \
    X(http_body_bytes_total, "counter", "Bytes of request bodies", f->http.bytes_in_bodies)        \
    X(tokens_refused_total, "counter", "Requests without a known token",                           \
      f->context->refused_tokens)                                                                  \
    X(roles_refused_total, "counter", "Requests that the role may not make",                       \
      f->context->refused_roles)                                                                   \
    X(imports, "gauge", "Batches under way", f->context->imports)                                  \
    X(writer_pending, "gauge", "Changes not answered yet", writer_pending(f->context->writer))     \
    X(feed, "counter", "Number of the last change", writer_feed(f->context->writer))               \
    X(beds_usable, "gauge", "Beds that can be slept in", f->usable)                                \
    X(beds_staffed, "gauge", "Beds that staff can care for", f->staffed)                           \
    X(beds_occupied, "gauge", "Beds with somebody in them", f->occupied)                           \
    X(beds_committed, "gauge", "Beds promised in open offers", f->committed)                       \
    X(beds_offerable, "gauge", "Beds that can be offered", f->offerable)                           \
    X(rounds_total, "counter", "Rounds finished", f->rounds.finished)                              \
    X(rounds_failed_total, "counter", "Rounds that failed", f->rounds.failed)                      \
    X(round_offers_total, "counter", "Offers made by rounds", f->rounds.offers)                    \
    X(round_dropped_total, "counter", "Placements that no longer held", f->rounds.dropped)         \
    X(round_solve_milliseconds, "gauge", "Solve time of the last round", f->rounds.last_solve_ms)  \
    X(round_finished_timestamp_seconds, "gauge", "End of the last round",                          \
      f->rounds.last_finished_at)

#define SINGLE_GET(name, type, help, expression) FIGURE(name, expression)
SINGLES(SINGLE_GET)

static const struct {
    const char *name, *type, *help;
    int64_t (*get)(const struct figures *figures);
} singles[] = {
#define SINGLE_ROW(name, type, help, expression) {"almoner_" #name, type, help, get_##name},
    SINGLES(SINGLE_ROW)
#undef SINGLE_ROW
};

static void write_head(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_format(out, "# HELP %s %s.\n# TYPE %s %s\n", name, help, name, type);
}

static void write_family(struct buffer *out, const char *name, const char *help, const char *label,
                         const struct words *words, const int64_t *values)
{
    write_head(out, name, "gauge", help);
    for (int i = 0; i < words->count; i++)
        buffer_format(out, "%s{%s=\"%s\"} %" PRId64 "\n", name, label, words_name(words, i),
                      values[i]);
}

static void write_answers(struct buffer *out, const struct context *context)
{
    static const char *const name = "almoner_http_answers_total";
    write_head(out, name, "counter", "Answers by class of status");
    for (int i = 2; i < CALL_STATUS_CLASSES; i++)
        buffer_format(out, "%s{class=\"%dxx\"} %" PRId64 "\n", name, i, context->answers[i]);
}

void metrics_get(struct call *call)
{
    struct figures figures;
    struct buffer out;
    figures_read(&figures, call);
    buffer_init(&out);
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
        write_head(&out, singles[i].name, singles[i].type, singles[i].help);
        buffer_format(&out, "%s %" PRId64 "\n", singles[i].name, singles[i].get(&figures));
    }
    write_answers(&out, call->context);
    write_family(&out, "almoner_applicants", "Applicants by state", "state", &words_applicant_state,
                 figures.applicants);
    write_family(&out, "almoner_offers", "Offers by state", "state", &words_offer_state,
                 figures.offers);
    write_family(&out, "almoner_records", "Records by type", "type", &words_record_type,
                 figures.records);
    size_t len;
    char *bytes = buffer_take(&out, &len);
    call_bytes(call, "text/plain; version=0.0.4; charset=utf-8", bytes, len);
}

void metrics_livez(struct call *call)
{
    call_json(call, 200, alloc_string("{\"live\":true}"), NULL);
}

void metrics_readyz(struct call *call)
{
    if (call->context->is_ready && !call->context->is_draining)
        call_json(call, 200, alloc_string("{\"ready\":true}"), NULL);
    else
        call_refuse(call, ERR_UNAVAILABLE, "%s", call_why_not_ready(call));
}

void metrics_version(struct call *call)
{
    call_json(call, 200,
              alloc_string("{\"name\":\"" PACKAGE_NAME "\",\"version\":\"" PACKAGE_VERSION "\"}"),
              NULL);
}
