/* source_map.h - the column map in memory. Shared by source.c and source_json.c only. */
#ifndef ALMONER_SOURCE_MAP_H
#define ALMONER_SOURCE_MAP_H

#include "models/list.h"
#include "scenarios/source.h"

/* Our columns of the two kinds of files. */
enum {
    SOURCE_HOME_ID,
    SOURCE_HOME_NAME,
    SOURCE_HOME_DISTRICT,
    SOURCE_HOME_LAT,
    SOURCE_HOME_LON,
    SOURCE_HOME_STAR,
    SOURCE_HOME_OCCUPIED,
    SOURCE_COLUMNS_MAX
};
enum {
    SOURCE_AREA_ID,
    SOURCE_AREA_DISTRICT,
    SOURCE_AREA_VILLAGE,
    SOURCE_AREA_LAT,
    SOURCE_AREA_LON
};

struct source_unit { /* beds = the sum of these columns */
    int kind;        /* enum kind */
    struct list beds;
    int64_t min_level, max_level;
};

struct source_table {
    char *file;
    int is_homes;
    char *columns[SOURCE_COLUMNS_MAX]; /* their name for each of ours; NULL = they have none */
    struct source_unit units[DRAW_UNITS_MAX];
    size_t n_units;
    struct list ages[DRAW_AGES];
};

struct source {
    struct source_table *tables;
    size_t n;
};

#endif
