/* api.c - see api.h: ties connections, routes, tokens and handlers.
 *
 * Owns the context that handlers share; delegates bytes to http.c, who may do what to routes.c and
 * auth.c, the work to the handlers. What always holds: a handler runs only after path, method,
 * token, role, query, readiness and scope have been checked, in that order. */
#include "api/api.h"

#include "api/call.h"
#include "api/events.h"
#include "api/handlers.h"
#include "api/rounds_http.h"
#include "models/alloc.h"
#include "models/stamp.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_USUAL = 4096, DRAIN_S = 15 };

struct api {
    struct context context;
    char *tokens_path;
    void (*on_drained)(void *arg);
    void *drained_arg;
};

static void send_method(struct call *call, unsigned allowed)
{
    char list[80] = "";
    for (int method = 0; method < GATE_METHOD_COUNT; method++)
        if (allowed & (1u << method)) {
            size_t len = strlen(list);
            snprintf(list + len, sizeof list - len, "%s%s", len ? ", " : "",
                     gate_method_word((enum gate_method)method));
        }
    struct alm_error err;
    err_init(&err);
    err_set(&err, ERR_METHOD, "this path knows %s", list);
    call_fail_with_header(call, &err, "Allow", list);
}

/* Whose request it is, and may that role make it? 0, or -1 with an error. */
static int check_who(struct call *call, struct alm_error *err)
{
    struct context *context = call->context;
    int is_open = (call->route->flags & ROUTE_OPEN) && call->request->is_loopback;
    if (is_open)
        return 0;
    if (auth_who(&context->tokens, call->request, &call->who, err) != 0) {
        context->refused_tokens++;
        return -1;
    }
    if (call->route->roles & (1u << call->who.role))
        return 0;
    context->refused_roles++;
    return err_set(err, ERR_FORBIDDEN, "a token of the role %s may not do this",
                   words_name(&words_role, (int)call->who.role));
}

static int check_ready(const struct call *call, struct alm_error *err)
{
    if ((call->route->flags & ROUTE_OPEN) || (call->context->is_ready && call_region(call)) ||
        call_is_stale(call))
        return 0;
    return err_set(err, ERR_UNAVAILABLE, "%s", call_why_not_ready(call));
}

/* May the request be a repetition of one that went well? Its object may be out of scope by now (a
 * resident who was discharged); write.c looks again, and asks the store before it refuses. */
static int may_be_repeated(const struct call *call)
{
    return call->route->method == GATE_POST && gate_header(&call->request->head, "idempotency-key");
}

/* What {id} names must be there, and in scope. A PUT that creates says so itself, later. */
static int check_object(const struct call *call, struct alm_error *err)
{
    enum route_object object = call->route->object;
    if (object == ROUTE_NOTHING || (call->route->flags & ROUTE_CREATES) || may_be_repeated(call) ||
        auth_find(&call->who, call_region(call), object, call->id))
        return 0;
    int64_t running = object == ROUTE_ROUND ? rounds_running(call->context->rounds) : 0;
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)running);
    if (running && strcmp(number, call->id) == 0)
        return 0;
    return auth_missing(object, call->id, err);
}

static void on_request(void *arg, struct http_request *request)
{
    struct api *api = arg;
    struct alm_error err;
    unsigned allowed;
    struct call *call = alloc_zero(1, sizeof *call);
    call->context = &api->context;
    api->context.calls++;
    call->request = request;
    call->route = routes_match(request->head.method, request->head.path, call->id, &allowed);
    err_init(&err);
    if (!call->route && allowed) {
        send_method(call, allowed);
        return;
    }
    if (!call->route)
        call_refuse(call, ERR_NOT_FOUND, "there is no such path");
    else if (check_who(call, &err) != 0 || call_check_query(call, &err) != 0 ||
             check_ready(call, &err) != 0 || check_object(call, &err) != 0)
        call_fail(call, &err);
    else
        call->route->handler(call);
    err_clear(&err);
}

/* Large bodies are for those alone who may send them: nobody else makes us keep 64 MB. */
static size_t body_limit(void *arg, const struct gate_head *head)
{
    const struct api *api = arg;
    const struct http_request request = {.head = *head};
    char id[ID_MAX + 1];
    unsigned allowed;
    struct token who;
    const struct route *route = routes_match(head->method, head->path, id, &allowed);
    int may = route && (route->flags & ROUTE_LARGE) &&
              auth_who(&api->context.tokens, &request, &who, NULL) == 0 &&
              (route->roles & (1u << who.role));
    return may ? HTTP_BODY_LARGE : HTTP_BODY_SMALL;
}

struct api *api_new(struct event_base *base, const struct api_options *options,
                    struct writer *writer, struct rounds *rounds, struct store *store,
                    int64_t (*clock)(void), struct alm_error *err)
{
    struct api *api = alloc_zero(1, sizeof *api);
    int most = options->connections_max ? options->connections_max : CONNECTIONS_USUAL;
    const struct http_options http = {.host = options->host,
                                      .port = options->port,
                                      .connections_max = most,
                                      .idle_seconds = options->idle_seconds,
                                      .on_request = on_request,
                                      .body_limit = body_limit,
                                      .arg = api,
                                      .log = options->log,
                                      .log_arg = options->log_arg};
    api->context = (struct context){.base = base,
                                    .writer = writer,
                                    .rounds = rounds,
                                    .store = store,
                                    .clock = clock,
                                    .stale_since = STAMP_NONE};
    api->tokens_path = alloc_string(options->tokens_path);
    if (api_reload_tokens(api, err) != 0 || !(api->context.http = http_new(base, &http, err))) {
        api_free(api);
        return NULL;
    }
    api->context.events = events_new(base, writer);
    api->context.rounds_http = rounds_http_new();
    return api;
}

int api_port(const struct api *api)
{
    return http_port(api->context.http);
}

int api_reload_tokens(struct api *api, struct alm_error *err)
{
    struct tokens fresh = {0};
    if (tokens_read(api->tokens_path, &fresh, err) != 0)
        return -1;
    tokens_clear(&api->context.tokens);
    api->context.tokens = fresh;
    if (api->context.events)
        events_recheck(api->context.events, &fresh);
    return 0;
}

void api_ready(struct api *api, int is_ready)
{
    struct context *context = &api->context;
    context->is_ready = is_ready;
    if (is_ready)
        context->stale_since = STAMP_NONE;
    else if (context->stale_since == STAMP_NONE)
        context->stale_since = context->clock();
}

static void on_http_drained(void *arg)
{
    struct api *api = arg;
    if (api->on_drained)
        api->on_drained(api->drained_arg);
}

void api_drain(struct api *api, void (*on_drained)(void *arg), void *arg)
{
    api->on_drained = on_drained;
    api->drained_arg = arg;
    api->context.is_draining = 1;
    http_drain(api->context.http, DRAIN_S, on_http_drained, api);
}

size_t api_pending(const struct api *api)
{
    return api->context.calls;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    http_free(api->context.http);
    events_free(api->context.events);
    rounds_http_free(api->context.rounds_http);
    tokens_clear(&api->context.tokens);
    free(api->tokens_path);
    free(api);
}
