/* heap.h - nodes that wait, the nearest first. A node may wait several times; its owner knows which
 * entry is out of date. */
#ifndef ALMONER_HEAP_H
#define ALMONER_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_entry {
    int64_t distance;
    uint32_t node;
};

struct heap { /* all zero is an empty one */
    struct heap_entry *entries;
    size_t n, room;
};

void heap_clear(struct heap *heap);
void heap_push(struct heap *heap, int64_t distance, uint32_t node);
struct heap_entry heap_pop(struct heap *heap); /* of those that are nearest, any; n > 0 */
/* As a pop, and then a push, which takes its place. */
struct heap_entry heap_replace(struct heap *heap, int64_t distance, uint32_t node);

#endif
