/* redis_script.h - a commit as one Lua script: a change to its arguments, a reply to what it means.
 * Pure. */
#ifndef ALMONER_REDIS_SCRIPT_H
#define ALMONER_REDIS_SCRIPT_H

#include "models/change.h"
#include "store/redis_args.h"
#include "store/store.h"

struct redisReply;
struct seal;

extern const char redis_script_text[];

struct redis_script_options {
    const char *region;
    int64_t remember_s; /* change ids and idempotency keys */
    int64_t feed_entries_max;
};

/* SCRIPT LOAD. */
void redis_script_load_args(struct redis_args *args);
/* EVALSHA <sha> of this change; the personal data in it is sealed here. */
void redis_script_args(struct redis_args *args, const struct redis_script_options *options,
                       const char *sha, const struct change *change, const struct seal *seal);
/* Turns the same arguments into an EVAL with the whole text. */
void redis_script_args_whole(struct redis_args *args);

int redis_script_is_unknown(const struct redisReply *reply); /* NOSCRIPT */
void redis_script_reply(const struct redisReply *reply, struct store_reply *answer);

/* "<request hash> <status> <record version> <record id>", as kept; `key` is filled in by the
 * caller. -1 = damaged. */
int redis_script_answer(const char *text, struct change_idempotency *answer);
/* The place of an idempotency key: its hash, since clients write into it what they like. */
void redis_script_idempotency_key(struct redis_args *args, const char *region, const char *key);

#endif
