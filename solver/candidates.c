/* candidates.c - see candidates.h.
 *
 * Owns the groups and the view of a person. Delegates: what a chord proves to geo.h, rows of
 * travel.csv to travel_origins.h. */
#include "solver/candidates.h"

#include "models/alloc.h"
#include "models/travel_origins.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

struct spot { /* a pool where its home is */
    struct geo_point at;
    const struct pool *record;
    uint32_t pool;
};

struct group { /* spots [first, end), sorted by z: they take the same people by kind, sex, level */
    const struct pool *record; /* any of them */
    uint32_t first, end;
};

struct candidates {
    const struct problem *problem;
    const unsigned char *asked; /* by pool; NULL = all of them */
    struct spot *spots;         /* of these, by group, then z */
    struct group *groups;
    uint32_t n_pools, n_spots, n_groups;
    uint32_t *spot_of_pool;
    struct travel_origins origins;
    uint32_t *by_home;   /* pools in order of their home's id */
    uint32_t *row_first; /* per row of origins: the first of by_home in that home; n_pools = none */
    uint32_t *first_there; /* per pool: the first of by_home in its home */
};

/* -- making -- */

static const struct problem_part *open_part(const struct problem *problem, uint32_t pool)
{
    return &problem->parts[problem->pool_first_part[pool + 1] - 1];
}

static int is_asked(const struct candidates *candidates, uint32_t pool)
{
    return !candidates->asked || candidates->asked[pool];
}

static int group_order(const struct pool *a, const struct pool *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->sex != b->sex)
        return a->sex < b->sex ? -1 : 1;
    if (a->min_level != b->min_level)
        return a->min_level < b->min_level ? -1 : 1;
    return (a->max_level > b->max_level) - (a->max_level < b->max_level);
}

static int spot_order(const void *left, const void *right)
{
    const struct spot *a = left, *b = right;
    int order = group_order(a->record, b->record);
    if (order)
        return order;
    if (a->at.z != b->at.z)
        return a->at.z < b->at.z ? -1 : 1;
    return (a->pool > b->pool) - (a->pool < b->pool);
}

static void fill_spots(struct candidates *candidates)
{
    const struct problem *problem = candidates->problem;
    for (uint32_t pool = 0; pool < candidates->n_pools; pool++) {
        const struct problem_part *part = open_part(problem, pool);
        if (!is_asked(candidates, pool))
            continue;
        candidates->spots[candidates->n_spots++] =
            (struct spot){.at = geo_point(part->institution->lat, part->institution->lon),
                          .pool = pool,
                          .record = part->pool};
    }
    qsort(candidates->spots, candidates->n_spots, sizeof *candidates->spots, spot_order);
}

static void fill_groups(struct candidates *candidates)
{
    for (uint32_t s = 0; s < candidates->n_spots; s++) {
        const struct spot *spot = &candidates->spots[s];
        if (s == 0 || group_order(spot[-1].record, spot->record) != 0)
            candidates->groups[candidates->n_groups++] =
                (struct group){.record = spot->record, .first = s};
        candidates->groups[candidates->n_groups - 1].end = s + 1;
        candidates->spot_of_pool[spot->pool] = s;
    }
}

static int home_order(const void *left, const void *right, void *problem)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    int order = strcmp(open_part(problem, a)->institution->record.id,
                       open_part(problem, b)->institution->record.id);
    return order ? order : (a > b) - (a < b);
}

static uint32_t first_of_home(const struct candidates *candidates, const char *id)
{
    const struct problem *problem = candidates->problem;
    uint32_t low = 0, high = candidates->n_pools;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct problem_part *part = open_part(problem, candidates->by_home[middle]);
        if (strcmp(part->institution->record.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < candidates->n_pools &&
        strcmp(open_part(problem, candidates->by_home[low])->institution->record.id, id) == 0)
        return low;
    return candidates->n_pools;
}

/* Of two places in by_home. */
static int is_same_home(const struct candidates *candidates, uint32_t a, uint32_t b)
{
    return open_part(candidates->problem, candidates->by_home[a])->institution ==
           open_part(candidates->problem, candidates->by_home[b])->institution;
}

/* Rows of travel.csv lead to homes, and the bits are of pools. */
static void fill_rows(struct candidates *candidates)
{
    travel_origins_init(&candidates->origins, candidates->problem->region);
    if (!candidates->origins.n)
        return;
    candidates->by_home = alloc_zero(candidates->n_pools, sizeof(uint32_t));
    candidates->row_first = alloc_zero(candidates->origins.n, sizeof(uint32_t));
    candidates->first_there = alloc_zero(candidates->n_pools, sizeof(uint32_t));
    for (uint32_t pool = 0; pool < candidates->n_pools; pool++)
        candidates->by_home[pool] = pool;
    /* the order only reads the problem; the prototype of qsort_r does not say so */
    qsort_r(candidates->by_home, candidates->n_pools, sizeof(uint32_t), home_order,
            (void *)(uintptr_t)candidates->problem);
    for (uint32_t at = 0, first = 0; at < candidates->n_pools; at++) {
        if (!is_same_home(candidates, at, first))
            first = at;
        candidates->first_there[candidates->by_home[at]] = first;
    }
    for (size_t row = 0; row < candidates->origins.n; row++)
        candidates->row_first[row] =
            first_of_home(candidates, candidates->origins.rows[row]->institution_id);
}

struct candidates *candidates_new(const struct problem *problem, const unsigned char *asked)
{
    struct candidates *candidates = alloc_zero(1, sizeof *candidates);
    candidates->problem = problem;
    candidates->asked = asked;
    candidates->n_pools = problem->n_pools;
    candidates->spots = alloc_zero(problem->n_pools, sizeof *candidates->spots);
    candidates->groups = alloc_zero(problem->n_pools, sizeof *candidates->groups);
    candidates->spot_of_pool = alloc_zero(problem->n_pools, sizeof(uint32_t));
    fill_spots(candidates);
    fill_groups(candidates);
    fill_rows(candidates);
    return candidates;
}

void candidates_free(struct candidates *candidates)
{
    if (!candidates)
        return;
    travel_origins_clear(&candidates->origins);
    free(candidates->spots);
    free(candidates->groups);
    free(candidates->spot_of_pool);
    free(candidates->by_home);
    free(candidates->row_first);
    free(candidates->first_there);
    free(candidates);
}

/* -- looking -- */

void candidates_view_init(struct candidates_view *view, const struct candidates *candidates)
{
    *view = (struct candidates_view){.candidates = candidates,
                                     .n_words = candidates->n_pools / WORD_BITS + 1};
    view->bits = alloc_zero(view->n_words, sizeof(uint64_t));
    if (!candidates->origins.n)
        return;
    view->row_metres = alloc_zero(candidates->n_pools, sizeof(int64_t));
    view->row_of = alloc_zero(candidates->n_pools, sizeof(uint32_t));
}

void candidates_view_clear(struct candidates_view *view)
{
    free(view->bits);
    free(view->row_metres);
    free(view->row_of);
    *view = (struct candidates_view){0};
}

void candidates_add(struct candidates_view *view, uint32_t pool)
{
    view->bits[pool / WORD_BITS] |= UINT64_C(1) << pool % WORD_BITS;
}

static int group_takes(const struct group *group, const struct applicant *applicant)
{
    const struct pool *pool = group->record;
    if (!(applicant->kinds & 1u << pool->kind))
        return 0;
    if (applicant->level < pool->min_level || applicant->level > pool->max_level)
        return 0;
    return pool->sex == SEX_RULE_ANY ||
           applicant->sex == (pool->sex == SEX_RULE_FEMALE ? SEX_FEMALE : SEX_MALE);
}

/* The first spot of the group that is not below that z. */
static uint32_t lowest_spot(const struct candidates *candidates, const struct group *group,
                            double z)
{
    uint32_t low = group->first, high = group->end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (candidates->spots[middle].at.z < z)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A chord is never shorter than its difference in z, so all that is near lies in a band. */
static void look_near(struct candidates_view *view, double chord)
{
    const struct candidates *candidates = view->candidates;
    const struct geo_point at = view->at;
    for (uint32_t g = 0; g < candidates->n_groups; g++) {
        const struct group *group = &candidates->groups[g];
        if (!group_takes(group, view->applicant))
            continue;
        const struct spot *spot = &candidates->spots[lowest_spot(candidates, group, at.z - chord)];
        const struct spot *end = &candidates->spots[group->end];
        for (; spot < end && spot->at.z <= at.z + chord; spot++) {
            /* no branch: which of them are near is anybody's guess */
            uint64_t is_near = geo_chord2(&at, &spot->at) <= chord * chord;
            view->bits[spot->pool / WORD_BITS] |= is_near << spot->pool % WORD_BITS;
        }
    }
}

/* What travel.csv says of the ways from there, wherever the homes lie. */
static void look_along_rows(struct candidates_view *view, const char *from_id, int64_t limit_m)
{
    const struct candidates *candidates = view->candidates;
    size_t n;
    const struct travel *const *rows = travel_origins_find(&candidates->origins, from_id, &n);
    const uint32_t *firsts = &candidates->row_first[rows - candidates->origins.rows];
    for (size_t i = 0; i < n; i++) {
        if (firsts[i] == candidates->n_pools)
            continue;
        view->row_metres[firsts[i]] = rows[i]->metres;
        view->row_of[firsts[i]] = view->n_looks;
        if (rows[i]->metres > limit_m)
            continue;
        for (uint32_t at = firsts[i];
             at < candidates->n_pools && is_same_home(candidates, at, firsts[i]); at++)
            if (is_asked(candidates, candidates->by_home[at]))
                candidates_add(view, candidates->by_home[at]);
    }
}

void candidates_look(struct candidates_view *view, const struct applicant *applicant,
                     int64_t limit_m)
{
    memset(view->bits, 0, view->n_words * sizeof(uint64_t));
    view->applicant = applicant;
    view->at = geo_point(applicant->lat, applicant->lon);
    view->n_looks++;
    look_near(view, geo_chord_beyond(limit_m));
    if (!view->candidates->origins.n)
        return;
    /* the person's own rows come last, because they count */
    if (applicant->village[0])
        look_along_rows(view, applicant->village, limit_m);
    look_along_rows(view, applicant->record.id, limit_m);
}

uint32_t candidates_next(const struct candidates_view *view, uint32_t pool)
{
    size_t word = pool / WORD_BITS;
    if (word >= view->n_words)
        return PROBLEM_NONE;
    uint64_t left = view->bits[word] & UINT64_MAX << pool % WORD_BITS;
    while (!left && ++word < view->n_words)
        left = view->bits[word];
    return left ? (uint32_t)(word * WORD_BITS) + (uint32_t)__builtin_ctzll(left) : PROBLEM_NONE;
}

int64_t candidates_metres(const struct candidates_view *view, uint32_t pool)
{
    const struct candidates *candidates = view->candidates;
    if (candidates->origins.n) {
        uint32_t home = candidates->first_there[pool];
        if (view->row_of[home] == view->n_looks)
            return view->row_metres[home];
    }
    return geo_point_metres(&view->at, &candidates->spots[candidates->spot_of_pool[pool]].at);
}
