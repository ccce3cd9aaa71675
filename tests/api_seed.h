/* api_seed.h - the region that the tests of api/ start with: for every route with an object, and
 * every role, one object of one's own and one of others, in the state that the route asks for. */
#ifndef ALMONER_API_SEED_H
#define ALMONER_API_SEED_H

#include "api/routes.h"
#include "models/region.h"

/* Homes I1 (district North) and I2 (South), pools P1 and P2 without an offerable bed, a policy, and
 * the objects. */
struct region *api_seed_region(void);

/* The id of the object for routes[route] and that role; `is_own`: of district North and home I1,
 * else South and I2. */
const char *api_seed_id(size_t route, int role, int is_own, char id[ID_MAX + 1]);

/* One applicant more, waiting. Returned for the caller to alter before the region is used. */
struct applicant *api_seed_applicant(struct region *region, const char *id, const char *district);

#endif
