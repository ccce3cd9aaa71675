/* margin.h - greatest prices and who is at the margin, from the near pairs of a repaired round:
 * what greatest.h finds, without looking at all pairs. Inside repair.c only. */
#ifndef ALMONER_MARGIN_H
#define ALMONER_MARGIN_H

#include "solver/greatest.h"
#include "solver/repair_search.h"

/* Plan and prices of `repair` are final, and its pairs are all by which somebody loses no more than
 * one bed fewer costs where they are. 0: the prices are beyond the limits of packed.h, and
 * `greatest` is empty. */
int margin_find(struct repair *repair, struct greatest *greatest);

#endif
