/* coupled_look.h - a plan of just the value of a stage's bound, looked for where it mostly is:
 * among what the relaxation or the plan at hand has, with the later objectives (coupled_ahead.h).
 * Inside coupled_stage.c only. */
#ifndef ALMONER_COUPLED_LOOK_H
#define ALMONER_COUPLED_LOOK_H

#include "solver/coupled_run.h"

/* After the relaxation of a stage that is not proved, and its cuts, with these cuts alone: for a
 * moment. The bounds stay as they are. */
void coupled_look_briefly(struct coupled_run *run, struct coupled_stage *stage);
/* The same after a dive for a plan that is near, where there is none. */
void coupled_look_nearby(struct coupled_run *run, struct coupled_stage *stage);
/* The same among what the relaxation could have at no cost, too. */
void coupled_look_around(struct coupled_run *run, struct coupled_stage *stage);
/* The same with more cuts, for a while. */
void coupled_look_well(struct coupled_run *run, struct coupled_stage *stage);

#endif
