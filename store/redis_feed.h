/* redis_feed.h - follows the feed of a region on a connection of its own. */
#ifndef ALMONER_REDIS_FEED_H
#define ALMONER_REDIS_FEED_H

#include "store/redis_link.h"
#include "store/store.h"

struct redis_feed;

/* `region` and `options` texts are lent and outlive the feed. */
struct redis_feed *redis_feed_new(struct event_base *base, const struct redis_link_options *options,
                                  const char *region);
/* From now on: entries after `feed`; see store_ops.follow. */
void redis_feed_follow(struct redis_feed *feed, uint64_t number, store_feed_fn on_entry, void *arg);
void redis_feed_free(struct redis_feed *feed); /* NULL is fine */

#endif
