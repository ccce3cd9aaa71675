/* source.c - rows of other people's files to homes and areas. See source.h. */
#include "scenarios/source.h"

#include "models/alloc.h"
#include "models/csv.h"
#include "scenarios/source_map.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *source_file(const struct source *source, size_t i)
{
    return i < source->n ? source->tables[i].file : NULL;
}

/* One row at work. */
struct source_row {
    const struct source_table *table;
    const struct csv *csv;
    const struct csv_row *row;
    struct alm_error *notes;
};

static int skip(const struct source_row *at, const char *column, const char *what)
{
    char where[300];
    snprintf(where, sizeof where, "%s:%zu: %s", at->table->file, at->row->line, column);
    return err_issue(at->notes, where, "skipped", "%s; the row is left out", what);
}

static const char *cell(const struct source_row *at, const char *column)
{
    size_t c = column ? csv_column(at->csv, column) : SIZE_MAX;
    return c < at->row->n ? at->row->cells[c] : "";
}

static const char *own_cell(const struct source_row *at, int column)
{
    return cell(at, at->table->columns[column]);
}

/* A number as such files have it ("91.1"); an empty cell is 0. */
static int take_number(const struct source_row *at, const char *column, double *number)
{
    const char *text = cell(at, column);
    char *end;
    *number = strtod(text, &end);
    if (*end == '\0' && isfinite(*number) && fabs(*number) < 1e12)
        return 0;
    return skip(at, column, "not a number");
}

static int take_sum(const struct source_row *at, const struct list *columns, int64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < columns->n; i++) {
        double number;
        if (take_number(at, columns->items[i], &number) < 0)
            return -1;
        if (number < 0)
            return skip(at, columns->items[i], "below zero");
        *sum += llround(number);
    }
    return 0;
}

static int take_id(const struct source_row *at, int column, char id[ID_MAX + 1])
{
    const char *text = own_cell(at, column);
    size_t len = strlen(text);
    if (!record_id_ok(text, len))
        return skip(at, at->table->columns[column], "not an id");
    memcpy(id, text, len + 1);
    return 0;
}

static int take_place(const struct source_row *at, int lat_column, int lon_column, double *lat,
                      double *lon)
{
    const char *lat_name = at->table->columns[lat_column];
    const char *lon_name = at->table->columns[lon_column];
    if (!*cell(at, lat_name) || !*cell(at, lon_name))
        return skip(at, lat_name, "no position");
    if (take_number(at, lat_name, lat) < 0 || take_number(at, lon_name, lon) < 0)
        return -1;
    if (fabs(*lat) > 90 || fabs(*lon) > 180)
        return skip(at, lat_name, "no position on earth");
    return 0;
}

static int take_units(const struct source_row *at, struct draw_home *home)
{
    for (size_t i = 0; i < at->table->n_units; i++) {
        const struct source_unit *unit = &at->table->units[i];
        struct draw_unit *drawn = &home->units[home->n_units];
        *drawn = (struct draw_unit){(enum kind)unit->kind, 0, unit->min_level, unit->max_level};
        if (take_sum(at, &unit->beds, &drawn->beds) < 0)
            return -1;
        /* a home without any beds keeps its first unit, so that it is not lost */
        if (drawn->beds > 0 || at->table->n_units == 1)
            home->n_units++;
    }
    return 0;
}

static int read_home(const struct source_row *at, struct draw_home *home)
{
    double star, occupied;
    if (take_id(at, SOURCE_HOME_ID, home->id) < 0 ||
        take_place(at, SOURCE_HOME_LAT, SOURCE_HOME_LON, &home->lat, &home->lon) < 0 ||
        take_number(at, at->table->columns[SOURCE_HOME_STAR], &star) < 0 ||
        take_number(at, at->table->columns[SOURCE_HOME_OCCUPIED], &occupied) < 0 ||
        take_units(at, home) < 0)
        return -1;
    home->star = star >= 0 && star <= 5 ? llround(star) : 0;
    home->occupied = occupied > 0 ? llround(occupied) : -1; /* 0 = not reported */
    home->name =
        alloc_string(*own_cell(at, SOURCE_HOME_NAME) ? own_cell(at, SOURCE_HOME_NAME) : home->id);
    home->district = alloc_string(own_cell(at, SOURCE_HOME_DISTRICT));
    return 0;
}

static int read_area(const struct source_row *at, struct draw_area *area)
{
    if (take_id(at, SOURCE_AREA_ID, area->id) < 0 ||
        take_place(at, SOURCE_AREA_LAT, SOURCE_AREA_LON, &area->lat, &area->lon) < 0)
        return -1;
    for (int age = 0; age < DRAW_AGES; age++)
        if (take_sum(at, &at->table->ages[age], &area->people[age]) < 0)
            return -1;
    area->district = alloc_string(own_cell(at, SOURCE_AREA_DISTRICT));
    area->village = alloc_string(
        *own_cell(at, SOURCE_AREA_VILLAGE) ? own_cell(at, SOURCE_AREA_VILLAGE) : area->id);
    return 0;
}

static int check_column(const struct source_table *table, const struct csv *csv, const char *name,
                        struct alm_error *err)
{
    if (!name || csv_column(csv, name) != SIZE_MAX)
        return 0;
    return err_issue(err, table->file, "required", "has no column \"%s\", which the map names",
                     name);
}

/* Every column that the map names must be there: else a misspelt one would count as zero beds. */
static int check_columns(const struct source_table *table, const struct csv *csv,
                         struct alm_error *err)
{
    int status = 0;
    for (size_t i = 0; i < SOURCE_COLUMNS_MAX; i++)
        status |= check_column(table, csv, table->columns[i], err);
    for (size_t u = 0; u < table->n_units; u++)
        for (size_t i = 0; i < table->units[u].beds.n; i++)
            status |= check_column(table, csv, table->units[u].beds.items[i], err);
    for (int age = 0; age < DRAW_AGES; age++)
        for (size_t i = 0; i < table->ages[age].n; i++)
            status |= check_column(table, csv, table->ages[age].items[i], err);
    return status;
}

int source_read(const struct source *source, size_t i, const char *bytes, size_t len,
                struct draw_frame *frame, struct alm_error *notes, struct alm_error *err)
{
    const struct source_table *table = &source->tables[i];
    struct csv csv = {0};
    int status = csv_parse(table->file, bytes, len, 0, &csv, err);
    if (status == 0)
        status = check_columns(table, &csv, err);
    for (size_t r = 0; status == 0 && r < csv.n; r++) {
        const struct source_row at = {table, &csv, &csv.rows[r], notes};
        if (table->is_homes) {
            struct draw_home home = {0};
            if (read_home(&at, &home) == 0)
                *draw_frame_home(frame) = home;
        } else {
            struct draw_area area = {0};
            if (read_area(&at, &area) == 0)
                *draw_frame_area(frame) = area;
        }
    }
    csv_clear(&csv);
    return status;
}
