/* coupled_dive.h - from the relaxation of a large round to a plan: what is nearly whole is made
 * whole, and the rest solved again, until all is whole.
 *
 * Rooms come first, then those who have the greatest share of one alternative, as long as the rows
 * have room for all who are settled. */
#ifndef ALMONER_COUPLED_DIVE_H
#define ALMONER_COUPLED_DIVE_H

#include "solver/glpk_master.h"

/* `master` as solved; what is settled stays fixed in it. `chosen` (per person) receives the plan,
 * which may break a row that the relaxation does not know. 0, or -1 when a limit came first. */
int coupled_dive(const struct choices *choices, struct glpk_master *master, struct budget *budget,
                 uint32_t *chosen);

#endif
