/* choices.h - a round with coupled rows as choices: every person, and every household placed
 * together as one, takes one alternative.
 *
 * The rows of persons, households, members and couples of the model are inside the alternatives;
 * what is left are the rows that people share: parts, staff minutes, rooms, stages kept
 * (`is_shared`). So a linear programme over alternatives has few rows, and prices on these rows
 * alone say what everybody would take. Owns no prices and no plan. An alternative is a list of
 * columns of the model (pairs; rooms of two that couples share), empty = nowhere. Homes of
 * households follow from it. */
#ifndef ALMONER_CHOICES_H
#define ALMONER_CHOICES_H

#include "solver/model.h"

struct choices {
    const struct model *model;
    uint32_t n_owners;
    uint32_t *person;    /* per owner: the person, or the first member of the household */
    uint32_t *household; /* per owner; PROBLEM_NONE = a person alone */
    uint32_t *first_home, *first_couple; /* per household + 1: its columns of these kinds, which lie
                                            together in the model */
    uint32_t *by_home;     /* where a member's pairs stand in the problem: the same, by home; NULL
                              without households */
    uint32_t *load_column; /* per row of kind LOAD: the column that it counts */
    size_t longest;        /* columns of an alternative, at most */
};

void choices_init(struct choices *choices, const struct model *model);
void choices_clear(struct choices *choices);

int choices_is_shared(enum model_row_kind kind);
/* Has a stage settled that the owner goes somewhere? */
int choices_must_go(const struct choices *choices, uint32_t owner);

/* What the owner has in a plan (`x`: its vector, for the rooms that couples share). `columns` has
 * room for `longest`; returns how many. `chosen` and `x` NULL: nobody placed, residents stay. */
uint32_t choices_of_plan(const struct choices *choices, uint32_t owner, const uint32_t *chosen,
                         const int64_t *x, uint32_t *columns);

/* What alternatives take of the shared rows, summed up. */
struct choices_sum {
    int64_t *value; /* per row of the model */
    uint32_t *rows; /* that were touched, in no order */
    size_t n, room;
    unsigned char *is_touched;
};
void choices_sum_init(struct choices_sum *sum, const struct model *model);
void choices_sum_clear(struct choices_sum *sum);
void choices_sum_reset(struct choices_sum *sum);
/* Adds `factor` times the columns; what LOAD rows count goes to the staff and rounded rows. */
void choices_sum_add(const struct choices *choices, const uint32_t *columns, uint32_t n,
                     int64_t factor, struct choices_sum *sum);

void choices_sum_row(struct choices_sum *sum, uint32_t row, int64_t value);

/* Prices of LOAD rows from those of the staff and rounded rows. */
void choices_price_loads(const struct choices *choices, double *price);
struct choices_prices {
    const double *price; /* per row of the model; loads set */
    const int64_t *gain; /* per column */
    const unsigned char *alive;
};

/* What a column is worth beyond the prices of the shared rows. */
double choices_worth(const struct choices *choices, const struct choices_prices *prices,
                     uint32_t column);

/* The alternatives of an owner at prices: every alive pair of a person, for households the best of
 * each home. `see` gets the columns and what they are worth, in canonical order. */
typedef void choices_see(void *context, const uint32_t *columns, uint32_t n, double worth);
void choices_each(const struct choices *choices, uint32_t owner,
                  const struct choices_prices *prices, choices_see *see, void *context);

/* Prices of the rows that are inside the alternatives, so that `price` is one of the whole model:
 * members are paid what their best pair in the home is worth, spouses half of what a shared room
 * is. */
void choices_price_members(const struct choices *choices, const struct choices_prices *prices,
                           double *price);

#endif
