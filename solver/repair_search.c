/* repair_search.c - see repair_search.h. Dijkstra among the parts; a step from q to p is somebody
 * in q who goes to p, and as long as what they lose by it at the prices. Nothing is below 0. */
#include "solver/repair_search.h"

#include "models/alloc.h"
#include "models/beside.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_PEOPLE = 4000 }; /* fewer are not worth a thread */

static const struct near_seat nowhere = {0, PROBLEM_NONE, PROBLEM_NONE};

/* Where a search ends, the nearest so far. */
struct end {
    int64_t distance;
    uint32_t part;
    uint32_t person; /* who is left without a place; PROBLEM_NONE = nobody */
    uint32_t comes;  /* who had none and comes; PROBLEM_NONE = nobody */
};

static const struct end no_end = {PACKED_MOST, PROBLEM_NONE, PROBLEM_NONE, PROBLEM_NONE};

/* What a search needs for itself. */
static void make_scratch(struct repair *repair)
{
    size_t parts = (size_t)repair->problem->n_parts + 1;
    repair->distance = alloc_zero(parts, sizeof(int64_t));
    repair->via = alloc_zero(parts, sizeof(uint32_t));
    repair->other = alloc_zero(parts, sizeof(uint32_t));
    repair->touched = alloc_zero(parts, sizeof(uint32_t));
    repair->queue = alloc_zero(parts, sizeof(uint32_t));
    repair->heap = (struct heap){0};
    for (uint32_t p = 0; p < repair->problem->n_parts; p++)
        repair->distance[p] = PACKED_MOST;
}

static void clear_scratch(struct repair *repair)
{
    free(repair->distance);
    free(repair->via);
    free(repair->other);
    free(repair->touched);
    free(repair->queue);
    heap_clear(&repair->heap);
}

void repair_init(struct repair *repair, const struct packed *packed, int64_t *price)
{
    const struct problem *problem = packed->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    *repair = (struct repair){.packed = packed, .problem = problem, .price = price};
    near_graph_init(&repair->graph, problem);
    repair->seats = alloc_resize(NULL, (size_t)problem->n_people + 1, sizeof *repair->seats);
    for (uint32_t i = 0; i < problem->n_people; i++)
        repair->seats[i] = nowhere;
    repair_rows_init(&repair->rows, &repair->graph, repair->seats);
    repair->used = alloc_zero(parts, sizeof(int64_t));
    make_scratch(repair);
}

void repair_clear(struct repair *repair)
{
    repair_rows_clear(&repair->rows);
    near_graph_clear(&repair->graph);
    free(repair->seats);
    free(repair->used);
    clear_scratch(repair);
}

void repair_take(struct repair *repair, struct near_list *list)
{
    near_graph_take(&repair->graph, list);
    repair_rows_change_all(&repair->rows);
}

void repair_add(struct repair *repair, const struct near_list *more)
{
    near_graph_add(&repair->graph, more);
    repair_rows_add(&repair->rows, more);
}

static int64_t room_in(const struct repair *repair, uint32_t part)
{
    return repair->problem->parts[part].capacity - repair->used[part];
}

static int is_newcomer(const struct repair *repair, uint32_t person)
{
    return repair->problem->people[person].stay_pair == PROBLEM_NONE;
}

/* -- who is where -- */

static void take_seat(struct repair *repair, uint32_t person, const struct near_pair *pair)
{
    struct near_seat *seat = &repair->seats[person];
    if (seat->pair != PROBLEM_NONE)
        repair->used[seat->part]--;
    *seat = pair ? (struct near_seat){pair->gain, pair->pair, pair->part} : nowhere;
    if (pair)
        repair->used[pair->part]++;
    repair_rows_change(&repair->rows, person);
}

/* By the person's near pair into that part. */
static void move(struct repair *repair, uint32_t person, uint32_t part)
{
    const struct near_graph *graph = &repair->graph;
    uint32_t at = graph->of_person[person];
    while (graph->list.pairs[at].part != part)
        at++;
    take_seat(repair, person, &graph->list.pairs[at]);
}

static void seat_person(struct repair *repair, uint32_t person, uint32_t pair)
{
    const struct near_graph *graph = &repair->graph;
    uint32_t at = graph->of_person[person];
    while (pair != PROBLEM_NONE && graph->list.pairs[at].pair != pair)
        at++;
    take_seat(repair, person, pair == PROBLEM_NONE ? NULL : &graph->list.pairs[at]);
}

void repair_seat_people(struct repair *repair, const uint32_t *chosen)
{
    for (uint32_t i = 0; i < repair->problem->n_people; i++)
        if (repair->seats[i].pair != chosen[i])
            seat_person(repair, i, chosen[i]);
}

void repair_choices(const struct repair *repair, uint32_t *chosen)
{
    for (uint32_t i = 0; i < repair->problem->n_people; i++)
        chosen[i] = repair->seats[i].pair;
}

/* Where this person has most; NULL = nowhere. Their own pair is near, so what they have comes with
 * the list. */
static const struct near_pair *best_pair(const struct repair *repair, uint32_t person)
{
    const struct near_graph *graph = &repair->graph;
    const struct near_pair *best = NULL;
    uint32_t own = repair->seats[person].pair;
    int64_t most = is_newcomer(repair, person) ? 0 : INT64_MIN;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
        const struct near_pair *pair = &graph->list.pairs[at];
        int64_t left = pair->gain - repair->price[pair->part];
        if (left < most || (left == most && pair->pair != own))
            continue;
        most = left;
        best = pair;
    }
    return best;
}

static int is_elsewhere(const struct repair *repair, uint32_t person, const struct near_pair *best)
{
    return repair->seats[person].pair != (best ? best->pair : PROBLEM_NONE);
}

static void settle_person(struct repair *repair, uint32_t person)
{
    const struct near_pair *best = best_pair(repair, person);
    if (is_elsewhere(repair, person, best))
        take_seat(repair, person, best);
}

struct movers { /* people who would rather be elsewhere, of a stretch */
    struct mover {
        uint32_t person;
        const struct near_pair *to; /* NULL = nowhere */
    } * list;
    size_t n, room;
};

struct settling {
    const struct repair *repair;
    struct movers movers[SLICES_MAX];
};

static void find_movers(void *context, size_t slice, size_t first, size_t end)
{
    struct settling *settling = context;
    const struct repair *repair = settling->repair;
    const uint32_t *near = repair->graph.of_person;
    struct movers mine = {0};
    for (size_t i = first; i < end; i++) {
        const struct near_pair *best;
        if (near[i] == near[i + 1] ||
            !is_elsewhere(repair, (uint32_t)i, best = best_pair(repair, (uint32_t)i)))
            continue;
        ALLOC_GROW(mine.list, mine.n, mine.room);
        mine.list[mine.n++] = (struct mover){(uint32_t)i, best};
    }
    settling->movers[slice] = mine;
}

void repair_settle(struct repair *repair)
{
    struct settling settling = {.repair = repair};
    size_t n = repair->problem->n_people, n_slices = slices_count(n, SLICE_PEOPLE);
    slices_run(n, n_slices, find_movers, &settling);
    for (size_t s = 0; s < n_slices; s++) {
        const struct movers *movers = &settling.movers[s];
        for (size_t m = 0; m < movers->n; m++)
            take_seat(repair, movers->list[m].person, movers->list[m].to);
        free(movers->list);
    }
}

int64_t repair_misfits(const struct repair *repair)
{
    int64_t misfits = 0;
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        int64_t room = room_in(repair, p);
        misfits += room < 0 || repair->price[p] > 0 ? llabs(room) : 0;
    }
    return misfits;
}

/* -- searches -- */

/* Most steps within a region cost nothing: where they lead is looked at next, and need not go
 * through the heap. A part gets there once in a search, since nothing is nearer than that. What is
 * farther is mostly reached at no cost as well later on, so the heap is made when all of that is
 * known. */
static void reach(struct repair *repair, uint32_t part, int64_t distance)
{
    if (distance >= repair->distance[part])
        return;
    if (repair->distance[part] == PACKED_MOST)
        repair->touched[repair->n_touched++] = part;
    repair->distance[part] = distance;
    if (distance <= repair->level)
        repair->queue[repair->tail++] = part;
    else if (repair->is_heaped)
        heap_push(&repair->heap, distance, part);
}

/* Along this step out of `from` or into it, once somebody is known to take it, if that is nearer
 * than `most`. A step by which somebody gains, who is not content yet, is as long as none. */
static void reach_along(struct repair *repair, uint32_t from, int is_back, struct repair_step *step,
                        int64_t most)
{
    uint32_t to = step->part;
    int64_t least = repair->distance[from];
    repair_rows_mend(&repair->rows, is_back ? to : from, is_back ? from : to, step);
    int64_t loss = is_back ? step->raw + repair->price[from] - repair->price[to]
                           : step->raw + repair->price[to] - repair->price[from];
    int64_t distance = least + (loss > 0 ? loss : 0);
    if (distance >= most || distance >= repair->distance[to])
        return;
    reach(repair, to, distance);
    repair->via[to] = step->person;
    repair->other[to] = from;
}

/* Most steps lead nowhere: the two loops see that from what they have at hand. */
static void reach_out(struct repair *repair, uint32_t part, const struct repair_row *row,
                      int64_t most)
{
    const int64_t *price = repair->price, *distance = repair->distance;
    int64_t so_far = distance[part] - price[part];
    repair->looks += row->n;
    for (struct repair_step *step = row->steps; step < row->steps + row->n; step++) {
        int64_t least = so_far + step->raw + price[step->part];
        if (least < most && least < distance[step->part])
            reach_along(repair, part, 0, step, most);
    }
}

static void reach_back(struct repair *repair, uint32_t part, const struct repair_row *row,
                       int64_t most)
{
    const int64_t *price = repair->price, *distance = repair->distance;
    int64_t so_far = distance[part] + price[part];
    repair->looks += row->n;
    for (struct repair_step *step = row->steps; step < row->steps + row->n; step++) {
        int64_t least = so_far + step->raw - price[step->part];
        if (least < most && least < distance[step->part])
            reach_along(repair, part, 1, step, most);
    }
}

static void make_heap(struct repair *repair)
{
    repair->is_heaped = 1;
    for (uint32_t t = 0; t < repair->n_touched; t++) {
        uint32_t part = repair->touched[t];
        if (repair->distance[part] > repair->level)
            heap_push(&repair->heap, repair->distance[part], part);
    }
}

/* The next part that is nearer than `most`; PROBLEM_NONE = there is none. */
static uint32_t next_part(struct repair *repair, int64_t most)
{
    if (repair->level < most && repair->head < repair->tail)
        return repair->queue[repair->head++];
    if (repair->level < most && !repair->is_heaped)
        make_heap(repair);
    while (repair->level < most && repair->heap.n) {
        struct heap_entry next = heap_pop(&repair->heap);
        if (next.distance >= most)
            break;
        if (next.distance != repair->distance[next.node])
            continue;
        repair->level = next.distance;
        return next.node;
    }
    return PROBLEM_NONE;
}

/* The next search begins with nothing reached. */
static void end_search(struct repair *repair)
{
    repair->n_touched = 0;
    repair->heap.n = 0;
    repair->head = repair->tail = 0;
    repair->level = 0;
    repair->is_heaped = 0;
}

/* Prices of what was nearer than the end change by the difference; 0 = they leave all bounds. */
static int move_prices(struct repair *repair, int64_t distance, int sign)
{
    int fits = 1;
    for (uint32_t t = 0; t < repair->n_touched; t++) {
        uint32_t part = repair->touched[t];
        if (repair->distance[part] < distance)
            repair->price[part] += sign * (distance - repair->distance[part]);
        fits &= repair->price[part] < PACKED_MOST;
        repair->distance[part] = PACKED_MOST;
    }
    end_search(repair);
    return fits;
}

/* Who is in `part` may go on, if that is nearer than the end, or out. */
static void look_forward(struct repair *repair, uint32_t part, struct end *end)
{
    struct repair_row *row = &repair->rows.out[part];
    int64_t so_far = repair->distance[part] - repair->price[part];
    if (row->end != PROBLEM_NONE && so_far + row->end_raw < end->distance &&
        repair_rows_mend_out_end(&repair->rows, part) && so_far + row->end_raw < end->distance)
        *end = (struct end){so_far + row->end_raw, part, row->end, PROBLEM_NONE};
    reach_out(repair, part, row, end->distance);
}

/* One too many in `start`: the cheapest way to a free bed, or to somebody who is left without. */
static int send_on(struct repair *repair, uint32_t start)
{
    struct end end = no_end;
    reach(repair, start, 0);
    for (uint32_t part; (part = next_part(repair, end.distance)) != PROBLEM_NONE;) {
        if (room_in(repair, part) > 0)
            end = (struct end){repair->distance[part], part, PROBLEM_NONE, PROBLEM_NONE};
        else
            look_forward(repair, part, &end);
    }
    if (!move_prices(repair, end.distance, 1) || end.part == PROBLEM_NONE)
        return 0;
    if (end.person != PROBLEM_NONE)
        take_seat(repair, end.person, NULL);
    for (uint32_t part = end.part; part != start; part = repair->other[part])
        move(repair, repair->via[part], part);
    return 1;
}

/* Who could come to `part`, if that is nearer than the end. */
static void look_back(struct repair *repair, uint32_t part, struct end *end)
{
    struct repair_row *row = &repair->rows.in[part];
    int64_t so_far = repair->distance[part] + repair->price[part];
    if (row->end != PROBLEM_NONE && so_far + row->end_raw < end->distance &&
        repair_rows_mend_in_end(&repair->rows, part) && so_far + row->end_raw < end->distance)
        *end = (struct end){so_far + row->end_raw, part, PROBLEM_NONE, row->end};
    reach_back(repair, part, row, end->distance);
}

/* A priced bed is free in `start`: the cheapest way to have somebody there, or to a bed that may
 * stay free. */
static int fetch_one(struct repair *repair, uint32_t start)
{
    struct end end = no_end;
    reach(repair, start, 0);
    for (uint32_t part; (part = next_part(repair, end.distance)) != PROBLEM_NONE;) {
        int64_t free_there = repair->distance[part] + repair->price[part];
        if (free_there < end.distance)
            end = (struct end){free_there, part, PROBLEM_NONE, PROBLEM_NONE};
        look_back(repair, part, &end);
    }
    if (!move_prices(repair, end.distance, -1) || end.part == PROBLEM_NONE)
        return 0;
    if (end.comes != PROBLEM_NONE)
        move(repair, end.comes, end.part);
    for (uint32_t part = end.part; part != start; part = repair->other[part])
        move(repair, repair->via[part], repair->other[part]);
    return 1;
}

static int search_from(struct repair *repair, uint32_t part)
{
    repair->paths++;
    return repair->looks + repair->rows.looks <= repair->looks_left &&
           (room_in(repair, part) < 0 ? send_on(repair, part) : fetch_one(repair, part));
}

/* Until nobody is too many there. */
static int clear_part(struct repair *repair, uint32_t part)
{
    int is_done = 1;
    while (is_done && room_in(repair, part) < 0)
        is_done = search_from(repair, part);
    return is_done;
}

/* Until it is full, or costs nothing. */
static int fill_part(struct repair *repair, uint32_t part)
{
    int is_done = 1;
    while (is_done && room_in(repair, part) > 0 && repair->price[part] > 0)
        is_done = search_from(repair, part);
    return is_done;
}

int repair_paths(struct repair *repair)
{
    int is_done = 1;
    for (uint32_t p = 0; p < repair->problem->n_parts && is_done; p++)
        is_done = clear_part(repair, p);
    for (uint32_t p = 0; p < repair->problem->n_parts && is_done; p++)
        is_done = fill_part(repair, p);
    return is_done;
}

int repair_content(struct repair *repair, const struct near_list *missed)
{
    int is_done = 1;
    for (size_t at = 0; at < missed->n && is_done; at++) {
        uint32_t person = missed->pairs[at].person, from = repair->seats[person].part;
        settle_person(repair, person);
        uint32_t to = repair->seats[person].part;
        is_done = to == from || ((to == PROBLEM_NONE || clear_part(repair, to)) &&
                                 (from == PROBLEM_NONE || fill_part(repair, from)));
    }
    return is_done && repair_paths(repair);
}

/* -- the least and the greatest prices -- */

static void lower(struct repair *repair)
{
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        const struct repair_row *in = &repair->rows.in[p];
        reach(repair, p, repair->price[p]);
        /* the unplaced hold up the prices of what they could have */
        if (repair_rows_mend_in_end(&repair->rows, p))
            reach(repair, p, repair->price[p] + in->end_raw);
    }
    for (uint32_t part; (part = next_part(repair, PACKED_MOST)) != PROBLEM_NONE;)
        reach_out(repair, part, &repair->rows.out[part], PACKED_MOST);
}

/* Distances become what one bed fewer costs beyond the price, on these pairs. */
static void find_losses(struct repair *repair)
{
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        const struct repair_row *out = &repair->rows.out[p];
        if (room_in(repair, p) > 0)
            reach(repair, p, 0);
        else if (repair_rows_mend_out_end(&repair->rows, p))
            reach(repair, p, out->end_raw - repair->price[p]);
    }
    for (uint32_t part; (part = next_part(repair, PACKED_MOST)) != PROBLEM_NONE;)
        reach_back(repair, part, &repair->rows.in[part], PACKED_MOST);
}

void repair_raise(struct repair *repair, int64_t *high)
{
    find_losses(repair);
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        int64_t distance = repair->distance[p];
        high[p] = distance == PACKED_MOST ? PACKED_MOST : repair->price[p] + distance;
        repair->distance[p] = PACKED_MOST;
    }
    end_search(repair);
}

struct raising { /* beside the fall of the prices: what it writes is its own */
    struct repair repair;
    int64_t *high;
};

static void raise_beside(void *context)
{
    struct raising *raising = context;
    repair_raise(&raising->repair, raising->high);
}

/* The searches mend other ends of the rows: one steps out and who comes, the other steps in and who
 * goes. The greatest prices are the same from whatever prices prove the plan. */
void repair_spread(struct repair *repair, int64_t *high)
{
    size_t n_parts = repair->problem->n_parts;
    struct raising raising = {.repair = *repair, .high = high};
    make_scratch(&raising.repair);
    struct beside *beside = beside_begin(raise_beside, &raising);
    lower(repair);
    beside_end(beside);
    for (uint32_t p = 0; p < n_parts; p++) {
        repair->price[p] -= repair->distance[p];
        repair->distance[p] = PACKED_MOST;
    }
    end_search(repair);
    clear_scratch(&raising.repair);
}
