/* cuts.c - see cuts.h. */
#include "solver/cuts.h"

#include "models/alloc.h"
#include "solver/cuts_round.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beds that households want are asked about where columns are FEW: among many people there is
 * always somebody alone for the odd bed. */
enum { DIVISOR_MOST = 64, TOGGLES = 24, FEW = 5000 };

static const double FRACTION = 1e-6, WORTH_WHILE = 1e-2;

struct term {        /* of a row: a column that counts there */
    uint32_t column; /* of the model */
    uint32_t load;   /* the column that counts it with others alike; MODEL_NONE = none */
    int64_t value, upper;
    double x;
    int is_from_above; /* counted as upper - x */
};

struct guest { /* a household that takes so many beds if it goes to that home */
    uint32_t column;
    int64_t beds;
};

struct guest_list { /* of a part, or of all parts of a home */
    struct guest *items;
    size_t n, room;
    int64_t wanted, beds; /* by all of them, and what there are */
    uint32_t n_parts;
};

struct search {
    const struct model *model;
    const double *x;
    int asks_beds;
    uint32_t *only;            /* per row of a member: 1 + its only pair; 0 = none or several */
    struct guest_list *guests; /* per part, then per home */
    size_t *first;             /* per row of the model + 1, into `at` */
    struct model_entry *at;    /* `row` = column of the model */
    struct term *terms;        /* of the row at hand */
    size_t n_terms, terms_room;
    int64_t upper;
};

/* -- rows of the point -- */

static int is_base(enum model_row_kind kind)
{
    static const unsigned char is_one[MODEL_ROW_KINDS] = {
        [MODEL_ROW_STAFF] = 1, [MODEL_ROW_ROUNDED] = 1, [MODEL_ROW_WOMEN] = 1, [MODEL_ROW_MEN] = 1};
    return is_one[kind];
}

/* Pairs that are nothing in the point are left out: their coefficients are 0 where they have no
 * column that counts them. */
static int is_seen(const struct search *search, uint32_t column, const struct model_entry *entry)
{
    enum model_row_kind kind = search->model->rows[entry->row].kind;
    return (is_base(kind) || kind == MODEL_ROW_LOAD ||
            (kind == MODEL_ROW_PART && search->asks_beds)) &&
           (column >= search->model->n_pair_columns || search->x[column] > FRACTION);
}

static void turn_entries(struct search *search)
{
    const struct model *model = search->model;
    size_t *next = alloc_zero((size_t)model->n_rows + 2, sizeof *next);
    for (uint32_t j = 0; j < model->n_columns; j++)
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            next[model->entries[e].row + 2] += is_seen(search, j, &model->entries[e]);
    for (uint32_t i = 0; i < model->n_rows; i++)
        next[i + 2] += next[i + 1];
    search->at = alloc_zero(next[model->n_rows + 1] + 1, sizeof *search->at);
    for (uint32_t j = 0; j < model->n_columns; j++)
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (is_seen(search, j, &model->entries[e]))
                search->at[next[model->entries[e].row + 1]++] =
                    (struct model_entry){j, model->entries[e].value};
    search->first = next;
}

static uint32_t member_row(const struct model *model, uint32_t pair_column)
{
    for (size_t e = model->first[pair_column]; e < model->first[pair_column + 1]; e++)
        if (model->rows[model->entries[e].row].kind == MODEL_ROW_MEMBER)
            return model->entries[e].row;
    return MODEL_NONE;
}

/* The pair of a member who has but one in a home says what the household's going there says. */
static void find_only(struct search *search)
{
    const struct model *model = search->model;
    unsigned char *has_several = alloc_zero((size_t)model->n_rows + 1, 1);
    search->only = alloc_zero((size_t)model->n_rows + 1, sizeof *search->only);
    for (uint32_t j = 0; j < model->n_pair_columns; j++) {
        uint32_t row = member_row(model, j);
        if (row == MODEL_NONE)
            continue;
        has_several[row] |= search->only[row] != 0;
        search->only[row] = j + 1;
    }
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (has_several[i])
            search->only[i] = 0;
    free(has_several);
}

static void add_guest(struct guest_list *list, uint32_t column)
{
    if (list->n == 0 || list->items[list->n - 1].column != column) {
        ALLOC_GROW(list->items, list->n, list->room);
        list->items[list->n++] = (struct guest){column, 0};
    }
    list->items[list->n - 1].beds++;
    list->wanted++;
}

static void count_beds(struct search *search)
{
    const struct model *model = search->model;
    uint32_t n_parts = model->problem->n_parts;
    for (uint32_t part = 0; part < n_parts; part++) {
        int64_t beds = model->problem->parts[part].capacity;
        struct guest_list *home = &search->guests[n_parts + model->home_of_part[part]];
        search->guests[part].beds = beds;
        search->guests[part].n_parts = 1;
        home->beds += beds;
        home->n_parts++;
    }
}

static void list_guests(struct search *search)
{
    const struct model *model = search->model;
    find_only(search);
    uint32_t n_parts = model->problem->n_parts;
    search->guests = alloc_zero((size_t)n_parts + model->n_homes, sizeof *search->guests);
    count_beds(search);
    for (uint32_t j = model->n_pair_columns; j < model->n_columns; j++) {
        if (model->columns[j].kind != MODEL_COLUMN_HOME)
            continue;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++) {
            uint32_t row = model->entries[e].row;
            if (model->rows[row].kind != MODEL_ROW_MEMBER)
                continue;
            add_guest(&search->guests[n_parts + model->columns[j].b], j);
            if (search->only[row]) {
                uint32_t pair = model->columns[search->only[row] - 1].a;
                add_guest(&search->guests[model->problem->pairs[pair].part], j);
            }
        }
    }
}

static void add_term(struct search *search, uint32_t column, uint32_t load, int64_t value)
{
    int64_t upper = search->model->columns[column].upper;
    double x = search->x[column];
    ALLOC_GROW(search->terms, search->n_terms, search->terms_room);
    search->terms[search->n_terms++] = (struct term){.column = column,
                                                     .load = load,
                                                     .value = value,
                                                     .upper = upper,
                                                     .x = x,
                                                     .is_from_above = x > (double)upper / 2};
}

static uint32_t load_row(const struct model *model, uint32_t column)
{
    size_t e = model->first[column];
    while (model->rows[model->entries[e].row].kind != MODEL_ROW_LOAD)
        e++;
    return model->entries[e].row;
}

/* The row of a part: without those for whom their household stands there. */
static void read_part(struct search *search, uint32_t row, int is_home)
{
    const struct model *model = search->model;
    for (size_t e = search->first[row]; e < search->first[row + 1]; e++) {
        uint32_t member = member_row(model, search->at[e].row);
        if (member == MODEL_NONE || (!is_home && !search->only[member]))
            add_term(search, search->at[e].row, MODEL_NONE, 1);
    }
}

/* The row over people: who is counted by a load column stands there instead of it. */
static void read_row(struct search *search, uint32_t row)
{
    const struct model *model = search->model;
    search->n_terms = 0;
    search->upper = model->rows[row].upper;
    for (size_t e = search->first[row]; e < search->first[row + 1]; e++) {
        uint32_t column = search->at[e].row;
        if (model->columns[column].kind != MODEL_COLUMN_LOAD) {
            add_term(search, column, MODEL_NONE, search->at[e].value);
            continue;
        }
        uint32_t counted = load_row(model, column);
        for (size_t p = search->first[counted]; p < search->first[counted + 1]; p++)
            if (search->at[p].row != column)
                add_term(search, search->at[p].row, column, search->at[e].value);
    }
}

/* -- rounding -- */

static int set_rounding(const struct search *search, int64_t divisor, struct cuts_round *rounding)
{
    int64_t upper = search->upper;
    for (size_t t = 0; t < search->n_terms; t++)
        if (search->terms[t].is_from_above)
            upper -= search->terms[t].value * search->terms[t].upper;
    return cuts_round_set(rounding, upper, divisor);
}

/* How far the point is beyond the rounded row. */
static double violation(const struct search *search, int64_t divisor)
{
    struct cuts_round rounding;
    if (!set_rounding(search, divisor, &rounding))
        return 0;
    double sum = -(double)cuts_round_limit(&rounding), square = 1e-9;
    for (size_t t = 0; t < search->n_terms; t++) {
        const struct term *term = &search->terms[t];
        double factor =
            (double)cuts_round_factor(&rounding, term->is_from_above ? -term->value : term->value);
        sum += factor * (term->is_from_above ? (double)term->upper - term->x : term->x);
        square += factor * factor;
    }
    return sum / sqrt(square);
}

static double from_middle(const struct term *term)
{
    return fabs(term->x / (double)term->upper - 0.5);
}

static int by_middle(const void *a, const void *b)
{
    const struct term *one = a, *two = b;
    double here = from_middle(one), there = from_middle(two);
    if (here != there)
        return here < there ? -1 : 1;
    return one->column < two->column ? -1 : one->column > two->column;
}

static void count_from_above(struct search *search)
{
    for (size_t t = 0; t < search->n_terms; t++)
        search->terms[t].is_from_above = search->terms[t].x > (double)search->terms[t].upper / 2;
}

/* The columns nearest to the middle are tried the other way round, one after the other. */
static double improve(struct search *search, int64_t divisor)
{
    count_from_above(search);
    double best = violation(search, divisor);
    for (size_t t = 0; t < search->n_terms && t < TOGGLES; t++) {
        struct term *term = &search->terms[t];
        if (from_middle(term) > 0.5 - FRACTION)
            break;
        term->is_from_above = !term->is_from_above;
        double now = violation(search, divisor);
        if (now > best)
            best = now;
        else
            term->is_from_above = !term->is_from_above;
    }
    return best;
}

/* -- cuts -- */

static int by_column(const void *a, const void *b)
{
    const struct model_entry *one = a, *two = b;
    return one->row < two->row ? -1 : one->row > two->row;
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static void add_entry(struct model_cut *cut, uint32_t column, int64_t value)
{
    if (value)
        cut->entries[cut->n++] = (struct model_entry){column, value};
}

/* Whoever is counted with others alike has the factor of all of them, and the rest alone. */
static void add_terms(const struct search *search, const struct cuts_round *rounding,
                      struct model_cut *cut)
{
    for (size_t t = 0; t < search->n_terms; t++) {
        const struct term *term = &search->terms[t];
        int64_t plain = cuts_round_factor(rounding, term->value), value = plain;
        if (term->is_from_above) {
            value = -cuts_round_factor(rounding, -term->value);
            cut->upper += value * term->upper;
        }
        add_entry(cut, term->column, term->load == MODEL_NONE ? value : value - plain);
    }
}

static void add_loads(const struct search *search, const struct cuts_round *rounding, uint32_t row,
                      struct model_cut *cut)
{
    for (size_t e = search->first[row]; e < search->first[row + 1]; e++)
        if (search->model->columns[search->at[e].row].kind == MODEL_COLUMN_LOAD)
            add_entry(cut, search->at[e].row, cuts_round_factor(rounding, search->at[e].value));
}

static void make_cut(const struct search *search, uint32_t row, int64_t divisor,
                     struct model_cut *cut)
{
    struct cuts_round rounding;
    int64_t common = 0;
    size_t most = search->n_terms + search->first[row + 1] - search->first[row];
    set_rounding(search, divisor, &rounding);
    *cut = (struct model_cut){.base = row, .upper = (int64_t)cuts_round_limit(&rounding)};
    cut->entries = alloc_zero(most + 1, sizeof *cut->entries);
    add_terms(search, &rounding, cut);
    add_loads(search, &rounding, row, cut);
    qsort(cut->entries, cut->n, sizeof *cut->entries, by_column);
    for (size_t e = 0; e < cut->n; e++)
        common = gcd(cut->entries[e].value, common);
    for (size_t e = 0; e < cut->n && common > 1; e++)
        cut->entries[e].value /= common;
    if (common > 1)
        cut->upper = cuts_round_down(cut->upper, common);
}

static void search_terms(struct search *search, uint32_t row, struct cuts *cuts)
{
    int64_t widest = 0, divisor = 0;
    double best = WORTH_WHILE;
    if (search->n_terms)
        qsort(search->terms, search->n_terms, sizeof *search->terms, by_middle);
    if (!search->n_terms || from_middle(search->terms) > 0.5 - FRACTION)
        return;
    for (size_t t = 0; t < search->n_terms; t++)
        widest = llabs(search->terms[t].value) > widest ? llabs(search->terms[t].value) : widest;
    for (int64_t d = 2; d <= widest && d <= DIVISOR_MOST; d++) {
        double now = improve(search, d);
        if (now <= best)
            continue;
        best = now;
        divisor = d;
    }
    if (!divisor)
        return;
    improve(search, divisor);
    ALLOC_GROW(cuts->items, cuts->n, cuts->room);
    make_cut(search, row, divisor, &cuts->items[cuts->n++]);
}

/* Beds that households want more of than there are: of a part, whose row is given, or of all parts
 * of a home, whose rows are from there on. */
static void search_beds(struct search *search, const struct guest_list *guests, uint32_t row,
                        struct cuts *cuts)
{
    const struct model *model = search->model;
    int is_home = guests >= search->guests + model->problem->n_parts;
    uint32_t home = model->home_of_part[model->rows[row].a], left = guests->n_parts;
    if (guests->wanted <= guests->beds)
        return;
    search->n_terms = 0;
    search->upper = guests->beds;
    for (size_t g = 0; g < guests->n; g++)
        add_term(search, guests->items[g].column, MODEL_NONE, guests->items[g].beds);
    for (uint32_t at = row; left; at++)
        if (model->home_of_part[model->rows[at].a] == home) {
            read_part(search, at, is_home);
            left--;
        }
    search_terms(search, row, cuts);
}

static void search_part(struct search *search, uint32_t row, struct cuts *cuts)
{
    const struct model *model = search->model;
    uint32_t part = model->rows[row].a;
    struct guest_list *home = &search->guests[model->problem->n_parts + model->home_of_part[part]];
    search_beds(search, &search->guests[part], row, cuts);
    if (home->n_parts > 1)
        search_beds(search, home, row, cuts);
    home->wanted = 0; /* once is enough */
}

void cuts_find(const struct model *model, const double *x, size_t most, struct cuts *cuts)
{
    struct search search = {.model = model, .x = x, .asks_beds = model->n_columns <= FEW};
    uint32_t n_lists = search.asks_beds ? model->problem->n_parts + model->n_homes : 0;
    *cuts = (struct cuts){0};
    turn_entries(&search);
    if (search.asks_beds)
        list_guests(&search);
    for (uint32_t i = 0; i < model->n_rows && cuts->n < most; i++)
        if (model->rows[i].kind == MODEL_ROW_PART && search.asks_beds) {
            search_part(&search, i, cuts);
        } else if (is_base(model->rows[i].kind)) {
            read_row(&search, i);
            search_terms(&search, i, cuts);
        }
    for (uint32_t list = 0; list < n_lists; list++)
        free(search.guests[list].items);
    free(search.guests);
    free(search.only);
    free(search.first);
    free(search.at);
    free(search.terms);
}

void cuts_clear(struct cuts *cuts)
{
    for (size_t c = 0; c < cuts->n; c++)
        free(cuts->items[c].entries);
    free(cuts->items);
    *cuts = (struct cuts){0};
}
