/* core_bound.h - bound.h for a core and the limits of one node of a search: weak duality in whole
 * numbers of 1/2^20, whatever rounding the simplex did. */
#ifndef ALMONER_CORE_BOUND_H
#define ALMONER_CORE_BOUND_H

#include "solver/bound.h"
#include "solver/core.h"

struct core_bound {
    int64_t *price;   /* per row, in 1/2^20 */
    int64_t *reduced; /* per column, beyond the price of its set too; <= 0 in a set */
    bound_wide total; /* no plan within the limits has more, what is settled included */
};

void core_bound_init(struct core_bound *bound, const struct core *core);
void core_bound_clear(struct core_bound *bound);
void core_bound_copy(struct core_bound *to, const struct core_bound *from, const struct core *core);

/* From duals of the rows (signs that cannot be are cut to 0). With `is_ray` the gains count as 0:
 * a total below 0 then proves that no plan is left. */
void core_bound_set(struct core_bound *bound, const struct core_limits *limits, const double *duals,
                    int is_ray);

int64_t core_bound_value(const struct core_bound *bound);
/* Narrows every column to what a plan of `value` or more can have. */
void core_bound_narrow(const struct core_bound *bound, struct core_limits *limits, int64_t value);
/* The most that a plan with the column above its lower limit can reach. */
int64_t core_bound_reach(const struct core_bound *bound, const struct core_limits *limits,
                         uint32_t column);

#endif
