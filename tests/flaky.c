/* flaky.c - see flaky.h. */
#include "tests/flaky.h"

#include "models/alloc.h"
#include "store/memory_store.h"

#include <stdlib.h>
#include <string.h>

struct passing {
    struct flaky *flaky;
    store_commit_fn on_done;
    void *arg;
    int is_lost;
};

static void flaky_reply(void *arg, const struct store_reply *reply)
{
    struct passing *passing = arg;
    struct flaky *flaky = passing->flaky;
    static const struct store_reply unknown = {.status = STORE_UNKNOWN};
    flaky->n_conflicts += reply->status == STORE_CONFLICT;
    if (flaky->is_holding)
        flaky->held[flaky->n_held++] = (struct held){*reply, passing->on_done, passing->arg};
    else
        passing->on_done(passing->arg, passing->is_lost ? &unknown : reply);
    free(passing);
}

static void flaky_commit(struct store *store, const struct change *change, store_commit_fn on_done,
                         void *arg)
{
    struct flaky *flaky = (struct flaky *)store;
    flaky->n_sent++;
    memcpy(flaky->last_id, change->id, sizeof flaky->last_id);
    if (flaky->refuse > 0 || flaky->lose_requests > 0) {
        struct store_reply reply = {.status = flaky->refuse ? STORE_UNAVAILABLE : STORE_UNKNOWN};
        flaky->refuse -= flaky->refuse > 0;
        flaky->lose_requests -= reply.status == STORE_UNKNOWN;
        flaky->held[flaky->n_held++] = (struct held){reply, on_done, arg};
        return;
    }
    struct passing *passing = alloc_zero(1, sizeof *passing);
    *passing = (struct passing){flaky, on_done, arg, flaky->lose_replies > 0};
    flaky->lose_replies -= flaky->lose_replies > 0;
    store_commit(flaky->inner, change, flaky_reply, passing);
}

void flaky_release(struct flaky *flaky, size_t i)
{
    struct held held = flaky->held[i];
    memmove(flaky->held + i, flaky->held + i + 1, (--flaky->n_held - i) * sizeof held);
    held.on_done(held.arg, &held.reply);
}

static void flaky_load(struct store *store, store_load_fn on_done, void *arg)
{
    store_load(((struct flaky *)store)->inner, on_done, arg);
}

static void flaky_entry(void *arg, uint64_t feed, const struct change *change)
{
    struct flaky *flaky = arg;
    if (!flaky->is_deaf)
        flaky->on_entry(flaky->entry_arg, feed, change);
}

static void flaky_follow(struct store *store, uint64_t feed, store_feed_fn on_entry, void *arg)
{
    struct flaky *flaky = (struct flaky *)store;
    flaky->on_entry = on_entry;
    flaky->entry_arg = arg;
    store_follow(flaky->inner, feed, flaky_entry, flaky);
}

static void flaky_person(struct store *store, const char *id, store_person_fn on_done, void *arg)
{
    store_person(((struct flaky *)store)->inner, id, on_done, arg);
}

static void flaky_answer(struct store *store, const char *key, store_answer_fn on_done, void *arg)
{
    store_answer(((struct flaky *)store)->inner, key, on_done, arg);
}

static void flaky_free(struct store *store)
{
    store_free(((struct flaky *)store)->inner);
    free(store);
}

static const struct store_ops flaky_ops = {
    .commit = flaky_commit,
    .load = flaky_load,
    .follow = flaky_follow,
    .person = flaky_person,
    .answer = flaky_answer,
    .free = flaky_free,
};

struct flaky *flaky_new(struct flaky *other)
{
    struct flaky *flaky = alloc_zero(1, sizeof *flaky);
    flaky->store.ops = &flaky_ops;
    flaky->inner = other ? memory_store_share(other->inner) : memory_store_new();
    return flaky;
}
