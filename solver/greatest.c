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

struct way { /* somebody may leave `from` by this pair */
    uint32_t from, pair;
};

struct way_list {
    struct way *ways;
    size_t n, room;
};

struct search {
    struct greatest_round round;
    uint32_t *first_in; /* by part: the ways into it that may be of use */
    struct way *ways_in;
    unsigned char *is_final; /* by part: it has a spare bed, or its loss is known */
    uint32_t n_final;        /* parts with spare beds */
    /* Parts that have been reached, by cost, then by who would go: nobody first, then whoever comes
     * last in the order of ties. place: 1 + index in the heap; 0 = not reached. */
    uint32_t *heap, *place;
    uint32_t n_heap;
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
    size_t parts = (size_t)search->round.problem->n_parts + 1;
    search->is_final = alloc_zero(parts, 1);
    search->heap = alloc_zero(parts, sizeof(uint32_t));
    search->place = alloc_zero(parts, sizeof(uint32_t));
}

static void search_clear(struct search *search)
{
    free(search->first_in);
    free(search->ways_in);
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
    const struct greatest *found = search->round.found;
    for (size_t k = 0; k < search->round.n; k++) {
        int64_t one = found->loss[a * search->round.n + k],
                two = found->loss[b * search->round.n + k];
        if (one != two)
            return one < two;
    }
    int64_t one = end_rank(search, found->last[a]), two = end_rank(search, found->last[b]);
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
    const int64_t *known = &search->round.found->loss[part * search->round.n];
    if (!search->place[part])
        return 1;
    for (size_t k = 0; k < search->round.n; k++)
        if (cost[k] != known[k])
            return cost[k] < known[k];
    return end_rank(search, last) < end_rank(search, search->round.found->last[part]);
}

static void reach(struct search *search, uint32_t part, const int64_t *cost, uint32_t last)
{
    if (!is_better(search, part, cost, last))
        return;
    memcpy(&search->round.found->loss[part * search->round.n], cost,
           search->round.n * sizeof(int64_t));
    search->round.found->last[part] = last;
    search->round.found->is_known[part] = 1;
    heap_rise(search, part);
}

/* Where a bed is spare nothing is lost, and it cannot be less. */
static void reach_ends(struct search *search)
{
    const struct problem *problem = search->round.problem;
    uint32_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (search->round.chosen[i] != PROBLEM_NONE)
            used[part_of(search, search->round.chosen[i])]++;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        search->is_final[p] = used[p] < problem->parts[p].capacity;
        search->round.found->is_known[p] = search->is_final[p];
        search->n_final += search->is_final[p];
    }
    free(used);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t part = part_of_person(search, i);
        if (part != PROBLEM_NONE && !search->is_final[part] &&
            problem->people[i].stay_pair == PROBLEM_NONE)
            reach(search, part, &search->round.person_price[i * search->round.n], i);
    }
}

/* -- who could go where -- */

struct mover { /* somebody with a bed: what their pair costs, and what another one may cost */
    int64_t own[OBJECTIVE_COUNT], most[OBJECTIVE_COUNT];
};

/* No place costs less than nothing: a way that costs more than the part loses without it is of no
 * use. */
static void mover_init(struct mover *mover, const struct search *search, uint32_t person,
                       uint32_t from)
{
    const int64_t *known = &search->round.found->loss[from * search->round.n];
    for (size_t k = 0; k < search->round.n; k++) {
        mover->own[k] = greatest_pair_cost(&search->round, search->round.chosen[person], k);
        mover->most[k] = search->place[from] ? known[k] + mover->own[k] : INT64_MAX;
    }
}

static int is_of_use(const struct search *search, const struct mover *mover, uint32_t pair)
{
    for (size_t k = 0; k < search->round.n; k++) {
        int64_t cost = greatest_pair_cost(&search->round, pair, k);
        if (cost != mover->most[k])
            return cost < mover->most[k];
    }
    return 1;
}

/* Of two people from and to the same parts: does the mover lose less than that other one? */
static int is_cheaper(const struct search *search, const struct mover *mover, uint32_t pair,
                      uint32_t than)
{
    for (size_t k = 0; k < search->round.n; k++) {
        int64_t one = greatest_pair_cost(&search->round, pair, k) - mover->own[k];
        int64_t two = greatest_step_cost(&search->round, than, k);
        if (one != two)
            return one < two;
    }
    return 0;
}

/* Where parts are few and people many only the cheapest way from one part to another is kept:
 * 1 + its place in the list, by both. */
static int is_kept(const struct search *search, const struct mover *mover, struct way way,
                   uint32_t *known, struct way_list *list)
{
    uint32_t *at =
        &known[(size_t)way.from * search->round.problem->n_parts + part_of(search, way.pair)];
    if (*at == 0) {
        *at = (uint32_t)list->n + 1;
        return 0;
    }
    if (is_cheaper(search, mover, way.pair, list->ways[*at - 1].pair))
        list->ways[*at - 1] = way;
    return 1;
}

static void list_ways_of(const struct search *search, uint32_t person, uint32_t from,
                         uint32_t *known, struct way_list *list)
{
    const struct problem_person *at = &search->round.problem->people[person];
    struct mover mover;
    mover_init(&mover, search, person, from);
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t to = part_of(search, pair);
        const struct way way = {from, pair};
        if (to == from || search->is_final[to] || !is_of_use(search, &mover, pair) ||
            (known && is_kept(search, &mover, way, known, list)))
            continue;
        ALLOC_GROW(list->ways, list->n, list->room);
        list->ways[list->n++] = way;
    }
}

struct lists { /* of stretches of people */
    const struct search *search;
    struct way_list lists[SLICES_MAX];
};

static void list_ways(void *context, size_t slice, size_t first, size_t end)
{
    struct lists *lists = context;
    const struct search *search = lists->search;
    const struct problem *problem = search->round.problem;
    struct way_list list = {0};
    size_t n_steps = (size_t)problem->n_parts * problem->n_parts;
    uint32_t *known = n_steps < problem->n_pairs ? alloc_zero(n_steps, sizeof(uint32_t)) : NULL;
    for (uint32_t i = (uint32_t)first; search->round.n && i < end; i++) {
        uint32_t from = part_of_person(search, i);
        if (from != PROBLEM_NONE && !search->is_final[from] && problem->people[i].n_pairs > 1)
            list_ways_of(search, i, from, known, &list);
    }
    lists->lists[slice] = list;
    free(known);
}

/* Counting sort of the ways, by the part they lead to; the ends are known. */
static void list_ways_in(struct search *search)
{
    const struct problem *problem = search->round.problem;
    struct lists lists = {.search = search};
    size_t n_slices = slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS), n = 0;
    uint32_t *first = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    slices_run(problem->n_people, n_slices, list_ways, &lists);
    for (size_t s = 0; s < n_slices; n += lists.lists[s++].n)
        for (size_t w = 0; w < lists.lists[s].n; w++)
            first[part_of(search, lists.lists[s].ways[w].pair)]++;
    for (uint32_t p = 0, sum = 0; p <= problem->n_parts; p++)
        first[p] = sum += first[p];
    search->ways_in = alloc_resize(NULL, n + 1, sizeof(struct way));
    for (size_t s = n_slices; s-- > 0;) {
        const struct way *ways = lists.lists[s].ways;
        for (size_t w = lists.lists[s].n; w-- > 0;)
            search->ways_in[--first[part_of(search, ways[w].pair)]] = ways[w];
        free(lists.lists[s].ways);
    }
    search->first_in = first;
}

/* Somebody of another part may come here, once a place here costs `loss`. */
static void reach_back(struct search *search, const struct way *way, uint32_t to)
{
    uint32_t from = way->from;
    const int64_t *onward = &search->round.found->loss[to * search->round.n];
    const int64_t *known = &search->round.found->loss[from * search->round.n];
    int64_t cost[OBJECTIVE_COUNT];
    int is_less = !search->place[from];
    if (search->is_final[from])
        return;
    for (size_t k = 0; k < search->round.n; k++) {
        cost[k] = onward[k] + greatest_step_cost(&search->round, way->pair, k);
        if (!is_less && cost[k] > known[k])
            return;
        is_less |= cost[k] < known[k];
    }
    reach(search, from, cost, search->round.found->last[to]);
}

/* Of a stretch of people: what it costs at the least, by part, that somebody goes to a spare bed.
 */
struct nearest {
    const struct search *search;
    struct {
        int64_t *cost;
        unsigned char *is_known;
    } stretches[SLICES_MAX];
};

static void look_at_spare(const struct search *search, const struct mover *mover, uint32_t pair,
                          int64_t *least, unsigned char *is_known)
{
    int64_t cost[OBJECTIVE_COUNT];
    int is_less = !*is_known;
    for (size_t k = 0; k < search->round.n; k++) {
        cost[k] = greatest_pair_cost(&search->round, pair, k) - mover->own[k];
        if (!is_less && cost[k] > least[k])
            return;
        is_less |= cost[k] < least[k];
    }
    memcpy(least, cost, search->round.n * sizeof *cost);
    *is_known = 1;
}

static void look_for_spare(void *context, size_t slice, size_t first, size_t end)
{
    struct nearest *nearest = context;
    const struct search *search = nearest->search;
    const struct problem *problem = search->round.problem;
    int64_t *cost = nearest->stretches[slice].cost;
    unsigned char *is_known = nearest->stretches[slice].is_known;
    for (uint32_t i = (uint32_t)first; i < end; i++) {
        const struct problem_person *person = &problem->people[i];
        uint32_t from = part_of_person(search, i), last = person->first_pair + person->n_pairs;
        struct mover mover;
        if (from == PROBLEM_NONE || search->is_final[from] || person->n_pairs < 2)
            continue;
        mover_init(&mover, search, i, from);
        for (uint32_t pair = person->first_pair; pair < last; pair++)
            if (search->is_final[part_of(search, pair)])
                look_at_spare(search, &mover, pair, &cost[from * search->round.n], &is_known[from]);
    }
}

/* People who may go to a spare bed at once: nearly all that matters where there are many. */
static void reach_spare_beds(struct search *search)
{
    const struct problem *problem = search->round.problem;
    struct nearest nearest = {.search = search};
    size_t n_slices = slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS);
    if (!search->n_final)
        return;
    for (size_t s = 0; s < n_slices; s++) {
        size_t parts = problem->n_parts;
        nearest.stretches[s].cost = alloc_zero(parts * search->round.n, sizeof(int64_t));
        nearest.stretches[s].is_known = alloc_zero(parts, 1);
    }
    slices_run(problem->n_people, n_slices, look_for_spare, &nearest);
    for (size_t s = 0; s < n_slices; s++) {
        for (uint32_t p = 0; p < problem->n_parts; p++)
            if (nearest.stretches[s].is_known[p])
                reach(search, p, &nearest.stretches[s].cost[p * search->round.n], PROBLEM_NONE);
        free(nearest.stretches[s].cost);
        free(nearest.stretches[s].is_known);
    }
}

static void find_losses(struct search *search)
{
    reach_ends(search);
    reach_spare_beds(search);
    list_ways_in(search);
    while (search->n_heap) {
        uint32_t to = heap_pop(search);
        search->is_final[to] = 1;
        for (uint32_t at = search->first_in[to]; at < search->first_in[to + 1]; at++)
            reach_back(search, &search->ways_in[at], to);
    }
    for (size_t at = 0; at < (size_t)search->round.problem->n_parts * search->round.n; at++)
        if (search->round.found->is_known[at / search->round.n])
            search->round.found->loss[at] += search->round.part_price[at];
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
    uint32_t *tie_rank = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    struct search search = {.round = {.problem = problem,
                                      .chosen = chosen,
                                      .part_price = part_price,
                                      .person_price = person_price,
                                      .n = problem->n_objectives,
                                      .tie_rank = tie_rank,
                                      .found = greatest}};
    for (uint32_t i = 0; i < problem->n_people; i++)
        tie_rank[problem->tie_order[i]] = i;
    greatest_blank(greatest, problem);
    search_init(&search);
    find_losses(&search);
    search_clear(&search);
    greatest_find_next(&search.round);
    free(tie_rank);
}

void greatest_clear(struct greatest *greatest)
{
    free(greatest->loss);
    free(greatest->is_known);
    free(greatest->last);
    free(greatest->next);
}
