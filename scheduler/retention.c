/* retention.c - see retention.h. Owns the timer; what always holds: it is set, or changes are in
 * hand, or we are stopped.
 *
 * Delegates: the folders to archive.h, whose data may go to usecases/erase.c. How old an archive is
 * says the record of its round; one of a round that the region does not know is left alone. */
#include "scheduler/retention.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "scheduler/archive.h"
#include "scheduler/log.h"
#include "scheduler/timer.h"
#include "scheduler/usecases/usecases.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_MS = 3600 * 1000,
    COMPACT_MS = 60 * 1000,
    SOON_MS = 100,
    ARCHIVES_AT_ONCE = 16,
    IN_HAND = 64
};

struct retention {
    struct writer *writer;
    int64_t (*clock)(void);
    struct retention_options options;
    void (*log)(void *arg, const char *line);
    void *log_arg;
    struct event *timer;
    size_t in_hand;  /* changes given to the writer */
    size_t n_erased; /* people, since the files of the store were written anew; by whomever */
    size_t n_asked;  /* of these, those whom the question under way is about; 0 = none is */
    int is_more;     /* the last look did not see everything */
    int has_failed;  /* a change of this look was refused: not again before the next hour */
    int is_stopped;
};

static void say(const struct retention *retention, const char *what, const struct alm_error *err)
{
    log_to(retention->log, retention->log_arg, "%s: %s", what, err->message);
}

/* ---- archives ---- */

struct age { /* of rounds that are old now */
    const struct region *region;
    int64_t before;
};

static int is_old(const void *arg, int64_t number)
{
    const struct age *age = arg;
    const struct round *round = region_round(age->region, number);
    return round && round_state(round) == ROUND_FINISHED && round->finished_at <= age->before;
}

static void prune_archives(struct retention *retention, const struct region *region)
{
    int64_t days = retention->options.archive_days;
    struct age age = {region, retention->clock() - days * STAMP_DAY_S};
    struct alm_error err;
    if (days == 0)
        return;
    err_init(&err);
    size_t n = archive_prune(retention->options.archive_dir, is_old, &age, ARCHIVES_AT_ONCE, &err);
    if (n > 0)
        log_to(retention->log, retention->log_arg,
               "archives of %zu rounds are removed: they ended %" PRId64 " days ago", n, days);
    if (err.code != ERR_NONE)
        say(retention, "an old archive stays", &err);
    if (n == ARCHIVES_AT_ONCE)
        retention->is_more = 1;
    err_clear(&err);
}

/* ---- personal data ---- */

struct erase_job {
    struct retention *retention;
    char id[ID_MAX + 1];
};

static int64_t closed_before(const struct retention *retention)
{
    return retention->clock() - retention->options.person_days * STAMP_DAY_S;
}

static int decide_erase(const struct region *region, void *arg, int64_t now, struct change *change,
                        struct alm_error *err)
{
    const struct erase_job *job = arg;
    return erase_person_due(region, job->id, closed_before(job->retention), now, change, err);
}

static void on_compacted(void *arg, const struct alm_error *err)
{
    struct retention *retention = arg;
    if (err)
        say(retention, "what was erased is still in the files of the store", err);
    else
        retention->n_erased -= retention->n_asked;
    retention->n_asked = 0;
}

static void compact(struct retention *retention)
{
    if (retention->n_erased == 0 || retention->n_asked > 0)
        return;
    retention->n_asked = retention->n_erased;
    log_to(retention->log, retention->log_arg,
           "personal data of %zu closed applications is erased: the store is asked to write its "
           "files anew",
           retention->n_erased);
    store_compact(retention->options.store, on_compacted, retention);
}

static void look_again(struct retention *retention)
{
    int is_soon = retention->is_more && !retention->has_failed;
    if (retention->is_stopped)
        return;
    if (!is_soon)
        compact(retention);
    timer_after_ms(retention->timer, is_soon ? SOON_MS : LOOK_MS);
}

static void on_erased(void *arg, const struct writer_result *result)
{
    struct erase_job *job = arg;
    struct retention *retention = job->retention;
    if (result->err) {
        retention->has_failed = 1;
        say(retention, "personal data that is to go stays", result->err);
    }
    free(job);
    if (--retention->in_hand == 0)
        look_again(retention);
}

/* As erase_person_due sees it, which decides. */
static int is_due(const struct record *record, int64_t before)
{
    const struct applicant *applicant = (const struct applicant *)(const void *)record;
    return applicant->state == APPLICANT_CLOSED && applicant->erased_at == STAMP_NONE &&
           (applicant->closed_at == STAMP_NONE || applicant->closed_at <= before);
}

static void erase_persons(struct retention *retention, const struct region *region)
{
    const struct record *record = region_first(region, RECORD_APPLICANT);
    int64_t before = closed_before(retention);
    if (retention->options.person_days == 0)
        return;
    for (; record && retention->in_hand < IN_HAND; record = region_next(record)) {
        if (!is_due(record, before))
            continue;
        struct erase_job *job = alloc_zero(1, sizeof *job);
        job->retention = retention;
        memcpy(job->id, record->id, sizeof job->id);
        retention->in_hand++;
        writer_submit(retention->writer, decide_erase, job, NULL, on_erased, job);
    }
    if (retention->in_hand == IN_HAND)
        retention->is_more = 1;
}

/* ---- the clock ---- */

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct retention *retention = arg;
    const struct region *region = writer_region(retention->writer);
    if (retention->in_hand > 0)
        return;
    retention->is_more = !region;
    retention->has_failed = 0;
    if (region) {
        prune_archives(retention, region);
        erase_persons(retention, region);
    }
    if (retention->in_hand == 0)
        look_again(retention);
}

static void on_event(void *arg, uint64_t feed, const struct change *change,
                     const struct region *region)
{
    struct retention *retention = arg;
    (void)feed, (void)region;
    int is_erased = change->event == EVENT_APPLICANT_ERASED;
    int is_first = is_erased && retention->n_erased == 0;
    retention->n_erased += is_erased;
    if (retention->is_stopped)
        return;
    if (change->event == EVENT_ROUND_FINISHED)
        timer_after_ms(retention->timer, 0);
    else if (is_first && retention->in_hand == 0) /* by a district: perhaps more of them */
        timer_after_ms(retention->timer, COMPACT_MS);
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
