/* bound.h - a bound on a stage that holds whatever rounding the simplex did.
 *
 * For any prices on the rows the optimum is at most what rows and columns sum to at these prices
 * (weak duality); so the duals of GLPK are turned into whole numbers of 1/2^20 and everything is
 * summed in 128 bits. The price of a person follows from the others: what their best pair is worth.
 */
#ifndef ALMONER_BOUND_H
#define ALMONER_BOUND_H

#include "solver/model.h"

enum { BOUND_SHIFT = 20 };
typedef __int128 bound_wide;

/* In 1/2^20: no bound. Prices at which what a column is worth does not fit into 64 bits prove
 * nothing; real sums stay far below. */
#define BOUND_NONE ((bound_wide)1 << 82)

struct bound {
    int64_t *price; /* per row, in 1/2^20 */
    int64_t
        *reduced; /* per column: what it is worth beyond its prices, in 1/2^20; <= 0 for pairs */
    bound_wide total; /* the bound, in 1/2^20 */
};

void bound_init(struct bound *bound, const struct model *model);
void bound_copy(struct bound *to, const struct bound *from, const struct model *model);
void bound_clear(struct bound *bound);

/* From the duals of the rows (NULL = all prices 0) for the objective `gain`, over the columns that
 * are `alive` (one byte per column). Signs that cannot be are cut to 0. Rows may have been added
 * since bound_init. */
void bound_set(struct bound *bound, const struct model *model, const double *duals,
               const int64_t *gain, const unsigned char *alive);

int64_t bound_value(const struct bound *bound); /* the greatest whole number not above it */
/* Can a plan that uses the column (or leaves `slack` of the row unused) still reach `value`? */
int bound_allows_column(const struct bound *bound, uint32_t column, int64_t value);
/* The most of a row's upper limit that a plan of at least `value` can leave unused. INT64_MAX = no
 * limit known. */
int64_t bound_slack(const struct bound *bound, uint32_t row, int64_t value);
/* The least that a column must be in a plan of at least `value`. */
int64_t bound_column_lower(const struct bound *bound, const struct model *model, uint32_t column,
                           int64_t value);
/* Once columns and slack that cannot reach `value` are gone: have all whole plans that are left
 * that value (or more)? Then no row has to say so. */
int bound_is_face(const struct bound *bound, const struct model *model, const unsigned char *alive,
                  int64_t value);

#endif
