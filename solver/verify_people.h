/* verify_people.h - what people and households gain at best at the prices of one objective, and
 * what of it a plan can still contain.
 *
 * Owns the objective at hand (verify_stage) and the worth of people in it. Inside verify_bound.c
 * only, which says why any of this proves a bound. */
#ifndef ALMONER_VERIFY_PEOPLE_H
#define ALMONER_VERIFY_PEOPLE_H

#include "solver/verify_guests.h"
#include "solver/verify_offers.h"
#include "solver/verify_prices.h"

/* No person is worth more or, when it matters, less: with prices below 2^56 (plan.h), less than
 * 2^31 people and 64-bit gains over at most 2^30, no sum leaves the 128 bits. */
#define VERIFY_WORTH_MOST ((__int128)1 << 95)

struct verify_stage {
    const struct verify_offers *offers; /* NULL = no home does */
    struct verify_prices *prices;
    const struct verify_round *round;
    size_t k;     /* the objective at hand */
    __int128 one; /* 2^s */
    __int128 total, gap;
    int is_offered;     /* offers bound the objective, too: */
    __int128 offered;   /* what they prove */
    __int128 excess;    /* of the total, since homes take whole people: no plan has more without */
    __int128 *worth;    /* of each person, of those in no household */
    __int128 *together; /* of each household */
    /* work space, by home, of one household; `homes` lists those that are in use */
    __int128 *sum, *best;
    size_t *members, *movers, *homes, n_homes;
    unsigned char *is_touched;
    int is_too_wide;
};

void verify_stage_init(struct verify_stage *stage, struct verify_prices *prices, int64_t shift);
void verify_stage_clear(struct verify_stage *stage);

/* 0 without prices. */
int64_t verify_stage_price(const struct verify_stage *stage, const int64_t *prices);

/* What all of them gain; sets `worth`, `together` and is_too_wide. */
__int128 verify_people_weigh(struct verify_stage *stage);
/* After that, and with the gap: leaves what plans that lose no more can contain. */
void verify_people_restrict(struct verify_stage *stage);
/* After weighing: everybody who could be worth something to a home with nursing minutes (with
 * offers: to one that makes them), by home: what their bed and minutes cost there, less what they
 * gain elsewhere beyond what they gain here. People of a household share what it loses by that
 * home.
 */
void verify_people_guests(struct verify_stage *stage, struct verify_guests *guests);

#endif
