/* memory_store.c - see memory_store.h.
 *
 * Owns one shared world (records as a region, the feed as a ring, remembered ids and keys, sealed
 * personal data) and per handle the queue of answers and the follower. A commit is decided when it
 * is asked and answered by memory_store_run. Time is the time of the changes: this store has no
 * clock. */
#include "store/memory_store.h"

#include "models/alloc.h"
#include "store/later.h"
#include "store/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A change id or an idempotency key, kept for a day. */
struct memo {
    RB_ENTRY(memo) link;
    TAILQ_ENTRY(memo) age;
    char *key; /* "change <id>" or "key <key>" */
    int64_t at;
    uint64_t feed;
    struct change_idempotency *answer; /* NULL for a change id */
};
RB_HEAD(memo_tree, memo);

struct person {
    RB_ENTRY(person) link;
    char *id;
    unsigned char *box;
    size_t len;
};
RB_HEAD(person_tree, person);

struct memory_world {
    size_t handles;
    struct region *region;
    uint64_t last;                          /* feed number of the newest entry */
    struct change *feed[MEMORY_STORE_FEED]; /* entry n at n % MEMORY_STORE_FEED */
    struct memo_tree memos;
    TAILQ_HEAD(, memo) by_age;
    struct person_tree persons;
    struct seal *seal;
};

struct memory_store {
    struct store store;
    struct memory_world *world;
    struct later later;
    store_feed_fn on_entry; /* NULL = nobody follows */
    void *follow_arg;
    uint64_t followed;
};

static int compare_memo(const struct memo *a, const struct memo *b)
{
    return strcmp(a->key, b->key);
}

static int compare_person(const struct person *a, const struct person *b)
{
    return strcmp(a->id, b->id);
}

/* not RB_GENERATE_STATIC: libbsd spells its attribute in a way that glibc does not know */
#define MEMORY_TREE_SCOPE __attribute__((unused)) static
RB_GENERATE_INTERNAL(memo_tree, memo, link, compare_memo, MEMORY_TREE_SCOPE)
RB_GENERATE_INTERNAL(person_tree, person, link, compare_person, MEMORY_TREE_SCOPE)

static struct memory_store *memory_of(struct store *store)
{
    return (struct memory_store *)store;
}

/* --- what is remembered --- */

static char *memo_key(const char *what, const char *id)
{
    struct buffer key = {0};
    buffer_format(&key, "%s %s", what, id);
    return buffer_take(&key, NULL);
}

static struct memo *memo_find(struct memory_world *world, const char *what, const char *id)
{
    struct memo wanted = {.key = memo_key(what, id)};
    struct memo *memo = RB_FIND(memo_tree, &world->memos, &wanted);
    free(wanted.key);
    return memo;
}

static void memo_forget(struct memory_world *world, struct memo *memo)
{
    RB_REMOVE(memo_tree, &world->memos, memo);
    TAILQ_REMOVE(&world->by_age, memo, age);
    free(memo->key);
    free(memo->answer);
    free(memo);
}

static void memo_forget_old(struct memory_world *world, int64_t now)
{
    struct memo *oldest;
    while ((oldest = TAILQ_FIRST(&world->by_age)) && now - oldest->at > STORE_REMEMBER_S)
        memo_forget(world, oldest);
}

static void memo_keep(struct memory_world *world, const char *what, const char *id, int64_t at,
                      const struct change_idempotency *answer)
{
    struct memo *memo = alloc_zero(1, sizeof *memo);
    memo->key = memo_key(what, id);
    memo->at = at;
    memo->feed = world->last;
    if (answer) {
        memo->answer = alloc_zero(1, sizeof *answer);
        *memo->answer = *answer;
    }
    RB_INSERT(memo_tree, &world->memos, memo);
    TAILQ_INSERT_TAIL(&world->by_age, memo, age);
}

/* --- personal data --- */

static struct person *person_find(struct memory_world *world, const char *id)
{
    struct person wanted = {.id = alloc_string(id)};
    struct person *person = RB_FIND(person_tree, &world->persons, &wanted);
    free(wanted.id);
    return person;
}

static void person_keep(struct memory_world *world, const char *id, const char *json)
{
    struct person *person = person_find(world, id);
    if (!person) {
        person = alloc_zero(1, sizeof *person);
        person->id = alloc_string(id);
        RB_INSERT(person_tree, &world->persons, person);
    }
    free(person->box);
    person->box = seal_box(world->seal, id, json, &person->len);
}

static void person_free(struct memory_world *world, struct person *person)
{
    RB_REMOVE(person_tree, &world->persons, person);
    free(person->id);
    free(person->box);
    free(person);
}

static void person_erase(struct memory_world *world, const char *id)
{
    struct person *person = person_find(world, id);
    if (person)
        person_free(world, person);
}

/* --- commit --- */

/* What the feed tells: the records and the event, neither personal data nor keys. */
static struct change *feed_copy(const struct change *change)
{
    struct change *copy = alloc_zero(1, sizeof *copy);
    change_init(copy);
    memcpy(copy->id, change->id, sizeof copy->id);
    memcpy(copy->subject, change->subject, sizeof copy->subject);
    copy->event = change->event;
    copy->at = change->at;
    copy->items = alloc_zero(change->n, sizeof *copy->items);
    copy->n = copy->room = change->n;
    for (size_t i = 0; i < change->n; i++)
        copy->items[i] = (struct change_item){.expects = change->items[i].expects,
                                              .record = record_copy(change->items[i].record)};
    return copy;
}

static void feed_free(struct change *change)
{
    if (change)
        change_clear(change);
    free(change);
}

static void feed_add(struct memory_world *world, const struct change *change)
{
    struct change **slot = &world->feed[++world->last % MEMORY_STORE_FEED];
    feed_free(*slot);
    *slot = feed_copy(change);
}

/* 1 when the idempotency key settles the answer. */
static int is_answered(struct memory_world *world, const struct change_idempotency *asked,
                       struct store_reply *reply)
{
    const struct memo *memo = asked->key[0] ? memo_find(world, "key", asked->key) : NULL;
    if (!memo)
        return 0;
    if (strcmp(memo->answer->request_hash, asked->request_hash) != 0) {
        reply->status = STORE_KEY_REUSED;
        return 1;
    }
    reply->status = STORE_REPEATED;
    reply->repeated = *memo->answer;
    return 1;
}

static int has_conflict(struct memory_world *world, const struct change *change,
                        struct store_reply *reply)
{
    for (size_t i = 0; i < change->n; i++) {
        const struct record *record = change->items[i].record;
        const struct record *held = region_find(world->region, record->type, record->id);
        uint64_t version = held ? held->version : 0;
        if (version == change->items[i].expects)
            continue;
        reply->status = STORE_CONFLICT;
        snprintf(reply->message, sizeof reply->message, "%s %s has version %llu",
                 words_name(&words_record_type, (int)record->type), record->id,
                 (unsigned long long)version);
        return 1;
    }
    return 0;
}

static void decide(struct memory_world *world, const struct change *change,
                   struct store_reply *reply)
{
    *reply = (struct store_reply){.status = STORE_OK};
    if (!store_change_is_ok(change, reply) || change->n == 0)
        return;
    memo_forget_old(world, change->at);
    const struct memo *before = memo_find(world, "change", change->id);
    if (before) {
        reply->feed = before->feed;
        return;
    }
    if (is_answered(world, &change->idempotency, reply) || has_conflict(world, change, reply))
        return;
    feed_add(world, change);
    region_apply(world->region, world->feed[world->last % MEMORY_STORE_FEED]);
    memo_keep(world, "change", change->id, change->at, NULL);
    if (change->idempotency.key[0])
        memo_keep(world, "key", change->idempotency.key, change->at, &change->idempotency);
    if (change->person_json)
        person_keep(world, change->person_id, change->person_json);
    if (change->erases_person)
        person_erase(world, change->person_id);
    reply->feed = world->last;
}

struct commit_job {
    struct later_job job;
    struct store_reply reply;
    store_commit_fn on_done;
    void *arg;
};

static void finish_commit(struct later_job *job, int is_dropped)
{
    struct commit_job *commit = (struct commit_job *)job;
    if (!is_dropped)
        commit->on_done(commit->arg, &commit->reply);
    free(commit);
}

static void memory_commit(struct store *store, const struct change *change, store_commit_fn on_done,
                          void *arg)
{
    struct commit_job *commit = alloc_zero(1, sizeof *commit);
    *commit = (struct commit_job){.job.finish = finish_commit, .on_done = on_done, .arg = arg};
    decide(memory_of(store)->world, change, &commit->reply);
    later_add(&memory_of(store)->later, &commit->job);
}

/* --- load, follow --- */

struct load_job {
    struct later_job job;
    struct memory_world *world;
    store_load_fn on_done;
    void *arg;
};

static void finish_load(struct later_job *job, int is_dropped)
{
    struct load_job *load = (struct load_job *)job;
    if (!is_dropped) {
        struct region *copy = region_new();
        for (int type = 0; type < RECORD_TYPE_COUNT; type++)
            for (const struct record *record = region_first(load->world->region, type); record;
                 record = region_next(record))
                region_put_take(copy, record_copy(record));
        load->on_done(load->arg, copy, load->world->last, NULL);
    }
    free(load);
}

static void memory_load(struct store *store, store_load_fn on_done, void *arg)
{
    struct load_job *load = alloc_zero(1, sizeof *load);
    *load = (struct load_job){.job.finish = finish_load,
                              .world = memory_of(store)->world,
                              .on_done = on_done,
                              .arg = arg};
    later_add(&memory_of(store)->later, &load->job);
}

static void memory_follow(struct store *store, uint64_t feed, store_feed_fn on_entry, void *arg)
{
    struct memory_store *memory = memory_of(store);
    memory->on_entry = on_entry;
    memory->follow_arg = arg;
    memory->followed = feed;
}

static int is_gap(const struct memory_store *memory)
{
    const struct memory_world *world = memory->world;
    return memory->followed > world->last || world->last - memory->followed > MEMORY_STORE_FEED;
}

/* Only what is there now: an entry that a follower's own commit adds waits for the next run. */
static size_t run_feed(struct memory_store *memory)
{
    uint64_t last = memory->world->last;
    size_t ran = 0;
    while (memory->on_entry && memory->followed != last) {
        ran++;
        if (is_gap(memory)) {
            store_feed_fn on_entry = memory->on_entry;
            memory->on_entry = NULL;
            on_entry(memory->follow_arg, last, NULL);
            break;
        }
        uint64_t number = ++memory->followed;
        memory->on_entry(memory->follow_arg, number,
                         memory->world->feed[number % MEMORY_STORE_FEED]);
    }
    return ran;
}

/* --- person, answer, compact --- */

struct lookup_job {
    struct later_job job;
    struct memory_world *world;
    char *key;
    store_person_fn on_person;
    store_answer_fn on_answer;
    store_compact_fn on_compact;
    void *arg;
};

static void finish_person(struct later_job *job, int is_dropped)
{
    struct lookup_job *lookup = (struct lookup_job *)job;
    if (!is_dropped) {
        struct alm_error err;
        err_init(&err);
        const struct person *person = person_find(lookup->world, lookup->key);
        char *json =
            person ? seal_unbox(lookup->world->seal, person->id, person->box, person->len, &err)
                   : NULL;
        lookup->on_person(lookup->arg, json, err.code == ERR_NONE ? NULL : &err);
        free(json);
        err_clear(&err);
    }
    free(lookup->key);
    free(lookup);
}

static void finish_answer(struct later_job *job, int is_dropped)
{
    struct lookup_job *lookup = (struct lookup_job *)job;
    if (!is_dropped) {
        const struct memo *memo = memo_find(lookup->world, "key", lookup->key);
        lookup->on_answer(lookup->arg, memo ? memo->answer : NULL, NULL);
    }
    free(lookup->key);
    free(lookup);
}

static void finish_compact(struct later_job *job, int is_dropped)
{
    struct lookup_job *lookup = (struct lookup_job *)job;
    if (!is_dropped)
        lookup->on_compact(lookup->arg, NULL); /* there are no files */
    free(lookup->key);
    free(lookup);
}

static void add_lookup(struct store *store, const struct lookup_job *asked, const char *key)
{
    struct lookup_job *lookup = alloc_zero(1, sizeof *lookup);
    *lookup = *asked;
    lookup->world = memory_of(store)->world;
    lookup->key = alloc_string(key);
    later_add(&memory_of(store)->later, &lookup->job);
}

static void memory_person(struct store *store, const char *applicant_id, store_person_fn on_done,
                          void *arg)
{
    add_lookup(store,
               &(struct lookup_job){.job.finish = finish_person, .on_person = on_done, .arg = arg},
               applicant_id);
}

static void memory_answer(struct store *store, const char *key, store_answer_fn on_done, void *arg)
{
    add_lookup(store,
               &(struct lookup_job){.job.finish = finish_answer, .on_answer = on_done, .arg = arg},
               key);
}

static void memory_compact(struct store *store, store_compact_fn on_done, void *arg)
{
    add_lookup(
        store,
        &(struct lookup_job){.job.finish = finish_compact, .on_compact = on_done, .arg = arg}, "");
}

/* --- birth and death --- */

static void world_free(struct memory_world *world)
{
    struct memo *memo;
    struct person *person;
    while ((memo = TAILQ_FIRST(&world->by_age)))
        memo_forget(world, memo);
    while ((person = RB_MIN(person_tree, &world->persons)))
        person_free(world, person);
    for (size_t i = 0; i < MEMORY_STORE_FEED; i++)
        feed_free(world->feed[i]);
    region_free(world->region);
    seal_free(world->seal);
    free(world);
}

static void memory_free(struct store *store)
{
    struct memory_store *memory = memory_of(store);
    later_drop(&memory->later);
    if (--memory->world->handles == 0)
        world_free(memory->world);
    free(memory);
}

static const struct store_ops memory_ops = {.commit = memory_commit,
                                            .load = memory_load,
                                            .follow = memory_follow,
                                            .person = memory_person,
                                            .answer = memory_answer,
                                            .compact = memory_compact,
                                            .free = memory_free};

static struct store *handle_on(struct memory_world *world)
{
    struct memory_store *memory = alloc_zero(1, sizeof *memory);
    memory->store.ops = &memory_ops;
    memory->world = world;
    world->handles++;
    later_init(&memory->later);
    return &memory->store;
}

struct store *memory_store_new(void)
{
    struct memory_world *world = alloc_zero(1, sizeof *world);
    world->region = region_new();
    world->seal = seal_new_random();
    RB_INIT(&world->memos);
    TAILQ_INIT(&world->by_age);
    RB_INIT(&world->persons);
    return handle_on(world);
}

struct store *memory_store_share(struct store *store)
{
    return handle_on(memory_of(store)->world);
}

size_t memory_store_run(struct store *store)
{
    struct memory_store *memory = memory_of(store);
    size_t ran = later_run(&memory->later);
    return ran + run_feed(memory);
}
