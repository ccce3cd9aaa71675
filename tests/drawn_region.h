/* drawn_region.h - regions of some dozens of people and pools drawn from a seed, in which every
 * rule of a pair bites: by seed in a town, around a pole, on both sides of the antimeridian, all
 * over the sphere, on one spot; with and without travel.csv; limits of exactly a way and of one
 * metre less.
 */
#ifndef ALMONER_DRAWN_REGION_H
#define ALMONER_DRAWN_REGION_H

#include "models/policy.h"
#include "models/region.h"

enum {
    DRAWN_REGION_PLACES = 5, /* seed % so many = where it lies */
    DRAWN_REGION_PEOPLE = 70,
    DRAWN_REGION_NOW = 20000 * 86400
};

struct region *drawn_region(uint64_t seed);
/* The same with so many people. */
struct region *drawn_region_crowd(uint64_t seed, int people);
/* need, travel; soft or hard reserves; with 12 km as the policy's limit. */
struct policy *drawn_region_policy(int is_soft, int has_limit);

#endif
