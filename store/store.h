/* store.h - where a region is kept: one interface, two implementations (memory, Redis) with the
 * same contract tests. Asynchronous in both: a callback never runs before the call that asked
 * returns.
 *
 * A commit is atomic and durable or it did not happen. It checks the change id (committed before:
 * the old answer is given again), the idempotency key, and the version of every record, then writes
 * the records, the sealed personal data (or erases it), the idempotency answer and one feed entry.
 * Feed numbers count 1, 2, 3 ... per region. Change ids and idempotency keys are remembered for
 * STORE_REMEMBER_S. store_free is never called from a callback. */
#ifndef ALMONER_STORE_H
#define ALMONER_STORE_H

#include "models/change.h"
#include "models/err.h"
#include "models/region.h"

struct store;

enum { STORE_REMEMBER_S = 86400 };

enum store_status {
    STORE_OK,
    STORE_CONFLICT,    /* a record's version is not the expected one */
    STORE_REPEATED,    /* the idempotency key was answered before: see `repeated` */
    STORE_KEY_REUSED,  /* the idempotency key came with another request hash */
    STORE_UNAVAILABLE, /* not committed: the store cannot be reached (nothing was sent) */
    STORE_UNKNOWN,     /* sent, but no reply: commit the same change (same id) again to learn the
                          outcome */
    STORE_FAILED       /* refused by the store (disk full, misconfigured): message says what */
};

struct store_reply {
    enum store_status status;
    uint64_t feed; /* STORE_OK: the number of the entry */
    struct change_idempotency repeated;
    char message[200];
};

typedef void (*store_commit_fn)(void *arg, const struct store_reply *reply);
/* One feed entry, in order, without gaps; `change` is only lent. `change` NULL = a gap: the entries
 * up to `feed` are no longer there (trimmed while we were away, or the store was set back to an
 * older state, then `feed` is below what was followed). Nothing more comes: load the region again
 * and follow from there. */
typedef void (*store_feed_fn)(void *arg, uint64_t feed, const struct change *change);
/* The whole region: NULL when it failed (err says why), else the receiver owns it. `feed` = last
 * entry in it. */
typedef void (*store_load_fn)(void *arg, struct region *region, uint64_t feed,
                              const struct alm_error *err);
/* Personal data opened again: json NULL = none kept. Lent. */
typedef void (*store_person_fn)(void *arg, const char *json, const struct alm_error *err);
/* What an idempotency key was answered with: found NULL = no such key is remembered. Lent. */
typedef void (*store_answer_fn)(void *arg, const struct change_idempotency *found,
                                const struct alm_error *err);
/* err NULL = the store has begun, and leaves out what was erased before it was asked. Lent. */
typedef void (*store_compact_fn)(void *arg, const struct alm_error *err);
/* up = 1: usable; 0: lost, commits answer UNAVAILABLE until it is up again. */
typedef void (*store_state_fn)(void *arg, int up);

struct store_ops {
    /* `change` is lent for the call only. Without records nothing is written: OK with feed 0. */
    void (*commit)(struct store *store, const struct change *change, store_commit_fn on_done,
                   void *arg);
    /* The region is that of one moment: exactly the changes up to `feed`. */
    void (*load)(struct store *store, store_load_fn on_done, void *arg);
    /* Entries after `feed`, those that exist and those to come (also our own), until store_free.
     * Called again (a gap was seen, the region was loaded anew) it replaces the first follower. */
    void (*follow)(struct store *store, uint64_t feed, store_feed_fn on_entry, void *arg);
    void (*person)(struct store *store, const char *applicant_id, store_person_fn on_done,
                   void *arg);
    /* Asked when a request with a key would be refused: a repeated one has to get its first answer.
     */
    void (*answer)(struct store *store, const char *key, store_answer_fn on_done, void *arg);
    /* Asks for the files to be written anew: what was erased is still in the old ones. */
    void (*compact)(struct store *store, store_compact_fn on_done, void *arg);
    void (*free)(struct store *store); /* pending callbacks are dropped */
};

struct store { /* first member of every implementation */
    const struct store_ops *ops;
};

void store_commit(struct store *store, const struct change *change, store_commit_fn on_done,
                  void *arg);
void store_load(struct store *store, store_load_fn on_done, void *arg);
void store_follow(struct store *store, uint64_t feed, store_feed_fn on_entry, void *arg);
void store_person(struct store *store, const char *applicant_id, store_person_fn on_done,
                  void *arg);
void store_answer(struct store *store, const char *key, store_answer_fn on_done, void *arg);
void store_compact(struct store *store, store_compact_fn on_done, void *arg);
void store_free(struct store *store); /* NULL is fine */

/* For the implementations: is the change one that may be sent (ids, versions, key and hash)? 1, or
 * 0 with STORE_FAILED and the sentence in the reply. */
int store_change_is_ok(const struct change *change, struct store_reply *reply);

#endif
