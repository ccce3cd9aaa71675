/* writer.c - see writer.h. Owns the region, the jobs and the order of applying.
 *
 * Delegates: whose turn it is per record to turns.h, durability to the store. What always holds:
 * every job is in exactly one list, that of its state; the region has every change up to `feed` and
 * none after it; a job is answered after its change was applied, and only then others may write its
 * records. */
#include "scheduler/writer.h"

#include "models/alloc.h"
#include "scheduler/timer.h"
#include "scheduler/turns.h"

#include <event2/event.h>
#include <stdint.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum {
    JOBS_MAX = 4096,
    PUMP_MAX = 256,  /* jobs decided in one turn of the loop */
    SENT_MAX = 256,  /* commits in flight: below what the store takes before it says "busy" */
    TRIES_MAX = 100, /* each lost one is another's success: a home that is suspended while a round
                        of another daemon fills it loses some dozens */
    TICK_MS = 100,
    BEHIND_TICKS = 20 /* so long a conflict waits for the feed, then the region is loaded anew */
};

enum job_state {
    JOB_READY,     /* to be decided in the next turn of the loop */
    JOB_IN_LINE,   /* another job writes one of its records */
    JOB_SENT,      /* the store has it */
    JOB_ASKED,     /* refused, but perhaps a repetition: the store looks its key up */
    JOB_FROZEN,    /* outcome unknown: to be committed again */
    JOB_BEHIND,    /* conflict: the feed has yet to bring what it collided with */
    JOB_COMMITTED, /* durable; waits for the entries before it. In order of the feed */
    JOB_STATES
};

TAILQ_HEAD(job_list, job);

struct job {
    struct turn turn;
    TAILQ_ENTRY(job) link;
    enum job_state state;
    struct writer *writer;
    writer_decide_fn decide;
    void *decide_arg;
    struct change_idempotency idempotency;
    writer_done_fn on_done;
    void *done_arg;
    struct change change;
    struct alm_error err;
    uint64_t feed; /* JOB_COMMITTED */
    int tries;
    int ticks;      /* JOB_BEHIND: how long */
    int is_unknown; /* an earlier commit of this very change may have happened */
};

struct listener {
    writer_event_fn on_event;
    void *arg;
};

struct writer {
    struct store *store;
    int64_t (*clock)(void);
    void (*on_ready)(void *arg, const struct alm_error *err);
    void *ready_arg;
    struct event *pump, *tick;
    struct turns *turns;
    struct region *region; /* NULL before the first load */
    uint64_t feed;
    struct job_list jobs[JOB_STATES];
    size_t n_jobs, n_sent;
    uint64_t n_submitted;
    struct listener *listeners;
    size_t n_listeners, listeners_room;
    int is_up, is_closing;
    int needs_load; /* the region is missing, or has missed entries: nothing is applied until it is
                       loaded */
    int is_loading;
};

static void writer_advance(struct writer *writer);

/* ---- jobs ---- */

static void job_move(struct job *job, enum job_state state)
{
    struct writer *writer = job->writer;
    TAILQ_REMOVE(&writer->jobs[job->state], job, link);
    job->state = state;
    TAILQ_INSERT_TAIL(&writer->jobs[state], job, link);
    if (state == JOB_READY)
        event_active(writer->pump, EV_TIMEOUT, 0);
    if (state == JOB_FROZEN || state == JOB_BEHIND)
        timer_after_ms(writer->tick, TICK_MS);
}

/* Answers and forgets the job; those who waited for its records may go on. */
static void job_finish(struct job *job, const struct change_idempotency *repeated)
{
    struct writer *writer = job->writer;
    int has_failed = job->err.code != ERR_NONE;
    struct writer_result result = {
        .err = has_failed ? &job->err : NULL,
        .change = has_failed || repeated ? NULL : &job->change,
        .repeated = has_failed ? NULL : repeated,
        .feed = job->feed ? job->feed : writer->feed,
        .region = writer->region,
    };
    TAILQ_REMOVE(&writer->jobs[job->state], job, link);
    turns_leave(writer->turns, &job->turn);
    writer->n_jobs--;
    job->on_done(job->done_arg, &result);
    change_clear(&job->change);
    err_clear(&job->err);
    free(job);
}

static void job_fail(struct job *job, enum err_code code, const char *message)
{
    err_clear(&job->err);
    err_set(&job->err, code, "%s", message);
    job_finish(job, NULL);
}

static void on_next(void *arg, struct turn *turn)
{
    (void)arg;
    struct job *job = (struct job *)turn; /* the first member */
    if (job->state == JOB_IN_LINE)
        job_move(job, JOB_READY);
}

/* ---- what the store says about a commit ---- */

static void settle_ok(struct job *job, const struct store_reply *reply)
{
    struct job_list *committed = &job->writer->jobs[JOB_COMMITTED];
    TAILQ_REMOVE(&job->writer->jobs[job->state], job, link);
    job->state = JOB_COMMITTED;
    job->feed = reply->feed;
    struct job *before = TAILQ_LAST(committed, job_list);
    while (before && before->feed > job->feed)
        before = TAILQ_PREV(before, job_list, link);
    if (before)
        TAILQ_INSERT_AFTER(committed, before, job, link);
    else
        TAILQ_INSERT_HEAD(committed, job, link);
    writer_advance(job->writer);
}

/* Has the feed brought a record of the change in a version that the job did not know? */
static int job_has_caught_up(const struct job *job)
{
    for (size_t i = 0; i < job->change.n; i++) {
        const struct change_item *item = &job->change.items[i];
        const struct record *held =
            region_find(job->writer->region, item->record->type, item->record->id);
        if ((held ? held->version : 0) != item->expects)
            return 1;
    }
    return 0;
}

static void settle_conflict(struct job *job, const struct store_reply *reply)
{
    (void)reply;
    if (++job->tries >= TRIES_MAX) {
        job_fail(job, ERR_CONFLICT, "somebody else kept changing the same records: try again");
        return;
    }
    job->ticks = 0;
    job_move(job, job_has_caught_up(job) ? JOB_READY : JOB_BEHIND);
}

static void settle_repeated(struct job *job, const struct store_reply *reply)
{
    job_finish(job, &reply->repeated);
}

static void settle_key_reused(struct job *job, const struct store_reply *reply)
{
    (void)reply;
    job_fail(job, ERR_IDEMPOTENCY, "this Idempotency-Key was used for another request");
}

static void settle_unknown(struct job *job, const struct store_reply *reply)
{
    (void)reply;
    job->is_unknown = 1;
    job_move(job, JOB_FROZEN);
}

static void settle_unavailable(struct job *job, const struct store_reply *reply)
{
    if (job->is_unknown)
        job_move(job, JOB_FROZEN); /* not sent now, but an earlier try may have happened */
    else
        job_fail(job, ERR_UNAVAILABLE,
                 reply->message[0] ? reply->message : "the store cannot be reached");
}

static void settle_failed(struct job *job, const struct store_reply *reply)
{
    job_fail(job, ERR_UNAVAILABLE,
             reply->message[0] ? reply->message : "the store refused the change");
}

static void (*const settle[])(struct job *job, const struct store_reply *reply) = {
    [STORE_OK] = settle_ok,
    [STORE_CONFLICT] = settle_conflict,
    [STORE_REPEATED] = settle_repeated,
    [STORE_KEY_REUSED] = settle_key_reused,
    [STORE_UNAVAILABLE] = settle_unavailable,
    [STORE_UNKNOWN] = settle_unknown,
    [STORE_FAILED] = settle_failed,
};

static void on_committed(void *arg, const struct store_reply *reply)
{
    struct job *job = arg;
    struct writer *writer = job->writer;
    writer->n_sent--;
    if (!TAILQ_EMPTY(&writer->jobs[JOB_READY]))
        event_active(writer->pump, EV_TIMEOUT, 0);
    settle[reply->status](job, reply);
}

static void job_commit(struct job *job)
{
    job->turn.is_running = 1;
    job->writer->n_sent++;
    job_move(job, JOB_SENT);
    store_commit(job->writer->store, &job->change, on_committed, job);
}

/* ---- deciding ---- */

/* A repeated request gets its first answer, even when the region has moved on so that it would be
 * refused now. */
static void on_answer(void *arg, const struct change_idempotency *found,
                      const struct alm_error *err)
{
    struct job *job = arg;
    if (err && err->code != ERR_NONE) {
        job_fail(job, err->code, err->message);
    } else if (found && strcmp(found->request_hash, job->idempotency.request_hash) != 0) {
        settle_key_reused(job, NULL);
    } else {
        if (found)
            err_clear(&job->err);
        job_finish(job, found);
    }
}

/* Nothing to commit: refused, or nothing to do. */
static void job_without_change(struct job *job)
{
    turns_leave(job->writer->turns, &job->turn);
    if (!job->idempotency.key[0]) {
        job_finish(job, NULL);
        return;
    }
    job_move(job, JOB_ASKED);
    store_answer(job->writer->store, job->idempotency.key, on_answer, job);
}

static void job_sign(struct job *job)
{
    unsigned char bytes[CHANGE_ID / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(job->change.id, sizeof job->change.id, bytes, sizeof bytes);

    struct change_idempotency *answer = &job->change.idempotency;
    if (!answer->key[0])
        return;
    if (!answer->record_id[0])
        memcpy(answer->record_id, job->change.subject, sizeof answer->record_id);
    for (size_t i = 0; i < job->change.n && !answer->record_version; i++) {
        const struct record *record = job->change.items[i].record;
        if (strcmp(record->id, answer->record_id) == 0)
            answer->record_version = record->version;
    }
}

static void job_decide(struct job *job)
{
    struct writer *writer = job->writer;
    change_clear(&job->change);
    change_init(&job->change);
    err_clear(&job->err);
    job->change.idempotency = job->idempotency;
    job->is_unknown = 0;
    int rc = job->decide(writer->region, job->decide_arg, writer->clock(), &job->change, &job->err);
    if (rc < 0 && job->err.code == ERR_NONE)
        err_set(&job->err, ERR_INTERNAL, "a use case failed without a reason");
    if (rc < 0 || job->change.n == 0) {
        job_without_change(job);
        return;
    }
    job_sign(job);
    turns_take(writer->turns, &job->turn, &job->change);
    if (turns_is_next(&job->turn))
        job_commit(job);
    else
        job_move(job, JOB_IN_LINE);
}

static void on_pump(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct writer *writer = arg;
    struct job *job;
    for (int i = 0; i < PUMP_MAX && writer->n_sent < SENT_MAX; i++) {
        job = TAILQ_FIRST(&writer->jobs[JOB_READY]);
        if (!job)
            return;
        if (job->err.code != ERR_NONE)
            job_finish(job, NULL); /* refused at the door */
        else
            job_decide(job);
    }
    if (!TAILQ_EMPTY(&writer->jobs[JOB_READY]) && writer->n_sent < SENT_MAX)
        event_active(writer->pump, EV_TIMEOUT, 0);
}

/* ---- applying ---- */

static void writer_take(struct writer *writer, uint64_t feed, const struct change *change)
{
    region_apply(writer->region, change);
    writer->feed = feed;
    for (size_t i = 0; i < writer->n_listeners; i++)
        writer->listeners[i].on_event(writer->listeners[i].arg, feed, change, writer->region);
}

/* Takes our own committed changes as far as nothing is missing before them, and wakes conflicts
 * that have caught up. */
static void writer_advance(struct writer *writer)
{
    struct job *job, *next;
    if (writer->needs_load)
        return;
    while ((job = TAILQ_FIRST(&writer->jobs[JOB_COMMITTED])) && job->feed <= writer->feed + 1) {
        if (job->feed == writer->feed + 1)
            writer_take(writer, job->feed, &job->change);
        job_finish(job, NULL);
    }
    for (job = TAILQ_FIRST(&writer->jobs[JOB_BEHIND]); job; job = next) {
        next = TAILQ_NEXT(job, link);
        if (job_has_caught_up(job))
            job_move(job, JOB_READY);
    }
}

static void on_loaded(void *arg, struct region *region, uint64_t feed, const struct alm_error *err);

static void writer_load(struct writer *writer)
{
    writer->needs_load = 1;
    if (writer->is_loading)
        return;
    writer->is_loading = 1;
    store_load(writer->store, on_loaded, writer);
}

/* The store came back in an older state: what it had acknowledged beyond is gone. */
static void fail_lost(struct writer *writer)
{
    struct job *job, *next;
    for (job = TAILQ_FIRST(&writer->jobs[JOB_COMMITTED]); job; job = next) {
        next = TAILQ_NEXT(job, link);
        if (job->feed > writer->feed)
            job_fail(job, ERR_UNAVAILABLE, "the store was set back: the change is lost");
    }
}

static void on_entry(void *arg, uint64_t feed, const struct change *change)
{
    struct writer *writer = arg;
    if (writer->needs_load || (change && feed <= writer->feed))
        return;
    if (!change) {
        writer_load(writer);
        return;
    }
    writer_take(writer, feed, change);
    writer_advance(writer);
}

static void on_loaded(void *arg, struct region *region, uint64_t feed, const struct alm_error *err)
{
    struct writer *writer = arg;
    int is_first = !writer->region;
    writer->is_loading = 0;
    if (!region && err->code == ERR_UNAVAILABLE) {
        timer_after_ms(writer->tick, TICK_MS);
        return;
    }
    if (!region) {
        writer->on_ready(writer->ready_arg, err);
        return;
    }
    int is_set_back = feed < writer->feed;
    region_free(writer->region);
    writer->needs_load = 0;
    writer->region = region;
    writer->feed = feed;
    store_follow(writer->store, feed, on_entry, writer);
    if (is_set_back)
        fail_lost(writer);
    writer_advance(writer);
    if (is_first)
        writer->on_ready(writer->ready_arg, NULL);
}

/* ---- patience ---- */

static void retry_frozen(struct writer *writer)
{
    struct job *job, *next;
    for (job = TAILQ_FIRST(&writer->jobs[JOB_FROZEN]); job && writer->is_up; job = next) {
        next = TAILQ_NEXT(job, link);
        job_commit(job);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct writer *writer = arg;
    struct job *job, *next;
    retry_frozen(writer);
    for (job = TAILQ_FIRST(&writer->jobs[JOB_BEHIND]); job; job = next) {
        next = TAILQ_NEXT(job, link);
        if (++job->ticks == BEHIND_TICKS)
            writer_load(writer);
        else if (job->ticks == 2 * BEHIND_TICKS)
            job_fail(job, ERR_CONFLICT, "the store holds other versions than this daemon");
    }
    if (writer->needs_load)
        writer_load(writer);
    if (!TAILQ_EMPTY(&writer->jobs[JOB_FROZEN]) || !TAILQ_EMPTY(&writer->jobs[JOB_BEHIND]))
        timer_after_ms(writer->tick, TICK_MS);
}

/* ---- the door ---- */

struct writer *writer_new(struct event_base *base, struct store *store, int64_t (*clock)(void),
                          void (*on_ready)(void *arg, const struct alm_error *err), void *arg)
{
    struct writer *writer = alloc_zero(1, sizeof *writer);
    writer->store = store;
    writer->clock = clock;
    writer->on_ready = on_ready;
    writer->ready_arg = arg;
    writer->is_up = 1;
    writer->turns = turns_new(on_next, writer);
    writer->pump = event_new(base, -1, 0, on_pump, writer);
    writer->tick = event_new(base, -1, 0, on_tick, writer);
    for (int i = 0; i < JOB_STATES; i++)
        TAILQ_INIT(&writer->jobs[i]);
    writer_load(writer);
    return writer;
}

void writer_free(struct writer *writer)
{
    if (!writer)
        return;
    struct job *job;
    writer->is_closing = 1;
    for (int i = 0; i < JOB_STATES; i++) {
        while ((job = TAILQ_FIRST(&writer->jobs[i])))
            job_fail(job, ERR_UNAVAILABLE, "the daemon is ending");
        if (!TAILQ_EMPTY(&writer->jobs[JOB_READY]))
            i = -1; /* an answer asked for more, or let another one go on */
    }
    event_free(writer->tick);
    event_free(writer->pump);
    turns_free(writer->turns);
    region_free(writer->region);
    free(writer->listeners);
    free(writer);
}

void writer_submit(struct writer *writer, writer_decide_fn decide, void *decide_arg,
                   const struct change_idempotency *idempotency, writer_done_fn on_done,
                   void *done_arg)
{
    struct job *job = alloc_zero(1, sizeof *job);
    job->turn.number = ++writer->n_submitted;
    job->writer = writer;
    job->decide = decide;
    job->decide_arg = decide_arg;
    job->on_done = on_done;
    job->done_arg = done_arg;
    if (idempotency)
        job->idempotency = *idempotency;
    change_init(&job->change);
    err_init(&job->err);
    if (!writer->region || !writer->is_up || writer->is_closing)
        err_set(&job->err, ERR_UNAVAILABLE, "the store cannot be reached: nothing was changed");
    else if (writer->n_jobs >= JOBS_MAX)
        err_set(&job->err, ERR_TOO_MANY, "%d changes are waiting: try again in a moment", JOBS_MAX);
    writer->n_jobs++;
    TAILQ_INSERT_TAIL(&writer->jobs[JOB_READY], job, link);
    event_active(writer->pump, EV_TIMEOUT, 0);
}

void writer_on_event(struct writer *writer, writer_event_fn on_event, void *arg)
{
    ALLOC_GROW(writer->listeners, writer->n_listeners, writer->listeners_room);
    writer->listeners[writer->n_listeners++] = (struct listener){on_event, arg};
}

const struct region *writer_region(const struct writer *writer)
{
    return writer->region;
}

uint64_t writer_feed(const struct writer *writer)
{
    return writer->feed;
}

size_t writer_pending(const struct writer *writer)
{
    return writer->n_jobs;
}

void writer_store_state(struct writer *writer, int up)
{
    writer->is_up = up;
    if (!up)
        return;
    retry_frozen(writer);
    if (writer->needs_load)
        writer_load(writer);
}
