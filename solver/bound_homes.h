/* bound_homes.h - how far a bound is too high because homes with a staff row take fractions of
 * people.
 *
 * At the prices of a bound such a home can take no more than its beds and minutes times their
 * prices; in whole people mostly less, which a knapsack over its people says exactly. Owns nothing;
 * integers alone decide. */
#ifndef ALMONER_BOUND_HOMES_H
#define ALMONER_BOUND_HOMES_H

#include "solver/bound.h"

/* `bound` is one of these columns. No plan has more than its total less what comes back, which is
 * never below 0. */
bound_wide bound_homes_excess(const struct bound *bound, const struct model *model,
                              const unsigned char *alive);

#endif
