/* redis_store.h - the region in Redis 7, over hiredis async on a libevent loop.
 *
 * Keys, all with the {region} tag, are written down in docs/formats.md. Two connections: one for
 * commands, one that follows the feed. Reconnects by itself (100 ms .. 5 s, jitter).
 * SIGPIPE is ignored from the first store on, unless the program handles it. */
#ifndef ALMONER_REDIS_STORE_H
#define ALMONER_REDIS_STORE_H

#include "store/store.h"

#include <stdint.h>

struct event_base;
struct seal;

enum redis_durability { REDIS_AOF_ALWAYS, REDIS_AOF_EVERYSEC, REDIS_ANY };

struct redis_store_options {
    const char *unix_path; /* or host and port */
    const char *host;
    int port;
    const char *region;   /* [A-Za-z0-9._-]{1,32} */
    const char *password; /* NULL = none */
    enum redis_durability
        durability;         /* at least this, or the store does not come up and says why */
    int command_timeout_ms; /* 0 = 5000; then the outcome is UNKNOWN and the connection is made anew
                             */
    int in_flight_max;      /* 0 = 512; beyond: UNAVAILABLE "busy" */
    int64_t idempotency_s;  /* 0 = STORE_REMEMBER_S */
    int64_t feed_entries_max; /* 0 = 100,000: older feed entries are trimmed (about) */
    void (*log)(void *arg, const char *line); /* what an operator should know; may be NULL */
    void *log_arg;
    store_state_fn on_state;
    void *state_arg;
};

/* Connects in the background; on_state(1) when usable. `seal` is lent and outlives the store. */
struct store *redis_store_new(struct event_base *base, const struct redis_store_options *options,
                              const struct seal *seal, struct alm_error *err);

#endif
