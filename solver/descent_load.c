/* descent_load.c - see descent_inside.h: slots, options and rooms out of the model. */
#include "solver/descent_inside.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a home that is a whole: beds and parts, times minutes. */
static const int64_t PLACES_MOST = 1 << 16;

struct loading {
    struct descent *descent;
    uint32_t *number;  /* per row of the model, among those with a price */
    uint32_t *slot_of; /* per pair column */
    uint32_t *table;   /* slots + 1 by what they take */
    size_t mask;
    struct choices_sum sum;
    struct descent_entry *taken; /* by the column at hand */
    size_t taken_room;
    uint32_t *home_of_part; /* its staff row where its home is a whole; else MODEL_NONE */
    uint32_t *part_row;
    int64_t *size;    /* per row of kind LOAD: minutes of one, in units of the staff row */
    int64_t *minutes; /* per staff row */
    struct loading_guest *guests;
    size_t guests_room;
    uint32_t offer; /* row of what the member at hand is offered; MODEL_NONE = no need so far */
    int may_wait;   /* can the owner at hand go nowhere? */
};

struct loading_guest {
    uint32_t home, part;
    int64_t size;
    struct descent_guest guest;
};

/* -- rows -- */

static uint32_t add_row(struct descent *descent, uint32_t row, double limit, int is_free)
{
    if (descent->n_rows == descent->rows_room) {
        size_t room = descent->rows_room = 2 * descent->rows_room + 256;
        descent->row = alloc_resize(descent->row, room, sizeof *descent->row);
        descent->limit = alloc_resize(descent->limit, room, sizeof *descent->limit);
        descent->is_free = alloc_resize(descent->is_free, room, 1);
    }
    descent->row[descent->n_rows] = row;
    descent->limit[descent->n_rows] = limit;
    descent->is_free[descent->n_rows] = (unsigned char)is_free;
    return descent->n_rows++;
}

/* A row of a home that is a whole has no price. */
static int is_of_whole(const struct loading *loading, const struct model_row *row)
{
    if (row->kind == MODEL_ROW_PART)
        return loading->home_of_part[row->a] != MODEL_NONE;
    return (row->kind == MODEL_ROW_STAFF || row->kind == MODEL_ROW_ROUNDED) &&
           loading->minutes[row->a] >= 0;
}

static void number_rows(struct loading *loading)
{
    struct descent *descent = loading->descent;
    const struct model *model = descent->model;
    loading->number = alloc_zero((size_t)model->n_rows + 1, sizeof *loading->number);
    for (uint32_t i = 0; i < model->n_rows; i++) {
        enum model_row_kind kind = model->rows[i].kind;
        loading->number[i] = MODEL_NONE;
        if (!choices_is_shared(kind) || kind == MODEL_ROW_GROUP || kind == MODEL_ROW_STAGE ||
            is_of_whole(loading, &model->rows[i]))
            continue;
        loading->number[i] = add_row(descent, i, (double)model->rows[i].upper,
                                     model->rows[i].lower == model->rows[i].upper);
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
    loading->offer = MODEL_NONE;
}

static void put_item(struct loading *loading, uint32_t column, uint32_t slot)
{
    struct descent *descent = loading->descent;
    if (descent->n_items + 1 > descent->items_room) {
        descent->items_room = 2 * descent->items_room + 256;
        descent->slot = alloc_resize(descent->slot, descent->items_room, sizeof *descent->slot);
        descent->column =
            alloc_resize(descent->column, descent->items_room, sizeof *descent->column);
    }
    descent->slot[descent->n_items] = slot;
    descent->column[descent->n_items++] = column;
}

/* The member's pairs into homes that are wholes are one item together. */
static void add_guest(struct loading *loading, uint32_t column, uint32_t part)
{
    struct descent *descent = loading->descent;
    const struct model *model = descent->model;
    struct loading_guest guest = {.home = loading->home_of_part[part], .part = part};
    if (loading->offer == MODEL_NONE) {
        loading->offer = add_row(descent, MODEL_NONE, 0, !loading->may_wait);
        struct descent_entry entry = {loading->offer, -1};
        put_item(loading, MODEL_NONE, add_slot(descent, &entry, 1));
    }
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++)
        if (model->rows[model->entries[e].row].kind == MODEL_ROW_LOAD)
            guest.size = loading->size[model->entries[e].row];
    guest.guest = (struct descent_guest){loading->offer, loading->slot_of[column], column};
    ALLOC_GROW(loading->guests, descent->n_guests, loading->guests_room);
    loading->guests[descent->n_guests++] = guest;
}

static void add_item(struct loading *loading, uint32_t column)
{
    const struct model *model = loading->descent->model;
    uint32_t part = model->problem->pairs[model->columns[column].a].part;
    if (loading->home_of_part[part] != MODEL_NONE)
        add_guest(loading, column, part);
    else
        put_item(loading, column, loading->slot_of[column]);
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
    loading->may_wait = loading->descent->model->problem->people[person].stay_pair == PROBLEM_NONE;
    if (loading->may_wait)
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
    size_t n_guests = descent->n_guests;
    add_option(loading, column);
    for (size_t m = 0; m < household->n; m++) {
        add_member(loading);
        if (add_pairs(loading, household->people[m], descent->model->columns[column].b))
            continue;
        descent->n_options--;
        descent->n_members = n_members;
        descent->n_items = n_items;
        descent->n_guests = n_guests;
        return;
    }
}

static void add_household(struct loading *loading, uint32_t h)
{
    const struct descent *descent = loading->descent;
    const struct problem *problem = descent->model->problem;
    const struct problem_household *household = &problem->households[h];
    loading->may_wait = 0; /* members share what the household is offered */
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

/* -- homes that are wholes -- */

static void find_sizes(struct loading *loading)
{
    const struct model *model = loading->descent->model;
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        int64_t size = 0;
        uint32_t counted = 0;
        if (model->columns[j].kind != MODEL_COLUMN_LOAD)
            continue;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++) {
            enum model_row_kind kind = model->rows[model->entries[e].row].kind;
            size = kind == MODEL_ROW_STAFF ? model->entries[e].value : size;
            counted = kind == MODEL_ROW_LOAD ? model->entries[e].row : counted;
        }
        loading->size[counted] = size;
    }
}

static void find_rows(struct loading *loading)
{
    const struct model *model = loading->descent->model;
    for (uint32_t i = 0; i < model->n_rows; i++) {
        const struct model_row *row = &model->rows[i];
        if (row->kind == MODEL_ROW_PART)
            loading->part_row[row->a] = i;
        if (row->kind == MODEL_ROW_STAFF)
            loading->minutes[row->a] = row->upper;
    }
}

static uint32_t staff_of(const struct problem *problem, uint32_t part)
{
    uint32_t s = 0;
    while (s < problem->n_staff &&
           problem->staff[s].institution != problem->parts[part].institution)
        s++;
    return s < problem->n_staff ? s : MODEL_NONE;
}

/* Homes with a staff row and a small table are wholes; no others, and none where nobody asks. */
static void find_homes(struct loading *loading)
{
    const struct model *model = loading->descent->model;
    const struct problem *problem = model->problem;
    int64_t *places = alloc_zero(problem->n_staff + 1, sizeof *places);
    loading->home_of_part = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    loading->part_row = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    loading->size = alloc_zero((size_t)model->n_rows + 1, sizeof *loading->size);
    loading->minutes = alloc_zero(problem->n_staff + 1, sizeof *loading->minutes);
    find_rows(loading);
    find_sizes(loading);
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        uint32_t home = loading->descent->is_whole ? staff_of(problem, part) : MODEL_NONE;
        loading->home_of_part[part] = home;
        if (home != MODEL_NONE)
            places[home] += model->rows[loading->part_row[part]].upper + 1;
    }
    for (uint32_t s = 0; s < problem->n_staff; s++)
        if (places[s] < 1 || loading->minutes[s] >= PLACES_MOST / places[s])
            loading->minutes[s] = -1;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (loading->home_of_part[part] != MODEL_NONE &&
            loading->minutes[loading->home_of_part[part]] < 0)
            loading->home_of_part[part] = MODEL_NONE;
    free(places);
}

static int by_class(const void *a, const void *b)
{
    const struct loading_guest *one = a, *two = b;
    if (one->home != two->home)
        return one->home < two->home ? -1 : 1;
    if (one->part != two->part)
        return one->part < two->part ? -1 : 1;
    if (one->size != two->size)
        return one->size < two->size ? -1 : 1;
    if (one->guest.row != two->guest.row)
        return one->guest.row < two->guest.row ? -1 : 1;
    return one->guest.column < two->guest.column ? -1 : one->guest.column > two->guest.column;
}

/* The guest at `g`, who is behind all others, begins what has not begun. */
static void place_guest(struct loading *loading, uint32_t g)
{
    struct descent *descent = loading->descent;
    const struct loading_guest *at = &loading->guests[g], *last = g ? at - 1 : NULL;
    int is_home = !last || last->home != at->home, is_part = is_home || last->part != at->part;
    if (is_home)
        descent->homes[descent->n_homes++] =
            (struct descent_home){(uint32_t)descent->n_home_parts, 0, (uint32_t)descent->n_classes,
                                  0, loading->minutes[at->home]};
    if (is_part) {
        int64_t beds = descent->model->rows[loading->part_row[at->part]].upper;
        descent->beds[descent->n_home_parts++] = (size_t)(beds > 0 ? beds : 0);
    }
    if (is_part || last->size != at->size)
        descent->classes[descent->n_classes++] = (struct descent_class){
            .part = (uint32_t)descent->n_home_parts - 1, .first = g, .size = at->size};
    descent->classes[descent->n_classes - 1].n++;
    descent->homes[descent->n_homes - 1].end_part = (uint32_t)descent->n_home_parts;
    descent->homes[descent->n_homes - 1].end_class = (uint32_t)descent->n_classes;
    descent->guests[g] = at->guest;
}

static void place_guests(struct loading *loading)
{
    struct descent *descent = loading->descent;
    size_t n = descent->n_guests;
    if (n)
        qsort(loading->guests, n, sizeof *loading->guests, by_class);
    descent->guests = alloc_zero(n + 1, sizeof *descent->guests);
    descent->guest_gain = alloc_zero(n + 1, sizeof *descent->guest_gain);
    descent->classes = alloc_zero(n + 1, sizeof *descent->classes);
    descent->homes = alloc_zero(n + 1, sizeof *descent->homes);
    descent->beds = alloc_zero(n + 1, sizeof *descent->beds);
    for (uint32_t g = 0; g < n; g++)
        place_guest(loading, g);
    for (size_t h = 0; h < descent->n_homes; h++)
        for (uint32_t c = descent->homes[h].first_class; c < descent->homes[h].end_class; c++) {
            struct descent_class *class = &descent->classes[c];
            size_t room = descent->beds[class->part];
            if (class->size > 0 && (size_t)(descent->homes[h].limit / class->size) < room)
                room = (size_t)(descent->homes[h].limit / class->size);
            class->most = class->n < room ? class->n : room;
        }
}

void descent_load(struct descent *descent)
{
    struct loading loading = {.descent = descent};
    find_homes(&loading);
    number_rows(&loading);
    find_slots(&loading);
    add_owners(&loading);
    add_rooms(&loading);
    place_guests(&loading);
    free(loading.number);
    free(loading.slot_of);
    free(loading.table);
    free(loading.taken);
    free(loading.home_of_part);
    free(loading.part_row);
    free(loading.size);
    free(loading.minutes);
    free(loading.guests);
}
