/* coupled_sweep.h - a plan of a large round made better some homes at a time, over the whole city:
 * parts of it (coupled_part.h), each solved in all objectives as a small round (coupled_stage.h).
 *
 * Owns which homes and people make a part, how large parts are and how long each may take. Inside
 * coupled_large.c only. */
#ifndef ALMONER_COUPLED_SWEEP_H
#define ALMONER_COUPLED_SWEEP_H

#include "solver/coupled_plan.h"

/* Makes the run's best plan better within the run's budget, as long as it helps. */
void coupled_sweep(struct coupled_plan *plan);

#endif
