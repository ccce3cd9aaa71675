/* plain_rules.h - the rules of docs/solver-coupled.md in the words of that page, without rows or
 * counts that a model would use: for rounds of at most 16 people, 64 parts and 64 rooms a pool. */
#ifndef ALMONER_PLAIN_RULES_H
#define ALMONER_PLAIN_RULES_H

#include "solver/problem.h"

int plain_rules_hold(const struct problem *problem, const uint32_t *chosen);

#endif
