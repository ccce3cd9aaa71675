/* coupled_reference.h - the end of a stage whose relaxation left a gap by GLPK's own branch and cut
 * (`--engine glpk`): what coupled_search.h is held against. Inside coupled*.c only. */
#ifndef ALMONER_COUPLED_REFERENCE_H
#define ALMONER_COUPLED_REFERENCE_H

#include "solver/coupled_run.h"

/* From run->bound downwards. Improves run->best and stage->most; that GLPK has searched to the end
 * is GLPK's word. */
void coupled_reference_settle(struct coupled_run *run, struct coupled_stage *stage);

#endif
