/* redis_link.h - one connection to Redis that comes back by itself.
 *
 * Owns the hiredis context, the deadline of every command, the back-off and the watchdog. hiredis
 * has no timeouts: a command that is not answered in time takes the connection with it, and every
 * command in flight is then LOST (it may have happened). Nothing is sent while the link is not
 * open. */
#ifndef ALMONER_REDIS_LINK_H
#define ALMONER_REDIS_LINK_H

#include "store/redis_args.h"

struct event_base;
struct redisReply;
struct redis_link;

struct redis_link_options { /* texts are lent and outlive the link */
    const char *unix_path;  /* or host and port */
    const char *host;
    int port;
    const char *password; /* NULL = none */
    int timeout_ms;       /* for connecting and for each command */
    int in_flight_max;
};

struct redis_link_hooks {
    void (*on_open)(
        void *arg); /* connected: commands may be sent (nothing else may be done here) */
    /* Not connected, or no longer; tried again later. Never called by redis_link_free. */
    void (*on_lost)(void *arg, const char *why);
    void *arg;
};

enum redis_outcome {
    REDIS_ANSWERED,
    REDIS_LOST,   /* no reply: whether it happened is unknown */
    REDIS_DROPPED /* the link is freed: clean up, call nobody */
};

/* Called exactly once per command that was sent, never before redis_link_send returns. `reply` is
 * lent; NULL unless ANSWERED. */
typedef void (*redis_reply_fn)(void *arg, enum redis_outcome outcome,
                               const struct redisReply *reply);

struct redis_link *redis_link_new(struct event_base *base, const struct redis_link_options *options,
                                  const struct redis_link_hooks *hooks);
void redis_link_free(struct redis_link *link); /* never from one of its callbacks; NULL is fine */

/* `wait_ms`: how long the command may block on the server, in addition to the timeout. 0 = sent; -1
 * = not sent: the link is not open, or too many commands are in flight. */
int redis_link_send(struct redis_link *link, const struct redis_args *args, int wait_ms,
                    redis_reply_fn on_reply, void *arg);
int redis_link_is_full(const struct redis_link *link);
/* Closes and tries again after the back-off, which grows until redis_link_settle says that all is
 * well. */
void redis_link_drop(struct redis_link *link, const char *why);
void redis_link_settle(struct redis_link *link);

#endif
