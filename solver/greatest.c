/* greatest.c - see greatest.h.
 *
 * By the least prices u and v every pair has a slack v + u - gain, never below zero, and 0 where
 * somebody is. One bed fewer in p: somebody there goes elsewhere, at the cost of the slack of that
 * pair, pushes somebody out there, and so on to a spare bed (which costs nothing) or to a newcomer
 * who is left without a place (who costs their own price). The cheapest such way, Dijkstra from the
 * ends backward over vectors, comes on top of u. */
#include "solver/greatest.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/greatest_inside.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_WAYS = 1024 };

/* What a part costs that is not asked about: more than any that is, and no sum with it overflows.
 * Real costs stay below COST_MOST, packed ones since each is of a few packed numbers, vectors by
 * the bound of problem_new. */
#define OUT_OF_REACH (INT64_C(1) << 62)
#define COST_MOST (INT64_C(1) << 61)

struct way { /* somebody may leave one part for another */
    uint32_t from, to;
};

struct way_list {
    struct way *ways;
    int64_t *cost; /* n each */
    size_t n, room;
};

struct search {
    struct greatest_round round;
    int64_t *loss;        /* by part: what a bed less costs beyond its price, COST_MOST or less */
    int64_t *spare_price; /* by part: out of reach where no bed is spare */
    int64_t *full_price;  /* the same where one is */
    uint32_t *first_in;   /* by part: the ways into it that may be of use, */
    uint32_t *from;       /* whence, */
    int64_t *step;        /* and at what cost */
    unsigned char *is_final; /* by part: it has a spare bed, or its loss is known */
    uint32_t n_final;        /* parts with spare beds */
    /* Parts that have been reached, by cost, then by who would go: nobody first, then whoever comes
     * last in the order of ties. place: 1 + index in the heap; 0 = not reached. */
    uint32_t *heap, *place;
    uint32_t n_heap;
    int is_beyond; /* a packed cost was too great to be told from others */
};

static uint32_t part_of(const struct search *search, uint32_t pair)
{
    return search->round.problem->pairs[pair].part;
}

/* Where the person is; PROBLEM_NONE = nowhere. */
static uint32_t part_of_person(const struct search *search, uint32_t person)
{
    uint32_t pair = search->round.chosen[person];
    return pair == PROBLEM_NONE ? PROBLEM_NONE : part_of(search, pair);
}

static void search_init(struct search *search)
{
    size_t n_parts = search->round.problem->n_parts, parts = n_parts + 1, size = search->round.size;
    search->loss = alloc_zero(parts * size, sizeof(int64_t));
    search->is_final = alloc_zero(parts, 1);
    search->heap = alloc_zero(parts, sizeof(uint32_t));
    search->place = alloc_zero(parts, sizeof(uint32_t));
    search->spare_price = alloc_copy(search->round.price, parts * size, sizeof(int64_t));
    search->full_price = alloc_copy(search->round.price, parts * size, sizeof(int64_t));
}

static void search_clear(struct search *search)
{
    free(search->loss);
    free(search->spare_price);
    free(search->full_price);
    free(search->first_in);
    free(search->from);
    free(search->step);
    free(search->is_final);
    free(search->heap);
    free(search->place);
}

/* -- the heap -- */

/* Nobody is better than somebody, a later person better than an earlier one. */
static int64_t end_rank(const struct search *search, uint32_t last)
{
    return last == PROBLEM_NONE ? INT64_MIN : -(int64_t)search->round.tie_rank[last];
}

static int is_before(const struct search *search, uint32_t a, uint32_t b)
{
    const uint32_t *last = search->round.found->last;
    size_t size = search->round.size;
    int compared = greatest_compare(&search->loss[a * size], &search->loss[b * size], size);
    if (compared)
        return compared < 0;
    int64_t one = end_rank(search, last[a]), two = end_rank(search, last[b]);
    return one != two ? one < two : a < b;
}

static void heap_put(struct search *search, uint32_t at, uint32_t part)
{
    search->heap[at] = part;
    search->place[part] = at + 1;
}

static void heap_rise(struct search *search, uint32_t part)
{
    if (!search->place[part])
        heap_put(search, search->n_heap++, part);
    uint32_t at = search->place[part] - 1;
    while (at && is_before(search, part, search->heap[(at - 1) / 2])) {
        heap_put(search, at, search->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_put(search, at, part);
}

static uint32_t heap_pop(struct search *search)
{
    uint32_t top = search->heap[0], moved = search->heap[--search->n_heap], at = 0;
    while (2 * at + 1 < search->n_heap) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < search->n_heap &&
            is_before(search, search->heap[child + 1], search->heap[child]))
            child++;
        if (is_before(search, moved, search->heap[child]))
            break;
        heap_put(search, at, search->heap[child]);
        at = child;
    }
    heap_put(search, at, moved);
    return top;
}

/* -- one bed fewer -- */

/* Is a way of that cost, at whose end `last` goes, better than what the part has? */
static int is_better(const struct search *search, uint32_t part, const int64_t *cost, uint32_t last)
{
    size_t size = search->round.size;
    int compared = greatest_compare(cost, &search->loss[part * size], size);
    if (compared)
        return compared < 0;
    return end_rank(search, last) < end_rank(search, search->round.found->last[part]);
}

static void reach(struct search *search, uint32_t part, const int64_t *cost, uint32_t last)
{
    if (!is_better(search, part, cost, last))
        return;
    greatest_copy(cost, search->round.size, &search->loss[part * search->round.size]);
    search->round.found->last[part] = last;
    search->round.found->is_known[part] = 1;
    heap_rise(search, part);
}

/* Where a bed is spare nothing is lost, and it cannot be less. */
static void find_spare(struct search *search)
{
    const struct problem *problem = search->round.problem;
    size_t size = search->round.size;
    uint32_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (search->round.chosen[i] != PROBLEM_NONE)
            used[part_of(search, search->round.chosen[i])]++;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        int is_spare = used[p] < problem->parts[p].capacity;
        search->is_final[p] = search->round.found->is_known[p] = (unsigned char)is_spare;
        search->n_final += (uint32_t)is_spare;
        (is_spare ? search->full_price : search->spare_price)[p * size] = OUT_OF_REACH;
        search->loss[p * size] = is_spare ? 0 : COST_MOST;
    }
    free(used);
}

/* Newcomers who would be left without a place. */
static void reach_ends(struct search *search)
{
    const struct greatest_round *round = &search->round;
    for (uint32_t i = 0; i < round->problem->n_people; i++) {
        uint32_t part = part_of_person(search, i);
        if (part == PROBLEM_NONE || search->is_final[part] ||
            round->problem->people[i].stay_pair != PROBLEM_NONE)
            continue;
        const int64_t *price = &round->person_price[i * round->n];
        int64_t number = round->packed ? packed_join(round->packed, price) : 0;
        reach(search, part, round->packed ? &number : price, i);
    }
}

/* -- who could go where -- */

/* Where somebody is who could be elsewhere, and who would leave no bed spare that is not needed;
 * PROBLEM_NONE = they are not. */
static uint32_t part_of_mover(const struct search *search, uint32_t person)
{
    uint32_t from = part_of_person(search, person);
    if (from == PROBLEM_NONE || search->is_final[from] ||
        search->round.problem->people[person].n_pairs < 2)
        return PROBLEM_NONE;
    return from;
}

static void add_way(struct way_list *list, struct way way, const int64_t *cost, size_t size)
{
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : FEW_WAYS;
        list->ways = alloc_resize(list->ways, list->room, sizeof *list->ways);
        list->cost = alloc_resize(list->cost, list->room * size, sizeof *list->cost);
    }
    greatest_copy(cost, size, &list->cost[list->n * size]);
    list->ways[list->n++] = way;
}

struct steps { /* of stretches of people */
    const struct search *search;
    struct stretch {
        int64_t *to_spare; /* by part: the least at which somebody goes to a spare bed */
        struct way_list list;
        uint32_t *known; /* of is_kept; NULL = all ways are kept */
    } stretches[SLICES_MAX];
};

/* Where parts are few and people many only the cheapest way from one part to another is kept:
 * `known` is 1 + its place in the list, by both. */
static int is_kept(const struct search *search, struct way way, const int64_t *cost,
                   struct stretch *stretch)
{
    uint32_t *at = &stretch->known[(size_t)way.from * search->round.problem->n_parts + way.to];
    size_t size = search->round.size;
    if (*at == 0) {
        *at = (uint32_t)stretch->list.n + 1;
        return 0;
    }
    int64_t *kept = &stretch->list.cost[(*at - 1) * size];
    if (greatest_compare(cost, kept, size) < 0)
        greatest_copy(cost, size, kept);
    return 1;
}

/* To a spare bed at once: nearly all that matters where there are many. */
static inline void look_for_spare(const struct search *search, const struct greatest_mover *mover,
                                  size_t size, int64_t *least)
{
    int64_t cost[OBJECTIVE_COUNT];
    for (uint32_t pair = mover->first; pair < mover->end; pair++) {
        greatest_step_cost(&search->round, mover, pair, search->spare_price, size, cost);
        if (greatest_compare(cost, least, size) < 0)
            greatest_copy(cost, size, least);
    }
}

/* No place costs less than nothing: a way that costs more than the part loses without it is of no
 * use. */
static inline void list_ways_of(const struct search *search, const struct greatest_mover *mover,
                                uint32_t from, size_t size, struct stretch *stretch)
{
    const int64_t *most = &search->loss[from * size], *other = &stretch->to_spare[from * size];
    int64_t cost[OBJECTIVE_COUNT];
    if (greatest_compare(other, most, size) < 0)
        most = other;
    for (uint32_t pair = mover->first; pair < mover->end; pair++) {
        greatest_step_cost(&search->round, mover, pair, search->full_price, size, cost);
        if (greatest_compare(cost, most, size) > 0)
            continue;
        const struct way way = {from, part_of(search, pair)};
        if (way.to != from && !(stretch->known && is_kept(search, way, cost, stretch)))
            add_way(&stretch->list, way, cost, size);
    }
}

/* `size` is that of the round: where it is known to be 1, the compiler can make use of it. */
static inline void look_at_people(const struct search *search, size_t size, size_t first,
                                  size_t end, struct stretch *stretch)
{
    struct greatest_mover mover;
    for (uint32_t i = (uint32_t)first; i < end; i++) {
        uint32_t from = part_of_mover(search, i);
        if (from == PROBLEM_NONE)
            continue;
        greatest_mover_init(&mover, &search->round, i);
        if (search->n_final)
            look_for_spare(search, &mover, size, &stretch->to_spare[from * size]);
        list_ways_of(search, &mover, from, size, stretch);
    }
}

static void look_at_stretch(void *context, size_t slice, size_t first, size_t end)
{
    struct steps *steps = context;
    const struct search *search = steps->search;
    const struct problem *problem = search->round.problem;
    struct stretch stretch = {0};
    size_t size = search->round.size, n_parts = problem->n_parts;
    stretch.to_spare = alloc_zero(n_parts * size, sizeof(int64_t));
    for (size_t p = 0; p < n_parts; p++)
        stretch.to_spare[p * size] = COST_MOST;
    if (n_parts * n_parts < problem->n_pairs)
        stretch.known = alloc_zero(n_parts * n_parts, sizeof(uint32_t));
    if (size == 1)
        look_at_people(search, 1, first, end, &stretch);
    else
        look_at_people(search, size, first, end, &stretch);
    free(stretch.known);
    steps->stretches[slice] = stretch;
}

static void reach_spare_beds(struct search *search, struct stretch *stretch)
{
    size_t size = search->round.size;
    for (uint32_t p = 0; p < search->round.problem->n_parts; p++)
        if (stretch->to_spare[p * size] < COST_MOST)
            reach(search, p, &stretch->to_spare[p * size], PROBLEM_NONE);
    free(stretch->to_spare);
}

/* What is known by now of the part that is left may have made a way useless. */
static void drop_useless(const struct search *search, struct way_list *list)
{
    size_t n = 0, size = search->round.size;
    for (size_t w = 0; w < list->n; w++) {
        const int64_t *cost = &list->cost[w * size];
        if (greatest_compare(cost, &search->loss[list->ways[w].from * size], size) > 0)
            continue;
        greatest_copy(cost, size, &list->cost[n * size]);
        list->ways[n++] = list->ways[w];
    }
    list->n = n;
}

/* Counting sort of the ways, by the part they lead to. */
static void sort_ways(struct search *search, struct stretch *stretches, size_t n_stretches)
{
    size_t n_parts = search->round.problem->n_parts, size = search->round.size, n_ways = 0;
    uint32_t *first = alloc_zero(n_parts + 1, sizeof(uint32_t));
    for (size_t s = 0; s < n_stretches; n_ways += stretches[s++].list.n)
        for (size_t w = 0; w < stretches[s].list.n; w++)
            first[stretches[s].list.ways[w].to]++;
    for (uint32_t p = 0, sum = 0; p <= n_parts; p++)
        first[p] = sum += first[p];
    search->from = alloc_resize(NULL, n_ways + 1, sizeof(uint32_t));
    search->step = alloc_resize(NULL, (n_ways + 1) * size, sizeof(int64_t));
    for (size_t s = n_stretches; s-- > 0;) {
        const struct way_list *list = &stretches[s].list;
        for (size_t w = list->n; w-- > 0;) {
            uint32_t at = --first[list->ways[w].to];
            search->from[at] = list->ways[w].from;
            greatest_copy(&list->cost[w * size], size, &search->step[at * size]);
        }
        free(list->ways);
        free(list->cost);
    }
    search->first_in = first;
}

static void find_ways(struct search *search)
{
    const struct problem *problem = search->round.problem;
    struct steps steps = {.search = search};
    size_t n_slices = slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS);
    slices_run(problem->n_people, n_slices, look_at_stretch, &steps);
    for (size_t s = 0; s < n_slices; s++)
        reach_spare_beds(search, &steps.stretches[s]);
    for (size_t s = 0; s < n_slices; s++)
        drop_useless(search, &steps.stretches[s].list);
    sort_ways(search, steps.stretches, n_slices);
}

/* -- one bed fewer, along such ways -- */

/* Somebody of another part may come here, once a place here costs `loss`. */
static void reach_back(struct search *search, uint32_t way, uint32_t to)
{
    uint32_t from = search->from[way];
    size_t size = search->round.size;
    const int64_t *onward = &search->loss[to * size], *step = &search->step[way * size];
    int64_t cost[OBJECTIVE_COUNT];
    for (size_t k = 0; k < size; k++)
        cost[k] = onward[k] + step[k];
    if (greatest_compare(cost, &search->loss[from * size], size) > 0)
        search->is_beyond |= search->loss[from * size] == COST_MOST;
    else if (!search->is_final[from])
        reach(search, from, cost, search->round.found->last[to]);
}

/* On top of the price. 0 = one is beyond what a packed number can tell. */
static int write_losses(const struct search *search)
{
    const struct greatest_round *round = &search->round;
    size_t size = round->size;
    int fits = !search->is_beyond;
    for (uint32_t p = 0; p < round->problem->n_parts && fits; p++) {
        int64_t *loss = &round->found->loss[p * round->n];
        if (!round->found->is_known[p])
            continue;
        for (size_t k = 0; k < size; k++)
            loss[k] = search->loss[p * size + k] + round->price[p * size + k];
        fits = !round->packed || packed_split(round->packed, *loss, loss);
    }
    return fits;
}

/* 0 = the losses do not fit into packed numbers; nothing is said then. */
static int find_losses(const struct greatest_round *round)
{
    struct search search = {.round = *round};
    search_init(&search);
    find_spare(&search);
    reach_ends(&search);
    find_ways(&search);
    while (search.n_heap) {
        uint32_t to = heap_pop(&search);
        search.is_final[to] = 1;
        for (uint32_t at = search.first_in[to]; at < search.first_in[to + 1]; at++)
            reach_back(&search, at, to);
    }
    int fits = write_losses(&search);
    search_clear(&search);
    return fits;
}

static void set_prices(struct greatest_round *round)
{
    size_t n_parts = round->problem->n_parts;
    round->size = round->packed ? 1 : round->n;
    free(round->price);
    round->price = alloc_zero((n_parts + 1) * round->size, sizeof(int64_t));
    for (size_t p = 0; p < n_parts; p++) {
        const int64_t *price = &round->part_price[p * round->n];
        if (round->packed)
            round->price[p] = packed_join(round->packed, price);
        else
            greatest_copy(price, round->n, &round->price[p * round->n]);
    }
}

void greatest_blank(struct greatest *greatest, const struct problem *problem)
{
    size_t parts = (size_t)problem->n_parts + 1;
    greatest->loss = alloc_zero(parts * (problem->n_objectives + 1), sizeof(int64_t));
    greatest->is_known = alloc_zero(parts, 1);
    greatest->last = alloc_zero(parts, sizeof(uint32_t));
    greatest->next = alloc_zero(parts, sizeof(uint32_t));
    memset(greatest->last, 0xff, parts * sizeof(uint32_t));
    memset(greatest->next, 0xff, parts * sizeof(uint32_t));
}

void greatest_init(struct greatest *greatest, const struct problem *problem, const uint32_t *chosen,
                   const int64_t *part_price, const int64_t *person_price)
{
    struct packed packed;
    uint32_t *tie_rank = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    struct greatest_round round = {.problem = problem,
                                   .chosen = chosen,
                                   .part_price = part_price,
                                   .person_price = person_price,
                                   .n = problem->n_objectives,
                                   .tie_rank = tie_rank,
                                   .found = greatest};
    for (uint32_t i = 0; i < problem->n_people; i++)
        tie_rank[problem->tie_order[i]] = i;
    greatest_blank(greatest, problem);
    round.packed = packed_init(&packed, problem, part_price) ? &packed : NULL;
    set_prices(&round);
    if (!find_losses(&round)) {
        greatest_clear(greatest);
        greatest_blank(greatest, problem);
        round.packed = NULL;
        set_prices(&round);
        find_losses(&round);
    }
    greatest_find_next(&round);
    free(round.price);
    free(tie_rank);
}

void greatest_clear(struct greatest *greatest)
{
    free(greatest->loss);
    free(greatest->is_known);
    free(greatest->last);
    free(greatest->next);
}
