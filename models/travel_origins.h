/* travel_origins.h - the rows of travel.csv by where they begin, for those who walk over all pairs
 * of people and homes. Borrows the records of the region; const once made. */
#ifndef ALMONER_TRAVEL_ORIGINS_H
#define ALMONER_TRAVEL_ORIGINS_H

#include "models/region.h"

struct travel_origins {
    const struct travel **rows; /* by from_id, then metres, then institution */
    size_t n;
};

void travel_origins_init(struct travel_origins *origins, const struct region *region);
void travel_origins_clear(struct travel_origins *origins);

/* The rows that begin there, nearest first; *n = 0 when there are none. */
const struct travel *const *travel_origins_find(const struct travel_origins *origins,
                                                const char *from_id, size_t *n);

#endif
