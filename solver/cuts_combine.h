/* cuts_combine.h - a row that follows, for whole numbers, from several rows of a model: a sum of
 * them with whole multipliers, divided and rounded (docs/solver-coupled.md).
 *
 * Owns the point and the limits that are looked at. All that decides what is valid are whole
 * numbers, and what would not fit into them is refused; the point only says which way to round. */
#ifndef ALMONER_CUTS_COMBINE_H
#define ALMONER_CUTS_COMBINE_H

#include "solver/model_cuts.h"

struct cuts_multiplier {
    uint32_t row; /* of the model */
    int64_t times;
};

struct cuts_combine;

/* `alive`: one byte per column, the others are 0 in every plan that is left; NULL = all. `x`: a
 * value per column. Both and the model are the caller's and must live, unchanged. */
struct cuts_combine *cuts_combine_new(const struct model *model, const unsigned char *alive,
                                      const double *x);
void cuts_combine_free(struct cuts_combine *combine);

/* How many numbers its rows have: without columns that can only be 0. */
size_t cuts_combine_size(const struct cuts_combine *combine);
double cuts_combine_activity(const struct cuts_combine *combine, uint32_t row);

/* How far the point is beyond what cuts_combine_round would make, in proportion to the columns that
 * are not 0 there: quick, to choose what to round. <= 0 = it is not. Here and below *effort grows
 * by how many numbers were looked at. */
double cuts_combine_look(struct cuts_combine *combine, const struct cuts_multiplier *multipliers,
                         size_t n, int64_t divisor, size_t *effort);

/* The same, and more exact: among the columns that are not 0 at the point, are the numbers of what
 * cuts_combine_round would make small, and is the point beyond it? Others are not wanted. */
int cuts_combine_is_narrow(struct cuts_combine *combine, const struct cuts_multiplier *multipliers,
                           size_t n, int64_t divisor, size_t *effort);

/* The sum of multiplied rows over `divisor`, rounded. 1 = the point is beyond it, by *distance; cut
 * (entries are the caller's, in no order) holds for every plan within the limits of columns and
 * rows as they are now. */
int cuts_combine_round(struct cuts_combine *combine, const struct cuts_multiplier *multipliers,
                       size_t n, int64_t divisor, struct model_cut *cut, double *distance,
                       size_t *effort);

#endif
