/* peer_glpk.h - a whole round by GLPK's branch and cut alone, as a peer: the model with every row
 * and every pair, one objective after the other, each kept by a row at its value. Nothing is left
 * out, fixed or bounded before. */
#ifndef ALMONER_PEER_GLPK_H
#define ALMONER_PEER_GLPK_H

#include "solver/problem.h"

/* The values of the objectives as the contract states them. -1 when GLPK does not say that it found
 * the optimum of each in `seconds`, or one is more than it can keep exactly. */
int peer_glpk_values(const struct problem *problem, int seconds, int64_t values[OBJECTIVE_COUNT]);

#endif
