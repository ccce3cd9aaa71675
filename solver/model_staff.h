/* model_staff.h - a staff row read as a knapsack of few sizes: what is counted together, and which
 * rounded rows follow from it.
 *
 * All who need the same minutes count alike, so the row is over a few whole numbers. A multiple of
 * such a row, rounded down on both sides, holds for every whole solution and cuts off fractional
 * ones (Chvatal and Gomory). */
#ifndef ALMONER_MODEL_STAFF_H
#define ALMONER_MODEL_STAFF_H

#include "solver/problem.h"

struct model_staff_cut {
    int64_t *factor; /* per size */
    int64_t limit;
};

struct model_staff {
    int64_t unit;    /* common divisor of all minutes there */
    int64_t limit;   /* of the row, in units */
    int64_t *size;   /* distinct minutes in units, ascending, without 0 */
    int64_t *people; /* how many could come or stay, per size */
    size_t n;
    struct model_staff_cut *cuts; /* none when there are many or large sizes */
    size_t n_cuts;
};

/* One per row of problem.staff. Caller frees with model_staff_free. */
struct model_staff *model_staff_new(const struct problem *problem);
void model_staff_free(struct model_staff *shapes, size_t n);
size_t model_staff_find(const struct model_staff *shape, int64_t minutes); /* n = not there (0) */

#endif
