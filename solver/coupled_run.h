/* coupled_run.h - a round with coupled rows on its way: the best plan so far, what plans are left,
 * and what bounds have been seen of the stage at hand.
 *
 * Owns the incumbent and what is proved. One GLPK object lives through all stages: columns come in
 * as they are priced, and leave for good when no plan of the values reached so far can contain
 * them. Inside coupled*.c only. */
#ifndef ALMONER_COUPLED_RUN_H
#define ALMONER_COUPLED_RUN_H

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
    struct coupled_ahead *ahead;     /* of the stage at hand, one block; NULL = none */
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
static inline int coupled_run_is_last(const struct coupled_run *run)
{
    return run->stage + 1 == run->problem->n_objectives;
}
/* Does a stage begin from the network without the coupled rows? Not where minutes are scarce: the
 * network takes so many more of them than there are that mending it takes longer. */
static inline int coupled_run_has_network(const struct coupled_run *run)
{
    return !run->is_reference && run->problem->n_staff == 0;
}
/* There the first one begins from the network at prices of minutes. */
static inline int coupled_run_has_prices(const struct coupled_run *run)
{
    return !run->is_reference && run->problem->n_staff > 0 && run->plan;
}

/* The first incumbent: everybody stays, or `start` (may be NULL) when every row holds and it is
 * better. */
void coupled_run_begin(struct coupled_run *run, const uint32_t *start);

/* To the stage of the k-th objective of the policy. */
void coupled_run_turn(struct coupled_run *run, size_t k);

/* Takes a vector of the model when every row holds and it is better than what there is. 0, or -1
 * when a row does not hold. */
int coupled_run_take(struct coupled_run *run, const int64_t *x);
int64_t coupled_run_value(const struct coupled_run *run, const uint32_t *chosen);
/* What the best plan there is has, and whether that proves the stage. */
void coupled_run_weigh(struct coupled_run *run, struct coupled_stage *stage);

/* For who finds prices by other means: duals of the rows (NULL = none) for the bound and for what
 * is proved. */
void coupled_run_see(struct coupled_run *run, struct coupled_stage *stage, const double *duals);
/* The bound of these duals alone: homes are not looked at as wholes, nor what the best plan has. */
void coupled_run_see_plain(struct coupled_run *run, struct coupled_stage *stage,
                           const double *duals);
/* A bound that has been found elsewhere, in 1/2^BOUND_SHIFT. */
void coupled_run_know(struct coupled_run *run, struct coupled_stage *stage, bound_wide total);

/* Columns that no plan of the values so far contains, as searches have found, are not alive any
 * more. Bounds that are seen by `proof` do without: no certificate tells of a search. */
void coupled_run_drop(struct coupled_run *run);
/* From now on only plans of this value of the k-th objective are left. */
void coupled_run_keep(struct coupled_run *run, const struct coupled_stage *stage, size_t k);

#endif
