/* retention.c - see retention.h. Owns the timer; what always holds: it is set, or we are stopped.
 *
 * Delegates: the folders to archive.h. How old an archive is says the record of its round; one of
 * a round that the region does not know is left alone. */
#include "scheduler/retention.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "scheduler/archive.h"
#include "scheduler/log.h"
#include "scheduler/timer.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdlib.h>

enum { LOOK_MS = 3600 * 1000, SOON_MS = 1000, AT_ONCE = 16 };

struct retention {
    struct writer *writer;
    int64_t (*clock)(void);
    struct retention_options options;
    void (*log)(void *arg, const char *line);
    void *log_arg;
    struct event *timer;
    int is_stopped;
};

struct age { /* of rounds that are old now */
    const struct region *region;
    int64_t before;
};

static int is_old(const void *arg, int64_t number)
{
    const struct age *age = arg;
    const struct round *round = region_round(age->region, number);
    return round && round->finished_at != STAMP_NONE && round->finished_at <= age->before;
}

static size_t prune_archives(const struct retention *retention, const struct region *region)
{
    int64_t days = retention->options.archive_days;
    struct age age = {region, retention->clock() - days * STAMP_DAY_S};
    struct alm_error err;
    err_init(&err);
    size_t n =
        days > 0 ? archive_prune(retention->options.archive_dir, is_old, &age, AT_ONCE, &err) : 0;
    if (n > 0)
        log_to(retention->log, retention->log_arg,
               "archives of %zu rounds are removed: they ended %" PRId64 " days ago", n, days);
    if (err.code != ERR_NONE)
        log_to(retention->log, retention->log_arg, "an old archive stays: %s", err.message);
    err_clear(&err);
    return n;
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct retention *retention = arg;
    const struct region *region = writer_region(retention->writer);
    int is_done = region && prune_archives(retention, region) < AT_ONCE;
    timer_after_ms(retention->timer, is_done ? LOOK_MS : SOON_MS);
}

static void on_event(void *arg, uint64_t feed, const struct change *change,
                     const struct region *region)
{
    struct retention *retention = arg;
    (void)feed, (void)region;
    if (change->event == EVENT_ROUND_FINISHED && !retention->is_stopped)
        timer_after_ms(retention->timer, 0);
}

struct retention *retention_new(struct event_base *base, struct writer *writer,
                                int64_t (*clock)(void), const struct retention_options *options,
                                void (*log)(void *arg, const char *line), void *log_arg)
{
    struct retention *retention = alloc_zero(1, sizeof *retention);
    retention->writer = writer;
    retention->clock = clock;
    retention->options = *options;
    retention->log = log;
    retention->log_arg = log_arg;
    retention->timer = event_new(base, -1, 0, on_timer, retention);
    writer_on_event(writer, on_event, retention);
    timer_after_ms(retention->timer, 0);
    return retention;
}

void retention_stop(struct retention *retention)
{
    retention->is_stopped = 1;
    event_del(retention->timer);
}

void retention_free(struct retention *retention)
{
    if (!retention)
        return;
    event_free(retention->timer);
    free(retention);
}
