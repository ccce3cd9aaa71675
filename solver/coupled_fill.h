/* coupled_fill.h - a plan of a round with coupled rows from prices and a wish: one owner after the
 * other, those who are worth most first, takes what they wish or else the best alternative that the
 * rows still have room for.
 *
 * Quick, and always a plan: a large round has it long before its relaxation is solved. */
#ifndef ALMONER_COUPLED_FILL_H
#define ALMONER_COUPLED_FILL_H

#include "solver/choices.h"

/* `wish` (per person) also says how many women and men want each pool with rooms: its rooms are
 * shared out so. It may break any row. `chosen` (per person) receives the plan. */
void coupled_fill(const struct choices *choices, const struct choices_prices *prices,
                  const uint32_t *wish, uint32_t *chosen);

#endif
