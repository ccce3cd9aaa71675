/* coupled_cuts.h - cuts in the relaxation of a stage: cuts.h and cuts_basis.h on what GLPK has.
 *
 * They hold for every plan that is left at the stage, whatever its value there, and so after it:
 * they stay in the model. Those that are of no use are put to rest. Owns nothing. */
#ifndef ALMONER_COUPLED_CUTS_H
#define ALMONER_COUPLED_CUTS_H

#include "solver/coupled_run.h"

/* Cuts that the last relaxation is beyond, from now on in the next one. Returns how many. */
size_t coupled_cuts_add(struct coupled_run *run);
/* Those that are slack in the last relaxation, or all, hold no more. */
void coupled_cuts_rest(struct coupled_run *run, int all);

/* Looks for a plan of the value of the stage's bound. */
typedef void coupled_cuts_look(struct coupled_run *run, struct coupled_stage *stage);

/* After coupled_stage_relax: rounds of cuts, until none is found or nothing comes of them that
 * would be worth another. `look` (NULL = none): asked where the bound is a whole number. */
void coupled_cuts_tighten(struct coupled_run *run, struct coupled_stage *stage,
                          coupled_cuts_look *look);

#endif
