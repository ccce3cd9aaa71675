/* body.h - the small JSON bodies of actions, by closed tables (models/read_json.h). */
#ifndef ALMONER_BODY_H
#define ALMONER_BODY_H

#include "api/call.h"
#include "models/read_json.h"

/* Reads the request's body into `target` (already at its defaults). No body at all counts as {}. 0,
 * or -1 with issues. */
int body_read(const struct call *call, const struct read_json_member *members, size_t n,
              void *target, struct alm_error *err);

/* Is the body declared as JSON (or not declared)? 0, or -1 with MEDIA_TYPE. */
int body_is_json(const struct call *call, struct alm_error *err);

#endif
