/* descent.h - prices of the shared rows of a large round that make a good bound of one objective:
 * down the bound itself, which is a sum of the most that each owner can have at the prices.
 *
 * The most of several is made smooth (the logarithm of a sum of exponentials) and sharper from
 * level to level; each level is a gradient method with momentum. What it finds are only prices:
 * bound.h says what they prove. Objectives that are kept are seen through what alternatives lose
 * against the prices of their own descent. No simplex, no randomness; the same work gives the same
 * prices. Owns the layout of the alternatives; the model may only grow by stages since. */
#ifndef ALMONER_DESCENT_H
#define ALMONER_DESCENT_H

#include "solver/bound.h"
#include "solver/budget.h"
#include "solver/choices.h"

struct descent;

struct descent *descent_new(const struct choices *choices);
/* The same with homes with a staff row as wholes, who take whole people. Its prices are those of
 * other rows and what people are offered for coming to these homes. */
struct descent *descent_new_whole(const struct choices *choices);
/* Its next run begins where the last run of `from`, without wholes, has ended: for the same
 * objective, after as many kept ones. */
void descent_start(struct descent *whole, const struct descent *from);
void descent_free(struct descent *descent);

/* The objective that follows those kept. `gain`, `alive`: per column. A unit of work per look at
 * all alternatives. One that has been kept before begins with its prices and takes less work.
 * Prices that prove less than `enough` (-INFINITY: none do) end it. */
void descent_run(struct descent *descent, const int64_t *gain, const unsigned char *alive,
                 double enough, struct budget *budget);

/* The best prices of the last run, per row of the model: shared rows, and stages that the model
 * keeps. */
void descent_prices(const struct descent *descent, double *price);
double descent_value(const struct descent *descent); /* what they prove, about */
/* What they prove, in 1/2^20: no plan has more of the gain than that. DESCENT_NOTHING = nothing,
 * where numbers would get too large. */
#define DESCENT_NOTHING ((bound_wide)1 << 120)
bound_wide descent_bound(const struct descent *descent, const int64_t *gain,
                         const unsigned char *alive);
/* The prices as they stand in a certificate, in 1/2^20; for the same gain and columns. */
struct descent_offer {
    uint32_t person;
    const struct institution *home;
    uint32_t place; /* among all that there could be; these lie in that order */
    int64_t price;
};
struct descent_offers {
    int64_t *price;                /* per row of the model that has one; loads set */
    int64_t *person;               /* what homes that are wholes offer, 0 = nothing that matters; a
                                      member of a household: for staying there */
    struct descent_offer *members; /* of households: for one such home each */
    size_t n_members, members_room;
    unsigned char *is_whole;       /* per staff row */
    int64_t kept[OBJECTIVE_COUNT]; /* prices of the objectives before */
};
void descent_offers(const struct descent *descent, const int64_t *gain, const unsigned char *alive,
                    struct descent_offers *offers);
void descent_offers_clear(struct descent_offers *offers);

/* From now on only plans of this value in the objective of the last run, or in that which has been
 * kept at this place before; it is the k-th. */
void descent_keep(struct descent *descent, size_t k, int64_t value);
size_t descent_known(const struct descent *descent); /* objectives that have been kept */
/* Nothing is kept any more, but known. */
void descent_rewind(struct descent *descent);
/* Those that are not kept are not known either. */
void descent_forget(struct descent *descent);

#endif
