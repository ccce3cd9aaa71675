/* face.c - see face.h. */
#include "solver/face.h"

#include "models/alloc.h"

#include <stdlib.h>

void face_init(struct face *face, const struct problem *problem)
{
    face->problem = problem;
    face->first = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    face->pairs = alloc_zero((size_t)problem->n_pairs + 1, sizeof(uint32_t));
    face->must_place = alloc_zero((size_t)problem->n_people + 1, 1);
    face->must_fill = alloc_zero((size_t)problem->n_parts + 1, 1);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        face->first[i] = problem->people[i].first_pair;
        face->must_place[i] = problem->people[i].stay_pair != PROBLEM_NONE;
    }
    face->first[problem->n_people] = problem->n_pairs;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        face->pairs[pair] = pair;
}

void face_clear(struct face *face)
{
    free(face->first);
    free(face->pairs);
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
            uint32_t pair = face->pairs[at];
            if (gain[pair] == part_price[problem->pairs[pair].part] + person_price[i])
                face->pairs[kept++] = pair;
        }
        face->must_place[i] |= person_price[i] > 0;
    }
    face->first[problem->n_people] = kept;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        face->must_fill[part] |= part_price[part] > 0;
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
