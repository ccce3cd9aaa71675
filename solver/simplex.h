/* simplex.h - one stage by GLPK alone: a linear programme over all pairs of the face.
 *
 * GLPK proposes: what it returns is read as integers, checked, and thrown away when it is not an
 * assignment on the face. Whether it is optimal is for prices.h to decide. */
#ifndef ALMONER_SIMPLEX_H
#define ALMONER_SIMPLEX_H

#include "solver/budget.h"
#include "solver/face.h"

/* Begins at `chosen` (an assignment on the face) and leaves the assignment that GLPK ends at there;
 * it is never worse. `part_price` (n_parts) receives GLPK's duals of the parts rounded to integers,
 * 0 where it had none. Iterations are charged to the budget. Never fails: when GLPK gives up
 * `chosen` stays. Returns 1 when GLPK called it optimal. */
int simplex_stage(const struct face *face, const int64_t *gain, struct budget *budget,
                  uint32_t *chosen, int64_t *part_price);

#endif
