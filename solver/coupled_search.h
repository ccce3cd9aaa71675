/* coupled_search.h - the end of a stage whose relaxation left a gap: branch and bound (tree.h) on
 * what can still matter (core.h). Inside coupled_stage.c only. */
#ifndef ALMONER_COUPLED_SEARCH_H
#define ALMONER_COUPLED_SEARCH_H

#include "solver/coupled_stage.h"

/* run->bound is that of the relaxation. Improves run->best and stage->most; where the stage is
 * proved, run->reached says which columns a plan of its value can contain. */
void coupled_search_settle(struct coupled_run *run, struct coupled_stage *stage);

#endif
