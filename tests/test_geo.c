/* test_geo.c - models/geo.c. */
#include "tests/check.h"

#include "models/geo.h"

#include <stdint.h>

/* Worked out apart from geo.c: 2 pi R / 360 = 111,195.0797 m per degree of a great circle, half of
 * the circumference = 20,015,114.35 m. */
static void test_known_arcs(void)
{
    CU_ASSERT_EQUAL(geo_metres(25, 121, 25, 121), 0);
    CU_ASSERT_EQUAL(geo_metres(0, 0, 1, 0), 111195);
    CU_ASSERT_EQUAL(geo_metres(0, 0, 0, 1), 111195);
    CU_ASSERT_EQUAL(geo_metres(0, 0, 0, 10), 1111951);
    CU_ASSERT_EQUAL(geo_metres(0, 0, 0, 180), 20015114);
    CU_ASSERT_EQUAL(geo_metres(90, 0, -90, 77), 20015114);
    CU_ASSERT_EQUAL(geo_metres(0, 179.5, 0, -179.5), 111195);
    CU_ASSERT_EQUAL(geo_metres(60, 0, 60, 1), 55597);
}

static void test_symmetric(void)
{
    for (int i = 0; i < 1000; i++) {
        double lat1 = i % 181 - 90, lon1 = i * 7 % 361 - 180, lat2 = i * 13 % 181 - 90,
               lon2 = i * 29 % 361 - 180;
        int64_t metres = geo_metres(lat1, lon1, lat2, lon2);
        CU_ASSERT_EQUAL(metres, geo_metres(lat2, lon2, lat1, lon1));
        CU_ASSERT_TRUE(metres >= 0 && metres <= 20015115);
    }
}

static const struct check_test tests[] = {
    {"geo_known_arcs", test_known_arcs},
    {"geo_symmetric", test_symmetric},
};
CHECK_SUITE(suite_geo, tests);
