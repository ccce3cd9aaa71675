/* coupled_household.h - where a household is in a design (coupled_design.h), and where it could be.
 */
#ifndef ALMONER_COUPLED_HOUSEHOLD_H
#define ALMONER_COUPLED_HOUSEHOLD_H

#include "solver/coupled_design.h"

/* The home that members go to; MODEL_NONE = nobody moves. */
uint32_t coupled_household_home(const struct coupled_design *design, uint32_t household);
/* Of all members, where they are. */
int64_t coupled_household_gain(const struct coupled_design *design, uint32_t household);
/* Where the m-th member lives; MODEL_NONE = nowhere yet. */
uint32_t coupled_household_lived_in(const struct coupled_design *design, uint32_t household,
                                    size_t m);

/* Sets the pairs of a household that the design is without (coupled_design_take): everybody to that
 * home, each where they are worth most beyond a place there (coupled_slots_weigh); MODEL_NONE:
 * nobody moves. 0 = somebody cannot. */
int coupled_household_move(struct coupled_design *design, uint32_t household, uint32_t home);

#endif
