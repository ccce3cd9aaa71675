/* near.c - see near.h. */
#include "solver/near.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* Fewer are not worth a thread; so many people make a sample. */
enum { SLICE_PEOPLE = 2000, SAMPLE_PEOPLE = 100, LOOK_AHEAD = 4 };

/* Less than any pair leaves, and nothing overflows when it is added to some prices. */
#define NOTHING_LEFT (INT64_MIN / 2)

struct first { /* of the unplaced, for a part: who loses least, in that order */
    struct near_pair pairs[NEAR_FIRST];
    uint32_t n;
};

struct slice_of_look {
    struct near_list list;
    struct first *first; /* by part; NULL in another look */
    int64_t *least;      /* by part: what the last of these gains, once they are all there */
    int is_too_much;
};

struct look {
    const struct near_view *view;
    struct slice_of_look slices[SLICES_MAX];
};

/* A person under the eye, and where their pairs begin to be near. */
struct eye {
    const struct near_view *view;
    uint32_t person;
    int64_t base;   /* what pairs gain before metres */
    int64_t floor;  /* what near pairs leave */
    int64_t beyond; /* what the best of the others leaves */
};

void near_list_clear(struct near_list *list)
{
    free(list->pairs);
    *list = (struct near_list){0};
}

static void add(struct near_list *list, const struct near_pair *pair)
{
    ALLOC_GROW(list->pairs, list->n, list->room);
    list->pairs[list->n++] = *pair;
}

/* Somebody unplaced, behind those who lose less. */
static void put_first(struct first *first, const struct near_pair *pair)
{
    uint32_t at = first->n < NEAR_FIRST ? first->n++ : NEAR_FIRST - 1;
    for (; at && first->pairs[at - 1].gain < pair->gain; at--)
        first->pairs[at] = first->pairs[at - 1];
    first->pairs[at] = *pair;
}

static void offer_first(struct slice_of_look *look, const struct near_pair *pair)
{
    struct first *first = &look->first[pair->part];
    put_first(first, pair);
    if (first->n == NEAR_FIRST)
        look->least[pair->part] = first->pairs[NEAR_FIRST - 1].gain;
}

static void scan_unplaced(struct eye *eye, uint32_t from, uint32_t end, struct slice_of_look *look)
{
    const struct packed *packed = eye->view->packed;
    const struct problem_pair *pairs = packed->problem->pairs;
    const int64_t *price = eye->view->price, *least = look->least;
    int64_t floor = eye->floor, beyond = eye->beyond, base = eye->base;
    for (uint32_t pair = from; pair < end; pair++) {
        uint32_t part = pairs[pair].part;
        int64_t gain = packed_gain(packed, base, &pairs[pair]);
        int64_t left = gain - price[part];
        if (left >= floor) {
            add(&look->list, &(struct near_pair){gain, eye->person, part, pair});
            continue;
        }
        beyond = left > beyond ? left : beyond;
        if (gain > least[part])
            offer_first(look, &(struct near_pair){gain, eye->person, part, pair});
    }
    eye->beyond = beyond;
}

static void scan(struct eye *eye, uint32_t from, uint32_t end, struct near_list *list)
{
    const struct packed *packed = eye->view->packed;
    const struct problem_pair *pairs = packed->problem->pairs;
    const int64_t *price = eye->view->price;
    int64_t floor = eye->floor, beyond = eye->beyond, base = eye->base;
    for (uint32_t pair = from; pair < end; pair++) {
        int64_t gain = packed_gain(packed, base, &pairs[pair]);
        int64_t left = gain - price[pairs[pair].part];
        if (left >= floor)
            add(list, &(struct near_pair){gain, eye->person, pairs[pair].part, pair});
        else if (left > beyond)
            beyond = left;
    }
    eye->beyond = beyond;
}

/* The person, and what they have more than the prices; near is what leaves as much. */
static struct eye open_eye(const struct near_view *view, uint32_t i)
{
    const struct problem *problem = view->packed->problem;
    uint32_t own = view->chosen[i];
    struct eye eye = {view, i, packed_base(view->packed, i), 0, NOTHING_LEFT};
    if (own != PROBLEM_NONE) {
        const struct problem_pair *at = &problem->pairs[own];
        int is_stay = own == problem->people[i].stay_pair;
        int64_t gain = is_stay ? 0 : packed_gain(view->packed, eye.base, at);
        eye.floor = gain - view->price[at->part] - view->limit;
    }
    return eye;
}

static void look_at_stay(struct eye *eye, uint32_t stay, struct near_list *list)
{
    uint32_t home = eye->view->packed->problem->pairs[stay].part;
    int64_t left = -eye->view->price[home];
    if (left >= eye->floor)
        add(list, &(struct near_pair){0, eye->person, home, stay});
    else if (left > eye->beyond)
        eye->beyond = left;
}

static void look_at(const struct near_view *view, uint32_t i, struct slice_of_look *look)
{
    const struct problem_person *person = &view->packed->problem->people[i];
    uint32_t end = person->first_pair + person->n_pairs, stay = person->stay_pair;
    struct eye eye = open_eye(view, i);
    if (view->chosen[i] == PROBLEM_NONE) {
        scan_unplaced(&eye, person->first_pair, end, look);
    } else if (stay == PROBLEM_NONE) {
        scan(&eye, person->first_pair, end, &look->list);
    } else {
        scan(&eye, person->first_pair, stay, &look->list);
        look_at_stay(&eye, stay, &look->list);
        scan(&eye, stay + 1, end, &look->list);
    }
    view->beyond[i] = eye.beyond;
}

static void look_at_people(void *context, size_t slice, size_t first, size_t end)
{
    struct look *look = context;
    struct slice_of_look mine = {0};
    const struct problem *problem = look->view->packed->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    mine.first = alloc_zero(parts, sizeof *mine.first);
    mine.least = alloc_zero(parts, sizeof *mine.least);
    for (size_t p = 0; p < parts; p++)
        mine.least[p] = INT64_MIN;
    for (size_t i = first; i < end && mine.list.n <= look->view->most; i++) {
        if (i + LOOK_AHEAD < end)
            problem_ask_for_pairs(problem, i + LOOK_AHEAD);
        look_at(look->view, (uint32_t)i, &mine);
    }
    mine.is_too_much = mine.list.n > look->view->most;
    look->slices[slice] = mine;
}

/* The first of all slices, for each part; less than nothing else is lost. */
static void append_first(const struct look *look, size_t n_slices, struct near_list *list)
{
    uint32_t n_parts = look->view->packed->problem->n_parts;
    for (uint32_t p = 0; p < n_parts; p++) {
        struct first first = look->slices[0].first[p];
        for (size_t s = 1; s < n_slices; s++)
            for (uint32_t k = 0; k < look->slices[s].first[p].n; k++) {
                const struct near_pair *pair = &look->slices[s].first[p].pairs[k];
                if (first.n < NEAR_FIRST || pair->gain > first.pairs[NEAR_FIRST - 1].gain)
                    put_first(&first, pair);
            }
        for (uint32_t k = 0; k < first.n; k++)
            add(list, &first.pairs[k]);
    }
    for (size_t s = 0; s < n_slices; s++) {
        free(look->slices[s].first);
        free(look->slices[s].least);
    }
}

static void append(struct near_list *list, struct near_list *more)
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

/* 0 = some slice had too much. */
static int join(struct slice_of_look *slices, size_t n_slices, struct near_list *list)
{
    int is_whole = 1;
    for (size_t s = 0; s < n_slices; s++) {
        is_whole &= !slices[s].is_too_much;
        append(list, &slices[s].list);
    }
    return is_whole;
}

int near_look(const struct near_view *view, struct near_list *list)
{
    const struct problem *problem = view->packed->problem;
    struct look look = {.view = view};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    slices_run(problem->n_people, n_slices, look_at_people, &look);
    int is_whole = join(look.slices, n_slices, list);
    append_first(&look, n_slices, list);
    return is_whole && list->n <= view->most;
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one > two) - (one < two);
}

/* What a newcomer would lose by each of their other pairs. */
static size_t sample_losses(const struct near_view *view, uint32_t i, int64_t *losses)
{
    const struct problem *problem = view->packed->problem;
    const struct problem_person *person = &problem->people[i];
    struct eye eye = open_eye(view, i);
    size_t n = 0;
    for (uint32_t at = person->first_pair; at < person->first_pair + person->n_pairs; at++) {
        const struct problem_pair *pair = &problem->pairs[at];
        if (at != view->chosen[i])
            losses[n++] =
                eye.floor - (packed_gain(view->packed, eye.base, pair) - view->price[pair->part]);
    }
    return n;
}

int64_t near_limit(const struct near_view *view, size_t wanted)
{
    const struct problem *problem = view->packed->problem;
    uint32_t step = problem->n_people / SAMPLE_PEOPLE + 1;
    size_t n = 0, room = 0;
    int64_t *losses = NULL;
    for (uint32_t i = step / 2; i < problem->n_people; i += step) {
        const struct problem_person *person = &problem->people[i];
        if (view->chosen[i] == PROBLEM_NONE || person->stay_pair != PROBLEM_NONE)
            continue;
        if (n + person->n_pairs > room) {
            room = 2 * room + person->n_pairs;
            losses = alloc_resize(losses, room, sizeof *losses);
        }
        n += sample_losses(view, i, losses + n);
    }
    if (n)
        qsort(losses, n, sizeof *losses, by_size);
    size_t at = wanted / step;
    int64_t limit = n ? losses[at < n ? at : n - 1] : 0;
    free(losses);
    return limit > 0 ? limit : 0;
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

/* Few, and nearly always in order. */
static void sort_run(struct near_pair *pairs, uint32_t first, uint32_t end)
{
    for (uint32_t at = first + 1; at < end; at++) {
        struct near_pair moved = pairs[at];
        uint32_t to = at;
        for (; to > first && pairs[to - 1].pair > moved.pair; to--)
            pairs[to] = pairs[to - 1];
        pairs[to] = moved;
    }
}

static void by_person(struct near_graph *graph)
{
    struct near_list *list = &graph->list;
    struct near_pair *sorted = alloc_zero(list->n + 1, sizeof *sorted);
    uint32_t n_people = graph->problem->n_people, *first = graph->of_person;
    memset(first, 0, ((size_t)n_people + 2) * sizeof(uint32_t));
    for (size_t at = 0; at < list->n; at++)
        first[list->pairs[at].person + 2]++;
    for (uint32_t i = 0; i <= n_people; i++)
        first[i + 1] += first[i];
    for (size_t at = 0; at < list->n; at++)
        sorted[first[list->pairs[at].person + 1]++] = list->pairs[at];
    free(list->pairs);
    list->pairs = sorted;
    list->room = list->n + 1;
    for (uint32_t i = 0; i < n_people; i++)
        sort_run(sorted, first[i], first[i + 1]);
}

/* The list is by person already. */
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

/* -- another look ------------------------------------------------------------------------------
 */

struct other_look {
    const struct near_again *again;
    int64_t fall, fall_high; /* how far some price fell, the most; some high one */
    struct slice_of_look slices[SLICES_MAX];
};

/* A person, what they have, and their pairs of the graph from `at` on. */
struct glance {
    const struct near_again *again;
    uint32_t person, at, end;
    int is_placed;
    int64_t floor, high;
};

static struct glance open_glance(const struct near_again *again, uint32_t i)
{
    const struct near_seat *seat = &again->seats[i];
    struct glance glance = {.again = again, .person = i};
    glance.at = again->graph->of_person[i];
    glance.end = again->graph->of_person[i + 1];
    glance.is_placed = seat->pair != PROBLEM_NONE;
    if (glance.is_placed) {
        glance.floor = seat->gain - again->price[seat->part];
        glance.high = seat->gain - again->high[seat->part];
    }
    return glance;
}

static int is_near(const struct glance *glance, uint32_t part, int64_t gain)
{
    const struct near_again *again = glance->again;
    return gain - again->price[part] >= glance->floor ||
           (glance->is_placed && gain - again->high[part] >= glance->high);
}

static void list_known(const struct glance *glance, struct near_list *list)
{
    const struct near_pair *pairs = glance->again->graph->list.pairs;
    for (uint32_t at = glance->at; at < glance->end; at++)
        if (is_near(glance, pairs[at].part, pairs[at].gain))
            add(list, &pairs[at]);
}

static void list_all(struct glance *glance, struct near_list *list)
{
    const struct near_again *again = glance->again;
    const struct problem *problem = again->packed->problem;
    const struct problem_person *person = &problem->people[glance->person];
    const struct near_pair *known = again->graph->list.pairs;
    int64_t base = packed_base(again->packed, glance->person);
    int64_t beyond = NOTHING_LEFT, beyond_high = NOTHING_LEFT;
    uint32_t end = person->first_pair + person->n_pairs;
    for (uint32_t pair = person->first_pair; pair < end; pair++) {
        const struct problem_pair *at = &problem->pairs[pair];
        int64_t gain = pair == person->stay_pair ? 0 : packed_gain(again->packed, base, at);
        int64_t left = gain - again->price[at->part], left_high = gain - again->high[at->part];
        if (is_near(glance, at->part, gain))
            add(list, &(struct near_pair){gain, glance->person, at->part, pair});
        if (glance->at < glance->end && known[glance->at].pair == pair) {
            glance->at++;
            continue;
        }
        beyond = left > beyond ? left : beyond;
        beyond_high = left_high > beyond_high ? left_high : beyond_high;
    }
    again->beyond[glance->person] = beyond;
    again->beyond_high[glance->person] = beyond_high;
}

static void look_again_at(const struct other_look *look, uint32_t i, struct near_list *list)
{
    struct glance glance = open_glance(look->again, i);
    int64_t beyond = look->again->beyond[i] + look->fall;
    int64_t beyond_high = look->again->beyond_high[i] + look->fall_high;
    if (beyond >= glance.floor || (glance.is_placed && beyond_high >= glance.high)) {
        list_all(&glance, list);
        return;
    }
    list_known(&glance, list);
    look->again->beyond[i] = beyond;
    look->again->beyond_high[i] = beyond_high;
}

static void look_again_at_people(void *context, size_t slice, size_t first, size_t end)
{
    struct other_look *look = context;
    struct slice_of_look mine = {0};
    size_t most = look->again->most;
    for (size_t i = first; i < end && mine.list.n <= most; i++)
        look_again_at(look, (uint32_t)i, &mine.list);
    mine.is_too_much = mine.list.n > most;
    look->slices[slice] = mine;
}

/* How far some price fell since the last look, the most. */
static int64_t longest_fall(const struct near_again *again, const int64_t *seen,
                            const int64_t *price)
{
    int64_t longest = -PACKED_MOST;
    for (uint32_t p = 0; p < again->packed->problem->n_parts; p++)
        longest = seen[p] - price[p] > longest ? seen[p] - price[p] : longest;
    return longest;
}

int near_look_again(const struct near_again *again, struct near_list *list)
{
    const struct problem *problem = again->packed->problem;
    struct other_look look = {.again = again,
                              .fall = longest_fall(again, again->seen, again->price),
                              .fall_high = longest_fall(again, again->seen_high, again->high)};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    slices_run(problem->n_people, n_slices, look_again_at_people, &look);
    int is_whole = join(look.slices, n_slices, list);
    memcpy(again->seen, again->price, (size_t)problem->n_parts * sizeof *again->seen);
    memcpy(again->seen_high, again->high, (size_t)problem->n_parts * sizeof *again->seen_high);
    return is_whole && list->n <= again->most;
}
