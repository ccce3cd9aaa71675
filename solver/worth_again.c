/* worth_again.c - see worth.h: beds of which the prices tell too little, tried one by one. */
#include "solver/again.h"
#include "solver/worth.h"

#include "models/alloc.h"

#include <stdio.h>

/* The pool with a bed more, in service under every count. */
static struct record *with_bed(const struct pool *pool)
{
    struct pool *more = (struct pool *)record_copy(&pool->record);
    more->beds_usable++;
    more->beds_approved++;
    more->beds_staffed++;
    return &more->record;
}

/* 0 when the gain is not known: the time is over, or the better plan not proved. */
static int try_bed(struct again *again, const struct pool *pool, struct shadow_price *price)
{
    struct plan plan;
    if (again_solve(again, with_bed(pool), &plan) < 0)
        return 0;
    int is_known = plan.status == PLAN_OPTIMAL;
    *price = (struct shadow_price){0};
    snprintf(price->pool_id, sizeof price->pool_id, "%s", pool->record.id);
    again_gains(again, &plan, price->price);
    region_put_take(again->region, record_copy(&pool->record));
    plan_clear(&plan);
    return is_known;
}

/* Exact prices are of an open bed, and do not look at nursing minutes and rooms that no choice
 * could break; a bed more may be a reserved one, and with it some may. */
static int is_told(const struct plan *plan, const struct pool *pool, const struct institution *home)
{
    return !plan->prices_are_bounds && worth_price(plan, pool->record.id) &&
           home->care_minutes == RECORD_NO_LIMIT && !pool->n_rooms && !pool->n_reserved;
}

static void try_pool(struct again *again, const struct region *region, const struct pool *pool,
                     struct worth *worth)
{
    const struct plan *plan = again->plan;
    const struct institution *home = region_institution(region, pool->institution_id);
    struct worth_row *row = worth_row_of(worth, home->district, (int)pool->kind);
    const struct shadow_price *price = worth_price(plan, pool->record.id);
    int is_exact = is_told(plan, pool, home);
    if (!is_exact && try_bed(again, pool, &worth->again[worth->n_again])) {
        price = &worth->again[worth->n_again++];
        is_exact = 1;
    }
    row->tried += is_exact;
    if (price)
        worth_take(plan, row, price);
}

int worth_again(const struct region *region, const struct policy *policy, const struct plan *plan,
                double seconds, struct worth *worth, struct alm_error *err)
{
    struct again again;
    worth_rows(region, 1, 1, worth);
    worth->again = alloc_zero(region_count(region, RECORD_POOL), sizeof *worth->again);
    again_init(&again, region, policy, plan, seconds, err);
    for (const struct record *at = region_first(region, RECORD_POOL); at; at = region_next(at))
        try_pool(&again, region, (const struct pool *)at, worth);
    again_clear(&again);
    return again.is_failed ? -1 : 0;
}
