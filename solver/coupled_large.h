/* coupled_large.h - a round with coupled rows of so many people that its columns do not fit into
 * one simplex: a plan first, then a bound of each stage.
 *
 * The plan is that of coupled_plan.h. The relaxation is over choices (glpk_master.h) from prices of
 * the network (coupled_start.h); without staff rows it is made whole (coupled_dive.h). Then the
 * plan is made better, some homes at a time (coupled_sweep.h). Bounds are those of any prices
 * (bound.h), sought beside the plan (coupled_bounds.h). What is not proved by then is left to
 * coupled_stage.h without staff rows, with them to a search (coupled_search.h) where few columns
 * are left. Inside coupled.c only. */
#ifndef ALMONER_COUPLED_LARGE_H
#define ALMONER_COUPLED_LARGE_H

#include "solver/coupled_run.h"

struct coupled_large;

struct coupled_large *coupled_large_new(struct coupled_run *run);
void coupled_large_free(struct coupled_large *large);

/* The best plan that it finds, into run->best: the objectives in their order. */
void coupled_large_plan(struct coupled_large *large);
/* Instead of coupled_stage_run: what the plan is worth, and the bound of the relaxation. */
void coupled_large_stage(struct coupled_large *large, const int64_t *gain,
                         struct coupled_stage *stage);

#endif
