/* matroid.h - the objectives at the head of a policy that only ask who is placed (guarantee, need,
 * placements, seniority), solved as one stage: who is placed is the heaviest independent set of a
 * transversal matroid, by vectors of points in lexicographic order. Theory and proof:
 * docs/solver.md.
 *
 * Vectors are only ever compared, never added up or packed: nothing can overflow. */
#ifndef ALMONER_MATROID_H
#define ALMONER_MATROID_H

#include "solver/budget.h"
#include "solver/face.h"

/* What the stage found. Ranks stand for vectors: 0 for nothing at all, more for more. */
struct matroid {
    const struct face *face;
    size_t n_objectives;  /* of the head */
    int32_t *person_rank; /* of what a newcomer brings; below 0: less than nothing; residents:
                             MATROID_HOUSED */
    int64_t *worth;       /* n_objectives per person: what they bring; residents nothing */
    int32_t *part_rank;   /* of its price */
    uint32_t *maker;      /* by part: the newcomer whose vector is its price; PROBLEM_NONE = 0 */
};
#define MATROID_HOUSED INT32_MAX

/* How many objectives at the head of the policy may be solved so: those that count the same for a
 * newcomer wherever they are placed, and nothing for residents. 0 in coupled rounds. */
size_t matroid_objectives(const struct problem *problem);

/* `face` is that of a round of which nothing is solved yet; `chosen` a plan of it (pair per person,
 * PROBLEM_NONE = unplaced), any: the nearer to an optimal one, the fewer searches. It becomes an
 * optimal plan of the first n_objectives, and `matroid` holds its least prices: returns 1. 0 when
 * the budget (one unit per search for a bed) ended before: `chosen` is a plan, prices are good for
 * a bound. */
int matroid_solve(struct matroid *matroid, const struct face *face, size_t n_objectives,
                  struct budget *budget, uint32_t *chosen);
void matroid_clear(struct matroid *matroid);

/* What those whom the plan houses bring together, in each of the n_objectives. */
void matroid_values(const struct matroid *matroid, const uint32_t *chosen, int64_t *values);
/* The least prices as vectors, the first n_objectives of every `stride` numbers. */
void matroid_prices(const struct matroid *matroid, size_t stride, int64_t *part_price,
                    int64_t *person_price);

#endif
