/* coupled_bounds.h - bounds of a large round, objective after objective: prices by descent.h, what
 * they prove by bound.h, or, with homes with a staff row as wholes, by descent_bound.
 *
 * Prices need no plan, so a thread of their own seeks those of all objectives while the plan is
 * sought, the later ones as if it lost a little of each before. Stage by stage they are adapted to
 * what it did lose. The same work gives the same bounds, on one core or more. */
#ifndef ALMONER_COUPLED_BOUNDS_H
#define ALMONER_COUPLED_BOUNDS_H

#include "solver/choices.h"
#include "solver/coupled_run.h"

struct coupled_bounds;

/* `run`, `choices`: the caller's, live as long. Begins at once, beside the caller: until the first
 * stage nobody changes what columns are alive or limits of rows. Of a limit of work it sets its own
 * share aside here. */
struct coupled_bounds *coupled_bounds_new(struct coupled_run *run, const struct choices *choices);
void coupled_bounds_free(struct coupled_bounds *bounds);

/* The k-th objective, whose gain the run has: what it can be at most, unless `stage` is proved.
 * `price`: those that show it, per row of the model. To be asked in order, for the first one before
 * anything is kept. */
void coupled_bounds_stage(struct coupled_bounds *bounds, size_t k, struct coupled_stage *stage,
                          double *price);

#endif
