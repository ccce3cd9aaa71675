/* http_inside.h - what http.c and http_stream.c know of a connection. Nobody else includes it. */
#ifndef ALMONER_HTTP_INSIDE_H
#define ALMONER_HTTP_INSIDE_H

#include "api/http.h"
#include "api/scan.h"

#include <bsd/sys/tree.h>

enum phase { PHASE_READING, PHASE_ANSWERING, PHASE_SENDING, PHASE_STREAMING, PHASE_LINGERING };

struct pending;

struct conn {
    RB_ENTRY(conn) link; /* by bev */
    struct http *http;
    struct bufferevent *bev;
    struct evhttp_connection *evcon;
    struct event *timer;
    enum phase phase;
    int is_closing; /* close at the next turn of the loop */
    int is_loopback;
    struct scan scan;
    size_t large; /* bytes of HTTP_LARGE_TOTAL that this connection holds */
    struct pending *pending;
    struct evhttp_request
        *request; /* from the handler's call until its answer was given to evhttp */
    struct http_stream *stream;
};
RB_HEAD(conns, conn);

struct pending {                 /* what a handler holds */
    struct http_request request; /* first: handlers know only this */
    struct conn *conn;           /* NULL: answered already (deadline), or the client is gone */
};

struct http_stream {
    struct conn *conn;
    void (*on_closed)(void *arg);
    void *arg;
};

struct http {
    struct event_base *base;
    struct evhttp *evhttp;
    struct evconnlistener *listener;
    struct event *tick;
    struct http_options options;
    int port;
    struct conns conns;
    size_t large; /* bytes of large bodies in hand */
    struct http_stats stats;
    struct event *drain_timer;
    void (*on_drained)(void *arg);
    void *drained_arg;
};

/* Frees evhttp's connection at the next turn: never inside one of evhttp's own callbacks. */
void http_close_soon(struct conn *conn);
void http_request_free(struct http_request *request);

/* http_stream.c: the owner of the connection's stream, if it has one, learns that it is over; what
 * it held is freed. */
void http_stream_over(struct conn *conn);

#endif
