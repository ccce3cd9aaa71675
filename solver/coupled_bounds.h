/* coupled_bounds.h - bounds of a large round, objective after objective: prices by descent.h, what
 * they prove by bound.h.
 *
 * The prices of the first objective ask for no plan, so they are sought on a thread of their own
 * while the plan is; later objectives need the values of those before. The same work gives the same
 * bounds, on one core or more. */
#ifndef ALMONER_COUPLED_BOUNDS_H
#define ALMONER_COUPLED_BOUNDS_H

#include "solver/choices.h"
#include "solver/coupled_stage.h"

struct coupled_bounds;

/* `run`, `choices`: the caller's, live as long. Begins with the first objective. Until the first
 * stage nobody changes what columns are alive or limits of rows. */
struct coupled_bounds *coupled_bounds_new(struct coupled_run *run, const struct choices *choices);
void coupled_bounds_free(struct coupled_bounds *bounds);

/* The k-th objective, whose gain the run has: what it can be at most, unless `stage` is proved.
 * `price`: those that show it, per row of the model. To be asked in order, for the first one before
 * anything is kept. */
void coupled_bounds_stage(struct coupled_bounds *bounds, size_t k, struct coupled_stage *stage,
                          double *price);

#endif
