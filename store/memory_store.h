/* memory_store.h - a store in this process, for tests: the same contract as Redis, no durability.
 *
 * Takes no event loop: callbacks wait until memory_store_run, which the owner calls. */
#ifndef ALMONER_MEMORY_STORE_H
#define ALMONER_MEMORY_STORE_H

#include "store/store.h"

/* Feed entries kept; a follower who is further behind sees a gap. */
enum { MEMORY_STORE_FEED = 8192 };

struct store *memory_store_new(void);
/* A second handle on the same region, as a second node would have; each is freed on its own. */
struct store *memory_store_share(struct store *store);
/* Runs what is due (commit answers, feed entries, loads). Returns how many callbacks ran. */
size_t memory_store_run(struct store *store);

#endif
