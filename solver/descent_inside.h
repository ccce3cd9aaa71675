/* descent_inside.h - the layout of a round for its descent. Inside descent*.c only.
 *
 * A slot is what a pair takes of the shared rows: pairs of equal people into one part have the same
 * slot. An owner takes one option, in it each member one item (a slot and a gain). Somebody alone
 * has an option with one member, and waiting, an option without any. */
#ifndef ALMONER_DESCENT_INSIDE_H
#define ALMONER_DESCENT_INSIDE_H

#include "solver/descent.h"

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
};

struct descent {
    const struct choices *choices;
    const struct model *model;
    uint32_t n_rows, *row; /* with a price: of the model */
    double *limit;
    uint32_t n_slots, *first_entry;
    struct descent_entry *entries;
    size_t n_entries, entries_room, slots_room;
    double *size; /* per slot: sum over its entries */
    uint32_t n_owners, n_options, n_members, n_items;
    size_t options_room, members_room, items_room;
    uint32_t *first_option, *first_member, *first_item;
    uint32_t *column_of_option; /* its home; MODEL_NONE = none, DESCENT_IDLE = nobody moves */
    uint32_t *owner_of_option;
    uint32_t *slot, *column;                       /* per item */
    size_t most_items, most_members, most_options; /* of an owner */
    struct descent_rooms *rooms;
    size_t n_rooms;
    struct descent_kept kept[OBJECTIVE_COUNT];
    size_t n_kept, n_known; /* kept now; those after them have been before */
    float *gain;            /* per item, of the run at hand */
    double *option_gain;
    double *best; /* prices: rows, then kept */
    double best_value, unit;
};

/* descent_load.c */
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
};
void descent_look_init(struct descent_look *look, const struct descent *descent);
void descent_look_clear(struct descent_look *look);
void descent_look_at(struct descent_look *look, const double *price, double heat);
/* Losses against these prices. */
void descent_look_losses(struct descent_look *look, const double *price, struct descent_kept *kept);

#endif
