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
#include "solver/members.h"

#include <stdlib.h>
#include <string.h>

struct way { /* somebody may leave `from` by this pair */
    uint32_t from, pair;
};

struct way_list {
    struct way *ways;
    size_t n, room;
};

/* A part that has been reached, in a heap by cost, then by who would go: nobody first, then
 * whoever comes last in the order of ties. */
struct search {
    const struct problem *problem;
    const uint32_t *chosen;
    const int64_t *part_price, *person_price;
    size_t n; /* objectives */
    struct greatest *found;
    uint32_t *tie_rank; /* by person: place in the order of ties */
    uint32_t *first_in; /* by part: the ways into it that may be of use */
    struct way *ways_in;
    struct members members;
    unsigned char *is_final;
    uint32_t n_final;       /* parts with spare beds */
    uint32_t *heap, *place; /* place: 1 + index in the heap; 0 = not there */
    uint32_t n_heap;
    uint32_t n_asked; /* parts that have a price, and nobody is known yet who waits for a bed */
};

static uint32_t part_of(const struct search *search, uint32_t pair)
{
    return search->problem->pairs[pair].part;
}

/* Where the person is; PROBLEM_NONE = nowhere. */
static uint32_t part_of_person(const struct search *search, uint32_t person)
{
    uint32_t pair = search->chosen[person];
    return pair == PROBLEM_NONE ? PROBLEM_NONE : part_of(search, pair);
}

static void search_init(struct search *search)
{
    const struct problem *problem = search->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    search->tie_rank = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        search->tie_rank[problem->tie_order[i]] = i;
    members_init(&search->members, problem);
    members_list_movers(&search->members, problem, NULL, search->chosen);
    search->is_final = alloc_zero(parts, 1);
    search->heap = alloc_zero(parts, sizeof(uint32_t));
    search->place = alloc_zero(parts, sizeof(uint32_t));
}

static void search_clear(struct search *search)
{
    free(search->tie_rank);
    free(search->first_in);
    free(search->ways_in);
    members_clear(&search->members);
    free(search->is_final);
    free(search->heap);
    free(search->place);
}

/* The k-th component of what is lost when the pair's person has that pair. */
static int64_t slack(const struct search *search, uint32_t pair, size_t k)
{
    const struct problem_pair *at = &search->problem->pairs[pair];
    return search->person_price[at->person * search->n + k] +
           search->part_price[at->part * search->n + k] - problem_gain(search->problem, pair, k);
}

/* -- the heap ----------------------------------------------------------------------------------
 */

/* Nobody is better than somebody, a later person better than an earlier one. */
static int64_t end_rank(const struct search *search, uint32_t last)
{
    return last == PROBLEM_NONE ? INT64_MIN : -(int64_t)search->tie_rank[last];
}

static int is_before(const struct search *search, uint32_t a, uint32_t b)
{
    const struct greatest *found = search->found;
    for (size_t k = 0; k < search->n; k++) {
        int64_t one = found->loss[a * search->n + k], two = found->loss[b * search->n + k];
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

/* -- one bed fewer -----------------------------------------------------------------------------
 */

/* Is a way of that cost, at whose end `last` goes, better than what the part has? */
static int is_better(const struct search *search, uint32_t part, const int64_t *cost, uint32_t last)
{
    const int64_t *known = &search->found->loss[part * search->n];
    if (!search->place[part])
        return 1;
    for (size_t k = 0; k < search->n; k++)
        if (cost[k] != known[k])
            return cost[k] < known[k];
    return end_rank(search, last) < end_rank(search, search->found->last[part]);
}

static void reach(struct search *search, uint32_t part, const int64_t *cost, uint32_t last)
{
    if (!is_better(search, part, cost, last))
        return;
    memcpy(&search->found->loss[part * search->n], cost, search->n * sizeof(int64_t));
    search->found->last[part] = last;
    search->found->is_known[part] = 1;
    heap_rise(search, part);
}

/* Where a bed is spare nothing is lost, and it cannot be less. */
static void reach_ends(struct search *search)
{
    const struct problem *problem = search->problem;
    uint32_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (search->chosen[i] != PROBLEM_NONE)
            used[part_of(search, search->chosen[i])]++;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        search->is_final[p] = used[p] < problem->parts[p].capacity;
        search->found->is_known[p] = search->is_final[p];
        search->n_final += search->is_final[p];
    }
    free(used);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t part = part_of_person(search, i);
        if (part != PROBLEM_NONE && !search->is_final[part] &&
            problem->people[i].stay_pair == PROBLEM_NONE)
            reach(search, part, &search->person_price[i * search->n], i);
    }
}

/* Objectives in which a placed person counts the same in every part. */
static const unsigned char asks_only_who[OBJECTIVE_COUNT] = {
    [OBJECTIVE_GUARANTEE] = 1,
    [OBJECTIVE_NEED] = 1,
    [OBJECTIVE_PLACEMENTS] = 1,
    [OBJECTIVE_SENIORITY] = 1,
};

/* What a pair costs in the k-th objective, up to what its person has wherever they are: with the
 * price of its part. */
static inline int64_t pair_cost(const struct search *search, uint32_t pair, size_t k)
{
    const struct problem *problem = search->problem;
    const struct problem_pair *at = &problem->pairs[pair];
    int64_t price = search->part_price[at->part * search->n + k];
    enum objective objective = problem->objectives[k];
    if (asks_only_who[objective])
        return price;
    if (objective == OBJECTIVE_TRAVEL)
        return price + at->metres;
    if (objective == OBJECTIVE_PREFERENCE)
        return price + at->rank;
    return price - problem_gain(problem, pair, k);
}

/* What it costs in the k-th objective that somebody goes by this way, beyond what a place there
 * costs: the slack of their own pair is 0, so that of this one follows from both. */
static inline int64_t step_cost(const struct search *search, uint32_t pair, size_t k)
{
    uint32_t own = search->chosen[search->problem->pairs[pair].person];
    return pair_cost(search, pair, k) - pair_cost(search, own, k);
}

/* Is it as good for the person as what they have? */
static int is_tight(const struct search *search, uint32_t pair)
{
    uint32_t own = search->chosen[search->problem->pairs[pair].person];
    size_t k = 0;
    while (k < search->n &&
           (own == PROBLEM_NONE ? slack(search, pair, k) : step_cost(search, pair, k)) == 0)
        k++;
    return k == search->n;
}

/* -- who could go where ------------------------------------------------------------------------
 */

static int is_nothing(const int64_t *price, size_t n)
{
    size_t k = 0;
    while (k < n && price[k] == 0)
        k++;
    return k == n;
}

struct mover { /* somebody with a bed: what their pair costs, and what another one may cost */
    int64_t own[OBJECTIVE_COUNT], most[OBJECTIVE_COUNT];
};

/* No place costs less than nothing: a way that costs more than the part loses without it is of no
 * use. */
static void mover_init(struct mover *mover, const struct search *search, uint32_t person,
                       uint32_t from)
{
    const int64_t *known = &search->found->loss[from * search->n];
    for (size_t k = 0; k < search->n; k++) {
        mover->own[k] = pair_cost(search, search->chosen[person], k);
        mover->most[k] = search->place[from] ? known[k] + mover->own[k] : INT64_MAX;
    }
}

static int is_of_use(const struct search *search, const struct mover *mover, uint32_t pair)
{
    for (size_t k = 0; k < search->n; k++) {
        int64_t cost = pair_cost(search, pair, k);
        if (cost != mover->most[k])
            return cost < mover->most[k];
    }
    return 1;
}

/* Of two people from and to the same parts: does the mover lose less than that other one? */
static int is_cheaper(const struct search *search, const struct mover *mover, uint32_t pair,
                      uint32_t than)
{
    for (size_t k = 0; k < search->n; k++) {
        int64_t one = pair_cost(search, pair, k) - mover->own[k];
        int64_t two = step_cost(search, than, k);
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
    uint32_t *at = &known[(size_t)way.from * search->problem->n_parts + part_of(search, way.pair)];
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
    const struct problem_person *at = &search->problem->people[person];
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
    const struct problem *problem = search->problem;
    struct way_list list = {0};
    size_t n_steps = (size_t)problem->n_parts * problem->n_parts;
    uint32_t *known = n_steps < problem->n_pairs ? alloc_zero(n_steps, sizeof(uint32_t)) : NULL;
    for (uint32_t i = (uint32_t)first; search->n && i < end; i++) {
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
    const struct problem *problem = search->problem;
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
    const int64_t *onward = &search->found->loss[to * search->n];
    const int64_t *known = &search->found->loss[from * search->n];
    int64_t cost[OBJECTIVE_COUNT];
    int is_less = !search->place[from];
    if (search->is_final[from])
        return;
    for (size_t k = 0; k < search->n; k++) {
        cost[k] = onward[k] + step_cost(search, way->pair, k);
        if (!is_less && cost[k] > known[k])
            return;
        is_less |= cost[k] < known[k];
    }
    reach(search, from, cost, search->found->last[to]);
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
    for (size_t k = 0; k < search->n; k++) {
        cost[k] = pair_cost(search, pair, k) - mover->own[k];
        if (!is_less && cost[k] > least[k])
            return;
        is_less |= cost[k] < least[k];
    }
    memcpy(least, cost, search->n * sizeof *cost);
    *is_known = 1;
}

static void look_for_spare(void *context, size_t slice, size_t first, size_t end)
{
    struct nearest *nearest = context;
    const struct search *search = nearest->search;
    const struct problem *problem = search->problem;
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
                look_at_spare(search, &mover, pair, &cost[from * search->n], &is_known[from]);
    }
}

/* People who may go to a spare bed at once: nearly all that matters where there are many. */
static void reach_spare_beds(struct search *search)
{
    const struct problem *problem = search->problem;
    struct nearest nearest = {.search = search};
    size_t n_slices = slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS);
    if (!search->n_final)
        return;
    for (size_t s = 0; s < n_slices; s++) {
        size_t parts = problem->n_parts;
        nearest.stretches[s].cost = alloc_zero(parts * search->n, sizeof(int64_t));
        nearest.stretches[s].is_known = alloc_zero(parts, 1);
    }
    slices_run(problem->n_people, n_slices, look_for_spare, &nearest);
    for (size_t s = 0; s < n_slices; s++) {
        for (uint32_t p = 0; p < problem->n_parts; p++)
            if (nearest.stretches[s].is_known[p])
                reach(search, p, &nearest.stretches[s].cost[p * search->n], PROBLEM_NONE);
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
    for (size_t at = 0; at < (size_t)search->problem->n_parts * search->n; at++)
        if (search->found->is_known[at / search->n])
            search->found->loss[at] += search->part_price[at];
}

/* -- one more bed ------------------------------------------------------------------------------
 */

/* The parts that the person could come to without slack, if nobody was found for them before. */
static void spread(struct search *search, uint32_t person, uint32_t source, uint32_t *tail)
{
    const struct problem_person *at = &search->problem->people[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        uint32_t part = part_of(search, pair);
        if (search->found->next[part] != PROBLEM_NONE || !is_tight(search, pair))
            continue;
        search->found->next[part] = source;
        search->n_asked -= !is_nothing(&search->part_price[part * search->n], search->n);
        search->heap[(*tail)++] = part;
    }
}

/* Along pairs without slack: each part that is reached has its price from that person. The heap is
 * empty by now and serves as a queue. */
static void flood(struct search *search, uint32_t source)
{
    uint32_t tail = 0;
    spread(search, source, source, &tail);
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t q = search->heap[head];
        for (uint32_t m = search->members.first[q]; m < search->members.first[q + 1]; m++)
            spread(search, search->members.people[m], source, &tail);
    }
}

struct sources { /* by part: the first one in the order of ties, of a stretch of the unplaced */
    const struct search *search;
    uint32_t *first[SLICES_MAX];
};

/* Where a person counts the same in every part a pair is without slack at one price only. */
static void look_for_sources(void *context, size_t slice, size_t begin, size_t end)
{
    const struct sources *sources = context;
    const struct search *search = sources->search;
    const struct problem *problem = search->problem;
    uint32_t *first = sources->first[slice];
    int is_same = asks_only_who[problem->objectives[0]];
    for (size_t i = begin; i < end; i++) {
        const struct problem_person *person = &problem->people[i];
        uint32_t rank = search->tie_rank[i];
        if (search->chosen[i] != PROBLEM_NONE || person->n_pairs == 0)
            continue;
        int64_t price =
            problem_gain(problem, person->first_pair, 0) - search->person_price[i * search->n];
        for (uint32_t k = 0; k < person->n_pairs; k++) {
            uint32_t part = part_of(search, person->first_pair + k);
            if (rank < first[part] && (!is_same || search->part_price[part * search->n] == price) &&
                is_tight(search, person->first_pair + k))
                first[part] = rank;
        }
    }
}

/* The unplaced who are the first in the order of ties to reach some part by a pair of their own are
 * marked: whatever the others reach is reached before. */
static void mark_sources(const struct search *search, unsigned char *is_source)
{
    const struct problem *problem = search->problem;
    struct sources sources = {.search = search};
    size_t n_slices = slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS);
    if (search->n == 0)
        return;
    for (size_t s = 0; s < n_slices; s++) {
        sources.first[s] = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
        memset(sources.first[s], 0xff, (size_t)problem->n_parts * sizeof(uint32_t));
    }
    slices_run(problem->n_people, n_slices, look_for_sources, &sources);
    for (size_t s = 0; s < n_slices; s++) {
        for (uint32_t p = 0; p < problem->n_parts; p++)
            if (sources.first[s][p] != PROBLEM_NONE)
                is_source[sources.first[s][p]] = 1;
        free(sources.first[s]);
    }
}

/* Where one more bed gains nothing, nobody is waiting for it; once somebody is known wherever it
 * gains something, nobody else needs to be asked. */
static void find_next(struct search *search)
{
    const struct problem *problem = search->problem;
    unsigned char *is_source = alloc_zero((size_t)problem->n_people + 1, 1);
    mark_sources(search, is_source);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        search->n_asked += !is_nothing(&search->part_price[p * search->n], search->n);
    for (uint32_t at = 0; search->n_asked && at < problem->n_people; at++)
        if (is_source[at])
            flood(search, problem->tie_order[at]);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (is_nothing(&search->part_price[p * search->n], search->n))
            search->found->next[p] = PROBLEM_NONE;
    free(is_source);
}

void greatest_init(struct greatest *greatest, const struct problem *problem, const uint32_t *chosen,
                   const int64_t *part_price, const int64_t *person_price)
{
    struct search search = {.problem = problem,
                            .chosen = chosen,
                            .part_price = part_price,
                            .person_price = person_price,
                            .n = problem->n_objectives,
                            .found = greatest};
    size_t parts = (size_t)problem->n_parts + 1;
    greatest->loss = alloc_zero(parts * (search.n + 1), sizeof(int64_t));
    greatest->is_known = alloc_zero(parts, 1);
    greatest->last = alloc_zero(parts, sizeof(uint32_t));
    greatest->next = alloc_zero(parts, sizeof(uint32_t));
    memset(greatest->last, 0xff, parts * sizeof(uint32_t));
    memset(greatest->next, 0xff, parts * sizeof(uint32_t));
    search_init(&search);
    find_losses(&search);
    find_next(&search);
    search_clear(&search);
}

void greatest_clear(struct greatest *greatest)
{
    free(greatest->loss);
    free(greatest->is_known);
    free(greatest->last);
    free(greatest->next);
}
