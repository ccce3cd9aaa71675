/* store_rig.h - what the store tests stand on: handles on one region in either store, and calls
 * that wait for their callback. */
#ifndef ALMONER_TESTS_STORE_RIG_H
#define ALMONER_TESTS_STORE_RIG_H

#include "store/redis_store.h"
#include "store/store.h"
#include "tests/redis_server.h"

enum { RIG_HANDLES = 4, RIG_REGION_MAX = 32 };

struct rig {
    struct event_base *base;     /* NULL = memory */
    struct redis_server *server; /* lent */
    struct seal *seal;
    struct store *handles[RIG_HANDLES];
    int n;
    int is_up[RIG_HANDLES];
    char log[RIG_HANDLES][400]; /* last line of each */
    char region[RIG_REGION_MAX];
};

void rig_init_memory(struct rig *rig);
/* A region of its own on the server. */
void rig_init_redis(struct rig *rig, struct redis_server *server, const char *region);
void rig_clear(struct rig *rig);
/* One more handle; Redis: with these options (NULL = plain), address and region filled in. Does not
 * wait. */
struct store *rig_open(struct rig *rig, const struct redis_store_options *options);
/* The same, and waits until it is up. */
struct store *rig_handle(struct rig *rig);
void rig_close(struct rig *rig, struct store *store);

/* Turns the loops until *flag is not 0; 0 when it stays so for a long time (the test has failed).
 */
int rig_until(struct rig *rig, const int *flag);
void rig_turn(struct rig *rig); /* once, for at most a few milliseconds */

struct rig_commit {
    int is_done;
    struct store_reply reply;
};
void rig_on_commit(void *arg, const struct store_reply *reply); /* arg: struct rig_commit */
struct store_reply rig_commit(struct rig *rig, struct store *store, const struct change *change);
/* Again until the store says something that settles it (not UNAVAILABLE, not UNKNOWN). */
struct store_reply rig_settle(struct rig *rig, struct store *store, const struct change *change);
/* NULL when it failed; `err` may be NULL. */
struct region *rig_load(struct rig *rig, struct store *store, uint64_t *feed,
                        struct alm_error *err);
char *rig_person(struct rig *rig, struct store *store, const char *id, struct alm_error *err);
int rig_answer(struct rig *rig, struct store *store, const char *key,
               struct change_idempotency *found);

struct rig_feed {
    int n; /* entries seen, or -1 after a gap */
    int is_gap;
    uint64_t last;
    int is_in_order;
    char ids[64][CHANGE_ID + 1]; /* of the first 64 */
    struct region *region;       /* when set, entries are applied to it */
};
void rig_on_entry(void *arg, uint64_t feed, const struct change *change); /* arg: struct rig_feed */
int rig_until_feed(struct rig *rig, const struct rig_feed *feed, uint64_t last);

/* A server of the test's own, region "city"; NULL when none starts (then the test is skipped). */
struct redis_server *rig_own_server(struct rig *rig, const char *const *options);
/* Asks the server; '@' stands for the region. Caller frees. */
char *rig_ask(const struct rig *rig, const char *command);
void rig_expect(const struct rig *rig, const char *command, const char *reply);

/* Changes for tests: ids are made from `name`. */
void rig_change(struct change *change, const char *name);
void rig_add_pool(struct change *change, const char *id, int64_t beds);
void rig_add_applicant(struct change *change, const char *id);
/* Commits a new pool of one bed; the change has the same id. */
struct store_reply rig_commit_pool(struct rig *rig, struct store *store, const char *id);
/* 1 when every record of both regions is the same, as the store keeps them. */
int rig_same_region(const struct region *a, const struct region *b);

#endif
