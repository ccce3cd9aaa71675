/* face.c - see face.h. People and their pairs are walked in stretches, on all cores. */
#include "solver/face.h"

#include "models/alloc.h"
#include "models/slices.h"

#include <stdlib.h>
#include <string.h>

/* Pairs lie anywhere in memory; so few of the face, one after the other, are found sooner. */
enum { FEW_PAIRS = 16 };

static void list_pairs(void *context, size_t slice, size_t first, size_t end)
{
    const struct face *face = context;
    (void)slice;
    for (size_t pair = first; pair < end; pair++) {
        face->pairs[pair] = (uint32_t)pair;
        face->parts[pair] = face->problem->pairs[pair].part;
    }
}

void face_init(struct face *face, const struct problem *problem)
{
    face->problem = problem;
    face->first = alloc_resize(NULL, (size_t)problem->n_people + 1, sizeof(uint32_t));
    face->pairs = alloc_resize(NULL, (size_t)problem->n_pairs + 1, sizeof(uint32_t));
    face->parts = alloc_resize(NULL, (size_t)problem->n_pairs + 1, sizeof(uint32_t));
    face->must_place = alloc_resize(NULL, (size_t)problem->n_people + 1, 1);
    face->must_fill = alloc_zero((size_t)problem->n_parts + 1, 1);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        face->first[i] = problem->people[i].first_pair;
        face->must_place[i] = problem->people[i].stay_pair != PROBLEM_NONE;
    }
    face->first[problem->n_people] = problem->n_pairs;
    slices_run(problem->n_pairs, slices_count(problem->n_pairs, PROBLEM_SLICE_PAIRS), list_pairs,
               face);
}

void face_clear(struct face *face)
{
    free(face->first);
    free(face->pairs);
    free(face->parts);
    free(face->must_place);
    free(face->must_fill);
}

static uint32_t part_of(const struct face *face, uint32_t person, uint32_t pair)
{
    uint32_t at = face->first[person], end = face->first[person + 1];
    if (pair == PROBLEM_NONE)
        return PROBLEM_NONE;
    for (end = end - at > FEW_PAIRS ? at : end; at < end; at++)
        if (face->pairs[at] == pair)
            return face->parts[at];
    return face->problem->pairs[pair].part;
}

void face_parts(const struct face *face, const uint32_t *chosen, uint32_t *parts)
{
    for (uint32_t i = 0; i < face->problem->n_people; i++)
        parts[i] = part_of(face, i, chosen[i]);
}

/* -- a smaller face -- */

struct restriction { /* by the prices of a stage, or by the ranks of several */
    struct face *face;
    const int64_t *gain, *part_price, *person_price;
    const int32_t *part_rank, *person_rank; /* NULL = by prices */
    struct stretch {
        size_t first, end;
        uint32_t begin, kept; /* where its pairs begin, where those that it keeps end */
    } stretches[SLICES_MAX];
};

/* Of the pairs [from, to) of a person those without slack, written from `kept` on. */
static uint32_t keep_tight(const struct restriction *by, size_t person, uint32_t from, uint32_t to,
                           uint32_t kept)
{
    const struct face *face = by->face;
    for (uint32_t at = from; at < to; at++) {
        uint32_t pair = face->pairs[at], part = face->parts[at];
        if (by->gain[pair] != by->part_price[part] + by->person_price[person])
            continue;
        face->pairs[kept] = pair;
        face->parts[kept++] = part;
    }
    face->must_place[person] |= by->person_price[person] > 0;
    return kept;
}

static int32_t least_rank(const struct face *face, uint32_t from, uint32_t to,
                          const int32_t *part_rank)
{
    int32_t least = INT32_MAX;
    for (uint32_t at = from; at < to && least > 0; at++)
        least = part_rank[face->parts[at]] < least ? part_rank[face->parts[at]] : least;
    return least;
}

static uint32_t keep_least(const struct restriction *by, size_t person, uint32_t from, uint32_t to,
                           uint32_t kept)
{
    const struct face *face = by->face;
    int32_t least = least_rank(face, from, to, by->part_rank);
    face->must_place[person] |= by->person_rank[person] > least;
    for (uint32_t at = from; at < to && by->person_rank[person] >= least; at++) {
        uint32_t pair = face->pairs[at], part = face->parts[at];
        if (by->part_rank[part] != least)
            continue;
        face->pairs[kept] = pair;
        face->parts[kept++] = part;
    }
    return kept;
}

/* Where the first person's pairs begin does not change, so that the stretch before can read it. */
static void restrict_stretch(void *context, size_t slice, size_t first, size_t end)
{
    struct restriction *by = context;
    uint32_t *begins = by->face->first, kept = begins[first], from = kept;
    by->stretches[slice] = (struct stretch){.first = first, .end = end, .begin = kept};
    for (size_t i = first; i < end; i++) {
        uint32_t to = begins[i + 1];
        if (i > first)
            begins[i] = kept;
        kept =
            by->part_rank ? keep_least(by, i, from, to, kept) : keep_tight(by, i, from, to, kept);
        from = to;
    }
    by->stretches[slice].kept = kept;
}

static void restrict_people(struct restriction *by)
{
    struct face *face = by->face;
    size_t n = face->problem->n_people,
           n_slices = slices_count(face->first[n], PROBLEM_SLICE_PAIRS);
    uint32_t total = 0;
    slices_run(n, n_slices, restrict_stretch, by);
    for (size_t s = 0; s < n_slices; s++) {
        const struct stretch *stretch = &by->stretches[s];
        uint32_t kept = stretch->kept - stretch->begin, lower = stretch->begin - total;
        total += kept;
        if (lower == 0)
            continue;
        memmove(face->pairs + total - kept, face->pairs + stretch->begin, kept * sizeof(uint32_t));
        memmove(face->parts + total - kept, face->parts + stretch->begin, kept * sizeof(uint32_t));
        for (size_t i = stretch->first; i < stretch->end; i++)
            face->first[i] -= lower;
    }
    face->first[n] = total;
}

void face_restrict(struct face *face, const int64_t *gain, const int64_t *part_price,
                   const int64_t *person_price)
{
    struct restriction by = {
        .face = face, .gain = gain, .part_price = part_price, .person_price = person_price};
    restrict_people(&by);
    for (uint32_t part = 0; part < face->problem->n_parts; part++)
        face->must_fill[part] |= part_price[part] > 0;
}

void face_restrict_ranks(struct face *face, const int32_t *part_rank, const int32_t *person_rank)
{
    struct restriction by = {.face = face, .part_rank = part_rank, .person_rank = person_rank};
    restrict_people(&by);
    for (uint32_t part = 0; part < face->problem->n_parts; part++)
        face->must_fill[part] |= part_rank[part] > 0;
}

void face_leave_out_households(struct face *face)
{
    const struct problem *problem = face->problem;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t from = face->first[i], to = face->first[i + 1];
        int stays = problem->people[i].household == PROBLEM_NONE;
        face->first[i] = kept;
        face->must_place[i] &= stays;
        for (uint32_t at = from; stays && at < to; at++) {
            face->pairs[kept] = face->pairs[at];
            face->parts[kept++] = face->parts[at];
        }
    }
    face->first[problem->n_people] = kept;
}

/* -- gains -- */

struct gains {
    const struct face *face;
    size_t k;
    int64_t *gain;
    int64_t widest[SLICES_MAX];
};

/* As problem_gain for a newcomer, of whom most pairs are. */
static inline int64_t newcomer_gain(const struct problem *problem, enum objective objective,
                                    uint32_t pair, size_t k)
{
    if (objective == OBJECTIVE_TRAVEL)
        return -(int64_t)problem->pairs[pair].metres;
    if (objective == OBJECTIVE_PREFERENCE)
        return -(int64_t)problem->pairs[pair].rank;
    return problem_gain(problem, pair, k);
}

static void gains_of_stretch(void *context, size_t slice, size_t first, size_t end)
{
    struct gains *gains = context;
    const struct face *face = gains->face;
    const struct problem *problem = face->problem;
    enum objective objective = problem->objectives[gains->k];
    int64_t widest = 0;
    for (size_t i = first; i < end; i++) {
        int is_newcomer = problem->people[i].stay_pair == PROBLEM_NONE;
        for (uint32_t at = face->first[i], last = face->first[i + 1]; at < last; at++) {
            uint32_t pair = face->pairs[at];
            int64_t gain = is_newcomer ? newcomer_gain(problem, objective, pair, gains->k)
                                       : problem_gain(problem, pair, gains->k);
            int64_t size = llabs(gain);
            gains->gain[pair] = gain;
            widest = size > widest ? size : widest;
        }
    }
    gains->widest[slice] = widest;
}

int64_t face_gains(const struct face *face, size_t k, int64_t *gain)
{
    struct gains gains = {.face = face, .k = k, .gain = gain};
    size_t n = face->problem->n_people,
           n_slices = slices_count(face->first[n], PROBLEM_SLICE_PAIRS);
    int64_t widest = 0;
    slices_run(n, n_slices, gains_of_stretch, &gains);
    for (size_t s = 0; s < n_slices; s++)
        widest = gains.widest[s] > widest ? gains.widest[s] : widest;
    return widest;
}

int64_t face_widest(const struct face *face, const int64_t *gain)
{
    int64_t widest = 0;
    for (uint32_t at = 0; at < face->first[face->problem->n_people]; at++) {
        int64_t size = llabs(gain[face->pairs[at]]);
        widest = size > widest ? size : widest;
    }
    return widest;
}
