/* writer.h - the one way from a use case to a changed region: decide, commit, apply, answer.
 *
 * Owns the region and the order of its changes. A job whose change touches a record with a write in
 * flight waits its turn (first come first served per record) and is decided again on the newer
 * region. A version conflict (another node) waits for the feed and decides again, 100 times. An
 * unknown outcome keeps those records frozen and commits the same change again when the store is
 * back. Changes are applied in the order of the feed, our own and those of other nodes alike.
 * Readers use writer_region between two turns of the loop. */
#ifndef ALMONER_WRITER_H
#define ALMONER_WRITER_H

#include "models/change.h"
#include "models/region.h"
#include "store/store.h"

struct writer;
struct event_base;

/* Pure: reads the region, fills the change. May be called more than once. 0, or -1 with an error. A
 * change without records is an answer too: done, nothing to commit. */
typedef int (*writer_decide_fn)(const struct region *region, void *arg, int64_t now,
                                struct change *change, struct alm_error *err);

struct writer_result {
    const struct alm_error *err; /* NULL = done */
    const struct change *change; /* what was committed (NULL when failed, or repeated) */
    const struct change_idempotency
        *repeated; /* answered before with this key: same answer again */
    uint64_t feed;
    const struct region *region; /* after the change */
};
/* Called exactly once per job, never before writer_submit returns. */
typedef void (*writer_done_fn)(void *arg, const struct writer_result *result);

/* Told of every change applied, in feed order (SSE, metrics, timers). */
typedef void (*writer_event_fn)(void *arg, uint64_t feed, const struct change *change,
                                const struct region *region);

/* `clock` gives seconds. Loads the region from the store - again and again while the store cannot
 * be reached - then calls on_ready(arg, NULL); or with an error when what is stored cannot be read,
 * at any later load too. */
struct writer *writer_new(struct event_base *base, struct store *store, int64_t (*clock)(void),
                          void (*on_ready)(void *arg, const struct alm_error *err), void *arg);
/* Free the store first: its replies must not come any more. Jobs not answered yet get UNAVAILABLE.
 */
void writer_free(struct writer *writer);

/* Queues a job. `idempotency` may be NULL; an empty record_id in it becomes the subject of the
 * change, a version of 0 the version that the change gives that record. Refused (done called with
 * TOO_MANY / UNAVAILABLE) when too many jobs wait (limit 4096) or the store is down. */
void writer_submit(struct writer *writer, writer_decide_fn decide, void *decide_arg,
                   const struct change_idempotency *idempotency, writer_done_fn on_done,
                   void *done_arg);
void writer_on_event(struct writer *writer, writer_event_fn on_event,
                     void *arg);                                 /* several may listen */
const struct region *writer_region(const struct writer *writer); /* NULL before ready */
uint64_t writer_feed(const struct writer *writer);  /* number of the last change applied */
size_t writer_pending(const struct writer *writer); /* jobs not answered yet: drain waits for 0 */
void writer_store_state(struct writer *writer, int up); /* store_state_fn target */

#endif
