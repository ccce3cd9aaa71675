/* again.h - a proved round solved again, with one record other than it was: what no price tells.
 *
 * Owns a copy of the region. Within one budget of seconds for all that is asked. */
#ifndef ALMONER_AGAIN_H
#define ALMONER_AGAIN_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

struct again {
    const struct policy *policy;
    const struct plan *plan; /* of the round as it was */
    struct region *region;
    double until_s; /* on the clock of budget_clock_s */
    struct alm_error *err;
    int is_failed; /* the solver, with `err` set: nothing is solved any more */
};

/* `policy`, `plan` and `err` stay the caller's and have to outlive it. */
void again_init(struct again *again, const struct region *region, const struct policy *policy,
                const struct plan *plan, double seconds, struct alm_error *err);
void again_clear(struct again *again);

/* Takes the record in the place of the one with its id, for good, and solves. The plan is the
 * caller's to clear. -1 without one when the time is over or the solver has failed. */
int again_solve(struct again *again, struct record *record, struct plan *plan);

/* By how much that plan is better than the one of before, as maximisation. */
void again_gains(const struct again *again, const struct plan *plan,
                 int64_t gains[OBJECTIVE_COUNT]);

#endif
