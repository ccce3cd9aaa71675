/* call.h - one request in the hands of a handler: who asks for what, and the ways to answer.
 *
 * A call is answered exactly once, by one of the functions that say so; that frees it. */
#ifndef ALMONER_CALL_H
#define ALMONER_CALL_H

#include "api/auth.h"
#include "api/http.h"
#include "api/routes.h"
#include "scheduler/rounds.h"
#include "scheduler/writer.h"
#include "store/token.h"

struct events;
struct rounds_http;

enum { CALL_STATUS_CLASSES = 6 };

/* What handlers may use; owned by api.c. */
struct context {
    struct event_base *base;
    struct writer *writer;
    struct rounds *rounds;
    struct store *store;
    int64_t (*clock)(void);
    struct http *http;
    struct events *events;
    struct rounds_http *rounds_http;
    struct tokens tokens;
    int is_ready;
    int64_t stale_since; /* the store has been away since then; STAMP_NONE = it has not */
    int is_draining;
    int imports;                          /* batches under way */
    size_t calls;                         /* not answered yet, also when the client has left */
    int64_t answers[CALL_STATUS_CLASSES]; /* by status / 100 */
    int64_t refused_tokens, refused_roles;
};

struct call {
    struct context *context;
    struct http_request *request;
    const struct route *route;
    struct token who; /* a copy: the token file may be read again meanwhile */
    char id[ID_MAX + 1];
};

const struct region *call_region(const struct call *call);
/* Is this a reading of what the region was when the store went away? Its answer says so. */
int call_is_stale(const struct call *call);
/* Why a request cannot be served now, in words. */
const char *call_why_not_ready(const struct call *call);

/* ---- answers (each takes the call) ---- */

/* `json` is taken. With a record: its ETag. */
void call_json(struct call *call, int status, char *json, const struct record *record);
/* One record as clients see it. */
void call_record(struct call *call, int status, const struct record *record);
void call_bytes(struct call *call, const char *content_type, char *bytes, size_t len);
void call_fail(struct call *call, const struct alm_error *err);
/* The same with one header more (lasting name). */
void call_fail_with_header(struct call *call, const struct alm_error *err, const char *name,
                           const char *value);
void call_refuse(struct call *call, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void call_missing(struct call *call);
/* Any answer with headers of its own: reply->body is taken. */
void call_send(struct call *call, struct http_reply *reply);
/* Frees the call alone; for those who have taken its request (streams). */
void call_free(struct call *call);

/* ---- the query ---- */

/* The decoded value of a query parameter into text (`room` bytes); 0 when it was not sent. */
int call_query(const struct call *call, const char *name, char *text, size_t room);
/* Is the parameter not sent, or equal to that value? */
int call_query_is(const struct call *call, const char *name, const char *value);
/* Is the parameter not sent, or a word of that list? 0, or -1 with an issue: a filter with a typing
 * error would look like an empty list. */
int call_check_word(const struct call *call, const char *name, const struct words *words,
                    struct alm_error *err);
/* A parameter of 0 or 1 into *is_set, 0 when it was not sent: 0, or -1 with an issue. */
int call_query_flag(const struct call *call, const char *name, int *is_set, struct alm_error *err);
/* Only the names of the route, each once and well encoded: 0, or -1 with issues. */
int call_check_query(const struct call *call, struct alm_error *err);

/* "<token id>:<Idempotency-Key>" into `found` with the hash of the request; key "" when none was
 * sent. 0, or -1. */
int call_idempotency(const struct call *call, struct change_idempotency *found,
                     struct alm_error *err);

#endif
