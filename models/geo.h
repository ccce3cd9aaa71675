/* geo.h - distance on the sphere, and a quick way to the same metres for many pairs of places. */
#ifndef ALMONER_GEO_H
#define ALMONER_GEO_H

#include <stdint.h>

/* Great circle in metres, to the nearest: a = sin^2(dlat/2) + cos lat1 cos lat2 sin^2(dlon/2),
 * d = 2 R asin(min(1, sqrt a)), R = 6,371,008.8 m (mean Earth radius; formats.md). Degrees in. */
int64_t geo_metres(double lat1, double lon1, double lat2, double lon2);

/* A place that is asked about many times: its degrees and its point on the sphere of radius 1. The
 * square of the straight line (chord) between two points says how far they are apart without a
 * sine; |z1 - z2| is never more than the chord. */
struct geo_point {
    double lat, lon;
    double x, y, z;
};

struct geo_point geo_point(double lat, double lon);

static inline double geo_chord2(const struct geo_point *a, const struct geo_point *b)
{
    double x = a->x - b->x, y = a->y - b->y, z = a->z - b->z;
    return x * x + y * y + z * z;
}

/* The same integer as geo_metres of the two places, always. */
int64_t geo_point_metres(const struct geo_point *a, const struct geo_point *b);

/* Two points whose chord is longer than this are certainly more than `metres` apart by geo_metres;
 * HUGE_VAL when the limit is too long to be sure. The other way round nothing is said. */
double geo_chord_beyond(int64_t metres);

#endif
