/* budget.c - see budget.h. */
#include "solver/budget.h"

#include <time.h>

double budget_clock_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

void budget_init(struct budget *budget, const struct solver_options *options)
{
    *budget = (struct budget){.work_limit = options->work_limit};
    if (options->time_limit_s > 0)
        budget->until_s = budget_clock_s() + options->time_limit_s;
}

int budget_is_spent(const struct budget *budget)
{
    return (budget->work_limit && budget->work >= budget->work_limit) ||
           (budget->until_s > 0 && budget_clock_s() >= budget->until_s);
}

int budget_work_left(const struct budget *budget, int most)
{
    if (!budget->work_limit)
        return most;
    int64_t left = budget->work_limit - budget->work;
    return left < 1 ? 1 : left < most ? (int)left : most;
}

int budget_ms_left(const struct budget *budget, int most)
{
    if (budget->until_s <= 0)
        return most;
    double left = (budget->until_s - budget_clock_s()) * 1000;
    return left < 1 ? 1 : left < most ? (int)left : most;
}

static double part_of(double some, double all)
{
    return all <= 0 || some >= all ? 1 : some / all;
}

double budget_gone(const struct budget *budget, double from_s, int64_t from_work)
{
    double by_clock = 0, by_work = 0;
    if (budget->until_s > 0)
        by_clock = part_of(budget_clock_s() - from_s, budget->until_s - from_s);
    if (budget->work_limit)
        by_work =
            part_of((double)(budget->work - from_work), (double)(budget->work_limit - from_work));
    return by_clock > by_work ? by_clock : by_work;
}

/* Without the product of both, which may not fit; 1 more, so that some is left of a little. */
static int64_t work_until(const struct budget *budget, int percent)
{
    int64_t left = budget->work_limit - budget->work;
    int64_t until = budget->work + left / 100 * percent + left % 100 * percent / 100;
    return until < INT64_MAX ? until + 1 : until;
}

struct budget budget_share(const struct budget *budget, int percent)
{
    struct budget share = *budget;
    if (share.until_s > 0) {
        double now = budget_clock_s();
        share.until_s = now + (share.until_s - now) * percent / 100;
    }
    if (share.work_limit)
        share.work_limit = work_until(budget, percent);
    return share;
}

struct budget budget_narrow(struct budget *budget, int percent)
{
    struct budget before = *budget;
    *budget = budget_share(&before, percent);
    return before;
}

void budget_widen(struct budget *budget, const struct budget *before)
{
    budget->until_s = before->until_s;
    budget->work_limit = before->work_limit;
}
