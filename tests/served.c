/* served.c - see served.h. */
#include "tests/served.h"

#include "models/alloc.h"
#include "store/token.h"
#include "store/world_files.h"
#include "tests/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 15000, TRY_US = 20000, OPTIONS_MAX = 24 };

void served_applicant(const char *id, char *json, size_t room)
{
    snprintf(json, room,
             "{\"applicant_id\":\"%s\",\"applied_at\":\"2025-01-01\",\"lat\":25,\"lon\":121.5,"
             "\"level\":3,"
             "\"kinds\":[\"nursing\"],\"district\":\"North\"}",
             id);
}

char *served_path(const struct served *served, const char *name)
{
    struct buffer path = {0};
    buffer_format(&path, "%s/%s", served->dir, name);
    return buffer_take(&path, NULL);
}

struct served *served_new(void)
{
    struct served *served = alloc_zero(1, sizeof *served);
    served->dir = check_tmpdir();
    char *tokens = served_path(served, "tokens.json"), text[TOKEN_TEXT];
    static const enum role roles[] = {ROLE_ADMIN, ROLE_PLANNER};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        CU_ASSERT_EQUAL(token_create(tokens, roles[i], "", text, NULL), 0);
        served->token[roles[i]] = alloc_string(text);
    }
    free(tokens);
    return served;
}

void served_free(struct served *served)
{
    if (!served)
        return;
    if (served->pid)
        served_end(served, SIGKILL);
    for (int i = 0; i < ROLE_COUNT; i++)
        free(served->token[i]);
    free(served->dir);
    free(served);
}

/* ---- the process ---- */

static void __attribute__((noreturn))
run(const struct served *served, const char *const *options, pid_t parent)
{
    char *data = served_path(served, "data"), *tokens = served_path(served, "tokens.json");
    char *out = served_path(served, "out"), *log = served_path(served, "log");
    char *args[OPTIONS_MAX] = {NULL};
    const char *const fixed[] = {"./almonerd", "--listen", "127.0.0.1:0", "--data",
                                 data,         "--tokens", tokens};
    size_t n = 0;
    for (; n < sizeof fixed / sizeof *fixed; n++)
        args[n] = alloc_string(fixed[n]);
    for (size_t i = 0; options && options[i] && n < OPTIONS_MAX - 1; i++)
        args[n++] = alloc_string(options[i]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    dup2(open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    execv(args[0], args);
    _exit(127);
}

void served_launch(struct served *served, const char *const *options)
{
    pid_t parent = getpid();
    char *out = served_path(served, "out"), *log = served_path(served, "log");
    unlink(out); /* what an earlier start said is not to be mistaken for this one's */
    unlink(log);
    free(out);
    free(log);
    fflush(NULL);
    served->pid = fork();
    if (served->pid == 0)
        run(served, options, parent);
}

static char *find_in(const struct served *served, const char *name, const char *text)
{
    char *path = served_path(served, name), *found = NULL;
    size_t len = 0;
    char *bytes = world_files_slurp(path, &len, NULL);
    const char *at = bytes ? strstr(bytes, text) : NULL;
    if (at && strchr(at, '\n'))
        found = alloc_string_n(at + strlen(text), strcspn(at + strlen(text), "\n"));
    free(bytes);
    free(path);
    return found;
}

static char *wait_for(const struct served *served, const char *name, const char *text)
{
    for (int i = 0; i < TRIES; i++) {
        char *found = find_in(served, name, text);
        siginfo_t info = {0};
        if (found)
            return found;
        if (waitid(P_PID, (id_t)served->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid)
            return find_in(served, name, text);
        usleep(TRY_US);
    }
    return NULL;
}

char *served_log(const struct served *served, const char *text)
{
    return wait_for(served, "log", text);
}

int served_wait_ready(struct served *served)
{
    char *port = wait_for(served, "out", "almonerd listens on http://127.0.0.1:");
    char *ready = port ? served_log(served, "ready: ") : NULL;
    served->port = port ? atoi(port) : 0;
    int is_ready = ready != NULL;
    free(port);
    free(ready);
    return is_ready ? 0 : -1;
}

int served_start(struct served *served, const char *const *options)
{
    served_launch(served, options);
    return served_wait_ready(served);
}

int served_end(struct served *served, int how)
{
    int status = 0;
    kill(served->pid, how);
    if (waitpid(served->pid, &status, 0) < 0)
        return -1;
    served->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- HTTP ---- */

int served_connect(const struct served *served)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)served->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 120};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

int served_send(int fd, const char *method, const char *path, const char *token, const char *more,
                const char *body)
{
    struct buffer text = {0};
    buffer_format(&text, "%s %s HTTP/1.1\r\nHost: test\r\n%s", method, path, more);
    if (token)
        buffer_format(&text, "Authorization: Bearer %s\r\n", token);
    if (body)
        buffer_format(&text, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                      strlen(body));
    buffer_format(&text, "\r\n%s", body ? body : "");
    ssize_t n = send(fd, text.bytes, text.len, MSG_NOSIGNAL);
    int is_whole = n == (ssize_t)text.len;
    buffer_clear(&text);
    return is_whole ? 0 : -1;
}

char *served_header(const char *answer, const char *name)
{
    const char *line = answer;
    while ((line = strstr(line, "\r\n")) && strncmp(line, "\r\n\r\n", 4) != 0) {
        line += 2;
        size_t len = strlen(name);
        if (strncasecmp(line, name, len) == 0 && line[len] == ':')
            return alloc_string_n(line + len + 2, strcspn(line + len + 2, "\r"));
    }
    return NULL;
}

/* The length of the whole answer, 0 while its head is not complete. */
static size_t whole_length(const char *bytes)
{
    const char *end = bytes ? strstr(bytes, "\r\n\r\n") : NULL;
    char *length = end ? served_header(bytes, "Content-Length") : NULL;
    size_t len = end ? (size_t)(end + 4 - bytes) + (length ? (size_t)atoll(length) : 0) : 0;
    free(length);
    return len;
}

int served_receive(int fd, char **answer)
{
    struct buffer bytes = {0};
    char part[65536];
    ssize_t n = 1;
    int status = -1;
    while (n > 0 && (!whole_length(bytes.bytes) || bytes.len < whole_length(bytes.bytes))) {
        n = recv(fd, part, sizeof part, 0);
        if (n > 0)
            buffer_add(&bytes, part, (size_t)n);
    }
    if (bytes.len)
        status = n > 0 ? atoi(bytes.bytes + strlen("HTTP/1.1 ")) : 0;
    if (answer)
        *answer = buffer_take(&bytes, NULL);
    buffer_clear(&bytes);
    return status;
}

int served_ask(const struct served *served, const char *method, const char *path, const char *token,
               const char *more, const char *body, char **answer)
{
    int status = -1, fd = served_connect(served);
    if (answer)
        *answer = NULL;
    if (fd >= 0 && served_send(fd, method, path, token, more, body) == 0)
        status = served_receive(fd, answer);
    if (fd >= 0)
        close(fd);
    return status;
}
