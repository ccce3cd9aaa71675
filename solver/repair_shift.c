/* repair_shift.c - see repair_shift.h. */
#include "solver/repair_shift.h"

#include "models/alloc.h"
#include "solver/components.h"

#include <stdlib.h>
#include <string.h>

struct bid { /* somebody would come or go, or a bed may stay free, once prices move so far */
    uint32_t region;
    int64_t distance;
};

struct shift {
    struct repair *repair;
    uint32_t *region; /* by part: its first part */
    int64_t *excess;  /* by region: people too many; below 0: priced beds that are free */
    struct bid *bids;
    size_t n, room;
};

/* The steps from a part that has a price to others that have one. */
static void priced_steps(struct repair *repair, struct face *face)
{
    uint32_t kept = 0, room = 0;
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        const struct repair_row *out = &repair->rows.out[p];
        for (uint32_t s = 0; repair->price[p] > 0 && s < out->n; s++) {
            if (repair->price[out->steps[s].part] <= 0)
                continue;
            ALLOC_GROW(face->parts, kept, room);
            face->parts[kept++] = out->steps[s].part;
        }
        face->first[p + 1] = kept;
    }
}

/* Prices move together where people can go round: a region is a strongly connected component. One
 * person stands for all of a part. */
static void join_regions(struct shift *shift)
{
    uint32_t n = shift->repair->problem->n_parts;
    struct problem problem = {.parts = shift->repair->problem->parts, .n_parts = n, .n_people = n};
    struct face face = {.problem = &problem};
    uint32_t *own = alloc_zero((size_t)n + 1, sizeof *own);
    uint32_t *component = alloc_zero((size_t)n + 1, sizeof *component);
    uint32_t *first = alloc_zero((size_t)n + 1, sizeof *first);
    face.first = alloc_zero((size_t)n + 1, sizeof(uint32_t));
    face.must_place = alloc_zero((size_t)n + 1, 1);
    face.must_fill = alloc_zero((size_t)n + 1, 1);
    memset(face.must_place, 1, n);
    memset(face.must_fill, 1, n);
    for (uint32_t p = 0; p < n; p++)
        own[p] = p;
    priced_steps(shift->repair, &face);
    components_find(&face, own, component);
    for (uint32_t p = n; p-- > 0;)
        first[component[p]] = p;
    for (uint32_t p = 0; p < n; p++)
        shift->region[p] = first[component[p]];
    face_clear(&face);
    free(own);
    free(component);
    free(first);
}

/* How many regions have some. */
static int count_excess(struct shift *shift)
{
    const struct repair *repair = shift->repair;
    int n = 0;
    for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
        int64_t excess = repair->used[p] - repair->problem->parts[p].capacity;
        if (excess > 0 || repair->price[p] > 0)
            shift->excess[shift->region[p]] += excess;
    }
    for (uint32_t p = 0; p < repair->problem->n_parts; p++)
        n += shift->excess[p] != 0;
    return n;
}

static void add_bid(struct shift *shift, uint32_t region, int64_t distance)
{
    ALLOC_GROW(shift->bids, shift->n, shift->room);
    shift->bids[shift->n++] = (struct bid){region, distance};
}

/* The nearest way of somebody unplaced into each region that has too few. */
static void bid_to_come(struct shift *shift, uint32_t person)
{
    const struct repair *repair = shift->repair;
    const struct near_graph *graph = &repair->graph;
    size_t begin = shift->n;
    for (uint32_t at = graph->of_person[person]; at < graph->of_person[person + 1]; at++) {
        const struct near_pair *pair = &graph->list.pairs[at];
        uint32_t region = shift->region[pair->part];
        int64_t distance = repair->price[pair->part] - pair->gain;
        size_t known = begin;
        if (shift->excess[region] >= 0)
            continue;
        while (known < shift->n && shift->bids[known].region != region)
            known++;
        if (known == shift->n)
            add_bid(shift, region, distance);
        else if (distance < shift->bids[known].distance)
            shift->bids[known].distance = distance;
    }
}

static void collect_bids(struct shift *shift)
{
    const struct repair *repair = shift->repair;
    for (uint32_t i = 0; i < repair->problem->n_people; i++) {
        const struct near_seat *seat = &repair->seats[i];
        if (seat->pair == PROBLEM_NONE)
            bid_to_come(shift, i);
        else if (shift->excess[shift->region[seat->part]] > 0 &&
                 repair->problem->people[i].stay_pair == PROBLEM_NONE)
            add_bid(shift, shift->region[seat->part], repair_left(repair, seat));
    }
    for (uint32_t p = 0; p < repair->problem->n_parts; p++)
        for (int64_t bed = 0; repair->price[p] > 0 && bed < repair->problem->parts[p].capacity &&
                              bed < -shift->excess[shift->region[p]];
             bed++)
            add_bid(shift, shift->region[p], repair->price[p]);
}

/* Bids by region: those of p lie at first[p] .. first[p + 1] - 1. */
static struct bid *sort_bids(const struct shift *shift, size_t *first)
{
    uint32_t n_parts = shift->repair->problem->n_parts;
    struct bid *sorted = alloc_zero(shift->n + 1, sizeof *sorted);
    for (size_t at = 0; at < shift->n; at++)
        first[shift->bids[at].region + 1]++;
    for (uint32_t p = 0; p < n_parts; p++)
        first[p + 1] += first[p];
    for (size_t at = shift->n; at-- > 0;)
        sorted[first[shift->bids[at].region]++] = shift->bids[at];
    memmove(first + 1, first, n_parts * sizeof *first);
    first[0] = 0;
    return sorted;
}

/* The distance of the bid that would be at this place if they were sorted; they change places. */
static int64_t distance_at(struct bid *bids, size_t n, size_t place)
{
    for (size_t low = 0, high = n; high - low > 1;) {
        int64_t pivot = bids[low + (high - low) / 2].distance;
        size_t below = low, at = low, above = high;
        while (at < above) {
            struct bid bid = bids[at];
            if (bid.distance < pivot) {
                bids[at++] = bids[below];
                bids[below++] = bid;
            } else if (bid.distance > pivot) {
                bids[at] = bids[--above];
                bids[above] = bid;
            } else {
                at++;
            }
        }
        if (place >= below && place < above)
            return pivot;
        low = place < below ? low : above;
        high = place < below ? below : high;
    }
    return bids[place].distance;
}

/* Excess becomes how far the prices of the region move: as far as that many bids go. */
static void choose_distances(struct shift *shift)
{
    uint32_t n_parts = shift->repair->problem->n_parts;
    size_t *first = alloc_zero((size_t)n_parts + 2, sizeof *first);
    struct bid *bids = sort_bids(shift, first);
    for (uint32_t p = 0; p < n_parts; p++) {
        size_t n = first[p + 1] - first[p], wanted = (size_t)llabs(shift->excess[p]);
        wanted = wanted < n ? wanted : n;
        int64_t distance = wanted ? distance_at(bids + first[p], n, wanted - 1) : 0;
        shift->excess[p] = shift->excess[p] < 0 ? -distance : distance;
    }
    free(first);
    free(bids);
}

/* All regions taken as one: would prices have to move further than the limit? */
static int is_far(struct shift *shift, int64_t limit)
{
    size_t wanted = 0, near = 0;
    if (count_excess(shift)) {
        wanted = (size_t)llabs(shift->excess[0]);
        collect_bids(shift);
    }
    for (size_t at = 0; at < shift->n; at++)
        near += shift->bids[at].distance <= limit;
    shift->n = 0;
    shift->excess[0] = 0;
    return near < wanted;
}

int repair_shift(struct repair *repair, int64_t limit)
{
    size_t parts = (size_t)repair->problem->n_parts + 1;
    struct shift shift = {.repair = repair};
    shift.region = alloc_zero(parts, sizeof(uint32_t));
    shift.excess = alloc_zero(parts, sizeof(int64_t));
    int moves = is_far(&shift, limit);
    if (moves) {
        join_regions(&shift);
        count_excess(&shift);
        collect_bids(&shift);
        choose_distances(&shift);
        for (uint32_t p = 0; p < repair->problem->n_parts; p++) {
            int64_t price = repair->price[p] + shift.excess[shift.region[p]];
            repair->price[p] = repair->price[p] > 0 && price > 0 ? price : 0;
        }
        repair_settle(repair);
    }
    free(shift.region);
    free(shift.excess);
    free(shift.bids);
    return moves;
}
