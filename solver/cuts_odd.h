/* cuts_odd.h - rows that say that couples leave a bed over: where all who are to come to some beds
 * come by twos and the beds are odd, one stays empty or is for somebody who is worth less.
 *
 * Each is half the sum of the rows of these beds, of the people who come there and of the members
 * of households, rounded down (docs/solver-coupled.md). Prices say which beds, what is nearest to
 * the relaxation says which people; the rounding is that of cuts_combine.h, so nothing rests on
 * either. Deterministic; owns nothing. */
#ifndef ALMONER_CUTS_ODD_H
#define ALMONER_CUTS_ODD_H

#include "solver/bound.h"
#include "solver/cuts.h"

/* What the relaxation tells. */
struct cuts_odd {
    const struct model *model;
    const unsigned char *alive; /* columns that are not are 0 in every plan that is left */
    const double *x;            /* by column */
    const struct bound *bound;  /* at its duals */
};

/* Adds at most `most` to `cuts`. */
void cuts_odd_find(const struct cuts_odd *odd, size_t most, struct cuts *cuts);

#endif
