/* solver.h - one round: a region, a policy and a clock to a plan. The only door of the layer.
 *
 * Owns nothing beyond a call. Deterministic: the plan depends on region, policy and now alone, not
 * on the order of input or the state of the process. Reads no clock but for the stats. */
#ifndef ALMONER_SOLVER_H
#define ALMONER_SOLVER_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

enum solver_engine { SOLVER_AUTO, SOLVER_GLPK, SOLVER_GREEDY };

struct solver_options {
    enum solver_engine engine;
    double time_limit_s; /* 0 = none; a wall clock: the result may differ from run to run */
    int64_t work_limit;  /* 0 = none; in the units of budget.h: deterministic */
    /* Of the round before, each may be NULL: where a network round starts. They save time and
     * change nothing else, unless a limit ends the solve before it is proved. */
    const struct plan *last_plan;
    const struct certificate *last_certificate;
};

/* Solves one round at `now`. `certificate` may be NULL: the proof of the optimum in a network
 * round, else (households, staff minutes, rooms; a limit was hit) of bounds. 0 with a plan: status
 * OPTIMAL, or FEASIBLE with value and bound per objective when a limit was hit. Every plan has
 * passed verify_plan with its certificate before it is given. -1 with an error: nothing was
 * written. */
int solver_run(const struct region *region, const struct policy *policy, int64_t now,
               const struct solver_options *options, struct plan *plan,
               struct certificate *certificate, struct alm_error *err);

#endif
