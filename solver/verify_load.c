/* verify_load.c - see verify_load.h. Pure. */
#include "solver/verify_load.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Of one institution's table: classes x minutes. Longer ones are bounded only. */
enum { CELLS_MOST = 1 << 20 };
static const __int128 impossible = -((__int128)1 << 120);

static int64_t gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static __int128 all_minutes(const struct verify_load *load)
{
    __int128 sum = 0;
    for (size_t c = 0; c < load->n; c++)
        sum += (__int128)load->classes[c].minutes * load->classes[c].people;
    return sum;
}

void verify_load_init(struct verify_load *load, int64_t limit, struct verify_load_class *classes,
                      size_t n)
{
    *load = (struct verify_load){.classes = classes, .n = n, .limit = limit};
    for (size_t c = 0; c < n; c++)
        load->unit = gcd(classes[c].minutes, load->unit);
    if (n == 0 || all_minutes(load) <= limit || limit / load->unit >= CELLS_MOST / (int64_t)n)
        return;
    load->cells = limit / load->unit + 1;
    load->allowed = alloc_zero((size_t)load->cells, 1);
    load->most = alloc_zero((size_t)load->cells, sizeof *load->most);
    memset(load->allowed, 1, (size_t)load->cells);
}

void verify_load_clear(struct verify_load *load)
{
    free(load->classes);
    free(load->allowed);
    free(load->most);
    *load = (struct verify_load){0};
}

static int by_minutes(const void *minutes, const void *class)
{
    int64_t one = *(const int64_t *)minutes,
            two = ((const struct verify_load_class *)class)->minutes;
    return one < two ? -1 : one > two;
}

struct verify_load_class *verify_load_find(const struct verify_load *load, int64_t minutes)
{
    return bsearch(&minutes, load->classes, load->n, sizeof *load->classes, by_minutes);
}

/* -- the table -- */

/* All of `people` or none. */
static void add_bundle(struct verify_load *load, const struct verify_load_class *of, int64_t people)
{
    int64_t width = people * (of->minutes / load->unit);
    for (int64_t b = load->cells - 1; b >= width; b--) {
        __int128 with = load->most[b - width];
        if (with != impossible && with + (__int128)people * of->price > load->most[b])
            load->most[b] = with + (__int128)people * of->price;
    }
}

/* Bundles of 1, 2, 4, ... and the rest make up every number from 0 to all. */
static void add_class(struct verify_load *load, const struct verify_load_class *of)
{
    int64_t fit = (load->cells - 1) / (of->minutes / load->unit);
    int64_t left = of->people < fit ? of->people : fit;
    for (int64_t bundle = 1; left > 0; bundle *= 2) {
        add_bundle(load, of, bundle < left ? bundle : left);
        left -= bundle;
    }
}

static __int128 weigh_table(struct verify_load *load)
{
    __int128 worth = impossible;
    for (int64_t b = 0; b < load->cells; b++)
        load->most[b] = b ? impossible : 0;
    for (size_t c = 0; c < load->n; c++)
        add_class(load, &load->classes[c]);
    for (int64_t b = 0; b < load->cells; b++)
        if (load->allowed[b] && load->most[b] > worth)
            worth = load->most[b];
    return worth;
}

/* -- without one -- */

/* Everybody who is worth something, as if the staff sufficed. */
static __int128 weigh_all(const struct verify_load *load)
{
    __int128 worth = 0;
    for (size_t c = 0; c < load->n; c++)
        if (load->classes[c].price > 0)
            worth += (__int128)load->classes[c].price * load->classes[c].people;
    return worth;
}

static int by_worth_of_a_minute(const void *a, const void *b)
{
    const struct verify_load_class *one = a, *two = b;
    __int128 left = (__int128)one->price * two->minutes,
             right = (__int128)two->price * one->minutes;
    return left > right ? -1 : left < right;
}

/* The best minutes first, the last person in parts: no plan is worth more. */
static __int128 weigh_parts(const struct verify_load *load)
{
    struct verify_load_class *classes = alloc_copy(load->classes, load->n, sizeof *classes);
    __int128 worth = 0, left = load->limit;
    qsort(classes, load->n, sizeof *classes, by_worth_of_a_minute);
    for (size_t c = 0; c < load->n && classes[c].price > 0 && left > 0; c++) {
        __int128 wanted = (__int128)classes[c].people * classes[c].minutes;
        if (wanted <= left)
            worth += (__int128)classes[c].people * classes[c].price;
        else /* rounded up */
            worth += (left * classes[c].price + classes[c].minutes - 1) / classes[c].minutes;
        left -= wanted;
    }
    free(classes);
    return worth;
}

/* With one of the class there, the others take what is left of the minutes. */
static __int128 loss_of(const struct verify_load *load, const struct verify_load_class *of)
{
    int64_t width = of->minutes / load->unit;
    __int128 with = impossible;
    for (int64_t b = width; b < load->cells; b++)
        if (load->allowed[b] && load->most[b - width] > with)
            with = load->most[b - width];
    return load->worth - with - of->price;
}

void verify_load_weigh(struct verify_load *load)
{
    if (load->cells)
        load->worth = weigh_table(load);
    else
        load->worth = all_minutes(load) <= load->limit ? weigh_all(load) : weigh_parts(load);
    for (size_t c = 0; c < load->n; c++)
        load->classes[c].loss = load->cells ? loss_of(load, &load->classes[c]) : 0;
}

void verify_load_restrict(struct verify_load *load, __int128 gap)
{
    for (int64_t b = 0; b < load->cells; b++)
        load->allowed[b] = load->allowed[b] && load->most[b] >= load->worth - gap;
}
