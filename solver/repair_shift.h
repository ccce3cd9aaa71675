/* repair_shift.h - when a region has some beds or some people more than before, all its prices move
 * by about the same, which spares as many searches through all of it. Inside repair.c only. */
#ifndef ALMONER_REPAIR_SHIFT_H
#define ALMONER_REPAIR_SHIFT_H

#include "solver/repair_search.h"

/* Moves the prices of each region so far that about as many people come or go as there are beds or
 * people too many, and settles everybody anew; 0 and nothing else, if that is about the limit or
 * less in all: searches are as quick then. Nothing is exact here, and need not be. */
int repair_shift(struct repair *repair, int64_t limit);

#endif
