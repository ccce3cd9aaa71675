/* http.h - connections: bytes in, requests out; replies in, bytes out. The only files
 * that include evhttp are http.c and http_stream.c.
 *
 * Owns every limit of a connection: head 8 KB, body as the owner of the server says, how much is
 * read ahead, how long a head, a body, an answer and a reply may take, how many connections there
 * are. What it hands over has passed the gate (gate.h). Every request is answered exactly once,
 * also when the client has left. */
#ifndef ALMONER_HTTP_H
#define ALMONER_HTTP_H

#include "api/gate.h"

#include <stdint.h>

struct event_base;
struct http;
struct http_stream;

enum {
    HTTP_BODY_SMALL = 16 * 1024,
    HTTP_BODY_LARGE = 64 * 1024 * 1024,
    HTTP_LARGE_TOTAL = 2 * HTTP_BODY_LARGE, /* of all large bodies in hand: beyond, 503 */
    HTTP_ANSWER_S = 10,                     /* then http.c answers 503 itself */
    HTTP_HEADERS_MAX = 8
};

/* Valid until http_send or http_stream_new takes it; freed by that. */
struct http_request {
    struct gate_head head;
    char *body; /* NUL-terminated; body_len bytes */
    size_t body_len;
    int is_loopback; /* the peer is this machine, and no proxy says that it speaks for another */
};

struct http_header {
    const char *name; /* lasting text */
    char value[160];
};

struct http_reply {
    int status;
    const char *content_type; /* lasting text; NULL = no body */
    char *body;               /* taken (malloc'd); may be NULL */
    size_t body_len;
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t n_headers;
};
void http_reply_header(struct http_reply *reply, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct http_options {
    const char *host;
    int port;            /* 0 = any */
    int connections_max; /* further ones wait to be accepted */
    int idle_seconds;    /* 0 = 30: until a whole head is there, and between requests */
    int answer_seconds;  /* 0 = HTTP_ANSWER_S */
    void (*on_request)(void *arg, struct http_request *request);
    /* How long a body may be; asked once the head is in, before the body is read. */
    size_t (*body_limit)(void *arg, const struct gate_head *head);
    void *arg;
    void (*log)(void *arg, const char *line); /* may be NULL */
    void *log_arg;
};

/* NULL with an error when the address cannot be listened on. Raises the soft limit of open files
 * and ignores SIGPIPE: both are the process's. */
struct http *http_new(struct event_base *base, const struct http_options *options,
                      struct alm_error *err);
int http_port(const struct http *http);
/* Sends the reply and frees the request; takes reply->body. HEAD gets the headers alone. */
void http_send(struct http_request *request, struct http_reply *reply);
/* More time than HTTP_ANSWER_S for this one. */
void http_extend(struct http_request *request, int seconds);
/* No new connections, `Connection: close` on replies, streams end, idle connections close;
 * on_drained (from the loop) when none is left, at the latest after `seconds`. */
void http_drain(struct http *http, int seconds, void (*on_drained)(void *arg), void *arg);
void http_free(struct http *http); /* ends what is left; NULL is fine */

/* An answer without end (server-sent events). Takes the request. `on_closed` is called once when
 * the client has left or was dropped (also by http_drain); then the stream is gone. */
struct http_stream *http_stream_new(struct http_request *request, const char *content_type,
                                    void (*on_closed)(void *arg), void *arg);
/* A client that does not read is dropped once 512 KB wait for it. */
void http_stream_write(struct http_stream *stream, const char *bytes, size_t len);
/* Ends it at the next turn of the loop; on_closed follows. */
void http_stream_end(struct http_stream *stream);

struct http_stats {
    int64_t connections, streams, requests, refused, dropped, timeouts, bytes_in_bodies;
};
struct http_stats http_stats_get(const struct http *http);

#endif
