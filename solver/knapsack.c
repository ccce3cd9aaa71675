/* knapsack.c - see knapsack.h. */
#include "solver/knapsack.h"

#include "models/alloc.h"

#include <string.h>

/* PLACES_MOST: of a table. BEDS_MOST: so many people at KNAPSACK_WORTH_MOST have a sum. */
enum { PLACES_MOST = 1 << 18, BEDS_MOST = 1 << 12 };
static const int64_t UNREACHED = -(INT64_C(1) << 62);

int knapsack_is_large(const struct knapsack *knapsack)
{
    size_t beds = 0;
    for (size_t p = 0; p < knapsack->n_parts; p++) {
        beds += knapsack->parts[p].beds;
        if (beds > BEDS_MOST || knapsack->parts[p].beds + 1 > PLACES_MOST / (knapsack->limit + 1))
            return 1;
    }
    return knapsack->limit >= PLACES_MOST;
}

/* Place (n, used) of the table is the most that n people in the part at hand are worth, with
 * `used` minutes or fewer in it and the parts before. */
static void take_class(const struct knapsack_class *class, size_t beds, size_t limit,
                       int64_t *value)
{
    size_t row = limit + 1, size = (size_t) class->size;
    for (size_t n = beds; n > 0; n--)
        for (size_t k = 1; k <= n && k <= class->most && k * size <= limit; k++) {
            int64_t *to = value + n * row + k * size;
            const int64_t *from = value + (n - k) * row;
            for (size_t used = 0; used + k * size <= limit; used++) {
                int64_t now = from[used] + class->sum[k];
                to[used] = now > to[used] ? now : to[used];
            }
        }
}

static void take_part(const struct knapsack_part *part, size_t limit, int64_t *value)
{
    size_t row = limit + 1;
    for (size_t at = row; at < (part->beds + 1) * row; at++)
        value[at] = UNREACHED;
    for (size_t c = 0; c < part->n_classes; c++)
        take_class(&part->classes[c], part->beds, limit, value);
    for (size_t at = row; at < (part->beds + 1) * row; at++)
        if (value[at] > value[at % row])
            value[at % row] = value[at];
}

int64_t knapsack_most(const struct knapsack *knapsack, struct knapsack_table *table)
{
    size_t beds = 0, row = knapsack->limit + 1;
    for (size_t p = 0; p < knapsack->n_parts; p++)
        beds = knapsack->parts[p].beds > beds ? knapsack->parts[p].beds : beds;
    if ((beds + 1) * row > table->room) {
        table->room = (beds + 1) * row;
        table->value = alloc_resize(table->value, table->room, sizeof *table->value);
    }
    memset(table->value, 0, row * sizeof *table->value);
    for (size_t p = 0; p < knapsack->n_parts; p++)
        take_part(&knapsack->parts[p], knapsack->limit, table->value);
    return table->value[knapsack->limit];
}
