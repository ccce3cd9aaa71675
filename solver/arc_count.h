/* arc_count.h - how many people could take each arc of a graph whose nodes are many and whose arcs
 * are few: an open hash table, so that memory goes with the arcs and not with the nodes squared. */
#ifndef ALMONER_ARC_COUNT_H
#define ALMONER_ARC_COUNT_H

#include <stddef.h>
#include <stdint.h>

struct arc_count {
    uint64_t *keys; /* 1 + both ends; 0 = empty */
    uint32_t *counts;
    size_t n, room; /* room: a power of two */
};

void arc_count_init(struct arc_count *arcs);
void arc_count_clear(struct arc_count *arcs);

/* Adds `change` to the count of from -> to, which was 0 when it is new; returns what it is now. */
uint32_t arc_count_add(struct arc_count *arcs, uint32_t from, uint32_t to, int change);

#endif
