/* odd_world.h - a drawn world made odd: what cities rarely have and rules must bear all the same.
 * Full homes with rooms from which residents go, households in two homes, whole pools without a
 * bed, everybody alike, ways around the globe, sums at the edge of what is allowed, limits of
 * exactly a way. */
#ifndef ALMONER_ODD_WORLD_H
#define ALMONER_ODD_WORLD_H

#include "tests/random_world.h"

/* One or more of the ways to be odd; those with households, staff minutes or rooms only where
 * is_coupled. */
void odd_world_make(struct random_world *world, uint64_t *state, int is_coupled);

#endif
