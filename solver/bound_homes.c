/* bound_homes.c - see bound_homes.h. */
#include "solver/bound_homes.h"

#include "models/alloc.h"
#include "solver/knapsack.h"
#include "solver/problem_coupled.h"

#include <stdlib.h>
#include <string.h>

struct guest { /* somebody whom the home would take at the prices */
    uint32_t part;
    int64_t size; /* minutes in units of the staff row */
    int64_t worth;
};

struct home {        /* one with a staff row */
    int64_t limit;   /* of minutes, in units of the row */
    bound_wide paid; /* what the bound has for its beds and minutes */
    struct guest *guests;
    size_t n, room;
    int is_left; /* out */
};

struct work {
    const struct bound *bound;
    const struct model *model;
    struct home *homes; /* per staff row */
    uint32_t *home_of;  /* per home of the model: its staff row; MODEL_NONE = none */
    int64_t *size;      /* per row of kind LOAD: units of somebody counted there */
    int64_t *worth;     /* the same: what its column is worth in other rows, and its own price */
    uint32_t *part_row;
    struct knapsack_table table;
};

struct room { /* of the knapsack at hand, that is not used yet */
    struct knapsack_class *class;
    int64_t *sum;
};

/* -- homes -- */

static bound_wide paid_for_row(const struct work *work, uint32_t row)
{
    const struct model_row *at = &work->model->rows[row];
    int64_t price = work->bound->price[row];
    return (bound_wide)price * (price < 0 ? at->lower : at->upper);
}

/* A part that has to be full is paid for its beds either way. */
static int64_t price_of_part(const struct work *work, uint32_t part)
{
    int64_t price = work->bound->price[work->part_row[part]];
    return price > 0 ? price : 0;
}

static void see_row(struct work *work, uint32_t row)
{
    const struct model_row *at = &work->model->rows[row];
    uint32_t home = MODEL_NONE;
    if (at->kind == MODEL_ROW_PART) {
        work->part_row[at->a] = row;
        home = work->home_of[work->model->home_of_part[at->a]];
        if (home != MODEL_NONE)
            work->homes[home].paid += (bound_wide)price_of_part(work, at->a) * at->upper;
        return;
    }
    if (at->kind != MODEL_ROW_STAFF && at->kind != MODEL_ROW_ROUNDED && at->kind != MODEL_ROW_LOAD)
        return;
    work->homes[at->a].paid += paid_for_row(work, row);
    if (at->kind == MODEL_ROW_STAFF)
        work->homes[at->a].limit = at->upper;
}

/* A column that counts people: what the bound has for it, and what each of them brings in rows that
 * are not the home's. */
static void see_load(struct work *work, uint32_t column)
{
    const struct model *model = work->model;
    const struct model_column *at = &model->columns[column];
    int64_t reduced = work->bound->reduced[column], size = 0;
    bound_wide worth = reduced;
    uint32_t counted = MODEL_NONE;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        enum model_row_kind kind = model->rows[entry->row].kind;
        int is_own = kind == MODEL_ROW_STAFF || kind == MODEL_ROW_ROUNDED || kind == MODEL_ROW_LOAD;
        worth += is_own ? (bound_wide)work->bound->price[entry->row] * entry->value : 0;
        size = kind == MODEL_ROW_STAFF ? entry->value : size;
        counted = kind == MODEL_ROW_LOAD ? entry->row : counted;
    }
    struct home *home = &work->homes[at->a];
    home->paid += (bound_wide)reduced * (reduced > 0 ? at->upper : at->lower);
    home->is_left |= worth > KNAPSACK_WORTH_MOST || worth < -KNAPSACK_WORTH_MOST;
    work->size[counted] = size;
    work->worth[counted] = (int64_t)worth;
}

static void find_homes(struct work *work)
{
    const struct model *model = work->model;
    const struct problem *problem = model->problem;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        work->home_of[model->home_of_part[part]] = problem_coupled_staff(problem, part);
    for (uint32_t i = 0; i < model->n_rows; i++)
        see_row(work, i);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++)
        if (model->columns[j].kind == MODEL_COLUMN_LOAD)
            see_load(work, j);
}

/* -- guests -- */

static void see_pair(struct work *work, uint32_t column)
{
    const struct model *model = work->model;
    uint32_t part = model->problem->pairs[model->columns[column].a].part;
    uint32_t home = work->home_of[model->home_of_part[part]];
    if (home == MODEL_NONE)
        return;
    struct guest guest = {.part = part};
    bound_wide worth = (bound_wide)work->bound->reduced[column] + price_of_part(work, part);
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++) {
        const struct model_entry *entry = &model->entries[e];
        if (model->rows[entry->row].kind != MODEL_ROW_LOAD)
            continue;
        guest.size = work->size[entry->row];
        worth +=
            (bound_wide)work->bound->price[entry->row] * entry->value + work->worth[entry->row];
    }
    struct home *to = &work->homes[home];
    to->is_left |= worth > KNAPSACK_WORTH_MOST;
    if (worth <= 0)
        return;
    guest.worth = (int64_t)worth;
    ALLOC_GROW(to->guests, to->n, to->room);
    to->guests[to->n++] = guest;
}

static int by_worth(const void *a, const void *b)
{
    const struct guest *one = a, *two = b;
    if (one->part != two->part)
        return one->part < two->part ? -1 : 1;
    if (one->size != two->size)
        return one->size < two->size ? -1 : 1;
    return one->worth > two->worth ? -1 : one->worth < two->worth;
}

/* -- the knapsack of a home -- */

static size_t end_of(const struct home *home, size_t begin, int is_same_size)
{
    size_t end = begin;
    while (end < home->n && home->guests[end].part == home->guests[begin].part &&
           (!is_same_size || home->guests[end].size == home->guests[begin].size))
        end++;
    return end;
}

static size_t fewer(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* Its guests from `begin` on who are in one part; returns where the next part begins. */
static size_t add_part(const struct work *work, const struct home *home, size_t begin,
                       struct knapsack_part *part, struct room *room)
{
    size_t end = end_of(home, begin, 0);
    int64_t beds = work->model->rows[work->part_row[home->guests[begin].part]].upper;
    *part =
        (struct knapsack_part){fewer((size_t)(beds > 0 ? beds : 0), end - begin), room->class, 0};
    for (size_t at = begin, next; at < end; at = next) {
        next = end_of(home, at, 1);
        *room->class =
            (struct knapsack_class){home->guests[at].size, fewer(next - at, part->beds), room->sum};
        *room->sum = 0;
        for (size_t k = 0; k < room->class->most; k++)
            room->class->sum[k + 1] = room->class->sum[k] + home->guests[at + k].worth;
        room->sum += room->class->most + 1;
        room->class ++;
        part->n_classes++;
    }
    return end;
}

static bound_wide excess_of(struct work *work, struct home *home)
{
    if (home->is_left || home->limit < 0 || home->limit > INT32_MAX)
        return 0;
    if (home->n)
        qsort(home->guests, home->n, sizeof *home->guests, by_worth);
    struct knapsack_part *parts = alloc_zero(home->n + 1, sizeof *parts);
    struct knapsack_class *classes = alloc_zero(home->n + 1, sizeof *classes);
    int64_t *sums = alloc_zero(2 * home->n + 1, sizeof *sums);
    struct room room = {classes, sums};
    struct knapsack knapsack = {.limit = (size_t)home->limit, .parts = parts};
    for (size_t at = 0; at < home->n;)
        at = add_part(work, home, at, &parts[knapsack.n_parts++], &room);
    bound_wide excess = 0;
    if (!knapsack_is_large(&knapsack))
        excess = home->paid - knapsack_most(&knapsack, &work->table);
    free(parts);
    free(classes);
    free(sums);
    return excess > 0 ? excess : 0;
}

bound_wide bound_homes_excess(const struct bound *bound, const struct model *model,
                              const unsigned char *alive)
{
    struct work work = {.bound = bound, .model = model};
    bound_wide excess = 0;
    work.homes = alloc_zero(model->problem->n_staff + 1, sizeof *work.homes);
    work.home_of = alloc_zero((size_t)model->n_homes + 1, sizeof *work.home_of);
    work.size = alloc_zero((size_t)model->n_rows + 1, sizeof *work.size);
    work.worth = alloc_zero((size_t)model->n_rows + 1, sizeof *work.worth);
    work.part_row = alloc_zero((size_t)model->problem->n_parts + 1, sizeof *work.part_row);
    find_homes(&work);
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        if (alive[j])
            see_pair(&work, j);
    for (size_t s = 0; s < model->problem->n_staff; s++) {
        excess += excess_of(&work, &work.homes[s]);
        free(work.homes[s].guests);
    }
    free(work.homes);
    free(work.home_of);
    free(work.size);
    free(work.worth);
    free(work.part_row);
    free(work.table.value);
    return excess;
}
