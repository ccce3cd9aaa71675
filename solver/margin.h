/* margin.h - who is at the margin, from the greatest prices and the near pairs of a repaired round:
 * what greatest.h finds, without looking at all pairs. Inside repair.c only. */
#ifndef ALMONER_MARGIN_H
#define ALMONER_MARGIN_H

#include "solver/greatest.h"
#include "solver/repair_search.h"

/* Plan and prices of `repair` are final, and its pairs are all by which somebody loses no more than
 * one bed fewer costs where they are. `high`: by part the greatest price, PACKED_MOST = as high as
 * can be. 0: a price is beyond the limits of packed.h, and `greatest` is empty. */
int margin_find(const struct repair *repair, const int64_t *high, struct greatest *greatest);

#endif
