/* routes.h - every route, written once: method, path, action, roles, whose objects, query, handler,
 * meaning.
 *
 * Dispatch, 404 and 405, the API description, the table in docs/http.md and the tests that walk
 * every route times role times object are all made from this table. */
#ifndef ALMONER_ROUTES_H
#define ALMONER_ROUTES_H

#include "api/gate.h"
#include "models/record.h"

struct call;

/* What {id} names, and so which scope rule holds (auth.h). */
enum route_object {
    ROUTE_NOTHING,
    ROUTE_APPLICANT,
    ROUTE_INSTITUTION,
    ROUTE_POOL,
    ROUTE_OFFER,
    ROUTE_RESIDENT, /* an applicant who lives in a home */
    ROUTE_ROUND
};

enum {
    ROUTE_OPEN = 1,     /* without a token on loopback; elsewhere any token will do */
    ROUTE_IF_MATCH = 2, /* If-Match is required: 428 without it */
    ROUTE_CREATES = 4,  /* PUT: If-Match replaces, If-None-Match: * creates, neither is 428 */
    ROUTE_LARGE = 8,    /* takes a body up to HTTP_BODY_LARGE */
    ROUTE_BODY = 16     /* has a JSON body */
};

struct route {
    enum gate_method method;
    const char *pattern; /* "/v1/offers/{id}" */
    const char *action;  /* "accept"; "" */
    unsigned roles;      /* bits 1u << enum role */
    enum route_object object;
    unsigned flags;
    const char *query; /* names of the query parameters, separated by blanks; "" */
    int status;        /* of a success */
    void (*handler)(struct call *call);
    const char *meaning;
};

extern const struct route routes[];
extern const size_t routes_n;

/* The route of a request, NULL when there is none; HEAD is served by GET. `id` receives what {id}
 * matched (percent signs decoded; "" when it cannot be an id). *allowed: bits 1u << method of the
 * methods that this path knows; 0 = no such path. */
const struct route *routes_match(enum gate_method method, const char *path, char id[ID_MAX + 1],
                                 unsigned *allowed);
/* "/v1/offers/{id}:accept" with the id put in, for tests and Location headers. */
void routes_path(const struct route *route, const char *id, char *text, size_t room);

#endif
