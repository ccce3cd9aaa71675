/* budget.h - how long a solve may go on: a wall clock, a deterministic count of work, or neither.
 *
 * A unit of work is a simplex iteration, a node of a search, a path, an exchange, a newcomer for
 * whom others have to move, or a look of a descent at all alternatives. The clock is monotonic and
 * only ever compared with itself. */
#ifndef ALMONER_BUDGET_H
#define ALMONER_BUDGET_H

#include "solver/solver_options.h"

struct budget {
    double until_s;     /* on the clock of budget_clock_s; 0 = no wall clock */
    int64_t work_limit; /* 0 = none */
    int64_t work;       /* spent so far */
};

void budget_init(struct budget *budget, const struct solver_options *options);
int budget_is_spent(const struct budget *budget);
/* What is left, at most `most`: for solvers that take a limit of their own. At least 1. */
int budget_work_left(const struct budget *budget, int most);
int budget_ms_left(const struct budget *budget, int most);

/* Which part, 0 to 1, is gone of what the limits left at `from_s` with `from_work` spent: of the
 * one that is nearer to its end. 0 without limits. */
double budget_gone(const struct budget *budget, double from_s, int64_t from_work);

/* So much of what a limit leaves now. */
struct budget budget_share(const struct budget *budget, int percent);
/* The same for the budget itself; returns what it was. */
struct budget budget_narrow(struct budget *budget, int percent);
/* Its limits are again those of `before`. */
void budget_widen(struct budget *budget, const struct budget *before);

double budget_clock_s(void); /* monotonic seconds */

#endif
