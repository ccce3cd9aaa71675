/* worth.c - see worth.h: the rows, and the best of the pools there are. */
#include "solver/worth.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

static int is_greater(const struct plan *plan, const int64_t *a, const int64_t *b)
{
    for (size_t k = 0; k < plan->n_objectives; k++)
        if (a[k] != b[k])
            return a[k] > b[k];
    return 0;
}

static int is_row(const struct worth_row *row, const char *district, int kind)
{
    return row->kind == kind && (row->district && district ? strcmp(row->district, district) == 0
                                                           : row->district == district);
}

struct worth_row *worth_row_of(struct worth *worth, const char *district, int kind)
{
    for (size_t r = 0; r < worth->n; r++)
        if (is_row(&worth->rows[r], district, kind))
            return &worth->rows[r];
    return NULL;
}

static struct worth_row *find_row(struct worth *worth, size_t *room, const char *district, int kind)
{
    struct worth_row *found = worth_row_of(worth, district, kind);
    if (found)
        return found;
    ALLOC_GROW(worth->rows, worth->n, *room);
    worth->rows[worth->n] = (struct worth_row){.district = district, .kind = kind};
    return &worth->rows[worth->n++];
}

void worth_take(const struct plan *plan, struct worth_row *row, const struct shadow_price *price)
{
    if (!row->best || is_greater(plan, price->price, row->best->price))
        row->best = price;
}

static int by_place(const void *a, const void *b)
{
    const struct worth_row *one = a, *two = b;
    int order = one->district ? strcmp(one->district, two->district) : 0;
    return order ? order : one->kind - two->kind;
}

static int by_pool_id(const void *id, const void *price)
{
    return strcmp(id, ((const struct shadow_price *)price)->pool_id);
}

const struct shadow_price *worth_price(const struct plan *plan, const char *pool_id)
{
    return plan->n_prices
               ? bsearch(pool_id, plan->prices, plan->n_prices, sizeof *plan->prices, by_pool_id)
               : NULL;
}

void worth_rows(const struct region *region, int by_district, int by_kind, struct worth *worth)
{
    size_t room = 0;
    *worth = (struct worth){0};
    for (const struct record *at = region_first(region, RECORD_POOL); at; at = region_next(at)) {
        const struct pool *pool = (const struct pool *)at;
        const struct institution *home = region_institution(region, pool->institution_id);
        if (home)
            find_row(worth, &room, by_district ? home->district : NULL,
                     by_kind ? (int)pool->kind : -1)
                ->pools++;
    }
    if (worth->n)
        qsort(worth->rows, worth->n, sizeof *worth->rows, by_place);
}

void worth_by(const struct region *region, const struct plan *plan, int by_district, int by_kind,
              struct worth *worth)
{
    *worth = (struct worth){0};
    if (plan->n_prices == 0 && !plan->prices_are_bounds)
        return;
    worth_rows(region, by_district, by_kind, worth);
    for (size_t p = 0; p < plan->n_prices; p++) {
        const struct pool *pool = region_pool(region, plan->prices[p].pool_id);
        const struct institution *home =
            pool ? region_institution(region, pool->institution_id) : NULL;
        if (home)
            worth_take(plan,
                       worth_row_of(worth, by_district ? home->district : NULL,
                                    by_kind ? (int)pool->kind : -1),
                       &plan->prices[p]);
    }
}

/* The kinds that somebody waiting accepts, in every district that has a home. */
void worth_add_rows(const struct region *region, struct worth *worth)
{
    size_t room = worth->n;
    uint32_t kinds = 0;
    for (const struct record *at = region_first(region, RECORD_APPLICANT); at; at = region_next(at))
        if (((const struct applicant *)at)->state == APPLICANT_WAITING)
            kinds |= ((const struct applicant *)at)->kinds;
    for (const struct record *at = region_first(region, RECORD_INSTITUTION); at;
         at = region_next(at))
        for (int kind = 0; kind < KIND_COUNT; kind++)
            if (kinds & 1u << kind)
                find_row(worth, &room, ((const struct institution *)at)->district, kind);
    if (worth->n)
        qsort(worth->rows, worth->n, sizeof *worth->rows, by_place);
}

void worth_clear(struct worth *worth)
{
    free(worth->rows);
    free(worth->again);
    *worth = (struct worth){0};
}
