/* near.c - see near.h. */
#include "solver/near.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* Fewer are not worth a thread; so many people make a sample. */
enum { SLICE_PEOPLE = 2000, SAMPLE_PEOPLE = 100 };

struct first { /* of the unplaced, for a part: who loses least, in that order */
    struct near_pair pairs[NEAR_FIRST];
    uint32_t n;
};

struct look {
    const struct near_view *view;
    int has_values;
    struct slice_of_look {
        struct near_list list;
        struct first *first; /* by part; NULL = not wanted */
        int64_t values[OBJECTIVE_COUNT];
        int is_too_much;
    } slices[SLICES_MAX];
};

/* A person under the eye, and where their pairs begin to be near. */
struct eye {
    const struct near_view *view;
    uint32_t person;
    int64_t base;        /* what pairs gain before metres */
    int64_t floor, high; /* what near pairs leave; by the high prices */
};

void near_list_clear(struct near_list *list)
{
    free(list->pairs);
    *list = (struct near_list){0};
}

static void add(struct near_list *list, const struct eye *eye, uint32_t pair, int64_t gain)
{
    ALLOC_GROW(list->pairs, list->n, list->room);
    list->pairs[list->n++] =
        (struct near_pair){gain, eye->person, eye->view->packed->problem->pairs[pair].part, pair};
}

/* Somebody unplaced, behind those who lose less. */
static void put_first(struct first *first, uint32_t most, const struct near_pair *pair)
{
    uint32_t at = first->n < most ? first->n++ : most - 1;
    for (; at && first->pairs[at - 1].gain < pair->gain; at--)
        first->pairs[at] = first->pairs[at - 1];
    first->pairs[at] = *pair;
}

static void scan_unplaced(const struct eye *eye, uint32_t from, uint32_t end,
                          struct slice_of_look *look)
{
    const struct near_view *view = eye->view;
    const struct problem_pair *pairs = view->packed->problem->pairs;
    for (uint32_t pair = from; pair < end; pair++) {
        uint32_t part = pairs[pair].part;
        int64_t gain = packed_gain(view->packed, eye->base, &pairs[pair]);
        struct first *first = &look->first[part];
        if (gain - view->price[part] >= eye->floor)
            add(&look->list, eye, pair, gain);
        else if (first->n < view->n_first || gain > first->pairs[view->n_first - 1].gain)
            put_first(first, view->n_first, &(struct near_pair){gain, eye->person, part, pair});
    }
}

static void scan(const struct eye *eye, uint32_t from, uint32_t end, struct near_list *list)
{
    const struct packed *packed = eye->view->packed;
    const struct problem_pair *pairs = packed->problem->pairs;
    const int64_t *price = eye->view->price;
    for (uint32_t pair = from; pair < end; pair++) {
        int64_t gain = packed_gain(packed, eye->base, &pairs[pair]);
        if (gain - price[pairs[pair].part] >= eye->floor)
            add(list, eye, pair, gain);
    }
}

static void scan_twice(const struct eye *eye, uint32_t from, uint32_t end, struct near_list *list)
{
    const struct packed *packed = eye->view->packed;
    const struct problem_pair *pairs = packed->problem->pairs;
    const int64_t *price = eye->view->price, *high = eye->view->high;
    for (uint32_t pair = from; pair < end; pair++) {
        uint32_t part = pairs[pair].part;
        int64_t gain = packed_gain(packed, eye->base, &pairs[pair]);
        if (gain - price[part] >= eye->floor || gain - high[part] >= eye->high)
            add(list, eye, pair, gain);
    }
}

/* The person, and what they have more than the prices; near is what leaves as much. */
static struct eye open_eye(const struct near_view *view, uint32_t i)
{
    const struct problem *problem = view->packed->problem;
    uint32_t own = view->chosen[i];
    struct eye eye = {.view = view, .person = i, .base = packed_base(view->packed, i)};
    if (own != PROBLEM_NONE) {
        const struct problem_pair *at = &problem->pairs[own];
        int is_stay = own == problem->people[i].stay_pair;
        int64_t gain = is_stay ? 0 : packed_gain(view->packed, eye.base, at);
        eye.floor = gain - view->price[at->part] - view->limit;
        eye.high = view->high ? gain - view->high[at->part] - view->limit : 0;
    }
    return eye;
}

static void look_at(const struct near_view *view, uint32_t i, struct slice_of_look *look)
{
    const struct problem *problem = view->packed->problem;
    const struct problem_person *person = &problem->people[i];
    uint32_t end = person->first_pair + person->n_pairs, stay = person->stay_pair;
    int is_placed = view->chosen[i] != PROBLEM_NONE;
    struct eye eye = open_eye(view, i);
    void (*scan_pairs)(const struct eye *, uint32_t, uint32_t, struct near_list *) =
        is_placed && view->high ? scan_twice : scan;
    if (!is_placed && look->first) {
        scan_unplaced(&eye, person->first_pair, end, look);
        return;
    }
    scan_pairs(&eye, person->first_pair, stay == PROBLEM_NONE ? end : stay, &look->list);
    if (stay == PROBLEM_NONE)
        return;
    uint32_t home = problem->pairs[stay].part;
    if (-view->price[home] >= eye.floor || (view->high && -view->high[home] >= eye.high))
        add(&look->list, &eye, stay, 0);
    scan_pairs(&eye, stay + 1, end, &look->list);
}

static void count_values(const struct near_view *view, uint32_t person, int64_t *values)
{
    const struct problem *problem = view->packed->problem;
    for (size_t k = 0; view->chosen[person] != PROBLEM_NONE && k < problem->n_objectives; k++)
        values[k] += problem_gain(problem, view->chosen[person], k);
}

static void look_at_people(void *context, size_t slice, size_t first, size_t end)
{
    struct look *look = context;
    struct slice_of_look mine = {0};
    uint32_t n_parts = look->view->packed->problem->n_parts;
    if (look->view->n_first)
        mine.first = alloc_zero((size_t)n_parts + 1, sizeof *mine.first);
    for (size_t i = first; i < end && mine.list.n <= look->view->most; i++) {
        look_at(look->view, (uint32_t)i, &mine);
        if (look->has_values)
            count_values(look->view, (uint32_t)i, mine.values);
    }
    mine.is_too_much = mine.list.n > look->view->most;
    look->slices[slice] = mine;
}

/* The first of all slices, for each part; less than nothing else is lost. */
static void append_first(const struct look *look, size_t n_slices, struct near_list *list)
{
    uint32_t n_parts = look->view->packed->problem->n_parts, most = look->view->n_first;
    for (uint32_t p = 0; p < n_parts && most; p++) {
        struct first first = look->slices[0].first[p];
        for (size_t s = 1; s < n_slices; s++)
            for (uint32_t k = 0; k < look->slices[s].first[p].n; k++) {
                const struct near_pair *pair = &look->slices[s].first[p].pairs[k];
                if (first.n < most || pair->gain > first.pairs[most - 1].gain)
                    put_first(&first, most, pair);
            }
        for (uint32_t k = 0; k < first.n; k++) {
            ALLOC_GROW(list->pairs, list->n, list->room);
            list->pairs[list->n++] = first.pairs[k];
        }
    }
    for (size_t s = 0; s < n_slices; s++)
        free(look->slices[s].first);
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

int near_look(const struct near_view *view, struct near_list *list, int64_t *values)
{
    const struct problem *problem = view->packed->problem;
    struct look look = {.view = view, .has_values = values != NULL};
    size_t n_slices = slices_count(problem->n_people, SLICE_PEOPLE);
    int is_whole = 1;
    slices_run(problem->n_people, n_slices, look_at_people, &look);
    for (size_t s = 0; s < n_slices; s++) {
        is_whole &= !look.slices[s].is_too_much;
        append(list, &look.slices[s].list);
        for (size_t k = 0; values && k < problem->n_objectives; k++)
            values[k] += look.slices[s].values[k];
    }
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

void near_graph_add(struct near_graph *graph, const struct near_list *more)
{
    struct near_list *list = &graph->list;
    if (list->n + more->n > list->room) {
        list->room = list->n + more->n;
        list->pairs = alloc_resize(list->pairs, list->room, sizeof *list->pairs);
    }
    memcpy(list->pairs + list->n, more->pairs, more->n * sizeof *list->pairs);
    list->n += more->n;
    by_person(graph);
    by_part(graph);
}
