/* shadow.h - what one more bed would gain in parts of pools that have none to give.
 *
 * Such a part - the open one, or beds that are kept for a class - has no eligible pairs, so the
 * stages leave it at a price of 0. But one bed there would be worth the best that anybody could
 * gain by it over their own price - the same fixpoint, one step further. */
#ifndef ALMONER_SHADOW_H
#define ALMONER_SHADOW_H

#include "solver/problem.h"

/* Sets the prices of the parts without capacity, in homes that are neither suspended nor
 * overbooked, from the final plan and the final prices of the people (n_objectives each, as
 * maximisation); and in `next` (by part, see greatest.h; known for the parts with capacity) who
 * would get a place by that bed. */
void shadow_price_full_pools(const struct problem *problem, const uint32_t *chosen,
                             const int64_t *person_price, int64_t *part_price, uint32_t *next);

#endif
