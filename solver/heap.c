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

struct heap_entry heap_pop(struct heap *heap)
{
    struct heap_entry *entries = heap->entries, top = entries[0], last = entries[--heap->n];
    size_t at = 0;
    for (size_t down; (down = at * 2 + 1) < heap->n; at = down) {
        down += down + 1 < heap->n && entries[down + 1].distance < entries[down].distance;
        if (entries[down].distance >= last.distance)
            break;
        entries[at] = entries[down];
    }
    entries[at] = last;
    return top;
}
