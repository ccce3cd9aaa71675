/* redis_child.c - see redis_child.h. Owns the process, and a probe that sends PING until it hears
 * PONG. */
#include <config.h> /* not our neighbour of that name */

#include "scheduler/redis_child.h"

#include "models/alloc.h"
#include "scheduler/data_dir.h"
#include "scheduler/log.h"
#include "scheduler/timer.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BACKOFF_MIN_MS = 100,
    BACKOFF_MAX_MS = 5000,
    STEADY_MS = 10000, /* after so long a crash counts as the first again */
    PROBE_MS = 50,
    FIRST_TRIES = 5, /* so often it may die before its first PONG */
    END_S = 10,
    LOCK_FD = 3
};

struct redis_child {
    struct event_base *base;
    struct redis_child_options options;
    char *server, *dir, *socket, *log_file;
    pid_t pid; /* 0 = not running */
    int tries, is_ending;
    int was_up; /* ever */
    int backoff_ms;
    struct event *on_child, *restart, *probe, *steady, *impatience;
    struct bufferevent *probing;
    void (*on_ended)(void *arg);
    void *ended_arg;
};

static void tell_up(struct redis_child *child, const struct alm_error *err)
{
    if (child->options.on_up)
        child->options.on_up(child->options.up_arg, err);
    child->options.on_up = NULL;
}

/* ---- the probe ---- */

static void probe_stop(struct redis_child *child)
{
    event_del(child->probe);
    if (child->probing)
        bufferevent_free(child->probing);
    child->probing = NULL;
}

static void probe_again(struct redis_child *child)
{
    probe_stop(child);
    if (child->pid && !child->is_ending)
        timer_after_ms(child->probe, PROBE_MS);
}

/* "-LOADING ..." while the file is read back: ask again. */
static void on_probe_read(struct bufferevent *probing, void *arg)
{
    struct redis_child *child = arg;
    char *line = evbuffer_readln(bufferevent_get_input(probing), NULL, EVBUFFER_EOL_CRLF);
    if (!line)
        return;
    int is_pong = strcmp(line, "+PONG") == 0;
    free(line);
    if (!is_pong) {
        probe_again(child);
        return;
    }
    probe_stop(child);
    child->was_up = 1;
    timer_after_ms(child->steady, STEADY_MS);
    log_to(child->options.log, child->options.log_arg, "redis-server is up (process %d)",
           (int)child->pid);
    tell_up(child, NULL);
}

static void on_probe_event(struct bufferevent *probing, short what, void *arg)
{
    (void)probing;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
        probe_again(arg);
}

static void on_probe(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct redis_child *child = arg;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, child->socket, strlen(child->socket) + 1);
    child->probing = bufferevent_socket_new(child->base, -1, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(child->probing, on_probe_read, NULL, on_probe_event, child);
    bufferevent_set_timeouts(child->probing, &(struct timeval){.tv_sec = 5}, NULL);
    bufferevent_write(child->probing, "PING\r\n", 6);
    bufferevent_enable(child->probing, EV_READ | EV_WRITE);
    if (bufferevent_socket_connect(child->probing, (struct sockaddr *)&address, sizeof address) < 0)
        probe_again(child);
}

/* ---- the process ---- */

static void __attribute__((noreturn)) child_exec(const struct redis_child *child, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    int out = open(child->log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int in = open("/dev/null", O_RDONLY);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (child->options.lock_fd == LOCK_FD)
        fcntl(LOCK_FD, F_SETFD, 0);
    else if (child->options.lock_fd >= 0)
        dup2(child->options.lock_fd, LOCK_FD);
    close_range(child->options.lock_fd >= 0 ? LOCK_FD + 1 : LOCK_FD, ~0u, 0);
    setsid(); /* a Ctrl-C at the terminal is for the daemon alone, which ends us in order */
    execl(child->server, "redis-server", "--port", "0", "--unixsocket", child->socket,
          "--unixsocketperm", "700", "--dir", child->dir, "--logfile", child->log_file,
          "--daemonize", "no", "--appendonly", "yes", "--appendfsync", "always", "--save", "",
          "--maxmemory-policy", "noeviction", (char *)NULL);
    _exit(127);
}

static void child_start(struct redis_child *child)
{
    pid_t parent = getpid();
    child->tries++;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        child_exec(child, parent);
    if (pid < 0) {
        log_to(child->options.log, child->options.log_arg, "redis-server: no process: %s",
               strerror(errno));
        timer_after_ms(child->restart, BACKOFF_MAX_MS);
        return;
    }
    child->pid = pid;
    timer_after_ms(child->probe, PROBE_MS);
}

static void on_restart(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    child_start(arg);
}

static void child_gave_up(struct redis_child *child)
{
    struct alm_error err;
    err_init(&err);
    err_set(&err, ERR_UNAVAILABLE, "%s does not start: see %s", child->server, child->log_file);
    tell_up(child, &err);
    err_clear(&err);
}

/* It ended: in order, or it has to be started again. */
static void child_ended(struct redis_child *child, int status)
{
    child->pid = 0;
    probe_stop(child);
    event_del(child->steady);
    if (child->is_ending) {
        event_del(child->impatience);
        if (child->on_ended)
            child->on_ended(child->ended_arg);
        return;
    }
    log_to(child->options.log, child->options.log_arg, "redis-server ended by itself (%s %d)",
           WIFSIGNALED(status) ? "signal" : "status",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    if (!child->was_up && child->tries >= FIRST_TRIES) {
        child_gave_up(child);
        return;
    }
    timer_after_ms(child->restart, child->backoff_ms);
    child->backoff_ms *= 2;
    if (child->backoff_ms > BACKOFF_MAX_MS)
        child->backoff_ms = BACKOFF_MAX_MS;
}

static void on_steady(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct redis_child *child = arg;
    child->backoff_ms = BACKOFF_MIN_MS;
}

static void on_child(evutil_socket_t signal, short what, void *arg)
{
    (void)signal, (void)what;
    struct redis_child *child = arg;
    int status;
    if (child->pid && waitpid(child->pid, &status, WNOHANG) == child->pid)
        child_ended(child, status);
}

static void on_impatience(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct redis_child *child = arg;
    log_to(child->options.log, child->options.log_arg,
           "redis-server did not end in %d seconds: killed", END_S);
    if (child->pid)
        kill(child->pid, SIGKILL);
}

/* ---- the door ---- */

struct redis_child *redis_child_new(struct event_base *base,
                                    const struct redis_child_options *options,
                                    struct alm_error *err)
{
    struct redis_child *child = alloc_zero(1, sizeof *child);
    child->base = base;
    child->options = *options;
    child->server = alloc_string(options->server ? options->server : REDIS_SERVER);
    child->dir = data_dir_below(options->data_dir, "redis");
    child->socket = data_dir_below(options->data_dir, "redis.sock");
    child->log_file = data_dir_below(options->data_dir, "redis.log");
    child->backoff_ms = BACKOFF_MIN_MS;
    child->on_child = evsignal_new(base, SIGCHLD, on_child, child);
    child->restart = event_new(base, -1, 0, on_restart, child);
    child->probe = event_new(base, -1, 0, on_probe, child);
    child->steady = event_new(base, -1, 0, on_steady, child);
    child->impatience = event_new(base, -1, 0, on_impatience, child);
    size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
    if (strlen(child->socket) > most) {
        err_set(err, ERR_BAD_INPUT,
                "%s: the path of a unix socket may have %zu bytes, this one has %zu: choose a "
                "shorter --data folder",
                child->socket, most, strlen(child->socket));
        goto fail;
    }
    if (mkdir(child->dir, 0700) < 0 && errno != EEXIST) {
        err_set(err, ERR_UNAVAILABLE, "%s: %s", child->dir, strerror(errno));
        goto fail;
    }
    event_add(child->on_child, NULL);
    child_start(child);
    return child;
fail:
    redis_child_free(child);
    return NULL;
}

const char *redis_child_socket(const struct redis_child *child)
{
    return child->socket;
}

pid_t redis_child_pid(const struct redis_child *child)
{
    return child->pid;
}

void redis_child_end(struct redis_child *child, void (*on_ended)(void *arg), void *arg)
{
    child->is_ending = 1;
    child->on_ended = on_ended;
    child->ended_arg = arg;
    event_del(child->restart);
    probe_stop(child);
    if (!child->pid) {
        on_ended(arg);
        return;
    }
    kill(child->pid, SIGTERM);
    timer_after_ms(child->impatience, END_S * 1000);
}

void redis_child_free(struct redis_child *child)
{
    if (!child)
        return;
    if (child->pid) {
        kill(child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    probe_stop(child);
    event_free(child->impatience);
    event_free(child->steady);
    event_free(child->probe);
    event_free(child->restart);
    event_free(child->on_child);
    free(child->log_file);
    free(child->socket);
    free(child->dir);
    free(child->server);
    free(child);
}
