/* coupled_stage.h - one stage of a round with coupled rows: the most of one gain among the plans
 * that are left.
 *
 * Owns the order of what is tried, and how a limit is shared. Inside coupled*.c only. */
#ifndef ALMONER_COUPLED_STAGE_H
#define ALMONER_COUPLED_STAGE_H

#include "solver/coupled_run.h"

/* Of what a limit leaves: the part for the stage run->stage. */
int coupled_stage_percent(const struct coupled_run *run);
enum { COUPLED_RELAX_PERCENT = 50 }; /* the same, for one relaxation */

/* Improves run->best as far as the budget goes. `gain` (per column, 0 beyond pairs) must live until
 * the next stage, or, when it is kept, as long as the run. */
void coupled_stage_run(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage);
/* The same in its share of a limit, by a plan from prices where the relaxation does not end. */
void coupled_stage_solve(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage);
/* Its two halves: the relaxation, and what closes the gap that it leaves, which may begin with
 * another plan. */
void coupled_stage_relax(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage);
void coupled_stage_settle(struct coupled_run *run, struct coupled_stage *stage);

#endif
