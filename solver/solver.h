/* solver.h - one round: a region, a policy and a clock to a plan. The only door of the layer.
 *
 * Owns nothing beyond a call. Deterministic: the plan depends on region, policy and now alone, not
 * on the order of input or the state of the process. Reads no clock but for the stats. */
#ifndef ALMONER_SOLVER_H
#define ALMONER_SOLVER_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"
#include "solver/solver_options.h"

/* Solves one round at `now`. `certificate` may be NULL: the proof of the optimum in a network
 * round, else (households, staff minutes, rooms; a limit was hit) of bounds. 0 with a plan: status
 * OPTIMAL, or FEASIBLE with value and bound per objective when a limit was hit. Every plan has
 * passed verify_plan with its certificate before it is given. -1 with an error: nothing was
 * written. */
int solver_run(const struct region *region, const struct policy *policy, int64_t now,
               const struct solver_options *options, struct plan *plan,
               struct certificate *certificate, struct alm_error *err);

#endif
