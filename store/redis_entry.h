/* redis_entry.h - one entry of the feed stream, [id "<n>-0", [field, change as JSON]], back to a
 * change. */
#ifndef ALMONER_REDIS_ENTRY_H
#define ALMONER_REDIS_ENTRY_H

#include "models/change.h"

struct redisReply;

/* On success the caller clears the change. */
int redis_entry_read(const struct redisReply *entry, uint64_t *number, struct change *change,
                     struct alm_error *err);

#endif
