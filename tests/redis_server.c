/* redis_server.c - see redis_server.h. */
#include "config.h"

#include "tests/redis_server.h"

#include "models/alloc.h"
#include "tests/check.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGS_MAX = 40, START_TRIES = 2400, TRY_MS = 25 };

struct redis_server {
    char *dir;
    char *socket;
    char *args[ARGS_MAX + 1];
    int n_args;
    pid_t pid;
};

static void add_arg(struct redis_server *server, const char *text)
{
    if (server->n_args < ARGS_MAX)
        server->args[server->n_args++] = alloc_string(text);
}

struct redis_server *redis_server_prepare(const char *const *options)
{
    struct redis_server *server = alloc_zero(1, sizeof *server);
    struct buffer path = {0};
    server->dir = check_tmpdir();
    buffer_format(&path, "%s/redis.sock", server->dir);
    server->socket = buffer_take(&path, NULL);
    const char *const fixed[] = {REDIS_SERVER,
                                 "--port",
                                 "0",
                                 "--unixsocket",
                                 server->socket,
                                 "--unixsocketperm",
                                 "700",
                                 "--dir",
                                 server->dir,
                                 "--logfile",
                                 "redis.log",
                                 "--appendonly",
                                 "yes",
                                 "--appendfsync",
                                 "always",
                                 "--save",
                                 "",
                                 "--maxmemory-policy",
                                 "noeviction"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        add_arg(server, fixed[i]);
    for (size_t i = 0; options && options[i]; i++)
        add_arg(server, options[i]);
    return server;
}

struct redis_server *redis_server_start(const char *const *options)
{
    struct redis_server *server = redis_server_prepare(options);
    if (redis_server_restart(server) == 0)
        return server;
    redis_server_free(server);
    return NULL;
}

const char *redis_server_socket(const struct redis_server *server)
{
    return server->socket;
}

const char *redis_server_dir(const struct redis_server *server)
{
    return server->dir;
}

pid_t redis_server_pid(const struct redis_server *server)
{
    return server->pid;
}

static void run_child(struct redis_server *server, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    execv(server->args[0], server->args);
    _exit(127);
}

static int is_answering(const struct redis_server *server)
{
    char *reply = redis_server_ask(server, "PING");
    int ok = reply && strcmp(reply, "+PONG") == 0;
    free(reply);
    return ok;
}

int redis_server_launch(struct redis_server *server)
{
    pid_t parent = getpid();
    server->pid = fork();
    if (server->pid == 0)
        run_child(server, parent);
    return server->pid < 0 ? -1 : 0;
}

int redis_server_restart(struct redis_server *server)
{
    if (redis_server_launch(server) != 0)
        return -1;
    for (int i = 0; i < START_TRIES; i++) {
        if (is_answering(server))
            return 0;
        if (waitpid(server->pid, NULL, WNOHANG) == server->pid) {
            server->pid = 0;
            return -1;
        }
        nanosleep(&(struct timespec){.tv_nsec = TRY_MS * 1000000L}, NULL);
    }
    redis_server_kill(server);
    return -1;
}

static void finish(struct redis_server *server, int how)
{
    if (server->pid <= 0)
        return;
    kill(server->pid, how);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

void redis_server_kill(struct redis_server *server)
{
    finish(server, SIGKILL);
}

void redis_server_end(struct redis_server *server)
{
    finish(server, SIGTERM);
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* The rest of the reply is left unread: the connection is closed. NULL when there is none. */
static char *read_line(int fd)
{
    struct buffer line = {0};
    char c;
    while (read(fd, &c, 1) == 1 && c != '\n')
        if (c != '\r')
            buffer_add(&line, &c, 1);
    return line.len > 0 ? buffer_take(&line, NULL) : NULL;
}

char *redis_server_ask(const struct redis_server *server, const char *command)
{
    struct buffer request = {0};
    char *reply = NULL;
    int fd = connect_to(server->socket);
    if (fd < 0)
        return NULL;
    buffer_format(&request, "%s\r\n", command);
    if (send(fd, request.bytes, request.len, MSG_NOSIGNAL) == (ssize_t)request.len)
        reply = read_line(fd);
    if (reply && reply[0] == '$' && strcmp(reply, "$-1") != 0) { /* a length: the text follows */
        free(reply);
        reply = read_line(fd);
    }
    buffer_clear(&request);
    close(fd);
    return reply;
}

void redis_server_free(struct redis_server *server)
{
    if (!server)
        return;
    redis_server_end(server);
    for (int i = 0; i < server->n_args; i++)
        free(server->args[i]);
    free(server->socket);
    free(server->dir);
    free(server);
}
