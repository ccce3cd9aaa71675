/* repair_search.c - see repair_search.h. Dijkstra among the parts; a step from q to p is somebody
 * in q who goes to p, and as long as what they lose by it at the prices. Nothing is below 0. */
#include "solver/repair_search.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Where a search ends, the nearest so far. */
struct end {
    int64_t distance;
    uint32_t part;
    uint32_t person; /* who is left without a place; PROBLEM_NONE = nobody */
    uint32_t at;     /* place in the list: by which somebody without a place comes */
};

void repair_init(struct repair *repair, const struct packed *packed, uint32_t *chosen,
                 int64_t *price)
{
    const struct problem *problem = packed->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    *repair = (struct repair){.packed = packed, .problem = problem, .chosen = chosen};
    repair->price = price;
    near_graph_init(&repair->graph, problem);
    repair->own = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    repair->used = alloc_zero(parts, sizeof(int64_t));
    repair->distance = alloc_zero(parts, sizeof(int64_t));
    repair->via = alloc_zero(parts, sizeof(uint32_t));
    repair->touched = alloc_zero(parts, sizeof(uint32_t));
    for (uint32_t p = 0; p < problem->n_parts; p++)
        repair->distance[p] = PACKED_MOST;
}

void repair_clear(struct repair *repair)
{
    near_graph_clear(&repair->graph);
    free(repair->own);
    free(repair->used);
    free(repair->distance);
    free(repair->via);
    free(repair->touched);
    heap_clear(&repair->heap);
}

static const struct near_pair *pair_at(const struct repair *repair, uint32_t at)
{
    return &repair->graph.list.pairs[at];
}

static int64_t room_in(const struct repair *repair, uint32_t part)
{
    return repair->problem->parts[part].capacity - repair->used[part];
}

static int is_newcomer(const struct repair *repair, uint32_t person)
{
    return repair->problem->people[person].stay_pair == PROBLEM_NONE;
}

static int is_member(const struct repair *repair, const struct near_pair *pair)
{
    return repair->chosen[pair->person] == pair->pair;
}

/* What this person loses who has so much left where they are. */
static int64_t loss_by(const struct repair *repair, int64_t left, const struct near_pair *pair)
{
    return left - (pair->gain - repair->price[pair->part]);
}

/* -- who is where -- */

static void count_used(struct repair *repair)
{
    memset(repair->used, 0, (size_t)repair->problem->n_parts * sizeof(int64_t));
    for (uint32_t i = 0; i < repair->problem->n_people; i++)
        if (repair->chosen[i] != PROBLEM_NONE)
            repair->used[repair_part(repair, i)]++;
}

/* A person's own pair is near, so what they have comes with the list. */
static void settle_person(struct repair *repair, uint32_t person)
{
    uint32_t best = PROBLEM_NONE, own = repair->chosen[person];
    int64_t most = is_newcomer(repair, person) ? 0 : INT64_MIN, left;
    for (uint32_t at = repair->graph.of_person[person]; at != PROBLEM_NONE;
         at = repair->graph.next_of_person[at]) {
        const struct near_pair *pair = pair_at(repair, at);
        left = pair->gain - repair->price[pair->part];
        if (left > most || (left == most && pair->pair == own)) {
            most = left;
            best = at;
        }
    }
    repair->own[person] = best == PROBLEM_NONE ? 0 : pair_at(repair, best)->gain;
    repair->chosen[person] = best == PROBLEM_NONE ? PROBLEM_NONE : pair_at(repair, best)->pair;
}

void repair_settle(struct repair *repair)
{
    for (uint32_t i = 0; i < repair->problem->n_people; i++)
        if (repair->graph.of_person[i] != PROBLEM_NONE)
            settle_person(repair, i);
    count_used(repair);
}

void repair_recount(struct repair *repair)
{
    const struct near_list *list = &repair->graph.list;
    for (size_t at = 0; at < list->n; at++)
        if (is_member(repair, &list->pairs[at]))
            repair->own[list->pairs[at].person] = list->pairs[at].gain;
    for (uint32_t i = 0; i < repair->problem->n_people; i++)
        if (repair->chosen[i] == PROBLEM_NONE)
            repair->own[i] = 0;
    count_used(repair);
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

static void reach(struct repair *repair, uint32_t part, int64_t distance, uint32_t via)
{
    if (distance >= repair->distance[part])
        return;
    if (repair->distance[part] == PACKED_MOST)
        repair->touched[repair->n_touched++] = part;
    repair->distance[part] = distance;
    repair->via[part] = via;
    heap_push(&repair->heap, distance, part);
}

/* The next part that is nearer than `most`; PROBLEM_NONE = there is none. */
static uint32_t next_part(struct repair *repair, int64_t most)
{
    while (repair->heap.n) {
        struct heap_entry next = heap_pop(&repair->heap);
        if (next.distance >= most)
            break;
        if (next.distance == repair->distance[next.node])
            return next.node;
    }
    return PROBLEM_NONE;
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
    repair->n_touched = 0;
    repair->heap.n = 0;
    return fits;
}

static void put(struct repair *repair, uint32_t person, uint32_t at)
{
    if (repair->chosen[person] != PROBLEM_NONE)
        repair->used[repair_part(repair, person)]--;
    repair->chosen[person] = at == PROBLEM_NONE ? PROBLEM_NONE : pair_at(repair, at)->pair;
    repair->own[person] = at == PROBLEM_NONE ? 0 : pair_at(repair, at)->gain;
    if (at != PROBLEM_NONE)
        repair->used[pair_at(repair, at)->part]++;
}

/* Who is in `part` may go on, or out. */
static void look_forward(struct repair *repair, uint32_t part, struct end *end)
{
    int64_t so_far = repair->distance[part];
    for (uint32_t at = repair->graph.of_part[part]; at != PROBLEM_NONE;
         at = repair->graph.next_of_part[at]) {
        const struct near_pair *own = pair_at(repair, at);
        repair->looks++;
        if (!is_member(repair, own))
            continue;
        int64_t left = own->gain - repair->price[part];
        if (is_newcomer(repair, own->person) && so_far + left < end->distance)
            *end = (struct end){so_far + left, part, own->person, PROBLEM_NONE};
        for (uint32_t to = repair->graph.of_person[own->person]; to != PROBLEM_NONE;
             to = repair->graph.next_of_person[to]) {
            int64_t distance = so_far + loss_by(repair, left, pair_at(repair, to));
            repair->looks++;
            if (distance < end->distance)
                reach(repair, pair_at(repair, to)->part, distance, to);
        }
    }
}

/* One too many in `start`: the cheapest way to a free bed, or to somebody who is left without. */
static int send_on(struct repair *repair, uint32_t start)
{
    struct end end = {PACKED_MOST, PROBLEM_NONE, PROBLEM_NONE, PROBLEM_NONE};
    reach(repair, start, 0, PROBLEM_NONE);
    for (uint32_t part; (part = next_part(repair, end.distance)) != PROBLEM_NONE;) {
        if (room_in(repair, part) > 0)
            end = (struct end){repair->distance[part], part, PROBLEM_NONE, PROBLEM_NONE};
        else
            look_forward(repair, part, &end);
    }
    if (!move_prices(repair, end.distance, 1) || end.part == PROBLEM_NONE)
        return 0;
    if (end.person != PROBLEM_NONE)
        put(repair, end.person, PROBLEM_NONE);
    for (uint32_t at = end.part, from; at != start; at = from) {
        uint32_t person = pair_at(repair, repair->via[at])->person;
        from = repair_part(repair, person);
        put(repair, person, repair->via[at]);
    }
    return 1;
}

/* Who could come to `part`. */
static void look_back(struct repair *repair, uint32_t part, struct end *end)
{
    int64_t so_far = repair->distance[part];
    for (uint32_t at = repair->graph.of_part[part]; at != PROBLEM_NONE;
         at = repair->graph.next_of_part[at]) {
        const struct near_pair *pair = pair_at(repair, at);
        repair->looks++;
        if (is_member(repair, pair))
            continue;
        uint32_t from = repair_part(repair, pair->person);
        int64_t distance = so_far + loss_by(repair, repair_left(repair, pair->person), pair);
        if (distance >= end->distance)
            continue;
        if (from == PROBLEM_NONE)
            *end = (struct end){distance, part, PROBLEM_NONE, at};
        else
            reach(repair, from, distance, at);
    }
}

/* A priced bed is free in `start`: the cheapest way to have somebody there, or to a bed that may
 * stay free. */
static int fetch_one(struct repair *repair, uint32_t start)
{
    struct end end = {PACKED_MOST, PROBLEM_NONE, PROBLEM_NONE, PROBLEM_NONE};
    reach(repair, start, 0, PROBLEM_NONE);
    for (uint32_t part; (part = next_part(repair, end.distance)) != PROBLEM_NONE;) {
        if (repair->distance[part] + repair->price[part] < end.distance)
            end = (struct end){repair->distance[part] + repair->price[part], part, PROBLEM_NONE,
                               PROBLEM_NONE};
        look_back(repair, part, &end);
    }
    if (!move_prices(repair, end.distance, -1))
        return 0;
    if (end.at != PROBLEM_NONE)
        put(repair, pair_at(repair, end.at)->person, end.at);
    for (uint32_t at = end.part; at != start;) {
        uint32_t via = repair->via[at];
        put(repair, pair_at(repair, via)->person, via);
        at = pair_at(repair, via)->part;
    }
    return 1;
}

int repair_paths(struct repair *repair)
{
    for (uint32_t p = 0; p < repair->problem->n_parts; p++)
        while (room_in(repair, p) < 0) {
            if (repair->looks > repair->looks_left || !send_on(repair, p))
                return 0;
            repair->paths++;
        }
    for (uint32_t p = 0; p < repair->problem->n_parts; p++)
        while (room_in(repair, p) > 0 && repair->price[p] > 0) {
            if (repair->looks > repair->looks_left || !fetch_one(repair, p))
                return 0;
            repair->paths++;
        }
    return 1;
}

/* -- the least and the greatest prices -- */

/* The unplaced hold up the prices of what they could have. */
static void bound_by_unplaced(struct repair *repair)
{
    const struct near_list *list = &repair->graph.list;
    for (size_t at = 0; at < list->n; at++) {
        const struct near_pair *pair = &list->pairs[at];
        if (repair->chosen[pair->person] == PROBLEM_NONE)
            reach(repair, pair->part, loss_by(repair, 0, pair), PROBLEM_NONE);
    }
}

static void look_forward_all(struct repair *repair, uint32_t part)
{
    int64_t so_far = repair->distance[part];
    for (uint32_t at = repair->graph.of_part[part]; at != PROBLEM_NONE;
         at = repair->graph.next_of_part[at]) {
        const struct near_pair *own = pair_at(repair, at);
        if (!is_member(repair, own))
            continue;
        int64_t left = own->gain - repair->price[part];
        for (uint32_t to = repair->graph.of_person[own->person]; to != PROBLEM_NONE;
             to = repair->graph.next_of_person[to])
            reach(repair, pair_at(repair, to)->part,
                  so_far + loss_by(repair, left, pair_at(repair, to)), PROBLEM_NONE);
    }
}

void repair_lower(struct repair *repair)
{
    for (uint32_t p = 0; p < repair->problem->n_parts; p++)
        reach(repair, p, repair->price[p], PROBLEM_NONE);
    bound_by_unplaced(repair);
    for (uint32_t part; (part = next_part(repair, PACKED_MOST)) != PROBLEM_NONE;)
        look_forward_all(repair, part);
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        repair->price[p] -= repair->distance[p];
        repair->distance[p] = PACKED_MOST;
    }
    repair->n_touched = 0;
}

static void look_back_all(struct repair *repair, uint32_t part)
{
    for (uint32_t at = repair->graph.of_part[part]; at != PROBLEM_NONE;
         at = repair->graph.next_of_part[at]) {
        const struct near_pair *pair = pair_at(repair, at);
        uint32_t from = repair_part(repair, pair->person);
        if (from == PROBLEM_NONE || from == part)
            continue;
        reach(repair, from,
              repair->distance[part] + loss_by(repair, repair_left(repair, pair->person), pair),
              PROBLEM_NONE);
    }
}

void repair_losses(struct repair *repair)
{
    const struct problem *problem = repair->problem;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        repair->distance[p] = PACKED_MOST;
        if (room_in(repair, p) > 0)
            reach(repair, p, 0, PROBLEM_NONE);
    }
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (repair->chosen[i] != PROBLEM_NONE && is_newcomer(repair, i))
            reach(repair, repair_part(repair, i), repair_left(repair, i), PROBLEM_NONE);
    for (uint32_t part; (part = next_part(repair, PACKED_MOST)) != PROBLEM_NONE;)
        look_back_all(repair, part);
    repair->n_touched = 0;
}
