/* cuts.h - rows that every plan satisfies and a given fraction of plans does not.
 *
 * Each follows from one row of a home (minutes of its staff, women or men in its rooms, beds that
 * households want) by mixed integer rounding with some of the columns counted from above
 * (docs/solver-coupled.md). Whole numbers decide what is valid; the point only says where to look.
 * Owns nothing. */
#ifndef ALMONER_CUTS_H
#define ALMONER_CUTS_H

#include "solver/model_cuts.h"

struct cuts {
    struct model_cut *items;
    size_t n, room;
};

/* `x`: a value per column, within its limits as they were in the beginning. At most `most`, those
 * farthest beyond their limit, in the order of the rows that they follow from. */
void cuts_find(const struct model *model, const double *x, size_t most, struct cuts *cuts);
void cuts_clear(struct cuts *cuts);

#endif
