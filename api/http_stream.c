/* http_stream.c - (http.h) answers without end.
 *
 * Owns what a stream holds and how much may wait for its client; the connection under it is
 * http.c's. */
#include "api/http_inside.h"

#include "api/problem.h"
#include "models/alloc.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { WAITING_MAX = 512 * 1024, SOCKET_BYTES = 64 * 1024 };

void http_stream_over(struct conn *conn)
{
    struct http_stream *stream = conn->stream;
    conn->stream = NULL;
    if (!stream)
        return;
    conn->http->stats.streams--;
    stream->on_closed(stream->arg);
    free(stream);
}

struct http_stream *http_stream_new(struct http_request *request, const char *content_type,
                                    void (*on_closed)(void *arg), void *arg)
{
    struct pending *pending = (struct pending *)request;
    struct conn *conn = pending->conn;
    struct http_stream *stream = alloc_zero(1, sizeof *stream);
    *stream = (struct http_stream){conn, on_closed, arg};
    struct evkeyvalq *out = evhttp_request_get_output_headers(conn->request);
    evhttp_add_header(out, "Content-Type", content_type);
    evhttp_add_header(out, "Cache-Control", "no-store");
    evhttp_add_header(out, "Connection", "close");
    setsockopt(bufferevent_getfd(conn->bev), SOL_SOCKET, SO_SNDBUF, &(int){SOCKET_BYTES},
               sizeof(int));
    conn->pending = NULL;
    conn->stream = stream;
    conn->phase = PHASE_STREAMING;
    conn->http->stats.streams++;
    evtimer_del(conn->timer);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, 4096);
    evhttp_send_reply_start(conn->request, 200, problem_title(200));
    http_request_free(request);
    return stream;
}

void http_stream_write(struct http_stream *stream, const char *bytes, size_t len)
{
    struct conn *conn = stream->conn;
    if (conn->is_closing)
        return;
    size_t waiting = evbuffer_get_length(bufferevent_get_output(conn->bev));
    if (waiting + len > WAITING_MAX) {
        conn->http->stats.dropped++;
        http_close_soon(conn);
        return;
    }
    struct evbuffer *chunk = evbuffer_new();
    evbuffer_add(chunk, bytes, len);
    evhttp_send_reply_chunk(conn->request, chunk);
    evbuffer_free(chunk);
}

void http_stream_end(struct http_stream *stream)
{
    http_close_soon(stream->conn);
}
