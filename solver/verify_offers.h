/* verify_offers.h - what a certificate says that homes offer people for coming, laid beside the
 * round: which homes, and how much to whom.
 *
 * Read from the certificate alone. Any offers prove a bound (verify_bound.c says why), so nothing
 * but their shape is checked here. */
#ifndef ALMONER_VERIFY_OFFERS_H
#define ALMONER_VERIFY_OFFERS_H

#include "solver/verify_prices.h"

struct verify_offer {
    size_t person, home;
    int64_t price;
};

struct verify_offers {
    unsigned char *is_home; /* by home: offers people their beds, whatever beds and minutes cost */
    int64_t *person;        /* to a member of a household: for staying while nobody of it moves */
    struct verify_offer *members; /* of households: for being in that home with the others */
    size_t n_members;
};

/* Those for one objective. -1 with REFUSED when somebody or something is named that is not in the
 * round, or twice, or offered more than there are numbers for. Free with verify_offers_clear, also
 * then. */
int verify_offers_read(struct verify_offers *offers, const struct verify_prices *prices,
                       const struct certificate *stated, size_t objective, struct alm_error *err);
void verify_offers_clear(struct verify_offers *offers);

/* 0 when nothing is stated. */
int64_t verify_offers_member(const struct verify_offers *offers, size_t person, size_t home);

#endif
