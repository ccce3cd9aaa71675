/* api.h - the HTTP side of the daemon: one server, the routes of the contract, tokens and roles.
 *
 * Owns connections, limits, authentication and the wording of answers. Decides nothing about beds:
 * it calls use cases through the writer. Only http.c and http_stream.c include evhttp. */
#ifndef ALMONER_API_H
#define ALMONER_API_H

#include "models/err.h"

#include <stddef.h>
#include <stdint.h>

struct api;
struct event_base;
struct writer;
struct rounds;
struct store;

struct api_options {
    const char *host; /* "127.0.0.1" */
    int port;         /* 0 = any */
    const char *tokens_path;
    int connections_max; /* 0 = 4096 */
    int idle_seconds;    /* 0 = 30: until a whole head is there, and between requests */
    void (*log)(void *arg, const char *line);
    void *log_arg;
};

struct api *api_new(struct event_base *base, const struct api_options *options,
                    struct writer *writer, struct rounds *rounds, struct store *store,
                    int64_t (*clock)(void), struct alm_error *err);
int api_port(const struct api *api);
/* Reads the token file again (SIGHUP). On failure the old tokens stay. */
int api_reload_tokens(struct api *api, struct alm_error *err);
/* /readyz; until ready first 503 on /v1. Later 0 = the store is away: writing is 503, reading goes
 * on from the region in memory and says since when nothing new can have come (Stale-Since). */
void api_ready(struct api *api, int is_ready);
/* Stop accepting, answer what is in hand with `Connection: close`, end SSE; on_drained when none is
 * left. */
void api_drain(struct api *api, void (*on_drained)(void *arg), void *arg);
/* Requests not answered yet, also those whose client has left: free nothing before it is 0. */
size_t api_pending(const struct api *api);
/* Free the writer first: its jobs still answer their requests. NULL is fine. */
void api_free(struct api *api);

#endif
