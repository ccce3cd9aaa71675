/* store.c - see store.h: hands each call to the implementation. */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

void store_commit(struct store *store, const struct change *change, store_commit_fn on_done,
                  void *arg)
{
    store->ops->commit(store, change, on_done, arg);
}

void store_load(struct store *store, store_load_fn on_done, void *arg)
{
    store->ops->load(store, on_done, arg);
}

void store_follow(struct store *store, uint64_t feed, store_feed_fn on_entry, void *arg)
{
    store->ops->follow(store, feed, on_entry, arg);
}

void store_person(struct store *store, const char *applicant_id, store_person_fn on_done, void *arg)
{
    store->ops->person(store, applicant_id, on_done, arg);
}

void store_answer(struct store *store, const char *key, store_answer_fn on_done, void *arg)
{
    store->ops->answer(store, key, on_done, arg);
}

void store_compact(struct store *store, store_compact_fn on_done, void *arg)
{
    store->ops->compact(store, on_done, arg);
}

void store_free(struct store *store)
{
    if (store)
        store->ops->free(store);
}

static int refuse(struct store_reply *reply, const char *what, const char *id)
{
    *reply = (struct store_reply){.status = STORE_FAILED};
    snprintf(reply->message, sizeof reply->message, "the change cannot be kept: %s%s%s", what,
             *id ? " " : "", id);
    return 0;
}

int store_change_is_ok(const struct change *change, struct store_reply *reply)
{
    if (!record_id_ok(change->id, strlen(change->id)))
        return refuse(reply, "it has no proper id", "");
    for (size_t i = 0; i < change->n; i++) {
        const struct record *record = change->items[i].record;
        if (!record_has_id(record))
            return refuse(reply, "a record has no proper id", "");
        if (record->version != change->items[i].expects + 1)
            return refuse(reply, "the version does not follow the expected one:", record->id);
    }
    if (change->idempotency.key[0] && !change->idempotency.request_hash[0])
        return refuse(reply, "an idempotency key without the hash of its request", "");
    if (change->person_json && !change_find(change, RECORD_APPLICANT, change->person_id))
        return refuse(reply, "personal data without the record of its applicant", "");
    if (change->erases_person && change->person_json)
        return refuse(reply, "it brings and erases the same personal data", "");
    if (change->erases_person && !change_find(change, RECORD_APPLICANT, change->person_id))
        return refuse(reply, "it erases personal data without the record of its applicant", "");
    return 1;
}
