/* verify_margin_shape.c - (verify_margin.h) what shows of the published prices without a
 * certificate. */
#include "solver/verify_margin.h"

#include "solver/verify_rules.h"

#include <string.h>

struct shape {
    const struct verify_round *round;
    const struct verify_pool *pool;
    const struct verify_part *part;
    const struct shadow_price *stated;
    struct alm_error *err;
};

static int refuse(const struct shape *shape, const char *what)
{
    return err_set(shape->err, ERR_REFUSED, "shadow prices: pool %s%s%s: %s",
                   shape->pool->pool->record.id, shape->part->reserve[0] ? ", class " : "",
                   shape->part->reserve, what);
}

/* -1, 0, 1 as `a` is less than `b`, in lexicographic order. */
static int compare(const struct shape *shape, const int64_t *a, const int64_t *b)
{
    for (size_t k = 0; k < shape->round->plan->n_objectives; k++)
        if (a[k] != b[k])
            return a[k] < b[k] ? -1 : 1;
    return 0;
}

static int is_newcomer(const struct shape *shape, const char *id, int is_placed)
{
    size_t i = verify_round_person(shape->round, id);
    return i != VERIFY_NOWHERE && shape->round->people[i].own == VERIFY_NOWHERE &&
           (shape->round->people[i].to != VERIFY_NOWHERE) == is_placed;
}

static int check_people(const struct shape *shape)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    const struct shadow_price *stated = shape->stated;
    if (stated->next[0] && compare(shape, stated->price, nothing) == 0)
        return refuse(shape, "somebody waits for a bed that gains nothing");
    if (stated->next[0] && !is_newcomer(shape, stated->next, 0))
        return refuse(shape, "`next` is not a newcomer without a bed");
    if (stated->last[0] && stated->loss_is != SHADOW_LOSS_STATED)
        return refuse(shape, "somebody would be left out, but no loss is known");
    if (stated->last[0] && !is_newcomer(shape, stated->last, 1))
        return refuse(shape, "`last` is not a newcomer with a bed");
    return 0;
}

static int check_amounts(const struct shape *shape)
{
    const struct verify_pool *pool = shape->pool;
    const struct shadow_price *stated = shape->stated;
    int has_bed = shape->part->kept + shape->part->stayers > 0 && !pool->home->suspended &&
                  pool_slack(pool->pool) >= 0;
    if (has_bed != (stated->loss_is != SHADOW_LOSS_NO_BED))
        return refuse(shape, has_bed ? "it has a bed to lose, and no loss is stated"
                                     : "it has no bed to lose, and a loss is stated");
    if (stated->loss_is == SHADOW_LOSS_STATED && compare(shape, stated->loss, stated->price) < 0)
        return refuse(shape, "one bed fewer loses less than one more gains");
    return 0;
}

static int refuse_number(const struct shape *shape)
{
    const struct plan *plan = shape->round->plan;
    size_t reserves = 0;
    for (size_t p = 0; p < shape->round->n_pools; p++)
        reserves += shape->round->pools[p].pool->n_reserved;
    if (plan->prices_are_bounds)
        return err_set(
            shape->err, ERR_REFUSED,
            "shadow prices: pools and their reserves are not listed by id, each once and "
            "whole");
    return err_set(shape->err, ERR_REFUSED,
                   "shadow prices: the plan has %zu, and %zu of reserved beds; the world has %zu "
                   "pools and %zu reserves",
                   plan->n_prices, plan->n_reserve_prices, shape->round->n_pools, reserves);
}

static int check_entry(const struct shape *shape)
{
    if (strcmp(shape->stated->pool_id, shape->pool->pool->record.id) != 0 ||
        strcmp(shape->stated->reserve, shape->part->reserve) != 0)
        return refuse(shape, "it is not where it belongs: all are listed by pool, each once");
    return check_amounts(shape) != 0 ? -1 : check_people(shape);
}

/* Of bounds some pools are left out; of exact prices none. */
static int is_listed(const struct shape *shape, size_t at)
{
    const struct plan *plan = shape->round->plan;
    return !plan->prices_are_bounds ||
           (at < plan->n_prices &&
            strcmp(plan->prices[at].pool_id, shape->pool->pool->record.id) == 0);
}

/* The lists as they should be, pool after pool: the entries of one that is listed. */
static int check_pool(struct shape *shape, size_t *n_prices, size_t *n_reserves)
{
    const struct plan *plan = shape->round->plan;
    size_t open = shape->pool->pool->n_reserved;
    if (*n_prices == plan->n_prices || *n_reserves + open > plan->n_reserve_prices)
        return refuse_number(shape);
    for (size_t k = 0; k <= open; k++) {
        shape->part = &shape->pool->parts[k];
        shape->stated =
            k < open ? &plan->reserve_prices[(*n_reserves)++] : &plan->prices[(*n_prices)++];
        if (check_entry(shape) != 0)
            return -1;
    }
    return 0;
}

static int check_lists(struct shape *shape)
{
    const struct verify_round *round = shape->round;
    size_t n_prices = 0, n_reserves = 0;
    for (size_t p = 0; p < round->n_pools; p++) {
        shape->pool = &round->pools[p];
        if (is_listed(shape, n_prices) && check_pool(shape, &n_prices, &n_reserves) != 0)
            return -1;
    }
    return n_prices == round->plan->n_prices && n_reserves == round->plan->n_reserve_prices
               ? 0
               : refuse_number(shape);
}

int verify_margin_shape(const struct verify_round *round, struct alm_error *err)
{
    const struct plan *plan = round->plan;
    struct shape shape = {.round = round, .err = err};
    if (plan->n_prices + plan->n_reserve_prices == 0)
        return 0;
    if (plan->prices_are_bounds && !verify_rules_are_coupled(round))
        return err_set(err, ERR_REFUSED,
                       "shadow prices: they are bounds, but nothing couples people in this world");
    if (plan->status != PLAN_OPTIMAL && !plan->prices_are_bounds)
        return err_set(err, ERR_REFUSED,
                       "shadow prices: the plan states some, but one that is not optimal has none");
    return check_lists(&shape);
}
