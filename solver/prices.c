/* prices.c - see prices.h.
 *
 * Owns the graph of one stage: its nodes are the parts; an edge q -> p is the best gain among the
 * people assigned to q when they move to p. Longest paths from the sources (room in a part that
 * need not be full; an unplaced person) are the least prices; a cycle of positive gain has no
 * longest path and is an improvement. */
#include "solver/prices.h"

#include "models/alloc.h"
#include "solver/members.h"

#include <stdlib.h>
#include <string.h>

#define UNREACHED INT64_MIN

struct edge {
    uint32_t to, pair; /* the pair that the mover gets */
    int64_t gain;
};

struct row { /* edges from one part; changes only when its members do */
    struct edge *edges;
    size_t n, room;
};

struct graph {
    const struct face *face;
    const int64_t *gain;
    uint32_t *chosen;
    uint32_t n;
    struct members members;
    struct row *rows;
    int64_t *price;
    uint32_t *via;    /* pair whose person comes in on the longest path; PROBLEM_NONE = room */
    uint32_t *parent; /* the part that this person leaves; PROBLEM_NONE = a source */
    uint32_t *scratch, *queue;
    unsigned char *is_queued;
    unsigned char *is_used; /* by the improvements since the rows were built: rows to build again */
};

static uint32_t part_of(const struct graph *graph, uint32_t pair)
{
    return graph->face->problem->pairs[pair].part;
}

static uint32_t person_of(const struct graph *graph, uint32_t pair)
{
    return graph->face->problem->pairs[pair].person;
}

static void graph_init(struct graph *graph, const struct face *face, const int64_t *gain,
                       uint32_t *chosen, int64_t *price)
{
    size_t n = (size_t)face->problem->n_parts + 1;
    *graph = (struct graph){.face = face, .gain = gain, .chosen = chosen, .price = price};
    graph->n = face->problem->n_parts;
    graph->via = alloc_zero(n, sizeof(uint32_t));
    members_init(&graph->members, face->problem);
    graph->rows = alloc_zero(n, sizeof(struct row));
    graph->parent = alloc_zero(n, sizeof(uint32_t));
    graph->scratch = alloc_zero(n, sizeof(uint32_t));
    graph->queue = alloc_zero(n, sizeof(uint32_t));
    graph->is_queued = alloc_zero(n, 1);
    graph->is_used = alloc_zero(n, 1);
    memset(graph->is_used, 1, n);
}

static void graph_clear(struct graph *graph)
{
    for (uint32_t q = 0; q < graph->n; q++)
        free(graph->rows[q].edges);
    free(graph->rows);
    members_clear(&graph->members);
    free(graph->via);
    free(graph->parent);
    free(graph->scratch);
    free(graph->queue);
    free(graph->is_queued);
    free(graph->is_used);
}

static uint32_t n_members(const struct graph *graph, uint32_t part)
{
    return graph->members.first[part + 1] - graph->members.first[part];
}

/* scratch[p] = 1 + number of the edge to p in this row; 0 = none yet. */
static void add_edge(struct graph *graph, struct row *row, uint32_t pair, int64_t gain)
{
    uint32_t to = part_of(graph, pair), known = graph->scratch[to];
    if (known) {
        struct edge *edge = &row->edges[known - 1];
        if (gain > edge->gain)
            *edge = (struct edge){to, pair, gain};
        return;
    }
    ALLOC_GROW(row->edges, row->n, row->room);
    row->edges[row->n++] = (struct edge){to, pair, gain};
    graph->scratch[to] = (uint32_t)row->n;
}

static void build_row(struct graph *graph, uint32_t q)
{
    const struct face *face = graph->face;
    struct row *row = &graph->rows[q];
    row->n = 0;
    for (uint32_t m = graph->members.first[q]; m < graph->members.first[q + 1]; m++) {
        uint32_t i = graph->members.people[m];
        int64_t now = graph->gain[graph->chosen[i]];
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++)
            if (part_of(graph, face->pairs[at]) != q)
                add_edge(graph, row, face->pairs[at], graph->gain[face->pairs[at]] - now);
    }
    for (size_t e = 0; e < row->n; e++)
        graph->scratch[row->edges[e].to] = 0;
}

/* Builds again what the last improvements touched; is_used stays for the labels. */
static void build_rows(struct graph *graph)
{
    members_list(&graph->members, graph->face->problem, graph->chosen);
    memset(graph->scratch, 0, (size_t)graph->n * sizeof(uint32_t));
    for (uint32_t q = 0; q < graph->n; q++)
        if (graph->is_used[q])
            build_row(graph, q);
}

static void build_sources(struct graph *graph)
{
    const struct face *face = graph->face;
    for (uint32_t p = 0; p < graph->n; p++) {
        graph->price[p] = face->must_fill[p] ? UNREACHED : 0;
        graph->via[p] = graph->parent[p] = PROBLEM_NONE;
    }
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        if (graph->chosen[i] != PROBLEM_NONE)
            continue;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t pair = face->pairs[at], p = part_of(graph, pair);
            if (graph->gain[pair] > graph->price[p]) {
                graph->price[p] = graph->gain[pair];
                graph->via[p] = pair;
            }
        }
    }
}

/* -- improvements -- */

/* Was a part on the way back from `part` (itself included), or the person at its beginning, used?
 */
static int way_is_used(const struct graph *graph, uint32_t part)
{
    for (;;) {
        if (graph->is_used[part])
            return 1;
        if (graph->parent[part] == PROBLEM_NONE)
            break;
        part = graph->parent[part];
    }
    uint32_t first = graph->via[part];
    return first != PROBLEM_NONE && graph->chosen[person_of(graph, first)] != PROBLEM_NONE;
}

/* Everyone on the longest path to `part`, or on the cycle through it, moves on by one; marks the
 * parts. */
static void shift_along(struct graph *graph, uint32_t part)
{
    while (part != PROBLEM_NONE && !graph->is_used[part]) {
        uint32_t pair = graph->via[part];
        graph->is_used[part] = 1;
        if (pair != PROBLEM_NONE)
            graph->chosen[person_of(graph, pair)] = pair;
        part = graph->parent[part];
    }
}

/* The parents form a graph with one edge into each part at most: its cycles, if any, are of
 * positive gain. With `shift` everyone on them moves on. Returns how many there are; without
 * `shift` 1 is enough. */
static size_t find_cycles(struct graph *graph, int shift)
{
    size_t found = 0;
    uint32_t *seen = graph->scratch; /* 1 + the part from which this one was seen first */
    memset(seen, 0, (size_t)graph->n * sizeof(uint32_t));
    for (uint32_t start = 0; start < graph->n; start++) {
        uint32_t part = start;
        while (part != PROBLEM_NONE && !seen[part]) {
            seen[part] = start + 1;
            part = graph->parent[part];
        }
        if (part == PROBLEM_NONE || seen[part] != start + 1)
            continue;
        found++;
        if (!shift)
            break;
        shift_along(graph, part);
    }
    return found;
}

static size_t fill_room(struct graph *graph)
{
    const struct face *face = graph->face;
    size_t found = 0;
    for (uint32_t p = 0; p < graph->n; p++) {
        int has_room = n_members(graph, p) < face->problem->parts[p].capacity;
        if (!has_room || face->must_fill[p] || graph->price[p] <= 0 || way_is_used(graph, p))
            continue;
        shift_along(graph, p);
        found++;
    }
    return found;
}

/* Somebody who brings less than what comes in goes. */
static size_t push_out(struct graph *graph)
{
    const struct face *face = graph->face;
    size_t found = 0;
    for (uint32_t m = 0; m < graph->members.first[graph->n]; m++) {
        uint32_t i = graph->members.people[m], now = graph->chosen[i];
        if (now == PROBLEM_NONE || face->must_place[i])
            continue;
        uint32_t q = part_of(graph, now);
        if (graph->gain[now] >= graph->price[q] || way_is_used(graph, q))
            continue;
        graph->chosen[i] = PROBLEM_NONE;
        shift_along(graph, q);
        found++;
    }
    return found;
}

/* Paths that touch no part twice are independent of each other. */
static size_t shift_paths(struct graph *graph)
{
    memset(graph->is_used, 0, graph->n);
    size_t found = fill_room(graph);
    return found + push_out(graph);
}

/* -- the fixpoint -- */

struct queue { /* a ring over graph->queue */
    uint32_t head, n;
};

static void enqueue(struct graph *graph, struct queue *queue, uint32_t part)
{
    if (graph->is_queued[part] || graph->price[part] == UNREACHED)
        return;
    graph->is_queued[part] = 1;
    uint32_t tail = queue->head + queue->n++;
    graph->queue[tail < graph->n ? tail : tail - graph->n] = part;
}

static uint32_t dequeue(struct graph *graph, struct queue *queue)
{
    uint32_t part = graph->queue[queue->head];
    queue->head = queue->head + 1 == graph->n ? 0 : queue->head + 1;
    queue->n--;
    graph->is_queued[part] = 0;
    return part;
}

static void relax(struct graph *graph, struct queue *queue, uint32_t q)
{
    const struct row *row = &graph->rows[q];
    for (size_t e = 0; e < row->n; e++) {
        const struct edge *edge = &row->edges[e];
        int64_t price = graph->price[q] + edge->gain;
        if (price <= graph->price[edge->to])
            continue;
        graph->price[edge->to] = price;
        graph->via[edge->to] = edge->pair;
        graph->parent[edge->to] = q;
        enqueue(graph, queue, edge->to);
    }
}

/* Relaxes until nothing changes, first in first out; returns how many cycles of positive gain it
 * met and shifted on the way (then it stops at once). */
static size_t settle_labels(struct graph *graph, struct queue *queue)
{
    uint32_t patience = graph->n / 8 + 16, until_check = patience;
    while (queue->n) {
        relax(graph, queue, dequeue(graph, queue));
        if (--until_check && queue->n)
            continue;
        if (find_cycles(graph, 0)) {
            memset(graph->is_used, 0, graph->n);
            return find_cycles(graph, 1);
        }
        until_check = patience;
    }
    return 0;
}

/* Longest paths from the sources, from scratch: the least prices when there is no cycle. */
static size_t label_anew(struct graph *graph)
{
    struct queue queue = {0};
    build_sources(graph);
    memset(graph->is_queued, 0, graph->n);
    for (uint32_t p = 0; p < graph->n; p++)
        enqueue(graph, &queue, p);
    return settle_labels(graph, &queue);
}

/* Goes on with the labels there are, from the parts whose rows were built again and those that
 * still waited when the last cycle turned up. Labels may be too high now, so they are no prices;
 * but a cycle among their parents is still of positive gain, as long as no parent speaks of an edge
 * that is gone. */
static size_t label_on(struct graph *graph)
{
    struct queue queue = {0};
    for (uint32_t p = 0; p < graph->n; p++) {
        uint32_t parent = graph->parent[p];
        int is_waiting = graph->is_queued[p] || graph->is_used[p];
        if (graph->is_used[p] || (parent != PROBLEM_NONE && graph->is_used[parent]))
            graph->via[p] = graph->parent[p] = PROBLEM_NONE;
        graph->is_queued[p] = 0;
        if (is_waiting)
            enqueue(graph, &queue, p);
    }
    return settle_labels(graph, &queue);
}

/* One round of improvements; 0 = there is none, and the labels are the least prices. Cycles are
 * hunted with old labels first, which is quicker. */
static size_t improve(struct graph *graph, int is_first)
{
    build_rows(graph);
    size_t found = is_first ? 0 : label_on(graph);
    if (!found) {
        memset(graph->is_used, 0, graph->n);
        found = label_anew(graph);
    }
    return found ? found : shift_paths(graph);
}

static int person_prices(const struct graph *graph, int64_t *person_price, struct alm_error *err)
{
    const struct face *face = graph->face;
    for (uint32_t p = 0; p < graph->n; p++)
        if (graph->price[p] == UNREACHED)
            return err_set(err, ERR_INTERNAL, "pool %s: no price explains why it must be full",
                           face->problem->parts[p].pool->record.id);
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        int64_t most = face->must_place[i] ? INT64_MIN : 0;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t pair = face->pairs[at];
            int64_t left = graph->gain[pair] - graph->price[part_of(graph, pair)];
            most = left > most ? left : most;
        }
        person_price[i] = most;
    }
    return 0;
}

int prices_prove(const struct face *face, const int64_t *gain, uint32_t *chosen, int64_t most,
                 struct budget *budget, int64_t *part_price, int64_t *person_price,
                 struct alm_error *err)
{
    struct graph graph;
    int64_t done = 0;
    int proved = 1;
    graph_init(&graph, face, gain, chosen, part_price);
    for (size_t found = 1; found && proved;) {
        found = improve(&graph, done == 0);
        budget->work += (int64_t)found;
        done += (int64_t)found;
        proved = !found || (done < most && !budget_is_spent(budget));
    }
    if (proved && person_prices(&graph, person_price, err) < 0)
        proved = -1;
    for (uint32_t p = 0; !proved && p < graph.n; p++)
        if (part_price[p] == UNREACHED)
            part_price[p] = 0;
    graph_clear(&graph);
    return proved;
}

int64_t prices_bound(const struct face *face, const int64_t *gain, const int64_t *part_price)
{
    const struct problem *problem = face->problem;
    int64_t bound = 0;
    for (uint32_t p = 0; part_price && p < problem->n_parts; p++) {
        if (part_price[p] < 0 && !face->must_fill[p])
            continue;
        /* a part with more beds than people is never full: its price counts as 0 */
        if (problem->parts[p].capacity <= problem->n_people)
            bound += part_price[p] * problem->parts[p].capacity;
    }
    for (uint32_t i = 0; i < problem->n_people; i++) {
        int64_t most = face->must_place[i] ? INT64_MIN : 0;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            const struct problem_pair *pair = &problem->pairs[face->pairs[at]];
            int64_t price = part_price ? part_price[pair->part] : 0;
            if (problem->parts[pair->part].capacity > problem->n_people ||
                (price < 0 && !face->must_fill[pair->part]))
                price = 0;
            int64_t left = gain[face->pairs[at]] - price;
            most = left > most ? left : most;
        }
        bound += most;
    }
    return bound;
}

int64_t prices_value(const struct face *face, const int64_t *gain, const uint32_t *chosen)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            value += gain[chosen[i]];
    return value;
}
