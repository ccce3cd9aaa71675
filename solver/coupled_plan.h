/* coupled_plan.h - a good plan of a round with coupled rows in a moment, in all objectives at once.
 *
 * All objectives are one number, in which the first counts most. Prices (coupled_start.h) make a
 * plan (coupled_fill.h), small changes make it better (coupled_moves.h). Nothing here says how good
 * it is. Inside coupled.c and coupled_large.c only. */
#ifndef ALMONER_COUPLED_PLAN_H
#define ALMONER_COUPLED_PLAN_H

#include "solver/choices.h"
#include "solver/coupled_stage.h"
#include "solver/coupled_start.h"

struct coupled_plan {
    struct coupled_run *run;
    struct choices choices;
    int64_t *gain;        /* per column: all objectives in one number */
    int64_t *main_gain;   /* the same without the last objective, unless it is the only one */
    int64_t scale;        /* what one unit of the first counts in it */
    double *price;        /* per row */
    int64_t *place_price; /* per pair: where small changes begin, or have ended */
    int shakes;           /* of the first plan (coupled_moves.h); the caller may set it */
    uint32_t *wish;       /* per person: what they would take at these prices */
    uint32_t *polished;   /* the plan that no small change makes better */
    int is_polished;
    struct coupled_start start; /* where it began, unless from a relaxation */
};

void coupled_plan_init(struct coupled_plan *plan, struct coupled_run *run);
void coupled_plan_clear(struct coupled_plan *plan);

/* Makes run->best better within the run's budget: the first time by a plan from prices - those of
 * the run's relaxation when that is solved, or else sought anew - and each time by small changes,
 * unless it is what they have left. */
void coupled_plan_find(struct coupled_plan *plan, int is_relaxed);
/* Takes an assignment into run->best when every row holds and it is better. */
void coupled_plan_take(const struct coupled_plan *plan, const uint32_t *chosen);

#endif
