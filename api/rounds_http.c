/* rounds_http.c - rounds over HTTP: start one or join it, list them, read what they left in the
 * archive. The rounds themselves are scheduler/rounds.c's. */
#include "api/rounds_http.h"

#include "api/handlers.h"
#include "api/page.h"
#include "models/alloc.h"
#include "models/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_KEPT = 256 };

struct started {
    struct change_idempotency asked;
    int64_t number;
};

struct rounds_http {
    struct started kept[KEYS_KEPT];
    size_t next;
};

struct rounds_http *rounds_http_new(void)
{
    return alloc_zero(1, sizeof(struct rounds_http));
}

void rounds_http_free(struct rounds_http *memory)
{
    free(memory);
}

static const struct started *find_started(const struct rounds_http *memory,
                                          const struct change_idempotency *asked)
{
    for (size_t i = 0; *asked->key && i < KEYS_KEPT; i++)
        if (strcmp(memory->kept[i].asked.key, asked->key) == 0)
            return &memory->kept[i];
    return NULL;
}

static const char *state_of(const struct region *region, int64_t number)
{
    const struct round *round = region_round(region, number);
    enum round_state state = round ? round_state(round) : ROUND_RUNNING;
    return words_name(&words_round_state, (int)state);
}

static void send_accepted(struct call *call, int64_t number)
{
    struct buffer out;
    buffer_init(&out);
    buffer_format(&out, "{\"number\":%" PRId64 ",\"state\":\"%s\"}", number,
                  state_of(call_region(call), number));
    struct http_reply reply = {.status = 202, .content_type = "application/json"};
    reply.body = buffer_take(&out, &reply.body_len);
    http_reply_header(&reply, "Location", "/v1/rounds/%" PRId64, number);
    call_send(call, &reply);
}

/* A new round, or the one that runs; its number is remembered here, that of a new one in the store
 * too. */
static void start(struct call *call, const struct change_idempotency *asked)
{
    struct rounds_http *memory = call->context->rounds_http;
    struct change_idempotency kept = *asked;
    struct alm_error err;
    err_init(&err);
    kept.status = call->route->status;
    int64_t number = rounds_start(call->context->rounds, *kept.key ? &kept : NULL, &err);
    if (number && *kept.key)
        memory->kept[memory->next++ % KEYS_KEPT] = (struct started){kept, number};
    if (number)
        send_accepted(call, number);
    else
        call_fail(call, &err);
    err_clear(&err);
}

/* The same request again, or another one under its key? */
static void repeat(struct call *call, const struct change_idempotency *asked,
                   const struct change_idempotency *before, int64_t number)
{
    if (strcmp(before->request_hash, asked->request_hash) == 0)
        send_accepted(call, number);
    else
        call_refuse(call, ERR_IDEMPOTENCY, "this Idempotency-Key was used for another request");
}

/* What the store knows of the key: it may have been used before this daemon was started. */
static void on_known(void *arg, const struct change_idempotency *found, const struct alm_error *err)
{
    struct call *call = arg;
    struct change_idempotency asked;
    struct alm_error failure;
    err_init(&failure);
    if (err && err->code != ERR_NONE)
        call_fail(call, err);
    else if (call_idempotency(call, &asked, &failure) != 0)
        call_fail(call, &failure);
    else if (found)
        repeat(call, &asked, found, strtoll(found->record_id, NULL, 10));
    else
        start(call, &asked);
    err_clear(&failure);
}

void rounds_http_post(struct call *call)
{
    struct change_idempotency asked;
    struct alm_error err;
    err_init(&err);
    if (call_idempotency(call, &asked, &err) != 0) {
        call_fail(call, &err);
        err_clear(&err);
        return;
    }
    const struct started *before = find_started(call->context->rounds_http, &asked);
    if (before)
        repeat(call, &asked, &before->asked, before->number);
    else if (*asked.key)
        store_answer(call->context->store, asked.key, on_known, call);
    else
        start(call, &asked);
}

static int64_t last_number(const struct region *region)
{
    int64_t last = 0;
    const struct record *record = region_first(region, RECORD_ROUND);
    for (; record; record = region_next(record)) {
        int64_t number = ((const struct round *)record)->number;
        last = number > last ? number : last;
    }
    return last;
}

void rounds_http_list(struct call *call)
{
    struct page page;
    if (page_init(&page, call) != 0)
        return;
    const struct region *region = call_region(call);
    int64_t number = last_number(region);
    int64_t before = *page.cursor ? strtoll(page.cursor, NULL, 10) : INT64_MAX;
    if (before < 1)
        before = 1;
    if (number >= before) /* a cursor far beyond the last round starts there */
        number = before - 1;
    for (; number > 0; number--) {
        const struct round *round = region_round(region, number);
        if (round && !page_add(&page, &round->record))
            break;
    }
    page_send(&page, call);
}

void rounds_http_get(struct call *call)
{
    const struct record *record = region_find(call_region(call), RECORD_ROUND, call->id);
    if (!record) { /* the one that is being claimed: the dispatcher has let no other through */
        struct buffer out;
        buffer_init(&out);
        buffer_format(&out, "{\"number\":%s,\"state\":\"running\"}", call->id);
        call_json(call, 200, buffer_take(&out, NULL), NULL);
        return;
    }
    call_record(call, 200, record);
}

static void send_file(struct call *call, const char *name, const char *content_type)
{
    struct alm_error err;
    err_init(&err);
    size_t len;
    char *bytes =
        rounds_archive_read(call->context->rounds, strtoll(call->id, NULL, 10), name, &len, &err);
    if (bytes)
        call_bytes(call, content_type, bytes, len);
    else
        call_fail(call, &err);
    err_clear(&err);
}

void rounds_http_plan(struct call *call)
{
    send_file(call, "plan.json", "application/json");
}

void rounds_http_certificate(struct call *call)
{
    send_file(call, "certificate.json", "application/json");
}

void rounds_http_snapshot(struct call *call)
{
    send_file(call, "snapshot.tar", "application/x-tar");
}
