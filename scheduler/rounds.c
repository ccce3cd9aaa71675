/* rounds.c - see rounds.h. Owns the round in progress, the newest archived round as read back, and
 * the timer of periodic rounds.
 *
 * Delegates: solving to a worker (solve_task.h), every change to the writer, files to archive.h,
 * the lapsing of offers to deadlines.h. What always holds: at most one round is in progress; it
 * goes through claiming, solving, offering, recording, in this order, and ends with a record or
 * with a line in the log. Its number is claimed in the store before anything else happens: of two
 * daemons one has it. */
#include "scheduler/rounds.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/plan.h"
#include "scheduler/archive.h"
#include "scheduler/deadlines.h"
#include "scheduler/log.h"
#include "scheduler/solve_task.h"
#include "scheduler/timer.h"
#include "scheduler/usecases/usecases.h"
#include "scheduler/worker.h"
#include "solver/explain.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RETRY_MS = 1000,
    OFFERS_IN_HAND = 64, /* groups given to the writer at a time */
    CPU_S = 4 * 3600,    /* of one solve, when no time limit is set */
    PLAN_BYTES_MAX = 1 << 28,
};

/* The round in progress. */
struct running {
    struct rounds *rounds;
    struct round *record; /* filled in on the way */
    struct solve_task task;
    struct worker *worker; /* while it solves */
    struct placement_groups groups;
    int has_groups;
    size_t next_group, in_hand; /* while it offers */
    struct event *retry;        /* while it waits to record */
};

/* A round as the archive has it. */
struct latest {
    int64_t number; /* 0 = none read yet */
    struct plan plan;
    struct region *region; /* NULL until somebody asks */
};

struct rounds {
    struct event_base *base;
    struct writer *writer;
    int64_t (*clock)(void);
    struct rounds_options options;
    char *archive_dir;
    void (*log)(void *arg, const char *line);
    void *log_arg;
    struct event *period;
    struct deadlines *deadlines;
    struct running *running;
    struct latest *latest;
    struct rounds_stats stats;
    int is_stopped;
};

struct offer_job {
    struct running *running;
    const struct placement_group *group;
};

static void offer_more(struct running *running);
static void record_round(struct running *running);

/* ---- the newest round, read back from the archive ---- */

static void latest_forget(struct latest *latest)
{
    if (latest->number)
        plan_clear(&latest->plan);
    region_free(latest->region);
    *latest = (struct latest){0};
}

static int latest_read(const struct rounds *rounds, struct alm_error *err)
{
    struct latest *latest = rounds->latest;
    int64_t number = archive_last(rounds->archive_dir);
    if (number && number == latest->number)
        return 0;
    size_t len = 0;
    latest_forget(latest);
    char *json = archive_get(rounds->archive_dir, number, "plan.json", &len, err);
    if (!json)
        return -1;
    int rc = plan_from_json(json, len, &latest->plan, err);
    free(json);
    if (rc == 0)
        latest->number = number;
    return rc;
}

static const struct region *latest_region(const struct rounds *rounds, struct alm_error *err)
{
    struct latest *latest = rounds->latest;
    if (latest_read(rounds, err) < 0)
        return NULL;
    if (!latest->region)
        latest->region = archive_region(rounds->archive_dir, latest->number, err);
    return latest->region;
}

/* ---- a round: the end ---- */

static void running_free(struct running *running)
{
    worker_kill(running->worker);
    if (running->has_groups)
        placement_groups_clear(&running->groups);
    if (running->retry)
        event_free(running->retry);
    record_free(&running->record->record);
    free(running);
}

static void round_end(struct running *running)
{
    struct rounds *rounds = running->rounds;
    const struct round *round = running->record;
    if (round->ok)
        rounds->stats.finished++;
    else
        rounds->stats.failed++;
    rounds->stats.offers += round->offers;
    rounds->stats.dropped += round->dropped;
    rounds->stats.last_solve_ms = round->solve_ms;
    rounds->stats.last_finished_at = round->finished_at;
    if (round->ok)
        log_to(rounds->log, rounds->log_arg,
               "round %" PRId64 " is done: %s, %" PRId64 " placed, %" PRId64 " offers, %" PRId64
               " dropped",
               round->number, words_name(&words_plan_status, (int)round->status), round->placed,
               round->offers, round->dropped);
    else
        log_to(rounds->log, rounds->log_arg, "round %" PRId64 " failed: %s", round->number,
               round->message);
    rounds->running = NULL;
    running_free(running);
}

static int decide_record(const struct region *region, void *arg, int64_t now, struct change *change,
                         struct alm_error *err)
{
    const struct running *running = arg;
    return round_record(region, running->record, now, change, err);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    record_round(arg);
}

static void on_recorded(void *arg, const struct writer_result *result)
{
    struct running *running = arg;
    struct rounds *rounds = running->rounds;
    if (result->err) {
        log_to(rounds->log, rounds->log_arg, "round %" PRId64 " is not recorded: %s",
               running->record->number, result->err->message);
        if (result->err->code == ERR_UNAVAILABLE && !rounds->is_stopped) {
            timer_after_ms(running->retry, RETRY_MS);
            return;
        }
    }
    round_end(running);
}

static void record_round(struct running *running)
{
    struct rounds *rounds = running->rounds;
    running->record->finished_at = rounds->clock();
    writer_submit(rounds->writer, decide_record, running, NULL, on_recorded, running);
}

static void round_fail(struct running *running, const char *why)
{
    free(running->record->message);
    running->record->message = alloc_string(why);
    running->record->ok = 0;
    record_round(running);
}

/* ---- a round: the plan becomes offers ---- */

static int decide_offers(const struct region *region, void *arg, int64_t now, struct change *change,
                         struct alm_error *err)
{
    const struct offer_job *job = arg;
    return placement_decide(region, job->group, job->running->record->number, now, change, err);
}

static void on_offered(void *arg, const struct writer_result *result)
{
    struct offer_job *job = arg;
    struct running *running = job->running;
    if (result->err)
        running->record->dropped += (int64_t)job->group->n;
    else
        running->record->offers += (int64_t)job->group->n;
    if (result->err)
        log_to(running->rounds->log, running->rounds->log_arg,
               "round %" PRId64 ": the place of %s is dropped: %s", running->record->number,
               job->group->members[0].placement.applicant_id, result->err->message);
    free(job);
    running->in_hand--;
    offer_more(running);
}

static void offer_more(struct running *running)
{
    struct rounds *rounds = running->rounds;
    while (running->next_group < running->groups.n && running->in_hand < OFFERS_IN_HAND &&
           !rounds->is_stopped) {
        struct offer_job *job = alloc_zero(1, sizeof *job);
        job->running = running;
        job->group = &running->groups.list[running->next_group++];
        running->in_hand++;
        writer_submit(rounds->writer, decide_offers, job, NULL, on_offered, job);
    }
    if (running->in_hand > 0)
        return;
    for (size_t i = running->next_group; i < running->groups.n; i++)
        running->record->dropped += (int64_t)running->groups.list[i].n; /* we are stopping */
    running->next_group = running->groups.n;
    record_round(running);
}

static void fill_from_plan(struct round *round, const struct plan *plan)
{
    char *bytes = plan_to_json(plan, 0);
    char hash[65], text[72];
    digest_hex(bytes, strlen(bytes), hash);
    snprintf(text, sizeof text, "sha256:%s", hash);
    free(bytes);
    free(round->plan_sha256);
    free(round->world_sha256);
    free(round->engine);
    round->plan_sha256 = alloc_string(text);
    round->world_sha256 = alloc_string(plan->world);
    round->engine = alloc_string(plan->engine);
    round->ok = 1;
    round->status = plan->status;
    round->n_objectives = plan->n_objectives;
    memcpy(round->objectives, plan->objectives, sizeof round->objectives);
    round->placed = (int64_t)plan->n_placements;
    round->unplaced = (int64_t)plan->n_unplaced;
    round->solve_ms = (int64_t)(plan->stats.solve_s * 1000);
}

static void on_solved(void *arg, const char *bytes, size_t len, const struct alm_error *failure)
{
    struct running *running = arg;
    struct plan plan;
    struct alm_error err;
    running->worker = NULL; /* frees itself */
    if (failure) {
        round_fail(running, failure->message);
        return;
    }
    err_init(&err);
    plan_init(&plan);
    const struct region *frozen = NULL;
    if (plan_from_json(bytes, len, &plan, &err) == 0)
        frozen = latest_region(running->rounds, &err);
    if (frozen) {
        fill_from_plan(running->record, &plan);
        placement_groups_init(frozen, &plan, running->record->number, &running->groups);
        running->has_groups = 1;
        running->record->dropped = (int64_t)running->groups.n_cut;
        offer_more(running);
    } else {
        round_fail(running, err.message);
    }
    plan_clear(&plan);
    err_clear(&err);
}

/* ---- a round: the start ---- */

static int64_t next_number(const struct rounds *rounds, const struct region *region)
{
    int64_t greatest = archive_last(rounds->archive_dir);
    const struct record *record = region_first(region, RECORD_ROUND);
    for (; record; record = region_next(record)) {
        const struct round *round = (const void *)record;
        if (round->number > greatest)
            greatest = round->number;
    }
    return greatest + 1;
}

static void count_frozen(struct round *round, const struct region *region)
{
    const struct record *record = region_first(region, RECORD_APPLICANT);
    for (; record; record = region_next(record))
        round->waiting +=
            ((const struct applicant *)(const void *)record)->state == APPLICANT_WAITING;
    for (record = region_first(region, RECORD_POOL); record; record = region_next(record))
        if (!vacancy_is_aged(region_policy(region), (const void *)record, round->started_at))
            round->vacancies += pool_offerable((const void *)record);
}

static struct running *running_new(struct rounds *rounds, const struct region *region)
{
    struct running *running = alloc_zero(1, sizeof *running);
    int64_t number = next_number(rounds, region);
    char id[ID_MAX + 1];
    snprintf(id, sizeof id, "%" PRId64, number);
    running->rounds = rounds;
    running->record = (void *)record_new(RECORD_ROUND, id);
    running->record->number = number;
    running->record->started_at = rounds->clock();
    running->retry = event_new(rounds->base, -1, 0, on_retry, running);
    return running;
}

static void round_solve(struct running *running)
{
    struct rounds *rounds = running->rounds;
    const struct region *region = writer_region(rounds->writer);
    double limit_s = rounds->options.time_limit_s;
    struct alm_error err;
    struct worker_limits limits = {
        .memory_bytes = rounds->options.memory_bytes,
        .cpu_s = limit_s > 0 ? (int64_t)limit_s * 2 + 60 : CPU_S,
        .answer_bytes = PLAN_BYTES_MAX,
    };
    err_init(&err);
    running->task = (struct solve_task){
        .region = (struct region *)(uintptr_t)region, /* the child has a copy of its own */
        .number = running->record->number,
        .now = running->record->started_at,
        .time_limit_s = limit_s,
        .archive_dir = rounds->archive_dir,
    };
    count_frozen(running->record, region);
    running->worker = worker_start(rounds->base, &limits, solve_task_run, &running->task, on_solved,
                                   running, &err);
    if (running->worker)
        log_to(rounds->log, rounds->log_arg,
               "round %" PRId64 " has started: %" PRId64 " waiting, %" PRId64 " vacancies",
               running->record->number, running->record->waiting, running->record->vacancies);
    else
        round_fail(running, err.message);
    err_clear(&err);
}

static int decide_claim(const struct region *region, void *arg, int64_t now, struct change *change,
                        struct alm_error *err)
{
    const struct running *running = arg;
    return round_open(region, running->record, now, change, err);
}

/* Whoever asked for this round has its number: when another daemon was first, it is that one's. */
static void on_claimed(void *arg, const struct writer_result *result)
{
    struct running *running = arg;
    struct rounds *rounds = running->rounds;
    if (result->err || result->repeated) {
        log_to(rounds->log, rounds->log_arg, "round %" PRId64 " is not run here: %s",
               running->record->number,
               result->err ? result->err->message : "another daemon was asked for it as well");
        rounds->running = NULL;
        running_free(running);
    } else if (rounds->is_stopped) {
        round_fail(running, "the daemon was stopped");
    } else {
        round_solve(running);
    }
}

int64_t rounds_start(struct rounds *rounds, const struct change_idempotency *asked,
                     struct alm_error *err)
{
    const struct region *region = writer_region(rounds->writer);
    if (rounds->running)
        return rounds->running->record->number;
    if (!region || rounds->is_stopped) {
        err_set(err, ERR_UNAVAILABLE, "no round can start now: the daemon is %s",
                region ? "ending" : "not ready");
        return 0;
    }
    if (!region_policy(region)) {
        err_set(err, ERR_ILLEGAL_STATE, "no round can start before a policy is set");
        return 0;
    }
    rounds->running = running_new(rounds, region);
    int64_t number = rounds->running->record->number;
    writer_submit(rounds->writer, decide_claim, rounds->running, asked, on_claimed,
                  rounds->running);
    return number;
}

static int decide_left(const struct region *region, void *arg, int64_t now, struct change *change,
                       struct alm_error *err)
{
    (void)arg;
    return round_close_left(region, now, change, err);
}

static void on_left_closed(void *arg, const struct writer_result *result)
{
    const struct rounds *rounds = arg;
    if (result->err)
        log_to(rounds->log, rounds->log_arg, "rounds that were never finished stay so: %s",
               result->err->message);
}

void rounds_resume(struct rounds *rounds)
{
    writer_submit(rounds->writer, decide_left, NULL, NULL, on_left_closed, rounds);
}

static void on_period(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct rounds *rounds = arg;
    struct alm_error err;
    err_init(&err);
    if (!rounds_start(rounds, NULL, &err))
        log_to(rounds->log, rounds->log_arg, "no round: %s", err.message);
    err_clear(&err);
}

/* ---- the door ---- */

struct rounds *rounds_new(struct event_base *base, struct writer *writer, int64_t (*clock)(void),
                          const struct rounds_options *options,
                          void (*log)(void *arg, const char *line), void *log_arg)
{
    struct rounds *rounds = alloc_zero(1, sizeof *rounds);
    rounds->base = base;
    rounds->writer = writer;
    rounds->clock = clock;
    rounds->options = *options;
    rounds->archive_dir = alloc_string(options->archive_dir);
    rounds->log = log;
    rounds->log_arg = log_arg;
    rounds->latest = alloc_zero(1, sizeof *rounds->latest);
    rounds->period = event_new(base, -1, EV_PERSIST, on_period, rounds);
    rounds->deadlines = deadlines_new(base, writer, clock);
    if (options->round_seconds > 0)
        event_add(rounds->period, &(struct timeval){.tv_sec = options->round_seconds});
    return rounds;
}

void rounds_stop(struct rounds *rounds)
{
    rounds->is_stopped = 1;
    event_del(rounds->period);
    deadlines_stop(rounds->deadlines);
    struct running *running = rounds->running;
    if (running && running->worker) {
        worker_kill(running->worker);
        running->worker = NULL;
        round_fail(running, "the daemon was stopped");
    } else if (running && event_pending(running->retry, EV_TIMEOUT, NULL)) {
        round_end(running);
    }
}

void rounds_free(struct rounds *rounds)
{
    if (!rounds)
        return;
    if (rounds->running)
        running_free(rounds->running);
    latest_forget(rounds->latest);
    free(rounds->latest);
    deadlines_free(rounds->deadlines);
    event_free(rounds->period);
    free(rounds->archive_dir);
    free(rounds);
}

int64_t rounds_running(const struct rounds *rounds)
{
    return rounds->running ? rounds->running->record->number : 0;
}

char *rounds_archive_read(const struct rounds *rounds, int64_t number, const char *name,
                          size_t *len, struct alm_error *err)
{
    return archive_get(rounds->archive_dir, number, name, len, err);
}

const struct plan *rounds_last_plan(const struct rounds *rounds)
{
    return latest_read(rounds, NULL) == 0 ? &rounds->latest->plan : NULL;
}

/* Of somebody who was not there at the last round, or before the first one: as the region is now.
 */
static char *explain_newcomer(const struct rounds *rounds, const struct plan *plan,
                              const char *applicant_id, struct alm_error *err)
{
    const struct region *region = writer_region(rounds->writer);
    const struct policy *policy = region_policy(region);
    if (policy)
        return explain_json(region, policy, plan, applicant_id, 0, err);
    err_set(err, ERR_NOT_FOUND, "nothing can be explained before a policy is set");
    return NULL;
}

char *rounds_explain(const struct rounds *rounds, const char *applicant_id, struct alm_error *err)
{
    if (archive_last(rounds->archive_dir) == 0) {
        struct plan none;
        plan_init(&none);
        none.now = rounds->clock();
        return explain_newcomer(rounds, &none, applicant_id, err);
    }
    const struct region *region = latest_region(rounds, err);
    if (!region)
        return NULL;
    const struct plan *plan = &rounds->latest->plan;
    if (!region_applicant(region, applicant_id))
        return explain_newcomer(rounds, plan, applicant_id, err);
    return explain_json(region, region_policy(region), plan, applicant_id, 0, err);
}

const struct applicant *rounds_seen(const struct rounds *rounds, const char *applicant_id)
{
    const struct region *region = rounds->latest->region;
    return region ? region_applicant(region, applicant_id) : NULL;
}

struct rounds_stats rounds_stats_get(const struct rounds *rounds)
{
    return rounds->stats;
}
