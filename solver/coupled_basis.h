/* coupled_basis.h - where the relaxation of a stage begins: the optimum of the network that is left
 * without the coupled rows, or with prices instead of some of them.
 *
 * Its plan may break rows of rooms, but its prices are right for everybody whom no household binds,
 * so that GLPK's dual simplex has only those rows to mend; where there are households the primal
 * one begins with what they have. Inside coupled_stage.c only. */
#ifndef ALMONER_COUPLED_BASIS_H
#define ALMONER_COUPLED_BASIS_H

#include "solver/choices.h"
#include "solver/coupled_run.h"

/* For run->gain: puts in what the network takes and the best other pairs of everybody at its
 * prices, and the basis. Members of households have what they have in run->best. `duals`
 * (per row of the model) receives the prices. 1, or 0 = the network has no optimum within the
 * budget, and nothing has happened. */
int coupled_basis_begin(struct coupled_run *run, double *duals);

/* The same where homes have staff rows: the network at prices of minutes (coupled_start.h), with
 * households where they would be at these prices. What takes too many minutes there, or too few, is
 * all that the dual simplex has to mend. */
void coupled_basis_begin_priced(struct coupled_run *run, const struct choices *choices);

#endif
