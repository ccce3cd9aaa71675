/* random.h - a small deterministic generator (SplitMix64, Steele, Lea and Flood 2014): same seed,
 * same draws on every machine. Not for secrets. */
#ifndef ALMONER_RANDOM_H
#define ALMONER_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

int64_t random_below(struct random *random, int64_t n);      /* 0 .. n-1; n >= 1 */
int random_chance(struct random *random, int64_t per_mille); /* 1 with that chance */
double random_normal(struct random *random); /* mean 0, deviation 1 (sum of 12 uniforms) */
double random_exponential(struct random *random, double mean);
/* An index with chance weight[i] / sum; n >= 1, the sum >= 1. */
size_t random_weighted(struct random *random, const int64_t *weight, size_t n);

#endif
