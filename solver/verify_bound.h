/* verify_bound.h - the bounds that prices over 2^s prove, objective after objective, in 128-bit
 * whole numbers and one pass over the pairs each; no solver, and nothing of its arrays.
 *
 * The argument (docs/solver-bounds.md): at any prices a plan is worth at most what beds, staff and
 * kept objectives cost, and what each person and household gains beyond that at best. A later
 * objective is bounded among the plans that equal this one in the objectives before it; such a plan
 * can lose, against the exact bound of an earlier objective, only what lies between that bound and
 * the plan's value: so what alone would lose more is out. */
#ifndef ALMONER_VERIFY_BOUND_H
#define ALMONER_VERIFY_BOUND_H

#include "solver/verify_round.h"

/* Fills in what follows from the prices of beds, rooms, staff and kept objectives: the bounds with
 * their rests, and what each person and household is worth at best. -1 with REFUSED when the prices
 * do not fit the world. The certificate's own lists of people and households are replaced. */
int verify_bound_state(const struct verify_round *round, struct certificate *certificate,
                       struct alm_error *err);

/* The same for somebody else's certificate: -1 with REFUSED and the first thing that it states
 * wrongly; else *proved = 1 when every bound is the plan's value, 0 when one is not. */
int verify_bound_check(const struct verify_round *round, const struct certificate *certificate,
                       int *proved, struct alm_error *err);

#endif
