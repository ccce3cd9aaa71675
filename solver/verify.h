/* verify.h - an independent check of a plan, in integers, without any solver.
 *
 * Shares no code with what made the plan: only the rules (eligibility.h, points, distances) are
 * common, because they are the meaning of the world. */
#ifndef ALMONER_VERIFY_H
#define ALMONER_VERIFY_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

/* Everything is recomputed at plan->now: hash of the world, label of the policy, each placement
 * (eligible, metres, points, rank), each unplaced person and reason, beds, reserves, households,
 * staff minutes, rooms, objective values, shadow prices that are bounds; and with a certificate the
 * proof of optimality over all pairs, that the order of ties was kept, and that exact shadow prices
 * are what one bed more and one fewer are worth. 0 and *proved = 1 (certificate holds) or 0
 * (feasible only: exact shadow prices are held against the lists alone); -1 with REFUSED and the
 * first thing wrong. */
int verify_plan(const struct region *region, const struct policy *policy, const struct plan *plan,
                const struct certificate *certificate, int *proved, struct alm_error *err);

/* The same for a plan that is being written, with its certificate. One over 2^s has nothing but its
 * prices yet: the bounds that they prove, and what people and households are worth at them, are
 * filled in; losses and names of the shadow prices are left to verify_plan. 0, or -1 with REFUSED.
 */
int verify_plan_certify(const struct region *region, const struct policy *policy,
                        const struct plan *plan, struct certificate *certificate,
                        struct alm_error *err);

#endif
