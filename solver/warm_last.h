/* warm_last.h - the last plan and the last prices in terms of a round: where they have people and
 * what parts cost there. Inside of warm.c and ahead.c only. */
#ifndef ALMONER_WARM_LAST_H
#define ALMONER_WARM_LAST_H

#include "solver/problem.h"

struct certificate;
struct plan;

/* The people of a round beside those of a plan, which stays the caller's. People and parts of the
 * problem stand; their pairs are asked for when somebody is matched. */
struct warm_match;
struct warm_match *warm_match_new(const struct problem *problem, const struct plan *plan);
void warm_match_free(struct warm_match *match);

/* Everybody, on all cores. */
void warm_match_people(struct warm_match *match);

/* One after the other in their order, from any on: `next` is what warm_match_first says of the
 * first, and is kept for the next one. `view` is the problem with the pairs of some people, this
 * one among them; once pairs have other numbers these people are shifted. Returns the pair that the
 * plan has them in, first part first; the one where they live, or PROBLEM_NONE, if there is none.
 */
size_t warm_match_first(const struct warm_match *match, uint32_t person);
uint32_t warm_match_person(struct warm_match *match, const struct problem *view, uint32_t person,
                           size_t *next);
void warm_match_shift(struct warm_match *match, uint32_t first, uint32_t end, uint32_t offset);

/* By person: the last plan as far as there is room; the caller's. Ends the match. */
uint32_t *warm_match_settle(struct warm_match *match);

/* n_parts x n_objectives, 0 where none is known, the caller's; NULL = an objective is missing, or
 * there are none at all. */
int64_t *warm_last_prices(const struct problem *problem, const struct certificate *certificate);

#endif
