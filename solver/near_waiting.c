/* near_waiting.c - see near_waiting.h. */
#include "solver/near_waiting.h"

#include "models/alloc.h"
#include "solver/near_inside.h"

#include <stdlib.h>

struct one {
    int64_t gain;
    uint32_t person, pair;
};

struct near_first { /* who gains most comes first */
    struct one ones[NEAR_FIRST];
    uint32_t n;
};

void near_waiting_init(struct near_waiting *waiting, uint32_t n_parts, const int64_t *price)
{
    size_t parts = (size_t)n_parts + 1;
    waiting->n_parts = n_parts;
    waiting->first = alloc_zero(parts, sizeof *waiting->first);
    waiting->bars = alloc_resize(NULL, parts, sizeof *waiting->bars);
    for (uint32_t p = 0; p < n_parts; p++)
        waiting->bars[p] = (struct near_bar){price[p], INT64_MIN};
}

void near_waiting_clear(struct near_waiting *waiting)
{
    free(waiting->first);
    free(waiting->bars);
}

/* After those who gain as much; the last one has to go when there is no room. */
static void put(struct near_waiting *waiting, uint32_t part, const struct one *one)
{
    struct near_first *first = &waiting->first[part];
    uint32_t at = first->n;
    if (at == NEAR_FIRST && one->gain <= first->ones[--at].gain)
        return;
    first->n = at + 1;
    for (; at > 0 && one->gain > first->ones[at - 1].gain; at--)
        first->ones[at] = first->ones[at - 1];
    first->ones[at] = *one;
    if (first->n == NEAR_FIRST)
        waiting->bars[part].gain = first->ones[NEAR_FIRST - 1].gain;
}

void near_waiting_offer(struct near_waiting *waiting, const struct near_pair *pair)
{
    put(waiting, pair->part, &(struct one){pair->gain, pair->person, pair->pair});
}

void near_waiting_join(struct near_waiting *waiting, const struct near_waiting *more)
{
    for (uint32_t p = 0; p < waiting->n_parts; p++)
        for (uint32_t k = 0; k < more->first[p].n; k++)
            put(waiting, p, &more->first[p].ones[k]);
}

void near_waiting_list(const struct near_waiting *waiting, struct near_list *list)
{
    for (uint32_t p = 0; p < waiting->n_parts; p++)
        for (uint32_t k = 0; k < waiting->first[p].n; k++) {
            const struct one *one = &waiting->first[p].ones[k];
            near_list_add(list, &(struct near_pair){one->gain, one->person, p, one->pair});
        }
}
