/* draw.h - draws a world: homes, pools and a waiting list, from figures or from real files. Pure: same
 * arguments, same bytes. Nothing drawn is observed; no real person is in it. */
#ifndef ALMONER_DRAW_H
#define ALMONER_DRAW_H

#include "models/err.h"
#include "models/region.h"

struct draw_options {
    int64_t applicants;
    uint64_t seed;
    int64_t now; /* the day on which the list is drawn: applied_at lies before it */
};

/* The shipped city ("taipei"): drawn from published figures per district (city.c says which). The default policy
 * is part of the region. NULL when there is no such city. */
struct region *draw_city(const char *city, const struct draw_options *options, struct alm_error *err);

/* The bytes of a folder of real files: homes.csv, areas.csv, source.json (may be NULL: own column names). */
struct draw_source {
    const char *homes, *areas, *source_json;
    size_t homes_len, areas_len, source_len;
};
/* Bad rows are named in notes ("skipped", with file and line) and left out. */
struct region *draw_source(const struct draw_source *source, const struct draw_options *options,
                           struct alm_error *notes, struct alm_error *err);

/* policy.json of the shipped city. */
const char *draw_policy_json(void);

#endif
