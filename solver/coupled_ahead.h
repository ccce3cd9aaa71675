/* coupled_ahead.h - a plan of a stage that is good for the stages after it, too.
 *
 * A relaxation has many optima where an objective is as well served by many; among those that are
 * best for the later objectives hardly any is no plan. What is found is a plan as any other: that
 * it is the best, the bound of the stage says. */
#ifndef ALMONER_COUPLED_AHEAD_H
#define ALMONER_COUPLED_AHEAD_H

#include "solver/coupled_run.h"

struct coupled_ahead {
    int64_t unit;   /* of the stage's own objective */
    int64_t margin; /* all later objectives together are less, in any plan */
    int is_near;    /* the basis is that of an optimum of it */
    int64_t gain[]; /* per column */
};

/* For the stage run->stage, instead of the one before. Where the policy does not ask for the
 * distance, that stands for a last objective; where it does, nothing is done for the last one. */
void coupled_ahead_begin(struct coupled_run *run);

/* Solves the relaxation for the stage's objective in large units and the later ones, in at most
 * `most` iterations: its optimum is one for the stage alone too, and near to those of the stages to
 * come. Then run->gain is the objective again. */
void coupled_ahead_relax(struct coupled_run *run, int most);
/* Before cuts come in: the next relaxation is coupled_ahead_relax. */
void coupled_ahead_cut(struct coupled_run *run);

#endif
