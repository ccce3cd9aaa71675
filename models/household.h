/* household.h - the households of a region: who waits together, derived from the applicants.
 *
 * A household is not a record of its own, so that splitting one (death, separation) loses nothing:
 * each member keeps the original applied_at. */
#ifndef ALMONER_HOUSEHOLD_H
#define ALMONER_HOUSEHOLD_H

#include "models/region.h"

struct household {
    const char *id;                   /* the household_id */
    const struct applicant **members; /* in order of id; `waiting` ones only */
    size_t n;
    int is_together; /* 1 = to be placed in one institution, all or none; then n >= 2 */
};

struct households {
    struct household *list; /* in order of id */
    size_t n;
};

/* Households with at least one waiting member. Members that disagree about `together`: those who
 * say `institution` are the household, one who says `none` is outside; where all say `none` they
 * are listed, with is_together 0. So is one waiting person alone: that couples nobody. */
void households_init(struct households *households, const struct region *region);
void households_clear(struct households *households);

#endif
