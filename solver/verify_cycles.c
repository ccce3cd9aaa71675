/* verify_cycles.c - see verify_cycles.h.
 *
 * Components by Tarjan's algorithm (SIAM Journal on Computing 1, 1972), without recursion. Within a
 * component each node has a row of bits, the nodes that it leads to: an arc that tells nothing new
 * costs one look, one that does is handed to all that lead to it. */
#include "solver/verify_cycles.h"

#include "models/alloc.h"

#include <stdlib.h>

enum { WORD_BITS = 64 };

struct component {
    uint32_t first, n; /* its nodes: of verify_cycles.nodes */
    size_t words;      /* of a row; 0 = one node alone */
    uint64_t *rows;
};

struct verify_cycles {
    uint32_t *of, *place; /* by node: component, and place in it */
    uint32_t *nodes;      /* component after component */
    struct component *components;
    uint32_t n_components;
};

/* -- components -- */

struct search {
    struct verify_cycles *cycles;
    const struct verify_arc *arcs;
    size_t *first, *next;     /* by node: its arcs; the next one to follow */
    uint32_t *number, *least; /* 0 = not reached yet */
    uint32_t *open, n_open;   /* reached, and in no component yet */
    uint32_t *path, n_path;
    uint32_t n_reached, n_listed;
};

static int by_from(const void *a, const void *b)
{
    const struct verify_arc *one = a, *two = b;
    return (one->from > two->from) - (one->from < two->from);
}

static void reach(struct search *search, uint32_t node)
{
    search->number[node] = search->least[node] = ++search->n_reached;
    search->open[search->n_open++] = node;
    search->path[search->n_path++] = node;
}

/* The open nodes from this one on are a component. */
static void close_component(struct search *search, uint32_t node)
{
    struct verify_cycles *cycles = search->cycles;
    struct component *component = &cycles->components[cycles->n_components];
    uint32_t last;
    component->first = search->n_listed;
    do {
        last = search->open[--search->n_open];
        cycles->of[last] = cycles->n_components;
        cycles->place[last] = component->n++;
        cycles->nodes[search->n_listed++] = last;
        search->least[last] = UINT32_MAX; /* of no use to others any more */
    } while (last != node);
    cycles->n_components++;
}

static void lower(uint32_t *least, uint32_t to)
{
    *least = to < *least ? to : *least;
}

/* One arc of the last node of the path, or back from it. */
static void step(struct search *search)
{
    uint32_t node = search->path[search->n_path - 1];
    if (search->next[node] < search->first[node + 1]) {
        uint32_t to = search->arcs[search->next[node]++].to;
        if (!search->number[to])
            reach(search, to);
        else if (search->least[to] != UINT32_MAX)
            lower(&search->least[node], search->number[to]);
        return;
    }
    search->n_path--;
    uint32_t least = search->least[node];
    if (least == search->number[node])
        close_component(search, node);
    else
        lower(&search->least[search->path[search->n_path - 1]], least);
}

static void find_components(struct verify_cycles *cycles, size_t n, const struct verify_arc *arcs,
                            size_t n_arcs)
{
    struct search search = {.cycles = cycles, .arcs = arcs};
    search.first = alloc_zero(n + 1, sizeof *search.first);
    search.next = alloc_zero(n, sizeof *search.next);
    search.number = alloc_zero(n, sizeof *search.number);
    search.least = alloc_zero(n, sizeof *search.least);
    search.open = alloc_zero(n, sizeof *search.open);
    search.path = alloc_zero(n, sizeof *search.path);
    for (size_t a = 0; a < n_arcs; a++)
        search.first[arcs[a].from + 1]++;
    for (size_t node = 0; node < n; node++) {
        search.first[node + 1] += search.first[node];
        search.next[node] = search.first[node];
    }
    for (uint32_t node = 0; node < n; node++) {
        if (!search.number[node])
            reach(&search, node);
        while (search.n_path)
            step(&search);
    }
    free(search.first);
    free(search.next);
    free(search.number);
    free(search.least);
    free(search.open);
    free(search.path);
}

struct verify_cycles *verify_cycles_new(size_t n, struct verify_arc *arcs, size_t n_arcs)
{
    struct verify_cycles *cycles = alloc_zero(1, sizeof *cycles);
    cycles->of = alloc_zero(n, sizeof *cycles->of);
    cycles->place = alloc_zero(n, sizeof *cycles->place);
    cycles->nodes = alloc_zero(n, sizeof *cycles->nodes);
    cycles->components = alloc_zero(n, sizeof *cycles->components);
    if (n_arcs)
        qsort(arcs, n_arcs, sizeof *arcs, by_from);
    find_components(cycles, n, arcs, n_arcs);
    for (uint32_t c = 0; c < cycles->n_components; c++) {
        struct component *component = &cycles->components[c];
        component->words = component->n > 1 ? (component->n + WORD_BITS - 1) / WORD_BITS : 0;
        component->rows = alloc_zero(component->n * component->words, sizeof *component->rows);
    }
    return cycles;
}

void verify_cycles_free(struct verify_cycles *cycles)
{
    if (!cycles)
        return;
    for (uint32_t c = 0; c < cycles->n_components; c++)
        free(cycles->components[c].rows);
    free(cycles->of);
    free(cycles->place);
    free(cycles->nodes);
    free(cycles->components);
    free(cycles);
}

/* -- ways -- */

int verify_cycles_are_together(const struct verify_cycles *cycles, uint32_t a, uint32_t b)
{
    return cycles->of[a] == cycles->of[b];
}

static uint64_t *row_of(const struct component *component, uint32_t place)
{
    return component->rows + place * component->words;
}

static int has_bit(const uint64_t *row, uint32_t place)
{
    return row[place / WORD_BITS] >> place % WORD_BITS & 1;
}

int verify_cycles_leads(const struct verify_cycles *cycles, uint32_t from, uint32_t to)
{
    const struct component *component = &cycles->components[cycles->of[from]];
    return from == to || has_bit(row_of(component, cycles->place[from]), cycles->place[to]);
}

void verify_cycles_add(struct verify_cycles *cycles, uint32_t from, uint32_t to)
{
    const struct component *component = &cycles->components[cycles->of[from]];
    uint32_t at = cycles->place[from], next = cycles->place[to];
    if (!verify_cycles_are_together(cycles, from, to) || verify_cycles_leads(cycles, from, to))
        return;
    const uint64_t *ahead = row_of(component, next);
    for (uint32_t place = 0; place < component->n; place++) {
        uint64_t *row = row_of(component, place);
        if (place != at && !has_bit(row, at))
            continue;
        for (size_t w = 0; w < component->words; w++)
            row[w] |= ahead[w];
        row[next / WORD_BITS] |= UINT64_C(1) << next % WORD_BITS;
    }
}
