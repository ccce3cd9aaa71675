/* bound.c - see bound.h. */
#include "solver/bound.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const bound_wide wide_one = (bound_wide)1 << BOUND_SHIFT;

void bound_init(struct bound *bound, const struct model *model)
{
    *bound = (struct bound){0};
    bound->price = alloc_zero(model->most_rows, sizeof *bound->price);
    bound->reduced = alloc_zero(model->n_columns, sizeof *bound->reduced);
}

void bound_copy(struct bound *to, const struct bound *from, const struct model *model)
{
    memcpy(to->price, from->price, model->n_rows * sizeof *to->price);
    memcpy(to->reduced, from->reduced, model->n_columns * sizeof *to->reduced);
    to->total = from->total;
}

void bound_clear(struct bound *bound)
{
    free(bound->price);
    free(bound->reduced);
    *bound = (struct bound){0};
}

static int64_t narrow(bound_wide value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    return value < -INT64_MAX ? -INT64_MAX : (int64_t)value;
}

/* Rows of which a column takes one unit out of one: their price follows from the others. */
static int is_choice(enum model_row_kind kind)
{
    return kind == MODEL_ROW_PERSON || kind == MODEL_ROW_HOUSEHOLD;
}

static int64_t whole_price(const struct model_row *row, double dual)
{
    double scaled = rint(dual * (double)(1 << BOUND_SHIFT));
    if (!(fabs(scaled) < 0x1p61) || is_choice(row->kind))
        return 0;
    if (scaled < 0 && row->lower == MODEL_NO_LOWER)
        return 0;
    return (int64_t)scaled;
}

static bound_wide set_prices(struct bound *bound, const struct model *model, const double *duals)
{
    bound_wide total = 0;
    for (uint32_t i = 0; i < model->n_rows; i++) {
        const struct model_row *row = &model->rows[i];
        int64_t price = duals ? whole_price(row, duals[i]) : 0;
        bound->price[i] = price;
        total += (bound_wide)price * (price < 0 ? row->lower : row->upper);
    }
    return total;
}

static bound_wide worth(const struct bound *bound, const struct model *model, uint32_t column,
                        int64_t gain)
{
    bound_wide sum = gain * wide_one;
    for (size_t e = model->first[column]; e < model->first[column + 1]; e++)
        sum -= (bound_wide)bound->price[model->entries[e].row] * model->entries[e].value;
    for (uint32_t k = 0; k < model->n_stages; k++)
        sum -= (bound_wide)bound->price[model->stage_row[k]] * model->stage_gain[k][column];
    return sum;
}

/* A column's choice row is its first entry; MODEL_NONE when it has none. */
static uint32_t choice_row(const struct model *model, uint32_t column)
{
    uint32_t row = model->entries[model->first[column]].row;
    return is_choice(model->rows[row].kind) ? row : MODEL_NONE;
}

static void price_choices(struct bound *bound, const struct model *model,
                          const unsigned char *alive)
{
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (is_choice(model->rows[i].kind))
            bound->price[i] = model->rows[i].lower == MODEL_NO_LOWER ? 0 : -INT64_MAX;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        uint32_t row = choice_row(model, j);
        if (row != MODEL_NONE && alive[j] && bound->reduced[j] > bound->price[row])
            bound->price[row] = bound->reduced[j];
    }
}

void bound_set(struct bound *bound, const struct model *model, const double *duals,
               const int64_t *gain, const unsigned char *alive)
{
    bound_wide total = set_prices(bound, model, duals);
    int fits = 1;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        bound_wide wide = worth(bound, model, j, gain[j]);
        bound->reduced[j] = narrow(wide);
        fits = fits && wide <= INT64_MAX; /* what is cut below makes the sum greater only */
    }
    price_choices(bound, model, alive);
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (is_choice(model->rows[i].kind))
            total += bound->price[i];
    for (uint32_t j = 0; j < model->n_columns; j++) {
        uint32_t row = choice_row(model, j);
        if (row != MODEL_NONE)
            bound->reduced[j] = narrow((bound_wide)bound->reduced[j] - bound->price[row]);
        else if (alive[j])
            total += (bound_wide)bound->reduced[j] *
                     (bound->reduced[j] > 0 ? model->columns[j].upper : model->columns[j].lower);
    }
    bound->total = fits ? total : BOUND_NONE;
}

int64_t bound_value(const struct bound *bound)
{
    bound_wide whole = bound->total / wide_one;
    return narrow(whole * wide_one > bound->total ? whole - 1 : whole);
}

int bound_allows_column(const struct bound *bound, uint32_t column, int64_t value)
{
    int64_t loss = bound->reduced[column] < 0 ? -bound->reduced[column] : 0;
    return bound->total - loss >= value * wide_one;
}

/* How often can something of that price be given up? */
static int64_t affordable(const struct bound *bound, int64_t price, int64_t value)
{
    bound_wide gap = bound->total - value * wide_one;
    if (price <= 0)
        return INT64_MAX;
    return gap < 0 ? 0 : narrow(gap / price);
}

int64_t bound_slack(const struct bound *bound, uint32_t row, int64_t value)
{
    return affordable(bound, bound->price[row], value);
}

int64_t bound_column_lower(const struct bound *bound, const struct model *model, uint32_t column,
                           int64_t value)
{
    const struct model_column *at = &model->columns[column];
    int64_t less = affordable(bound, bound->reduced[column], value);
    return less < at->upper - at->lower ? at->upper - less : at->lower;
}

/* -- faces -- */

struct face_work { /* what a plan that is left can lose against the bound, at most, in 1/2^20 */
    const struct bound *bound;
    const struct model *model;
    bound_wide gap;
    bound_wide loss;
    int64_t *worst;    /* per choice row: the dearest column that is left */
    bound_wide *least; /* per row: no activity is lower */
};

static void lose_columns(struct face_work *work, const unsigned char *alive)
{
    const struct model *model = work->model;
    for (uint32_t j = 0; j < model->n_columns; j++) {
        int64_t reduced = work->bound->reduced[j], upper = model->columns[j].upper;
        uint32_t row = choice_row(model, j);
        if (!alive[j] || -(bound_wide)reduced > work->gap)
            continue;
        if (row == MODEL_NONE && reduced <= work->gap)
            work->loss +=
                (bound_wide)(reduced < 0 ? -reduced : reduced) * (upper - model->columns[j].lower);
        else if (row != MODEL_NONE && -reduced > work->worst[row])
            work->worst[row] = -reduced;
        for (size_t e = model->first[j]; e < model->first[j + 1]; e++)
            if (model->entries[e].value < 0)
                work->least[model->entries[e].row] += (bound_wide)model->entries[e].value * upper;
    }
}

static void lose_rows(struct face_work *work)
{
    for (uint32_t i = 0; i < work->model->n_rows; i++) {
        const struct model_row *row = &work->model->rows[i];
        int64_t price = work->bound->price[i];
        int is_tight = row->lower == row->upper || price > work->gap;
        if (is_choice(row->kind))
            work->loss += is_tight || work->worst[i] > price ? work->worst[i] : price;
        else if (!is_tight && price > 0)
            work->loss += (row->upper - work->least[i]) * price;
    }
}

int bound_is_face(const struct bound *bound, const struct model *model, const unsigned char *alive,
                  int64_t value)
{
    struct face_work work = {
        .bound = bound, .model = model, .gap = bound->total - value * wide_one};
    if (bound->total == BOUND_NONE)
        return 0;
    work.worst = alloc_zero(model->n_rows, sizeof *work.worst);
    work.least = alloc_zero(model->n_rows, sizeof *work.least);
    lose_columns(&work, alive);
    lose_rows(&work);
    free(work.worst);
    free(work.least);
    return work.loss < work.gap + wide_one;
}
