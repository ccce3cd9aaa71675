/* memory_store.h - a store in this process: tests, offline replay. Same contract as Redis, no durability.
 *
 * Takes no event loop: callbacks wait until memory_store_run, which the owner calls. */
#ifndef ALMONER_MEMORY_STORE_H
#define ALMONER_MEMORY_STORE_H

#include "store/store.h"

struct store *memory_store_new(void);
/* Runs what is due (commit answers, feed entries, loads). Returns how many callbacks ran. */
size_t memory_store_run(struct store *store);

#endif
