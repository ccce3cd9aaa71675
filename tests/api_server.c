/* api_server.c - see api_server.h. */
#include "tests/api_server.h"

#include "api/api.h"
#include "models/alloc.h"
#include "models/change.h"
#include "scheduler/rounds.h"
#include "scheduler/writer.h"
#include "store/memory_store.h"
#include "tests/check.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
    struct event_base *base;
    struct event *pump, *on_term;
    struct store *store;
    struct writer *writer;
    struct rounds *rounds;
    struct api *api;
    int port_fd;
};

static int64_t still_clock(void)
{
    return API_SERVER_NOW;
}

static void no_log(void *arg, const char *line)
{
    (void)arg, (void)line;
}

static void on_pump(evutil_socket_t fd, short what, void *arg)
{
    struct child *child = arg;
    (void)fd, (void)what;
    memory_store_run(child->store);
}

static void on_drained(void *arg)
{
    struct child *child = arg;
    event_base_loopexit(child->base, NULL);
}

static void on_term(evutil_socket_t fd, short what, void *arg)
{
    struct child *child = arg;
    (void)fd, (void)what;
    rounds_stop(child->rounds);
    api_drain(child->api, on_drained, child);
}

static void on_ready(void *arg, const struct alm_error *err)
{
    struct child *child = arg;
    int port = err ? 0 : api_port(child->api);
    api_ready(child->api, !err);
    if (write(child->port_fd, &port, sizeof port) != (ssize_t)sizeof port)
        _exit(97);
}

static void on_stored(void *arg, const struct store_reply *reply)
{
    *(int *)arg = reply->status == STORE_OK;
}

/* One change with every record of the region. */
static void store_region(struct store *store, const struct region *region)
{
    struct change change;
    int done = 0;
    change_init(&change);
    strcpy(change.id, "seed");
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record *record = region_first(region, (enum record_type)type);
        for (; record; record = region_next(record))
            change_add(&change, record);
    }
    store_commit(store, &change, on_stored, &done);
    while (memory_store_run(store))
        ;
    change_clear(&change);
    if (!done)
        _exit(96);
}

static int child_run(struct child *child, struct region *region, const char *dir,
                     const char *tokens, int idle_seconds)
{
    struct alm_error err;
    char archive[512];
    snprintf(archive, sizeof archive, "%s/rounds", dir);
    const struct rounds_options rounds = {.archive_dir = archive};
    const struct api_options api = {
        .host = "127.0.0.1", .tokens_path = tokens, .idle_seconds = idle_seconds};
    err_init(&err);
    child->base = event_base_new();
    child->store = memory_store_new();
    store_region(child->store, region);
    region_free(region);
    child->writer = writer_new(child->base, child->store, still_clock, on_ready, child);
    child->rounds = rounds_new(child->base, child->writer, still_clock, &rounds, no_log, NULL);
    child->api =
        api_new(child->base, &api, child->writer, child->rounds, child->store, still_clock, &err);
    if (!child->api) {
        fprintf(stderr, "%s\n", err.message);
        _exit(95);
    }
    child->pump = event_new(child->base, -1, EV_PERSIST, on_pump, child);
    event_add(child->pump, &(struct timeval){.tv_usec = 1000});
    child->on_term = evsignal_new(child->base, SIGTERM, on_term, child);
    event_add(child->on_term, NULL);
    return event_base_dispatch(child->base) < 0;
}

static void child_clear(struct child *child)
{
    store_free(child->store);
    writer_free(child->writer);
    api_free(child->api);
    rounds_free(child->rounds);
    event_free(child->pump);
    event_free(child->on_term);
    event_base_free(child->base);
    libevent_global_shutdown();
}

static void make_token(const char *path, enum role role, const char *scope, char text[TOKEN_TEXT])
{
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(token_create(path, role, scope, text, &err), 0);
    err_clear(&err);
}

static void make_tokens(struct api_server *server, const char *path)
{
    make_token(path, ROLE_DISTRICT, "North", server->tokens[ROLE_DISTRICT]);
    make_token(path, ROLE_INSTITUTION, "I1", server->tokens[ROLE_INSTITUTION]);
    make_token(path, ROLE_PLANNER, "", server->tokens[ROLE_PLANNER]);
    make_token(path, ROLE_ADMIN, "", server->tokens[ROLE_ADMIN]);
    make_token(path, ROLE_DISTRICT, "South", server->south);
    make_token(path, ROLE_INSTITUTION, "I2", server->i2);
}

void api_server_start(struct api_server *server, struct region *region, int idle_seconds)
{
    char *dir = check_tmpdir(), tokens[512];
    int pipes[2];
    *server = (struct api_server){0};
    snprintf(tokens, sizeof tokens, "%s/tokens.json", dir);
    make_tokens(server, tokens);
    CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
    fflush(NULL);
    server->pid = fork();
    if (server->pid == 0) {
        struct child child = {.port_fd = pipes[1]};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(pipes[0]);
        int status = child_run(&child, region, dir, tokens, idle_seconds);
        child_clear(&child);
        free(dir);
        exit(status);
    }
    close(pipes[1]);
    if (read(pipes[0], &server->port, sizeof server->port) != (ssize_t)sizeof server->port)
        server->port = 0;
    close(pipes[0]);
    region_free(region);
    free(dir);
    CU_ASSERT_NOT_EQUAL_FATAL(server->port, 0);
}

long api_server_memory_kb(const struct api_server *server)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)server->pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmRSS: %ld", &kb);
    if (file)
        fclose(file);
    return kb;
}

int api_server_stop(struct api_server *server)
{
    int status = -1;
    kill(server->pid, SIGTERM);
    waitpid(server->pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
