/* city.h - the shipped city: homes and villages of Taipei as drawn from published figures per
 * district. */
#ifndef ALMONER_CITY_H
#define ALMONER_CITY_H

#include "models/err.h"
#include "scenarios/draw.h"

/* "taipei": 123 homes and 14 day-care centres whose beds add up to the district's published beds by
 * kind, 456 villages whose elderly add up to the district's. The split among homes and villages,
 * and positions, are drawn. -1 when there is no such city. */
int city_frame(const char *city, uint64_t seed, struct draw_frame *frame, struct alm_error *err);

#endif
