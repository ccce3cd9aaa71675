/* redis_check.h - may this Redis keep a region? Asked on every new connection, before anything
 * else.
 *
 * Redis 7 or later, not loading, not a replica, nothing evicted, and an append-only file that is at
 * least as durable as wanted. Otherwise one sentence says what an operator has to change. */
#ifndef ALMONER_REDIS_CHECK_H
#define ALMONER_REDIS_CHECK_H

#include "store/redis_link.h"
#include "store/redis_store.h"

enum { REDIS_CHECK_TEXT = 200 };

/* What INFO and CONFIG said. */
struct redis_facts {
    char info[32768];      /* the text of INFO, cut */
    char appendfsync[16];  /* "" = CONFIG is refused */
    int is_off_on_rewrite; /* no-appendfsync-on-rewrite is yes */
};

/* 0, or -1 with the sentence. */
int redis_check_facts(const struct redis_facts *facts, enum redis_durability wanted,
                      char why[REDIS_CHECK_TEXT]);

/* Asks Redis and decides. `refusal` NULL = it may. Not called when the link is lost meanwhile. */
typedef void (*redis_check_fn)(void *arg, const char *refusal);
void redis_check_start(struct redis_link *link, enum redis_durability wanted,
                       redis_check_fn on_done, void *arg);

#endif
