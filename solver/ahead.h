/* ahead.h - the first look of a repair (near.h), taken while the pairs of a round are made: those
 * of a person are at hand then, and need not come from memory once more.
 *
 * Owns what it saw, until somebody takes it. It is made before anybody knows how much a pair counts
 * at most, so it begins with bounds, and is of no use where they do not hold: then everything is
 * looked at once more later on. A hint as all of warm.h: it changes no result. */
#ifndef ALMONER_AHEAD_H
#define ALMONER_AHEAD_H

#include "solver/near.h"
#include "solver/solver_options.h"

struct ahead;

/* People and parts of the problem stand, pairs do not. NULL: the options have no last round, or one
 * from which nothing is repaired. */
struct ahead *ahead_new(const struct problem *problem, const struct solver_options *options);
void ahead_free(struct ahead *ahead);

/* `sample` is the problem with the pairs of the people of a sample (near_sample_step). To be called
 * before anybody is looked at. */
void ahead_begin(struct ahead *ahead, const struct problem *sample, size_t n_slices);
/* The people of a stretch, in order; `view` is the problem with their pairs. */
void ahead_see(struct ahead *ahead, size_t slice, const struct problem *view, uint32_t person);
/* The pairs of these people, a whole stretch, have numbers so much higher from now on. */
void ahead_shift(struct ahead *ahead, size_t slice, uint32_t first, uint32_t end, uint32_t offset);

/* Was all seen as it should be? The problem is whole now. */
int ahead_holds(const struct ahead *ahead, const struct problem *problem);

/* Once each, of one that holds. The last plan as far as there is room, and its prices, as of
 * warm.h: both the caller's. */
uint32_t *ahead_chosen(struct ahead *ahead);
int64_t *ahead_prices(struct ahead *ahead);

/* The numbers that were looked at, of the whole problem. */
void ahead_packed(const struct ahead *ahead, const struct problem *problem, struct packed *packed);
int64_t ahead_limit(const struct ahead *ahead);
/* As near_look with this view, whose prices are those at the beginning of a repair and `chosen` is
 * what ahead_chosen gave; once. */
int ahead_look(struct ahead *ahead, const struct near_view *view, struct near_list *list);

#endif
