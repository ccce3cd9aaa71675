/* coupled_relax.h - the relaxation of a stage: columns come in as they beat its duals. Inside
 * coupled*.c only. */
#ifndef ALMONER_COUPLED_RELAX_H
#define ALMONER_COUPLED_RELAX_H

#include "solver/coupled_run.h"

/* Puts in the columns that coupled_stage_run begins with. */
void coupled_relax_load(struct coupled_run *run);

/* The relaxation from where the last one ended: alive columns are priced in until none beats the
 * duals or the bound says enough. run->duals and run->bound are its own, a whole solution is taken.
 */
enum glpk_outcome coupled_relax_again(struct coupled_run *run, struct coupled_stage *stage,
                                      int most);

#endif
