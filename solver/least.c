/* least.c - see least.h.
 *
 * Owns one search, in which a part's distance is by how much its price can fall. No amount is below
 * 0 once the duals are proved: a part that need not be full falls to 0 at the most, one that
 * somebody unplaced could have to what they would gain there, and one that somebody could move to
 * as far as the part that they leave falls, and what they lose by moving at the duals. */
#include "solver/least.h"

#include "models/alloc.h"
#include "models/slices.h"
#include "solver/heap.h"
#include "solver/members.h"

#include <stdlib.h>

/* Beyond, sums could overflow; gains and real prices are far below (problem_new). */
#define DUAL_MOST (INT64_MAX / 4)

struct least {
    const struct face *face;
    const int64_t *gain, *dual;
    const uint32_t *chosen;
    struct members members;
    int64_t *left;  /* by person: what they have, less its dual */
    uint32_t *used; /* by part: beds taken */
    int64_t *fall;  /* by part: so far; INT64_MAX = no bound yet */
    struct heap heap;
};

static uint32_t part_of(const struct least *least, uint32_t pair)
{
    return least->face->problem->pairs[pair].part;
}

static int cannot_fall(const struct least *least, uint32_t part)
{
    return least->dual[part] == 0 && !least->face->must_fill[part];
}

static void bound_fall(struct least *least, uint32_t part, int64_t fall)
{
    if (fall >= least->fall[part])
        return;
    least->fall[part] = fall;
    heap_push(&least->heap, fall, part);
}

struct look { /* at all people, in stretches */
    struct least *least;
    struct stretch {
        int is_good;
        uint32_t *used; /* by part */
        int64_t *fall;
    } stretches[SLICES_MAX];
};

/* Whoever cannot lose by a fall of their own price, being unplaced or where it cannot fall, bounds
 * those of all parts that they could have. 0 = they have more there. */
static int check_pairs(const struct least *least, size_t person, int64_t has, int is_source,
                       int64_t *fall)
{
    const struct face *face = least->face;
    for (uint32_t at = face->first[person], end = face->first[person + 1]; at < end; at++) {
        uint32_t part = face->parts[at];
        int64_t loses = has - (least->gain[face->pairs[at]] - least->dual[part]);
        if (loses < 0)
            return 0;
        if (is_source && loses < fall[part])
            fall[part] = loses;
    }
    return 1;
}

/* Nobody has more elsewhere, at the duals; who need not be placed has nothing below 0. */
static void check_stretch(void *context, size_t slice, size_t first, size_t end)
{
    struct look *look = context;
    const struct least *least = look->least;
    struct stretch *stretch = &look->stretches[slice];
    const unsigned char *must_place = least->face->must_place;
    stretch->is_good = 1;
    for (size_t i = first; stretch->is_good && i < end; i++) {
        uint32_t now = least->chosen[i];
        int64_t has = 0;
        int is_source = now == PROBLEM_NONE, is_fine = !is_source || !must_place[i];
        if (now != PROBLEM_NONE) {
            uint32_t own = part_of(least, now);
            has = least->gain[now] - least->dual[own];
            is_source = cannot_fall(least, own);
            is_fine = has >= 0 || must_place[i];
            stretch->used[own]++;
        }
        least->left[i] = has;
        stretch->is_good = is_fine && check_pairs(least, i, has, is_source, stretch->fall);
    }
}

static int check_people(struct least *least)
{
    const struct problem *problem = least->face->problem;
    size_t n = problem->n_people;
    size_t n_slices = slices_count(least->face->first[n], PROBLEM_SLICE_PAIRS);
    size_t parts = (size_t)problem->n_parts + 1;
    struct look look = {.least = least};
    int is_good = 1;
    for (size_t s = 0; s < n_slices; s++) {
        look.stretches[s].used = alloc_zero(parts, sizeof(uint32_t));
        look.stretches[s].fall = alloc_zero(parts, sizeof(int64_t));
        for (uint32_t p = 0; p < problem->n_parts; p++)
            look.stretches[s].fall[p] = least->fall[p];
    }
    slices_run(n, n_slices, check_stretch, &look);
    for (size_t s = 0; s < n_slices; s++) {
        is_good &= look.stretches[s].is_good;
        for (uint32_t p = 0; p < problem->n_parts; p++) {
            least->used[p] += look.stretches[s].used[p];
            bound_fall(least, p, look.stretches[s].fall[p]);
        }
        free(look.stretches[s].used);
        free(look.stretches[s].fall);
    }
    return is_good;
}

/* Nothing is below 0 that need not be. */
static int check_duals(struct least *least)
{
    const struct face *face = least->face;
    for (uint32_t p = 0; p < face->problem->n_parts; p++) {
        int64_t dual = least->dual[p];
        if (dual > DUAL_MOST || dual < -DUAL_MOST || (dual < 0 && !face->must_fill[p]))
            return 0;
        least->fall[p] = cannot_fall(least, p) ? 0 : INT64_MAX;
        if (!face->must_fill[p])
            bound_fall(least, p, dual);
    }
    return 1;
}

/* Whatever has a price is full. */
static int check_parts(const struct least *least)
{
    const struct face *face = least->face;
    for (uint32_t p = 0; p < face->problem->n_parts; p++)
        if ((least->dual[p] != 0 || face->must_fill[p]) &&
            least->used[p] != face->problem->parts[p].capacity)
            return 0;
    return 1;
}

static void let_fall(struct least *least, uint32_t part)
{
    const struct face *face = least->face;
    for (uint32_t m = least->members.first[part]; m < least->members.first[part + 1]; m++) {
        uint32_t i = least->members.people[m];
        int64_t base = least->fall[part] + least->left[i];
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t to = face->parts[at];
            bound_fall(least, to, base - (least->gain[face->pairs[at]] - least->dual[to]));
        }
    }
}

static int write_down(const struct least *least, int64_t *part_price, int64_t *person_price)
{
    const struct problem *problem = least->face->problem;
    for (uint32_t p = 0; p < problem->n_parts; p++) {
        if (least->fall[p] == INT64_MAX)
            return 0;
        part_price[p] = least->dual[p] - least->fall[p];
    }
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t now = least->chosen[i];
        person_price[i] =
            now == PROBLEM_NONE ? 0 : least->left[i] + least->fall[part_of(least, now)];
    }
    return 1;
}

static int search(struct least *least, int64_t *part_price, int64_t *person_price)
{
    if (!check_duals(least) || !check_people(least) || !check_parts(least))
        return 0;
    if (least->heap.n)
        members_list_movers(&least->members, least->face->problem, least->face, least->chosen);
    while (least->heap.n) {
        struct heap_entry next = heap_pop(&least->heap);
        if (next.distance == least->fall[next.node])
            let_fall(least, next.node);
    }
    return write_down(least, part_price, person_price);
}

int least_prices(const struct face *face, const int64_t *gain, const uint32_t *chosen,
                 const int64_t *dual, int64_t *part_price, int64_t *person_price)
{
    const struct problem *problem = face->problem;
    size_t parts = (size_t)problem->n_parts + 2, people = (size_t)problem->n_people + 1;
    struct least least = {.face = face, .gain = gain, .chosen = chosen, .dual = dual};
    members_init(&least.members, problem);
    least.left = alloc_zero(people, sizeof(int64_t));
    least.used = alloc_zero(parts, sizeof(uint32_t));
    least.fall = alloc_zero(parts, sizeof(int64_t));
    int proved = search(&least, part_price, person_price);
    members_clear(&least.members);
    free(least.left);
    free(least.used);
    free(least.fall);
    heap_clear(&least.heap);
    return proved;
}
