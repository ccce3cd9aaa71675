/* travel_origins.c - see travel_origins.h. */
#include "models/travel_origins.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

static int row_order(const void *left, const void *right)
{
    const struct travel *a = *(const struct travel *const *)left;
    const struct travel *b = *(const struct travel *const *)right;
    int order = strcmp(a->from_id, b->from_id);
    if (order)
        return order;
    if (a->metres != b->metres)
        return a->metres < b->metres ? -1 : 1;
    return strcmp(a->institution_id, b->institution_id);
}

void travel_origins_init(struct travel_origins *origins, const struct region *region)
{
    size_t n = region_count(region, RECORD_TRAVEL);
    *origins = (struct travel_origins){.rows = alloc_zero(n, sizeof(const struct travel *))};
    for (const struct record *at = region_first(region, RECORD_TRAVEL); at; at = region_next(at))
        origins->rows[origins->n++] = (const struct travel *)at;
    qsort(origins->rows, origins->n, sizeof *origins->rows, row_order);
}

void travel_origins_clear(struct travel_origins *origins)
{
    free(origins->rows);
    *origins = (struct travel_origins){0};
}

/* Number of the first row whose origin is not before (`is_after`: that is after) the id. */
static size_t bound(const struct travel_origins *origins, const char *from_id, int is_after)
{
    size_t low = 0, high = origins->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(origins->rows[middle]->from_id, from_id);
        if (order < 0 || (order == 0 && is_after))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct travel *const *travel_origins_find(const struct travel_origins *origins,
                                                const char *from_id, size_t *n)
{
    size_t first = bound(origins, from_id, 0);
    *n = bound(origins, from_id, 1) - first;
    return (const struct travel *const *)&origins->rows[first];
}
