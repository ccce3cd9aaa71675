/* retention.h - what has been kept long enough goes, without anybody asking: archives of rounds,
 * and the personal data of closed applications (through the writer).
 *
 * One timer: at the start, after every round and once an hour. A long list goes in steps, so that
 * the loop stays free. When personal data has gone the store is asked to write its files anew,
 * a minute later at most, and again after an hour when it refuses. */
#ifndef ALMONER_RETENTION_H
#define ALMONER_RETENTION_H

#include "scheduler/writer.h"

struct retention;

struct retention_options {
    const char *archive_dir; /* DATA/rounds; lent as long as the retention lives */
    int64_t archive_days;    /* after a round has ended; 0 = for ever */
    int64_t person_days;     /* after an application was closed; 0 = for ever */
    struct store *store;     /* lent; the one that the writer writes to */
};

struct retention *retention_new(struct event_base *base, struct writer *writer,
                                int64_t (*clock)(void), const struct retention_options *options,
                                void (*log)(void *arg, const char *line), void *log_arg);
void retention_stop(struct retention *retention); /* drain: no new look */
/* After writer_free, or when nothing more comes through the writer. NULL is fine. */
void retention_free(struct retention *retention);

#endif
