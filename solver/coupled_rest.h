/* coupled_rest.h - in a round with coupled rows, the people whom no such row touches: a network
 * among themselves, once all others keep what they have.
 *
 * Untouched: not in a household placed together, and neither their present bed nor that of the plan
 * in a home with a staff row or a pool with rooms. They are settled by network.h, ties included, on
 * the beds outside those homes and pools. */
#ifndef ALMONER_COUPLED_REST_H
#define ALMONER_COUPLED_REST_H

#include "solver/problem.h"
#include "solver/solver_options.h"

/* `chosen` is optimal in all objectives and stays so; 1 when the tie rule now holds among the
 * untouched, 0 when nothing was changed (limits of `options`). */
int coupled_rest_settle(const struct problem *problem, const struct solver_options *options,
                        uint32_t *chosen);

#endif
