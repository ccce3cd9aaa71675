/* verify_values.h - the objectives of a plan, summed again from what the contract says each of them
 * counts. */
#ifndef ALMONER_VERIFY_VALUES_H
#define ALMONER_VERIFY_VALUES_H

#include "solver/verify_round.h"

/* What placing one person at `rank` and `metres` counts in an objective, as maximisation (minimised
 * ones negated). Soft-reserved beds belong to a part of a pool: verify_values_reserve, 0 here. */
int64_t verify_values_gain(const struct verify_person *person, enum objective objective,
                           int64_t rank, int64_t metres);
/* Does this person in that part of a pool count for the objective `reserve`? */
int verify_values_reserve(const struct verify_round *round, const struct verify_person *person,
                          const struct verify_pool *pool, size_t part);

/* What the people of the round and where they are give, as the contract states it; wide enough for
 * any figures that a world can state. */
__int128 verify_values_total(const struct verify_round *round, enum objective objective);

/* The plan states the policy's objectives in their order, each with its true value, and bounds that
 * agree with its status. 0, or -1 with REFUSED. */
int verify_values_check(const struct verify_round *round, struct alm_error *err);

#endif
