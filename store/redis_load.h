/* redis_load.h - the whole region out of Redis, as of one feed number.
 *
 * Notes the feed's end, reads the records in pages (Redis is never blocked for long), then applies
 * what the feed got meanwhile: the region is exactly that after the last entry applied. */
#ifndef ALMONER_REDIS_LOAD_H
#define ALMONER_REDIS_LOAD_H

#include "store/redis_link.h"
#include "store/store.h"

/* -1 = the link is not open: nothing started. `region` (the name) is lent until on_done. */
int redis_load_start(struct redis_link *link, const char *region, store_load_fn on_done, void *arg);

#endif
