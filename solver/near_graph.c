/* near_graph.c - see near.h: lists of near pairs put in order, and the graph that links them. Pairs
 * are numbered by person, then part, so their numbers are the order of every list. */
#include "solver/near.h"

#include "models/alloc.h"
#include "solver/near_inside.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

void near_list_clear(struct near_list *list)
{
    free(list->pairs);
    *list = (struct near_list){0};
}

void near_list_append(struct near_list *list, struct near_list *more)
{
    if (!list->n && !list->room) {
        *list = *more;
        *more = (struct near_list){0};
        return;
    }
    if (list->n + more->n > list->room) {
        list->room = list->n + more->n;
        list->pairs = alloc_resize(list->pairs, list->room, sizeof *list->pairs);
    }
    if (more->n)
        memcpy(list->pairs + list->n, more->pairs, more->n * sizeof *list->pairs);
    list->n += more->n;
    near_list_clear(more);
}

/* One pass of a sort by the digits of the pairs' numbers. */
static void sort_by_digit(const struct near_pair *from, size_t n, unsigned shift,
                          struct near_pair *to)
{
    uint32_t first[DIGITS + 1] = {0};
    for (size_t at = 0; at < n; at++)
        first[(from[at].pair >> shift) % DIGITS + 1]++;
    for (uint32_t digit = 0; digit < DIGITS; digit++)
        first[digit + 1] += first[digit];
    for (size_t at = 0; at < n; at++)
        to[first[(from[at].pair >> shift) % DIGITS]++] = from[at];
}

static void sort(struct near_list *list)
{
    struct near_pair *other = alloc_resize(NULL, list->n + 1, sizeof *other);
    uint32_t most = 0;
    for (size_t at = 0; at < list->n; at++)
        most = list->pairs[at].pair > most ? list->pairs[at].pair : most;
    for (unsigned shift = 0; shift < 32 && most >> shift; shift += DIGIT_BITS) {
        struct near_pair *sorted = other;
        sort_by_digit(list->pairs, list->n, shift, sorted);
        other = list->pairs;
        list->pairs = sorted;
    }
    list->room = list->n + 1;
    free(other);
}

void near_list_merge(struct near_list *list, struct near_list *more)
{
    size_t from = list->n, at = more->n, to = from + at;
    if (!more->n)
        return;
    sort(more);
    if (to > list->room) {
        list->room = to;
        list->pairs = alloc_resize(list->pairs, to, sizeof *list->pairs);
    }
    list->n = to;
    while (at) /* from the end, so that nothing is moved before it is read */
        if (from && list->pairs[from - 1].pair > more->pairs[at - 1].pair)
            list->pairs[--to] = list->pairs[--from];
        else
            list->pairs[--to] = more->pairs[--at];
}

void near_graph_init(struct near_graph *graph, const struct problem *problem)
{
    *graph = (struct near_graph){.problem = problem};
    graph->of_person = alloc_zero((size_t)problem->n_people + 2, sizeof(uint32_t));
    graph->of_part = alloc_zero((size_t)problem->n_parts + 2, sizeof(uint32_t));
}

void near_graph_clear(struct near_graph *graph)
{
    near_list_clear(&graph->list);
    free(graph->of_person);
    free(graph->of_part);
    free(graph->steps);
}

static void by_person(struct near_graph *graph)
{
    const struct near_list *list = &graph->list;
    uint32_t n_people = graph->problem->n_people, *first = graph->of_person, person = 0;
    for (size_t at = 0; at < list->n; at++)
        while (person <= list->pairs[at].person)
            first[person++] = (uint32_t)at;
    while (person <= n_people)
        first[person++] = (uint32_t)list->n;
}

static void by_part(struct near_graph *graph)
{
    const struct near_list *list = &graph->list;
    uint32_t n_parts = graph->problem->n_parts, *first = graph->of_part;
    memset(first, 0, ((size_t)n_parts + 2) * sizeof(uint32_t));
    for (size_t at = 0; at < list->n; at++)
        first[list->pairs[at].part + 2]++;
    for (uint32_t p = 0; p <= n_parts; p++)
        first[p + 1] += first[p];
    graph->steps = alloc_resize(graph->steps, list->n + 1, sizeof *graph->steps);
    for (size_t at = 0; at < list->n; at++) {
        const struct near_pair *pair = &list->pairs[at];
        graph->steps[first[pair->part + 1]++] = (struct near_step){pair->gain, pair->person};
    }
}

void near_graph_take(struct near_graph *graph, struct near_list *list)
{
    near_list_clear(&graph->list);
    graph->list = *list;
    *list = (struct near_list){0};
    by_person(graph);
    by_part(graph);
}

/* From the end, so that nothing is moved before it is read. */
static void merge_by_person(struct near_graph *graph, const struct near_list *more)
{
    struct near_pair *pairs = graph->list.pairs;
    size_t from = graph->list.n, to = graph->list.n + more->n, at = more->n;
    for (uint32_t i = graph->problem->n_people; i-- > 0 && at;) {
        uint32_t first = graph->of_person[i];
        graph->of_person[i + 1] = (uint32_t)to;
        while (at && more->pairs[at - 1].person == i) {
            while (from > first && pairs[from - 1].pair > more->pairs[at - 1].pair)
                pairs[--to] = pairs[--from];
            pairs[--to] = more->pairs[--at];
        }
        memmove(&pairs[to - (from - first)], &pairs[first], (from - first) * sizeof *pairs);
        to -= from - first;
        from = first;
    }
    graph->list.n += more->n;
}

/* Those of a part come after those that it had. */
static void add_by_part(struct near_graph *graph, const struct near_list *more)
{
    uint32_t n_parts = graph->problem->n_parts, *first = graph->of_part;
    uint32_t *n_more = alloc_zero((size_t)n_parts + 1, sizeof *n_more);
    size_t to = graph->list.n;
    graph->steps = alloc_resize(graph->steps, to + 1, sizeof *graph->steps);
    for (size_t at = 0; at < more->n; at++)
        n_more[more->pairs[at].part]++;
    for (uint32_t p = n_parts, end = first[n_parts]; p-- > 0;) {
        uint32_t n = end - first[p];
        first[p + 1] = (uint32_t)to;
        to -= n_more[p] + n;
        memmove(&graph->steps[to], &graph->steps[first[p]], n * sizeof *graph->steps);
        end = first[p];
    }
    for (size_t at = more->n; at-- > 0;) {
        const struct near_pair *pair = &more->pairs[at];
        uint32_t place = first[pair->part + 1] - n_more[pair->part]--;
        graph->steps[place] = (struct near_step){pair->gain, pair->person};
    }
    free(n_more);
}

void near_graph_add(struct near_graph *graph, const struct near_list *more)
{
    struct near_list *list = &graph->list;
    if (list->n + more->n > list->room) {
        list->room = list->n + more->n;
        list->pairs = alloc_resize(list->pairs, list->room, sizeof *list->pairs);
    }
    merge_by_person(graph, more);
    add_by_part(graph, more);
}
