/* tampering.h - one thing wrong at a time: all the ways in which a plan or its certificate can be
 * tampered with. */
#ifndef ALMONER_TAMPERING_H
#define ALMONER_TAMPERING_H

#include "tests/drawn_round.h"

/* What the program writes for a world: the two files. */
struct tampering_original {
    char *plan, *certificate;
};

struct tampering_forgery {
    const struct drawn_round *round;
    struct plan plan;
    struct certificate certificate;
    uint64_t state; /* of the drawing */
};

struct tampering_original tampering_original(const struct drawn_round *round);
void tampering_original_clear(struct tampering_original *original);

/* Plan and certificate as they come out of the files. */
void tampering_forgery_init(struct tampering_forgery *forgery, const struct drawn_round *round,
                            const struct tampering_original *original, uint64_t seed);
void tampering_forgery_clear(struct tampering_forgery *forgery);
/* The certificate is made out to the plan as it is now. */
void tampering_make_out(struct tampering_forgery *forgery);

struct tampering {
    const char *name;
    int (*apply)(struct tampering_forgery *forgery); /* 0 when there is nothing of the kind */
};

extern const struct tampering tampering_plan[],
    tampering_certificate[]; /* of the plan the last needs prices */
extern const size_t tampering_plan_n, tampering_certificate_n;
/* tampering_prices.c: with what a plan of a network round publishes of prices. */
extern const struct tampering tampering_prices[];
extern const size_t tampering_prices_n;
int tampering_sort(struct tampering_forgery *forgery);
/* tampering_bounds.c: with a certificate over 2^s. */
extern const struct tampering tampering_bounds[];
extern const size_t tampering_bounds_n;

#endif
