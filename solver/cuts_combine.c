/* cuts_combine.c - see cuts_combine.h. */
#include "solver/cuts_combine.h"

#include "models/alloc.h"
#include "solver/cuts_round.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* DIVISOR_MOST x VALUE_MOST x rows of a column fit into 64 bits; WIDE: greater numbers are made
 * smaller when little is lost. */
enum { DIVISOR_MOST = 1 << 17, WIDE = 32, SHRINKS = 24 };

static const int64_t VALUE_MOST = INT64_C(1) << 31, LIMIT_MOST = INT64_C(1) << 45;
static const double WORTH_WHILE = 1e-3;

typedef __int128 combine_wide;

struct rows {               /* entries by row of the model */
    size_t *first;          /* + 1, into `at` */
    struct model_entry *at; /* `row` = column */
};

struct range { /* of a column */
    int64_t lower, upper;
    int is_from_above; /* counted as upper - x, else as x - lower */
};

struct cuts_combine {
    const struct model *model;
    const double *x;
    struct rows all, seen;       /* those of columns that are not 0 at the point */
    unsigned char *is_too_great; /* per row: a number in it is */
    struct range *ranges;        /* per column */
    double *activity;            /* per row */
    int64_t *sum;                /* per column: of the multiplied rows, then of the new row */
    unsigned char *is_in;        /* per column: in the list */
    uint32_t *columns;
    size_t n_columns;
};

/* -- rows -- */

/* A column that can only be 0 is in no row. */
static int is_dead(const struct cuts_combine *combine, uint32_t column)
{
    return combine->ranges[column].lower == 0 && combine->ranges[column].upper == 0;
}

static int is_seen(const struct cuts_combine *combine, uint32_t column)
{
    return combine->x[column] != 0 || combine->ranges[column].lower != 0;
}

static size_t read_column(const struct cuts_combine *combine, uint32_t column, int only_seen,
                          struct model_entry *entries)
{
    if (only_seen ? !is_seen(combine, column) : is_dead(combine, column))
        return 0;
    return model_column_entries(combine->model, column, entries);
}

static void turn_entries(struct cuts_combine *combine, struct rows *rows, int only_seen)
{
    const struct model *model = combine->model;
    struct model_entry *entries = alloc_zero(model_longest(model), sizeof *entries);
    size_t *next = alloc_zero((size_t)model->n_rows + 2, sizeof *next);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        size_t n = read_column(combine, j, only_seen, entries);
        for (size_t e = 0; e < n; e++)
            next[entries[e].row + 2]++;
    }
    for (uint32_t i = 0; i < model->n_rows; i++)
        next[i + 2] += next[i + 1];
    rows->at = alloc_zero(next[model->n_rows + 1] + 1, sizeof *rows->at);
    for (uint32_t j = 0; j < model->n_columns; j++) {
        size_t n = read_column(combine, j, only_seen, entries);
        for (size_t e = 0; e < n; e++)
            rows->at[next[entries[e].row + 1]++] = (struct model_entry){j, entries[e].value};
    }
    rows->first = next;
    free(entries);
}

static void measure_rows(struct cuts_combine *combine)
{
    const struct rows *all = &combine->all;
    for (uint32_t i = 0; i < combine->model->n_rows; i++)
        for (size_t e = all->first[i]; e < all->first[i + 1]; e++) {
            combine->activity[i] += (double)all->at[e].value * combine->x[all->at[e].row];
            combine->is_too_great[i] |= llabs(all->at[e].value) > VALUE_MOST;
        }
}

static void set_ranges(struct cuts_combine *combine, const unsigned char *alive)
{
    for (uint32_t j = 0; j < combine->model->n_columns; j++) {
        const struct model_column *at = &combine->model->columns[j];
        struct range *range = &combine->ranges[j];
        if (!alive || alive[j])
            *range = (struct range){.lower = at->lower, .upper = at->upper};
        range->is_from_above =
            combine->x[j] - (double)range->lower > (double)range->upper - combine->x[j];
    }
}

struct cuts_combine *cuts_combine_new(const struct model *model, const unsigned char *alive,
                                      const double *x)
{
    struct cuts_combine *combine = alloc_zero(1, sizeof *combine);
    size_t n = (size_t)model->n_columns + 1, n_rows = (size_t)model->n_rows + 1;
    combine->model = model;
    combine->x = x;
    combine->is_too_great = alloc_zero(n_rows, 1);
    combine->ranges = alloc_zero(n, sizeof *combine->ranges);
    combine->activity = alloc_zero(n_rows, sizeof *combine->activity);
    combine->sum = alloc_zero(n, sizeof *combine->sum);
    combine->is_in = alloc_zero(n, 1);
    combine->columns = alloc_zero(n, sizeof *combine->columns);
    set_ranges(combine, alive);
    turn_entries(combine, &combine->all, 0);
    turn_entries(combine, &combine->seen, 1);
    measure_rows(combine);
    return combine;
}

void cuts_combine_free(struct cuts_combine *combine)
{
    if (!combine)
        return;
    free(combine->all.first);
    free(combine->all.at);
    free(combine->seen.first);
    free(combine->seen.at);
    free(combine->is_too_great);
    free(combine->ranges);
    free(combine->activity);
    free(combine->sum);
    free(combine->is_in);
    free(combine->columns);
    free(combine);
}

size_t cuts_combine_size(const struct cuts_combine *combine)
{
    return combine->all.first[combine->model->n_rows];
}

double cuts_combine_activity(const struct cuts_combine *combine, uint32_t row)
{
    return combine->activity[row];
}

/* -- the sum -- */

/* What is left of a row is counted from its lower limit where that is the nearer one. */
static int is_from_lower(const struct cuts_combine *combine, uint32_t row)
{
    const struct model_row *at = &combine->model->rows[row];
    double x = combine->activity[row];
    return at->lower != MODEL_NO_LOWER && x - (double)at->lower < (double)at->upper - x;
}

static int64_t limit_of(const struct cuts_combine *combine, uint32_t row)
{
    const struct model_row *at = &combine->model->rows[row];
    return is_from_lower(combine, row) ? at->lower : at->upper;
}

static void add_row(struct cuts_combine *combine, const struct rows *rows, uint32_t row,
                    int64_t times)
{
    for (size_t e = rows->first[row]; e < rows->first[row + 1]; e++) {
        uint32_t column = rows->at[e].row;
        if (!combine->is_in[column]) {
            combine->is_in[column] = 1;
            combine->columns[combine->n_columns++] = column;
        }
        combine->sum[column] += times * rows->at[e].value;
    }
}

/* Multiples of the divisor change nothing: what they add is whole. */
static int64_t times_of(const struct cuts_multiplier *multiplier, int64_t divisor)
{
    return multiplier->times - divisor * cuts_round_down(multiplier->times, divisor);
}

static void clear(struct cuts_combine *combine)
{
    for (size_t c = 0; c < combine->n_columns; c++) {
        combine->sum[combine->columns[c]] = 0;
        combine->is_in[combine->columns[c]] = 0;
    }
    combine->n_columns = 0;
}

/* 0 = there is nothing to round, or a number is too great. */
static int add_rows(struct cuts_combine *combine, const struct rows *rows,
                    const struct cuts_multiplier *multipliers, size_t n, int64_t divisor,
                    struct cuts_round *rounding)
{
    combine_wide limit = 0;
    int is_fit = divisor > 1 && divisor <= DIVISOR_MOST;
    for (size_t k = 0; k < n && is_fit; k++) {
        uint32_t row = multipliers[k].row;
        int64_t times = times_of(&multipliers[k], divisor);
        if (!times)
            continue;
        add_row(combine, rows, row, times);
        limit += (combine_wide)times * limit_of(combine, row);
        is_fit = !combine->is_too_great[row];
    }
    for (size_t c = 0; c < combine->n_columns; c++) {
        const struct range *range = &combine->ranges[combine->columns[c]];
        limit -= (combine_wide)combine->sum[combine->columns[c]] *
                 (range->is_from_above ? range->upper : range->lower);
    }
    return cuts_round_set(rounding, limit, divisor) && is_fit;
}

/* -- a look -- */

/* What is left of the rows counts as columns do. */
static double see_rows(const struct cuts_combine *combine,
                       const struct cuts_multiplier *multipliers, size_t n,
                       const struct cuts_round *rounding)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        uint32_t row = multipliers[k].row;
        double left = fabs(combine->activity[row] - (double)limit_of(combine, row));
        int64_t times = times_of(&multipliers[k], rounding->divisor);
        if (times && left > 0)
            sum += left * (double)cuts_round_factor(rounding,
                                                    is_from_lower(combine, row) ? -times : times);
    }
    return sum;
}

static double see_columns(const struct cuts_combine *combine, const struct cuts_round *rounding,
                          double *square)
{
    double sum = 0;
    *square = 0;
    for (size_t c = 0; c < combine->n_columns; c++) {
        uint32_t column = combine->columns[c];
        const struct range *range = &combine->ranges[column];
        int64_t value = combine->sum[column];
        double factor = (double)cuts_round_factor(rounding, range->is_from_above ? -value : value);
        sum += factor * (range->is_from_above ? (double)range->upper - combine->x[column]
                                              : combine->x[column] - (double)range->lower);
        *square += factor * factor;
    }
    return sum;
}

double cuts_combine_look(struct cuts_combine *combine, const struct cuts_multiplier *multipliers,
                         size_t n, int64_t divisor, size_t *effort)
{
    struct cuts_round rounding;
    double sum = 0, square = 0;
    if (add_rows(combine, &combine->seen, multipliers, n, divisor, &rounding)) {
        sum = see_columns(combine, &rounding, &square);
        sum += see_rows(combine, multipliers, n, &rounding);
        sum -= (double)cuts_round_limit(&rounding);
    }
    *effort += n + combine->n_columns;
    clear(combine);
    return square > 0 ? sum / sqrt(square) : 0;
}

/* -- the new row -- */

static combine_wide round_columns(struct cuts_combine *combine, const struct cuts_round *rounding)
{
    combine_wide limit = cuts_round_limit(rounding);
    for (size_t c = 0; c < combine->n_columns; c++) {
        uint32_t column = combine->columns[c];
        const struct range *range = &combine->ranges[column];
        int64_t value = combine->sum[column], *new = &combine->sum[column];
        *new = range->is_from_above ? -cuts_round_factor(rounding, -value)
                                    : cuts_round_factor(rounding, value);
        if (range->lower == range->upper)
            *new = 0;
        limit += (combine_wide) * new *(range->is_from_above ? range->upper : range->lower);
    }
    return limit;
}

/* What is left of the rows is put back as columns. */
static combine_wide round_rows(struct cuts_combine *combine, const struct rows *rows,
                               const struct cuts_multiplier *multipliers, size_t n,
                               const struct cuts_round *rounding)
{
    combine_wide limit = 0;
    for (size_t k = 0; k < n; k++) {
        uint32_t row = multipliers[k].row;
        const struct model_row *at = &combine->model->rows[row];
        int64_t times = times_of(&multipliers[k], rounding->divisor);
        if (!times || at->lower == at->upper)
            continue;
        int64_t value = is_from_lower(combine, row) ? -cuts_round_factor(rounding, -times)
                                                    : cuts_round_factor(rounding, times);
        if (value)
            add_row(combine, rows, row, -value);
        limit -= (combine_wide)value * limit_of(combine, row);
    }
    return limit;
}

/* Columns that can only have one value are taken out again. */
static combine_wide settle_columns(struct cuts_combine *combine)
{
    combine_wide taken = 0;
    size_t n = 0;
    for (size_t c = 0; c < combine->n_columns; c++) {
        uint32_t column = combine->columns[c];
        const struct range *range = &combine->ranges[column];
        if (range->lower == range->upper) {
            taken += (combine_wide)combine->sum[column] * range->lower;
            combine->sum[column] = 0;
        }
        combine->is_in[column] = combine->sum[column] != 0;
        if (combine->sum[column])
            combine->columns[n++] = column;
    }
    combine->n_columns = n;
    return taken;
}

/* Returns the greatest number that is left. */
static int64_t divide_by_common(struct cuts_combine *combine, combine_wide *limit)
{
    int64_t common = 0, widest = 0;
    for (size_t c = 0; c < combine->n_columns; c++) {
        int64_t size = llabs(combine->sum[combine->columns[c]]);
        widest = size > widest ? size : widest;
        for (int64_t rest; size && common != 1; size = rest) {
            rest = common % size;
            common = size;
        }
    }
    for (size_t c = 0; c < combine->n_columns && common > 1; c++)
        combine->sum[combine->columns[c]] /= common;
    if (common > 1)
        *limit = cuts_round_down_wide(*limit, common);
    return common ? widest / common : 0;
}

static double distance_of(const struct cuts_combine *combine, combine_wide limit)
{
    double sum = -(double)limit, square = 0;
    for (size_t c = 0; c < combine->n_columns; c++) {
        double value = (double)combine->sum[combine->columns[c]];
        sum += value * combine->x[combine->columns[c]];
        square += value * value;
    }
    return square > 0 ? sum / sqrt(square) : 0;
}

/* -- smaller numbers -- */

/* The row over `by`, rounded down. */
static int64_t shrunk(const struct cuts_combine *combine, uint32_t column, int64_t by,
                      combine_wide *limit)
{
    const struct range *range = &combine->ranges[column];
    int64_t value = combine->sum[column];
    int64_t whole =
        range->is_from_above ? -cuts_round_down(-value, by) : cuts_round_down(value, by);
    *limit -=
        (combine_wide)(value - whole * by) * (range->is_from_above ? range->upper : range->lower);
    return whole;
}

/* How far the point is beyond it, judged by the columns that are not 0 there. */
static double shrunk_distance(const struct cuts_combine *combine, const uint32_t *seen,
                              size_t n_seen, combine_wide limit, int64_t by)
{
    double sum = 0, square = 0;
    for (size_t c = 0; c < n_seen; c++) {
        double value = (double)shrunk(combine, seen[c], by, &limit);
        sum += value * combine->x[seen[c]];
        square += value * value;
    }
    sum -= (double)cuts_round_down_wide(limit, by);
    return square > 0 ? sum / sqrt(square) : 0;
}

static size_t list_seen(const struct cuts_combine *combine, uint32_t *seen)
{
    size_t n = 0;
    for (size_t c = 0; c < combine->n_columns; c++)
        if (is_seen(combine, combine->columns[c]))
            seen[n++] = combine->columns[c];
    return n;
}

/* Great numbers make the next relaxation a hard one. */
static void shrink(struct cuts_combine *combine, int64_t widest, combine_wide *limit)
{
    uint32_t *seen = alloc_zero(combine->n_columns + 1, sizeof *seen);
    size_t n_seen = list_seen(combine, seen);
    int64_t first = widest / WIDE + 1, best_by = 0;
    double best = shrunk_distance(combine, seen, n_seen, *limit, 1) / 2;
    for (int64_t t = 0; t < SHRINKS; t++) {
        int64_t by = first + first * t / 4;
        double now = shrunk_distance(combine, seen, n_seen, *limit, by);
        if (now <= best)
            continue;
        best = now;
        best_by = by;
    }
    for (size_t c = 0; c < combine->n_columns && best_by; c++)
        combine->sum[combine->columns[c]] = shrunk(combine, combine->columns[c], best_by, limit);
    if (best_by)
        *limit = cuts_round_down_wide(*limit, best_by);
    free(seen);
}

/* -- cuts -- */

static int write_cut(const struct cuts_combine *combine, combine_wide limit, struct model_cut *cut,
                     double *distance)
{
    *distance = distance_of(combine, limit);
    if (*distance <= WORTH_WHILE || limit > LIMIT_MOST || limit < -LIMIT_MOST)
        return 0;
    cut->upper = (int64_t)limit;
    cut->n = 0;
    cut->entries = alloc_zero(combine->n_columns + 1, sizeof *cut->entries);
    for (size_t c = 0; c < combine->n_columns; c++) {
        int64_t value = combine->sum[combine->columns[c]];
        if (value)
            cut->entries[cut->n++] = (struct model_entry){combine->columns[c], value};
    }
    return 1;
}

static uint32_t base_of(const struct cuts_multiplier *multipliers, size_t n, int64_t divisor)
{
    size_t k = 0;
    while (k + 1 < n && !times_of(&multipliers[k], divisor))
        k++;
    return multipliers[k].row;
}

/* Leaves the new row in combine->sum. Returns its greatest number, before it is made smaller; 0 =
 * there is none. */
static int64_t make_row(struct cuts_combine *combine, const struct rows *rows,
                        const struct cuts_multiplier *multipliers, size_t n, int64_t divisor,
                        combine_wide *limit)
{
    struct cuts_round rounding;
    if (!add_rows(combine, rows, multipliers, n, divisor, &rounding))
        return 0;
    *limit = round_columns(combine, &rounding);
    *limit += round_rows(combine, rows, multipliers, n, &rounding);
    *limit -= settle_columns(combine);
    int64_t widest = divide_by_common(combine, limit);
    if (widest > WIDE)
        shrink(combine, widest, limit);
    return widest;
}

int cuts_combine_is_narrow(struct cuts_combine *combine, const struct cuts_multiplier *multipliers,
                           size_t n, int64_t divisor, size_t *effort)
{
    combine_wide limit = 0;
    int64_t widest = make_row(combine, &combine->seen, multipliers, n, divisor, &limit), size = 0;
    for (size_t c = 0; c < combine->n_columns; c++) {
        int64_t value = llabs(combine->sum[combine->columns[c]]);
        size = value > size ? value : size;
    }
    int is_narrow = widest && size <= WIDE && distance_of(combine, limit) > WORTH_WHILE;
    *effort += n + combine->n_columns;
    clear(combine);
    return is_narrow;
}

int cuts_combine_round(struct cuts_combine *combine, const struct cuts_multiplier *multipliers,
                       size_t n, int64_t divisor, struct model_cut *cut, double *distance,
                       size_t *effort)
{
    combine_wide limit = 0;
    int64_t widest = make_row(combine, &combine->all, multipliers, n, divisor, &limit);
    cut->base = widest ? base_of(multipliers, n, divisor) : 0;
    int is_beyond = widest && widest <= VALUE_MOST && write_cut(combine, limit, cut, distance);
    *effort += n + combine->n_columns;
    clear(combine);
    return is_beyond;
}
