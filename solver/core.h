/* core.h - what a stage still has to decide: the columns of a model that are not settled and the
 * rows that can still bind, in whole numbers.
 *
 * Made anew when bounds have settled much. Owns the consequences of bounds (propagation): always
 * exact, no plan within the limits is ever lost. Knows nothing of people, beds or GLPK. */
#ifndef ALMONER_CORE_H
#define ALMONER_CORE_H

#include "solver/model.h"

typedef __int128 core_wide;

struct core_row {
    int64_t lower, upper; /* lower = MODEL_NO_LOWER: none; what is settled is taken off */
    uint32_t origin;      /* row of the model; MODEL_NONE = of core_sums.h */
    int is_set;           /* at most one of its columns is 1, and each column has one such row */
};

struct core_column {
    int64_t lower, upper, gain;
    uint32_t origin; /* column of the model; MODEL_NONE = of core_sums.h */
    uint32_t set;    /* row; MODEL_NONE = none */
};

struct core_entry { /* of a row */
    uint32_t column;
    int64_t value;
};

struct core {
    const struct model *model;
    struct core_row *rows;
    uint32_t n_rows;
    struct core_column *columns;
    uint32_t n_columns;
    size_t *first; /* by column, n_columns + 1 */
    struct model_entry *entries;
    size_t *row_first; /* by row, n_rows + 1 */
    struct core_entry *row_entries;
    uint32_t *inside; /* by column of the model: its number here, MODEL_NONE = settled */
    uint32_t *row_inside;
    int64_t *settled; /* by column of the model: its value when it is settled */
    int64_t base;     /* gain of what is settled */
};

/* The columns that are `allowed` (one byte per column), the others 0. NULL when no plan is left. */
struct core *core_new(const struct model *model, const int64_t *gain, const unsigned char *allowed);
void core_free(struct core *core);
/* The entries by row, from those by column. */
void core_turn_entries(struct core *core);

/* A whole vector of the model from one of the core. */
void core_expand(const struct core *core, const int64_t *inside, int64_t *x);

/* Limits of the columns while a search goes on. */
struct core_limits {
    const struct core *core;
    int64_t *lower, *upper;
    uint32_t *queue; /* rows whose consequences have to be drawn; from its end, the long ones */
    unsigned char *is_queued;
    uint32_t n_queued, n_long;
    int is_empty; /* a column has no value left */
};

void core_limits_init(struct core_limits *limits, const struct core *core);
void core_limits_clear(struct core_limits *limits);
/* Back to limits that have been propagated; nothing is queued. */
void core_limits_reset(struct core_limits *limits, const int64_t *lower, const int64_t *upper);
/* Tightens one column; what is wider than the limits changes nothing. */
void core_limits_narrow(struct core_limits *limits, uint32_t column, int64_t lower, int64_t upper);
void core_limits_queue_row(struct core_limits *limits, uint32_t row);
/* Draws the consequences of all rows queued. -1 = no plan is left. */
int core_limits_propagate(struct core_limits *limits);

#endif
