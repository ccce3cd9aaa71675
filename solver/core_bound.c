/* core_bound.c - see core_bound.h. */
#include "solver/core_bound.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const bound_wide wide_one = (bound_wide)1 << BOUND_SHIFT;

void core_bound_init(struct core_bound *bound, const struct core *core)
{
    bound->price = alloc_zero((size_t)core->n_rows + 1, sizeof *bound->price);
    bound->reduced = alloc_zero((size_t)core->n_columns + 1, sizeof *bound->reduced);
    bound->total = 0;
}

void core_bound_clear(struct core_bound *bound)
{
    free(bound->price);
    free(bound->reduced);
}

void core_bound_copy(struct core_bound *to, const struct core_bound *from, const struct core *core)
{
    memcpy(to->price, from->price, core->n_rows * sizeof *to->price);
    memcpy(to->reduced, from->reduced, core->n_columns * sizeof *to->reduced);
    to->total = from->total;
}

static int64_t narrow(bound_wide value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    return value < -INT64_MAX ? -INT64_MAX : (int64_t)value;
}

static int64_t whole(bound_wide value)
{
    bound_wide floor = value / wide_one;
    return narrow(floor * wide_one > value ? floor - 1 : floor);
}

/* The price of a set follows from its columns. */
static int64_t whole_price(const struct core_row *row, double dual)
{
    double scaled = rint(dual * (double)(1 << BOUND_SHIFT));
    if (!(fabs(scaled) < 0x1p61) || row->is_set)
        return 0;
    return scaled < 0 && row->lower == MODEL_NO_LOWER ? 0 : (int64_t)scaled;
}

static bound_wide set_prices(struct core_bound *bound, const struct core *core, const double *duals)
{
    bound_wide total = 0;
    for (uint32_t i = 0; i < core->n_rows; i++) {
        const struct core_row *row = &core->rows[i];
        int64_t price = whole_price(row, duals[i]);
        bound->price[i] = row->is_set && row->lower == 1 ? -INT64_MAX : price;
        total += (bound_wide)price * (price < 0 ? row->lower : row->upper);
    }
    return total;
}

static bound_wide worth(const struct core_bound *bound, const struct core *core, uint32_t column,
                        int is_ray)
{
    const struct core_column *at = &core->columns[column];
    bound_wide sum = is_ray ? 0 : at->gain * wide_one;
    for (size_t e = core->first[column]; e < core->first[column + 1]; e++)
        if (core->entries[e].row != at->set)
            sum -= (bound_wide)bound->price[core->entries[e].row] * core->entries[e].value;
    return sum;
}

void core_bound_set(struct core_bound *bound, const struct core_limits *limits, const double *duals,
                    int is_ray)
{
    const struct core *core = limits->core;
    bound_wide total = set_prices(bound, core, duals) + (is_ray ? 0 : core->base * wide_one);
    int fits = 1;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        uint32_t set = core->columns[j].set;
        bound_wide wide = worth(bound, core, j, is_ray);
        int64_t reduced = narrow(wide);
        bound->reduced[j] = reduced;
        if (limits->upper[j] == 0 && limits->lower[j] == 0)
            continue;
        fits = fits && wide <= INT64_MAX;
        if (set == MODEL_NONE)
            total += (bound_wide)reduced * (reduced > 0 ? limits->upper[j] : limits->lower[j]);
        else if (limits->lower[j] == 1 || reduced > bound->price[set])
            bound->price[set] = reduced;
    }
    for (uint32_t i = 0; i < core->n_rows; i++)
        if (core->rows[i].is_set)
            total += bound->price[i];
    for (uint32_t j = 0; j < core->n_columns; j++)
        if (core->columns[j].set != MODEL_NONE)
            bound->reduced[j] =
                narrow((bound_wide)bound->reduced[j] - bound->price[core->columns[j].set]);
    bound->total = fits ? total : BOUND_NONE;
}

int64_t core_bound_value(const struct core_bound *bound)
{
    return whole(bound->total);
}

void core_bound_narrow(const struct core_bound *bound, struct core_limits *limits, int64_t value)
{
    const struct core *core = limits->core;
    bound_wide gap = bound->total - value * wide_one;
    for (uint32_t j = 0; j < core->n_columns; j++) {
        int64_t reduced = bound->reduced[j], lower = limits->lower[j], upper = limits->upper[j];
        if (lower == upper || reduced == 0)
            continue;
        bound_wide steps = gap / (reduced < 0 ? -reduced : reduced);
        if (steps >= upper - lower)
            continue;
        if (reduced < 0)
            core_limits_narrow(limits, j, lower, lower + (int64_t)steps);
        else
            core_limits_narrow(limits, j, upper - (int64_t)steps, upper);
    }
}

int64_t core_bound_reach(const struct core_bound *bound, const struct core_limits *limits,
                         uint32_t column)
{
    int64_t reduced = bound->reduced[column];
    if (limits->upper[column] <= limits->lower[column] && limits->upper[column] == 0)
        return INT64_MIN;
    return whole(bound->total + (reduced < 0 && limits->lower[column] == 0 ? reduced : 0));
}
