/* geo.c - see geo.h. */
#include "models/geo.h"

#include <math.h>

static const double geo_radius_m = 6371008.8;

int64_t geo_metres(double lat1, double lon1, double lat2, double lon2)
{
    const double radian = M_PI / 180;
    double half_lat = sin((lat2 - lat1) * radian / 2);
    double half_lon = sin((lon2 - lon1) * radian / 2);
    double a = half_lat * half_lat + cos(lat1 * radian) * cos(lat2 * radian) * half_lon * half_lon;
    return llround(2 * geo_radius_m * asin(fmin(1, sqrt(a))));
}

struct geo_point geo_point(double lat, double lon)
{
    const double radian = M_PI / 180;
    double across = cos(lat * radian);
    return (struct geo_point){lat, lon, across * cos(lon * radian), across * sin(lon * radian),
                              sin(lat * radian)};
}

/* How wrong can a distance be? An angle of up to 360 degrees becomes radians with an error below
 * 2^-50 (two roundings of a number below 8, and that of pi / 180), a sine or cosine of it and a
 * product of two with one below 2^-49; so each coordinate is within 2^-49 of the true one, and a
 * chord within 2^-47, which is 5e-8 m. geo_metres itself takes the difference of the degrees first;
 * its angle is within 2^-49, and so is the root it takes the arc sine of as long as that is below
 * 1/2: again less than 5e-8 m. Both together are well below the 1e-6 m kept here.
 *
 * The arc over a chord c is 2 asin(c / 2) = c (1 + c^2/24 + 3 c^4/640 + 5 c^6/7168 + ...); for
 * c <= 1/64 (99 km) the terms left out are below c^9 / 8000 < 1e-20. */
int64_t geo_point_metres(const struct geo_point *a, const struct geo_point *b)
{
    const double farthest2 = 1.0 / 64 / 64, doubt_m = 1e-6;
    double c2 = geo_chord2(a, b);
    if (c2 <= farthest2) {
        double arc = 1 + c2 * (1.0 / 24 + c2 * (3.0 / 640 + c2 * (5.0 / 7168)));
        double metres = geo_radius_m * sqrt(c2) * arc;
        double rest = metres - (double)(int64_t)metres - 0.5;
        if (fabs(rest) > doubt_m)
            return (int64_t)metres + (rest > 0);
    }
    return geo_metres(a->lat, a->lon, b->lat, b->lon);
}

/* geo_metres may be wrong by half a metre of rounding, and by as much again where the arc sine is
 * steep (an error of 2^-48 under its root near 1 is 0.8 m there); chords are within 5e-8 m. So
 * three metres more are enough for a limit of at most a quarter of the circumference. */
double geo_chord_beyond(int64_t metres)
{
    const int64_t quarter_m = 10000000, slack_m = 3;
    if (metres >= quarter_m)
        return HUGE_VAL;
    double limit = metres < 0 ? 0 : (double)metres;
    return 2 * sin((limit + slack_m) / (2 * geo_radius_m));
}
