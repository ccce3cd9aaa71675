/* problem_coupled.h - the part of a problem that is not a network: households placed together,
 * staff minutes, rooms whose sex the round decides. The rules in words: docs/solver-coupled.md.
 *
 * Fills households, staff and rooms of a problem whose people, parts and pairs are complete; pairs
 * that a household rule forbids stay in the list (they are eligible), the rows of the model forbid
 * them. */
#ifndef ALMONER_PROBLEM_COUPLED_H
#define ALMONER_PROBLEM_COUPLED_H

#include "solver/problem.h"

/* Numbers of the staff row that a part's home has, and of the rooms of its pool; PROBLEM_NONE. */
uint32_t problem_coupled_staff(const struct problem *problem, uint32_t part);
uint32_t problem_coupled_rooms(const struct problem *problem, uint32_t part);

/* Sets households, staff, rooms and people[].household. Called once, last, by problem_new. */
void problem_coupled_init(struct problem *problem);
void problem_coupled_clear(
    struct problem *problem); /* frees what init made; called by problem_free */

#endif
