/* coupled_ahead.h - a plan of a stage that is good for the stages after it, too.
 *
 * A relaxation has many optima where an objective is as well served by many; among those that are
 * best for the later objectives hardly any is no plan. What is found is a plan as any other: that
 * it is the best, the bound of the stage says. */
#ifndef ALMONER_COUPLED_AHEAD_H
#define ALMONER_COUPLED_AHEAD_H

#include "solver/coupled_stage.h"

/* After the relaxation of the stage and its cuts: looks for a plan of just the value stage->most,
 * for a while. Where there is surely none, stage->most is less by 1. The bounds stay as they are.
 */
void coupled_ahead_look(struct coupled_run *run, struct coupled_stage *stage);

#endif
