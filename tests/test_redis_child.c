/* Tests of scheduler/redis_child.c and data_dir.c: PONG before ready, started again, gone with us.
 */
#include "tests/check.h"

#include "models/alloc.h"
#include "scheduler/data_dir.h"
#include "scheduler/redis_child.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
    struct event_base *base;
    char *dir;
    struct redis_child *child;
    int ups, ends, logs;
    enum err_code code;
    pid_t
        stop_when_not; /* leave the loop when a line is logged and this process is not the child */
};

static void on_up(void *arg, const struct alm_error *err)
{
    struct place *place = arg;
    place->ups++;
    place->code = err ? err->code : ERR_NONE;
    event_base_loopbreak(place->base);
}

static void on_ended(void *arg)
{
    struct place *place = arg;
    place->ends++;
    event_base_loopbreak(place->base);
}

static void on_log(void *arg, const char *line)
{
    struct place *place = arg;
    place->logs++;
    if (place->stop_when_not && strstr(line, "is up"))
        event_base_loopbreak(place->base);
}

static struct alm_error place_open(struct place *place, const char *server, int lock_fd)
{
    struct alm_error err;
    err_init(&err);
    place->base = event_base_new();
    if (!place->dir)
        place->dir = check_tmpdir();
    struct redis_child_options options = {
        .server = server,
        .data_dir = place->dir,
        .lock_fd = lock_fd,
        .log = on_log,
        .log_arg = place,
        .on_up = on_up,
        .up_arg = place,
    };
    place->child = redis_child_new(place->base, &options, &err);
    return err;
}

static void place_close(struct place *place)
{
    redis_child_free(place->child);
    event_base_free(place->base);
    free(place->dir);
}

static char *ask(const char *socket_path, const char *command)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char reply[200] = "";
    memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, command, strlen(command), MSG_NOSIGNAL) > 0 &&
        recv(fd, reply, sizeof reply - 1, 0) < 0)
        reply[0] = '\0';
    close(fd);
    return alloc_string(reply);
}

static int has_setting(const struct place *place, const char *name, const char *value)
{
    char command[100];
    snprintf(command, sizeof command, "CONFIG GET %s\r\n", name);
    char *reply = ask(redis_child_socket(place->child), command);
    char line[100];
    snprintf(line, sizeof line, "\r\n%s\r\n", value);
    int found = strstr(reply, line) != NULL;
    free(reply);
    return found;
}

static void test_up_and_end(void)
{
    struct place place = {0};
    struct alm_error err = place_open(&place, NULL, -1);
    struct stat stat_of;
    CU_ASSERT_EQUAL_FATAL(err.code, ERR_NONE);
    event_base_dispatch(place.base);
    CU_ASSERT_EQUAL(place.ups, 1);
    CU_ASSERT_EQUAL(place.code, ERR_NONE);
    CU_ASSERT(has_setting(&place, "appendonly", "yes"));
    CU_ASSERT(has_setting(&place, "appendfsync", "always"));
    CU_ASSERT(has_setting(&place, "maxmemory-policy", "noeviction"));
    CU_ASSERT(has_setting(&place, "port", "0"));
    CU_ASSERT(has_setting(&place, "save", ""));
    CU_ASSERT(!has_setting(&place, "appendonly", "no")); /* the question can be answered with no */
    CU_ASSERT_EQUAL(stat(redis_child_socket(place.child), &stat_of), 0);
    CU_ASSERT_EQUAL(stat_of.st_mode & 0777, 0700);
    pid_t pid = redis_child_pid(place.child);
    redis_child_end(place.child, on_ended, &place);
    event_base_dispatch(place.base);
    CU_ASSERT_EQUAL(place.ends, 1);
    CU_ASSERT(kill(pid, 0) < 0 && errno == ESRCH);
    CU_ASSERT_EQUAL(redis_child_pid(place.child), 0);
    place_close(&place);
}

static void test_started_again_with_its_data(void)
{
    struct place place = {0};
    place_open(&place, NULL, -1);
    event_base_dispatch(place.base);
    CU_ASSERT_EQUAL_FATAL(place.ups, 1);
    free(ask(redis_child_socket(place.child), "SET kept yes\r\n"));
    pid_t first = redis_child_pid(place.child);
    place.stop_when_not = first;
    kill(first, SIGKILL);
    event_base_dispatch(place.base);
    CU_ASSERT(redis_child_pid(place.child) != first && redis_child_pid(place.child) > 0);
    CU_ASSERT_EQUAL(place.ups, 1); /* told once */
    char *reply = ask(redis_child_socket(place.child), "GET kept\r\n");
    CU_ASSERT_STRING_EQUAL(reply, "$3\r\nyes\r\n");
    free(reply);
    place_close(&place);
}

static void test_never_comes_up(void)
{
    struct place place = {0};
    place_open(&place, "/nowhere/redis-server", -1);
    event_base_dispatch(place.base);
    CU_ASSERT_EQUAL(place.ups, 1);
    CU_ASSERT_EQUAL(err_exit_code(place.code), 4);
    redis_child_end(place.child, on_ended, &place);
    CU_ASSERT_EQUAL(place.ends, 1);
    place_close(&place);
}

static void test_a_path_that_is_too_long(void)
{
    struct place place = {0};
    char *top = check_tmpdir();
    struct buffer dir;
    buffer_init(&dir);
    buffer_format(&dir, "%s/%0100d", top, 0);
    place.dir = buffer_take(&dir, NULL);
    CU_ASSERT_EQUAL(mkdir(place.dir, 0700), 0);
    struct alm_error err = place_open(&place, NULL, -1);
    CU_ASSERT_PTR_NULL(place.child);
    CU_ASSERT_EQUAL(err_exit_code(err.code), 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "--data"));
    rmdir(place.dir);
    free(top);
    place_close(&place);
}

static void test_the_folder_is_locked_as_long_as_redis_lives(void)
{
    struct place place = {.dir = check_tmpdir()};
    char *path, *second;
    struct alm_error err;
    err_init(&err);
    int fd = data_dir_lock(place.dir, &path, &err);
    CU_ASSERT(fd >= 0);
    place_open(&place, NULL, fd);
    event_base_dispatch(place.base);
    close(fd); /* as if the daemon were gone, and only its redis-server left */
    CU_ASSERT_EQUAL(data_dir_lock(place.dir, &second, &err), -1);
    CU_ASSERT_EQUAL(err_exit_code(err.code), 4);
    CU_ASSERT_PTR_NULL(second);
    redis_child_free(place.child);
    place.child = NULL;
    fd = data_dir_lock(place.dir, &second, &err);
    CU_ASSERT(fd >= 0);
    close(fd);
    free(second);
    free(path);
    err_clear(&err);
    CU_ASSERT_EQUAL(data_dir_lock("/nowhere/data", &path, &err), -1);
    place_close(&place);
}

/* A stand-in for the daemon is killed without a chance to clean up. */
static void test_dies_with_us(void)
{
    int fds[2];
    char *dir = check_tmpdir(), *path;
    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    pid_t daemon = fork();
    if (daemon == 0) {
        struct place place = {.dir = dir};
        int lock = data_dir_lock(dir, &path, NULL);
        place_open(&place, NULL, lock);
        event_base_dispatch(place.base);
        if (write(fds[1], &place.ups, sizeof place.ups) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    int ups = 0;
    CU_ASSERT_EQUAL(read(fds[0], &ups, sizeof ups), (ssize_t)sizeof ups);
    CU_ASSERT_EQUAL(ups, 1);
    kill(daemon, SIGKILL);
    waitpid(daemon, NULL, 0);
    int lock = data_dir_lock(dir, &path, NULL); /* waits until the orphan is dead, too */
    CU_ASSERT(lock >= 0);
    close(lock);
    close(fds[0]);
    close(fds[1]);
    free(path);
    free(dir);
}

static const struct check_test tests[] = {
    {"up_and_end", test_up_and_end},
    {"started_again", test_started_again_with_its_data},
    {"never_up", test_never_comes_up},
    {"long_path", test_a_path_that_is_too_long},
    {"lock", test_the_folder_is_locked_as_long_as_redis_lives},
    {"dies_with_us", test_dies_with_us},
};
CHECK_SUITE(suite_redis_child, tests);
