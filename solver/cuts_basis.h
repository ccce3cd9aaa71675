/* cuts_basis.h - rows that follow from several rows of a model at once, found with the basis of its
 * relaxation: the row of the inverse that belongs to a fraction tells which rows to add up, and so
 * do the duals where the bound is no whole number.
 *
 * The multipliers are made whole and the sum is rounded by cuts_combine.h, so nothing rests on
 * them. Deterministic; owns nothing. */
#ifndef ALMONER_CUTS_BASIS_H
#define ALMONER_CUTS_BASIS_H

#include "solver/cuts.h"

/* What the relaxation tells. */
struct cuts_basis {
    const struct model *model;
    const unsigned char *alive; /* columns that are not are 0 in every plan that is left */
    const double *x;            /* by column */
    const double *duals;        /* by row; NULL = none */
    /* The row of the inverse that belongs to a column (or, from model->n_columns on, a row) in the
     * basis: a multiplier per row of the model. 0, or -1 when it is not in the basis. */
    int (*inverse)(void *context, uint32_t which, double *multipliers);
    void *context;
};

/* Adds to `cuts` at most `most`, those farthest beyond their limit first. They hold for every plan
 * within the limits of columns and rows as they are now: in later stages too. */
void cuts_basis_find(const struct cuts_basis *basis, size_t most, struct cuts *cuts);
/* The same in half the time: some of them are missed. */
void cuts_basis_find_soon(const struct cuts_basis *basis, size_t most, struct cuts *cuts);

#endif
