/* model.h - a round as rows and columns of whole numbers: what GLPK is given and what an export
 * writes.
 *
 * Owns the meaning of every row and column (docs/solver-coupled.md) and nothing else: no objective
 * is inside, gains come beside. Canonical: order and names depend on ids alone. Columns are whole
 * numbers from `lower` to `upper`; a pair that a household rule forbids has no column. */
#ifndef ALMONER_MODEL_H
#define ALMONER_MODEL_H

#include "solver/problem.h"

#define MODEL_NONE UINT32_MAX
#define MODEL_NO_LOWER INT64_MIN

enum model_row_kind {
    MODEL_ROW_PERSON,    /* a = person: at most one bed; a resident exactly one */
    MODEL_ROW_PART,      /* a = part: at most its capacity */
    MODEL_ROW_HOUSEHOLD, /* a = household: at most one institution */
    MODEL_ROW_MEMBER,    /* a = person, b = home: in that home exactly if the household is */
    MODEL_ROW_STAFF,     /* a = staff row, in steps of the common divisor of all minutes there */
    MODEL_ROW_LOAD,     /* a = staff row, b = minutes: counts those who come or stay with so many */
    MODEL_ROW_ROUNDED,  /* a = staff row: the row times a fraction, rounded down: no plan is lost */
    MODEL_ROW_UNSTATED, /* a = rooms: people of unstated sex */
    MODEL_ROW_WOMEN,    /* a = rooms: women and people of unstated sex */
    MODEL_ROW_MEN,      /* a = rooms: men and people of unstated sex */
    MODEL_ROW_GROUP,    /* a = rooms, b = group: each room is for women, for men or for a couple */
    MODEL_ROW_WIVES,    /* a = rooms, b = household: couples <= women of it who come */
    MODEL_ROW_HUSBANDS, /* a = rooms, b = household: couples <= men of it who come */
    MODEL_ROW_CUT,      /* a = row that it follows from, b = number: model_cuts.h */
    MODEL_ROW_STAGE,    /* a = objective (place in problem.objectives): kept at its value */
    MODEL_ROW_KINDS
};

enum model_column_kind {
    MODEL_COLUMN_PAIR,    /* a = pair */
    MODEL_COLUMN_HOME,    /* a = household, b = home: it goes there */
    MODEL_COLUMN_LOAD,    /* a = staff row, b = minutes: people with so many who come or stay */
    MODEL_COLUMN_WOMEN,   /* a = rooms, b = group: rooms for women */
    MODEL_COLUMN_MEN,     /* a = rooms, b = group: rooms for men */
    MODEL_COLUMN_COUPLES, /* a = rooms, b = household: rooms of two that couples share */
    MODEL_COLUMN_KINDS
};

struct model_row {
    enum model_row_kind kind;
    uint32_t a, b;
    int64_t lower, upper; /* lower = MODEL_NO_LOWER: none */
};

struct model_column {
    enum model_column_kind kind;
    uint32_t a, b;
    int64_t lower, upper; /* lower = 0 until a stage has settled more */
};

struct model_entry {
    uint32_t row;
    int64_t value;
};

struct model {
    const struct problem *problem;
    const struct institution **homes; /* of the parts, by id */
    uint32_t n_homes;
    uint32_t *home_of_part;
    struct model_row *rows; /* persons first: row i is person i */
    uint32_t n_rows, rows_room;
    uint32_t most_rows; /* there will never be more: arrays by row have room for so many */
    uint32_t n_cuts, most_cuts;
    struct model_column *columns; /* pairs first, in the order of the problem */
    uint32_t n_columns, columns_room, n_pair_columns;
    uint32_t *column_of_pair; /* MODEL_NONE = forbidden */
    size_t *first;            /* n_columns + 1, into entries */
    struct model_entry *entries;
    size_t n_entries, entries_room;
    /* rows added by model_keep: one coefficient per column each */
    uint32_t n_stages;
    uint32_t stage_row[OBJECTIVE_COUNT];
    const int64_t *stage_gain[OBJECTIVE_COUNT];
};

struct model *model_new(const struct problem *problem);
void model_free(struct model *model);

/* Gain per column in the k-th objective, as maximisation (0 for columns that are not pairs). Caller
 * frees. */
int64_t *model_gains(const struct model *model, size_t k);
/* A row: sum of gain x = value, for the k-th objective. `gain` stays the caller's and must live as
 * long. */
void model_keep(struct model *model, size_t k, const int64_t *gain, int64_t value);

/* Entries of one column: stage rows last, the others in order; at most model_longest. Returns how
 * many. */
size_t model_column_entries(const struct model *model, uint32_t column,
                            struct model_entry *entries);
size_t model_longest(const struct model *model);

/* The whole vector of an assignment (homes of households, rooms, couples filled in): x[n_columns].
 * 0 when every row holds, in integers; -1 when one does not (x is then of no use). */
int model_complete(const struct model *model, const uint32_t *chosen, int64_t *x);
/* The assignment in a vector. 0, or -1 when it breaks a row. */
int model_assignment(const struct model *model, const int64_t *x, uint32_t *chosen);

/* Short names, unique and fit for MPS and LP files ("x12", "part3"), and what they mean in words.
 */
enum { MODEL_NAME = 32, MODEL_MEANING = 256 };
void model_row_name(const struct model *model, uint32_t row, char name[MODEL_NAME]);
void model_column_name(const struct model *model, uint32_t column, char name[MODEL_NAME]);
void model_row_meaning(const struct model *model, uint32_t row, char text[MODEL_MEANING]);
void model_column_meaning(const struct model *model, uint32_t column, char text[MODEL_MEANING]);

#endif
