/* api_server.h - the daemon's HTTP side in a process of its own, over a memory store, for tests:
 * the real api, writer, rounds and use cases. The tests talk to it over a loopback port. */
#ifndef ALMONER_API_SERVER_H
#define ALMONER_API_SERVER_H

#include "models/region.h"
#include "store/token.h"

#include <sys/types.h>

enum { API_SERVER_NOW = 1740787200 }; /* its clock stands still at 2025-03-01T00:00:00Z */

struct api_server {
    pid_t pid;
    int port;
    char tokens[ROLE_COUNT][TOKEN_TEXT];    /* district North, institution I1, planner, admin */
    char south[TOKEN_TEXT], i2[TOKEN_TEXT]; /* district South, institution I2 */
};

/* `region` is what the store holds at the start; it is freed. idle_seconds 0 = as usual. */
void api_server_start(struct api_server *server, struct region *region, int idle_seconds);
long api_server_memory_kb(const struct api_server *server); /* resident */
/* SIGTERM, drain, and the exit status: 0 when everything was in order (under a sanitizer: no leak).
 */
int api_server_stop(struct api_server *server);

#endif
