/* coupled_search.h - the end of a stage whose relaxation left a gap: branch and bound (tree.h) on
 * what can still matter (core.h). Inside coupled*.c only. */
#ifndef ALMONER_COUPLED_SEARCH_H
#define ALMONER_COUPLED_SEARCH_H

#include "solver/coupled_run.h"
#include "solver/glpk_core.h"
#include "solver/tree.h"

/* The relaxation of a core of the run, from the basis that run->mip has. */
struct glpk_core *coupled_search_load(struct coupled_run *run, const struct core *core);
/* tree_take of a run: the value in run->gain. */
int64_t coupled_search_take(void *run, const int64_t *x);

/* The first plan of `wanted` or more among the columns in run->allowed, in few nodes. */
void coupled_search_first(struct coupled_run *run, int64_t wanted, int64_t max_nodes);

/* The same among those of them that the relaxation or the plan at hand has: where these agree a
 * better plan mostly does too, and the search is short. */
void coupled_search_between(struct coupled_run *run, int64_t wanted, int64_t max_nodes);

/* Looks for a plan of the value stage->most where it mostly is. */
typedef void coupled_search_look(struct coupled_run *run, struct coupled_stage *stage);

/* run->bound is that of the relaxation. Improves run->best and stage->most; where the stage is
 * proved, run->reached says which columns a plan of its value can contain. Without staff rows it
 * begins with coupled_search_between. `look` (or NULL) is asked first where a value is found to
 * have no plan and the next one is searched. */
void coupled_search_settle(struct coupled_run *run, struct coupled_stage *stage,
                           coupled_search_look *look);

#endif
