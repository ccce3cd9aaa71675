/* travel_index.h - the rows of travel.csv by (from, institution), for look-ups by the million. */
#ifndef ALMONER_TRAVEL_INDEX_H
#define ALMONER_TRAVEL_INDEX_H

#include "models/record.h"

/* Open addressing, at most half full. Holds pointers to records that the region owns. */
struct travel_index {
    const struct travel **slots;
    size_t n_slots; /* 0 or a power of two */
    size_t n;
};

void travel_index_init(struct travel_index *index);
void travel_index_clear(struct travel_index *index);

/* Adds a row; one of the same endpoints is replaced. The row must outlive the index. */
void travel_index_put(struct travel_index *index, const struct travel *travel);
/* Forgets the row of these endpoints, if there is one. */
void travel_index_remove(struct travel_index *index, const struct travel *travel);
/* NULL when there is no such row. */
const struct travel *travel_index_find(const struct travel_index *index, const char *from_id,
                                       const char *institution_id);

#endif
