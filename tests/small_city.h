/* small_city.h - a city written down as three CSV texts and a policy, solved once. */
#ifndef ALMONER_SMALL_CITY_H
#define ALMONER_SMALL_CITY_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

struct small_city {
    struct region *region;
    struct policy *policy;
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
};

/* Institutions, pools, applicants; the round of 2025-03-01. Ends the test when one is not read, or
 * nothing is solved. */
void small_city_init(struct small_city *city, const char *const texts[3], const char *policy);
void small_city_clear(struct small_city *city);

#endif
