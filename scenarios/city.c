/* city.c - the shipped city. Owns the published figures; delegates the waiting list to draw.c.
 *
 * Figures per district of Taipei: population 2024-12 (Ministry of the Interior), homes and beds
 * 2025-02 (Taipei City Government, Department of Social Welfare and Department of Health), open
 * government data; lat/lon = centre of the population aged 65 and over. Only sums per district are
 * used: the homes and villages are drawn. */
#include "scenarios/city.h"

#include "models/alloc.h"
#include "scenarios/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct district {
    const char *name;
    double lat, lon;
    int64_t villages, over65, over75, over85;
    int64_t homes, beds_nursing, beds_care, beds_dementia, beds_residential;
    int64_t nursing_homes, nursing_home_beds;
    int64_t day_cares, day_care_places;
};

static const struct district taipei[] = {
    {"Songshan", 25.0548, 121.5584, 33, 46096, 19532, 5335, 4, 0, 131, 0, 0, 2, 103, 1, 35},
    {"Xinyi", 25.0345, 121.5708, 41, 51320, 20875, 5638, 2, 0, 57, 0, 0, 2, 74, 1, 20},
    {"Da'an", 25.0309, 121.5435, 53, 72468, 31539, 9023, 6, 9, 213, 0, 0, 1, 49, 1, 16},
    {"Zhongshan", 25.0623, 121.5353, 42, 51973, 19958, 5530, 9, 0, 317, 0, 0, 1, 82, 1, 54},
    {"Zhongzheng", 25.0306, 121.5200, 31, 33645, 14145, 4193, 3, 0, 106, 0, 0, 2, 188, 0, 0},
    {"Datong", 25.0627, 121.5141, 25, 27379, 10672, 3069, 10, 0, 401, 0, 0, 3, 141, 1, 40},
    {"Wanhua", 25.0304, 121.4990, 36, 43334, 17317, 5010, 6, 0, 372, 62, 0, 2, 118, 2, 40},
    {"Wenshan", 24.9942, 121.5558, 43, 54449, 20734, 5719, 14, 132, 617, 0, 555, 4, 153, 2, 40},
    {"Nangang", 25.0459, 121.6004, 20, 23671, 8942, 2271, 1, 0, 20, 0, 0, 3, 166, 1, 20},
    {"Neihu", 25.0781, 121.5904, 39, 52695, 16479, 4471, 6, 5, 206, 0, 0, 2, 156, 1, 60},
    {"Shilin", 25.1025, 121.5248, 51, 63863, 24495, 6789, 9, 176, 438, 0, 153, 4, 328, 3, 120},
    {"Beitou", 25.1265, 121.5054, 42, 53565, 20010, 5285, 24, 0, 997, 0, 225, 3, 313, 0, 0},
};

enum { SPREAD_M = 1100, METRES_PER_DEGREE = 111195 };

/* A point around the district's centre, some SPREAD_M away on each axis. */
static void place(struct random *random, const struct district *district, double *lat, double *lon)
{
    double north = random_normal(random) * SPREAD_M / METRES_PER_DEGREE;
    double east = random_normal(random) * SPREAD_M / METRES_PER_DEGREE;
    *lat = round((district->lat + north) * 1e5) / 1e5;
    *lon = round((district->lon + east / cos(district->lat * M_PI / 180)) * 1e5) / 1e5;
}

/* Splits `total` into n parts with drawn weights; every part gets at least `least` where there is
 * enough. */
static void split(struct random *random, int64_t total, int64_t least, int64_t *parts, size_t n)
{
    int64_t sum = 0, given = 0;
    int64_t *weight = alloc_zero(n, sizeof *weight);
    if (least * (int64_t)n > total)
        least = 0;
    for (size_t i = 0; i < n; i++)
        sum += weight[i] = 40 + random_below(random, 100);
    for (size_t i = 0; i < n; i++)
        given += parts[i] = least + (total - least * (int64_t)n) * weight[i] / sum;
    for (size_t i = 0; given < total; i = (i + 1) % n, given++)
        parts[i]++;
    free(weight);
}

static void add_unit(struct draw_home *home, enum kind kind, int64_t beds, int64_t min_level,
                     int64_t max_level)
{
    if (beds > 0)
        home->units[home->n_units++] = (struct draw_unit){kind, beds, min_level, max_level};
}

static struct draw_home *add_home(struct random *random, const struct district *district,
                                  const char *sort, int number, struct draw_frame *frame)
{
    struct draw_home *home = draw_frame_home(frame);
    struct buffer name = {0};
    snprintf(home->id, sizeof home->id, "H-%.12s-%c%02d", district->name, sort[0], number);
    for (char *c = home->id; *c; c++)
        if (*c == '\'')
            *c = '.';
    buffer_format(&name, "Drawn %s %s %d", district->name, sort, number);
    home->name = buffer_take(&name, NULL);
    home->district = alloc_string(district->name);
    home->star = random_chance(random, 300) ? 0 : 2 + random_below(random, 4);
    place(random, district, &home->lat, &home->lon);
    return home;
}

/* Welfare homes: care beds in each; nursing, dementia and residential beds are few and lie
 * together, as the published table shows them (all dementia beds of the city are in one home). */
static void add_welfare_homes(struct random *random, const struct district *district,
                              struct draw_frame *frame)
{
    size_t n = (size_t)district->homes;
    int64_t *care = alloc_zero(n, sizeof *care);
    split(random, district->beds_care, 8, care, n);
    for (size_t i = 0; i < n; i++) {
        struct draw_home *home = add_home(random, district, "Home", (int)i + 1, frame);
        add_unit(home, KIND_NURSING, care[i], 2, 5);
        if (i == 0) {
            add_unit(home, KIND_NURSING, district->beds_nursing, 4, 6);
            add_unit(home, KIND_DEMENTIA, district->beds_dementia, 2, 6);
        }
        int halves = n > 1 && district->beds_residential > 300;
        if (i == n - 1 || (halves && i == n - 2))
            add_unit(home, KIND_RESIDENTIAL,
                     district->beds_residential / (halves ? 2 : 1) +
                         (halves && i == n - 1 ? district->beds_residential % 2 : 0),
                     0, 2);
    }
    free(care);
}

static void add_nursing_homes(struct random *random, const struct district *district,
                              struct draw_frame *frame)
{
    int64_t beds[16];
    split(random, district->nursing_home_beds, 10, beds, (size_t)district->nursing_homes);
    for (int i = 0; i < district->nursing_homes; i++)
        add_unit(add_home(random, district, "Nursing home", i + 1, frame), KIND_NURSING, beds[i], 3,
                 6);
}

static void add_day_cares(struct random *random, const struct district *district,
                          struct draw_frame *frame)
{
    int64_t places[16];
    if (!district->day_cares)
        return;
    split(random, district->day_care_places, 5, places, (size_t)district->day_cares);
    for (int i = 0; i < district->day_cares; i++)
        add_unit(add_home(random, district, "Day care", i + 1, frame), KIND_DAY_CARE, places[i], 0,
                 4);
}

static void add_villages(struct random *random, const struct district *district,
                         struct draw_frame *frame)
{
    const int64_t totals[DRAW_AGES] = {district->over65 - district->over75,
                                       district->over75 - district->over85, district->over85};
    size_t n = (size_t)district->villages;
    int64_t *people = alloc_zero(n, sizeof *people);
    size_t first = frame->n_areas;
    for (size_t i = 0; i < n; i++) {
        struct draw_area *area = draw_frame_area(frame);
        struct buffer name = {0};
        snprintf(area->id, sizeof area->id, "V%03zu", frame->n_areas);
        buffer_format(&name, "%s-%02zu", district->name, i + 1);
        area->village = buffer_take(&name, NULL);
        area->district = alloc_string(district->name);
        place(random, district, &area->lat, &area->lon);
    }
    for (int age = 0; age < DRAW_AGES; age++) {
        split(random, totals[age], 0, people, n);
        for (size_t i = 0; i < n; i++)
            frame->areas[first + i].people[age] = people[i];
    }
    free(people);
}

int city_frame(const char *city, uint64_t seed, struct draw_frame *frame, struct alm_error *err)
{
    struct random random = {.state = seed ^ 0x7461697065690000u};
    *frame = (struct draw_frame){0};
    if (strcmp(city, "taipei") != 0)
        return err_set(err, ERR_BAD_INPUT, "there is no shipped city \"%s\"; there is: taipei",
                       city);
    for (size_t i = 0; i < sizeof taipei / sizeof *taipei; i++) {
        add_welfare_homes(&random, &taipei[i], frame);
        add_nursing_homes(&random, &taipei[i], frame);
        add_day_cares(&random, &taipei[i], frame);
        add_villages(&random, &taipei[i], frame);
    }
    return 0;
}
