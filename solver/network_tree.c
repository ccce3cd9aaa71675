/* network_tree.c - see network_tree.h. */
#include "solver/network_tree.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

struct growth { /* part after part */
    const struct face *face;
    const int64_t *gain, *part_price;
    const uint32_t *chosen;
    uint32_t *tree, *queue, n;
    unsigned char *is_in;
    uint32_t *first, *next; /* who is in a part */
};

static void reach(struct growth *growth, uint32_t part, uint32_t pair)
{
    if (growth->is_in[part])
        return;
    growth->is_in[part] = 1;
    growth->tree[part] = pair;
    growth->queue[growth->n++] = part;
}

/* Parts whose price somebody explains who is as well off there as with what they have: `worth`. */
static void reach_from(struct growth *growth, uint32_t person, int64_t worth)
{
    const struct face *face = growth->face;
    for (uint32_t at = face->first[person]; at < face->first[person + 1]; at++)
        if (growth->gain[face->pairs[at]] - growth->part_price[face->parts[at]] == worth)
            reach(growth, face->parts[at], face->pairs[at]);
}

static void list_people(struct growth *growth)
{
    const struct face *face = growth->face;
    memset(growth->first, 0xff, face->problem->n_parts * sizeof *growth->first);
    for (uint32_t i = face->problem->n_people; i-- > 0;) {
        if (face->first[i] == face->first[i + 1])
            continue;
        if (growth->chosen[i] == PROBLEM_NONE) {
            reach_from(growth, i, 0);
            continue;
        }
        uint32_t part = face->problem->pairs[growth->chosen[i]].part;
        growth->next[i] = growth->first[part];
        growth->first[part] = i;
    }
}

void network_tree_grow(const struct face *face, const int64_t *gain, const int64_t *part_price,
                       const uint32_t *chosen, uint32_t *tree)
{
    const struct problem *problem = face->problem;
    struct growth growth = {
        .face = face, .gain = gain, .part_price = part_price, .chosen = chosen, .tree = tree};
    growth.next = alloc_zero((size_t)problem->n_people + 1, sizeof *growth.next);
    growth.first = alloc_zero((size_t)problem->n_parts + 1, sizeof *growth.first);
    growth.queue = alloc_zero((size_t)problem->n_parts + 1, sizeof *growth.queue);
    growth.is_in = alloc_zero((size_t)problem->n_parts + 1, 1);
    memset(tree, 0xff, problem->n_parts * sizeof *tree);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (part_price[part] == 0)
            reach(&growth, part, PROBLEM_NONE);
    list_people(&growth);
    for (uint32_t h = 0; h < growth.n; h++)
        for (uint32_t i = growth.first[growth.queue[h]]; i != PROBLEM_NONE; i = growth.next[i])
            reach_from(&growth, i, gain[chosen[i]] - part_price[growth.queue[h]]);
    free(growth.next);
    free(growth.first);
    free(growth.queue);
    free(growth.is_in);
}
