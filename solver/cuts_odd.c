/* cuts_odd.c - see cuts_odd.h. */
#include "solver/cuts_odd.h"

#include "models/alloc.h"
#include "solver/cuts_combine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Less, of 1/2^BOUND_SHIFT, is rounding. */
static const int64_t LEAST_PRICE = INT64_C(1) << 10;
/* TRACE: what counts that is 0 in the relaxation but need not be in another of its optima. */
static const double TRACE = 1e-6;

struct place {          /* a pair that an optimum of the relaxation may have */
    uint32_t row, part; /* of the model: its member's, else its person's; the part's number */
    double x;
};

struct search {
    const struct cuts_odd *odd;
    struct cuts_combine *combine;
    struct place *places; /* of one row together */
    size_t n_places;
    unsigned char *is_in;    /* per part: is it in the set at hand? */
    double *inside, *beyond; /* per row of places: what lies in the set and what does not */
    struct cuts_multiplier *halves;
    size_t n_halves, effort, most;
    struct cuts *cuts;
    size_t n_before; /* cuts that others have found */
};

static int is_free(const struct cuts_odd *odd, uint32_t column)
{
    return odd->alive[column] &&
           (odd->x[column] > TRACE || odd->bound->reduced[column] >= -LEAST_PRICE);
}

static uint32_t row_of(const struct model *model, uint32_t pair_column)
{
    uint32_t row = model->problem->pairs[model->columns[pair_column].a].person;
    for (size_t e = model->first[pair_column]; e < model->first[pair_column + 1]; e++)
        if (model->rows[model->entries[e].row].kind == MODEL_ROW_MEMBER)
            row = model->entries[e].row;
    return row;
}

static void list_places(struct search *search)
{
    const struct cuts_odd *odd = search->odd;
    const struct model *model = odd->model;
    for (uint32_t j = 0; j < model->n_pair_columns; j++)
        if (is_free(odd, j))
            search->places[search->n_places++] =
                (struct place){.row = row_of(model, j),
                               .part = model->problem->pairs[model->columns[j].a].part,
                               .x = fmax(odd->x[j], TRACE)};
}

/* -- the rows to add up -- */

static void take(struct search *search, uint32_t row)
{
    search->halves[search->n_halves++] = (struct cuts_multiplier){.row = row, .times = 1};
}

static void sum_places(struct search *search)
{
    memset(search->inside, 0, search->odd->model->n_rows * sizeof *search->inside);
    memset(search->beyond, 0, search->odd->model->n_rows * sizeof *search->beyond);
    for (size_t n = 0; n < search->n_places; n++) {
        const struct place *place = &search->places[n];
        *(search->is_in[place->part] ? &search->inside[place->row] : &search->beyond[place->row]) +=
            place->x;
    }
}

/* The beds, and who comes there rather than not. */
static void take_people(struct search *search)
{
    const struct problem *problem = search->odd->model->problem;
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (search->inside[i] > 0.5)
            take(search, i);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (search->is_in[part])
            take(search, problem->n_people + part);
}

/* Members whose place in that home is in the set. Returns how many. */
static int take_members(struct search *search, uint32_t column)
{
    const struct model *model = search->odd->model;
    int n = 0;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++) {
        uint32_t row = model->entries[e].row;
        if (model->rows[row].kind != MODEL_ROW_MEMBER || search->inside[row] <= search->beyond[row])
            continue;
        take(search, row);
        n++;
    }
    return n;
}

/* Homes [from, to): a household that takes an odd number of beds of the set wherever it goes counts
 * as somebody alone does. */
static void take_household(struct search *search, uint32_t from, uint32_t to)
{
    const struct cuts_odd *odd = search->odd;
    double even = 0, uneven = 0, waits = 1;
    for (uint32_t j = from; j < to; j++) {
        if (!odd->alive[j])
            continue;
        double *side = take_members(search, j) % 2 ? &uneven : &even;
        waits -= odd->x[j];
        if (is_free(odd, j))
            *side += fmax(odd->x[j], TRACE);
    }
    if (uneven > even + waits)
        take(search, odd->model->entries[odd->model->first[from]].row);
}

static void take_households(struct search *search)
{
    const struct model *model = search->odd->model;
    const struct model_column *columns = model->columns;
    uint32_t to;
    for (uint32_t from = model->n_pair_columns; from < model->n_columns; from = to) {
        for (to = from + 1; to < model->n_columns && columns[to].kind == columns[from].kind &&
                            columns[to].a == columns[from].a;)
            to++;
        if (columns[from].kind == MODEL_COLUMN_HOME)
            take_household(search, from, to);
    }
}

/* -- cuts -- */

static int is_known(const struct search *search, const struct model_cut *cut)
{
    size_t c = search->n_before;
    while (c < search->cuts->n &&
           (search->cuts->items[c].n != cut->n ||
            memcmp(search->cuts->items[c].entries, cut->entries, cut->n * sizeof *cut->entries)))
        c++;
    return c < search->cuts->n;
}

/* The set at hand. */
static void try_set(struct search *search)
{
    struct cuts *cuts = search->cuts;
    struct model_cut cut;
    double distance;
    search->n_halves = 0;
    sum_places(search);
    take_people(search);
    take_households(search);
    if (cuts->n - search->n_before >= search->most ||
        !cuts_combine_round(search->combine, search->halves, search->n_halves, 2, &cut, &distance,
                            &search->effort))
        return;
    if (is_known(search, &cut)) {
        free(cut.entries);
        return;
    }
    ALLOC_GROW(cuts->items, cuts->n, cuts->room);
    cuts->items[cuts->n++] = cut;
}

/* -- sets of beds -- */

static uint32_t root_of(uint32_t *root, uint32_t part)
{
    while (root[part] != part)
        part = root[part] = root[root[part]];
    return part;
}

/* Parts between which somebody can move at no loss: what is odd in one such set is not made good in
 * another. */
static void try_neighbours(struct search *search)
{
    uint32_t n_parts = search->odd->model->problem->n_parts;
    uint32_t *root = alloc_zero((size_t)n_parts + 1, sizeof *root);
    for (uint32_t part = 0; part < n_parts; part++)
        root[part] = part;
    for (size_t n = 1; n < search->n_places; n++) {
        const struct place *one = &search->places[n - 1], *two = &search->places[n];
        if (one->row == two->row)
            root[root_of(root, two->part)] = root_of(root, one->part);
    }
    for (uint32_t set = 0; set < n_parts; set++) {
        if (root[set] != set)
            continue;
        for (uint32_t part = 0; part < n_parts; part++)
            search->is_in[part] = root_of(root, part) == set;
        try_set(search);
    }
    free(root);
}

static int by_price(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return one > two ? -1 : one < two;
}

/* Parts of at least some price. */
static void try_levels(struct search *search)
{
    const struct problem *problem = search->odd->model->problem;
    const int64_t *price = search->odd->bound->price + problem->n_people;
    int64_t *levels = alloc_zero((size_t)problem->n_parts + 1, sizeof *levels);
    memcpy(levels, price, problem->n_parts * sizeof *levels);
    qsort(levels, problem->n_parts, sizeof *levels, by_price);
    for (uint32_t n = 0; n < problem->n_parts && levels[n] > LEAST_PRICE; n++) {
        if (n + 1 < problem->n_parts && levels[n] - levels[n + 1] <= LEAST_PRICE)
            continue;
        for (uint32_t part = 0; part < problem->n_parts; part++)
            search->is_in[part] = price[part] >= levels[n];
        try_set(search);
    }
    free(levels);
}

void cuts_odd_find(const struct cuts_odd *odd, size_t most, struct cuts *cuts)
{
    const struct model *model = odd->model;
    size_t n_rows = (size_t)model->n_rows + 1;
    struct search search = {.odd = odd, .cuts = cuts, .most = most, .n_before = cuts->n};
    search.combine = cuts_combine_new(model, odd->alive, odd->x);
    search.places = alloc_zero((size_t)model->n_pair_columns + 1, sizeof *search.places);
    search.is_in = alloc_zero((size_t)model->problem->n_parts + 1, 1);
    search.inside = alloc_zero(n_rows, sizeof *search.inside);
    search.beyond = alloc_zero(n_rows, sizeof *search.beyond);
    search.halves = alloc_zero(n_rows, sizeof *search.halves);
    list_places(&search);
    try_neighbours(&search);
    try_levels(&search);
    cuts_combine_free(search.combine);
    free(search.places);
    free(search.is_in);
    free(search.inside);
    free(search.beyond);
    free(search.halves);
}
