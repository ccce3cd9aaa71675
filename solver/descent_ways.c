/* descent_ways.c - see descent_ways.h.
 *
 * A table over beds and minutes, class after class, says the most that can be had up to each place;
 * from its end backwards, which steps are part of a way that is worth enough. There are few of
 * these. The weight of a step is e to what it is worth less what the table rises there, divided by
 * the heat: over a whole way the table cancels, so what it was rounded to does not matter. */
#include "solver/descent_ways.h"

#include "models/alloc.h"
#include "solver/descent_powers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In tables: no way leads there. */
static const float nowhere = -1e30F;
/* What a table may be off, as a part of the most that is in it. */
static const double rounding = 4e-6;

struct place { /* of a table, that a way worth enough leads through */
    size_t at;
    double best, back; /* the most that leads there, and on from there */
    double sum, rest;  /* weights of what leads there, and on */
};

struct step {
    uint32_t from, to; /* places */
    uint32_t taken;    /* people of the class */
};

struct layer {                        /* steps from one table to the next */
    struct descent_ways_class *class; /* NULL = the beds of a part together */
    const float *table;               /* before it */
    size_t n_rows;                    /* of that table */
    size_t first_step, end_step;
    uint32_t first_place, end_place; /* after it */
};

struct descent_ways {
    size_t row, stride; /* minutes of a table, and from one number of beds to the next */
    float *tables;
    size_t used, tables_room;
    struct layer *layers;
    size_t n_layers, layers_room;
    struct place *places;
    size_t n_places, places_room;
    uint32_t *number; /* per place of a table: among `places`, plus 1; all 0 between layers */
    size_t number_room;
    struct step *steps;
    float *power; /* per step */
    size_t n_steps, steps_room, power_room;
    double enough;
};

struct descent_ways *descent_ways_new(void)
{
    return alloc_zero(1, sizeof(struct descent_ways));
}

void descent_ways_free(struct descent_ways *ways)
{
    if (!ways)
        return;
    free(ways->tables);
    free(ways->layers);
    free(ways->places);
    free(ways->number);
    free(ways->steps);
    free(ways->power);
    free(ways);
}

/* -- tables -- */

static size_t rows_after(size_t n_rows, size_t more, size_t beds)
{
    return n_rows + more < beds + 1 ? n_rows + more : beds + 1;
}

static size_t tables_of(const struct descent_ways_home *home)
{
    size_t rows = 1;
    for (size_t p = 0; p < home->n_parts; p++) {
        const struct descent_ways_part *part = &home->parts[p];
        rows += (part->beds + 1) * part->n_classes + 1;
    }
    return rows;
}

static void make_room(struct descent_ways *ways, const struct descent_ways_home *home)
{
    size_t most_beds = 0;
    ways->row = home->limit + 1;
    ways->stride = ways->row + DESCENT_LANES - 1; /* what is written beyond a row is never read */
    for (size_t p = 0; p < home->n_parts; p++)
        most_beds = home->parts[p].beds > most_beds ? home->parts[p].beds : most_beds;
    size_t need = tables_of(home) * ways->stride, most = (most_beds + 1) * ways->stride;
    if (need > ways->tables_room) {
        ways->tables_room = need;
        ways->tables = alloc_resize(ways->tables, need, sizeof *ways->tables);
    }
    if (most > ways->number_room) {
        ways->number = alloc_resize(ways->number, most, sizeof *ways->number);
        memset(ways->number + ways->number_room, 0,
               (most - ways->number_room) * sizeof *ways->number);
        ways->number_room = most;
    }
    ways->used = ways->n_layers = ways->n_places = ways->n_steps = 0;
}

/* The next one, without a way anywhere. */
static float *next_table(struct descent_ways *ways, size_t n_rows)
{
    float *table = ways->tables + ways->used;
    ways->used += n_rows * ways->stride;
    for (size_t at = 0; at < n_rows * ways->stride; at++)
        table[at] = nowhere;
    return table;
}

/* What leads to a row or, for so much, there from another one; n of it, and up to the next multiple
 * of DESCENT_LANES. */
static void raise_row(float *to, const float *from, float worth, size_t n)
{
    for (size_t at = 0; at < n; at += DESCENT_LANES) {
        descent_lanes old, now;
        memcpy(&old, to + at, sizeof old);
        memcpy(&now, from + at, sizeof now);
        now += worth;
        descent_whole_lanes is_more = now > old;
        now = (descent_lanes)((is_more & (descent_whole_lanes)now) |
                              (~is_more & (descent_whole_lanes)old));
        memcpy(to + at, &now, sizeof now);
    }
}

static struct layer *add_layer(struct descent_ways *ways, struct descent_ways_class *class,
                               const float *table, size_t n_rows)
{
    ALLOC_GROW(ways->layers, ways->n_layers, ways->layers_room);
    struct layer *layer = &ways->layers[ways->n_layers++];
    *layer = (struct layer){.class = class, .table = table, .n_rows = n_rows};
    return layer;
}

static const float *take_class(struct descent_ways *ways, const struct layer *layer, size_t n_after)
{
    const struct descent_ways_class *class = layer->class;
    float *after = next_table(ways, n_after);
    for (size_t n = 0; n < n_after; n++)
        for (size_t k = n < layer->n_rows ? 0 : n + 1 - layer->n_rows;
             k <= n && k <= class->most && k * class->size < ways->row; k++)
            raise_row(after + n * ways->stride + k * class->size,
                      layer->table + (n - k) * ways->stride, (float)class->sum[k],
                      ways->row - k * class->size);
    return after;
}

static const float *take_part(struct descent_ways *ways, const struct descent_ways_part *part,
                              const float *table)
{
    size_t n_rows = 1;
    for (size_t c = 0; c < part->n_classes; c++) {
        size_t n_after = rows_after(n_rows, part->classes[c].most, part->beds);
        table = take_class(ways, add_layer(ways, &part->classes[c], table, n_rows), n_after);
        n_rows = n_after;
    }
    add_layer(ways, NULL, table, n_rows);
    float *after = next_table(ways, 1);
    for (size_t n = 0; n < n_rows; n++)
        raise_row(after, table + n * ways->stride, 0, ways->row);
    return after;
}

/* -- back from the end -- */

static void add_place(struct descent_ways *ways, size_t at, float best, double back)
{
    ALLOC_GROW(ways->places, ways->n_places, ways->places_room);
    ways->places[ways->n_places++] = (struct place){.at = at, .best = best, .back = back};
}

/* A step, if it is part of a way worth enough. */
static void add_step(struct descent_ways *ways, const struct layer *layer, uint32_t to, size_t from,
                     size_t taken)
{
    double worth = layer->class ? layer->class->sum[taken] : 0;
    double back = ways->places[to].back + worth;
    if ((double)layer->table[from] + back < ways->enough)
        return;
    if (!ways->number[from]) {
        add_place(ways, from, layer->table[from], back);
        ways->number[from] = (uint32_t)ways->n_places;
    }
    struct place *place = &ways->places[ways->number[from] - 1];
    place->back = back > place->back ? back : place->back;
    ALLOC_GROW(ways->steps, ways->n_steps, ways->steps_room);
    ways->steps[ways->n_steps++] = (struct step){ways->number[from] - 1, to, (uint32_t)taken};
}

static void find_steps(struct descent_ways *ways, const struct layer *layer, uint32_t to)
{
    size_t at = ways->places[to].at, beds = at / ways->stride, minutes = at % ways->stride;
    if (!layer->class) {
        for (size_t n = 0; n < layer->n_rows; n++)
            add_step(ways, layer, to, n * ways->stride + minutes, 0);
        return;
    }
    size_t size = layer->class->size, step = ways->stride + size;
    for (size_t k = beds < layer->n_rows ? 0 : beds + 1 - layer->n_rows;
         k <= beds && k <= layer->class->most && k * size <= minutes; k++)
        add_step(ways, layer, to, at - k * step, k);
}

static void go_back(struct descent_ways *ways, const float *last)
{
    uint32_t first = 0;
    for (size_t at = 0; at < ways->row; at++)
        if ((double)last[at] >= ways->enough)
            add_place(ways, at, last[at], 0);
    for (size_t l = ways->n_layers; l-- > 0;) {
        struct layer *layer = &ways->layers[l];
        layer->first_place = first;
        layer->end_place = first = (uint32_t)ways->n_places;
        layer->first_step = ways->n_steps;
        for (uint32_t to = layer->first_place; to < layer->end_place; to++)
            find_steps(ways, layer, to);
        layer->end_step = ways->n_steps;
        for (size_t k = first; k < ways->n_places; k++)
            ways->number[ways->places[k].at] = 0;
    }
}

static void see_taken(struct descent_ways *ways)
{
    for (size_t l = 0; l < ways->n_layers; l++) {
        const struct layer *layer = &ways->layers[l];
        if (!layer->class)
            continue;
        layer->class->first = layer->class->most;
        layer->class->last = 0;
        for (size_t s = layer->first_step; s < layer->end_step; s++) {
            size_t taken = ways->steps[s].taken;
            if (taken < layer->class->first)
                layer->class->first = taken;
            if (taken > layer->class->last)
                layer->class->last = taken;
        }
    }
}

/* What the ways themselves say, not rounded. */
static double most_of(struct descent_ways *ways)
{
    double most = 0;
    for (size_t k = 0; k + 1 < ways->n_places; k++)
        ways->places[k].sum = (double)nowhere;
    for (size_t l = 0; l < ways->n_layers; l++)
        for (size_t s = ways->layers[l].first_step; s < ways->layers[l].end_step; s++) {
            const struct step *step = &ways->steps[s];
            double worth = ways->layers[l].class ? ways->layers[l].class->sum[step->taken] : 0;
            double now = ways->places[step->from].sum + worth;
            if (now > ways->places[step->to].sum)
                ways->places[step->to].sum = now;
        }
    const struct layer *last = &ways->layers[ways->n_layers - 1];
    for (uint32_t k = last->first_place; k < last->end_place; k++)
        most = ways->places[k].sum > most ? ways->places[k].sum : most;
    return most;
}

double descent_ways_find(struct descent_ways *ways, const struct descent_ways_home *home,
                         double reach)
{
    make_room(ways, home);
    float *first = next_table(ways, 1);
    const float *table = first;
    first[0] = 0;
    for (size_t p = 0; p < home->n_parts; p++)
        table = take_part(ways, &home->parts[p], table);
    double most = 0;
    for (size_t at = 0; at < ways->row; at++)
        most = (double)table[at] > most ? (double)table[at] : most;
    ways->enough = most - reach - rounding * most;
    go_back(ways, table);
    see_taken(ways);
    return most_of(ways);
}

/* -- weights -- */

static void set_powers(struct descent_ways *ways, double heat)
{
    size_t n = ways->n_steps + DESCENT_LANES;
    if (n > ways->power_room) {
        ways->power_room = 2 * n;
        ways->power = alloc_resize(ways->power, ways->power_room, sizeof *ways->power);
    }
    for (size_t l = 0; l < ways->n_layers; l++) {
        const struct layer *layer = &ways->layers[l];
        for (size_t s = layer->first_step; s < layer->end_step; s++) {
            const struct step *step = &ways->steps[s];
            double worth = layer->class ? layer->class->sum[step->taken] : 0;
            double rise = ways->places[step->to].best - ways->places[step->from].best;
            ways->power[s] = (float)fmax((worth - rise) / heat, -80);
        }
    }
    for (size_t s = ways->n_steps; s < n; s++)
        ways->power[s] = 0;
    descent_powers(ways->power, (uint32_t)ways->n_steps);
}

static double weight_of(const struct descent_ways *ways, const struct layer *layer, size_t s)
{
    double mixes =
        layer->class ? layer->class->mixes[ways->steps[s].taken - layer->class->first] : 1;
    return mixes * (double)ways->power[s];
}

/* All ways to each place. */
static void weigh_there(struct descent_ways *ways)
{
    for (size_t k = 0; k < ways->n_places; k++)
        ways->places[k].sum = ways->places[k].rest = 0;
    ways->places[ways->n_places - 1].sum = 1; /* nobody yet */
    for (size_t l = 0; l < ways->n_layers; l++)
        for (size_t s = ways->layers[l].first_step; s < ways->layers[l].end_step; s++)
            ways->places[ways->steps[s].to].sum +=
                ways->places[ways->steps[s].from].sum * weight_of(ways, &ways->layers[l], s);
}

static void weigh_layer_back(struct descent_ways *ways, const struct layer *layer)
{
    for (size_t k = 0; layer->class && k <= layer->class->last - layer->class->first; k++)
        layer->class->chance[k] = 0;
    for (size_t s = layer->first_step; s < layer->end_step; s++) {
        const struct step *step = &ways->steps[s];
        double onward = weight_of(ways, layer, s) * ways->places[step->to].rest;
        ways->places[step->from].rest += onward;
        if (layer->class)
            layer->class->chance[step->taken - layer->class->first] +=
                onward * ways->places[step->from].sum;
    }
}

void descent_ways_weigh(struct descent_ways *ways, double heat)
{
    const struct layer *last = &ways->layers[ways->n_layers - 1];
    double best = 0, sum = 0;
    set_powers(ways, heat);
    weigh_there(ways);
    for (uint32_t k = last->first_place; k < last->end_place; k++)
        best = ways->places[k].best > best ? ways->places[k].best : best;
    for (uint32_t k = last->first_place; k < last->end_place; k++) {
        ways->places[k].rest = descent_power((ways->places[k].best - best) / heat);
        sum += ways->places[k].sum * ways->places[k].rest;
    }
    for (uint32_t k = last->first_place; k < last->end_place; k++)
        ways->places[k].rest /= sum;
    for (size_t l = ways->n_layers; l-- > 0;)
        weigh_layer_back(ways, &ways->layers[l]);
}
