/* coupled_part.h - a round as small as some of its people: everybody else keeps what a plan gives
 * them.
 *
 * Beds, staff minutes and rooms that the others use are gone; a pool with rooms is open only when
 * nobody else is in it, and households are in it whole or not at all. So every plan of the part,
 * put back into the whole plan, breaks no row, and what it gains there it gains in the whole. */
#ifndef ALMONER_COUPLED_PART_H
#define ALMONER_COUPLED_PART_H

#include "solver/problem.h"

struct coupled_part {
    struct problem problem; /* of its own people; parts and pools are those of the whole, and so are
                               `ids`, which say nothing of its people */
    uint32_t *person_of, *pair_of; /* in the whole round, by number here */
    uint32_t *chosen;              /* per person here: as in the whole plan */
};

/* `is_free`: per person of the whole round, who may move; those who cannot be free are cleared.
 * `closed`: per pool, where nobody of the part may come, and whoever is or lives there stays; NULL
 * = none but for rooms. */
void coupled_part_init(struct coupled_part *part, const struct problem *whole,
                       const uint32_t *chosen, const unsigned char *closed, unsigned char *is_free);
void coupled_part_clear(struct coupled_part *part);
/* Puts a plan of the part back into `chosen` of the whole. */
void coupled_part_put(const struct coupled_part *part, const uint32_t *found, uint32_t *chosen);

#endif
