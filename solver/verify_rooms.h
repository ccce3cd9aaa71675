/* verify_rooms.h - the empty rooms of a pool as the checker counts them. */
#ifndef ALMONER_VERIFY_ROOMS_H
#define ALMONER_VERIFY_ROOMS_H

#include "models/record.h"

/* The rooms within the offerable beds, first to last; the one that goes beyond them keeps the beds
 * that remain. */
struct verify_rooms {
    struct room_group *groups;
    size_t n;
    int64_t free_beds; /* outside the rooms */
};

struct verify_rooms verify_rooms_of(const struct pool *pool); /* groups are the caller's */

#endif
