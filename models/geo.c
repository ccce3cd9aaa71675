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
