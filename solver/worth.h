/* worth.h - where one more bed is worth most: of the pools of a district or kind, and in a new pool
 * that nobody has yet. Read from a plan and its prices; nothing is solved, unless worth_again is
 * asked. */
#ifndef ALMONER_WORTH_H
#define ALMONER_WORTH_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

struct worth_row {
    const char *district; /* of the homes; NULL = all */
    int kind;             /* enum kind; -1 = all */
    size_t pools;
    const struct shadow_price *best; /* the greatest price among the pools' open beds, of equal ones
                                        the first by id; NULL = no pool of the row has one */
    size_t tried;                    /* worth_again: of so many pools the gain is exact */
    /* worth_new_beds: one bed in a new pool of that kind, in the home where it gains most */
    const struct institution *site; /* NULL = it gains nothing anywhere */
    int64_t gain[OBJECTIVE_COUNT];
};

struct worth {
    struct worth_row *rows; /* by district, then kind */
    size_t n;
    struct shadow_price *again; /* worth_again: of the pools that it tried; price alone */
    size_t n_again;
};

/* One row per district or kind or both that a pool of the region has (neither: one row); none when
 * the plan has no prices (bounds are there even where every pool is without). Exact, or at least so
 * much, as the prices are. */
void worth_by(const struct region *region, const struct plan *plan, int by_district, int by_kind,
              struct worth *worth);
void worth_clear(struct worth *worth);

/* worth_again.c: a table by district and kind, also of a plan without prices. Of pools where prices
 * do not tell all - they are bounds, or there are none; rooms, nursing minutes, reserves - what one
 * more bed in service gains a proved plan is asked of the solver, pool after pool in order of id,
 * for so many seconds at most in all: the best of a row whose pools are all `tried` is exact. -1
 * with the error of solving again. */
int worth_again(const struct region *region, const struct policy *policy, const struct plan *plan,
                double seconds, struct worth *worth, struct alm_error *err);
/* worth.c: the rows alone, without a best; the row of a pool; and a price that becomes the best of
 * its row when it is greater. */
void worth_rows(const struct region *region, int by_district, int by_kind, struct worth *worth);
struct worth_row *worth_row_of(struct worth *worth, const char *district, int kind);
void worth_take(const struct plan *plan, struct worth_row *row, const struct shadow_price *price);

/* worth.c: what the plan says of a pool's open beds; NULL = nothing. */
const struct shadow_price *worth_price(const struct plan *plan, const char *pool_id);
/* worth.c: rows of kinds that somebody waiting accepts, in districts that have a home. */
void worth_add_rows(const struct region *region, struct worth *worth);

/* To a table by district and kind: also rows without a pool (homes of the district, kinds that
 * somebody waiting accepts), and the site of each. The new bed has no rule but its kind: any level,
 * sex and village, no fee, the home's capabilities. Nursing minutes are not looked at. Where prices
 * are bounds it is in a home that states no minutes, for somebody who waits alone and is in no pool
 * without a price, so it gains at least that. `region` and `policy` are those of the plan. -1 with
 * an error when the plan is not theirs. */
int worth_new_beds(const struct region *region, const struct policy *policy,
                   const struct plan *plan, struct worth *worth, struct alm_error *err);

#endif
