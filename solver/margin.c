/* margin.c - see margin.h. Who is at the margin is found afterwards: along the cheapest ways, back
 * from those who would be left without a place, the best of them first. */
#include "solver/margin.h"

#include "models/alloc.h"
#include "models/beside.h"

#include <stdlib.h>

enum { LOOK_AHEAD = 8 }; /* who comes next in the order of ties lies anywhere in memory */

struct margin {
    const struct repair *repair;
    const struct problem *problem;
    struct greatest *found;
    uint32_t *queue;
    int64_t *distance; /* one bed fewer, by part: the cheapest way; PACKED_MOST = there is none */
    unsigned char *is_reached;
};

/* -- one bed fewer -- */

static void reach(struct margin *margin, uint32_t part, uint32_t last, uint32_t *tail)
{
    if (margin->is_reached[part])
        return;
    margin->is_reached[part] = 1;
    margin->found->last[part] = last;
    margin->queue[(*tail)++] = part;
}

/* Whatever has its cheapest way through `part` ends where that ends. */
static void follow_back(struct margin *margin, uint32_t part, uint32_t last)
{
    const struct near_graph *graph = &margin->repair->graph;
    const int64_t *distance = margin->distance;
    uint32_t tail = 0;
    reach(margin, part, last, &tail);
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t to = margin->queue[head];
        for (uint32_t s = graph->of_part[to]; s < graph->of_part[to + 1]; s++) {
            const struct near_seat *seat = &margin->repair->seats[graph->steps[s].person];
            if (seat->part != PROBLEM_NONE && !margin->is_reached[seat->part] &&
                distance[seat->part] ==
                    distance[to] + repair_loss(margin->repair, seat, graph->steps[s].gain, to))
                reach(margin, seat->part, last, &tail);
        }
    }
}

/* Nobody before somebody, a later person before an earlier one. */
static void find_last(struct margin *margin)
{
    const struct problem *problem = margin->problem;
    const struct repair *repair = margin->repair;
    for (uint32_t p = 0; p < problem->n_parts; p++)
        if (repair->used[p] < problem->parts[p].capacity)
            follow_back(margin, p, PROBLEM_NONE);
    for (uint32_t at = problem->n_people; at-- > 0;) {
        uint32_t i = problem->tie_order[at];
        const struct near_seat *seat = &repair->seats[i];
        if (at >= LOOK_AHEAD)
            __builtin_prefetch(&repair->seats[problem->tie_order[at - LOOK_AHEAD]]);
        if (seat->part != PROBLEM_NONE && !margin->is_reached[seat->part] &&
            repair_left(repair, seat) == margin->distance[seat->part] &&
            problem->people[i].stay_pair == PROBLEM_NONE)
            follow_back(margin, seat->part, i);
    }
}

static int split_losses(struct margin *margin, const int64_t *high)
{
    const struct repair *repair = margin->repair;
    size_t n = margin->problem->n_objectives;
    for (uint32_t p = 0; p < margin->problem->n_parts; p++) {
        margin->distance[p] = high[p] == PACKED_MOST ? PACKED_MOST : high[p] - repair->price[p];
        if (high[p] == PACKED_MOST)
            continue;
        margin->found->is_known[p] = 1;
        if (!packed_split(repair->packed, high[p], &margin->found->loss[p * n]))
            return 0;
    }
    return 1;
}

/* -- one more bed -- */

static void wait_for(struct margin *margin, uint32_t person, uint32_t source, uint32_t *tail)
{
    const struct near_graph *graph = &margin->repair->graph;
    const struct near_seat *seat = &margin->repair->seats[person];
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
        const struct near_pair *pair = &graph->list.pairs[at];
        if (margin->found->next[pair->part] != PROBLEM_NONE ||
            repair_loss(margin->repair, seat, pair->gain, pair->part) != 0)
            continue;
        margin->found->next[pair->part] = source;
        margin->queue[(*tail)++] = pair->part;
    }
}

/* Whatever this person could have at no loss, by way of others, has its price from them. */
static void follow_on(struct margin *margin, uint32_t source)
{
    const struct near_graph *graph = &margin->repair->graph;
    uint32_t tail = 0;
    wait_for(margin, source, source, &tail);
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t part = margin->queue[head];
        for (uint32_t s = graph->of_part[part]; s < graph->of_part[part + 1]; s++)
            if (margin->repair->seats[graph->steps[s].person].part == part)
                wait_for(margin, graph->steps[s].person, source, &tail);
    }
}

/* Where one more bed gains nothing, nobody is waiting for it. */
static void find_next(struct margin *margin)
{
    const struct repair *repair = margin->repair;
    for (uint32_t at = 0; at < margin->problem->n_people; at++) {
        uint32_t i = margin->problem->tie_order[at];
        if (repair->graph.of_person[i] < repair->graph.of_person[i + 1] &&
            repair->seats[i].pair == PROBLEM_NONE)
            follow_on(margin, i);
    }
    for (uint32_t p = 0; p < margin->problem->n_parts; p++)
        if (repair->price[p] == 0)
            margin->found->next[p] = PROBLEM_NONE;
}

static void find_last_beside(void *context)
{
    find_last(context);
}

int margin_find(const struct repair *repair, const int64_t *high, struct greatest *greatest)
{
    const struct problem *problem = repair->problem;
    size_t parts = (size_t)problem->n_parts + 1;
    struct margin next = {.repair = repair, .problem = problem, .found = greatest}, last = next;
    greatest_blank(greatest, problem);
    next.queue = alloc_zero(parts, sizeof(uint32_t));
    last.queue = alloc_zero(parts, sizeof(uint32_t));
    last.is_reached = alloc_zero(parts, 1);
    last.distance = alloc_zero(parts, sizeof(int64_t));
    int fits = split_losses(&last, high);
    if (fits) {
        struct beside *beside = beside_begin(find_last_beside, &last);
        find_next(&next);
        beside_end(beside);
    }
    free(next.queue);
    free(last.queue);
    free(last.is_reached);
    free(last.distance);
    if (!fits) {
        greatest_clear(greatest);
        *greatest = (struct greatest){0};
    }
    return fits;
}
