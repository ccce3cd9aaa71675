/* glpk_lp.h - a linear programme of places and people by GLPK's primal simplex: the greatest sum of
 * gains, where a column takes one of each of its two rows.
 *
 * What it says is a claim of a floating-point solver. */
#ifndef ALMONER_GLPK_LP_H
#define ALMONER_GLPK_LP_H

#include "solver/budget.h"

#include <stddef.h>
#include <stdint.h>

struct glpk_lp_row { /* the sum of its columns is at most `most`, or just that */
    double most;
    int is_exact, is_basic;
};

struct glpk_lp_column { /* at least 0 */
    uint32_t rows[2];
    double gain;
    int is_basic;
};

/* Rows and columns with a basis to begin with are the caller's; the rest is the answer. */
struct glpk_lp {
    struct glpk_lp_row *rows;
    struct glpk_lp_column *columns;
    size_t n_rows, n_columns, room_columns;
    int is_optimal, is_feasible; /* says GLPK; the rest means something when it is feasible */
    double value;
    double *dual;   /* by row */
    double *amount; /* by column */
};

void glpk_lp_init(struct glpk_lp *lp, size_t most_rows);
void glpk_lp_clear(struct glpk_lp *lp);
void glpk_lp_empty(struct glpk_lp *lp); /* no rows, no columns; the room stays */

void glpk_lp_add_row(struct glpk_lp *lp, double most, int is_exact, int is_basic);
void glpk_lp_add_column(struct glpk_lp *lp, const struct glpk_lp_column *column);

/* Iterations are charged to the budget. Never fails: when GLPK gives up, or calls abort, which is
 * caught, nothing is optimal or feasible. */
void glpk_lp_solve(struct glpk_lp *lp, struct budget *budget);

#endif
