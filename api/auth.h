/* auth.h - who asks, and whose objects they may see and change. Decides nothing else.
 *
 * Roles are in the route table; scope is here: a district its own applicants and their offers, an
 * institution itself, its pools, its offers and its residents, planners and admins everything. What
 * is out of scope looks exactly like what does not exist. */
#ifndef ALMONER_AUTH_H
#define ALMONER_AUTH_H

#include "api/http.h"
#include "api/routes.h"
#include "models/region.h"
#include "store/token.h"

/* The bearer token of the request. 0, or -1 with UNAUTHORIZED. */
int auth_who(const struct tokens *tokens, const struct http_request *request, struct token *who,
             struct alm_error *err);

/* Whose a record is, kept apart from the region (events are sent later than they happen). */
struct auth_tag {
    enum record_type type;
    char district[sizeof((struct token *)0)->scope]; /* of a person or their offer; "" */
    char home[ID_MAX + 1]; /* of a home, its pools, offers, residents; "" */
};
void auth_tag(const struct region *region, const struct record *record, struct auth_tag *tag);
int auth_sees_tag(const struct token *who, const struct auth_tag *tag);

/* May this token see this record (of `region`)? */
int auth_sees(const struct token *who, const struct region *region, const struct record *record);
/* What the {id} of a route names, when it is there and in scope; else NULL. */
const struct record *auth_find(const struct token *who, const struct region *region,
                               enum route_object object, const char *id);
/* NOT_FOUND in the one wording that missing objects and those of others share. */
int auth_missing(enum route_object object, const char *id, struct alm_error *err);
/* The record type behind an object. */
enum record_type auth_type(enum route_object object);

#endif
