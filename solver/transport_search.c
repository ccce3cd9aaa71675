/* transport_search.c - see transport_search.h.
 *
 * Always holds: everybody is where they have most at the prices, so no step costs less than
 * nothing. Far steps are put off until a search has come so far. */
#include "solver/transport_search.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Of a step that moves nobody: a spare bed changes sides. */
#define SPARE_BED PROBLEM_NONE

/* Steps that cost more than this part of the greatest gain are looked at when a search comes so
 * far. So many of the steps of the next node are asked for while those of another are looked at. */
enum { HORIZON_PART = 16, AHEAD = 40 };

void transport_search_init(struct transport_search *search, const struct face *face,
                           const int64_t *gain, int has_fixed)
{
    size_t n = (size_t)face->problem->n_parts + 1;
    *search = (struct transport_search){
        .n = (uint32_t)n, .outside = (uint32_t)n - 1, .most = TRANSPORT_ROWS_FAR};
    search->price = alloc_zero(n, sizeof(int64_t));
    transport_rows_init(&search->rows, face, gain, search->price, has_fixed);
    search->excess = alloc_zero(n, sizeof(int64_t));
    search->spare = alloc_zero(n, sizeof(int64_t));
    search->capacity = alloc_zero(n, sizeof(int64_t));
    search->spare_value = alloc_zero(n, sizeof(int64_t));
    search->reach = alloc_zero(n, sizeof(int64_t));
    search->labels = alloc_zero(n, sizeof(struct transport_label));
    search->reached = alloc_zero(n, sizeof(uint32_t));
    search->done = alloc_zero(n, sizeof(uint32_t));
    for (uint32_t node = 0; node < n; node++)
        search->reach[node] = TRANSPORT_ROWS_FAR;
    search->rows.horizon = search->rows.widest / HORIZON_PART;
}

void transport_search_clear(struct transport_search *search)
{
    transport_rows_clear(&search->rows);
    free(search->price);
    free(search->excess);
    free(search->spare);
    free(search->capacity);
    free(search->spare_value);
    free(search->reach);
    free(search->labels);
    heap_clear(&search->heap);
    free(search->reached);
    free(search->done);
}

static void forget_labels(struct transport_search *search)
{
    for (uint32_t k = 0; k < search->n_reached; k++)
        search->reach[search->reached[k]] = TRANSPORT_ROWS_FAR;
    search->n_reached = search->n_done = 0;
    search->heap.n = 0;
    search->nearest = search->most;
    search->next_far = TRANSPORT_ROWS_FAR;
    search->end = PROBLEM_NONE;
}

/* -- steps -- */

/* `reach` is nearer than what the node has. Where nobody is the search cannot go on. */
static void set_label(struct transport_search *search, uint32_t node, uint32_t from,
                      uint32_t person, int64_t reach)
{
    int64_t distance = reach + search->price[node];
    if (search->reach[node] == TRANSPORT_ROWS_FAR)
        search->reached[search->n_reached++] = node;
    search->reach[node] = reach;
    search->labels[node] = (struct transport_label){from, person, 0, 0};
    if (search->excess[node] < 0) {
        search->nearest = distance;
        search->end = node;
    } else if (search->rows.count[node] || search->spare[node] || node == search->outside) {
        heap_push(&search->heap, distance, node);
    }
}

static int is_nearer(const struct transport_search *search, uint32_t node, int64_t reach)
{
    return reach < search->reach[node] && reach + search->price[node] < search->nearest;
}

/* The near or the far steps of a node. */
static void look_at_steps(struct transport_search *search, uint32_t node, int far)
{
    const struct transport_row *row = &search->rows.rows[node];
    const int64_t *reaches = search->reach, *price = search->price;
    int64_t reach = reaches[node], nearest = search->nearest;
    uint32_t s = far ? row->n_near : 0, end = far ? row->n : row->n_near;
    while (s < end) {
        const struct transport_step *step = &row->steps[s];
        int64_t there = reach + step->loss;
        if (there >= reaches[step->to] || there + price[step->to] >= nearest) {
            s++;
        } else if (search->rows.now[step->person] == node) {
            set_label(search, step->to, node, step->person, there);
            nearest = search->nearest;
            s++;
        } else {
            transport_rows_mend(&search->rows, node, s);
            end = far ? row->n : row->n_near;
        }
    }
}

/* Spare beds: one that is taken lets a person out, one that is left lets a person in. */
static void look_at_spare(struct transport_search *search, uint32_t node)
{
    uint32_t outside = search->outside;
    int64_t reach = search->reach[node];
    if (node != outside) {
        if (search->spare[node] > 0 &&
            is_nearer(search, outside, reach + search->spare_value[node]))
            set_label(search, outside, node, SPARE_BED, reach + search->spare_value[node]);
        return;
    }
    for (uint32_t part = 0; part < outside; part++)
        if (search->spare_value[part] != INT64_MIN &&
            search->spare[part] < search->capacity[part] &&
            is_nearer(search, part, reach - search->spare_value[part]))
            set_label(search, part, outside, SPARE_BED, reach - search->spare_value[part]);
}

static int64_t far_distance(const struct transport_search *search, uint32_t node)
{
    const struct transport_row *row = &search->rows.rows[node];
    return row->n_near < row->n ? search->reach[node] + row->far : TRANSPORT_ROWS_FAR;
}

static void look_around(struct transport_search *search, uint32_t node)
{
    transport_rows_of(&search->rows, node);
    look_at_steps(search, node, 0);
    int64_t far = far_distance(search, node);
    if (far < search->next_far)
        search->next_far = far;
    look_at_spare(search, node);
}

/* The search has come to the first of the far steps: those of all nodes that lead twice as far at
 * most, and they are near ones from now on. */
static void look_far(struct transport_search *search)
{
    int64_t limit = search->next_far > 0 ? 2 * search->next_far : 0, next_far = TRANSPORT_ROWS_FAR;
    for (uint32_t k = 0; k < search->n_done; k++) {
        uint32_t node = search->done[k];
        struct transport_label *label = &search->labels[node];
        if (label->is_wide)
            continue;
        int64_t far = far_distance(search, node);
        if (far > limit) {
            next_far = far < next_far ? far : next_far;
            continue;
        }
        label->is_wide = 1;
        look_at_steps(search, node, 1);
        int64_t distance = search->reach[node] + search->price[node];
        transport_rows_widen(&search->rows, node, 2 * (limit - distance) + search->rows.horizon);
    }
    search->next_far = next_far;
}

/* The steps of a node lie anywhere in memory. */
static void look_ahead(const struct transport_search *search)
{
    if (!search->heap.n)
        return;
    const struct transport_row *row = &search->rows.rows[search->heap.entries[0].node];
    for (uint32_t s = 0; s < row->n_near && s < AHEAD; s += 4)
        __builtin_prefetch(&row->steps[s]);
}

/* Dijkstra from a node with too many to the nearest with too few; 0 = there is none before `most`.
 */
static int find_path(struct transport_search *search, uint32_t start)
{
    forget_labels(search);
    set_label(search, start, PROBLEM_NONE, SPARE_BED, -search->price[start]);
    for (;;) {
        int64_t top = search->heap.n ? search->heap.entries[0].distance : TRANSPORT_ROWS_FAR;
        if (top >= search->nearest && search->next_far >= search->nearest)
            return search->end != PROBLEM_NONE;
        if (search->next_far < top) {
            look_far(search);
            continue;
        }
        uint32_t node = heap_pop(&search->heap).node;
        struct transport_label *label = &search->labels[node];
        if (label->is_done)
            continue;
        label->is_done = 1;
        search->done[search->n_done++] = node;
        look_ahead(search);
        look_around(search, node);
    }
}

/* -- paths -- */

/* Is whoever takes the step to this node still there? */
static int can_step(const struct transport_search *search, uint32_t node)
{
    const struct transport_label *label = &search->labels[node];
    if (label->person != SPARE_BED)
        return search->rows.now[label->person] == label->from;
    return node == search->outside ? search->spare[label->from] > 0
                                   : search->spare[node] < search->capacity[node];
}

/* Do the labels lead from the end back to the start, by steps that can be taken? */
static int is_path(const struct transport_search *search, uint32_t start)
{
    uint32_t node = search->end, steps = 0;
    for (; node != start; node = search->labels[node].from)
        if (++steps > search->n || search->labels[node].from == PROBLEM_NONE ||
            !can_step(search, node))
            return 0;
    return 1;
}

/* Prices first, so that the path costs nothing. All that is too much where they rise pays. */
static void raise_prices(struct transport_search *search)
{
    int64_t paid = 0;
    for (uint32_t k = 0; k < search->n_reached; k++) {
        uint32_t node = search->reached[k];
        int64_t price = search->nearest - search->reach[node]; /* + nearest - distance */
        if (price <= search->price[node])
            continue;
        paid += search->excess[node] * (price - search->price[node]);
        search->price[node] = price;
    }
    if (search->most < TRANSPORT_ROWS_FAR)
        search->most -= paid;
}

static void take_step(struct transport_search *search, uint32_t from, uint32_t to, uint32_t person)
{
    if (person != SPARE_BED) {
        search->gained -= search->rows.had[person];
        transport_rows_move(&search->rows, person, to);
        search->gained += search->rows.had[person];
    } else if (to == search->outside)
        search->spare[from]--;
    else
        search->spare[to]++;
}

int transport_search_move(struct transport_search *search, uint32_t start)
{
    const struct transport_label *labels = search->labels;
    if (!find_path(search, start) || !is_path(search, start))
        return 0;
    raise_prices(search);
    for (uint32_t node = search->end; node != start; node = labels[node].from)
        take_step(search, labels[node].from, node, labels[node].person);
    search->excess[start]--;
    search->excess[search->end]++;
    return 1;
}
