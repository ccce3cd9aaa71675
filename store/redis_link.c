/* redis_link.c - see redis_link.h.
 *
 * The traps of hiredis 0.14 that this file knows: the context is freed by hiredis after the
 * disconnect callback, and after a connect callback that failed; pending callbacks then get a NULL
 * reply; a connect callback must not close the context; a new connection is made from a timer,
 * never inside a callback. */
#include "store/redis_link.h"

#include "models/alloc.h"

#include <event2/event.h>
#include <fcntl.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <hiredis/adapters/libevent.h>
#pragma GCC diagnostic pop

enum { BACK_OFF_FIRST_MS = 100, BACK_OFF_MAX_MS = 5000 };

struct redis_link {
    struct event_base *base;
    struct redis_link_options options;
    struct redis_link_hooks hooks;
    redisAsyncContext *context; /* NULL = waiting for the next try */
    int is_open;
    int is_freed;
    int in_flight;
    int back_off_ms;
    struct event *retry;
    struct event *connecting; /* deadline of the connect */
    struct event *watchdog;
};

struct call { /* one command in flight */
    struct redis_link *link;
    struct event *deadline;
    redis_reply_fn on_reply;
    void *arg;
};

static void arm(struct event *timer, int ms)
{
    struct timeval in = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    evtimer_add(timer, &in);
}

/* A little less or more, so that many nodes do not come back in step. */
static void retry_later(struct redis_link *link)
{
    int ms = link->back_off_ms;
    int jitter = (int)randombytes_uniform((unsigned)(ms / 2 + 1)) - ms / 4;
    arm(link->retry, ms + jitter);
    link->back_off_ms = ms * 2 < BACK_OFF_MAX_MS ? ms * 2 : BACK_OFF_MAX_MS;
}

/* The context is gone, or hiredis is about to free it. */
static void lost(struct redis_link *link, const char *why)
{
    link->context = NULL;
    link->is_open = 0;
    event_del(link->connecting);
    event_del(link->watchdog);
    if (link->is_freed)
        return;
    retry_later(link);
    link->hooks.on_lost(link->hooks.arg, why);
}

void redis_link_drop(struct redis_link *link, const char *why)
{
    redisAsyncContext *context = link->context;
    if (!context)
        return;
    link->context = NULL; /* callbacks that run now must not send on it */
    link->is_open = 0;
    context->data = NULL;
    redisAsyncFree(context);
    lost(link, why);
}

/* --- commands --- */

static void call_done(struct call *call, enum redis_outcome outcome, const redisReply *reply)
{
    call->link->in_flight--;
    event_free(call->deadline);
    call->on_reply(call->arg, outcome, reply);
    free(call);
}

static void on_reply(redisAsyncContext *context, void *reply, void *arg)
{
    (void)context;
    struct call *call = arg;
    if (reply)
        call_done(call, REDIS_ANSWERED, reply);
    else
        call_done(call, call->link->is_freed ? REDIS_DROPPED : REDIS_LOST, NULL);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct call *call = arg;
    char why[80];
    snprintf(why, sizeof why, "a command was not answered within %d ms",
             call->link->options.timeout_ms);
    redis_link_drop(call->link, why);
}

static int send_args(struct redis_link *link, const struct redis_args *args, struct call *call)
{
    const char **list = alloc_zero(args->n, sizeof *list);
    for (size_t i = 0; i < args->n; i++)
        list[i] = args->list[i];
    int sent = redisAsyncCommandArgv(link->context, on_reply, call, (int)args->n, list, args->len);
    free(list);
    return sent;
}

int redis_link_send(struct redis_link *link, const struct redis_args *args, int wait_ms,
                    redis_reply_fn answer, void *arg)
{
    if (!link->is_open || redis_link_is_full(link))
        return -1;
    struct call *call = alloc_zero(1, sizeof *call);
    *call = (struct call){.link = link, .on_reply = answer, .arg = arg};
    if (send_args(link, args, call) != REDIS_OK) {
        free(call);
        return -1;
    }
    link->in_flight++;
    call->deadline = evtimer_new(link->base, on_deadline, call);
    arm(call->deadline, wait_ms + link->options.timeout_ms);
    return 0;
}

int redis_link_is_full(const struct redis_link *link)
{
    return link->in_flight >= link->options.in_flight_max;
}

void redis_link_settle(struct redis_link *link)
{
    link->back_off_ms = BACK_OFF_FIRST_MS;
}

static void on_pong(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    (void)arg, (void)outcome,
        (void)reply; /* that it was answered is enough: its deadline is the watchdog */
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct redis_link *link = arg;
    struct redis_args ping = {0};
    redis_args_text(&ping, "PING");
    if (link->in_flight == 0)
        redis_link_send(link, &ping, 0, on_pong, link);
    redis_args_clear(&ping);
    arm(link->watchdog, link->options.timeout_ms / 2 + 1);
}

/* --- connecting --- */

static void on_auth(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    if (outcome == REDIS_ANSWERED && reply->type == REDIS_REPLY_ERROR)
        redis_link_drop(arg, "Redis refuses the password");
}

static void authenticate(struct redis_link *link)
{
    struct redis_args auth = {0};
    redis_args_text(&auth, "AUTH");
    redis_args_text(&auth, link->options.password);
    redis_link_send(link, &auth, 0, on_auth, link);
    redis_args_clear(&auth);
}

static void on_connect(const redisAsyncContext *context, int status)
{
    struct redis_link *link = context->data;
    if (!link)
        return;
    if (status != REDIS_OK) {
        lost(link, context->errstr && *context->errstr ? context->errstr : "cannot connect");
        return;
    }
    event_del(link->connecting);
    link->is_open = 1;
    arm(link->watchdog, link->options.timeout_ms / 2 + 1);
    if (link->options.password)
        authenticate(link);
    link->hooks.on_open(link->hooks.arg);
}

static void on_disconnect(const redisAsyncContext *context, int status)
{
    struct redis_link *link = context->data;
    (void)status;
    if (link)
        lost(link, context->errstr && *context->errstr ? context->errstr : "the connection ended");
}

static void on_connect_deadline(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    redis_link_drop(arg, "no connection in time");
}

static void connect_now(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct redis_link *link = arg;
    const struct redis_link_options *to = &link->options;
    redisAsyncContext *context = to->unix_path ? redisAsyncConnectUnix(to->unix_path)
                                               : redisAsyncConnect(to->host, to->port);
    if (!context || context->err) {
        char why[128];
        snprintf(why, sizeof why, "%s", context ? context->errstr : "no memory");
        if (context)
            redisAsyncFree(context);
        lost(link, why);
        return;
    }
    fcntl(context->c.fd, F_SETFD, FD_CLOEXEC);
    context->data = link;
    link->context = context;
    redisLibeventAttach(context, link->base);
    redisAsyncSetConnectCallback(context, on_connect);
    redisAsyncSetDisconnectCallback(context, on_disconnect);
    arm(link->connecting, to->timeout_ms);
}

/* hiredis writes without MSG_NOSIGNAL: a Redis that has gone is an error here, not the end of the
 * process. */
static void outlive_broken_pipes(void)
{
    struct sigaction held;
    if (sigaction(SIGPIPE, NULL, &held) == 0 && held.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

struct redis_link *redis_link_new(struct event_base *base, const struct redis_link_options *options,
                                  const struct redis_link_hooks *hooks)
{
    struct redis_link *link = alloc_zero(1, sizeof *link);
    outlive_broken_pipes();
    link->base = base;
    link->options = *options;
    link->hooks = *hooks;
    link->back_off_ms = BACK_OFF_FIRST_MS;
    link->retry = evtimer_new(base, connect_now, link);
    link->connecting = evtimer_new(base, on_connect_deadline, link);
    link->watchdog = evtimer_new(base, on_watchdog, link);
    arm(link->retry, 0);
    return link;
}

void redis_link_free(struct redis_link *link)
{
    if (!link)
        return;
    link->is_freed = 1;
    redis_link_drop(link, "freed");
    event_free(link->retry);
    event_free(link->connecting);
    event_free(link->watchdog);
    free(link);
}
