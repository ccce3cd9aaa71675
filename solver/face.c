/* face.c - see face.h. */
#include "solver/face.h"

#include "models/alloc.h"

#include <stdlib.h>

void face_init(struct face *face, const struct problem *problem)
{
    face->problem = problem;
    face->first = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    face->pairs = alloc_zero((size_t)problem->n_pairs + 1, sizeof(uint32_t));
    face->parts = alloc_zero((size_t)problem->n_pairs + 1, sizeof(uint32_t));
    face->must_place = alloc_zero((size_t)problem->n_people + 1, 1);
    face->must_fill = alloc_zero((size_t)problem->n_parts + 1, 1);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        face->first[i] = problem->people[i].first_pair;
        face->must_place[i] = problem->people[i].stay_pair != PROBLEM_NONE;
    }
    face->first[problem->n_people] = problem->n_pairs;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        face->pairs[pair] = pair;
        face->parts[pair] = problem->pairs[pair].part;
    }
}

void face_clear(struct face *face)
{
    free(face->first);
    free(face->pairs);
    free(face->parts);
    free(face->must_place);
    free(face->must_fill);
}

void face_restrict(struct face *face, const int64_t *gain, const int64_t *part_price,
                   const int64_t *person_price)
{
    const struct problem *problem = face->problem;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t from = face->first[i], to = face->first[i + 1];
        face->first[i] = kept;
        for (uint32_t at = from; at < to; at++) {
            uint32_t pair = face->pairs[at], part = face->parts[at];
            if (gain[pair] != part_price[part] + person_price[i])
                continue;
            face->pairs[kept] = pair;
            face->parts[kept++] = part;
        }
        face->must_place[i] |= person_price[i] > 0;
    }
    face->first[problem->n_people] = kept;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        face->must_fill[part] |= part_price[part] > 0;
}

static int32_t least_rank(const struct face *face, uint32_t from, uint32_t to,
                          const int32_t *part_rank)
{
    int32_t least = INT32_MAX;
    for (uint32_t at = from; at < to && least > 0; at++)
        least = part_rank[face->parts[at]] < least ? part_rank[face->parts[at]] : least;
    return least;
}

void face_restrict_ranks(struct face *face, const int32_t *part_rank, const int32_t *person_rank)
{
    const struct problem *problem = face->problem;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        uint32_t from = face->first[i], to = face->first[i + 1];
        int32_t least = least_rank(face, from, to, part_rank);
        face->first[i] = kept;
        for (uint32_t at = from; at < to && person_rank[i] >= least; at++) {
            uint32_t pair = face->pairs[at], part = face->parts[at];
            if (part_rank[part] != least)
                continue;
            face->pairs[kept] = pair;
            face->parts[kept++] = part;
        }
        face->must_place[i] |= person_rank[i] > least;
    }
    face->first[problem->n_people] = kept;
    for (uint32_t part = 0; part < problem->n_parts; part++)
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

/* As problem_gain for a newcomer, of whom most pairs are. */
static int64_t newcomer_gain(const struct problem *problem, uint32_t pair, size_t k)
{
    if (problem->objectives[k] == OBJECTIVE_TRAVEL)
        return -(int64_t)problem->pairs[pair].metres;
    if (problem->objectives[k] == OBJECTIVE_PREFERENCE)
        return -(int64_t)problem->pairs[pair].rank;
    return problem_gain(problem, pair, k);
}

int64_t face_gains(const struct face *face, size_t k, int64_t *gain)
{
    const struct problem *problem = face->problem;
    int64_t widest = 0;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        int is_newcomer = problem->people[i].stay_pair == PROBLEM_NONE;
        for (uint32_t at = face->first[i]; at < face->first[i + 1]; at++) {
            uint32_t pair = face->pairs[at];
            gain[pair] =
                is_newcomer ? newcomer_gain(problem, pair, k) : problem_gain(problem, pair, k);
            int64_t size = llabs(gain[pair]);
            widest = size > widest ? size : widest;
        }
    }
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
