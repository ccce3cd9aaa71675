/* flaky.h - a memory store that loses, delays and refuses answers when told to, for tests of what
 * stands above a store.
 *
 * It is a store of its own (first member): free it by store_free. */
#ifndef ALMONER_FLAKY_H
#define ALMONER_FLAKY_H

#include "store/store.h"

enum { HELD_MAX = 16 };

struct held {
    struct store_reply reply;
    store_commit_fn on_done;
    void *arg;
};

struct flaky {
    struct store store;
    struct store *inner;
    int lose_replies, lose_requests, refuse; /* how many commits meet that fate */
    int is_holding, is_deaf;                 /* replies wait in `held`; feed entries are dropped */
    struct held held[HELD_MAX];
    size_t n_held, n_sent, n_conflicts;
    char last_id[CHANGE_ID + 1];
    store_feed_fn on_entry;
    void *entry_arg;
};

/* On a region of its own, or on that of `other`, as a second node would have it. */
struct flaky *flaky_new(struct flaky *other);
/* Gives the i-th answer that is held to whoever waits for it. */
void flaky_release(struct flaky *flaky, size_t i);

#endif
