/* redis_store.c - see redis_store.h.
 *
 * Owns the command connection, whether the store is up, and the answers that need no Redis.
 * Delegates: the connection to redis_link, the conditions to redis_check, the commit script to
 * redis_script, reading everything to redis_load, the feed to redis_feed. Nothing is sent before
 * the check has passed on that very connection. */
#include "store/redis_store.h"

#include "models/alloc.h"
#include "store/later.h"
#include "store/redis_check.h"
#include "store/redis_feed.h"
#include "store/redis_load.h"
#include "store/redis_script.h"
#include "store/seal.h"

#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TIMEOUT_MS = 5000,
    IN_FLIGHT_MAX = 512,
    IN_FLIGHT_MIN = 4, /* to check a connection takes some commands too */
    FEED_ENTRIES_MAX = 100000,
    REGION_NAME_MAX = 32,
    SHA_LEN = 40
};

struct redis_store {
    struct store store;
    char *unix_path, *host, *password, *region; /* the texts that the options below point to */
    struct redis_link_options link_options;
    struct redis_script_options script;
    enum redis_durability durability;
    const struct seal *seal;
    struct redis_link *link;
    struct redis_feed *feed; /* from the first follow on */
    struct event_base *base;
    struct later later;
    struct event *later_event;
    int is_up;
    char why_down[REDIS_CHECK_TEXT + 120];
    char sha[SHA_LEN + 1]; /* of the commit script, as Redis names it */
    void (*log)(void *arg, const char *line);
    void *log_arg;
    store_state_fn on_state;
    void *state_arg;
};

static struct redis_store *redis_of(struct store *store)
{
    return (struct redis_store *)store;
}

/* --- up and down --- */

/* An operator reads it once, not at every try. */
static void tell(struct redis_store *redis, const char *what)
{
    char line[sizeof redis->why_down];
    const struct redis_link_options *to = &redis->link_options;
    if (to->unix_path)
        snprintf(line, sizeof line, "Redis at unix:%.80s: %s", to->unix_path, what);
    else
        snprintf(line, sizeof line, "Redis at %.60s:%d: %s", to->host, to->port, what);
    if (strcmp(line, redis->why_down) == 0)
        return;
    memcpy(redis->why_down, line, sizeof line);
    if (redis->log)
        redis->log(redis->log_arg, line);
}

static void set_state(struct redis_store *redis, int up)
{
    if (redis->is_up == up)
        return;
    redis->is_up = up;
    if (redis->on_state)
        redis->on_state(redis->state_arg, up);
}

static void on_lost(void *arg, const char *why)
{
    tell(arg, why);
    set_state(arg, 0);
}

/* What redis_check found, in an operator's words. */
static const char *durability_words(enum redis_durability durability)
{
    static const char *const words[] = {
        [REDIS_AOF_ALWAYS] = "connected; appendonly yes, appendfsync always: a power cut loses "
                             "nothing that was answered",
        [REDIS_AOF_EVERYSEC] = "connected; appendonly yes, appendfsync everysec or better: a power "
                               "cut may lose the last second",
        [REDIS_ANY] = "connected; durability was not asked for: a power cut may lose writes",
    };
    return words[durability];
}

static void on_script_loaded(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct redis_store *redis = arg;
    if (outcome != REDIS_ANSWERED)
        return;
    if (reply->type != REDIS_REPLY_STRING || reply->len != SHA_LEN) {
        redis_link_drop(redis->link, reply->type == REDIS_REPLY_ERROR
                                         ? reply->str
                                         : "SCRIPT LOAD was answered with something unexpected");
        return;
    }
    memcpy(redis->sha, reply->str, SHA_LEN);
    redis_link_settle(redis->link);
    tell(redis, durability_words(redis->durability));
    set_state(redis, 1);
}

static void on_checked(void *arg, const char *refusal)
{
    struct redis_store *redis = arg;
    if (refusal) {
        redis_link_drop(redis->link, refusal);
        return;
    }
    struct redis_args args = {0};
    redis_script_load_args(&args);
    redis_link_send(redis->link, &args, 0, on_script_loaded, redis);
    redis_args_clear(&args);
}

static void on_open(void *arg)
{
    struct redis_store *redis = arg;
    redis_check_start(redis->link, redis->durability, on_checked, redis);
}

/* --- answers that need no Redis --- */

static void run_later(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct redis_store *redis = arg;
    later_run(&redis->later);
    if (!TAILQ_EMPTY(&redis->later.jobs))
        event_active(redis->later_event, EV_TIMEOUT, 0);
}

static void answer_later(struct redis_store *redis, struct later_job *job)
{
    later_add(&redis->later, job);
    event_active(redis->later_event, EV_TIMEOUT, 0);
}

/* One question under way: exactly one of the callbacks is set. */
struct question {
    struct later_job job;
    struct redis_store *redis;
    char *id; /* applicant id or idempotency key */
    store_load_fn on_load;
    store_person_fn on_person;
    store_answer_fn on_answer;
    store_compact_fn on_compact;
    void *arg;
};

static void question_free(struct question *question)
{
    free(question->id);
    free(question);
}

static void question_fail(struct question *question, enum err_code code, const char *what)
{
    struct alm_error err;
    err_init(&err);
    err_set(&err, code, "%s", what);
    if (question->on_load)
        question->on_load(question->arg, NULL, 0, &err);
    else if (question->on_person)
        question->on_person(question->arg, NULL, &err);
    else if (question->on_compact)
        question->on_compact(question->arg, &err);
    else
        question->on_answer(question->arg, NULL, &err);
    err_clear(&err);
    question_free(question);
}

static void finish_unavailable(struct later_job *job, int is_dropped)
{
    struct question *question = (struct question *)job;
    if (is_dropped)
        question_free(question);
    else
        question_fail(question, ERR_UNAVAILABLE, question->redis->why_down);
}

static struct question *question_new(struct redis_store *redis, const char *id, void *arg)
{
    struct question *question = alloc_zero(1, sizeof *question);
    question->job.finish = finish_unavailable;
    question->redis = redis;
    question->id = alloc_string(id);
    question->arg = arg;
    return question;
}

/* --- commit --- */

struct commit {
    struct later_job job;
    struct redis_store *redis;
    struct redis_args args; /* kept for a Redis that has forgotten the script */
    struct store_reply reply;
    store_commit_fn on_done;
    void *arg;
};

static void commit_free(struct commit *commit)
{
    redis_args_clear(&commit->args);
    free(commit);
}

static void finish_commit(struct later_job *job, int is_dropped)
{
    struct commit *commit = (struct commit *)job;
    if (!is_dropped)
        commit->on_done(commit->arg, &commit->reply);
    commit_free(commit);
}

static void set_unavailable(struct commit *commit)
{
    const struct redis_store *redis = commit->redis;
    int is_busy = redis->is_up && redis_link_is_full(redis->link);
    commit->reply = (struct store_reply){.status = STORE_UNAVAILABLE};
    snprintf(commit->reply.message, sizeof commit->reply.message, "%.190s",
             is_busy ? "busy: too many commands are under way" : redis->why_down);
}

static void on_committed(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct commit *commit = arg;
    struct redis_store *redis = commit->redis;
    if (outcome == REDIS_DROPPED) {
        commit_free(commit);
        return;
    }
    if (outcome == REDIS_LOST) {
        commit->reply = (struct store_reply){.status = STORE_UNKNOWN,
                                             .message = "Redis gave no answer: it may be done"};
    } else if (redis_script_is_unknown(reply)) {
        redis_script_args_whole(&commit->args);
        if (redis_link_send(redis->link, &commit->args, 0, on_committed, commit) == 0)
            return;
        set_unavailable(commit);
    } else {
        redis_script_reply(reply, &commit->reply);
        /* A failover or a restart: what was checked on connecting no longer holds. */
        if (commit->reply.status == STORE_UNAVAILABLE)
            redis_link_drop(redis->link, commit->reply.message);
    }
    finish_commit(&commit->job, 0);
}

static void redis_commit(struct store *store, const struct change *change, store_commit_fn on_done,
                         void *arg)
{
    struct redis_store *redis = redis_of(store);
    struct commit *commit = alloc_zero(1, sizeof *commit);
    commit->job.finish = finish_commit;
    commit->redis = redis;
    commit->on_done = on_done;
    commit->arg = arg;
    commit->reply.status = STORE_OK;
    int is_sent = 0;
    if (store_change_is_ok(change, &commit->reply) && change->n > 0) {
        set_unavailable(commit);
        if (redis->is_up && !redis_link_is_full(redis->link)) {
            redis_script_args(&commit->args, &redis->script, redis->sha, change, redis->seal);
            is_sent = redis_link_send(redis->link, &commit->args, 0, on_committed, commit) == 0;
        }
    }
    if (!is_sent)
        answer_later(redis, &commit->job);
}

/* --- load, person, answer, compact --- */

static void redis_load(struct store *store, store_load_fn on_done, void *arg)
{
    struct redis_store *redis = redis_of(store);
    if (redis->is_up && redis_load_start(redis->link, redis->script.region, on_done, arg) == 0)
        return;
    struct question *question = question_new(redis, "", arg);
    question->on_load = on_done;
    answer_later(redis, &question->job);
}

/* 1 when there is a reply to read: a text or nothing. Else the question is answered, or dropped. */
static int is_readable(struct question *question, enum redis_outcome outcome,
                       const redisReply *reply)
{
    if (outcome == REDIS_DROPPED)
        question_free(question);
    else if (outcome == REDIS_LOST)
        question_fail(question, ERR_UNAVAILABLE, "the connection to Redis was lost");
    else if (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_NIL)
        question_fail(question, ERR_UNAVAILABLE,
                      reply->str ? reply->str : "Redis answered with something unexpected");
    else
        return 1;
    return 0;
}

static void on_box(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct question *question = arg;
    if (!is_readable(question, outcome, reply))
        return;
    struct alm_error err;
    err_init(&err);
    char *json = NULL;
    if (reply->type == REDIS_REPLY_STRING)
        json = seal_unbox(question->redis->seal, question->id, (const unsigned char *)reply->str,
                          reply->len, &err);
    question->on_person(question->arg, json, err.code == ERR_NONE ? NULL : &err);
    free(json);
    err_clear(&err);
    question_free(question);
}

static void on_answer(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct question *question = arg;
    if (!is_readable(question, outcome, reply))
        return;
    struct change_idempotency found;
    if (reply->type == REDIS_REPLY_NIL) {
        question->on_answer(question->arg, NULL, NULL);
        question_free(question);
    } else if (redis_script_answer(reply->str, &found) != 0) {
        question_fail(question, ERR_INTERNAL, "a remembered answer is damaged");
    } else {
        snprintf(found.key, sizeof found.key, "%s", question->id);
        question->on_answer(question->arg, &found, NULL);
        question_free(question);
    }
}

/* A rewrite that runs already has begun too early: Redis refuses a second one meanwhile. */
static void on_rewriting(void *arg, enum redis_outcome outcome, const redisReply *reply)
{
    struct question *question = arg;
    if (outcome == REDIS_DROPPED) {
        question_free(question);
    } else if (outcome == REDIS_LOST) {
        question_fail(question, ERR_UNAVAILABLE, "the connection to Redis was lost");
    } else if (reply->type != REDIS_REPLY_STATUS) {
        question_fail(question, ERR_UNAVAILABLE,
                      reply->str ? reply->str : "Redis answered with something unexpected");
    } else {
        question->on_compact(question->arg, NULL);
        question_free(question);
    }
}

/* Sends the command, or answers UNAVAILABLE. */
static void send_question(struct question *question, struct redis_args *args,
                          redis_reply_fn on_reply)
{
    struct redis_store *redis = question->redis;
    int is_sent = redis->is_up && redis_link_send(redis->link, args, 0, on_reply, question) == 0;
    redis_args_clear(args);
    if (!is_sent)
        answer_later(redis, &question->job);
}

static void redis_person(struct store *store, const char *applicant_id, store_person_fn on_done,
                         void *arg)
{
    struct redis_store *redis = redis_of(store);
    struct question *question = question_new(redis, applicant_id, arg);
    struct redis_args args = {0};
    question->on_person = on_done;
    redis_args_text(&args, "GET");
    redis_args_key(&args, redis->script.region, "pii:", applicant_id);
    send_question(question, &args, on_box);
}

static void redis_answer(struct store *store, const char *key, store_answer_fn on_done, void *arg)
{
    struct redis_store *redis = redis_of(store);
    struct question *question = question_new(redis, key, arg);
    struct redis_args args = {0};
    question->on_answer = on_done;
    redis_args_text(&args, "GET");
    redis_script_idempotency_key(&args, redis->script.region, key);
    send_question(question, &args, on_answer);
}

static void redis_compact(struct store *store, store_compact_fn on_done, void *arg)
{
    struct question *question = question_new(redis_of(store), "", arg);
    struct redis_args args = {0};
    question->on_compact = on_done;
    redis_args_text(&args, "BGREWRITEAOF");
    send_question(question, &args, on_rewriting);
}

static void redis_follow(struct store *store, uint64_t feed, store_feed_fn on_entry, void *arg)
{
    struct redis_store *redis = redis_of(store);
    if (!redis->feed)
        redis->feed = redis_feed_new(redis->base, &redis->link_options, redis->script.region);
    redis_feed_follow(redis->feed, feed, on_entry, arg);
}

/* --- birth and death --- */

static void redis_free(struct store *store)
{
    struct redis_store *redis = redis_of(store);
    redis_feed_free(redis->feed);
    redis_link_free(redis->link);
    later_drop(&redis->later);
    event_free(redis->later_event);
    free(redis->unix_path);
    free(redis->host);
    free(redis->password);
    free(redis->region);
    free(redis);
}

static const struct store_ops redis_ops = {.commit = redis_commit,
                                           .load = redis_load,
                                           .follow = redis_follow,
                                           .person = redis_person,
                                           .answer = redis_answer,
                                           .compact = redis_compact,
                                           .free = redis_free};

static int is_region_name(const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = name ? strlen(name) : 0;
    return len > 0 && len <= REGION_NAME_MAX && strspn(name, allowed) == len;
}

static int check_options(const struct redis_store_options *options, struct alm_error *err)
{
    if (!is_region_name(options->region))
        return err_set(err, ERR_BAD_INPUT,
                       "region \"%.64s\": 1 to %d letters, digits, dots, dashes or underscores",
                       options->region ? options->region : "", REGION_NAME_MAX);
    if (!options->unix_path && (!options->host || options->port < 1 || options->port > 65535))
        return err_set(err, ERR_BAD_INPUT, "Redis: a unix socket, or a host and a port is needed");
    return 0;
}

static int64_t or_default(int64_t given, int64_t fallback)
{
    return given > 0 ? given : fallback;
}

struct store *redis_store_new(struct event_base *base, const struct redis_store_options *options,
                              const struct seal *seal, struct alm_error *err)
{
    if (check_options(options, err) != 0)
        return NULL;
    struct redis_store *redis = alloc_zero(1, sizeof *redis);
    redis->store.ops = &redis_ops;
    redis->base = base;
    redis->seal = seal;
    redis->durability = options->durability;
    redis->log = options->log;
    redis->log_arg = options->log_arg;
    redis->on_state = options->on_state;
    redis->state_arg = options->state_arg;
    redis->unix_path = alloc_string(options->unix_path);
    redis->host = alloc_string(options->host);
    redis->password = alloc_string(options->password);
    redis->region = alloc_string(options->region);
    redis->script = (struct redis_script_options){
        .region = redis->region,
        .remember_s = or_default(options->idempotency_s, STORE_REMEMBER_S),
        .feed_entries_max = or_default(options->feed_entries_max, FEED_ENTRIES_MAX)};
    redis->link_options = (struct redis_link_options){
        .unix_path = redis->unix_path,
        .host = redis->host,
        .port = options->port,
        .password = redis->password,
        .timeout_ms = (int)or_default(options->command_timeout_ms, TIMEOUT_MS),
        .in_flight_max = (int)or_default(options->in_flight_max, IN_FLIGHT_MAX)};
    if (redis->link_options.in_flight_max < IN_FLIGHT_MIN)
        redis->link_options.in_flight_max = IN_FLIGHT_MIN;
    later_init(&redis->later);
    redis->later_event = evtimer_new(base, run_later, redis);
    const struct redis_link_hooks hooks = {.on_open = on_open, .on_lost = on_lost, .arg = redis};
    snprintf(redis->why_down, sizeof redis->why_down, "not connected to Redis yet");
    redis->link = redis_link_new(base, &redis->link_options, &hooks);
    return &redis->store;
}
