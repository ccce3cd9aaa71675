/* glpk_mip.h - a model inside GLPK: columns come in as they are needed, LP and MIP on what is in.
 *
 * A fatal error inside GLPK is caught: from then on every answer is GLPK_FAILED.
 * Owns the GLPK object and every tolerance. Knows nothing of people and beds. What it says is a
 * claim: bound.h and model_check.c say what holds. Vectors are indexed by the columns of the model,
 * not of GLPK. */
#ifndef ALMONER_GLPK_MIP_H
#define ALMONER_GLPK_MIP_H

#include "models/alloc.h"
#include "models/err.h"
#include "solver/budget.h"
#include "solver/model.h"

struct glpk_mip;

enum glpk_outcome {
    GLPK_DONE,  /* GLPK says optimal */
    GLPK_LIMIT, /* stopped by the budget */
    GLPK_EMPTY, /* no solution on these columns, from two bases */
    GLPK_FAILED /* numerical trouble */
};

struct glpk_mip *glpk_mip_new(const struct model *model); /* empty */
void glpk_mip_free(struct glpk_mip *mip);
/* GLPK's memory has gone as a whole: from now on every answer is GLPK_FAILED. */
void glpk_mip_lose(struct glpk_mip *mip);

/* Puts a column in, with the rows that it needs (nothing happens when it is there). */
void glpk_mip_add(struct glpk_mip *mip, uint32_t column);
int glpk_mip_has(const struct glpk_mip *mip, uint32_t column);
int glpk_mip_has_row(const struct glpk_mip *mip, uint32_t row);
/* The next relaxation begins with this basis (one byte per column, per row), by the dual simplex or
 * by the primal. */
void glpk_mip_begin(struct glpk_mip *mip, const unsigned char *column_basic,
                    const unsigned char *row_basic, int is_dual);
/* The same, by the dual simplex, at prices (per row of the model): what rows with one take beyond
 * their limit is paid at that price, stands in the basis in their place, and has to go. Nothing
 * comes in until then. */
void glpk_mip_begin_priced(struct glpk_mip *mip, const unsigned char *column_basic,
                           const unsigned char *row_basic, const double *price);
int glpk_mip_is_near(const struct glpk_mip *mip); /* has it ever been given a basis? */
/* The basis of the last relaxation is remembered; the next one begins with it again, by the dual
 * simplex, whatever rows and limits have come since: 1, or 0 = none is remembered. */
void glpk_mip_mark(struct glpk_mip *mip);
int glpk_mip_return(struct glpk_mip *mip);
/* In the basis of the last relaxation? Rows that are not in are. */
int glpk_mip_is_basic(const struct glpk_mip *mip, uint32_t column);
double glpk_mip_value(const struct glpk_mip *mip, uint32_t column);
/* The row of the inverse of the last basis that belongs to a column, or from model->n_columns on to
 * a row: per row of the model. 0, or -1 when it is not in the basis. */
int glpk_mip_inverse(const struct glpk_mip *mip, uint32_t which, double *multipliers);
int glpk_mip_is_basic_row(const struct glpk_mip *mip, uint32_t row);
/* What GLPK pays for one more of a row. */
double glpk_mip_price(const struct glpk_mip *mip, uint32_t row);
/* Prices at the basis as it is, for the objective as it is now. 0, or -1 after a fatal error of
 * GLPK, with which all that it had is lost. */
int glpk_mip_price_again(struct glpk_mip *mip);
/* Columns that are in and not `alive` stay at 0 from now on, the others are free again. */
void glpk_mip_set_alive(struct glpk_mip *mip, const unsigned char *alive);
/* Rows that were added to the model (model_keep) or whose limits changed since. */
void glpk_mip_sync_rows(struct glpk_mip *mip);
/* Do the cuts of the model hold from now on (those that are new, too)? At the start none does. */
void glpk_mip_use_cuts(struct glpk_mip *mip, int uses_cuts);
/* To be maximised, from now on also for columns that come in later; `gain` stays the caller's and
 * must live. */
void glpk_mip_objective(struct glpk_mip *mip, const int64_t *gain);

/* The relaxation on the columns that are in. `duals` (per row of the model) are set whenever there
 * are some, else 0. `x` receives the rounded solution; *whole = 1 when it was whole numbers up to
 * 1e-6. `most` iterations (INT_MAX = as many as it takes). */
enum glpk_outcome glpk_mip_relax(struct glpk_mip *mip, int most, struct budget *budget,
                                 double *duals, int64_t *x, int *whole);

/* Branch and cut after glpk_mip_relax said DONE. `start`: a vector that GLPK has to beat. `x`: the
 * best found (rounded), or `start`. `max_nodes` 0 = no limit of its own, and Gomory's cuts. *bound:
 * what GLPK thinks cannot be beaten on these columns. */
enum glpk_outcome glpk_mip_solve(struct glpk_mip *mip, struct budget *budget, int64_t max_nodes,
                                 const int64_t *start, int64_t *x, int64_t *bound);

/* Adds the text of the whole model (all columns) with names; format: 'm' = free MPS, to be
 * minimised with the gains' signs turned, 'l' = CPLEX LP, to be maximised. 0 or -1. */
int glpk_mip_write(const struct model *model, const int64_t *gain, int format, struct buffer *text,
                   struct alm_error *err);

#endif
