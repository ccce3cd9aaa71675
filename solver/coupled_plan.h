/* coupled_plan.h - a good plan of a round with coupled rows in a moment, in all objectives at once.
 *
 * All objectives are one number, in which the first counts most. Prices (coupled_start.h) make a
 * plan (coupled_fill.h), small changes make it better (coupled_moves.h). Nothing here says how good
 * it is. Inside coupled*.c only. */
#ifndef ALMONER_COUPLED_PLAN_H
#define ALMONER_COUPLED_PLAN_H

#include "solver/choices.h"
#include "solver/coupled_run.h"
#include "solver/coupled_start.h"

struct coupled_plan {
    struct coupled_run *run;
    struct choices choices;
    int64_t *gain;        /* per column: all objectives in one number */
    int64_t *main_gain;   /* the same without the last objective, unless it is the only one */
    int64_t scale;        /* what one unit of the first counts in it */
    double *price;        /* per row */
    int64_t *place_price; /* per pair: where small changes begin, or have ended */
    int shakes;           /* of the first plan, at once (coupled_moves.h); the caller may set it */
    uint32_t *wish;       /* per person: what they would take at these prices */
    uint32_t *polished;   /* the plan that no small change makes better */
    int is_seen;          /* prices and wishes are those of a relaxation */
    int is_begun;         /* there has been a first plan */
    int is_polished;      /* `polished` is one of all objectives */
    struct coupled_start start; /* where it began, unless from a relaxation */
};

void coupled_plan_init(struct coupled_plan *plan, struct coupled_run *run);
void coupled_plan_clear(struct coupled_plan *plan);

/* The run's relaxation is solved: the first time its prices, and what is whole in it, are noted. */
void coupled_plan_see(struct coupled_plan *plan);
/* Makes run->best better within the run's budget: the first time by a plan from prices - those that
 * have been noted, or else sought anew - and, where homes have staff rows, small changes of it that
 * know nothing of the last objective; none where the stage is the last one and no shakes are set.
 */
void coupled_plan_begin(struct coupled_plan *plan);
/* The same and, each time, small changes in all objectives, unless the plan is what they have left.
 */
void coupled_plan_find(struct coupled_plan *plan);
/* Small changes after so many shakes: for rounds with staff rows; the others are near their end. */
void coupled_plan_shake(struct coupled_plan *plan, int shakes);
/* Takes an assignment into run->best when every row holds and it is better. */
void coupled_plan_take(const struct coupled_plan *plan, const uint32_t *chosen);

#endif
