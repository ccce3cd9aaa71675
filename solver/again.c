/* again.c - see again.h. */
#include "solver/again.h"

#include "solver/budget.h"
#include "solver/solver.h"

void again_init(struct again *again, const struct region *region, const struct policy *policy,
                const struct plan *plan, double seconds, struct alm_error *err)
{
    *again = (struct again){.policy = policy, .plan = plan, .err = err};
    again->region = region_copy(region);
    again->until_s = budget_clock_s() + seconds;
}

void again_clear(struct again *again)
{
    region_free(again->region);
}

int again_solve(struct again *again, struct record *record, struct plan *plan)
{
    struct solver_options options = {.time_limit_s = again->until_s - budget_clock_s()};
    region_put_take(again->region, record);
    if (options.time_limit_s <= 0 || again->is_failed)
        return -1;
    again->is_failed = solver_run(again->region, again->policy, again->plan->now, &options, plan,
                                  NULL, again->err) < 0;
    return again->is_failed ? -1 : 0;
}

void again_gains(const struct again *again, const struct plan *plan, int64_t gains[OBJECTIVE_COUNT])
{
    for (size_t k = 0; k < plan->n_objectives; k++) {
        int64_t more = plan->objectives[k].value - again->plan->objectives[k].value;
        gains[k] = words_objective_is_max(plan->objectives[k].objective) ? more : -more;
    }
}
