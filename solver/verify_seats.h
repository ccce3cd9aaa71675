/* verify_seats.h - the beds of a network round, part by part, who of the plan has one of which, and
 * the order of ties: what the checks of margins and of ties look at. */
#ifndef ALMONER_VERIFY_SEATS_H
#define ALMONER_VERIFY_SEATS_H

#include "solver/verify_round.h"

struct verify_dual {        /* whole prices, as maximisation */
    size_t n;               /* objectives */
    const int64_t **beds;   /* of each part of each pool; NULL = not stated */
    size_t *first_part;     /* of each pool, into beds */
    const int64_t **people; /* of each person */
};

struct verify_seats_part {
    const struct verify_pool *pool;
    const struct verify_part *own;
    int64_t beds, people;
    int is_closed; /* nobody can come */
};

struct verify_seats {
    const struct verify_round *round;
    const struct verify_dual *dual;
    struct verify_seats_part *parts; /* as dual->beds */
    size_t n_parts;
    size_t *part_of; /* of each person; VERIFY_NOWHERE = without a bed */
    size_t *order;   /* all people, in the order of ties */
};

/* Of a plan that has passed the checks of its rules. Both stay the caller's. */
void verify_seats_init(struct verify_seats *seats, const struct verify_round *round,
                       const struct verify_dual *dual);
void verify_seats_clear(struct verify_seats *seats);

/* What somebody counts in a part, by objective: in the pool at that rank and distance, and whether
 * the bed is kept for them. */
void verify_seats_gains(const struct verify_seats *seats, const struct verify_person *person,
                        size_t part, int64_t rank, int64_t metres, int64_t *gains);

#endif
