/* redis_proxy.c - see redis_proxy.h. */
#include "tests/redis_proxy.h"

#include "models/alloc.h"
#include "tests/check.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS = 32, PART = 65536, POLL_MS = 20, IDLE = -1 };

/* One connection: the daemon's end, the server's, and where its commands are: an array of texts,
 * "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n". */
struct pair {
    int client, server; /* -1 = not in use */
    int texts_left;     /* of the command at hand */
    size_t bytes_left;  /* of the text at hand, its line break included */
    char line[32];
    size_t line_len;
    int harm; /* IDLE, or what its next answer meets */
};

struct redis_proxy {
    char *dir, *own, *socket;
    int listener, is_over;
    pthread_t thread;
    pthread_mutex_t lock; /* of the two below */
    int harm, after;      /* harm IDLE = none waits */
    struct pair pairs[PAIRS];
};

static int socket_at(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void drop(struct pair *pair)
{
    close(pair->client);
    close(pair->server);
    *pair = (struct pair){.client = -1, .server = -1, .harm = IDLE};
}

static void take_client(struct redis_proxy *proxy)
{
    struct sockaddr_un address;
    int client = accept(proxy->listener, NULL, NULL);
    int server = socket_at(proxy->socket, &address);
    for (int i = 0; i < PAIRS; i++) {
        struct pair *pair = &proxy->pairs[i];
        if (pair->client >= 0)
            continue;
        *pair = (struct pair){.client = client, .server = server, .harm = IDLE};
        if (connect(server, (struct sockaddr *)&address, sizeof address) != 0)
            drop(pair);
        return;
    }
    close(client);
    close(server);
}

/* What a command that begins now meets: IDLE = nothing. */
static int next_harm(struct redis_proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    int harm = proxy->harm != IDLE && proxy->after-- == 0 ? proxy->harm : IDLE;
    if (harm != IDLE)
        proxy->harm = IDLE;
    pthread_mutex_unlock(&proxy->lock);
    return harm;
}

static void read_line(struct pair *pair)
{
    if (pair->line[0] == '*')
        pair->texts_left = atoi(pair->line + 1);
    else
        pair->bytes_left = (size_t)atoll(pair->line + 1) + 2;
    pair->line_len = 0;
}

/* One byte of the daemon's; 1 = a command begins with it. */
static int see_byte(struct pair *pair, char byte)
{
    int begins = pair->texts_left == 0 && pair->line_len == 0;
    if (pair->bytes_left) {
        pair->texts_left -= --pair->bytes_left == 0;
        return 0;
    }
    if (byte != '\n' && pair->line_len < sizeof pair->line - 1) {
        pair->line[pair->line_len++] = byte;
        pair->line[pair->line_len] = '\0';
    }
    if (byte == '\n')
        read_line(pair);
    return begins;
}

static void from_client(struct redis_proxy *proxy, struct pair *pair)
{
    char part[PART];
    ssize_t n = recv(pair->client, part, sizeof part, 0), sent = n;
    for (ssize_t i = 0; i < n; i++) {
        int harm = see_byte(pair, part[i]) ? next_harm(proxy) : IDLE;
        if (harm == PROXY_UNSENT) {
            send(pair->server, part, (size_t)i, MSG_NOSIGNAL);
            drop(pair);
            return;
        }
        pair->harm = harm != IDLE ? harm : pair->harm;
    }
    if (n > 0)
        sent = send(pair->server, part, (size_t)n, MSG_NOSIGNAL);
    if (n <= 0 || sent != n)
        drop(pair);
}

static void from_server(struct pair *pair)
{
    static const char garbled[] = "HTTP/1.1 200 OK\r\n\r\n";
    char part[PART];
    ssize_t n = recv(pair->server, part, sizeof part, 0), sent = n;
    if (n > 0 && pair->harm == PROXY_UNHEARD)
        return;
    if (n > 0 && pair->harm == PROXY_GARBLED)
        send(pair->client, garbled, sizeof garbled - 1, MSG_NOSIGNAL);
    else if (n > 0 && pair->harm == IDLE)
        sent = send(pair->client, part, (size_t)n, MSG_NOSIGNAL);
    if (n <= 0 || pair->harm != IDLE || sent != n)
        drop(pair);
}

static void *pass_on(void *arg)
{
    struct redis_proxy *proxy = arg;
    while (!__atomic_load_n(&proxy->is_over, __ATOMIC_SEQ_CST)) {
        struct pollfd fds[1 + 2 * PAIRS] = {{.fd = proxy->listener, .events = POLLIN}};
        for (int i = 0; i < PAIRS; i++) {
            fds[1 + 2 * i] = (struct pollfd){.fd = proxy->pairs[i].client, .events = POLLIN};
            fds[2 + 2 * i] = (struct pollfd){.fd = proxy->pairs[i].server, .events = POLLIN};
        }
        poll(fds, sizeof fds / sizeof *fds, POLL_MS);
        for (int i = 0; i < PAIRS; i++) {
            if (fds[1 + 2 * i].revents)
                from_client(proxy, &proxy->pairs[i]);
            if (fds[2 + 2 * i].revents && proxy->pairs[i].server >= 0)
                from_server(&proxy->pairs[i]);
        }
        if (fds[0].revents)
            take_client(proxy);
    }
    return NULL;
}

struct redis_proxy *redis_proxy_new(const char *socket)
{
    struct redis_proxy *proxy = alloc_zero(1, sizeof *proxy);
    struct sockaddr_un address;
    struct buffer path = {0};
    proxy->dir = check_tmpdir();
    buffer_format(&path, "%s/proxy.sock", proxy->dir);
    proxy->own = buffer_take(&path, NULL);
    proxy->socket = alloc_string(socket);
    proxy->harm = IDLE;
    for (int i = 0; i < PAIRS; i++)
        proxy->pairs[i] = (struct pair){.client = -1, .server = -1, .harm = IDLE};
    pthread_mutex_init(&proxy->lock, NULL);
    proxy->listener = socket_at(proxy->own, &address);
    CU_ASSERT_EQUAL_FATAL(bind(proxy->listener, (struct sockaddr *)&address, sizeof address), 0);
    CU_ASSERT_EQUAL_FATAL(listen(proxy->listener, PAIRS), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&proxy->thread, NULL, pass_on, proxy), 0);
    return proxy;
}

void redis_proxy_free(struct redis_proxy *proxy)
{
    if (!proxy)
        return;
    __atomic_store_n(&proxy->is_over, 1, __ATOMIC_SEQ_CST);
    pthread_join(proxy->thread, NULL);
    for (int i = 0; i < PAIRS; i++)
        if (proxy->pairs[i].client >= 0)
            drop(&proxy->pairs[i]);
    close(proxy->listener);
    pthread_mutex_destroy(&proxy->lock);
    free(proxy->dir);
    free(proxy->own);
    free(proxy->socket);
    free(proxy);
}

const char *redis_proxy_socket(const struct redis_proxy *proxy)
{
    return proxy->own;
}

void redis_proxy_arm(struct redis_proxy *proxy, enum redis_proxy_harm harm, int after)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->harm = (int)harm;
    proxy->after = after;
    pthread_mutex_unlock(&proxy->lock);
}

int redis_proxy_disarm(struct redis_proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    int was_there = proxy->harm == IDLE;
    proxy->harm = IDLE;
    pthread_mutex_unlock(&proxy->lock);
    return was_there;
}
