/* prices.c - see prices.h.
 *
 * Owns the graph of one stage: its nodes are the parts; an edge q -> p is the best gain among the
 * people assigned to q when they move to p. Longest paths from the sources (room in a part that
 * need not be full; an unplaced person) are the least prices; a cycle of positive gain has no
 * longest path and is an improvement. */
#include "solver/prices.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

#define UNREACHED INT64_MIN

struct edge {
    uint32_t to, pair; /* the pair that the mover gets */
    int64_t gain;
};

struct graph {
    const struct face *face;
    const int64_t *gain;
    uint32_t *chosen;
    uint32_t n;
    uint32_t *first_member, *members; /* people by part */
    uint32_t *first_edge;             /* n + 1 */
    struct edge *edges;
    size_t n_edges, room_edges;
    int64_t *price;
    uint32_t *via;    /* pair whose person comes in on the longest path; PROBLEM_NONE = room */
    uint32_t *parent; /* the part that this person leaves; PROBLEM_NONE = a source */
    uint32_t *scratch, *queue;
    unsigned char *mark;
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
    graph->first_member = alloc_zero(n + 1, sizeof(uint32_t));
    graph->members = alloc_zero((size_t)face->problem->n_people + 1, sizeof(uint32_t));
    graph->first_edge = alloc_zero(n, sizeof(uint32_t));
    graph->via = alloc_zero(n, sizeof(uint32_t));
    graph->parent = alloc_zero(n, sizeof(uint32_t));
    graph->scratch = alloc_zero(n, sizeof(uint32_t));
    graph->queue = alloc_zero(n, sizeof(uint32_t));
    graph->mark = alloc_zero(n, 1);
}

static void graph_clear(struct graph *graph)
{
    free(graph->first_member);
    free(graph->members);
    free(graph->first_edge);
    free(graph->edges);
    free(graph->via);
    free(graph->parent);
    free(graph->scratch);
    free(graph->queue);
    free(graph->mark);
}

static void build_members(struct graph *graph)
{
    uint32_t n_people = graph->face->problem->n_people;
    memset(graph->first_member, 0, ((size_t)graph->n + 2) * sizeof(uint32_t));
    for (uint32_t i = 0; i < n_people; i++)
        if (graph->chosen[i] != PROBLEM_NONE)
            graph->first_member[part_of(graph, graph->chosen[i]) + 2]++;
    for (uint32_t p = 0; p < graph->n; p++)
        graph->first_member[p + 2] += graph->first_member[p + 1];
    for (uint32_t i = 0; i < n_people; i++)
        if (graph->chosen[i] != PROBLEM_NONE)
            graph->members[graph->first_member[part_of(graph, graph->chosen[i]) + 1]++] = i;
}

static uint32_t n_members(const struct graph *graph, uint32_t part)
{
    return graph->first_member[part + 1] - graph->first_member[part];
}

/* scratch[p] = 1 + number of the edge from the part at hand to p, when it lies behind first_edge.
 */
static void add_edge(struct graph *graph, uint32_t from, uint32_t pair, int64_t gain)
{
    uint32_t to = part_of(graph, pair), known = graph->scratch[to];
    if (to == from)
        return;
    if (known > graph->first_edge[from] && known <= graph->n_edges) {
        struct edge *edge = &graph->edges[known - 1];
        if (gain > edge->gain)
            *edge = (struct edge){to, pair, gain};
        return;
    }
    ALLOC_GROW(graph->edges, graph->n_edges, graph->room_edges);
    graph->edges[graph->n_edges++] = (struct edge){to, pair, gain};
    graph->scratch[to] = (uint32_t)graph->n_edges;
}

static void build_edges(struct graph *graph)
{
    const struct face *face = graph->face;
    graph->n_edges = 0;
    memset(graph->scratch, 0, (size_t)graph->n * sizeof(uint32_t));
    for (uint32_t q = 0; q < graph->n; q++) {
        graph->first_edge[q] = (uint32_t)graph->n_edges;
        for (uint32_t m = graph->first_member[q]; m < graph->first_member[q + 1]; m++) {
            uint32_t i = graph->members[m];
            int64_t now = graph->gain[graph->chosen[i]];
            for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++)
                add_edge(graph, q, face->pairs[at], graph->gain[face->pairs[at]] - now);
        }
    }
    graph->first_edge[graph->n] = (uint32_t)graph->n_edges;
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

/* -- improvements -------------------------------------------------------------------------------
 */

/* Was a part on the way back from `part` (itself included), or the person at its beginning, used?
 */
static int way_is_used(const struct graph *graph, uint32_t part)
{
    for (;;) {
        if (graph->mark[part])
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
    while (part != PROBLEM_NONE && !graph->mark[part]) {
        uint32_t pair = graph->via[part];
        graph->mark[part] = 1;
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

static size_t shift_cycles(struct graph *graph)
{
    memset(graph->mark, 0, graph->n);
    return find_cycles(graph, 1);
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
    for (uint32_t m = 0; m < graph->first_member[graph->n]; m++) {
        uint32_t i = graph->members[m], now = graph->chosen[i];
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
    memset(graph->mark, 0, graph->n);
    size_t found = fill_room(graph);
    return found + push_out(graph);
}

/* -- the fixpoint -------------------------------------------------------------------------------
 */

static uint32_t relax(struct graph *graph, uint32_t q, uint32_t tail)
{
    for (uint32_t e = graph->first_edge[q]; e < graph->first_edge[q + 1]; e++) {
        const struct edge *edge = &graph->edges[e];
        int64_t price = graph->price[q] + edge->gain;
        if (price <= graph->price[edge->to])
            continue;
        graph->price[edge->to] = price;
        graph->via[edge->to] = edge->pair;
        graph->parent[edge->to] = q;
        if (!graph->mark[edge->to]) {
            graph->mark[edge->to] = 1;
            graph->queue[tail] = edge->to;
            tail = tail + 1 == graph->n ? 0 : tail + 1;
        }
    }
    return tail;
}

/* Longest paths to all parts, first in first out; 0 when a cycle of positive gain turned up. */
static int longest_paths(struct graph *graph)
{
    uint32_t head = 0, tail = 0, waiting = 0, until_check = graph->n;
    memset(graph->mark, 0, graph->n);
    for (uint32_t p = 0; p < graph->n; p++) {
        if (graph->price[p] == UNREACHED)
            continue;
        graph->mark[p] = 1;
        graph->queue[tail++] = p;
        waiting++;
    }
    tail = tail == graph->n ? 0 : tail;
    while (waiting) {
        uint32_t q = graph->queue[head], before = tail;
        head = head + 1 == graph->n ? 0 : head + 1;
        graph->mark[q] = 0;
        tail = relax(graph, q, tail);
        waiting += (tail + graph->n - before) % graph->n;
        waiting--;
        if (--until_check)
            continue;
        if (find_cycles(graph, 0))
            return 0;
        until_check = graph->n;
    }
    return 1;
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

int prices_prove(const struct face *face, const int64_t *gain, uint32_t *chosen,
                 struct budget *budget, int64_t *part_price, int64_t *person_price,
                 struct alm_error *err)
{
    struct graph graph;
    size_t found = 1;
    int proved = 1;
    graph_init(&graph, face, gain, chosen, part_price);
    while (found && proved) {
        build_members(&graph);
        build_edges(&graph);
        build_sources(&graph);
        found = longest_paths(&graph) ? shift_paths(&graph) : shift_cycles(&graph);
        budget->work += (int64_t)found;
        proved = !found || !budget_is_spent(budget);
    }
    if (proved && person_prices(&graph, person_price, err) < 0)
        proved = -1;
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
