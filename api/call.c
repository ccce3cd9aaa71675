/* call.c - see call.h. */
#include "api/call.h"

#include "api/problem.h"
#include "models/alloc.h"
#include "models/digest.h"
#include "models/fields.h"
#include "models/stamp.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 100, QUERY_VALUE_MAX = 256 };

const struct region *call_region(const struct call *call)
{
    return writer_region(call->context->writer);
}

int call_is_stale(const struct call *call)
{
    const struct context *context = call->context;
    return call->route && call->route->method == GATE_GET && !(call->route->flags & ROUTE_OPEN) &&
           !context->is_ready && context->stale_since != STAMP_NONE && call_region(call);
}

const char *call_why_not_ready(const struct call *call)
{
    if (call->context->is_draining)
        return "the daemon is ending";
    if (!call_region(call))
        return "the region is not loaded yet";
    return "the store cannot be reached at the moment; what was answered is not lost, try again";
}

void call_free(struct call *call)
{
    call->context->calls--;
    free(call);
}

void call_send(struct call *call, struct http_reply *reply)
{
    char since[STAMP_TEXT];
    call->context->answers[reply->status / 100 % CALL_STATUS_CLASSES]++;
    if (call_is_stale(call) && reply->status < 400)
        http_reply_header(reply, "Stale-Since", "%s",
                          stamp_format(call->context->stale_since, since));
    http_send(call->request, reply);
    call_free(call);
}

void call_json(struct call *call, int status, char *json, const struct record *record)
{
    struct http_reply reply = {.status = status,
                               .content_type = "application/json",
                               .body = json,
                               .body_len = strlen(json)};
    if (record)
        http_reply_header(&reply, "ETag", "\"%" PRIu64 "\"", record->version);
    if (status == 201 && record) {
        char path[128];
        int is_collection = !strstr(call->route->pattern, "{id}");
        snprintf(path, sizeof path, "%s%s%s", is_collection ? call->route->pattern : "",
                 is_collection ? "/" : call->request->head.path, is_collection ? record->id : "");
        http_reply_header(&reply, "Location", "%s", path);
    }
    call_send(call, &reply);
}

void call_record(struct call *call, int status, const struct record *record)
{
    call_json(call, status, record_to_json(record), record);
}

void call_bytes(struct call *call, const char *content_type, char *bytes, size_t len)
{
    struct http_reply reply = {
        .status = 200, .content_type = content_type, .body = bytes, .body_len = len};
    call_send(call, &reply);
}

void call_fail(struct call *call, const struct alm_error *err)
{
    call_fail_with_header(call, err, NULL, NULL);
}

void call_fail_with_header(struct call *call, const struct alm_error *err, const char *name,
                           const char *value)
{
    struct http_reply reply = {.status = err_http_status(err->code),
                               .content_type = PROBLEM_TYPE,
                               .body = problem_json(err)};
    reply.body_len = strlen(reply.body);
    if (err->code == ERR_UNAUTHORIZED)
        http_reply_header(&reply, "WWW-Authenticate", "Bearer");
    if (err->code == ERR_UNAVAILABLE || err->code == ERR_TOO_MANY)
        http_reply_header(&reply, "Retry-After", "1");
    if (name)
        http_reply_header(&reply, name, "%s", value);
    call_send(call, &reply);
}

void call_refuse(struct call *call, enum err_code code, const char *format, ...)
{
    struct alm_error err;
    char message[sizeof err.message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    err_init(&err);
    err_set(&err, code, "%s", message);
    call_fail(call, &err);
}

void call_missing(struct call *call)
{
    struct alm_error err;
    err_init(&err);
    auth_missing(call->route->object, call->id, &err);
    call_fail(call, &err);
}

/* ---- the query ---- */

/* Decodes %XX and + of one query word; its length, or -1. */
static int decode(const char *from, size_t len, char *to, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned byte = (unsigned char)from[i];
        if (byte == '+') {
            byte = ' ';
        } else if (byte == '%') {
            if (i + 2 >= len || !isxdigit((unsigned char)from[i + 1]) ||
                !isxdigit((unsigned char)from[i + 2]))
                return -1;
            sscanf(from + i + 1, "%2x", &byte);
            i += 2;
        }
        if (byte == 0 || n + 1 >= room)
            return -1;
        to[n++] = (char)byte;
    }
    to[n] = '\0';
    return (int)n;
}

struct parameter {
    char name[64], value[QUERY_VALUE_MAX];
};

/* The next parameter of the query at *cursor: 1, 0 at its end, -1 when it is badly encoded. */
static int next_parameter(const char **cursor, struct parameter *found)
{
    while (**cursor == '&')
        ++*cursor;
    if (!**cursor)
        return 0;
    size_t len = strcspn(*cursor, "&"), name = strcspn(*cursor, "=&");
    const char *value = *cursor + name + (name < len);
    int bad = decode(*cursor, name, found->name, sizeof found->name) < 0 ||
              decode(value, (size_t)(*cursor + len - value), found->value, sizeof found->value) < 0;
    *cursor += len;
    return bad ? -1 : 1;
}

int call_query(const struct call *call, const char *name, char *text, size_t room)
{
    struct parameter parameter;
    const char *cursor = call->request->head.query;
    while (next_parameter(&cursor, &parameter) > 0)
        if (strcmp(parameter.name, name) == 0) {
            snprintf(text, room, "%s", parameter.value);
            return 1;
        }
    if (room)
        text[0] = '\0';
    return 0;
}

int call_query_is(const struct call *call, const char *name, const char *value)
{
    char wanted[QUERY_VALUE_MAX];
    return !call_query(call, name, wanted, sizeof wanted) || strcmp(wanted, value) == 0;
}

int call_check_word(const struct call *call, const char *name, const struct words *words,
                    struct alm_error *err)
{
    char wanted[QUERY_VALUE_MAX], pointer[80];
    if (!call_query(call, name, wanted, sizeof wanted) ||
        words_find(words, wanted, strlen(wanted)) >= 0)
        return 0;
    char *all = words_all(words);
    snprintf(pointer, sizeof pointer, "?%s", name);
    err_issue(err, pointer, "unknown", "must be one of %s", all);
    free(all);
    return -1;
}

int call_query_flag(const struct call *call, const char *name, int *is_set, struct alm_error *err)
{
    char text[QUERY_VALUE_MAX], pointer[80];
    *is_set = call_query(call, name, text, sizeof text) && strcmp(text, "0") != 0;
    if (!*is_set || strcmp(text, "1") == 0)
        return 0;
    snprintf(pointer, sizeof pointer, "?%s", name);
    return err_issue(err, pointer, "range", "must be 0 or 1");
}

static int is_listed(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *word = list; *word; word += strspn(word, " ")) {
        size_t n = strcspn(word, " ");
        if (n == len && memcmp(word, name, n) == 0)
            return 1;
        word += n;
    }
    return 0;
}

int call_check_query(const struct call *call, struct alm_error *err)
{
    struct parameter parameter;
    const char *cursor = call->request->head.query;
    struct list seen = {0};
    int more, result = 0;
    while ((more = next_parameter(&cursor, &parameter)) > 0) {
        char pointer[80];
        snprintf(pointer, sizeof pointer, "?%s", parameter.name);
        if (!is_listed(call->route->query, parameter.name))
            result = err_issue(err, pointer, "unknown", "no such query parameter here");
        else if (list_has(&seen, parameter.name))
            result = err_issue(err, pointer, "duplicate", "sent more than once");
        list_add(&seen, parameter.name, strlen(parameter.name));
    }
    list_clear(&seen);
    if (more < 0)
        result = err_issue(err, "?", "syntax", "the query is badly encoded or too long");
    return result;
}

/* ---- repeated requests ---- */

static void hash_request(const struct http_request *request, char hex[65])
{
    struct buffer text;
    buffer_init(&text);
    buffer_format(&text, "%s\n%s\n%s\n", gate_method_word(request->head.method), request->head.path,
                  request->head.query);
    buffer_add(&text, request->body, request->body_len);
    digest_hex(text.bytes, text.len, hex);
    buffer_clear(&text);
}

int call_idempotency(const struct call *call, struct change_idempotency *found,
                     struct alm_error *err)
{
    *found = (struct change_idempotency){0};
    const char *key = gate_header(&call->request->head, "idempotency-key");
    if (!key)
        return 0;
    size_t len = strlen(key), good = 0;
    while (key[good] > ' ' && key[good] <= '~' && key[good] != '#')
        good++;
    if (len == 0 || len > KEY_MAX || good < len)
        return err_set(err, ERR_BAD_REQUEST,
                       "Idempotency-Key: 1 to %d visible characters without `#`", KEY_MAX);
    snprintf(found->key, sizeof found->key, "%s:%s", call->who.id, key);
    hash_request(call->request, found->request_hash);
    return 0;
}
