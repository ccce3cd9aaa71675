/* transport.c - see transport.h.
 *
 * Owns prices, spare beds and the search among the nodes; who is where and what it costs to move on
 * is transport_rows.h. Always holds during a level: everybody is where they have most at the
 * prices, a part with a spare bed has the price of a spare bed; only parts may have too many people
 * or too few, and each path takes one from the former to the latter. All amounts are integers. */
#include "solver/transport.h"

#include "models/alloc.h"
#include "solver/transport_rows.h"

#include <stdlib.h>
#include <string.h>

/* Ways of a path that are no person's: a spare bed changes sides. */
#define WAY_SPARE PROBLEM_NONE

struct label { /* of a node in the search at hand */
    int64_t distance;
    uint32_t from, way;
    uint32_t seen, done; /* number of the search */
};

struct waiting { /* an entry of the heap; out of date when the label is nearer */
    int64_t distance;
    uint32_t node;
};

struct transport {
    const struct face *face;
    struct budget *budget;
    struct transport_rows rows;
    uint32_t n, outside; /* nodes */
    int64_t penalty;     /* of a broken must on a sample; INT64_MIN = musts are kept */
    int64_t *price;
    int64_t *excess;      /* people and spare beds beyond the capacity; below 0: too few */
    int64_t *spare;       /* beds left free */
    int64_t *capacity;    /* on the sample */
    int64_t *spare_value; /* of a bed left free; INT64_MIN = not allowed */
    struct label *labels;
    uint32_t search;
    struct waiting *heap;
    size_t n_heap, room_heap;
    uint32_t *done; /* nodes whose distance is final, in order */
    uint32_t n_done;
};

static void transport_init(struct transport *transport, const struct face *face,
                           const int64_t *gain, struct budget *budget)
{
    size_t n = (size_t)face->problem->n_parts + 1;
    *transport = (struct transport){.face = face, .budget = budget, .n = (uint32_t)n};
    transport->outside = (uint32_t)n - 1;
    transport_rows_init(&transport->rows, face, gain);
    transport->price = alloc_zero(n, sizeof(int64_t));
    transport->excess = alloc_zero(n, sizeof(int64_t));
    transport->spare = alloc_zero(n, sizeof(int64_t));
    transport->capacity = alloc_zero(n, sizeof(int64_t));
    transport->spare_value = alloc_zero(n, sizeof(int64_t));
    transport->labels = alloc_zero(n, sizeof(struct label));
    transport->done = alloc_zero(n, sizeof(uint32_t));
}

static void transport_clear(struct transport *transport)
{
    transport_rows_clear(&transport->rows);
    free(transport->price);
    free(transport->excess);
    free(transport->spare);
    free(transport->capacity);
    free(transport->spare_value);
    free(transport->labels);
    free(transport->heap);
    free(transport->done);
}

/* -- the heap -----------------------------------------------------------------------------------
 */

static void heap_push(struct transport *transport, struct waiting entry)
{
    ALLOC_GROW(transport->heap, transport->n_heap, transport->room_heap);
    size_t at = transport->n_heap++;
    for (size_t up; at && transport->heap[up = (at - 1) / 2].distance > entry.distance; at = up)
        transport->heap[at] = transport->heap[up];
    transport->heap[at] = entry;
}

static struct waiting heap_pop(struct transport *transport)
{
    struct waiting *heap = transport->heap, top = heap[0], last = heap[--transport->n_heap];
    size_t at = 0, n = transport->n_heap;
    for (size_t down; (down = at * 2 + 1) < n; at = down) {
        down += down + 1 < n && heap[down + 1].distance < heap[down].distance;
        if (heap[down].distance >= last.distance)
            break;
        heap[at] = heap[down];
    }
    heap[at] = last;
    return top;
}

/* -- one path -----------------------------------------------------------------------------------
 */

static void reach(struct transport *transport, uint32_t from, uint32_t to, uint32_t way,
                  int64_t distance)
{
    struct label *label = &transport->labels[to];
    if (label->seen == transport->search && label->distance <= distance)
        return;
    *label = (struct label){distance, from, way, transport->search, 0};
    heap_push(transport, (struct waiting){distance, to});
}

/* Spare beds: one that is taken lets a person out, one that is left lets a person in. */
static void reach_spare(struct transport *transport, uint32_t node, int64_t base)
{
    uint32_t outside = transport->outside;
    if (node != outside) {
        if (transport->spare[node] > 0)
            reach(transport, node, outside, WAY_SPARE,
                  base + transport->spare_value[node] + transport->price[outside]);
        return;
    }
    for (uint32_t part = 0; part < outside; part++)
        if (transport->spare_value[part] != INT64_MIN &&
            transport->spare[part] < transport->capacity[part])
            reach(transport, outside, part, WAY_SPARE,
                  base - transport->spare_value[part] + transport->price[part]);
}

static void reach_all(struct transport *transport, uint32_t node)
{
    const struct transport_row *row = transport_rows_of(&transport->rows, node);
    int64_t base = transport->labels[node].distance - transport->price[node];
    for (size_t s = 0; s < row->n; s++) {
        const struct transport_step *step = &row->steps[s];
        reach(transport, node, step->to, step->way, base + step->loss + transport->price[step->to]);
    }
    reach_spare(transport, node, base);
}

/* Dijkstra from a node with too many to the nearest with too few; PROBLEM_NONE = there is none. */
static uint32_t find_path(struct transport *transport, uint32_t start)
{
    transport->search++;
    transport->n_heap = transport->n_done = 0;
    reach(transport, PROBLEM_NONE, start, WAY_SPARE, 0);
    while (transport->n_heap) {
        struct waiting next = heap_pop(transport);
        struct label *label = &transport->labels[next.node];
        if (label->done == transport->search)
            continue;
        if (transport->excess[next.node] < 0)
            return next.node;
        label->done = transport->search;
        transport->done[transport->n_done++] = next.node;
        reach_all(transport, next.node);
    }
    return PROBLEM_NONE;
}

static void take_step(struct transport *transport, uint32_t from, uint32_t to, uint32_t way)
{
    if (way != WAY_SPARE)
        transport_rows_move(&transport->rows, way);
    else if (to == transport->outside)
        transport->spare[from]--;
    else
        transport->spare[to]++;
}

/* Prices first, so that the path costs nothing; then everyone on it moves on by one. */
static void take_path(struct transport *transport, uint32_t start, uint32_t end)
{
    int64_t distance = transport->labels[end].distance;
    for (uint32_t k = 0; k < transport->n_done; k++)
        transport->price[transport->done[k]] +=
            distance - transport->labels[transport->done[k]].distance;
    for (uint32_t node = end; node != start; node = transport->labels[node].from)
        take_step(transport, transport->labels[node].from, node, transport->labels[node].way);
    transport->excess[start]--;
    transport->excess[end]++;
}

/* -- one level ----------------------------------------------------------------------------------
 */

/* Numbers spread evenly, the same on every machine: whose `halvings` first bits are 0 is in the
 * sample, so that each sample contains the next. */
static uint32_t spread(uint32_t number)
{
    return (number + 1) * UINT32_C(2654435769);
}

static int is_sampled(uint32_t person, unsigned halvings)
{
    return !halvings || !(spread(person) >> (32 - halvings));
}

static void load_sample(struct transport *transport, unsigned halvings)
{
    const struct face *face = transport->face;
    int64_t penalty = halvings ? transport->penalty : INT64_MIN;
    for (uint32_t part = 0; part < transport->outside; part++) {
        int64_t capacity = face->problem->parts[part].capacity;
        int64_t rounding = halvings ? spread(part) >> (32 - halvings) : 0;
        transport->capacity[part] = (capacity + rounding) >> halvings;
        transport->spare_value[part] = face->must_fill[part] ? penalty : 0;
        transport->spare[part] = 0;
        transport->excess[part] = -transport->capacity[part];
        int64_t least = transport->spare_value[part];
        if (least != INT64_MIN && transport->price[part] < least)
            transport->price[part] = least;
    }
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        transport->rows.outside_value[i] = face->must_place[i] ? penalty : 0;
    transport_rows_empty(&transport->rows);
}

/* The way on which a person has most at the prices; of equal ones a part that still has room. */
static uint32_t best_way(const struct transport *transport, uint32_t person)
{
    const struct transport_rows *rows = &transport->rows;
    const struct face *face = transport->face;
    uint32_t best = PROBLEM_NONE;
    int64_t most = rows->outside_value[person];
    if (most != INT64_MIN)
        best = rows->n_ways + person;
    for (uint32_t way = face->first[person]; way < face->first[person + 1]; way++) {
        int64_t has = rows->value[way] - transport->price[rows->to[way]];
        if (best == PROBLEM_NONE || has > most ||
            (has == most && transport->excess[rows->to[way]] < 0 &&
             (best >= rows->n_ways || transport->excess[rows->to[best]] >= 0))) {
            most = has;
            best = way;
        }
    }
    return best;
}

/* Everybody where they have most, beds at the price of a spare bed left free; what is too much or
 * too little then adds up to nothing. 0 = somebody must have a bed and can have none. */
static int place_sample(struct transport *transport, unsigned halvings)
{
    for (uint32_t i = 0; i < transport->face->problem->n_people; i++) {
        if (!is_sampled(i, halvings))
            continue;
        uint32_t way = best_way(transport, i);
        if (way == PROBLEM_NONE)
            return 0;
        transport_rows_place(&transport->rows, way);
        transport->excess[transport_rows_to(&transport->rows, way)]++;
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

static int solve_sample(struct transport *transport, unsigned halvings)
{
    load_sample(transport, halvings);
    if (!place_sample(transport, halvings))
        return 0;
    for (uint32_t start = 0; start < transport->n; start++) {
        while (transport->excess[start] > 0) {
            uint32_t end =
                budget_is_spent(transport->budget) ? PROBLEM_NONE : find_path(transport, start);
            if (end == PROBLEM_NONE)
                return 0;
            take_path(transport, start, end);
            transport->budget->work++;
        }
    }
    level_prices(transport);
    return 1;
}

static void write_down(const struct transport *transport, uint32_t *chosen, int64_t *dual)
{
    const struct transport_rows *rows = &transport->rows;
    for (uint32_t i = 0; i < rows->n_people; i++)
        chosen[i] =
            rows->now[i] < rows->n_ways ? transport->face->pairs[rows->now[i]] : PROBLEM_NONE;
    /* below the price of a spare bed there is nobody, who could mind that it rises */
    for (uint32_t part = 0; part < transport->outside; part++) {
        int64_t price = transport->price[part];
        dual[part] = price < 0 && !transport->face->must_fill[part] ? 0 : price;
    }
}

int transport_solve(const struct face *face, const int64_t *gain, uint32_t least_sample,
                    struct budget *budget, uint32_t *chosen, int64_t *dual)
{
    struct transport transport;
    unsigned halvings = 0;
    int64_t widest = face_widest(face, gain);
    transport_init(&transport, face, gain, budget);
    transport.penalty = -(widest + widest / 2 + 1);
    while (least_sample && face->problem->n_people >> (halvings + 1) >= least_sample)
        halvings++;
    int solved = solve_sample(&transport, halvings);
    while (solved && halvings)
        solved = solve_sample(&transport, --halvings);
    if (solved)
        write_down(&transport, chosen, dual);
    transport_clear(&transport);
    return solved;
}
