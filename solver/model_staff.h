/* model_staff.h - a staff row read as a knapsack of few sizes: what is counted together, and which
 * rounded rows follow from it.
 *
 * All who need the same minutes count alike, so the row is over a few whole numbers. A multiple of
 * such a row, rounded down on both sides, holds for every whole solution and cuts off fractional
 * ones (Chvatal and Gomory). */
#ifndef ALMONER_MODEL_STAFF_H
#define ALMONER_MODEL_STAFF_H

#include "solver/problem.h"

struct staff_cut {
    int64_t *factor; /* per size */
    int64_t limit;
};

struct staff_shape {
    int64_t unit;    /* common divisor of all minutes there */
    int64_t limit;   /* of the row, in units */
    int64_t *size;   /* distinct minutes in units, ascending, without 0 */
    int64_t *people; /* how many could come or stay, per size */
    size_t n;
    struct staff_cut *cuts; /* none when there are many or large sizes */
    size_t n_cuts;
};

/* One per row of problem.staff. Caller frees with staff_shapes_free. */
struct staff_shape *staff_shapes(const struct problem *problem);
void staff_shapes_free(struct staff_shape *shapes, size_t n);
size_t staff_shape_find(const struct staff_shape *shape, int64_t minutes); /* n = not there (0) */

#endif
