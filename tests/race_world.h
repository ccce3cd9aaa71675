/* race_world.h - the city that the races are run in: pools of two beds with two people for each,
 * and pairs of residents who want to change places. All of it is sent over HTTP. */
#ifndef ALMONER_TESTS_RACE_WORLD_H
#define ALMONER_TESTS_RACE_WORLD_H

#include "tests/race_rig.h"

/* Pools "P0000".. of two beds in H0; two people who may have a bed in that pool and no other. */
void race_world_pools(struct race_rig *rig, int pools);
/* Pools "X0000".. in H0 and "Y0000".. in H1, one bed each and taken; the two residents "AX0000" and
 * "AY0000" want each other's. */
void race_world_swaps(struct race_rig *rig, int swaps);

/* The two offers of one pool. */
struct race_pair {
    char pool_id[ID_MAX + 1];
    char offer_id[2][ID_MAX + 1];
};
/* The sent offers of a round by pool; how many pools have exactly two. Caller frees the list. */
size_t race_world_pairs(struct race_rig *rig, int64_t round, int pools, struct race_pair **pairs);
/* Posts that number of usable beds for all the pools, half at each daemon. */
void race_world_post(struct race_rig *rig, int pools, int beds);

#endif
