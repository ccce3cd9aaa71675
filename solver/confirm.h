/* confirm.h - a second opinion on a plan that integers have proved: GLPK goes through its
 * stages again.
 *
 * It changes nothing: neither the plan nor its prices. Whether the plan is optimal does not hang on
 * it. */
#ifndef ALMONER_CONFIRM_H
#define ALMONER_CONFIRM_H

#include "solver/budget.h"
#include "solver/problem.h"

/* 1: GLPK's simplex called `chosen` optimal in every objective, each on the optimal face of those
 * before, and no pair of the face beats its duals. 0: it did not, gave up, ran out of the budget
 * (which its iterations are charged to), or would have needed a model of more than 50,000 columns.
 * Prices: n_objectives each, as network_solve leaves them. */
int confirm_plan(const struct problem *problem, const uint32_t *chosen, const int64_t *part_price,
                 const int64_t *person_price, struct budget *budget);

#endif
