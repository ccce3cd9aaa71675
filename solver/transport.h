/* transport.h - an optimal assignment of one stage, for rounds of many people: successive shortest
 * paths among the parts, from prices that samples of the people have found.
 *
 * Proposes only: whether the assignment is optimal, and what the prices are, is for prices.h to
 * say. The method and why it ends at an optimum: docs/solver.md. */
#ifndef ALMONER_TRANSPORT_H
#define ALMONER_TRANSPORT_H

#include "solver/budget.h"
#include "solver/face.h"

/* `chosen` is an assignment on the face; `gain` is by pair. 1: it is now an optimal one, and `dual`
 * (n_parts) holds optimal prices, though not the least. 0: the budget (one unit per path) ended
 * before, or no path was found: `chosen` and `dual` are as they were.
 * `least_sample`: samples are halved as long as that many people are left; 0 = no samples. */
int transport_solve(const struct face *face, const int64_t *gain, uint32_t least_sample,
                    struct budget *budget, uint32_t *chosen, int64_t *dual);

#endif
