/* glpk_master.h - the relaxation of a round over choices inside GLPK: alternatives come in as they
 * are priced, rounded rows as they are broken.
 *
 * Everybody begins with the alternative of a plan, which is inside the limits of the rows; a column
 * is the step from there to another alternative. So only people with two steps or more need a row
 * of their own, and the rows are few. A fatal error inside GLPK is caught: from then on every
 * answer is GLPK_FAILED. What it says is a claim; bound.h says what holds. */
#ifndef ALMONER_GLPK_MASTER_H
#define ALMONER_GLPK_MASTER_H

#include "solver/choices.h"
#include "solver/glpk_mip.h"

struct glpk_master;

/* `chosen` (with its vector `x`; NULL = shared rooms unknown) keeps capacities and households;
 * other rows it may break. `tree`: per part the pair that makes its price, PROBLEM_NONE = none:
 * with the plan the basis of an optimum without the coupled rows. `gain`, `alive`: per column, the
 * caller's, must live. */
struct glpk_master *glpk_master_new(const struct choices *choices, const uint32_t *chosen,
                                    const uint32_t *tree, const double *price, const int64_t *gain,
                                    const unsigned char *alive);
void glpk_master_free(struct glpk_master *master);

void glpk_master_objective(struct glpk_master *master, const int64_t *gain);

/* Do the cuts of the model hold from now on (those that are new, too)? At the start none does. What
 * stages have settled since the last time holds as well: rows that are new or tighter, alternatives
 * that are not alive. */
void glpk_master_use_cuts(struct glpk_master *master, int uses_cuts);
/* Back to the last solution from before anything was fixed or forbidden. */
void glpk_master_restore(struct glpk_master *master);

/* Until all alternatives together beat the prices by no more than `close` times the value (0: until
 * none does). `price`: per row of the model, shared rows and loads; of the last prices, whatever
 * the outcome. When a limit came after a first solution, that one is there again and the outcome is
 * GLPK_LIMIT. */
enum glpk_outcome glpk_master_solve(struct glpk_master *master, struct budget *budget, double close,
                                    double *price);
int glpk_master_has_solution(const struct glpk_master *master);

/* Alternatives that are in, and room columns of the model, at these values from now on. */
void glpk_master_fix(struct glpk_master *master, uint32_t owner, const uint32_t *columns,
                     uint32_t n);
void glpk_master_forbid(struct glpk_master *master, uint32_t owner, const uint32_t *columns,
                        uint32_t n);
void glpk_master_fix_column(struct glpk_master *master, uint32_t column, int64_t value);
double glpk_master_column(const struct glpk_master *master, uint32_t column); /* its value */

/* The solution: every alternative that has a share of its owner. */
typedef void glpk_master_see(void *context, uint32_t owner, const uint32_t *columns, uint32_t n,
                             double share);
void glpk_master_each(const struct glpk_master *master, glpk_master_see *see, void *context);
/* The same per column of the model; 0 for loads and homes. */
void glpk_master_point(const struct glpk_master *master, double *x);

#endif
