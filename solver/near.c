/* near.c - see near.h. */
#include "solver/near.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* Fewer are not worth a thread; so many people make a sample. */
enum { SLICE_PEOPLE = 2000, SAMPLE_PEOPLE = 100 };

struct look {
    const struct near_view *view;
    int has_values;
    struct slice_of_look {
        struct near_list list;
        int64_t values[OBJECTIVE_COUNT];
        int is_too_much;
    } slices[SLICES_MAX];
};

/* A person under the eye, and where their pairs begin to be near. */
struct eye {
    const struct near_view *view;
    uint32_t person;
    int64_t base, floor; /* what pairs gain before metres; what near ones leave */
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

/* The person, and what they have more than the prices; near is what leaves as much. */
static struct eye open_eye(const struct near_view *view, uint32_t i)
{
    const struct problem *problem = view->packed->problem;
    uint32_t own = view->chosen[i];
    struct eye eye = {view, i, packed_base(view->packed, i), 0};
    if (own != PROBLEM_NONE) {
        const struct problem_pair *at = &problem->pairs[own];
        int is_stay = own == problem->people[i].stay_pair;
        eye.floor = (is_stay ? 0 : packed_gain(view->packed, eye.base, at)) - view->price[at->part];
    }
    return eye;
}

static void look_at(const struct near_view *view, uint32_t i, struct near_list *list)
{
    const struct problem *problem = view->packed->problem;
    const struct problem_person *person = &problem->people[i];
    uint32_t end = person->first_pair + person->n_pairs, stay = person->stay_pair;
    uint32_t own = view->chosen[i];
    struct eye eye = open_eye(view, i);
    eye.floor -= view->limit[own == PROBLEM_NONE ? problem->n_parts : problem->pairs[own].part];
    if (stay == PROBLEM_NONE) {
        scan(&eye, person->first_pair, end, list);
        return;
    }
    scan(&eye, person->first_pair, stay, list);
    if (-view->price[problem->pairs[stay].part] >= eye.floor)
        add(list, &eye, stay, 0);
    scan(&eye, stay + 1, end, list);
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
    for (size_t i = first; i < end && mine.list.n <= look->view->most; i++) {
        look_at(look->view, (uint32_t)i, &mine.list);
        if (look->has_values)
            count_values(look->view, (uint32_t)i, mine.values);
    }
    mine.is_too_much = mine.list.n > look->view->most;
    look->slices[slice] = mine;
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
    return is_whole && list->n <= view->most;
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return (one > two) - (one < two);
}

/* What a newcomer would lose by each of their pairs. */
static size_t sample_losses(const struct near_view *view, uint32_t i, int64_t *losses)
{
    const struct problem *problem = view->packed->problem;
    const struct problem_person *person = &problem->people[i];
    struct eye eye = open_eye(view, i);
    for (uint32_t k = 0; k < person->n_pairs; k++) {
        const struct problem_pair *pair = &problem->pairs[person->first_pair + k];
        losses[k] =
            eye.floor - (packed_gain(view->packed, eye.base, pair) - view->price[pair->part]);
    }
    return person->n_pairs;
}

int64_t near_limit(const struct near_view *view, size_t wanted)
{
    const struct problem *problem = view->packed->problem;
    uint32_t step = problem->n_people / SAMPLE_PEOPLE + 1;
    size_t n = 0, room = 0;
    for (uint32_t i = step / 2; i < problem->n_people; i += step)
        room += problem->people[i].n_pairs;
    int64_t *losses = alloc_zero(room + 1, sizeof *losses);
    for (uint32_t i = step / 2; i < problem->n_people; i += step)
        if (problem->people[i].stay_pair == PROBLEM_NONE)
            n += sample_losses(view, i, losses + n);
    qsort(losses, n, sizeof *losses, by_size);
    size_t at = n ? (size_t)((double)wanted * (double)n / problem->n_pairs) : 0;
    int64_t limit = n ? losses[at < n ? at : n - 1] : 0;
    free(losses);
    return limit > 0 ? limit : 0;
}

void near_graph_init(struct near_graph *graph, const struct problem *problem)
{
    *graph = (struct near_graph){.problem = problem};
    graph->of_person = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    graph->of_part = alloc_zero((size_t)problem->n_parts + 1, sizeof(uint32_t));
    memset(graph->of_person, 0xff, (size_t)problem->n_people * sizeof(uint32_t));
    memset(graph->of_part, 0xff, (size_t)problem->n_parts * sizeof(uint32_t));
}

void near_graph_clear(struct near_graph *graph)
{
    near_list_clear(&graph->list);
    free(graph->of_person);
    free(graph->of_part);
    free(graph->next_of_person);
    free(graph->next_of_part);
}

/* From the last on, so that the links go forward. */
void near_graph_link(struct near_graph *graph)
{
    size_t n = graph->list.n;
    if (n > graph->room) {
        graph->room = n + n / 4;
        graph->next_of_person = alloc_resize(graph->next_of_person, graph->room, sizeof(uint32_t));
        graph->next_of_part = alloc_resize(graph->next_of_part, graph->room, sizeof(uint32_t));
    }
    for (size_t at = n; at-- > graph->n_linked;) {
        const struct near_pair *pair = &graph->list.pairs[at];
        graph->next_of_person[at] = graph->of_person[pair->person];
        graph->of_person[pair->person] = (uint32_t)at;
        graph->next_of_part[at] = graph->of_part[pair->part];
        graph->of_part[pair->part] = (uint32_t)at;
    }
    graph->n_linked = n;
}
