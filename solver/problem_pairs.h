/* problem_pairs.h - the pairs of a round: who may have which part, and why somebody has none. */
#ifndef ALMONER_PROBLEM_PAIRS_H
#define ALMONER_PROBLEM_PAIRS_H

#include "solver/problem.h"

/* Fills problem->pairs and of each person first_pair, n_pairs, stay_pair, reason; people and parts
 * stand already. `n_slices` stretches of people at the same time (slices.h): the same pairs for any
 * number. -1 with an error when a way is too long to be added up. */
int problem_pairs_build(struct problem *problem, size_t n_slices, struct alm_error *err);

#endif
