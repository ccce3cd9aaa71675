/* draw.h - draws a world: pools with vacancies and a waiting list, for homes and small areas that
 * are given. Pure: same arguments, same region. What is drawn is drawn, not observed; no real
 * person is in it. */
#ifndef ALMONER_DRAW_H
#define ALMONER_DRAW_H

#include "models/region.h"

enum { DRAW_UNITS_MAX = 8, DRAW_AGES = 3 }; /* ages 65-74, 75-84, 85 and over */

struct draw_unit { /* beds of one kind in a home, before they are split by sex */
    enum kind kind;
    int64_t beds;
    int64_t min_level, max_level;
};

struct draw_home {
    char id[ID_MAX + 1];
    char *name, *district;
    double lat, lon;
    int64_t star;
    int64_t occupied; /* of all its beds; -1 = not known: drawn */
    struct draw_unit units[DRAW_UNITS_MAX];
    size_t n_units;
};

struct draw_area { /* a village or another small area; people live at its centre */
    char id[ID_MAX + 1];
    char *district, *village;
    double lat, lon;
    int64_t people[DRAW_AGES];
};

struct draw_frame {
    struct draw_home *homes;
    size_t n_homes;
    struct draw_area *areas;
    size_t n_areas;
};

struct draw_options {
    int64_t applicants;
    uint64_t seed;
    int64_t now;               /* the day of drawing: everybody applied before it */
    int64_t couples_per_mille; /* of the applicants, so many are half of a couple placed together */
    int64_t movers_per_mille;  /* of the applicants, so many are residents who ask to move */
};

void draw_frame_clear(struct draw_frame *frame);
struct draw_home *draw_frame_home(struct draw_frame *frame); /* one more, zeroed; occupied -1 */
struct draw_area *draw_frame_area(struct draw_frame *frame);

/* The whole region, with the policy of the shipped city in it. How each figure is drawn is written
 * in docs/city.md; the rates come from published figures named there. */
struct region *draw_region(const struct draw_frame *frame, const struct draw_options *options);

const char *draw_policy_json(void); /* policy.json of the shipped city */

#endif
