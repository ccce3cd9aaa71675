/* coupled_moves.h - a plan of a round with coupled rows made better by small changes of its design,
 * in many homes at once, as long as they help.
 *
 * Each turn solves the network of the design exactly (coupled_slots.h), looks in every home and for
 * every household for the change that is worth most at the worth of places, and makes those that
 * are far from each other. Ends where no small change helps: mostly near the optimum of the round,
 * and never worse than the plan it began with. */
#ifndef ALMONER_COUPLED_MOVES_H
#define ALMONER_COUPLED_MOVES_H

#include "solver/budget.h"
#include "solver/choices.h"

/* What places cost at prices of the shared rows, per pair: where the moves begin. */
void coupled_moves_begin(const struct choices *choices, const struct choices_prices *prices,
                         int64_t *price);

/* `gain`: per column. `price`: per pair, any, near optimal ones at best; receives those of the plan
 * that no small change makes better. From there it is shaken so many times (coupled_anneal.h) and
 * made better again; the best of these plans counts. `chosen` (per person): a plan that breaks no
 * row; receives the better one. One unit of the budget per path of the network. */
void coupled_moves_run(const struct model *model, const int64_t *gain, int64_t *price, int shakes,
                       struct budget *budget, uint32_t *chosen);

#endif
