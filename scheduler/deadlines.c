/* deadlines.c - see deadlines.h. Owns the timer; what always holds: it is set, or changes are in
 * hand, or we are stopped. */
#include "scheduler/deadlines.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "scheduler/timer.h"
#include "scheduler/usecases/usecases.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

enum { IN_HAND = 64, LOOK_S = 60 };

struct deadlines {
    struct writer *writer;
    int64_t (*clock)(void);
    struct event *timer;
    size_t in_hand;
    int64_t least_wait_s; /* 1 after a refusal, or when nothing was due: never a busy loop */
    int is_stopped;
};

struct due_job {
    struct deadlines *deadlines;
    enum record_type type;
    char id[ID_MAX + 1];
};

static void arm(struct deadlines *deadlines)
{
    const struct region *region = writer_region(deadlines->writer);
    int64_t wait_s = LOOK_S;
    if (!region)
        wait_s = 1;
    else if (region_next_deadline(region) != STAMP_NONE)
        wait_s = region_next_deadline(region) - deadlines->clock();
    if (wait_s > LOOK_S)
        wait_s = LOOK_S;
    if (wait_s < deadlines->least_wait_s)
        wait_s = deadlines->least_wait_s;
    timer_after_ms(deadlines->timer, wait_s * 1000);
}

static int decide_due(const struct region *region, void *arg, int64_t now, struct change *change,
                      struct alm_error *err)
{
    const struct due_job *job = arg;
    return job->type == RECORD_OFFER ? offer_lapse(region, job->id, now, change, err)
                                     : intake_unpark_due(region, job->id, now, change, err);
}

/* A refusal is no news: another offer of the bundle has taken this one along, or an answer came
 * first. */
static void on_done(void *arg, const struct writer_result *result)
{
    struct due_job *job = arg;
    struct deadlines *deadlines = job->deadlines;
    if (result->err)
        deadlines->least_wait_s = 1;
    free(job);
    if (--deadlines->in_hand == 0 && !deadlines->is_stopped)
        arm(deadlines);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct deadlines *deadlines = arg;
    const struct region *region = writer_region(deadlines->writer);
    const struct record *due[IN_HAND];
    size_t n = region ? region_due(region, deadlines->clock(), due, IN_HAND) : 0;
    if (deadlines->in_hand > 0)
        return;
    deadlines->least_wait_s = n == 0;
    for (size_t i = 0; i < n; i++) {
        struct due_job *job = alloc_zero(1, sizeof *job);
        job->deadlines = deadlines;
        job->type = due[i]->type;
        memcpy(job->id, due[i]->id, sizeof job->id);
        deadlines->in_hand++;
        writer_submit(deadlines->writer, decide_due, job, NULL, on_done, job);
    }
    if (n == 0)
        arm(deadlines);
}

/* A change may have brought an earlier deadline. */
static void on_event(void *arg, uint64_t feed, const struct change *change,
                     const struct region *region)
{
    struct deadlines *deadlines = arg;
    (void)feed, (void)region;
    for (size_t i = 0; i < change->n && !deadlines->is_stopped && !deadlines->in_hand; i++) {
        enum record_type type = change->items[i].record->type;
        if (type == RECORD_OFFER || type == RECORD_APPLICANT) {
            arm(deadlines);
            return;
        }
    }
}

struct deadlines *deadlines_new(struct event_base *base, struct writer *writer,
                                int64_t (*clock)(void))
{
    struct deadlines *deadlines = alloc_zero(1, sizeof *deadlines);
    deadlines->writer = writer;
    deadlines->clock = clock;
    deadlines->timer = event_new(base, -1, 0, on_timer, deadlines);
    writer_on_event(writer, on_event, deadlines);
    arm(deadlines);
    return deadlines;
}

void deadlines_stop(struct deadlines *deadlines)
{
    deadlines->is_stopped = 1;
    event_del(deadlines->timer);
}

void deadlines_free(struct deadlines *deadlines)
{
    if (!deadlines)
        return;
    event_free(deadlines->timer);
    free(deadlines);
}
