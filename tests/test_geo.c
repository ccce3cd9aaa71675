/* test_geo.c - models/geo.c. */
#include "tests/check.h"

#include "models/geo.h"

#include "tests/random_world.h"

#include <math.h>
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

static double draw(uint64_t *state, double from, double to)
{
    return from + (to - from) * (double)random_below(state, 1000000007) / 1000000006;
}

static size_t differs(double lat1, double lon1, double lat2, double lon2)
{
    struct geo_point a = geo_point(lat1, lon1), b = geo_point(lat2, lon2);
    int64_t metres = geo_metres(lat1, lon1, lat2, lon2);
    double chord = sqrt(geo_chord2(&a, &b));
    return (geo_point_metres(&a, &b) != metres) + (chord > geo_chord_beyond(metres)) +
           (fabs(a.z - b.z) > geo_chord_beyond(metres));
}

/* From centimetres to half the circumference, in the town, at the poles, over the antimeridian. */
static void test_points(void)
{
    uint64_t state = 5;
    size_t wrong = 0;
    for (int i = 0; i < 200000; i++) {
        double reach = pow(10, draw(&state, -7, 2.5));
        double lat = i % 3 ? draw(&state, -90, 90) : draw(&state, 89.99, 90);
        double lon = i % 5 ? draw(&state, -180, 180) : 180;
        double lat2 = fmax(-90, fmin(90, lat + draw(&state, -reach, reach)));
        double lon2 = remainder(lon + draw(&state, -reach, reach), 360);
        wrong += differs(lat, lon, lat2, lon2);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Where the metres step from one number to the next, both ways step at the same double. */
static void test_rounding(void)
{
    uint64_t state = 9;
    size_t wrong = 0, steps = 0;
    for (int i = 0; i < 2000; i++) {
        double lat = draw(&state, -80, 80), lon = draw(&state, -180, 179), lat2 = lat + 0.01;
        double low = lon, high = lon + draw(&state, 0.0001, 0.5);
        int64_t metres = geo_metres(lat, lon, lat2, low);
        if (geo_metres(lat, lon, lat2, high) == metres)
            continue;
        while (nextafter(low, high) < high) {
            double middle = low + (high - low) / 2;
            *(geo_metres(lat, lon, lat2, middle) == metres ? &low : &high) = middle;
        }
        steps++;
        for (double at = low - 3 * (high - low); at < high + 3 * (high - low); at += high - low)
            wrong += differs(lat, lon, lat2, at);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(steps > 1000);
}

/* A limit does not keep everybody in: else nothing would be gained. */
static void test_beyond(void)
{
    struct geo_point here = geo_point(31, 121), there = geo_point(31, 121.1);
    double chord = sqrt(geo_chord2(&here, &there)); /* 9,531 m */
    CU_ASSERT(chord <= geo_chord_beyond(9531));
    CU_ASSERT(chord > geo_chord_beyond(9520));
    CU_ASSERT(chord > geo_chord_beyond(0));
    CU_ASSERT(geo_chord_beyond(0) > 0);
    CU_ASSERT_EQUAL(geo_chord_beyond(INT64_MAX), HUGE_VAL);
}

static const struct check_test tests[] = {
    {"geo_known_arcs", test_known_arcs},
    {"geo_symmetric", test_symmetric},
    {"geo_points_give_the_same_metres", test_points},
    {"geo_points_round_at_the_same_place", test_rounding},
    {"geo_limits_of_chords", test_beyond},
};
CHECK_SUITE(suite_geo, tests);
