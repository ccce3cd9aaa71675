/* face.h - what is still open after some stages: the pairs that an optimal plan may use, the people
 * whom every optimal plan places, the parts that every optimal plan fills.
 *
 * A stage is a problem of its own on the face of the stages before it: maximise one integer gain.
 * Every assignment on the face (a pair of the face or nothing for each person; must_place and
 * must_fill kept; capacities kept) is optimal in all earlier objectives, and all such plans are on
 * the face. */
#ifndef ALMONER_FACE_H
#define ALMONER_FACE_H

#include "solver/problem.h"

struct face {
    const struct problem *problem;
    uint32_t *first;           /* n_people + 1: where a person's pairs begin in `pairs` */
    uint32_t *pairs;           /* numbers of pairs, ascending */
    uint32_t *parts;           /* their parts, one after the other, to be read quickly */
    unsigned char *must_place; /* by person: residents, and whoever has a positive price */
    unsigned char *must_fill;  /* by part: a positive price */
};

void face_init(struct face *face, const struct problem *problem); /* all pairs; residents housed */
void face_clear(struct face *face);

/* Of an assignment on the face, by person: the part of their pair, PROBLEM_NONE = none. */
void face_parts(const struct face *face, const uint32_t *chosen, uint32_t *parts);

/* The face of this stage: keeps the pairs whose gain is just the sum of both prices. `gain` by
 * pair, prices as proved by prices_prove. */
void face_restrict(struct face *face, const int64_t *gain, const int64_t *part_price,
                   const int64_t *person_price);

/* The face of several stages at once, whose prices are vectors that ranks stand for: keeps a
 * person's pairs to the parts of the least rank, if that is not above the person's own. A part with
 * a rank above 0 must be full, a newcomer whose rank is above the least of their parts placed. */
void face_restrict_ranks(struct face *face, const int32_t *part_rank, const int32_t *person_rank);

/* Members of households have no pairs from now on, and need no bed. */
void face_leave_out_households(struct face *face);

/* The gains of the pairs of the face in the k-th objective, by pair; returns the greatest |gain|.
 */
int64_t face_gains(const struct face *face, size_t k, int64_t *gain);

/* Greatest |gain| over the pairs of the face. */
int64_t face_widest(const struct face *face, const int64_t *gain);

#endif
