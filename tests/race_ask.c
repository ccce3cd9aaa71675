/* race_ask.c - many requests at the same time. See race_rig.h. */
#include "tests/race_rig.h"

#include "models/alloc.h"
#include "tests/check.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct race_ask *race_ask_add(struct race_asks *asks, int daemon, const char *method,
                              const char *token, const char *body, const char *path, ...)
{
    ALLOC_GROW(asks->list, asks->n, asks->room);
    struct race_ask *ask = &asks->list[asks->n++];
    *ask = (struct race_ask){
        .daemon = daemon, .method = method, .token = token, .body = alloc_string(body)};
    va_list args;
    va_start(args, path);
    vsnprintf(ask->path, sizeof ask->path, path, args);
    va_end(args);
    return ask;
}

void race_asks_clear(struct race_asks *asks)
{
    for (size_t i = 0; i < asks->n; i++) {
        free(asks->list[i].body);
        free(asks->list[i].answer);
    }
    free(asks->list);
    *asks = (struct race_asks){0};
}

/* One run: what its clients share. */
struct run {
    struct race_rig *rig;
    struct race_asks *asks;
    pthread_barrier_t start;
    pthread_barrier_t step[RACE_LANES]; /* lanes of that number, one at each daemon */
    int *done;
};

struct lane {
    struct run *run;
    int daemon, number;
    pthread_t thread;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void ask_one(const struct served *served, int *fd, struct race_ask *ask)
{
    ask->status = -1;
    ask->sent_ns = now_ns();
    if (*fd >= 0 && served_send(*fd, ask->method, ask->path, ask->token, ask->more, ask->body) == 0)
        ask->status = served_receive(*fd, &ask->answer);
    ask->done_ns = now_ns();
    char *connection = ask->answer ? served_header(ask->answer, "Connection") : NULL;
    if (ask->status <= 0 || (connection && strcmp(connection, "close") == 0)) {
        if (*fd >= 0)
            close(*fd);
        *fd = served_connect(served);
    }
    free(connection);
}

/* Of the requests to its daemon a lane takes every RACE_LANES-th. */
static void *run_lane(void *arg)
{
    const struct lane *lane = arg;
    struct run *run = lane->run;
    const struct served *served = run->rig->daemon[lane->daemon];
    int fd = served_connect(served), ordinal = 0;
    pthread_barrier_wait(&run->start);
    for (size_t i = 0; i < run->asks->n; i++) {
        struct race_ask *ask = &run->asks->list[i];
        if (ask->daemon != lane->daemon || ordinal++ % RACE_LANES != lane->number)
            continue;
        if (run->asks->is_in_step)
            pthread_barrier_wait(&run->step[lane->number]);
        ask_one(served, &fd, ask);
        if (run->done)
            __atomic_add_fetch(run->done, 1, __ATOMIC_SEQ_CST);
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

void race_run(struct race_rig *rig, struct race_asks *asks, int *done)
{
    struct run run = {.rig = rig, .asks = asks, .done = done};
    struct lane lanes[RACE_DAEMONS * RACE_LANES];
    int n = RACE_DAEMONS * RACE_LANES;
    pthread_barrier_init(&run.start, NULL, (unsigned)n);
    for (int i = 0; i < RACE_LANES; i++)
        pthread_barrier_init(&run.step[i], NULL, RACE_DAEMONS);
    for (int i = 0; i < n; i++) {
        lanes[i] =
            (struct lane){.run = &run, .daemon = i % RACE_DAEMONS, .number = i / RACE_DAEMONS};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&lanes[i].thread, NULL, run_lane, &lanes[i]), 0);
    }
    for (int i = 0; i < n; i++)
        pthread_join(lanes[i].thread, NULL);
    for (int i = 0; i < RACE_LANES; i++)
        pthread_barrier_destroy(&run.step[i]);
    pthread_barrier_destroy(&run.start);
}

struct killer {
    const struct served *victim;
    int after; /* answers */
    int done;
};

static void *kill_in_the_middle(void *arg)
{
    struct killer *killer = arg;
    while (__atomic_load_n(&killer->done, __ATOMIC_SEQ_CST) < killer->after)
        usleep(100);
    kill(killer->victim->pid, SIGKILL);
    return NULL;
}

void race_run_killing(struct race_rig *rig, struct race_asks *asks, int daemon, int after)
{
    struct killer killer = {.victim = rig->daemon[daemon], .after = after};
    pthread_t thread;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, kill_in_the_middle, &killer), 0);
    race_run(rig, asks, &killer.done);
    pthread_join(thread, NULL);
    CU_ASSERT_EQUAL(served_end(rig->daemon[daemon], SIGKILL), 128 + SIGKILL);
    CU_ASSERT_EQUAL_FATAL(race_rig_start(rig, daemon), 0);
}

size_t race_count(const struct race_asks *asks, int status)
{
    size_t n = 0;
    for (size_t i = 0; i < asks->n; i++)
        n += asks->list[i].status == status;
    return n;
}

json_t *race_body(const char *answer)
{
    const char *body = answer ? strstr(answer, "\r\n\r\n") : NULL;
    return body ? json_loads(body + 4, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

int race_says(const struct race_ask *ask, const char *word)
{
    json_t *body = race_body(ask->answer);
    const char *code = json_string_value(json_object_get(body, "code"));
    int is_it = code && strcmp(code, word) == 0;
    json_decref(body);
    return is_it;
}

uint64_t race_version(const struct race_ask *ask)
{
    char *etag = ask->answer ? served_header(ask->answer, "ETag") : NULL;
    uint64_t version = etag && *etag == '"' ? strtoull(etag + 1, NULL, 10) : 0;
    free(etag);
    return version;
}
