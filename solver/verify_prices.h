/* verify_prices.h - the prices over 2^s of a certificate, laid beside what they price: the beds of
 * every part, rooms, nursing minutes, earlier objectives; and every pair that the rules allow.
 *
 * Read from the world and the certificate alone. What changes while the objectives are gone
 * through - which pairs a plan can still contain, how much of a row it can leave unused - is kept
 * here for verify_bound.c, which says why. */
#ifndef ALMONER_VERIFY_PRICES_H
#define ALMONER_VERIFY_PRICES_H

#include "solver/verify_load.h"
#include "solver/verify_round.h"

/* Those who are there <= beds (+ the beds of rooms given to them). More beds, or rooms, than people
 * count as many as there are people. */
struct verify_row {
    __int128 beds;
    __int128 slack;        /* the most that a plan can leave unused */
    const int64_t *prices; /* of all objectives; NULL = 0 */
};

/* Rows of a pool with rooms, from verify_prices.room_row on: beds for anybody, beds for women, beds
 * for men. */
enum { VERIFY_ROW_ANYBODY, VERIFY_ROW_WOMEN, VERIFY_ROW_MEN, VERIFY_ROOM_ROWS };

enum verify_room_use { VERIFY_FOR_WOMEN, VERIFY_FOR_MEN, VERIFY_FOR_COUPLES, VERIFY_ROOM_USES };

struct verify_room_group { /* rooms of one size in one pool */
    size_t row;            /* the first of the pool's three */
    int64_t rooms, beds;
    unsigned char may_be[VERIFY_ROOM_USES]; /* what a room can still be used for */
};

struct verify_pair {
    uint32_t pool, part;             /* part of the pool */
    int32_t rank, metres;            /* a world holds no greater ones */
    unsigned char is_stay, is_alive; /* alive = a plan can still contain it */
};

struct verify_together { /* a household that is placed together */
    const char *id;
    size_t *people;
    size_t n;
    int must_go; /* no plan that is left lets all of them wait or stay */
};

struct verify_prices {
    const struct verify_round *round;
    size_t n; /* objectives */
    struct verify_row *rows;
    size_t n_rows;
    size_t *first_row; /* by pool: of its parts */
    size_t *room_row;  /* by pool; VERIFY_NOWHERE = no rooms */
    struct verify_room_group *groups;
    size_t n_groups;
    struct verify_load *loads; /* by institution; no classes = no limit, or nobody needs minutes */
    const int64_t *kept[OBJECTIVE_COUNT]; /* by objective: its price in the later ones; NULL = 0 */
    struct verify_pair *pairs;            /* by person */
    size_t *first_pair;                   /* n_people + 1 */
    unsigned char *must_come;             /* by person: no plan that is left lets them wait */
    struct verify_together *households;
    size_t n_households;
    size_t *household_of; /* by person; VERIFY_NOWHERE */
};

/* Nothing has a price yet. */
struct verify_prices *verify_prices_new(const struct verify_round *round);
void verify_prices_free(struct verify_prices *prices);

/* From now on the prices of the certificate, or those of its offers, and no others; borrowed. -1
 * with REFUSED when something is priced that the world lacks, or twice, or (not among offers) a
 * part with beds is left out. */
int verify_prices_own(struct verify_prices *prices, const struct certificate *certificate,
                      struct alm_error *err);
int verify_prices_offers(struct verify_prices *prices, const struct certificate *offers,
                         struct alm_error *err);

/* Index of the institution of that id among those with pools; VERIFY_NOWHERE. */
size_t verify_prices_home(const struct verify_prices *prices, const char *id);
/* The class of a person's minutes in the institution of a pool; NULL = they count nothing there. */
struct verify_load_class *verify_prices_class(const struct verify_prices *prices, size_t person,
                                              const struct verify_pair *pair);

#endif
