/* redis_script.c - see redis_script.h.
 *
 * Neither Lua nor MULTI rolls back. So the script reads first everything that could stop it - each
 * key that it will write is read with a command of its type, SET fits any type - and its first
 * write is the XADD, the only one that can still be refused (no memory, disk error, a feed that is
 * ahead of its number). */
#include "store/redis_script.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/fields.h"
#include "store/seal.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char redis_script_text[] =
    "#!lua\n"
    "-- KEYS: 1 last feed number, 2 feed, 3 change id, 4 idempotency key, 5 personal data, 6.. "
    "records\n"
    "-- ARGV: 1 feed entry, 2 entries kept, 3 seconds remembered, 4 request hash ('' = no key),\n"
    "--       5 answer, 6 sealed box ('' = none, '-' = erase it), then per record: its key, id,\n"
    "--       expected version, value\n"
    "local done = redis.call('GET', KEYS[3])\n"
    "if done then return {'OK', done} end\n"
    "if ARGV[4] ~= '' then\n"
    "  local answer = redis.call('GET', KEYS[4])\n"
    "  if answer then\n"
    "    local same = string.sub(answer, 1, #ARGV[4] + 1) == ARGV[4] .. ' '\n"
    "    return {same and 'REPEATED' or 'REUSED', answer}\n"
    "  end\n"
    "end\n"
    "for i = 7, #ARGV, 4 do\n"
    "  local held = redis.call('HGET', KEYS[tonumber(ARGV[i])], ARGV[i + 1])\n"
    "  local version = '0'\n"
    "  if held then version = string.match(held, '^(%d+) ') end\n"
    "  if not version then\n"
    "    return redis.error_reply('ERR the record ' .. ARGV[i + 1] .. ' is damaged')\n"
    "  end\n"
    "  if version ~= ARGV[i + 2] then\n"
    "    return {'CONFLICT', ARGV[i + 1] .. ' has version ' .. version}\n"
    "  end\n"
    "end\n"
    "local last = tonumber(redis.call('GET', KEYS[1]) or '0')\n"
    "if not last then return redis.error_reply('ERR the feed number is damaged') end\n"
    "local n = string.format('%.0f', last + 1)\n"
    "redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], n .. '-0', 'change', ARGV[1])\n"
    "redis.call('SET', KEYS[1], n)\n"
    "for i = 7, #ARGV, 4 do\n"
    "  redis.call('HSET', KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 3])\n"
    "end\n"
    "if ARGV[6] == '-' then redis.call('DEL', KEYS[5])\n"
    "elseif ARGV[6] ~= '' then redis.call('SET', KEYS[5], ARGV[6]) end\n"
    "if ARGV[4] ~= '' then redis.call('SET', KEYS[4], ARGV[5], 'EX', ARGV[3]) end\n"
    "redis.call('SET', KEYS[3], n, 'EX', ARGV[3])\n"
    "return {'OK', n}\n";

enum { KEYS_FIXED = 5 };

void redis_script_load_args(struct redis_args *args)
{
    redis_args_text(args, "SCRIPT");
    redis_args_text(args, "LOAD");
    redis_args_text(args, redis_script_text);
}

void redis_script_idempotency_key(struct redis_args *args, const char *region, const char *key)
{
    char hash[65];
    digest_hex(key, strlen(key), hash);
    redis_args_key(args, region, "idem:", hash);
}

/* Which of KEYS holds the records of each type; 0 = none in this change. */
static void add_record_keys(struct redis_args *args, const char *region,
                            const struct change *change, int places[RECORD_TYPE_COUNT], int *n_keys)
{
    for (size_t i = 0; i < change->n; i++) {
        enum record_type type = change->items[i].record->type;
        if (places[type])
            continue;
        places[type] = ++*n_keys;
        redis_args_key(args, region, "rec:", words_name(&words_record_type, (int)type));
    }
}

static void add_records(struct redis_args *args, const struct change *change,
                        const int places[RECORD_TYPE_COUNT])
{
    for (size_t i = 0; i < change->n; i++) {
        const struct record *record = change->items[i].record;
        struct buffer value = {0};
        char *json = record_encode(record);
        buffer_format(&value, "%" PRIu64 " ", record->version);
        buffer_text(&value, json);
        redis_args_number(args, places[record->type]);
        redis_args_text(args, record->id);
        redis_args_number(args, (long long)change->items[i].expects);
        redis_args_add(args, value.bytes, value.len);
        buffer_clear(&value);
        free(json);
    }
}

static void add_answer(struct redis_args *args, const struct change_idempotency *answer)
{
    struct buffer text = {0};
    if (answer->key[0])
        buffer_format(&text, "%s %d %" PRIu64 " %s", answer->request_hash, answer->status,
                      answer->record_version, answer->record_id);
    redis_args_text(args, answer->key[0] ? answer->request_hash : "");
    redis_args_add(args, text.bytes, text.len);
    buffer_clear(&text);
}

static void add_box(struct redis_args *args, const struct change *change, const struct seal *seal)
{
    size_t len = 0;
    if (change->erases_person) { /* a box is longer */
        redis_args_text(args, "-");
        return;
    }
    unsigned char *box =
        change->person_json ? seal_box(seal, change->person_id, change->person_json, &len) : NULL;
    redis_args_add(args, (const char *)box, len);
    free(box);
}

static int64_t at_least_one(int64_t number)
{
    return number > 0 ? number : 1;
}

void redis_script_args(struct redis_args *args, const struct redis_script_options *options,
                       const char *sha, const struct change *change, const struct seal *seal)
{
    int places[RECORD_TYPE_COUNT] = {0};
    int n_keys = KEYS_FIXED;
    redis_args_text(args, "EVALSHA");
    redis_args_text(args, sha);
    size_t place_of_count = args->n;
    redis_args_text(args, "");
    redis_args_key(args, options->region, "feed:last", "");
    redis_args_key(args, options->region, "feed", "");
    redis_args_key(args, options->region, "change:", change->id);
    redis_script_idempotency_key(args, options->region, change->idempotency.key);
    redis_args_key(args, options->region, "pii:", change->person_id);
    add_record_keys(args, options->region, change, places, &n_keys);
    char count[16];
    snprintf(count, sizeof count, "%d", n_keys);
    redis_args_set(args, place_of_count, count);

    char *entry = change_to_json(change);
    redis_args_text(args, entry);
    free(entry);
    redis_args_number(args, at_least_one(options->feed_entries_max));
    redis_args_number(args, at_least_one(options->remember_s));
    add_answer(args, &change->idempotency);
    add_box(args, change, seal);
    add_records(args, change, places);
}

void redis_script_args_whole(struct redis_args *args)
{
    redis_args_set(args, 0, "EVAL");
    redis_args_set(args, 1, redis_script_text);
}

/* --- replies --- */

static int has_prefix(const struct redisReply *reply, const char *prefix)
{
    return reply->type == REDIS_REPLY_ERROR && strncmp(reply->str, prefix, strlen(prefix)) == 0;
}

int redis_script_is_unknown(const struct redisReply *reply)
{
    return has_prefix(reply, "NOSCRIPT");
}

/* Did this error mean that Redis cannot do it now (loading, busy, a replica), so that nothing
 * happened? */
static int is_unavailable(const struct redisReply *reply)
{
    static const char *const prefixes[] = {"LOADING",  "BUSY",       "READONLY",   "NOREPLICAS",
                                           "TRYAGAIN", "MASTERDOWN", "CLUSTERDOWN"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (has_prefix(reply, prefixes[i]))
            return 1;
    return 0;
}

int redis_script_answer(const char *text, struct change_idempotency *answer)
{
    int end = 0;
    *answer = (struct change_idempotency){0};
    if (sscanf(text, "%64s %d %" SCNu64 " %n", answer->request_hash, &answer->status,
               &answer->record_version, &end) != 3 ||
        end == 0 || strlen(text + end) > ID_MAX)
        return -1;
    strcpy(answer->record_id, text + end);
    return 0;
}

static void set_message(struct store_reply *answer, enum store_status status, const char *message)
{
    answer->status = status;
    snprintf(answer->message, sizeof answer->message, "%s", message);
}

static const struct {
    const char *word;
    enum store_status status;
} verdicts[] = {{"OK", STORE_OK},
                {"REPEATED", STORE_REPEATED},
                {"REUSED", STORE_KEY_REUSED},
                {"CONFLICT", STORE_CONFLICT}};

static int read_verdict(const char *word, const char *detail, struct store_reply *answer)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        if (strcmp(word, verdicts[i].word) != 0)
            continue;
        answer->status = verdicts[i].status;
        if (answer->status == STORE_OK)
            answer->feed = strtoull(detail, NULL, 10);
        if (answer->status == STORE_CONFLICT)
            set_message(answer, STORE_CONFLICT, detail);
        return answer->status == STORE_REPEATED ? redis_script_answer(detail, &answer->repeated)
                                                : 0;
    }
    return -1;
}

void redis_script_reply(const struct redisReply *reply, struct store_reply *answer)
{
    *answer = (struct store_reply){.status = STORE_FAILED};
    if (reply->type == REDIS_REPLY_ERROR)
        set_message(answer, is_unavailable(reply) ? STORE_UNAVAILABLE : STORE_FAILED, reply->str);
    else if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
             reply->element[0]->type != REDIS_REPLY_STRING ||
             reply->element[1]->type != REDIS_REPLY_STRING ||
             read_verdict(reply->element[0]->str, reply->element[1]->str, answer) != 0)
        set_message(answer, STORE_FAILED, "Redis answered a commit with something unexpected");
}
