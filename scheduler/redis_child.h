/* redis_child.h - the embedded default: a private redis-server of our own, supervised.
 *
 * It listens on a unix socket under the data folder only, writes every change to disk before it
 * answers (appendonly, always), never evicts, and dies with us. When it dies alone it is started
 * again, later each time; the store's connection notices both by itself. */
#ifndef ALMONER_REDIS_CHILD_H
#define ALMONER_REDIS_CHILD_H

#include "models/err.h"

#include <sys/types.h>

struct event_base;
struct redis_child;

struct redis_child_options {
    const char *server;   /* path of the program; NULL = the one found by configure */
    const char *data_dir; /* absolute: redis.sock, redis.log and redis/ are made in it */
    int lock_fd; /* inherited by the child, so that the lock lasts as long as either of us; -1 =
                    none */
    void (*log)(void *arg, const char *line);
    void *log_arg;
    /* Once: err NULL after the first PONG, or why it never came up. */
    void (*on_up)(void *arg, const struct alm_error *err);
    void *up_arg;
};

/* NULL with an error when the socket path is too long (108 bytes with its NUL) or a folder cannot
 * be made. */
struct redis_child *redis_child_new(struct event_base *base,
                                    const struct redis_child_options *options,
                                    struct alm_error *err);
const char *redis_child_socket(const struct redis_child *child);
pid_t redis_child_pid(const struct redis_child *child); /* 0 = not running */

/* SIGTERM, after ten seconds SIGKILL; on_ended when it is gone. It is not started again. */
void redis_child_end(struct redis_child *child, void (*on_ended)(void *arg), void *arg);
void redis_child_free(struct redis_child *child); /* kills what still runs; NULL is fine */

#endif
