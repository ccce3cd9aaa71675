/* worker.c - see worker.h. Owns the child process, the pipe from it and what came through so far.
 *
 * The child sends one word (the code of its error, "none" = fine), a line feed, and then its bytes
 * or its message. The answer counts when the pipe is closed and the child has left with exit status
 * 0. */
#include "scheduler/worker.h"

#include <config.h> /* not our neighbour of that name */

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
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct worker {
    pid_t pid;
    struct bufferevent *pipe;
    struct event *on_child;
    struct buffer bytes;
    size_t answer_bytes;
    int is_closed, is_ended, is_too_much;
    int wait_status;
    worker_done_fn on_done;
    void *done_arg;
};

/* ---- in the child ---- */

static void child_limit(int resource, int64_t soft, int64_t hard)
{
    struct rlimit limit = {.rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard};
    setrlimit(resource, &limit);
}

/* Lets go of everything of the parent: its signals, its sockets, its terminal. */
static void child_settle(int out, pid_t parent, const struct worker_limits *limits)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGPIPE};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1); /* the parent died before the line above */
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR);
    dup2(null, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO); /* GLPK talks on stdout before it aborts */
    dup2(out, STDERR_FILENO + 1);
    close_range(STDERR_FILENO + 2, ~0u, 0);
    child_limit(RLIMIT_CORE, 0, 0);
    if (limits->cpu_s > 0)
        child_limit(RLIMIT_CPU, limits->cpu_s, limits->cpu_s + 1); /* SIGXCPU, then SIGKILL */
#ifndef ALMONER_SANITIZED
    if (limits->memory_bytes > 0)
        child_limit(RLIMIT_AS, limits->memory_bytes, limits->memory_bytes);
#endif
    if (nice(5) < 0)
        errno = 0; /* only a courtesy to those who wait for HTTP */
}

static int child_send(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

static void __attribute__((noreturn)) child_run(worker_run_fn run, void *arg)
{
    int fd = STDERR_FILENO + 1;
    struct buffer out;
    struct alm_error err;
    char head[64];
    buffer_init(&out);
    err_init(&err);
    int rc = run(arg, &out, &err);
    if (rc < 0 && err.code == ERR_NONE)
        err_set(&err, ERR_INTERNAL, "the work failed without a reason");
    const char *body = rc < 0 ? err.message : out.bytes;
    size_t len = rc < 0 ? strlen(err.message) : out.len;
    snprintf(head, sizeof head, "%d\n", rc < 0 ? (int)err.code : (int)ERR_NONE);
    if (child_send(fd, head, strlen(head)) < 0 || child_send(fd, body, len) < 0)
        _exit(1);
    _exit(0);
}

/* ---- in the parent ---- */

static void worker_free(struct worker *worker)
{
    if (worker->pipe)
        bufferevent_free(worker->pipe);
    if (worker->on_child)
        event_free(worker->on_child);
    buffer_clear(&worker->bytes);
    free(worker);
}

/* How a child that gave no answer ended, in words. */
static void worker_explain(const struct worker *worker, struct alm_error *err)
{
    int status = worker->wait_status;
    if (worker->is_too_much)
        err_set(err, ERR_TOO_LARGE, "the worker sent more than %zu bytes", worker->answer_bytes);
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        err_set(err, ERR_INTERNAL, "the worker used up its processor time");
    else if (WIFSIGNALED(status))
        err_set(err, ERR_INTERNAL, "the worker was ended by signal %d (%s)", WTERMSIG(status),
                strsignal(WTERMSIG(status)));
    else
        err_set(err, ERR_INTERNAL, "the worker gave up with exit status %d (out of memory?)",
                WEXITSTATUS(status));
}

static void worker_answer(struct worker *worker)
{
    struct alm_error err;
    err_init(&err);
    const char *body = worker->bytes.len ? strchr(worker->bytes.bytes, '\n') : NULL;
    if (worker->is_too_much || !WIFEXITED(worker->wait_status) ||
        WEXITSTATUS(worker->wait_status) != 0 || !body) {
        worker_explain(worker, &err);
    } else {
        int code = atoi(worker->bytes.bytes);
        body++;
        if (code != ERR_NONE)
            err_set(&err, (enum err_code)code, "%s", body);
    }
    if (err.code != ERR_NONE)
        worker->on_done(worker->done_arg, NULL, 0, &err);
    else
        worker->on_done(worker->done_arg, body,
                        worker->bytes.len - (size_t)(body - worker->bytes.bytes), NULL);
    err_clear(&err);
    worker_free(worker);
}

static void worker_look(struct worker *worker)
{
    if (!worker->is_ended && waitpid(worker->pid, &worker->wait_status, WNOHANG) == worker->pid)
        worker->is_ended = 1;
    if (worker->is_ended && worker->is_closed)
        worker_answer(worker);
}

static void on_child(evutil_socket_t signal, short what, void *arg)
{
    (void)signal, (void)what;
    worker_look(arg);
}

static void on_read(struct bufferevent *pipe, void *arg)
{
    struct worker *worker = arg;
    struct evbuffer *input = bufferevent_get_input(pipe);
    size_t len = evbuffer_get_length(input);
    if (worker->bytes.len + len > worker->answer_bytes) {
        worker->is_too_much = 1;
        kill(worker->pid, SIGKILL);
        evbuffer_drain(input, len);
        return;
    }
    buffer_add(&worker->bytes, evbuffer_pullup(input, -1), len);
    evbuffer_drain(input, len);
}

static void on_close(struct bufferevent *pipe, short what, void *arg)
{
    (void)pipe, (void)what;
    struct worker *worker = arg;
    worker->is_closed = 1;
    worker_look(worker);
}

static void worker_listen(struct worker *worker, struct event_base *base, int fd)
{
    evutil_make_socket_nonblocking(fd);
    worker->pipe = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(worker->pipe, on_read, NULL, on_close, worker);
    bufferevent_enable(worker->pipe, EV_READ);
    worker->on_child = evsignal_new(base, SIGCHLD, on_child, worker);
    event_add(worker->on_child, NULL);
}

struct worker *worker_start(struct event_base *base, const struct worker_limits *limits,
                            worker_run_fn run, void *run_arg, worker_done_fn on_done,
                            void *done_arg, struct alm_error *err)
{
    int fds[2];
    pid_t parent = getpid();
    if (pipe2(fds, O_CLOEXEC) < 0) {
        err_set(err, ERR_INTERNAL, "no pipe for a worker: %s", strerror(errno));
        return NULL;
    }
    struct worker *worker = alloc_zero(1, sizeof *worker);
    buffer_init(&worker->bytes);
    worker->answer_bytes = limits->answer_bytes;
    worker->on_done = on_done;
    worker->done_arg = done_arg;
    worker_listen(worker, base, fds[0]); /* before the fork: no SIGCHLD can be missed */
    fflush(NULL);
    worker->pid = fork();
    if (worker->pid == 0) {
        child_settle(fds[1], parent, limits);
        alloc_keep_freed();
        child_run(run, run_arg);
    }
    close(fds[1]);
    if (worker->pid < 0) {
        err_set(err, ERR_INTERNAL, "no process for a worker: %s", strerror(errno));
        worker_free(worker);
        return NULL;
    }
    return worker;
}

void worker_kill(struct worker *worker)
{
    if (!worker)
        return;
    kill(worker->pid, SIGKILL);
    while (!worker->is_ended && waitpid(worker->pid, &worker->wait_status, 0) < 0 && errno == EINTR)
        continue;
    worker_free(worker);
}

pid_t worker_pid(const struct worker *worker)
{
    return worker->pid;
}
