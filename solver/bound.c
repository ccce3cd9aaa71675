/* bound.c - see bound.h. */
#include "solver/bound.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>

static const bound_wide wide_one = (bound_wide)1 << BOUND_SHIFT;

void bound_init(struct bound *bound, const struct model *model)
{
    *bound = (struct bound){0};
    bound->price = alloc_zero((size_t)model->n_rows + OBJECTIVE_COUNT, sizeof *bound->price);
    bound->reduced = alloc_zero(model->n_columns, sizeof *bound->reduced);
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
    for (uint32_t j = 0; j < model->n_columns; j++)
        bound->reduced[j] = narrow(worth(bound, model, j, gain[j]));
    price_choices(bound, model, alive);
    for (uint32_t i = 0; i < model->n_rows; i++)
        if (is_choice(model->rows[i].kind))
            total += bound->price[i];
    for (uint32_t j = 0; j < model->n_columns; j++) {
        uint32_t row = choice_row(model, j);
        if (row != MODEL_NONE)
            bound->reduced[j] = narrow((bound_wide)bound->reduced[j] - bound->price[row]);
        else if (alive[j] && bound->reduced[j] > 0)
            total += (bound_wide)bound->reduced[j] * model->columns[j].upper;
    }
    bound->total = total;
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

int64_t bound_slack(const struct bound *bound, uint32_t row, int64_t value)
{
    bound_wide gap = bound->total - value * wide_one;
    if (bound->price[row] <= 0)
        return INT64_MAX;
    return gap < 0 ? 0 : narrow(gap / bound->price[row]);
}
