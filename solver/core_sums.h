/* core_sums.h - columns that count what homes have in common: the people of equal minutes in all
 * homes with a staff row together.
 *
 * Where somebody could as well be in another such home, the relaxation moves a fraction of a person
 * from home to home and no decision about one home holds it; one about all of them does. */
#ifndef ALMONER_CORE_SUMS_H
#define ALMONER_CORE_SUMS_H

#include "solver/core.h"

/* Adds a column and its row (origin MODEL_NONE both) for each sum of two or more columns. */
void core_sums_add(struct core *core);

#endif
