/* verify_rules.h - the rows of a round, checked on a plan one after the other by plain counting.
 * Each gives 0, or -1 with REFUSED and the first row that is broken. */
#ifndef ALMONER_VERIFY_RULES_H
#define ALMONER_VERIFY_RULES_H

#include "solver/verify_round.h"

/* Does anything couple people beyond beds: a household together, staff minutes, rooms? */
int verify_rules_are_coupled(const struct verify_round *round);

/* Nobody comes to a closed pool, nor more than there are beds; reserved beds go to their class. */
int verify_rules_beds(const struct verify_round *round, struct alm_error *err);
/* Households that wait together: all newcomers in one institution, or nobody moves. */
int verify_rules_households(const struct verify_round *round, struct alm_error *err);
/* Nursing minutes of those who come to an institution. */
int verify_rules_staff(const struct verify_round *round, struct alm_error *err);
/* Empty rooms, each for one sex or for a couple. */
int verify_rules_rooms(const struct verify_round *round, struct alm_error *err);

#endif
