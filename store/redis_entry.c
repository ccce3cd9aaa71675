/* redis_entry.c - see redis_entry.h. */
#include "store/redis_entry.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int is_entry(const redisReply *entry)
{
    if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 ||
        entry->element[0]->type != REDIS_REPLY_STRING ||
        entry->element[1]->type != REDIS_REPLY_ARRAY)
        return 0;
    const redisReply *fields = entry->element[1];
    return fields->elements == 2 && fields->element[1]->type == REDIS_REPLY_STRING;
}

int redis_entry_read(const redisReply *entry, uint64_t *number, struct change *change,
                     struct alm_error *err)
{
    if (!is_entry(entry))
        return err_set(err, ERR_INTERNAL, "an entry of the feed is damaged");
    *number = strtoull(entry->element[0]->str, NULL, 10);
    const redisReply *json = entry->element[1]->element[1];
    struct alm_error inner;
    err_init(&inner);
    change_init(change);
    int done = change_from_json(json->str, json->len, change, &inner);
    if (done != 0) {
        change_clear(change);
        err_set(err, ERR_INTERNAL, "entry %" PRIu64 " of the feed cannot be read: %.300s", *number,
                inner.message);
    }
    err_clear(&inner);
    return done;
}
