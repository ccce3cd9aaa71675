/* descent_homes.c - see descent_inside.h: what homes with a staff row take, in whole people.
 *
 * A home takes any people who fit, those worth w with the weight e^(w / heat) each. The sum of the
 * weights of all that fit is a table over beds and minutes, like knapsack.h with sums for maxima;
 * from its end back to its beginning it says how likely everybody is among them. Weights are taken
 * against prices of a bed and of a minute there, so that they stay in range. */
#include "solver/descent_inside.h"

#include "models/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* BEYOND: of a class so many more are looked at than can come. NARROWINGS: of the price of a
 * minute. HOTTER_MOST: a home whose weights do not is smoothed twice as much, so many times. */
enum { BEYOND = 24, NARROWINGS = 22, HOTTER_MOST = 16 };
static const double begin_mass = 1e150, fixed_one = 1 << 20;

struct class_look {
    size_t n, most, next; /* people looked at; who come at most */
    int64_t size;
    const uint32_t *guest; /* [n], best first */
    double *worth;         /* [n] */
    double *sum;           /* [most + 1]: of the best */
    double *ratio;         /* [n x most]: weight of the one beside that of the k-th */
    double *mixes;         /* [(n + 1) x (most + 1)]: all k of the first n beside the best k */
    double *weight;        /* [most + 1]: of all k of them, beside the prices of beds and minutes */
    double *chance;        /* [most + 1]: that so many come */
    double *table;         /* after this class, (beds + 1) x (limit + 1) */
};

struct part_look {
    size_t beds, first_class, end_class;
    double bed_price, over; /* over: weight of a bed left empty */
    double *table;          /* before its classes */
};

struct descent_homes_look {
    uint32_t *order;      /* guests of each class, best first */
    double *worth;        /* per guest */
    unsigned char *arena; /* for the home at hand */
    size_t used;
    struct knapsack_table table;
    /* the home at hand */
    struct part_look *parts;
    struct class_look *classes;
    size_t n_parts, n_classes, limit;
    double minute_price, over; /* of a minute left unused */
    double *back;
};

/* -- memory -- */

static size_t bytes(size_t n, size_t size)
{
    return (n * size + 15) / 16 * 16;
}

static void *take(struct descent_homes_look *look, size_t n, size_t size)
{
    void *at = look->arena + look->used;
    look->used += bytes(n, size);
    return at;
}

static size_t seen_of(const struct descent_class *class)
{
    return class->n < class->most + BEYOND ? class->n : class->most + BEYOND;
}

static size_t need_of(const struct descent *descent, const struct descent_home *home)
{
    size_t row = (size_t)home->limit + 1, n_parts = home->end_part - home->first_part;
    size_t n_classes = home->end_class - home->first_class, most_beds = 0;
    size_t need = bytes(n_parts, sizeof(struct part_look)) +
                  bytes(n_parts, sizeof(struct knapsack_part)) +
                  bytes(n_classes, sizeof(struct class_look)) +
                  bytes(n_classes, sizeof(struct knapsack_class));
    for (uint32_t p = home->first_part; p < home->end_part; p++) {
        size_t beds = descent->beds[p];
        most_beds = beds > most_beds ? beds : most_beds;
        need += bytes((beds + 1) * row, sizeof(double));
    }
    for (uint32_t c = home->first_class; c < home->end_class; c++) {
        const struct descent_class *class = &descent->classes[c];
        size_t n = seen_of(class), most = class->most + 1;
        need += bytes(n, sizeof(double)) + 3 * bytes(most, sizeof(double)) +
                bytes(n * most, sizeof(double)) + bytes((n + 1) * most, sizeof(double)) +
                bytes(most, sizeof(int64_t)) +
                bytes((descent->beds[class->part] + 1) * row, sizeof(double));
    }
    return need + bytes((most_beds + 1) * row, sizeof(double));
}

struct descent_homes_look *descent_homes_new(const struct descent *descent)
{
    struct descent_homes_look *look = alloc_zero(1, sizeof *look);
    size_t most = 0;
    for (size_t h = 0; h < descent->n_homes; h++) {
        size_t need = need_of(descent, &descent->homes[h]);
        most = need > most ? need : most;
    }
    look->arena = alloc_zero(most + 1, 1);
    look->order = alloc_zero(descent->n_guests + 1, sizeof *look->order);
    look->worth = alloc_zero(descent->n_guests + 1, sizeof *look->worth);
    for (uint32_t g = 0; g < descent->n_guests; g++)
        look->order[g] = g;
    return look;
}

void descent_homes_free(struct descent_homes_look *look)
{
    if (!look)
        return;
    free(look->arena);
    free(look->order);
    free(look->worth);
    free(look->table.value);
    free(look);
}

/* -- who would come -- */

/* Worth beyond what they would have elsewhere, best first; the order of the last look is nearly
 * that of this one. */
static void sort_class(struct descent_homes_look *look, const struct descent_class *class)
{
    uint32_t *order = look->order + class->first;
    for (size_t i = 1; i < class->n; i++) {
        uint32_t guest = order[i];
        size_t at = i;
        for (; at > 0 &&
               (look->worth[order[at - 1]] < look->worth[guest] ||
                (look->worth[order[at - 1]] == look->worth[guest] && order[at - 1] > guest));
             at--)
            order[at] = order[at - 1];
        order[at] = guest;
    }
}

static void see_class(struct descent_homes_look *look, const struct descent_class *class,
                      struct class_look *at)
{
    size_t most = class->most, n = seen_of(class);
    *at = (struct class_look){.n = n, .most = most, .size = class->size};
    at->guest = look->order + class->first;
    at->worth = take(look, n, sizeof(double));
    at->sum = take(look, most + 1, sizeof(double));
    at->weight = take(look, most + 1, sizeof(double));
    at->chance = take(look, most + 1, sizeof(double));
    at->ratio = take(look, n * (most + 1), sizeof(double));
    at->mixes = take(look, (n + 1) * (most + 1), sizeof(double));
    for (size_t i = 0; i < n; i++)
        at->worth[i] = look->worth[at->guest[i]];
    at->sum[0] = 0;
    for (size_t k = 0; k < most; k++)
        at->sum[k + 1] = at->sum[k] + at->worth[k];
}

static void see_home(const struct descent *descent, const struct descent_home *home,
                     struct descent_homes_look *look)
{
    look->used = 0;
    look->limit = (size_t)home->limit;
    look->n_parts = home->end_part - home->first_part;
    look->n_classes = home->end_class - home->first_class;
    look->parts = take(look, look->n_parts, sizeof *look->parts);
    look->classes = take(look, look->n_classes, sizeof *look->classes);
    uint32_t c = home->first_class;
    for (size_t p = 0; p < look->n_parts; p++) {
        struct part_look *part = &look->parts[p];
        *part = (struct part_look){.beds = descent->beds[home->first_part + p],
                                   .first_class = c - home->first_class};
        size_t places = (part->beds + 1) * (look->limit + 1);
        part->table = take(look, places, sizeof(double));
        for (; c < home->end_class && descent->classes[c].part == home->first_part + p; c++) {
            struct class_look *class = &look->classes[c - home->first_class];
            sort_class(look, &descent->classes[c]);
            see_class(look, &descent->classes[c], class);
            class->table = take(look, places, sizeof(double));
        }
        part->end_class = c - home->first_class;
    }
}

/* -- in whole people, exactly -- */

static int64_t whole_worth(double worth)
{
    double scaled = rint(worth * fixed_one), most = (double)KNAPSACK_WORTH_MOST;
    return (int64_t)(scaled > most ? most : scaled < -most ? -most : scaled);
}

static int64_t most_of_home(struct descent_homes_look *look)
{
    struct knapsack knapsack = {.limit = look->limit, .n_parts = look->n_parts};
    struct knapsack_class *classes = take(look, look->n_classes, sizeof *classes);
    knapsack.parts = take(look, look->n_parts, sizeof *knapsack.parts);
    for (size_t p = 0; p < look->n_parts; p++)
        knapsack.parts[p] =
            (struct knapsack_part){look->parts[p].beds, classes + look->parts[p].first_class,
                                   look->parts[p].end_class - look->parts[p].first_class};
    for (size_t c = 0; c < look->n_classes; c++) {
        const struct class_look *class = &look->classes[c];
        classes[c] = (struct knapsack_class){class->size, class->most,
                                             take(look, class->most + 1, sizeof(int64_t))};
        classes[c].sum[0] = 0;
        for (size_t k = 0; k < class->most; k++)
            classes[c].sum[k + 1] = classes[c].sum[k] + whole_worth(class->worth[k]);
    }
    return knapsack_most(&knapsack, &look->table);
}

int64_t descent_homes_most(const struct descent *descent, struct descent_homes_look *look,
                           size_t home, const int64_t *worth)
{
    for (uint32_t c = descent->homes[home].first_class; c < descent->homes[home].end_class; c++)
        for (size_t i = 0; i < descent->classes[c].n; i++)
            look->worth[descent->classes[c].first + i] =
                (double)worth[descent->classes[c].first + i] / fixed_one;
    see_home(descent, &descent->homes[home], look);
    return most_of_home(look);
}

/* -- prices that keep weights in range -- */

/* What the beds of a part take at a price of minutes, the best first; the price of a bed is what
 * the last of them brings when there are enough. Returns what all of them bring beyond minutes. */
static double fill_part(struct descent_homes_look *look, struct part_look *part, double price)
{
    double sum = 0;
    part->bed_price = 0;
    for (size_t c = part->first_class; c < part->end_class; c++)
        look->classes[c].next = 0;
    for (size_t n = 0; n < part->beds; n++) {
        struct class_look *best = NULL;
        double most = 0;
        for (size_t c = part->first_class; c < part->end_class; c++) {
            struct class_look *class = &look->classes[c];
            if (class->next == class->most)
                continue;
            double now = class->worth[class->next] - price * (double)class->size;
            if (now > most) {
                most = now;
                best = class;
            }
        }
        if (!best)
            return sum;
        best->next++;
        sum += most;
        part->bed_price = n + 1 == part->beds ? most : 0;
    }
    return sum;
}

/* The bound of the home at a price of minutes. */
static double fill_home(struct descent_homes_look *look, double price)
{
    double sum = price * (double)look->limit;
    for (size_t p = 0; p < look->n_parts; p++)
        sum += fill_part(look, &look->parts[p], price);
    return sum;
}

/* The price at which that is least: it has one valley. */
static void set_prices(struct descent_homes_look *look)
{
    static const double golden = 0.6180339887498949;
    double low = 0, high = 0;
    for (size_t c = 0; c < look->n_classes; c++) {
        const struct class_look *class = &look->classes[c];
        if (class->size && class->most && class->worth[0] > high * (double)class->size)
            high = class->worth[0] / (double)class->size;
    }
    double left = high - golden * high, right = golden * high;
    double at_left = fill_home(look, left), at_right = fill_home(look, right);
    for (int n = 0; n < NARROWINGS; n++)
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = fill_home(look, left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = fill_home(look, right);
        }
    look->minute_price = (low + high) / 2;
    fill_home(look, look->minute_price);
}

/* -- weights -- */

/* Of all k of a class: mixes beside its best k, one person after the other. */
static void mix_class(struct class_look *class, double heat)
{
    size_t row = class->most + 1;
    memset(class->mixes, 0, (class->n + 1) * row * sizeof(double));
    class->mixes[0] = 1;
    for (size_t i = 0; i < class->n; i++) {
        const double *before = class->mixes + i * row;
        double *after = class->mixes + (i + 1) * row, *ratio = class->ratio + i * row;
        double step = i ? descent_power((class->worth[i] - class->worth[i - 1]) / heat) : 1;
        after[0] = 1;
        for (size_t k = 1; k <= class->most && k <= i + 1; k++) {
            ratio[k] = k == i + 1 ? 1 : (ratio - row)[k] * step;
            after[k] = before[k] + ratio[k] * before[k - 1];
        }
    }
}

static void weigh_class(struct class_look *class, double price, double heat)
{
    double best = 0;
    for (size_t k = 1; k <= class->most; k++)
        if (class->sum[k] - (double)k * price > best)
            best = class->sum[k] - (double)k * price;
    mix_class(class, heat);
    for (size_t k = 0; k <= class->most; k++)
        class->weight[k] = descent_power((class->sum[k] - (double)k * price - best) / heat) *
                           class->mixes[class->n * (class->most + 1) + k];
}

static void weigh_home(struct descent_homes_look *look, double heat)
{
    look->over = descent_power(-look->minute_price / heat);
    for (size_t p = 0; p < look->n_parts; p++) {
        struct part_look *part = &look->parts[p];
        part->over = descent_power(-part->bed_price / heat);
        for (size_t c = part->first_class; c < part->end_class; c++)
            weigh_class(&look->classes[c],
                        part->bed_price + look->minute_price * (double)look->classes[c].size, heat);
    }
}

/* -- the table, there and back -- */

static void add_row(double *to, const double *from, double times, size_t n)
{
    for (size_t at = 0; at < n; at++)
        to[at] += times * from[at];
}

static double both_rows(const double *one, const double *other, size_t n)
{
    double sum = 0;
    for (size_t at = 0; at < n; at++)
        sum += one[at] * other[at];
    return sum;
}

static void class_there(const struct descent_homes_look *look, const struct class_look *class,
                        size_t beds, const double *before)
{
    size_t row = look->limit + 1;
    memset(class->table, 0, (beds + 1) * row * sizeof(double));
    for (size_t n = 0; n <= beds; n++)
        for (size_t k = 0; k <= n && k <= class->most; k++) {
            size_t used = k * (size_t) class->size;
            if (used < row)
                add_row(class->table + n * row + used, before + (n - k) * row, class->weight[k],
                        row - used);
        }
}

/* The weight of all, beside prices. */
static double go_there(struct descent_homes_look *look)
{
    size_t row = look->limit + 1;
    double *first = look->parts[0].table, times, sum = 0;
    const double *last = first;
    memset(first, 0, row * sizeof *first);
    first[0] = begin_mass;
    for (size_t p = 0; p < look->n_parts; p++) {
        struct part_look *part = &look->parts[p];
        memset(part->table + row, 0, part->beds * row * sizeof(double));
        last = part->table;
        for (size_t c = part->first_class; c < part->end_class; last = look->classes[c++].table)
            class_there(look, &look->classes[c], part->beds, last);
        double *next = p + 1 < look->n_parts ? look->parts[p + 1].table : look->back;
        memset(next, 0, row * sizeof *next);
        times = 1;
        for (size_t n = part->beds + 1; n-- > 0; times *= part->over)
            add_row(next, last + n * row, times, row);
    }
    times = 1;
    for (size_t used = row; used-- > 0; times *= look->over)
        sum += look->back[used] * times;
    return sum;
}

static void class_back(struct descent_homes_look *look, const struct class_look *class, size_t beds,
                       const double *before)
{
    size_t row = look->limit + 1;
    memset(class->chance, 0, (class->most + 1) * sizeof(double));
    for (size_t n = 0; n <= beds; n++) {
        double *to = look->back + n * row;
        for (size_t k = 0; k <= class->most; k++) {
            size_t used = k * (size_t) class->size;
            if (used < row && k <= n)
                class->chance[k] +=
                    class->weight[k] * both_rows(to + used, before + (n - k) * row, row - used);
        }
    }
    for (size_t n = 0; n <= beds; n++) {
        double *to = look->back + n * row;
        for (size_t at = 0; at < row; at++)
            to[at] *= class->weight[0];
        for (size_t k = 1; k <= class->most && n + k <= beds; k++) {
            size_t used = k * (size_t) class->size;
            if (used < row)
                add_row(to, look->back + (n + k) * row + used, class->weight[k], row - used);
        }
    }
}

/* How many of each class come, how likely. `back`: what the places of a table lead to. */
static void go_back(struct descent_homes_look *look, double sum)
{
    size_t row = look->limit + 1;
    double times = 1 / sum;
    for (size_t used = row; used-- > 0; times *= look->over)
        look->back[used] = times;
    for (size_t p = look->n_parts; p-- > 0;) {
        const struct part_look *part = &look->parts[p];
        times = 1;
        for (size_t n = part->beds; n > 0; n--, times *= part->over)
            for (size_t used = 0; used < row; used++)
                look->back[n * row + used] = times * look->back[used];
        for (size_t used = 0; used < row; used++)
            look->back[used] *= times;
        for (size_t c = part->end_class; c-- > part->first_class;)
            class_back(look, &look->classes[c], part->beds,
                       c > part->first_class ? look->classes[c - 1].table : part->table);
    }
}

/* -- who comes -- */

static void lean(const struct descent_guest *guest, double share, struct descent_look *look)
{
    const struct descent *descent = look->descent;
    double moves = 2 * share * (1 - share) + 1e-9;
    look->slope[guest->row] -= share;
    look->steep[guest->row] += moves * (1 + descent->size[guest->slot]);
    look->demand[guest->slot] += share;
    look->strain[guest->slot] += share;
}

/* One person after the other back, with what is left to choose. */
static void spread_class(const struct class_look *class, struct descent_look *look)
{
    size_t row = class->most + 1;
    double *left = class->chance;
    for (size_t k = 0; k < row; k++) {
        double mixes = class->mixes[class->n * row + k];
        left[k] = mixes > 0 ? left[k] / mixes : 0;
    }
    for (size_t i = class->n; i-- > 0;) {
        const double *before = class->mixes + i * row, *ratio = class->ratio + i * row;
        double share = 0;
        for (size_t k = 1; k <= class->most && k <= i + 1; k++) {
            share += left[k] * ratio[k] * before[k - 1];
            left[k - 1] += left[k] * ratio[k];
        }
        if (share > 1e-9)
            lean(&look->descent->guests[class->guest[i]], share < 1 ? share : 1, look);
    }
}

static void look_at_home(struct descent_look *look, const struct descent_home *home, double heat)
{
    struct descent_homes_look *homes = look->homes;
    see_home(look->descent, home, homes);
    look->value += (double)most_of_home(homes) / fixed_one;
    size_t most_beds = 0;
    for (size_t p = 0; p < homes->n_parts; p++)
        most_beds = homes->parts[p].beds > most_beds ? homes->parts[p].beds : most_beds;
    homes->back = take(homes, (most_beds + 1) * (homes->limit + 1), sizeof(double));
    set_prices(homes);
    double sum = 0;
    for (int n = 0; n < HOTTER_MOST && !(sum > 1e-200 && sum < 1e300); n++, heat *= 2) {
        weigh_home(homes, heat);
        sum = go_there(homes);
    }
    if (!(sum > 1e-200 && sum < 1e300))
        return;
    go_back(homes, sum);
    for (size_t c = 0; c < homes->n_classes; c++)
        spread_class(&homes->classes[c], look);
}

void descent_look_at_homes(struct descent_look *look, const double *price, double heat)
{
    const struct descent *descent = look->descent;
    for (uint32_t g = 0; g < descent->n_guests; g++) {
        const struct descent_guest *guest = &descent->guests[g];
        look->homes->worth[g] =
            (double)descent->guest_gain[g] - look->slot_price[guest->slot] - price[guest->row];
    }
    for (size_t h = 0; h < descent->n_homes; h++)
        look_at_home(look, &descent->homes[h], heat);
}
