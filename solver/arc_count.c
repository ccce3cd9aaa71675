/* arc_count.c - see arc_count.h. Always holds: at least a quarter of the room is empty. */
#include "solver/arc_count.h"

#include "models/alloc.h"

#include <stdlib.h>

enum { FIRST_ROOM = 64 };

static void allocate(struct arc_count *arcs, size_t room)
{
    *arcs = (struct arc_count){.room = room};
    arcs->keys = alloc_zero(room, sizeof(uint64_t));
    arcs->counts = alloc_zero(room, sizeof(uint32_t));
}

void arc_count_init(struct arc_count *arcs)
{
    allocate(arcs, FIRST_ROOM);
}

void arc_count_clear(struct arc_count *arcs)
{
    free(arcs->keys);
    free(arcs->counts);
}

/* Where the key is, or the empty place where it would be. */
static size_t find(const struct arc_count *arcs, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (arcs->room - 1);
    while (arcs->keys[at] && arcs->keys[at] != key)
        at = (at + 1) & (arcs->room - 1);
    return at;
}

/* Arcs that nobody can take any more are left behind. */
static void grow(struct arc_count *arcs)
{
    struct arc_count old = *arcs;
    size_t in_use = 0;
    for (size_t at = 0; at < old.room; at++)
        in_use += old.counts[at] > 0;
    allocate(arcs, in_use > old.room / 2 ? old.room * 2 : old.room);
    for (size_t at = 0; at < old.room; at++) {
        if (!old.counts[at])
            continue;
        size_t to = find(arcs, old.keys[at]);
        arcs->keys[to] = old.keys[at];
        arcs->counts[to] = old.counts[at];
        arcs->n++;
    }
    arc_count_clear(&old);
}

uint32_t arc_count_add(struct arc_count *arcs, uint32_t from, uint32_t to, int change)
{
    uint64_t key = ((uint64_t)from << 32 | to) + 1;
    size_t at = find(arcs, key);
    if (!arcs->keys[at]) {
        if (arcs->n + 1 > arcs->room / 4 * 3) {
            grow(arcs);
            at = find(arcs, key);
        }
        arcs->keys[at] = key;
        arcs->n++;
    }
    return arcs->counts[at] += (uint32_t)change;
}
