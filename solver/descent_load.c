/* descent_load.c - see descent_inside.h: slots, options and rooms out of the model. */
#include "solver/descent_inside.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct loading {
    struct descent *descent;
    uint32_t *number;  /* per row of the model, among those with a price */
    uint32_t *slot_of; /* per pair column */
    uint32_t *table;   /* slots + 1 by what they take */
    size_t mask;
    struct choices_sum sum;
    struct descent_entry *taken; /* by the column at hand */
    size_t taken_room;
};

/* -- rows -- */

static void number_rows(struct loading *loading)
{
    struct descent *descent = loading->descent;
    const struct model *model = descent->model;
    loading->number = alloc_zero((size_t)model->n_rows + 1, sizeof *loading->number);
    descent->row = alloc_zero((size_t)model->n_rows + 1, sizeof *descent->row);
    descent->limit = alloc_zero((size_t)model->n_rows + 1, sizeof *descent->limit);
    for (uint32_t i = 0; i < model->n_rows; i++) {
        enum model_row_kind kind = model->rows[i].kind;
        loading->number[i] = MODEL_NONE;
        if (!choices_is_shared(kind) || kind == MODEL_ROW_GROUP || kind == MODEL_ROW_STAGE)
            continue;
        loading->number[i] = descent->n_rows;
        descent->limit[descent->n_rows] = (double)model->rows[i].upper;
        descent->row[descent->n_rows++] = i;
    }
}

/* -- slots -- */

static size_t take_column(struct loading *loading, uint32_t column)
{
    size_t n = 0;
    choices_sum_reset(&loading->sum);
    choices_sum_add(loading->descent->choices, &column, 1, 1, &loading->sum);
    for (size_t r = 0; r < loading->sum.n; r++) {
        uint32_t row = loading->sum.rows[r];
        if (loading->number[row] == MODEL_NONE || !loading->sum.value[row])
            continue;
        ALLOC_GROW(loading->taken, n, loading->taken_room);
        loading->taken[n++] = (struct descent_entry){.row = loading->number[row],
                                                     .times = (double)loading->sum.value[row]};
    }
    return n;
}

static size_t hash_of(const struct descent_entry *entries, size_t n)
{
    uint64_t hash = UINT64_C(1469598103934665603);
    for (size_t e = 0; e < n; e++) {
        hash = (hash ^ entries[e].row) * UINT64_C(1099511628211);
        hash = (hash ^ (uint64_t)(int64_t)entries[e].times) * UINT64_C(1099511628211);
    }
    return (size_t)(hash ^ hash >> 29);
}

static int is_same(const struct descent *descent, uint32_t slot, const struct descent_entry *taken,
                   size_t n)
{
    const struct descent_entry *entries = descent->entries + descent->first_entry[slot];
    if (descent->first_entry[slot + 1] - descent->first_entry[slot] != n)
        return 0;
    for (size_t e = 0; e < n; e++)
        if (entries[e].row != taken[e].row || entries[e].times != taken[e].times)
            return 0;
    return 1;
}

static uint32_t add_slot(struct descent *descent, const struct descent_entry *taken, size_t n)
{
    uint32_t slot = descent->n_slots++;
    if (slot + 2 > descent->slots_room) {
        descent->slots_room = 2 * descent->slots_room + 64;
        descent->first_entry =
            alloc_resize(descent->first_entry, descent->slots_room, sizeof *descent->first_entry);
        descent->size = alloc_resize(descent->size, descent->slots_room, sizeof *descent->size);
    }
    descent->first_entry[slot] = (uint32_t)descent->n_entries;
    descent->size[slot] = 0;
    for (size_t e = 0; e < n; e++) {
        ALLOC_GROW(descent->entries, descent->n_entries, descent->entries_room);
        descent->entries[descent->n_entries++] = taken[e];
        descent->size[slot] += fabs(taken[e].times);
    }
    descent->first_entry[slot + 1] = (uint32_t)descent->n_entries;
    return slot;
}

static uint32_t slot_of_column(struct loading *loading, uint32_t column)
{
    size_t n = take_column(loading, column);
    size_t at = hash_of(loading->taken, n) & loading->mask;
    for (; loading->table[at]; at = (at + 1) & loading->mask)
        if (is_same(loading->descent, loading->table[at] - 1, loading->taken, n))
            return loading->table[at] - 1;
    uint32_t slot = add_slot(loading->descent, loading->taken, n);
    loading->table[at] = slot + 1;
    return slot;
}

static void find_slots(struct loading *loading)
{
    const struct model *model = loading->descent->model;
    size_t places = 16;
    while (places < (size_t)model->n_pair_columns * 2)
        places *= 2;
    loading->mask = places - 1;
    loading->table = alloc_zero(places, sizeof *loading->table);
    loading->slot_of = alloc_zero((size_t)model->n_pair_columns + 1, sizeof *loading->slot_of);
    choices_sum_init(&loading->sum, model);
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        loading->slot_of[j] = slot_of_column(loading, j);
    choices_sum_clear(&loading->sum);
}

/* -- options -- */

static void add_option(struct loading *loading, uint32_t column)
{
    struct descent *descent = loading->descent;
    if (descent->n_options + 2 > descent->options_room) {
        size_t room = descent->options_room = 2 * descent->options_room + 64;
        descent->first_member = alloc_resize(descent->first_member, room, sizeof(uint32_t));
        descent->column_of_option = alloc_resize(descent->column_of_option, room, sizeof(uint32_t));
        descent->owner_of_option = alloc_resize(descent->owner_of_option, room, sizeof(uint32_t));
    }
    descent->first_member[descent->n_options] = descent->n_members;
    descent->owner_of_option[descent->n_options] = descent->n_owners;
    descent->column_of_option[descent->n_options++] = column;
}

static void add_member(struct loading *loading)
{
    struct descent *descent = loading->descent;
    if (descent->n_members + 2 > descent->members_room) {
        descent->members_room = 2 * descent->members_room + 64;
        descent->first_item =
            alloc_resize(descent->first_item, descent->members_room, sizeof(uint32_t));
    }
    descent->first_item[descent->n_members++] = descent->n_items;
}

static void add_item(struct loading *loading, uint32_t column)
{
    struct descent *descent = loading->descent;
    if (descent->n_items + 1 > descent->items_room) {
        descent->items_room = 2 * descent->items_room + 256;
        descent->slot = alloc_resize(descent->slot, descent->items_room, sizeof *descent->slot);
        descent->column =
            alloc_resize(descent->column, descent->items_room, sizeof *descent->column);
    }
    descent->slot[descent->n_items] = loading->slot_of[column];
    descent->column[descent->n_items++] = column;
}

/* Pairs of a person, of one home when it is given; returns how many. */
static uint32_t add_pairs(struct loading *loading, uint32_t person, uint32_t home)
{
    const struct model *model = loading->descent->model;
    const struct problem_person *at = &model->problem->people[person];
    uint32_t before = loading->descent->n_items;
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t part = model->problem->pairs[pair].part, column = model->column_of_pair[pair];
        if (column != MODEL_NONE && (home == MODEL_NONE || model->home_of_part[part] == home))
            add_item(loading, column);
    }
    return loading->descent->n_items - before;
}

static void add_person(struct loading *loading, uint32_t person)
{
    if (loading->descent->model->problem->people[person].stay_pair == PROBLEM_NONE)
        add_option(loading, DESCENT_IDLE);
    add_option(loading, MODEL_NONE);
    add_member(loading);
    if (add_pairs(loading, person, MODEL_NONE))
        return;
    loading->descent->n_members--;
    loading->descent->n_options--;
}

static void add_home(struct loading *loading, const struct problem_household *household,
                     uint32_t column)
{
    struct descent *descent = loading->descent;
    uint32_t n_members = descent->n_members, n_items = descent->n_items;
    add_option(loading, column);
    for (size_t m = 0; m < household->n; m++) {
        add_member(loading);
        if (add_pairs(loading, household->people[m], descent->model->columns[column].b))
            continue;
        descent->n_options--;
        descent->n_members = n_members;
        descent->n_items = n_items;
        return;
    }
}

static void add_household(struct loading *loading, uint32_t h)
{
    const struct descent *descent = loading->descent;
    const struct problem *problem = descent->model->problem;
    const struct problem_household *household = &problem->households[h];
    add_option(loading, DESCENT_IDLE);
    for (size_t m = 0; m < household->n; m++) {
        uint32_t stay = problem->people[household->people[m]].stay_pair;
        if (stay == PROBLEM_NONE)
            continue;
        add_member(loading);
        add_item(loading, descent->model->column_of_pair[stay]);
    }
    for (uint32_t j = descent->choices->first_home[h]; j < descent->choices->first_home[h + 1]; j++)
        add_home(loading, household, j);
}

static void measure_owner(struct descent *descent, uint32_t option, uint32_t member, uint32_t item)
{
    size_t options = descent->n_options - option, members = descent->n_members - member;
    size_t items = descent->n_items - item;
    descent->most_options = options > descent->most_options ? options : descent->most_options;
    descent->most_members = members > descent->most_members ? members : descent->most_members;
    descent->most_items = items > descent->most_items ? items : descent->most_items;
}

static void add_owners(struct loading *loading)
{
    struct descent *descent = loading->descent;
    const struct choices *choices = descent->choices;
    descent->first_option = alloc_zero((size_t)choices->n_owners + 1, sizeof(uint32_t));
    for (; descent->n_owners < choices->n_owners; descent->n_owners++) {
        uint32_t owner = descent->n_owners, option = descent->n_options;
        uint32_t member = descent->n_members, item = descent->n_items;
        descent->first_option[owner] = option;
        if (choices->household[owner] == PROBLEM_NONE)
            add_person(loading, choices->person[owner]);
        else
            add_household(loading, choices->household[owner]);
        measure_owner(descent, option, member, item);
    }
    descent->first_option[descent->n_owners] = descent->n_options;
    add_option(loading, MODEL_NONE); /* the ends of the last ones */
    add_member(loading);
    descent->n_options--;
    descent->n_members--;
}

/* -- rooms -- */

static void add_rooms(struct loading *loading)
{
    struct descent *descent = loading->descent;
    const struct model *model = descent->model;
    size_t room = 0;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        struct descent_rooms rooms = {0};
        if (model->columns[j].kind != MODEL_COLUMN_WOMEN)
            continue;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++) {
            const struct model_entry *entry = &model->entries[e];
            if (model->rows[entry->row].kind == MODEL_ROW_GROUP) {
                rooms.group = entry->row;
                rooms.rooms = (double)model->rows[entry->row].upper;
                continue;
            }
            rooms.row[0] = loading->number[entry->row];
            rooms.row[1] = rooms.row[0] + 1; /* the row of men follows that of women */
            rooms.beds = -(double)entry->value;
        }
        ALLOC_GROW(descent->rooms, descent->n_rooms, room);
        descent->rooms[descent->n_rooms++] = rooms;
    }
}

void descent_load(struct descent *descent)
{
    struct loading loading = {.descent = descent};
    number_rows(&loading);
    find_slots(&loading);
    add_owners(&loading);
    add_rooms(&loading);
    free(loading.number);
    free(loading.slot_of);
    free(loading.table);
    free(loading.taken);
}
