/* Tests of api/http.c over a socket: what must not pass, what must not pile up, who must not be
 * kept waiting. The server is either the whole api (api_server.h) or, where a handler has to
 * misbehave, http.c alone in a child. */
#include <config.h>

#include "tests/check.h"

#include "api/http.h"
#include "models/alloc.h"
#include "tests/api_seed.h"
#include "tests/api_server.h"
#include "tests/http_client.h"

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A sanitizer keeps freed memory for a while: there the bound says little. */
#ifdef ALMONER_SANITIZED
enum { GROWTH_KB = 512 * 1024 };
#else
enum { GROWTH_KB = 40 * 1024 };
#endif
enum { IDLE_CLIENTS = 2000 };

static void start(struct api_server *server, int idle_seconds)
{
    api_server_start(server, api_seed_region(), idle_seconds);
}

/* Somebody else gets an answer. */
static void expect_served(const struct api_server *server)
{
    struct http_answer answer;
    http_client_ask(server->port, "GET", "/v1/waiting", server->tokens[ROLE_ADMIN], "", NULL,
                    &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    http_answer_clear(&answer);
}

static long metric(const struct api_server *server, const char *name)
{
    struct http_answer answer;
    char line[96];
    http_client_ask(server->port, "GET", "/metrics", "", "", NULL, &answer);
    snprintf(line, sizeof line, "\n%s ", name);
    const char *found = answer.body ? strstr(answer.body, line) : NULL;
    long value = found ? strtol(found + strlen(line), NULL, 10) : -1;
    http_answer_clear(&answer);
    return value;
}

/* Bytes in, one answer out, and then the connection is closed. */
static void expect_refused(const struct api_server *server, const char *bytes, size_t len,
                           int status)
{
    struct http_answer answer;
    char type[64];
    int fd = http_client_connect(server->port);
    http_client_send(fd, bytes, len);
    http_client_read(fd, 1, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    if (answer.status != status)
        printf("\n    %.40s: %d", bytes, answer.status);
    CU_ASSERT_STRING_EQUAL(http_answer_header(&answer, "Content-Type", type, sizeof type),
                           "application/problem+json");
    CU_ASSERT(http_client_is_closed(fd));
    http_answer_clear(&answer);
    close(fd);
}

static void test_traps(void)
{
    static const struct {
        const char *bytes;
        int status;
    } traps[] = {
        {"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab",
         400},
        {"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
         400},
        {"POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
        {"POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
         "5\r\n\r\n"
         "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n",
         400},
        {"GET /livez HTTP/1.1\r\n\r\n", 400},
        {"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"HEAD /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: +7\r\n\r\n1234567", 400},
        {"POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: -7\r\n\r\n", 400},
        {"GET /liv%00ez HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET //livez HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /x/../livez HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET http://a/livez HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /livez HTTP/1.1\nHost: a\n\n", 400},
        {"GET /livez HTTP/1.1\r\nHost: a\n\r\n", 400},
        {"\r\n\r\n", 400},
        {"\x16\x03\x01\x02\n\n", 400},
        {"BREW /livez HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"TRACE /livez HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    };
    struct api_server server;
    start(&server, 0);
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
        expect_refused(&server, traps[i].bytes, strlen(traps[i].bytes), traps[i].status);
    char *big = alloc_zero(40000, 1);
    memset(big, 'a', 40000);
    memcpy(big, "GET /livez HTTP/1.1\r\nHost: a\r\nX: ", 33);
    expect_refused(&server, big, 9000, 431);
    expect_refused(&server, big, 40000, 431);
    free(big);
    expect_served(&server);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* A bad head is refused wherever the packets are cut. */
static void test_cuts(void)
{
    static const char bad[] = "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n";
    static const char good[] = "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    struct api_server server;
    start(&server, 0);
    for (size_t cut = 1; cut < sizeof good - 1; cut += 3) {
        struct http_answer answer;
        int fd = http_client_connect(server.port), nodelay = 1;
        setsockopt(fd, 6, 1, &nodelay, sizeof nodelay);
        http_client_send(fd, good, cut);
        usleep(2000);
        http_client_send(fd, good + cut, sizeof good - 1 - cut);
        http_client_read(fd, 1, &answer);
        CU_ASSERT_EQUAL(answer.status, 405);
        http_answer_clear(&answer);
        size_t half = cut < sizeof bad - 1 ? cut : sizeof bad - 2;
        http_client_send(fd, bad, half);
        usleep(2000);
        http_client_send(fd, bad + half, sizeof bad - 1 - half);
        http_client_read(fd, 1, &answer);
        CU_ASSERT_EQUAL(answer.status, 400);
        http_answer_clear(&answer);
        close(fd);
    }
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static void read_status(int fd, int has_body, int status)
{
    struct http_answer answer;
    http_client_read(fd, has_body, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    http_answer_clear(&answer);
}

static void test_pipelining(void)
{
#define GET_LIVE "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    static const char many[] = GET_LIVE "HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n" GET_LIVE
                                        "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                                        "\r\nGET /" GET_LIVE "GET /nowhere HTTP/1.1\r\nHost: a\r\n"
                                        "\r\nGET //bad HTTP/1.1\r\nHost: a\r\n\r\n" GET_LIVE;
    struct api_server server;
    start(&server, 0);
    int fd = http_client_connect(server.port);
    http_client_send(fd, many, strlen(many));
    read_status(fd, 1, 200);
    read_status(fd, 0, 200);
    read_status(fd, 1, 200);
    read_status(fd, 1, 405);
    read_status(fd, 1, 200);
    read_status(fd, 1, 404);
    /* behind a bad head nothing is read, and it is not answered after good ones */
    CU_ASSERT(http_client_is_closed(fd));
    close(fd);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static void test_head_requests(void)
{
    struct api_server server;
    struct http_answer with, without;
    char get[32], head[32];
    start(&server, 0);
    http_client_ask(server.port, "GET", "/version", "", "", NULL, &with);
    http_client_ask(server.port, "HEAD", "/version", "", "", NULL, &without);
    CU_ASSERT_EQUAL(without.status, 200);
    http_answer_header(&with, "Content-Length", get, sizeof get);
    http_answer_header(&without, "Content-Length", head, sizeof head);
    CU_ASSERT_STRING_EQUAL(get, head);
    CU_ASSERT(with.body_len > 0);
    http_answer_clear(&with);
    http_answer_clear(&without);
    /* an endless answer without a body would hold the connection for nothing */
    http_client_ask(server.port, "HEAD", "/v1/events", server.tokens[ROLE_ADMIN], "", NULL,
                    &without);
    CU_ASSERT_EQUAL(without.status, 200);
    http_answer_clear(&without);
    CU_ASSERT_EQUAL(metric(&server, "almoner_http_streams"), 0);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* Sends a body of `len` bytes as far as the server takes it, then reads the answer. */
static void send_big(const struct api_server *server, const char *path, const char *token,
                     const char *type, size_t len, int status)
{
    struct http_answer answer;
    struct buffer head;
    char chunk[65536];
    memset(chunk, 'x', sizeof chunk);
    buffer_init(&head);
    buffer_format(&head,
                  "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n"
                  "Content-Length: %zu\r\n\r\n",
                  path, token, type, len);
    int fd = http_client_connect(server->port), failed = 0;
    http_client_send(fd, head.bytes, head.len);
    for (size_t sent = 0; sent < len && !failed; sent += sizeof chunk)
        failed = http_client_send(fd, chunk, len - sent < sizeof chunk ? len - sent : sizeof chunk);
    http_client_read(fd, 1, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    if (answer.status != status)
        printf("\n    %s %zu: %d", path, len, answer.status);
    http_answer_clear(&answer);
    buffer_clear(&head);
    close(fd);
}

static void test_big_bodies(void)
{
    struct api_server server;
    const size_t big = 25 * 1000 * 1000;
    start(&server, 0);
    const char *token = server.tokens[ROLE_DISTRICT];
    long before = api_server_memory_kb(&server);
    send_big(&server, "/v1/applicants", token, "application/json", big, 413);
    send_big(&server, "/v1/applicants", token, "application/json", HTTP_BODY_SMALL + 1, 413);
    send_big(&server, "/v1/applicants", token, "application/json", HTTP_BODY_SMALL, 422);
    /* an import of that size is for those who may import */
    send_big(&server, "/v1/applicants:batch", "alm_nobody_0", "text/csv", big, 413);
    send_big(&server, "/v1/applicants:batch", server.tokens[ROLE_PLANNER], "text/csv", big, 413);
    send_big(&server, "/v1/applicants:batch", token, "text/csv", HTTP_BODY_LARGE + 1, 413);
    CU_ASSERT(api_server_memory_kb(&server) - before < GROWTH_KB);
    send_big(&server, "/v1/applicants:batch", token, "text/plain", big, 415);
    expect_served(&server);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static void test_slow_clients(void)
{
    struct api_server server;
    start(&server, 1);
    int silent = http_client_connect(server.port), dripping = http_client_connect(server.port);
    int half = http_client_connect(server.port), failed = 0;
    http_client_send(half, "GET /livez HT", 13);
    /* a byte now and then keeps nobody connected for longer */
    for (int i = 0; i < 1200 && !failed; i++) {
        failed = http_client_send(dripping, "G", 1);
        usleep(50000);
    }
    CU_ASSERT(failed);
    CU_ASSERT(http_client_is_closed(silent));
    CU_ASSERT(http_client_is_closed(half));
    expect_served(&server);
    close(silent);
    close(dripping);
    close(half);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* A socket with small buffers, so that little hides in the kernel. */
static int connect_small(const struct api_server *server)
{
    int fd = http_client_connect(server->port), bytes = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    return fd;
}

static void test_pipelining_without_reading(void)
{
    static const char one[] = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n";
    struct api_server server;
    struct buffer many;
    start(&server, 0);
    buffer_init(&many);
    while (many.len < 60000)
        buffer_add(&many, one, sizeof one - 1);
    int fd = connect_small(&server), idle = 0;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    long before = api_server_memory_kb(&server);
    size_t taken = 0;
    while (idle < 20 && taken < (size_t)256 << 20) {
        ssize_t n = send(fd, many.bytes, many.len, MSG_NOSIGNAL);
        idle = n > 0 ? 0 : idle + 1;
        taken += n > 0 ? (size_t)n : 0;
        if (n <= 0)
            usleep(10000);
    }
    CU_ASSERT(idle == 20); /* it stopped taking, and so stopped keeping */
    CU_ASSERT(api_server_memory_kb(&server) - before < GROWTH_KB);
    expect_served(&server);
    close(fd);
    buffer_clear(&many);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static int listen_to_events(const struct api_server *server, int fd)
{
    struct buffer out;
    buffer_init(&out);
    buffer_format(&out, "GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
                  server->tokens[ROLE_ADMIN]);
    http_client_send(fd, out.bytes, out.len);
    buffer_clear(&out);
    return fd;
}

/* So many submissions that their events fill every buffer on the way. */
static void import_many(const struct api_server *server, int rows)
{
    struct buffer csv;
    struct http_answer answer;
    buffer_init(&csv);
    buffer_text(&csv, "applied_at,lat,lon,level,kinds,district\n");
    for (int i = 0; i < rows; i++)
        buffer_text(&csv, "2025-01-01,25,121.5,2,nursing,North\n");
    http_client_ask(server->port, "POST", "/v1/applicants:batch", server->tokens[ROLE_ADMIN],
                    "Content-Type: text/csv\r\n", csv.bytes, &answer);
    CU_ASSERT_EQUAL(answer.status, 200);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer.body, "\"refused\":0"));
    http_answer_clear(&answer);
    buffer_clear(&csv);
}

static void test_listener_without_reading(void)
{
    struct api_server server;
    start(&server, 0);
    int deaf = listen_to_events(&server, connect_small(&server));
    int reads = listen_to_events(&server, http_client_connect(server.port));
    char *first = http_client_read_until(reads, "retry:");
    CU_ASSERT_PTR_NOT_NULL(strstr(first, "text/event-stream"));
    free(first);
    CU_ASSERT_EQUAL(metric(&server, "almoner_http_streams"), 2);
    long before = api_server_memory_kb(&server);
    pid_t reader = fork(); /* reads all the while */
    if (reader == 0) {
        _exit(!http_client_is_closed(reads));
    }
    import_many(&server, 2000);
    CU_ASSERT(metric(&server, "almoner_http_dropped_total") >= 1);
    CU_ASSERT(http_client_is_closed(deaf));
    CU_ASSERT(api_server_memory_kb(&server) - before < GROWTH_KB);
    expect_served(&server);
    close(deaf);
    close(reads);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0); /* with a listener still there */
    waitpid(reader, NULL, 0);
}

static void test_idle_clients(void)
{
    struct rlimit limit;
    struct api_server server;
    static int fds[IDLE_CLIENTS];
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t own = limit.rlim_cur;
    if (limit.rlim_max < IDLE_CLIENTS + 300) {
        check_skip("not enough file descriptors for 2,000 clients");
        return;
    }
    start(&server, 0); /* the server raises its own limit */
    limit.rlim_cur = IDLE_CLIENTS + 300;
    setrlimit(RLIMIT_NOFILE, &limit);
    long before = api_server_memory_kb(&server);
    int connected = 0;
    for (int i = 0; i < IDLE_CLIENTS; i++)
        connected += (fds[i] = http_client_connect(server.port)) >= 0;
    CU_ASSERT_EQUAL(connected, IDLE_CLIENTS);
    expect_served(&server);
    CU_ASSERT(metric(&server, "almoner_http_connections") >= IDLE_CLIENTS);
    CU_ASSERT(api_server_memory_kb(&server) - before < GROWTH_KB);
    for (int i = 0; i < IDLE_CLIENTS; i++)
        close(fds[i]);
    limit.rlim_cur = own;
    setrlimit(RLIMIT_NOFILE, &limit);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

static void test_clients_that_leave(void)
{
    struct api_server server;
    struct buffer post;
    start(&server, 0);
    buffer_init(&post);
    buffer_format(&post,
                  "PUT /v1/pools/P1/vacancy HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                  "Content-Length: 20\r\n\r\n{\"beds_usable\":1000}",
                  server.tokens[ROLE_ADMIN]);
    for (size_t cut = 1; cut <= post.len; cut++) {
        int fd = http_client_connect(server.port);
        struct linger at_once = {1, 0};
        http_client_send(fd, post.bytes, cut);
        if (cut % 2)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    expect_served(&server);
    buffer_clear(&post);
    CU_ASSERT_EQUAL(api_server_stop(&server), 0);
}

/* ---- http.c alone, with a handler that keeps requests ---- */

struct keeper {
    struct event_base *base;
    struct http *http;
    struct http_request *kept[8];
    int n;
};

static void answer_plain(struct http_request *request, const char *text)
{
    struct http_reply reply = {.status = 200, .content_type = "text/plain"};
    reply.body = alloc_string(text);
    reply.body_len = strlen(text);
    http_send(request, &reply);
}

static void on_drained(void *arg)
{
    event_base_loopexit(arg, NULL);
}

static void on_request(void *arg, struct http_request *request)
{
    struct keeper *keeper = arg;
    const char *path = request->head.path;
    if (strcmp(path, "/keep") == 0) {
        keeper->kept[keeper->n++] = request;
        return;
    }
    while (strcmp(path, "/release") == 0 && keeper->n)
        answer_plain(keeper->kept[--keeper->n], "late");
    if (strcmp(path, "/quit") == 0)
        http_drain(keeper->http, 5, on_drained, keeper->base);
    answer_plain(request, "done");
}

static size_t no_limit(void *arg, const struct gate_head *head)
{
    (void)arg, (void)head;
    return HTTP_BODY_SMALL;
}

static pid_t start_keeper(int *port)
{
    int pipes[2];
    CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct keeper keeper = {.base = event_base_new()};
        struct http_options options = {.host = "127.0.0.1",
                                       .connections_max = 4,
                                       .answer_seconds = 1,
                                       .on_request = on_request,
                                       .body_limit = no_limit,
                                       .arg = &keeper};
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        keeper.http = http_new(keeper.base, &options, NULL);
        int own = http_port(keeper.http);
        if (write(pipes[1], &own, sizeof own) != (ssize_t)sizeof own)
            _exit(97);
        event_base_dispatch(keeper.base);
        http_free(keeper.http);
        while (keeper.n)
            answer_plain(keeper.kept[--keeper.n], "nobody is there");
        event_base_free(keeper.base);
        libevent_global_shutdown();
        exit(0);
    }
    close(pipes[1]);
    CU_ASSERT_EQUAL(read(pipes[0], port, sizeof *port), (ssize_t)sizeof *port);
    close(pipes[0]);
    return pid;
}

static void ask_plain(int port, const char *path, int status)
{
    struct http_answer answer;
    http_client_ask(port, "GET", path, "", "", NULL, &answer);
    CU_ASSERT_EQUAL(answer.status, status);
    http_answer_clear(&answer);
}

static void expect_clean_end(pid_t pid)
{
    int status = -1;
    waitpid(pid, &status, 0);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A handler that is late: 503 once, and its own answer later goes nowhere. */
static void test_late_answers(void)
{
    int port = 0;
    pid_t pid = start_keeper(&port);
    ask_plain(port, "/keep", 503);
    ask_plain(port, "/keep", 503);
    ask_plain(port, "/release", 200);
    ask_plain(port, "/keep", 503);
    ask_plain(port, "/quit", 200);
    expect_clean_end(pid);
}

/* A server that ends answers what it has in hand, and says that it closes. */
static void test_drain(void)
{
    struct http_answer answer;
    char connection[32];
    int port = 0;
    pid_t pid = start_keeper(&port);
    static const char keep[] = "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n";
    int fd = http_client_connect(port), idle = http_client_connect(port);
    http_client_send(fd, keep, sizeof keep - 1);
    ask_plain(port, "/kept", 200); /* the one before it is in hand by now */
    ask_plain(port, "/quit", 200);
    CU_ASSERT(http_client_is_closed(idle));
    http_client_read(fd, 1, &answer);
    CU_ASSERT_EQUAL(answer.status, 503);
    CU_ASSERT_STRING_EQUAL(http_answer_header(&answer, "Connection", connection, sizeof connection),
                           "close");
    http_answer_clear(&answer);
    CU_ASSERT(http_client_is_closed(fd));
    expect_clean_end(pid);
    close(fd);
    close(idle);
}

/* A client that has left, and a server that ends, with requests in hand. */
static void test_answers_to_nobody(void)
{
    int port = 0;
    pid_t pid = start_keeper(&port);
    static const char keep[] = "GET /keep HTTP/1.1\r\nHost: a\r\n\r\n";
    int left = http_client_connect(port), stays = http_client_connect(port);
    http_client_send(left, keep, sizeof keep - 1);
    http_client_send(stays, keep, sizeof keep - 1);
    close(left);
    ask_plain(port, "/livez", 200);
    ask_plain(port, "/quit", 200);
    expect_clean_end(pid);
    close(stays);
}

/* More clients than connections: they wait, and are served when others have gone. */
static void test_connection_cap(void)
{
    int port = 0, fds[4];
    pid_t pid = start_keeper(&port);
    for (int i = 0; i < 4; i++)
        fds[i] = http_client_connect(port);
    int waiting = http_client_connect(port);
    static const char get[] = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n";
    http_client_send(waiting, get, sizeof get - 1);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    read_status(waiting, 1, 200);
    close(waiting);
    ask_plain(port, "/quit", 200);
    expect_clean_end(pid);
}

static const struct check_test tests[] = {
    {"traps", test_traps},
    {"packets cut anywhere", test_cuts},
    {"pipelining", test_pipelining},
    {"HEAD", test_head_requests},
    {"big bodies", test_big_bodies},
    {"slow clients", test_slow_clients},
    {"pipelining without reading", test_pipelining_without_reading},
    {"a listener that never reads", test_listener_without_reading},
    {"2,000 idle clients", test_idle_clients},
    {"clients that leave", test_clients_that_leave},
    {"late answers", test_late_answers},
    {"the end answers what is in hand", test_drain},
    {"answers to nobody", test_answers_to_nobody},
    {"more clients than connections", test_connection_cap},
};
CHECK_SUITE(suite_http, tests);
