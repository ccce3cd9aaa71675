/* Tests of scheduler/worker.c: whatever becomes of a child, the parent is told and goes on. */
#include <config.h>

#include "tests/check.h"

#include "scheduler/worker.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct answer {
    struct event_base *base;
    int told;
    char *bytes;
    size_t len;
    enum err_code code;
    char message[512];
};

static void on_done(void *arg, const char *bytes, size_t len, const struct alm_error *err)
{
    struct answer *answer = arg;
    answer->told++;
    answer->bytes = bytes ? alloc_string_n(bytes, len) : NULL;
    answer->len = len;
    answer->code = err ? err->code : ERR_NONE;
    if (err)
        memcpy(answer->message, err->message, sizeof answer->message);
    event_base_loopexit(answer->base, NULL);
}

static struct answer run_limited(worker_run_fn run, void *arg, const struct worker_limits *limits,
                                 int sig)
{
    struct answer answer = {.base = event_base_new()};
    struct alm_error err;
    err_init(&err);
    struct worker *worker = worker_start(answer.base, limits, run, arg, on_done, &answer, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(worker);
    CU_ASSERT_EQUAL(answer.told, 0);
    if (sig)
        kill(worker_pid(worker), sig);
    event_base_dispatch(answer.base);
    CU_ASSERT_EQUAL(answer.told, 1);
    CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left, not even a zombie */
    event_base_free(answer.base);
    return answer;
}

static struct answer run_plain(worker_run_fn run, void *arg)
{
    return run_limited(run, arg, &(struct worker_limits){.answer_bytes = 1 << 20}, 0);
}

static int run_hello(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)err;
    buffer_format(out, "hello %s", (const char *)arg);
    return 0;
}

static void test_bytes_come_back(void)
{
    char name[] = "world";
    struct answer answer = run_plain(run_hello, name);
    CU_ASSERT_EQUAL(answer.code, ERR_NONE);
    CU_ASSERT_STRING_EQUAL(answer.bytes, "hello world");
    free(answer.bytes);
}

static int run_much(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)err;
    for (size_t i = 0; i < *(size_t *)arg; i++)
        buffer_add(out, "0123456789", 10);
    return 0;
}

static void test_many_bytes_up_to_the_limit(void)
{
    size_t tens = 90000;
    struct answer answer = run_plain(run_much, &tens);
    CU_ASSERT_EQUAL(answer.len, 900000);
    free(answer.bytes);
    tens = 200000;
    answer = run_plain(run_much, &tens);
    CU_ASSERT_EQUAL(answer.code, ERR_TOO_LARGE);
    CU_ASSERT_PTR_NULL(answer.bytes);
}

static int run_refusing(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)arg;
    buffer_text(out, "half an answer");
    return err_set(err, ERR_REFUSED, "the plan does not stand");
}

static void test_an_error_travels(void)
{
    struct answer answer = run_plain(run_refusing, NULL);
    CU_ASSERT_EQUAL(answer.code, ERR_REFUSED);
    CU_ASSERT_STRING_EQUAL(answer.message, "the plan does not stand");
    CU_ASSERT_PTR_NULL(answer.bytes);
}

static int run_aborting(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)arg, (void)out, (void)err;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static int run_leaving(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)arg, (void)out, (void)err;
    _exit(0); /* in order, but without an answer */
}

static int run_forever(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)arg, (void)out, (void)err;
    volatile unsigned i = 1;
    while (i)
        i |= 2;
    return 0;
}

static void test_a_child_that_dies(void)
{
    struct answer answer = run_plain(run_aborting, NULL);
    CU_ASSERT_EQUAL(answer.code, ERR_INTERNAL);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer.message, "signal 6"));
    answer = run_plain(run_leaving, NULL);
    CU_ASSERT_EQUAL(answer.code, ERR_INTERNAL);
    struct worker_limits limits = {.answer_bytes = 1000};
    answer = run_limited(run_forever, NULL, &limits, SIGKILL);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer.message, "signal 9"));
}

static void test_processor_time_is_limited(void)
{
    struct worker_limits limits = {.answer_bytes = 1000, .cpu_s = 1};
    struct answer answer = run_limited(run_forever, NULL, &limits, 0);
    CU_ASSERT_EQUAL(answer.code, ERR_INTERNAL);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer.message, "processor time"));
}

#ifndef ALMONER_SANITIZED
static int run_hungry(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)arg, (void)err;
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO); /* "out of memory" is what is wanted here */
    while (out->len < SIZE_MAX / 2)
        buffer_add(out, "0123456789abcdef", 16);
    return 0;
}
#endif

static void test_memory_is_limited(void)
{
#ifdef ALMONER_SANITIZED
    check_skip("a sanitizer needs all of the address space");
#else
    struct worker_limits limits = {.answer_bytes = 1000, .memory_bytes = 256 << 20};
    struct answer answer = run_limited(run_hungry, NULL, &limits, 0);
    CU_ASSERT_EQUAL(answer.code, ERR_INTERNAL);
#endif
}

static int run_looking(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)err;
    int held = *(int *)arg, open_fds = 0;
    for (int fd = 3; fd < 256; fd++)
        open_fds += fcntl(fd, F_GETFD) >= 0;
    buffer_format(out, "%d %d", fcntl(held, F_GETFD) < 0 && errno == EBADF, open_fds);
    return 0;
}

static void test_a_child_holds_nothing_of_ours(void)
{
    int fds[2];
    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    int held = fcntl(fds[0], F_DUPFD, 100);
    struct answer answer = run_plain(run_looking, &held);
    CU_ASSERT_STRING_EQUAL(answer.bytes, "1 1"); /* only the pipe back */
    free(answer.bytes);
    close(fds[0]);
    close(fds[1]);
    close(held);
}

static void test_kill_forgets_the_child(void)
{
    struct answer answer = {.base = event_base_new()};
    struct worker_limits limits = {.answer_bytes = 1000};
    struct worker *worker =
        worker_start(answer.base, &limits, run_forever, NULL, on_done, &answer, NULL);
    pid_t pid = worker_pid(worker);
    worker_kill(worker);
    CU_ASSERT(kill(pid, 0) < 0 && errno == ESRCH);
    event_base_loop(answer.base, EVLOOP_NONBLOCK);
    CU_ASSERT_EQUAL(answer.told, 0);
    event_base_free(answer.base);
    worker_kill(NULL);
}

static int run_sleeping(void *arg, struct buffer *out, struct alm_error *err)
{
    (void)arg, (void)out, (void)err;
    while (getpid() > 0)
        pause();
    return 0;
}

/* A stand-in for the daemon starts a worker, says its pid, and is killed. */
static void test_a_child_dies_with_us(void)
{
    int fds[2];
    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    pid_t daemon = fork();
    if (daemon == 0) {
        struct event_base *base = event_base_new();
        struct worker_limits limits = {.answer_bytes = 1000};
        struct worker *worker =
            worker_start(base, &limits, run_sleeping, NULL, on_done, NULL, NULL);
        pid_t pid = worker_pid(worker);
        if (write(fds[1], &pid, sizeof pid) != sizeof pid)
            _exit(1);
        for (;;)
            pause();
    }
    pid_t pid = 0;
    CU_ASSERT_EQUAL(read(fds[0], &pid, sizeof pid), (ssize_t)sizeof pid);
    kill(daemon, SIGKILL);
    waitpid(daemon, NULL, 0);
    char state = 0;
    for (int i = 0; i < 3000 && state != 'Z' && kill(pid, 0) == 0; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
        FILE *file = fopen(path, "r");
        if (file && fscanf(file, "%*d %*s %c", &state) != 1)
            state = 0;
        if (file)
            fclose(file);
        usleep(10000);
    }
    CU_ASSERT(state == 'Z' || kill(pid, 0) < 0); /* where nobody reaps orphans it stays a zombie */
    close(fds[0]);
    close(fds[1]);
}

static const struct check_test tests[] = {
    {"bytes", test_bytes_come_back},
    {"many_bytes", test_many_bytes_up_to_the_limit},
    {"error", test_an_error_travels},
    {"dies", test_a_child_that_dies},
    {"cpu", test_processor_time_is_limited},
    {"memory", test_memory_is_limited},
    {"holds_nothing", test_a_child_holds_nothing_of_ours},
    {"kill", test_kill_forgets_the_child},
    {"dies_with_us", test_a_child_dies_with_us},
};
CHECK_SUITE(suite_worker, tests);
