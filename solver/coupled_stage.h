/* coupled_stage.h - one stage of a round with coupled rows: the most of one gain among the plans
 * that are left.
 *
 * Owns the incumbent and what is proved. One GLPK object lives through all stages: columns come in
 * as they are priced, and leave for good when no plan of the values reached so far can contain
 * them. Inside coupled*.c only. */
#ifndef ALMONER_COUPLED_STAGE_H
#define ALMONER_COUPLED_STAGE_H

#include "solver/bound.h"
#include "solver/budget.h"
#include "solver/coupled_proof.h"
#include "solver/glpk_mip.h"
#include "solver/model.h"

struct coupled_plan;

struct coupled_run {
    const struct problem *problem;
    struct model *model;
    struct glpk_mip *mip;
    struct bound bound; /* the last */
    struct bound plain; /* the last without cuts: certificates know of none */
    int uses_cuts;      /* the relaxation has cuts */
    struct budget budget;
    unsigned char *alive;   /* columns that a plan of the values so far can contain */
    unsigned char *reached; /* of these, the ones that searches have not ruled out */
    unsigned char *allowed; /* of these, the ones that a better plan can contain */
    uint32_t *best, *found; /* assignments */
    int64_t *best_x, *x;    /* vectors of the model */
    double *duals;
    struct coupled_plan *plan; /* finds good plans; the caller's; NULL = without */
    int is_begun;              /* a relaxation has been given its first basis */
    int is_reference;          /* GLPK's own branch and cut instead of tree.h */
    size_t stage;              /* place of the objective at hand; n_objectives = none of them */
    int64_t *gains[OBJECTIVE_COUNT]; /* of the stages so far, per column, for who keeps them here */
    const int64_t *gain;             /* of the stage at hand, per column; the caller's */
    struct coupled_ahead *ahead;     /* of the stage at hand; NULL = none */
    struct coupled_proof *proof;     /* sees every bound; NULL = a stage that needs no proof */
};

struct coupled_stage {
    int64_t value;  /* of the best plan, as maximisation */
    int64_t most;   /* no plan that is left has more */
    int is_proved;  /* value == most */
    int is_relaxed; /* the relaxation came to its end */
};

void coupled_run_init(struct coupled_run *run, const struct problem *problem,
                      const struct solver_options *options);
void coupled_run_clear(struct coupled_run *run);

/* No objective comes after that of the stage at hand. */
int coupled_stage_is_last(const struct coupled_run *run);
/* Of what a limit leaves: the part for the stage run->stage. */
int coupled_stage_percent(const struct coupled_run *run);
enum { COUPLED_RELAX_PERCENT = 50 }; /* the same, for one relaxation */

/* The first incumbent: everybody stays, or `start` (may be NULL) when every row holds and it is
 * better. */
void coupled_stage_begin(struct coupled_run *run, const uint32_t *start);

/* Improves run->best as far as the budget goes. `gain` (per column, 0 beyond pairs) must live until
 * the next stage, or, when it is kept, as long as the run. */
void coupled_stage_run(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage);
/* Its two halves: the relaxation, and what closes the gap that it leaves, which may begin with
 * another plan. */
void coupled_stage_relax(struct coupled_run *run, const int64_t *gain, struct coupled_stage *stage);
void coupled_stage_settle(struct coupled_run *run, struct coupled_stage *stage);

/* The relaxation from where the last one ended: alive columns are priced in until none beats the
 * duals or the bound says enough. run->duals and run->bound are its own, a whole solution is taken.
 */
enum glpk_outcome coupled_stage_again(struct coupled_run *run, struct coupled_stage *stage,
                                      int most);

/* Takes a vector of the model when every row holds and it is better than what there is. 0, or -1
 * when a row does not hold. */
int coupled_stage_take(struct coupled_run *run, const int64_t *x);
int64_t coupled_stage_value(const struct coupled_run *run, const uint32_t *chosen);
/* What the best plan there is has, and whether that proves the stage. */
void coupled_stage_weigh(struct coupled_run *run, struct coupled_stage *stage);

/* Columns that no plan of the values so far contains, as searches have found, are not alive any
 * more. Bounds that are seen by `proof` do without: no certificate tells of a search. */
void coupled_stage_drop(struct coupled_run *run);
/* For who finds prices by other means: duals of the rows (NULL = none) for the bound and for what
 * is proved. */
void coupled_stage_see(struct coupled_run *run, struct coupled_stage *stage, const double *duals);
/* A bound that has been found elsewhere, in 1/2^BOUND_SHIFT. */
void coupled_stage_know(struct coupled_run *run, struct coupled_stage *stage, bound_wide total);
/* Puts in the columns that coupled_stage_run begins with. */
void coupled_stage_load(struct coupled_run *run);

/* From now on only plans of this value of the k-th objective are left. */
void coupled_stage_keep(struct coupled_run *run, const struct coupled_stage *stage, size_t k);

#endif
