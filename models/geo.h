/* geo.h - distance on the sphere. */
#ifndef ALMONER_GEO_H
#define ALMONER_GEO_H

#include <stdint.h>

/* Great circle in metres, to the nearest: a = sin^2(dlat/2) + cos lat1 cos lat2 sin^2(dlon/2),
 * d = 2 R asin(min(1, sqrt a)), R = 6,371,008.8 m (mean Earth radius; formats.md). Degrees in. */
int64_t geo_metres(double lat1, double lon1, double lat2, double lon2);

#endif
