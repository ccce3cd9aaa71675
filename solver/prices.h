/* prices.h - exact least prices of one stage, which prove that an assignment is optimal there, or
 * the integer improvement that shows that it is not.
 *
 * Prices are a fixpoint over the parts (docs/solver.md): a part costs at least nothing when it need
 * not be full, at least what an unplaced person would gain there, and at least what a person would
 * gain by moving there plus the price of the part they leave. The least such prices are the same
 * for every optimal assignment. Nothing here is rounded: all values are integers. */
#ifndef ALMONER_PRICES_H
#define ALMONER_PRICES_H

#include "models/err.h"
#include "solver/budget.h"
#include "solver/face.h"

/* `chosen` (pair per person, PROBLEM_NONE = unplaced) is an assignment on the face; `gain` is by
 * pair. It is improved along cycles and paths until none improves it (each costs one unit of the
 * budget), and the prices (part_price: n_parts, person_price: n_people) prove it then: returns 1.
 * 0 when the budget or `most` improvements were spent before: the assignment is feasible,
 * part_price good for prices_bound, the rest means nothing. -1 (INTERNAL) when the face contradicts
 * itself. */
int prices_prove(const struct face *face, const int64_t *gain, uint32_t *chosen, int64_t most,
                 struct budget *budget, int64_t *part_price, int64_t *person_price,
                 struct alm_error *err);

/* An upper bound of the stage, valid for any prices: sum of capacity x price + sum of what is left
 * to each person. NULL = prices of 0. Negative prices of parts that need not be full count as 0. */
int64_t prices_bound(const struct face *face, const int64_t *gain, const int64_t *part_price);

/* Sum of the gains of an assignment. */
int64_t prices_value(const struct face *face, const int64_t *gain, const uint32_t *chosen);

#endif
