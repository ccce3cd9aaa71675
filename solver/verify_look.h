/* verify_look.h - the pools that the rules give to one person after another, for the checker.
 *
 * Homes are sorted by their place on the sphere, and only those that may be within the person's
 * limit are asked about; a home that is left out is certainly farther away. */
#ifndef ALMONER_VERIFY_LOOK_H
#define ALMONER_VERIFY_LOOK_H

#include "models/geo.h"
#include "models/travel_origins.h"
#include "solver/verify_round.h"

struct verify_home {
    struct geo_point at;
    const struct institution *home;
    size_t first_spot, n_spots; /* in verify_homes.spots */
};

struct verify_spot { /* a pool of a home, with what rules most people out at first sight */
    size_t pool;
    unsigned kind; /* its bit */
    int64_t min_level, max_level;
};

/* Where the homes are; const once made, so that threads may share it. */
struct verify_homes {
    const struct verify_round *round;
    struct verify_home *list; /* by z */
    size_t n;
    struct verify_spot *spots; /* home after home */
    struct travel_origins travel;
    size_t
        *row_home; /* per row of travel: index into list; VERIFY_NOWHERE = a home without pools */
};
struct verify_homes *verify_homes_new(const struct verify_round *round);
void verify_homes_free(struct verify_homes *homes);

struct verify_choice { /* a pool that a person may have */
    uint32_t pool;
    int32_t metres; /* at most 100,000,000 */
};

struct verify_seen_one {
    struct verify_choice *choices; /* NULL = not looked at yet */
    size_t n;
};

/* What people may have, kept for those who walk over everybody twice (verify_round.seen): the
 * second look at a person costs nothing. Threads may share it as long as no two look at the same
 * person at a time. */
struct verify_seen {
    struct verify_seen_one *people; /* by number */
    size_t n;
};
struct verify_seen *verify_seen_new(size_t n_people);
void verify_seen_free(struct verify_seen *seen); /* NULL is fine */

struct verify_way { /* of travel.csv: the last person whom it was found for */
    const struct verify_person *person;
    int64_t metres;
};

/* What one person sees. One per thread. */
struct verify_look {
    const struct verify_homes *homes;
    const struct verify_person *person;
    struct geo_point at;
    size_t *near, n_near;    /* homes that may be near enough; once by their place, once per row */
    struct verify_way *ways; /* per home */
    uint64_t *marks;         /* pools chosen, by number; all zero between two people */
    size_t n_words;
    int64_t *metres;               /* of the marked pools */
    struct verify_choice *choices; /* eligible pools but the own one, in order of number */
    size_t n_choices;
};
void verify_look_init(struct verify_look *look, const struct verify_round *round);
void verify_look_clear(struct verify_look *look);

/* Turns to a person and lists what they may have. */
void verify_look_at(struct verify_look *look, const struct verify_person *person);
/* Turns to a person: OUTRANKED when some pool may take them, else the rule at which the pools ran
 * out. Leaves no choices. */
enum reason verify_look_reason(struct verify_look *look, const struct verify_person *person);

/* Asks `check` about everybody, on all cores; -1 with the error of the first person, in order,
 * about whom it returns -1. */
int verify_look_everybody(const struct verify_round *round,
                          int (*check)(const void *context, const struct verify_person *person,
                                       struct verify_look *look, struct alm_error *err),
                          const void *context, struct alm_error *err);

#endif
