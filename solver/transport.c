/* transport.c - see transport.h.
 *
 * Owns prices, spare beds and the search among the nodes; who is where and what it costs to move on
 * is transport_rows.h, who is in which sample transport_sample.h. Always holds during a level:
 * everybody is where they have most at the prices, a part with a spare bed has the price of a spare
 * bed; only parts may have too many people or too few, and each path takes one from the former to
 * the latter; prices only rise. All amounts are integers. */
#include "solver/transport.h"

#include "models/alloc.h"
#include "solver/heap.h"
#include "solver/transport_rows.h"
#include "solver/transport_sample.h"

#include <stdlib.h>
#include <string.h>

/* Of a path that moves nobody: a spare bed changes sides. */
#define SPARE_BED PROBLEM_NONE
/* Further than any path is long. */
#define FAR (INT64_MAX / 4)

/* A broken must costs so many times the greatest gain on a sample. Steps that cost more than this
 * part of the greatest gain are looked at when a search comes so far. */
enum { PENALTY_TIMES = 5, HORIZON_PART = 16 };

struct label { /* of a node in the search at hand */
    uint32_t from, person;
    unsigned char is_done, is_wide; /* its near, its far steps have been looked at */
};

struct transport {
    const struct face *face;
    struct budget *budget;
    struct transport_rows rows;
    uint32_t n, outside; /* nodes */
    int64_t penalty;     /* of a broken must on a sample */
    int64_t *price;
    int64_t *excess;      /* people and spare beds beyond the capacity; below 0: too few */
    int64_t *spare;       /* beds left free */
    int64_t *capacity;    /* on the sample */
    int64_t *spare_value; /* of a bed left free; INT64_MIN = not allowed */
    int64_t *reach;       /* distance less price; FAR = not reached by the search at hand */
    struct label *labels;
    struct heap heap;         /* out of date where the label is nearer */
    uint32_t *reached, *done; /* nodes with a label; those whose distance is final */
    uint32_t n_reached, n_done;
    int64_t nearest; /* distance of the nearest node with too few so far, `end` */
    uint32_t end;
    int64_t next_far; /* no far step that was put off leads nearer */
};

static void transport_init(struct transport *transport, const struct face *face,
                           const int64_t *gain, struct budget *budget)
{
    size_t n = (size_t)face->problem->n_parts + 1;
    *transport = (struct transport){.face = face, .budget = budget, .n = (uint32_t)n};
    transport->outside = (uint32_t)n - 1;
    transport->price = alloc_zero(n, sizeof(int64_t));
    transport_rows_init(&transport->rows, face, gain, transport->price);
    transport->excess = alloc_zero(n, sizeof(int64_t));
    transport->spare = alloc_zero(n, sizeof(int64_t));
    transport->capacity = alloc_zero(n, sizeof(int64_t));
    transport->spare_value = alloc_zero(n, sizeof(int64_t));
    transport->reach = alloc_zero(n, sizeof(int64_t));
    transport->labels = alloc_zero(n, sizeof(struct label));
    transport->reached = alloc_zero(n, sizeof(uint32_t));
    transport->done = alloc_zero(n, sizeof(uint32_t));
    for (uint32_t node = 0; node < n; node++)
        transport->reach[node] = FAR;
    int64_t widest = transport_rows_widest(&transport->rows);
    transport->penalty = -(PENALTY_TIMES * widest + 1);
    transport->rows.horizon = widest / HORIZON_PART;
}

static void transport_clear(struct transport *transport)
{
    transport_rows_clear(&transport->rows);
    free(transport->price);
    free(transport->excess);
    free(transport->spare);
    free(transport->capacity);
    free(transport->spare_value);
    free(transport->reach);
    free(transport->labels);
    heap_clear(&transport->heap);
    free(transport->reached);
    free(transport->done);
}

/* -- one path -----------------------------------------------------------------------------------
 */

/* `reach` is nearer than what the node has. Where nobody is the search cannot go on. */
static void set_label(struct transport *transport, uint32_t node, uint32_t from, uint32_t person,
                      int64_t reach)
{
    int64_t distance = reach + transport->price[node];
    if (transport->reach[node] == FAR)
        transport->reached[transport->n_reached++] = node;
    transport->reach[node] = reach;
    transport->labels[node] = (struct label){from, person, 0, 0};
    if (transport->excess[node] < 0) {
        transport->nearest = distance;
        transport->end = node;
    } else if (transport->rows.count[node] || transport->spare[node] ||
               node == transport->outside) {
        heap_push(&transport->heap, distance, node);
    }
}

static int is_nearer(const struct transport *transport, uint32_t node, int64_t reach)
{
    return reach < transport->reach[node] && reach + transport->price[node] < transport->nearest;
}

/* The near or the far steps of a node. 0: its row is another one now, to be looked at anew. */
static int look_at_steps(struct transport *transport, uint32_t node, int far)
{
    const struct transport_row *row = &transport->rows.rows[node];
    const int64_t *reaches = transport->reach, *price = transport->price;
    int64_t reach = reaches[node], nearest = transport->nearest;
    uint32_t s = far ? row->n_near : 0, end = far ? row->n : row->n_near;
    while (s < end) {
        const struct transport_step *step = &row->steps[s];
        int64_t there = reach + step->loss;
        if (there >= reaches[step->to] || there + price[step->to] >= nearest) {
            s++;
        } else if (transport->rows.now[step->person] == node) {
            set_label(transport, step->to, node, step->person, there);
            nearest = transport->nearest;
            s++;
        } else if (transport_rows_mend(&transport->rows, node, s)) {
            end = far ? row->n : row->n_near;
        } else {
            return 0;
        }
    }
    return 1;
}

/* Spare beds: one that is taken lets a person out, one that is left lets a person in. */
static void look_at_spare(struct transport *transport, uint32_t node)
{
    uint32_t outside = transport->outside;
    int64_t reach = transport->reach[node];
    if (node != outside) {
        if (transport->spare[node] > 0 &&
            is_nearer(transport, outside, reach + transport->spare_value[node]))
            set_label(transport, outside, node, SPARE_BED, reach + transport->spare_value[node]);
        return;
    }
    for (uint32_t part = 0; part < outside; part++)
        if (transport->spare_value[part] != INT64_MIN &&
            transport->spare[part] < transport->capacity[part] &&
            is_nearer(transport, part, reach - transport->spare_value[part]))
            set_label(transport, part, outside, SPARE_BED, reach - transport->spare_value[part]);
}

static int64_t far_distance(const struct transport *transport, uint32_t node)
{
    const struct transport_row *row = &transport->rows.rows[node];
    return row->n_near < row->n ? transport->reach[node] + row->far : FAR;
}

static void look_around(struct transport *transport, uint32_t node)
{
    transport_rows_of(&transport->rows, node);
    while (!look_at_steps(transport, node, 0))
        ;
    int64_t far = far_distance(transport, node);
    if (far < transport->next_far)
        transport->next_far = far;
    look_at_spare(transport, node);
}

/* The search has come to the first of the far steps: those of all nodes that lead twice as far at
 * most, and they are near ones from now on. */
static void look_far(struct transport *transport)
{
    int64_t limit = transport->next_far > 0 ? 2 * transport->next_far : 0, next_far = FAR;
    for (uint32_t k = 0; k < transport->n_done; k++) {
        uint32_t node = transport->done[k];
        struct label *label = &transport->labels[node];
        if (label->is_wide)
            continue;
        int64_t far = far_distance(transport, node);
        if (far > limit) {
            next_far = far < next_far ? far : next_far;
            continue;
        }
        label->is_wide = 1;
        if (look_at_steps(transport, node, 1)) {
            int64_t distance = transport->reach[node] + transport->price[node];
            transport_rows_widen(&transport->rows, node,
                                 2 * (limit - distance) + transport->rows.horizon);
            continue;
        }
        while (!look_at_steps(transport, node, 0) || !look_at_steps(transport, node, 1))
            ;
    }
    transport->next_far = next_far;
}

static void forget_labels(struct transport *transport)
{
    for (uint32_t k = 0; k < transport->n_reached; k++)
        transport->reach[transport->reached[k]] = FAR;
    transport->n_reached = transport->n_done = 0;
    transport->heap.n = 0;
    transport->nearest = transport->next_far = FAR;
}

/* Dijkstra from a node with too many to the nearest with too few; 0 = there is none. */
static int find_path(struct transport *transport, uint32_t start)
{
    forget_labels(transport);
    set_label(transport, start, PROBLEM_NONE, SPARE_BED, -transport->price[start]);
    for (;;) {
        int64_t top = transport->heap.n ? transport->heap.entries[0].distance : FAR;
        if (top >= transport->nearest && transport->next_far >= transport->nearest)
            return transport->nearest < FAR;
        if (transport->next_far < top) {
            look_far(transport);
            continue;
        }
        uint32_t node = heap_pop(&transport->heap).node;
        struct label *label = &transport->labels[node];
        if (label->is_done)
            continue;
        label->is_done = 1;
        transport->done[transport->n_done++] = node;
        look_around(transport, node);
    }
}

static void take_step(struct transport *transport, uint32_t from, uint32_t to, uint32_t person)
{
    if (person != SPARE_BED)
        transport_rows_move(&transport->rows, person, to);
    else if (to == transport->outside)
        transport->spare[from]--;
    else
        transport->spare[to]++;
}

/* Prices first, so that the path costs nothing; then everyone on it moves on by one. */
static void take_path(struct transport *transport, uint32_t start)
{
    const struct label *labels = transport->labels;
    for (uint32_t k = 0; k < transport->n_reached; k++) {
        uint32_t node = transport->reached[k];
        int64_t price = transport->nearest - transport->reach[node]; /* + nearest - distance */
        if (price > transport->price[node])
            transport->price[node] = price;
    }
    for (uint32_t node = transport->end; node != start; node = labels[node].from)
        take_step(transport, labels[node].from, node, labels[node].person);
    transport->excess[start]--;
    transport->excess[transport->end]++;
}

/* -- one level ----------------------------------------------------------------------------------
 */

/* `sample` NULL: the whole round. */
static void load_level(struct transport *transport, const struct transport_sample *sample,
                       unsigned halvings)
{
    const struct face *face = transport->face;
    int64_t penalty = halvings ? transport->penalty : INT64_MIN;
    for (uint32_t part = 0; part < transport->outside; part++)
        transport->capacity[part] = face->problem->parts[part].capacity;
    if (sample)
        transport_sample_beds(sample, halvings, transport->capacity);
    for (uint32_t part = 0; part < transport->outside; part++) {
        int64_t least = face->must_fill[part] ? penalty : 0;
        transport->spare_value[part] = least;
        transport->spare[part] = 0;
        transport->excess[part] = -transport->capacity[part];
        if (least != INT64_MIN && transport->price[part] < least)
            transport->price[part] = least;
    }
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        transport->rows.outside_value[i] = face->must_place[i] ? penalty : 0;
    transport->excess[transport->outside] = 0;
    transport_rows_empty(&transport->rows);
}

/* Where a person has most at the prices; of equal ones `liked`, then one that still has room.
 * PROBLEM_NONE = they must have a bed and there is none. */
static uint32_t best_node(const struct transport *transport, uint32_t person, uint32_t liked)
{
    const struct transport_rows *rows = &transport->rows;
    const struct face *face = transport->face;
    uint32_t best = PROBLEM_NONE;
    int64_t most = rows->outside_value[person];
    if (most != INT64_MIN)
        best = rows->outside;
    for (uint32_t way = face->first[person]; way < face->first[person + 1]; way++) {
        uint32_t to = rows->to[way];
        int64_t has = rows->value[way] - transport->price[to];
        int is_better = has == most && best != PROBLEM_NONE && best != liked &&
                        (to == liked || (transport->excess[to] < 0 &&
                                         (best == rows->outside || transport->excess[best] >= 0)));
        if (best == PROBLEM_NONE || has > most || is_better) {
            most = has;
            best = to;
        }
    }
    return best;
}

/* Everybody where they have most, beds at the price of a spare bed left free; what is too much or
 * too little then adds up to nothing. 0 = somebody must have a bed and can have none. */
static int place_people(struct transport *transport, const struct transport_sample *sample,
                        unsigned halvings, const uint32_t *chosen)
{
    const struct face *face = transport->face;
    const struct problem *problem = face->problem;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (face->first[i] == face->first[i + 1] ||
            (sample && !transport_sample_has(sample, i, halvings)))
            continue;
        uint32_t liked = transport->outside;
        if (chosen && chosen[i] != PROBLEM_NONE)
            liked = problem->pairs[chosen[i]].part;
        uint32_t node = best_node(transport, i, chosen ? liked : PROBLEM_NONE);
        if (node == PROBLEM_NONE)
            return 0;
        transport_rows_place(&transport->rows, i, node);
        transport->excess[node]++;
    }
    transport->excess[transport->outside] = 0;
    for (uint32_t part = 0; part < transport->outside; part++) {
        int64_t few = -transport->excess[part];
        if (few > 0 && transport->price[part] == transport->spare_value[part]) {
            transport->spare[part] = few;
            transport->excess[part] = 0;
        }
        transport->excess[transport->outside] -= transport->excess[part];
    }
    return 1;
}

/* Prices are worth what they are above that of being outside. */
static void level_prices(struct transport *transport)
{
    int64_t base = transport->price[transport->outside];
    for (uint32_t node = 0; node < transport->n; node++)
        transport->price[node] -= base;
}

/* `chosen`: where people stay when they have as much there; may be NULL. */
static int solve_level(struct transport *transport, const struct transport_sample *sample,
                       unsigned halvings, const uint32_t *chosen)
{
    load_level(transport, sample, halvings);
    if (!place_people(transport, sample, halvings, chosen))
        return 0;
    for (uint32_t start = 0; start < transport->n; start++) {
        while (transport->excess[start] > 0) {
            if (budget_is_spent(transport->budget) || !find_path(transport, start))
                return 0;
            take_path(transport, start);
            transport->budget->work++;
        }
    }
    forget_labels(transport);
    level_prices(transport);
    return 1;
}

/* A part where every bed is spare may be priced below 0: nobody is there, so 0 will do. */
static void write_down(const struct transport *transport, uint32_t *chosen, int64_t *dual)
{
    const struct transport_rows *rows = &transport->rows;
    const struct face *face = transport->face;
    for (uint32_t i = 0; i < rows->n_people; i++)
        chosen[i] = rows->now[i] < transport->outside
                        ? face->pairs[transport_rows_way(rows, i, rows->now[i])]
                        : PROBLEM_NONE;
    for (uint32_t part = 0; part < transport->outside; part++) {
        int is_below = transport->price[part] < 0 && !face->must_fill[part];
        dual[part] = is_below ? 0 : transport->price[part];
    }
}

/* Sample after sample, each from the prices of the one before. */
static int solve_samples(struct transport *transport, uint32_t least_sample)
{
    struct transport_sample sample;
    unsigned halvings = 0;
    int solved = 1;
    transport_sample_init(&sample, &transport->rows);
    while (sample.n_people >> (halvings + 1) >= least_sample)
        halvings++;
    for (; solved && halvings; halvings--)
        solved = solve_level(transport, &sample, halvings, NULL);
    transport_sample_clear(&sample);
    return solved;
}

int transport_solve(const struct face *face, const int64_t *gain, const int64_t *start,
                    uint32_t least_sample, struct budget *budget, uint32_t *chosen, int64_t *dual)
{
    struct transport transport;
    int solved = 1;
    transport_init(&transport, face, gain, budget);
    if (start)
        memcpy(transport.price, start, (size_t)face->problem->n_parts * sizeof(int64_t));
    else if (least_sample)
        solved = solve_samples(&transport, least_sample);
    solved = solved && solve_level(&transport, NULL, 0, start ? chosen : NULL);
    if (solved)
        write_down(&transport, chosen, dual);
    transport_clear(&transport);
    return solved;
}
