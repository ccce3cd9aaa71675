/* greedy.h - the reference that most offices use: one person after the other takes the best free
 * bed. */
#ifndef ALMONER_GREEDY_H
#define ALMONER_GREEDY_H

#include "solver/problem.h"

/* People by falling points, then in the order of ties; each takes the best free bed they may have
 * by rank, metres, pool id. Residents keep their bed until their turn. Coupled rows are respected:
 * members of a household placed together stay as they are, beds of rooms whose sex is open are left
 * alone, staff minutes are counted. `chosen` (n_people) receives a pair or PROBLEM_NONE. */
void greedy_assign(const struct problem *problem, uint32_t *chosen);

/* A start for exact solvers of rounds without coupled rows: the same, but whoever counts more in
 * the objectives that ask only who is placed (guarantee, need, placements, seniority, in the
 * policy's order) comes first. */
void greedy_start(const struct problem *problem, uint32_t *chosen);

/* Soft reserves: the parts of a pool are open to all who come there, so the plan may as well say
 * that as many as can hold a bed kept for their class. Changes parts only, never pools. */
void greedy_label(const struct problem *problem, uint32_t *chosen);

#endif
