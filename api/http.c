/* http.c - see http.h.
 *
 * Owns the connections and their limits; delegates the listening socket to listen.c, the first
 * reading to scan.c and the work to on_request. Two readers see the bytes of a connection: the
 * scan, strict, and then evhttp, which frames bodies and sends replies. What the scan refuses never
 * reaches evhttp: the connection is taken over, gets its problem document, and is drained and
 * closed.
 *
 * What always holds: reading is off while a request is answered, and is never switched on by hand
 * (evhttp 2.1.12 ends the process otherwise); at most 28 KB are read ahead, one large body
 * excepted; `conn.request` is set exactly while a handler owes an answer. */
#include "api/http.h"

#include "api/http_inside.h"
#include "api/listen.h"
#include "api/problem.h"
#include "models/alloc.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    READ_AHEAD = GATE_HEAD_MAX + HTTP_BODY_SMALL + 4096,
    WRITE_A_TURN = 256 * 1024,
    IDLE_S = 30,        /* usual; until a whole head is there */
    BODY_S = 20,        /* until a small body is there */
    BODY_LARGE_S = 120, /* and a large one */
    SEND_S = 300,       /* until a reply has been read by the client */
    STALL_S = 30,       /* without a byte in either direction */
    LINGER_S = 5,       /* a refused client may read its answer */
    LISTEN_TICK_MS = 200
};

static int conn_compare(const struct conn *a, const struct conn *b)
{
    return a->bev < b->bev ? -1 : a->bev > b->bev;
}
/* not RB_GENERATE_STATIC: libbsd spells its attribute in a way that glibc does not know */
#define CONNS_SCOPE __attribute__((unused)) static
RB_GENERATE_INTERNAL(conns, conn, link, conn_compare, CONNS_SCOPE)

static struct conn *conn_of(struct http *http, struct evhttp_request *request)
{
    struct conn key = {
        .bev = evhttp_connection_get_bufferevent(evhttp_request_get_connection(request))};
    return RB_FIND(conns, &http->conns, &key);
}

static void set_timer(struct conn *conn, int seconds)
{
    event_add(conn->timer, &(struct timeval){.tv_sec = seconds});
}

void http_close_soon(struct conn *conn)
{
    conn->is_closing = 1;
    event_active(conn->timer, EV_TIMEOUT, 0);
}

static void drained_check(struct http *http)
{
    if (http->on_drained && http->stats.connections == 0)
        event_active(http->drain_timer, EV_TIMEOUT, 0);
}

static void large_release(struct conn *conn)
{
    conn->http->large -= conn->large;
    conn->large = 0;
}

/* evhttp frees the connection (the client left, a reply with `close` was sent, or we asked). */
static void on_evhttp_close(struct evhttp_connection *evcon, void *arg)
{
    struct conn *conn = arg;
    struct http *http = conn->http;
    (void)evcon;
    http_stream_over(conn);
    if (conn->pending)
        conn->pending->conn = NULL;
    /* on a broken connection evhttp has let go of the request, and leaves it to us */
    if (conn->request && !evhttp_request_get_connection(conn->request))
        evhttp_request_free(conn->request);
    large_release(conn);
    scan_clear(&conn->scan);
    event_free(conn->timer);
    RB_REMOVE(conns, &http->conns, conn);
    free(conn);
    http->stats.connections--;
    drained_check(http);
}

/* ---- refusing: the connection is taken from evhttp, answered, drained, closed ---- */

static void linger_read(struct bufferevent *bev, void *arg)
{
    (void)arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    evbuffer_drain(input, evbuffer_get_length(input));
}

static void linger_written(struct bufferevent *bev, void *arg)
{
    (void)arg;
    shutdown(bufferevent_getfd(bev), SHUT_WR);
}

static void linger_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev, (void)what;
    http_close_soon(arg);
}

static void refuse(struct conn *conn, const struct alm_error *err)
{
    char *body = problem_json(err);
    int status = err_http_status(err->code);
    bufferevent_setcb(conn->bev, linger_read, linger_written, linger_event, conn);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, READ_AHEAD);
    evbuffer_add_printf(bufferevent_get_output(conn->bev),
                        "HTTP/1.1 %d %s\r\nContent-Type: " PROBLEM_TYPE
                        "\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                        status, problem_title(status), strlen(body), body);
    free(body);
    bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
    conn->phase = PHASE_LINGERING;
    conn->scan.is_stopped = 1;
    conn->http->stats.refused++;
    set_timer(conn, LINGER_S);
}

/* ---- scanning: every byte of a head is seen here before evhttp sees it ---- */

/* evhttp keeps a body in the connection's buffer until it is whole: let as much in. */
static void begin_body(struct conn *conn, size_t length)
{
    size_t ahead = length > HTTP_BODY_SMALL ? length + GATE_HEAD_MAX + 4096 : READ_AHEAD;
    bufferevent_setwatermark(conn->bev, EV_READ, 0, ahead);
    set_timer(conn, length > HTTP_BODY_SMALL ? BODY_LARGE_S : BODY_S);
}

static int check_body(struct conn *conn, const struct gate_head *head, struct alm_error *err)
{
    struct http *http = conn->http;
    size_t len = head->content_length, most = HTTP_BODY_SMALL;
    if (len > HTTP_BODY_SMALL)
        most = http->options.body_limit(http->options.arg, head);
    if (len > most)
        return err_set(err, ERR_TOO_LARGE, "body: %zu bytes, at most %zu are taken here", len,
                       most);
    if (len <= HTTP_BODY_SMALL)
        return 0;
    if (conn->scan.first || conn->phase != PHASE_READING)
        return err_set(err, ERR_BAD_REQUEST, "an import may not follow unanswered requests");
    if (http->large + len > HTTP_LARGE_TOTAL)
        return err_set(err, ERR_UNAVAILABLE,
                       "too many imports are under way: try again in a minute");
    conn->large = len;
    http->large += len;
    return 0;
}

static int on_head(void *arg, const struct gate_head *head, struct alm_error *err)
{
    struct conn *conn = arg;
    if (check_body(conn, head, err) != 0)
        return -1;
    if (!conn->scan.first && conn->phase == PHASE_READING)
        begin_body(conn, head->content_length);
    return 0;
}

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    struct conn *conn = arg;
    struct alm_error err;
    size_t end = evbuffer_get_length(input), at = end - info->n_added;
    err_init(&err);
    while (at < end && !conn->scan.is_stopped) {
        char bytes[1024];
        struct evbuffer_ptr from;
        at += scan_skip(&conn->scan, end - at);
        evbuffer_ptr_set(input, &from, at, EVBUFFER_PTR_SET);
        ev_ssize_t n = evbuffer_copyout_from(input, &from, bytes, sizeof bytes);
        if (n <= 0)
            break;
        at += (size_t)n;
        /* behind others that wait for their answers a bad head gets none: we close after them */
        if (scan_bytes(&conn->scan, bytes, (size_t)n, &err) != 0 && conn->phase == PHASE_READING &&
            !conn->scan.first)
            refuse(conn, &err);
    }
    err_clear(&err);
}

/* ---- connections ---- */

static int peer_is_loopback(struct conn *conn)
{
    char *address = NULL;
    ev_uint16_t port;
    evhttp_connection_get_peer(conn->evcon, &address, &port);
    return address && (strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
                       strncmp(address, "::ffff:127.", 11) == 0);
}

/* The first turn of a connection: evhttp's side of it exists now, and no byte has been read. */
static void conn_adopt(struct conn *conn)
{
    void *evcon = NULL;
    bufferevent_getcb(conn->bev, NULL, NULL, NULL, &evcon);
    conn->evcon = evcon;
    conn->is_loopback = peer_is_loopback(conn);
    evhttp_connection_set_closecb(conn->evcon, on_evhttp_close, conn);
    setsockopt(bufferevent_getfd(conn->bev), IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    set_timer(conn, conn->http->options.idle_seconds);
}

static void answer_late(struct conn *conn)
{
    struct alm_error err;
    err_init(&err);
    err_set(&err, ERR_UNAVAILABLE,
            "no answer in time; a change may still happen: ask again with the same "
            "Idempotency-Key, or read the record");
    struct pending *late = conn->pending;
    struct pending *stand_in = alloc_zero(1, sizeof *stand_in);
    stand_in->conn = conn;
    stand_in->request.head.method = late->request.head.method;
    late->conn = NULL;
    conn->pending = stand_in;
    conn->http->stats.timeouts++;
    char *body = problem_json(&err);
    struct http_reply reply = {.status = err_http_status(err.code),
                               .content_type = PROBLEM_TYPE,
                               .body = body,
                               .body_len = strlen(body)};
    http_send(&stand_in->request, &reply);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct conn *conn = arg;
    (void)fd, (void)what;
    if (!conn->evcon)
        conn_adopt(conn);
    else if (conn->phase == PHASE_ANSWERING && !conn->is_closing)
        answer_late(conn);
    else
        evhttp_connection_free(conn->evcon);
}

static struct bufferevent *on_connection(struct event_base *base, void *arg)
{
    struct http *http = arg;
    struct bufferevent *bev = bufferevent_socket_new(base, -1, 0);
    if (!bev)
        return NULL;
    struct conn *conn = alloc_zero(1, sizeof *conn);
    conn->http = http;
    conn->bev = bev;
    scan_init(&conn->scan, on_head, conn);
    conn->timer = evtimer_new(base, on_timer, conn);
    bufferevent_setwatermark(bev, EV_READ, 0, READ_AHEAD);
    /* the usual 16 KB a turn would let honest listeners fall behind a burst of events */
    bufferevent_set_max_single_write(bev, WRITE_A_TURN);
    evbuffer_add_cb(bufferevent_get_input(bev), on_input, conn);
    RB_INSERT(conns, &http->conns, conn);
    if (++http->stats.connections >= http->options.connections_max)
        evconnlistener_disable(http->listener);
    /* runs before the loop looks at the socket */
    event_active(conn->timer, EV_TIMEOUT, 0);
    return bev;
}

/* ---- requests and replies ---- */

static void on_sent(struct evhttp_request *request, void *arg)
{
    struct conn *conn = arg;
    conn->phase = PHASE_READING;
    if ((conn->scan.is_stopped && !conn->scan.first) || conn->http->on_drained)
        evhttp_add_header(evhttp_request_get_output_headers(request), "Connection", "close");
    if (conn->scan.first)
        begin_body(conn, conn->scan.first->head.content_length);
    else
        set_timer(conn, conn->http->options.idle_seconds);
}

static void take_body(struct pending *pending, struct evhttp_request *request)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(request);
    size_t len = evbuffer_get_length(input);
    pending->request.body = alloc_zero(len + 1, 1);
    pending->request.body_len = len;
    evbuffer_remove(input, pending->request.body, len);
}

static int speaks_for_another(const struct gate_head *head)
{
    static const char *const said_by_proxies[] = {"forwarded", "x-forwarded-for", "via",
                                                  "x-forwarded-proto", "x-real-ip"};
    for (size_t i = 0; i < sizeof said_by_proxies / sizeof *said_by_proxies; i++)
        if (gate_header(head, said_by_proxies[i]))
            return 1;
    return 0;
}

static void on_request(struct evhttp_request *request, void *arg)
{
    struct http *http = arg;
    struct conn *conn = conn_of(http, request);
    if (!conn) {
        evhttp_send_error(request, HTTP_INTERNAL, NULL);
        return;
    }
    struct scanned *scanned = scan_pop(&conn->scan);
    size_t len = evbuffer_get_length(evhttp_request_get_input_buffer(request));
    if (!scanned || scanned->head.content_length != len) {
        struct alm_error err;
        err_init(&err);
        err_set(&err, ERR_BAD_REQUEST, "request: it can be read in two ways");
        refuse(conn, &err);
        scanned_free(scanned);
        return;
    }
    struct pending *pending = alloc_zero(1, sizeof *pending);
    pending->conn = conn;
    pending->request.head = scanned->head;
    pending->request.is_loopback = conn->is_loopback && !speaks_for_another(&scanned->head);
    free(scanned);
    take_body(pending, request);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, READ_AHEAD);
    conn->pending = pending;
    conn->request = request;
    conn->phase = PHASE_ANSWERING;
    set_timer(conn, http->options.answer_seconds);
    http->stats.requests++;
    http->stats.bytes_in_bodies += (int64_t)len;
    http->options.on_request(http->options.arg, &pending->request);
}

void http_request_free(struct http_request *request)
{
    gate_head_clear(&request->head);
    free(request->body);
    free(request); /* the first member of struct pending */
}

static void add_headers(struct conn *conn, struct evhttp_request *request,
                        const struct http_reply *reply)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request);
    char length[32];
    snprintf(length, sizeof length, "%zu", reply->body_len);
    evhttp_add_header(out, "Content-Length", length);
    if (reply->content_type)
        evhttp_add_header(out, "Content-Type", reply->content_type);
    evhttp_add_header(out, "Cache-Control", "no-store");
    for (size_t i = 0; i < reply->n_headers; i++)
        evhttp_add_header(out, reply->headers[i].name, reply->headers[i].value);
    if (conn->http->on_drained || (conn->scan.is_stopped && !conn->scan.first))
        evhttp_add_header(out, "Connection", "close");
}

static void free_bytes(const void *bytes, size_t len, void *arg)
{
    (void)bytes, (void)len;
    free(arg);
}

static void send_now(struct conn *conn, int with_body, struct http_reply *reply)
{
    struct evhttp_request *request = conn->request;
    struct evbuffer *body = evbuffer_new();
    add_headers(conn, request, reply);
    if (with_body && reply->body_len) {
        evbuffer_add_reference(body, reply->body, reply->body_len, free_bytes, reply->body);
        reply->body = NULL;
    }
    conn->request = NULL;
    conn->pending = NULL;
    conn->phase = PHASE_SENDING;
    large_release(conn);
    set_timer(conn, SEND_S);
    evhttp_request_set_on_complete_cb(request, on_sent, conn);
    evhttp_send_reply(request, reply->status, problem_title(reply->status), body);
    evbuffer_free(body);
}

void http_send(struct http_request *request, struct http_reply *reply)
{
    struct pending *pending = (struct pending *)request;
    if (pending->conn)
        send_now(pending->conn, request->head.method != GATE_HEAD, reply);
    free(reply->body);
    reply->body = NULL;
    http_request_free(request);
}

void http_reply_header(struct http_reply *reply, const char *name, const char *format, ...)
{
    if (reply->n_headers == HTTP_HEADERS_MAX)
        return;
    struct http_header *header = &reply->headers[reply->n_headers++];
    header->name = name;
    va_list args;
    va_start(args, format);
    vsnprintf(header->value, sizeof header->value, format, args);
    va_end(args);
}

void http_extend(struct http_request *request, int seconds)
{
    struct pending *pending = (struct pending *)request;
    if (pending->conn)
        set_timer(pending->conn, seconds);
}

/* ---- the server ---- */

/* The accept loop was stopped (no more descriptors, or the cap): look again now and then. */
static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct http *http = arg;
    (void)fd, (void)what;
    if (!http->on_drained && http->stats.connections < http->options.connections_max)
        evconnlistener_enable(http->listener);
}

static void on_drain_timer(evutil_socket_t fd, short what, void *arg);

struct http *http_new(struct event_base *base, const struct http_options *options,
                      struct alm_error *err)
{
    struct http *http = alloc_zero(1, sizeof *http);
    http->base = base;
    http->options = *options;
    if (!http->options.idle_seconds)
        http->options.idle_seconds = IDLE_S;
    if (!http->options.answer_seconds)
        http->options.answer_seconds = HTTP_ANSWER_S;
    RB_INIT(&http->conns);
    http->listener = listen_open(base, options->host, options->port, &http->port, err);
    if (!http->listener) {
        free(http);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN);
    listen_raise_files(options->connections_max);
    http->evhttp = evhttp_new(base);
    evhttp_set_timeout(http->evhttp, STALL_S);
    evhttp_set_max_headers_size(http->evhttp, GATE_HEAD_MAX);
    evhttp_set_max_body_size(http->evhttp, HTTP_BODY_LARGE);
    evhttp_set_allowed_methods(http->evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                                                 EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH |
                                                 EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
    evhttp_set_bevcb(http->evhttp, on_connection, http);
    evhttp_set_gencb(http->evhttp, on_request, http);
    evhttp_bind_listener(http->evhttp, http->listener);
    http->tick = event_new(base, -1, EV_PERSIST, on_tick, http);
    event_add(http->tick, &(struct timeval){.tv_usec = LISTEN_TICK_MS * 1000});
    http->drain_timer = evtimer_new(base, on_drain_timer, http);
    return http;
}

int http_port(const struct http *http)
{
    return http->port;
}

struct http_stats http_stats_get(const struct http *http)
{
    return http->stats;
}

static void close_all(struct http *http)
{
    for (struct conn *conn = RB_MIN(conns, &http->conns), *next; conn; conn = next) {
        next = RB_NEXT(conns, &http->conns, conn);
        if (!conn->evcon)
            conn_adopt(conn);
        evhttp_connection_free(conn->evcon);
    }
}

static void on_drain_timer(evutil_socket_t fd, short what, void *arg)
{
    struct http *http = arg;
    (void)fd, (void)what;
    if (http->stats.connections)
        close_all(http);
    void (*on_drained)(void *) = http->on_drained;
    http->on_drained = NULL;
    evtimer_del(http->drain_timer);
    evtimer_del(http->tick);
    if (on_drained)
        on_drained(http->drained_arg);
}

void http_drain(struct http *http, int seconds, void (*on_drained)(void *arg), void *arg)
{
    http->on_drained = on_drained;
    http->drained_arg = arg;
    evconnlistener_disable(http->listener);
    event_add(http->drain_timer, &(struct timeval){.tv_sec = seconds});
    struct conn *conn;
    RB_FOREACH (conn, conns, &http->conns) {
        int is_idle = conn->phase == PHASE_READING && !conn->scan.first && !conn->scan.head.len;
        if (conn->evcon && (is_idle || conn->phase == PHASE_STREAMING))
            http_close_soon(conn);
    }
    drained_check(http);
}

void http_free(struct http *http)
{
    if (!http)
        return;
    http->on_drained = NULL;
    close_all(http);
    event_free(http->drain_timer);
    event_free(http->tick);
    evhttp_free(http->evhttp); /* and the listener */
    free(http);
}
