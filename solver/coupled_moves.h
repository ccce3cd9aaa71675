/* coupled_moves.h - a plan of a large round made better by small changes of its design, in many
 * homes at once, as long as they help.
 *
 * Each turn solves the network of the design exactly (coupled_slots.h), looks in every home and for
 * every household for the change that is worth most at the worth of places, and makes those that
 * are far from each other. Ends where no small change helps: mostly near the optimum of the round,
 * and never worse than the plan it began with. */
#ifndef ALMONER_COUPLED_MOVES_H
#define ALMONER_COUPLED_MOVES_H

#include "solver/budget.h"
#include "solver/choices.h"

/* `prices`: any, near optimal ones at best. `chosen` (per person): a plan that breaks no row;
 * receives the better one. One unit of the budget per path of the network. */
void coupled_moves_run(const struct choices *choices, const struct choices_prices *prices,
                       struct budget *budget, uint32_t *chosen);

#endif
