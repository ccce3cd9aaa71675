/* descent_inside.h - the layout of a round for its descent. Inside descent*.c only.
 *
 * A slot is what a pair takes of the shared rows: pairs of equal people into one part have the same
 * slot. An owner takes one option, in it each member one item (a slot and a gain). Somebody alone
 * has an option with one member, and waiting, an option without any. */
#ifndef ALMONER_DESCENT_INSIDE_H
#define ALMONER_DESCENT_INSIDE_H

#include "solver/descent.h"
#include "solver/knapsack.h"

#define DESCENT_IDLE (UINT32_MAX - 1) /* beyond every column */

struct descent_entry {
    uint32_t row; /* a number among those with a price */
    double times;
};

struct descent_rooms { /* of one size in one pool */
    uint32_t row[2];   /* for women, for men: numbers among those with a price */
    uint32_t group;    /* row of the model */
    double beds, rooms;
};

/* Where homes with a staff row are wholes, their own rows have no prices. Who could be there has
 * one item for all of them, worth what its row says (`row`, times -1): what the person has to be
 * offered by whoever takes them. That is what a home pays. */
struct descent_guest {
    uint32_t row, slot, column; /* slot: what else the pair takes */
};

struct descent_class { /* guests of one home who are alike to it */
    uint32_t part;     /* among the parts of homes that are wholes */
    uint32_t first;
    size_t n, most; /* of whom so many have room */
    int64_t size;   /* minutes of each */
};

struct descent_home {
    uint32_t first_part, end_part, first_class, end_class;
    int64_t limit; /* of minutes */
};

struct descent_kept { /* an objective that has been run and kept */
    size_t objective; /* its place in the order */
    double unit;      /* what a common gain is */
    double gap;       /* what plans that are left lose against its prices */
    double plain;     /* what its prices prove where nothing is lost in objectives before */
    double *own;      /* prices as the run had them: rows, then kept objectives */
    double *price;    /* per row with a price, in all */
    double stage[OBJECTIVE_COUNT]; /* what it pays for the objectives before, in all */
    float *item_loss, *option_loss;
    double (*rooms_loss)[2];
    double *guest_worth; /* what the home has of each */
    double *guest_apart; /* ... beside the last of its class who comes */
    double home_most;    /* what homes have at most, in all */
    int64_t value;       /* that plans have */
};

struct descent {
    const struct choices *choices;
    const struct model *model;
    uint32_t n_rows, *row; /* with a price: of the model; MODEL_NONE = what a person is offered */
    size_t rows_room;
    double *limit;
    unsigned char *is_free; /* may be below 0 */
    uint32_t n_slots, *first_entry;
    struct descent_entry *entries;
    size_t n_entries, entries_room, slots_room;
    double *size; /* per slot: sum over its entries */
    uint32_t n_owners, n_options, n_members, n_items;
    size_t options_room, members_room, items_room;
    uint32_t *first_option, *first_member, *first_item;
    uint32_t *column_of_option; /* its home; MODEL_NONE = none, DESCENT_IDLE = nobody moves */
    uint32_t *owner_of_option;
    uint32_t *slot, *column; /* per item; no column = to a home that is a whole */
    size_t most_items, most_members, most_options; /* of an owner */
    struct descent_rooms *rooms;
    size_t n_rooms;
    int is_whole; /* homes with a staff row are wholes */
    struct descent_guest *guests;
    double *guest_gain;
    struct descent_class *classes;
    struct descent_home *homes;
    size_t *beds; /* per part of these homes */
    size_t n_guests, n_classes, n_homes, n_home_parts;
    double *start; /* prices to begin the next run with, rows and kept; NULL = none */
    struct descent_kept kept[OBJECTIVE_COUNT];
    size_t n_kept, n_known; /* kept now; those after them have been before */
    float *gain;            /* per item, of the run at hand */
    double *option_gain;
    double *best; /* prices: rows, then kept */
    double best_value, unit;
};

/* descent.c: the best prices in all, per row and for each objective: what is paid through kept
 * objectives is part of them. */
void descent_sum_up(const struct descent *descent, double *row, double stage[OBJECTIVE_COUNT]);

/* May the price of a row be below 0? Rows may have become tight since it was loaded. */
static inline int descent_is_tight(const struct descent *descent, uint32_t i)
{
    if (descent->row[i] == MODEL_NONE)
        return descent->is_free[i];
    const struct model_row *row = &descent->model->rows[descent->row[i]];
    return row->lower == row->upper;
}

/* descent_load.c: the layout out of the model, of an empty descent whose choices and is_whole are
 * set. */
void descent_load(struct descent *descent);

/* descent_value.c: what the bound is at prices (rows, then kept), and where it falls. */
struct descent_look {
    const struct descent *descent;
    double *slot_price, *demand, *strain;
    /* of the owner at hand: items, those that matter, members, options */
    double *worth;
    uint32_t *near;
    float *share;
    double *member_best, *member_share, *option_worth, *option_best, *option_share;
    uint32_t *member_near;
    double *slope, *steep; /* of rows, then kept: gradient and the most that it changes */
    double value;          /* of the bound itself */
    struct descent_homes_look *homes; /* NULL = none is a whole */
};
void descent_look_init(struct descent_look *look, const struct descent *descent);
void descent_look_clear(struct descent_look *look);
/* Sets value, slope and steep: value at the prices, the others as smooth as the heat says. */
void descent_look_at(struct descent_look *look, const double *price, double heat);
/* Losses against these prices, for which `kept` has room. */
void descent_look_losses(struct descent_look *look, const double *price, struct descent_kept *kept);
void descent_losses_init(struct descent_kept *kept, const struct descent *descent);
void descent_losses_clear(struct descent_kept *kept);

/* descent_polish.c: all rows of a kind (parts, women or men of rooms) that have a price get the
 * best one that each has for itself; with those of parts, everybody is offered what they have
 * anyway. Prices below what a row may have mean the least. What they prove is not worse. */
void descent_polish(struct descent_look *look, enum model_row_kind kind, double *price);

/* descent_homes.c: adds what homes take as wholes; `look` has the prices of slots. */
struct descent_homes_look *descent_homes_new(const struct descent *descent);
void descent_homes_free(struct descent_homes_look *look);
void descent_look_at_homes(struct descent_look *look, const double *price, double heat);
/* What each has of its guests at these prices. */
void descent_homes_losses(struct descent_look *look, const double *price,
                          struct descent_kept *kept);
/* The most that home can take of guests so worth, in 1/2^20, each less than KNAPSACK_WORTH_MOST. */
int64_t descent_homes_most(const struct descent *descent, struct descent_homes_look *look,
                           size_t home, const int64_t *worth);

#endif
