/* race_naive.h - the broken way to accept an offer, for the control: look at the pool, then write,
 * with nothing that holds the two together. */
#ifndef ALMONER_TESTS_RACE_NAIVE_H
#define ALMONER_TESTS_RACE_NAIVE_H

#include "tests/race_world.h"

/* Two clients accept straight in Redis, both offers of each pair at the same time; how many were
 * told yes. */
size_t race_naive_accept(const char *socket, const struct race_pair *pairs, size_t n);

#endif
