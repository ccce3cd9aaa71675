/* rounds.h - when a round runs, and what becomes of its plan.
 *
 * A round is a forked child that solves a frozen region and sends the plan back on a pipe
 * (worker.h); the parent checks it again, makes offers through the writer, and records the round.
 * One round at a time: a request during one joins it; of two daemons that start the same number at
 * the same time one runs it. Offers that lapse meanwhile: deadlines.h. */
#ifndef ALMONER_ROUNDS_H
#define ALMONER_ROUNDS_H

#include "scheduler/writer.h"

struct rounds;

struct rounds_options {
    int round_seconds;       /* 0 = on demand only */
    const char *archive_dir; /* DATA/rounds */
    double time_limit_s;     /* of the solve */
    int64_t memory_bytes;    /* RLIMIT_AS of the child; 0 = none */
};

struct rounds *rounds_new(struct event_base *base, struct writer *writer, int64_t (*clock)(void),
                          const struct rounds_options *options,
                          void (*log)(void *arg, const char *line), void *log_arg);
/* Kills a running child. After writer_free, or when nothing more comes through the writer. */
void rounds_free(struct rounds *rounds);

/* Once the region is there: rounds that a daemon left in the middle are recorded as failed. */
void rounds_resume(struct rounds *rounds);

/* Starts a round, or joins the one that runs; its number. 0 when no policy is set or not ready
 * (err). `asked`: the request that a started one is remembered with, by the write that claims its
 * number; NULL = none. */
int64_t rounds_start(struct rounds *rounds, const struct change_idempotency *asked,
                     struct alm_error *err);
int64_t rounds_running(const struct rounds *rounds); /* number, 0 = none */
void rounds_stop(struct rounds *rounds); /* drain: no new round; a running one is ended */

/* Archived bytes of round n, by the names of archive.h; caller frees. NULL with NOT_FOUND. */
char *rounds_archive_read(const struct rounds *rounds, int64_t number, const char *name,
                          size_t *len, struct alm_error *err);
/* The newest archived plan, parsed (NULL = none yet): for explanations and shadow prices. */
const struct plan *rounds_last_plan(const struct rounds *rounds);
/* Explanation of one person in the newest round, against its frozen region (JSON, caller frees). */
char *rounds_explain(const struct rounds *rounds, const char *applicant_id, struct alm_error *err);
/* That person as the round saw them that the last rounds_explain was about, though a newer one may
 * be in the archive by now; NULL = it did not. Good until the next rounds_explain or
 * rounds_last_plan. */
const struct applicant *rounds_seen(const struct rounds *rounds, const char *applicant_id);

/* How long rounds took, for /metrics. */
struct rounds_stats {
    int64_t finished, failed, offers, dropped, last_solve_ms, last_finished_at;
};
struct rounds_stats rounds_stats_get(const struct rounds *rounds);

#endif
