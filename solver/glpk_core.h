/* glpk_core.h - the linear relaxation of a core inside GLPK, solved again and again by the dual
 * simplex while limits change.
 *
 * Owns the GLPK object and its tolerances. What it says is a claim; core_bound.h says what holds.
 * After a fatal error inside GLPK every answer is GLPK_FAILED. Vectors are indexed by the columns
 * and rows of the core. */
#ifndef ALMONER_GLPK_CORE_H
#define ALMONER_GLPK_CORE_H

#include "solver/budget.h"
#include "solver/core.h"
#include "solver/glpk_mip.h"

struct glpk_core;

/* All rows, no columns. `mip` (may be NULL) is lost with it after a fatal error, which takes GLPK's
 * memory as a whole. */
struct glpk_core *glpk_core_new(const struct core *core, struct glpk_mip *mip);
void glpk_core_free(struct glpk_core *lp);

void glpk_core_add(struct glpk_core *lp, uint32_t column);
int glpk_core_has(const struct glpk_core *lp, uint32_t column);
/* The core has changed: a row has other limits, a column another gain, what is settled too. */
void glpk_core_sync_row(struct glpk_core *lp, uint32_t row);
void glpk_core_sync_column(struct glpk_core *lp, uint32_t column);
void glpk_core_sync_base(struct glpk_core *lp);
/* Begins from the basis that `mip` has, as far as it fits. */
void glpk_core_start(struct glpk_core *lp);

/* Stops early once the optimum is surely below `enough` (as the simplex sees it). `iterations` (0 =
 * no limit) leaves the answer GLPK_LIMIT too. */
enum glpk_outcome glpk_core_solve(struct glpk_core *lp, const struct core_limits *limits,
                                  double enough, int iterations, struct budget *budget);
/* Of the last basis: duals by row; values by column, 0 for those that are not in. */
void glpk_core_duals(const struct glpk_core *lp, double *duals);
void glpk_core_values(const struct glpk_core *lp, double *values);
/* After GLPK_EMPTY: the row of the inverse, or the sum of rows, that shows it. `sign` 1 or -1. 0,
 * or -1 = there is none. */
int glpk_core_ray(struct glpk_core *lp, double sign, double *duals);

#endif
