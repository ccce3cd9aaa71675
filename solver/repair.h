/* repair.h - a round that differs little from the last one: its plan and prices put right where
 * they do not fit any more, in all objectives at once.
 *
 * The quick way of network.h for rounds that have a last plan and certificate. It proves what it
 * gives, or gives nothing; what it gives is what the stages would have given (docs/solver.md). */
#ifndef ALMONER_REPAIR_H
#define ALMONER_REPAIR_H

#include "solver/budget.h"
#include "solver/greatest.h"
#include "solver/network.h"
#include "solver/warm.h"

/* 1: `chosen` is the plan, ties settled; result has values, bounds, least prices (its two arrays
 * are there already) and, where they could be found, the greatest ones. 0: the round differs too
 * much, the objectives do not fit into one integer, or the budget ended; chosen and result mean
 * nothing. Paths count as work either way. */
int repair_solve(const struct problem *problem, const struct warm *warm, struct budget *budget,
                 uint32_t *chosen, struct network_result *result);

#endif
