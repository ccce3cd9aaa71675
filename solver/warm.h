/* warm.h - where the last round left off, in terms of this one.
 *
 * A hint: it may speak of people and pools that are gone and of objectives in another order; what
 * does not fit any more is left out. The plan of a round is unique, so a hint changes how long a
 * solve takes and never what comes out. */
#ifndef ALMONER_WARM_H
#define ALMONER_WARM_H

#include "solver/problem.h"
#include "solver/solver_options.h"

struct warm {
    uint32_t *chosen;    /* n_people: the last plan as far as it still holds; NULL = none */
    int64_t *part_price; /* n_parts x n_objectives, 0 where none is known; NULL = none */
};

/* From the last plan and certificate of the options, each of which may be missing; from neither
 * where nothing can be gained by them. `chosen` keeps capacities and leaves residents in a bed. */
void warm_init(struct warm *warm, const struct problem *problem,
               const struct solver_options *options);
void warm_clear(struct warm *warm);

#endif
