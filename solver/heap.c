/* heap.c - see heap.h. */
#include "solver/heap.h"

#include "models/alloc.h"

#include <stdlib.h>

void heap_clear(struct heap *heap)
{
    free(heap->entries);
    *heap = (struct heap){0};
}

void heap_push(struct heap *heap, int64_t distance, uint32_t node)
{
    ALLOC_GROW(heap->entries, heap->n, heap->room);
    size_t at = heap->n++;
    for (size_t up; at && heap->entries[up = (at - 1) / 2].distance > distance; at = up)
        heap->entries[at] = heap->entries[up];
    heap->entries[at] = (struct heap_entry){distance, node};
}

/* The entry goes down from the top, which is free, to where nothing below it is nearer. */
static void sift_down(struct heap *heap, struct heap_entry entry)
{
    struct heap_entry *entries = heap->entries;
    size_t at = 0;
    for (size_t down; (down = at * 2 + 1) < heap->n; at = down) {
        down += down + 1 < heap->n && entries[down + 1].distance < entries[down].distance;
        if (entries[down].distance >= entry.distance)
            break;
        entries[at] = entries[down];
    }
    entries[at] = entry;
}

struct heap_entry heap_pop(struct heap *heap)
{
    struct heap_entry top = heap->entries[0];
    heap->n--;
    sift_down(heap, heap->entries[heap->n]);
    return top;
}

struct heap_entry heap_replace(struct heap *heap, int64_t distance, uint32_t node)
{
    struct heap_entry top = heap->entries[0];
    sift_down(heap, (struct heap_entry){distance, node});
    return top;
}
