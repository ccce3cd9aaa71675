/* descent_homes.c - see descent_inside.h: what homes with a staff row take, in whole people.
 *
 * A home takes any people who fit, those worth w with the weight e^(w / heat) each. How many of a
 * class, descent_ways.c says; who of them, the sums here: nearly always those worth most, and those
 * about as good as the last of them. From both it follows how likely everybody is among them. */
#include "solver/descent_inside.h"

#include "models/alloc.h"
#include "solver/descent_powers.h"
#include "solver/descent_ways.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* BEYOND: of a class so many more are looked at than can come. */
enum { BEYOND = 24 };
/* What is worth so many times the heat less than the most has no share. */
static const double width = 20, fixed_one = 1 << 20;

struct class_look {        /* beside its descent_ways_class: the people of whom there is a choice */
    size_t begin, end;     /* those before come, those after do not */
    const uint32_t *guest; /* best first */
    double *worth;
    double *sum;
    double *ratio; /* [end - begin x room]: weight of the one beside that of the k-th */
    double *mixes; /* [end - begin + 1 x room]: all k of the first beside the best k */
    double *chance, *left;
};

struct descent_homes_look {
    uint32_t *order;      /* guests of each class, best first */
    double *worth;        /* per guest */
    unsigned char *arena; /* for the home at hand */
    size_t used;
    struct knapsack_table table;
    struct descent_ways *ways;
    struct descent_ways_home home; /* at hand */
    struct class_look *classes;
    size_t n_classes;
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
    size_t n_parts = home->end_part - home->first_part;
    size_t n_classes = home->end_class - home->first_class;
    size_t need = bytes(n_parts, sizeof(struct descent_ways_part)) +
                  bytes(n_parts, sizeof(struct knapsack_part)) +
                  bytes(n_classes, sizeof(struct descent_ways_class)) +
                  bytes(n_classes, sizeof(struct class_look)) +
                  bytes(n_classes, sizeof(struct knapsack_class));
    for (uint32_t c = home->first_class; c < home->end_class; c++) {
        size_t n = seen_of(&descent->classes[c]), most = descent->classes[c].most + 1;
        need += bytes(n, sizeof(double)) + 3 * bytes(most, sizeof(double)) +
                bytes(n * most, sizeof(double)) + bytes((n + 1) * most, sizeof(double)) +
                bytes(most, sizeof(int64_t));
    }
    return need;
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
    look->ways = descent_ways_new();
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
    descent_ways_free(look->ways);
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
                      struct class_look *at, struct descent_ways_class *ways)
{
    size_t most = class->most, n = seen_of(class);
    *at = (struct class_look){.end = n, .guest = look->order + class->first};
    at->worth = take(look, n, sizeof(double));
    at->sum = take(look, most + 1, sizeof(double));
    at->chance = take(look, most + 1, sizeof(double));
    at->left = take(look, most + 1, sizeof(double));
    at->ratio = take(look, n * (most + 1), sizeof(double));
    at->mixes = take(look, (n + 1) * (most + 1), sizeof(double));
    for (size_t i = 0; i < n; i++)
        at->worth[i] = look->worth[at->guest[i]];
    at->sum[0] = 0;
    for (size_t k = 0; k < most; k++)
        at->sum[k + 1] = at->sum[k] + at->worth[k];
    *ways = (struct descent_ways_class){
        .size = (size_t) class->size, .most = most, .sum = at->sum, .chance = at->chance};
}

static void see_home(const struct descent *descent, const struct descent_home *home,
                     struct descent_homes_look *look)
{
    look->used = 0;
    look->home.limit = (size_t)home->limit;
    look->home.n_parts = home->end_part - home->first_part;
    look->n_classes = home->end_class - home->first_class;
    look->home.parts = take(look, look->home.n_parts, sizeof *look->home.parts);
    look->classes = take(look, look->n_classes, sizeof *look->classes);
    struct descent_ways_class *ways = take(look, look->n_classes, sizeof *ways);
    uint32_t c = home->first_class;
    for (size_t p = 0; p < look->home.n_parts; p++) {
        struct descent_ways_part *part = &look->home.parts[p];
        *part = (struct descent_ways_part){.beds = descent->beds[home->first_part + p],
                                           .classes = ways + (c - home->first_class)};
        for (; c < home->end_class && descent->classes[c].part == home->first_part + p; c++) {
            sort_class(look, &descent->classes[c]);
            see_class(look, &descent->classes[c], &look->classes[c - home->first_class],
                      &part->classes[part->n_classes++]);
        }
    }
}

/* -- in whole people, exactly -- */

static int64_t whole_worth(double worth)
{
    double scaled = rint(worth * fixed_one), most = (double)KNAPSACK_WORTH_MOST;
    return (int64_t)(scaled > most ? most : scaled < -most ? -most : scaled);
}

static void set_whole(struct descent_homes_look *look, const struct class_look *at,
                      const struct descent_ways_class *ways, struct knapsack_class *class)
{
    *class = (struct knapsack_class){(int64_t)ways->size, ways->most,
                                     take(look, ways->most + 1, sizeof(int64_t))};
    class->sum[0] = 0;
    for (size_t k = 0; k < class->most; k++)
        class->sum[k + 1] = class->sum[k] + whole_worth(at->worth[k]);
}

static int64_t most_of_home(struct descent_homes_look *look)
{
    const struct descent_ways_home *home = &look->home;
    struct knapsack knapsack = {.limit = home->limit, .n_parts = home->n_parts};
    struct knapsack_class *classes = take(look, look->n_classes, sizeof *classes);
    const struct class_look *at = look->classes;
    knapsack.parts = take(look, home->n_parts, sizeof *knapsack.parts);
    for (size_t p = 0; p < home->n_parts; p++) {
        const struct descent_ways_part *part = &home->parts[p];
        knapsack.parts[p] = (struct knapsack_part){part->beds, classes, part->n_classes};
        for (size_t c = 0; c < part->n_classes; c++)
            set_whole(look, at++, &part->classes[c], classes++);
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

/* -- who of a class -- */

/* Only who is about as good as the last of those who come may not come, or come instead. */
static void choose_window(struct class_look *at, const struct descent_ways_class *class,
                          double reach)
{
    size_t n = at->end;
    at->begin = 0;
    while (at->begin < class->first &&
           (class->first == n || at->worth[at->begin] > at->worth[class->first] + reach))
        at->begin++;
    at->end = class->last;
    while (class->last && at->end < n && at->worth[at->end] >= at->worth[class->last - 1] - reach)
        at->end++;
}

/* Of all k of the window: mixes beside its best k, one person after the other. */
static void mix_class(struct class_look *at, size_t most, double heat)
{
    size_t row = most + 1, n = at->end - at->begin;
    memset(at->mixes, 0, (n + 1) * row * sizeof(double));
    at->mixes[0] = 1;
    for (size_t i = 0; i < n; i++) {
        const double *before = at->mixes + i * row, *worth = at->worth + at->begin;
        double *after = at->mixes + (i + 1) * row, *ratio = at->ratio + i * row;
        double step = i ? descent_power((worth[i] - worth[i - 1]) / heat) : 1;
        after[0] = 1;
        for (size_t k = 1; k <= most && k <= i + 1; k++) {
            ratio[k] = k == i + 1 ? 1 : (ratio - row)[k] * step;
            after[k] = before[k] + ratio[k] * before[k - 1];
        }
    }
}

static void weigh_class(struct class_look *at, struct descent_ways_class *class, double heat)
{
    choose_window(at, class, width * heat);
    size_t most = class->last - at->begin;
    mix_class(at, most, heat);
    class->mixes = at->mixes + (at->end - at->begin) * (most + 1) + (class->first - at->begin);
}

static void lean(uint32_t g, double share, struct descent_look *look)
{
    const struct descent *descent = look->descent;
    const struct descent_guest *guest = &descent->guests[g];
    double moves = 2 * share * (1 - share) + 1e-9, size = 1 + descent->size[guest->slot];
    double apart = 0;
    for (size_t k = 0; k < descent->n_kept; k++) {
        look->slope[descent->n_rows + k] += share * descent->kept[k].guest_worth[g];
        apart += descent->kept[k].guest_apart[g];
    }
    look->slope[guest->row] -= share;
    look->steep[guest->row] += moves * (size + apart);
    look->demand[guest->slot] += share;
    look->strain[guest->slot] += share + moves * apart;
    for (size_t k = 0; k < descent->n_kept; k++)
        look->steep[descent->n_rows + k] +=
            moves * descent->kept[k].guest_apart[g] * (size + apart);
}

/* One person of the window after the other back, with what is left to choose. */
static void spread_class(const struct class_look *at, const struct descent_ways_class *class,
                         struct descent_look *look)
{
    size_t most = class->last - at->begin, row = most + 1, n = at->end - at->begin;
    double *left = at->left;
    for (size_t i = 0; i < at->begin; i++)
        lean(at->guest[i], 1, look);
    memset(left, 0, row * sizeof *left);
    for (size_t k = class->first; k <= class->last; k++)
        left[k - at->begin] = class->chance[k - class->first] / class->mixes[k - class->first];
    for (size_t i = n; i-- > 0;) {
        const double *before = at->mixes + i * row, *ratio = at->ratio + i * row;
        double share = 0;
        for (size_t k = 1; k <= most && k <= i + 1; k++) {
            share += left[k] * ratio[k] * before[k - 1];
            left[k - 1] += left[k] * ratio[k];
        }
        if (share > 1e-9)
            lean(at->guest[at->begin + i], share < 1 ? share : 1, look);
    }
}

static void look_at_home(struct descent_look *look, const struct descent_home *home, double heat)
{
    struct descent_homes_look *homes = look->homes;
    see_home(look->descent, home, homes);
    look->value += descent_ways_find(homes->ways, &homes->home, width * heat);
    struct class_look *at = homes->classes;
    for (size_t p = 0; p < homes->home.n_parts; p++)
        for (size_t c = 0; c < homes->home.parts[p].n_classes; c++)
            weigh_class(at++, &homes->home.parts[p].classes[c], heat);
    descent_ways_weigh(homes->ways, heat);
    at = homes->classes;
    for (size_t p = 0; p < homes->home.n_parts; p++)
        for (size_t c = 0; c < homes->home.parts[p].n_classes; c++)
            spread_class(at++, &homes->home.parts[p].classes[c], look);
}

static void weigh_guests(struct descent_look *look, const double *price)
{
    const struct descent *descent = look->descent;
    for (uint32_t g = 0; g < descent->n_guests; g++) {
        const struct descent_guest *guest = &descent->guests[g];
        double worth = descent->guest_gain[g] - look->slot_price[guest->slot] - price[guest->row];
        for (size_t k = 0; k < descent->n_kept; k++)
            worth += price[descent->n_rows + k] * descent->kept[k].guest_worth[g];
        look->homes->worth[g] = worth;
    }
}

void descent_look_at_homes(struct descent_look *look, const double *price, double heat)
{
    const struct descent *descent = look->descent;
    weigh_guests(look, price);
    for (size_t h = 0; h < descent->n_homes; h++)
        look_at_home(look, &descent->homes[h], heat);
    for (size_t k = 0; k < descent->n_kept; k++) {
        look->slope[descent->n_rows + k] -= descent->kept[k].home_most;
        look->value -= price[descent->n_rows + k] * descent->kept[k].home_most;
    }
}

/* -- losses -- */

static void lose_class(const struct class_look *at, const struct descent_class *class,
                       const struct descent_ways_class *ways, struct descent_homes_look *look,
                       struct descent_kept *kept)
{
    size_t n = seen_of(class);
    double last = n == 0 ? 0 : at->worth[ways->last ? ways->last - 1 : 0];
    for (size_t i = 0; i < class->n; i++) {
        uint32_t g = at->guest[i];
        kept->guest_worth[g] = look->worth[g];
        kept->guest_apart[g] = fabs(look->worth[g] - last);
    }
}

void descent_homes_losses(struct descent_look *look, const double *price, struct descent_kept *kept)
{
    const struct descent *descent = look->descent;
    struct descent_homes_look *homes = look->homes;
    weigh_guests(look, price);
    kept->home_most = 0;
    for (size_t h = 0; h < descent->n_homes; h++) {
        const struct descent_home *home = &descent->homes[h];
        see_home(descent, home, homes);
        kept->home_most += descent_ways_find(homes->ways, &homes->home, 0);
        const struct descent_ways_class *ways = homes->home.parts[0].classes;
        for (uint32_t c = home->first_class; c < home->end_class; c++)
            lose_class(&homes->classes[c - home->first_class], &descent->classes[c],
                       &ways[c - home->first_class], homes, kept);
    }
}
