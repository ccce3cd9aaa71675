/* source_json.c - the column map: JSON to struct source, closed schema. */
#include "scenarios/source_map.h"

#include "models/alloc.h"
#include "models/read_json.h"

#include <stdlib.h>
#include <string.h>

static const char own_map[] =
    "{\"homes\":[{\"file\":\"homes.csv\",\"columns\":{\"id\":\"id\",\"name\":\"name\","
    "\"district\":\"district\",\"lat\":\"lat\",\"lon\":\"lon\",\"star\":\"star\","
    "\"occupied\":\"occupied\"},\"units\":["
    "{\"kind\":\"nursing\",\"beds\":[\"beds_nursing\"],\"min_level\":2},"
    "{\"kind\":\"dementia\",\"beds\":[\"beds_dementia\"],\"min_level\":2},"
    "{\"kind\":\"residential\",\"beds\":[\"beds_residential\"],\"max_level\":2}]}],"
    "\"areas\":[{\"file\":\"areas.csv\",\"columns\":{\"id\":\"id\",\"district\":\"district\","
    "\"village\":\"village\",\"lat\":\"lat\",\"lon\":\"lon\"},\"ages\":{\"65_74\":[\"pop_65_74\"],"
    "\"75_84\":[\"pop_75_84\"],\"85\":[\"pop_85plus\"]}}]}";

/* Column names may hold anything, so they are texts, not codes. */
static void read_names(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    struct list *names = place;
    (void)member;
    if (!read_json_is_array(at, value))
        return;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        if (json_is_string(item))
            list_add(names, json_string_value(item), json_string_length(item));
        else
            read_json_issue(at, "type", "entry %zu must be the name of a column", i);
    }
}

#define COLUMN(word, i, required)                                                                  \
    {                                                                                              \
        .name = word, .read = read_json_text, .offset = (i) * sizeof(char *),                      \
        .is_required = required, .min = 1, .max = 200                                              \
    }

static const struct read_json_member home_columns[] = {COLUMN("id", SOURCE_HOME_ID, 1),
                                                       COLUMN("name", SOURCE_HOME_NAME, 0),
                                                       COLUMN("district", SOURCE_HOME_DISTRICT, 0),
                                                       COLUMN("lat", SOURCE_HOME_LAT, 1),
                                                       COLUMN("lon", SOURCE_HOME_LON, 1),
                                                       COLUMN("star", SOURCE_HOME_STAR, 0),
                                                       COLUMN("occupied", SOURCE_HOME_OCCUPIED, 0)};
static const struct read_json_member area_columns[] = {
    COLUMN("id", SOURCE_AREA_ID, 1), COLUMN("district", SOURCE_AREA_DISTRICT, 0),
    COLUMN("village", SOURCE_AREA_VILLAGE, 0), COLUMN("lat", SOURCE_AREA_LAT, 1),
    COLUMN("lon", SOURCE_AREA_LON, 1)};

static void read_columns(struct read_json *at, const json_t *value,
                         const struct read_json_member *member, void *place)
{
    struct source_table *table = place;
    (void)member;
    if (table->is_homes)
        read_json_members(at, value, home_columns, sizeof home_columns / sizeof *home_columns,
                          table->columns);
    else
        read_json_members(at, value, area_columns, sizeof area_columns / sizeof *area_columns,
                          table->columns);
}

static void read_units(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    static const struct read_json_member members[] = {
        {.name = "kind",
         .read = read_json_word,
         .offset = offsetof(struct source_unit, kind),
         .is_required = 1,
         .words = &words_kind},
        {.name = "beds",
         .read = read_names,
         .offset = offsetof(struct source_unit, beds),
         .is_required = 1},
        {.name = "min_level",
         .read = read_json_int,
         .offset = offsetof(struct source_unit, min_level),
         .max = RECORD_LEVELS - 1},
        {.name = "max_level",
         .read = read_json_int,
         .offset = offsetof(struct source_unit, max_level),
         .max = RECORD_LEVELS - 1}};
    struct source_table *table = place;
    (void)member;
    if (!read_json_is_array(at, value))
        return;
    if (json_array_size(value) > DRAW_UNITS_MAX) {
        read_json_issue(at, "range", "at most %d units of beds", DRAW_UNITS_MAX);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct source_unit *unit = &table->units[table->n_units++];
        size_t mark = read_json_enter_index(at, i);
        unit->max_level = RECORD_LEVELS - 1;
        read_json_members(at, json_array_get(value, i), members, sizeof members / sizeof *members,
                          unit);
        read_json_leave(at, mark);
    }
}

static void read_ages(struct read_json *at, const json_t *value,
                      const struct read_json_member *member, void *place)
{
    static const struct read_json_member members[] = {
        {.name = "65_74", .read = read_names, .is_required = 1},
        {.name = "75_84", .read = read_names, .offset = sizeof(struct list), .is_required = 1},
        {.name = "85", .read = read_names, .offset = 2 * sizeof(struct list), .is_required = 1}};
    (void)member;
    read_json_members(at, value, members, sizeof members / sizeof *members, place);
}

enum { TABLE_MEMBERS = 3 };

#define FILE_AND_COLUMNS                                                                           \
    {.name = "file",                                                                               \
     .read = read_json_text,                                                                       \
     .offset = offsetof(struct source_table, file),                                                \
     .is_required = 1,                                                                             \
     .min = 1,                                                                                     \
     .max = 4000},                                                                                 \
    {                                                                                              \
        .name = "columns", .read = read_columns, .is_required = 1                                  \
    }

static const struct read_json_member home_members[TABLE_MEMBERS] = {
    FILE_AND_COLUMNS, {.name = "units", .read = read_units, .is_required = 1}};
static const struct read_json_member area_members[TABLE_MEMBERS] = {
    FILE_AND_COLUMNS,
    {.name = "ages",
     .read = read_ages,
     .offset = offsetof(struct source_table, ages),
     .is_required = 1}};

/* Homes, or areas: `max` of the member says which. */
static void read_tables(struct read_json *at, const json_t *value,
                        const struct read_json_member *member, void *place)
{
    struct source *source = place;
    if (!read_json_is_array(at, value))
        return;
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        source->tables = alloc_resize(source->tables, source->n + 1, sizeof *source->tables);
        struct source_table *table = &source->tables[source->n++];
        *table = (struct source_table){.is_homes = (int)member->max};
        read_json_members(at, json_array_get(value, i),
                          table->is_homes ? home_members : area_members, TABLE_MEMBERS, table);
        read_json_leave(at, mark);
    }
}

struct source *source_from_json(const char *json, size_t len, struct alm_error *err)
{
    static const struct read_json_member members[] = {
        {.name = "homes", .read = read_tables, .is_required = 1, .max = 1},
        {.name = "areas", .read = read_tables, .is_required = 1, .max = 0}};
    struct source *source = alloc_zero(1, sizeof *source);
    struct read_json at;
    read_json_init(&at, err);
    json_t *root = read_json_parse(json ? json : own_map, json ? len : sizeof own_map - 1, &at);
    if (root)
        read_json_members(&at, root, members, 2, source);
    json_decref(root);
    if (!root || at.n_issues) {
        source_free(source);
        return NULL;
    }
    return source;
}

static void clear_table(struct source_table *table)
{
    free(table->file);
    for (size_t i = 0; i < SOURCE_COLUMNS_MAX; i++)
        free(table->columns[i]);
    for (size_t i = 0; i < table->n_units; i++)
        list_clear(&table->units[i].beds);
    for (int age = 0; age < DRAW_AGES; age++)
        list_clear(&table->ages[age]);
}

void source_free(struct source *source)
{
    if (!source)
        return;
    for (size_t i = 0; i < source->n; i++)
        clear_table(&source->tables[i]);
    free(source->tables);
    free(source);
}
