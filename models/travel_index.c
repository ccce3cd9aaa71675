/* travel_index.c - see travel_index.h. */
#include "models/travel_index.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { TRAVEL_INDEX_FIRST = 64 };

/* FNV-1a, 64 bits; a zero byte between the two ids. */
static uint64_t travel_hash(const char *from_id, const char *institution_id)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *c = from_id; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    hash *= 1099511628211u;
    for (const char *c = institution_id; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* The slot of these endpoints, or the empty one where they would go. */
static size_t travel_slot(const struct travel_index *index, const char *from_id,
                          const char *institution_id)
{
    size_t mask = index->n_slots - 1;
    size_t slot = travel_hash(from_id, institution_id) & mask;
    while (index->slots[slot] && (strcmp(index->slots[slot]->from_id, from_id) != 0 ||
                                  strcmp(index->slots[slot]->institution_id, institution_id) != 0))
        slot = (slot + 1) & mask;
    return slot;
}

void travel_index_init(struct travel_index *index)
{
    *index = (struct travel_index){0};
}

void travel_index_clear(struct travel_index *index)
{
    free(index->slots);
    travel_index_init(index);
}

static void travel_grow(struct travel_index *index)
{
    struct travel_index old = *index;
    index->n_slots = old.n_slots ? old.n_slots * 2 : TRAVEL_INDEX_FIRST;
    index->slots = alloc_zero(index->n_slots, sizeof *index->slots);
    for (size_t i = 0; i < old.n_slots; i++) {
        const struct travel *row = old.slots[i];
        if (row)
            index->slots[travel_slot(index, row->from_id, row->institution_id)] = row;
    }
    free(old.slots);
}

void travel_index_put(struct travel_index *index, const struct travel *travel)
{
    if (index->n * 2 >= index->n_slots)
        travel_grow(index);
    size_t slot = travel_slot(index, travel->from_id, travel->institution_id);
    if (!index->slots[slot])
        index->n++;
    index->slots[slot] = travel;
}

void travel_index_remove(struct travel_index *index, const struct travel *travel)
{
    if (!index->n)
        return;
    size_t mask = index->n_slots - 1;
    size_t slot = travel_slot(index, travel->from_id, travel->institution_id);
    if (!index->slots[slot])
        return;
    index->slots[slot] = NULL;
    index->n--;
    /* the run behind the gap is put in again, so that no search stops at the gap */
    for (slot = (slot + 1) & mask; index->slots[slot]; slot = (slot + 1) & mask) {
        const struct travel *row = index->slots[slot];
        index->slots[slot] = NULL;
        index->slots[travel_slot(index, row->from_id, row->institution_id)] = row;
    }
}

const struct travel *travel_index_find(const struct travel_index *index, const char *from_id,
                                       const char *institution_id)
{
    return index->n ? index->slots[travel_slot(index, from_id, institution_id)] : NULL;
}
