/* random_world_csv.c - a drawn world as the files and the policy that people would hand in. */
#include "tests/random_world.h"

#include "models/alloc.h"
#include "models/world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One file as cells, so that rows and columns can be put into any order. */
enum { GRID_COLUMNS = 32, GRID_ROWS = 1 + RANDOM_HOMES * (RANDOM_PEOPLE + RANDOM_PLACES) };
struct grid {
    struct buffer cells[GRID_ROWS][GRID_COLUMNS]; /* row 0 = names */
    int n_rows, n_columns;
    int column; /* next cell of the last row */
};

static void grid_header(struct grid *grid, const char *const *names, int n)
{
    memset(grid, 0, sizeof *grid);
    for (int c = 0; c < n; c++)
        buffer_text(&grid->cells[0][c], names[c]);
    grid->n_columns = n;
    grid->n_rows = 1;
}

static void grid_row(struct grid *grid)
{
    grid->n_rows++;
    grid->column = 0;
}

static struct buffer *grid_cell(struct grid *grid)
{
    return &grid->cells[grid->n_rows - 1][grid->column++];
}

static void grid_text(struct grid *grid, const char *text)
{
    buffer_text(grid_cell(grid), text);
}

/* RANDOM_NONE = an empty cell */
static void grid_number(struct grid *grid, int64_t number)
{
    struct buffer *cell = grid_cell(grid);
    if (number != RANDOM_NONE)
        buffer_format(cell, "%" PRId64, number);
}

static void grid_degrees(struct grid *grid, double degrees)
{
    buffer_format(grid_cell(grid), "%.2f", degrees);
}

static void list_text(struct buffer *cell, const char *text)
{
    buffer_format(cell, "%s%s", cell->len ? ";" : "", text);
}

static void grid_bits(struct grid *grid, unsigned set, const char *const *names, int n)
{
    struct buffer *cell = grid_cell(grid);
    for (int i = 0; i < n; i++)
        if (set & 1u << i)
            list_text(cell, names[i]);
}

static void add_day(struct buffer *cell, int64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm parts;
    gmtime_r(&moment, &parts);
    buffer_format(cell, "%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

static void add_moment(struct buffer *cell, int64_t seconds)
{
    int64_t hour = seconds % 86400 / 3600, second = seconds % 3600;
    add_day(cell, seconds);
    buffer_format(cell, "T%02" PRId64 ":%02" PRId64 ":%02" PRId64 "Z", hour, second / 60,
                  second % 60);
}

static void draw_order(uint64_t *state, int *order, int n)
{
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (int i = n - 1; i > 0 && *state; i--) {
        int other = (int)random_below(state, (uint64_t)i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/* The names stay the first row. */
static void grid_write(struct grid *grid, uint64_t *state, char **bytes, size_t *len)
{
    struct buffer out = {0};
    int rows[GRID_ROWS] = {0}, columns[GRID_COLUMNS];
    draw_order(state, rows + 1, grid->n_rows - 1);
    draw_order(state, columns, grid->n_columns);
    for (int r = 0; r < grid->n_rows; r++)
        for (int c = 0; c < grid->n_columns; c++) {
            struct buffer *cell = &grid->cells[r ? rows[r] + 1 : 0][columns[c]];
            buffer_format(&out, "%s%s%s", c ? "," : "", cell->len ? cell->bytes : "",
                          c == grid->n_columns - 1 ? "\n" : "");
        }
    for (int r = 0; r < grid->n_rows; r++)
        for (int c = 0; c < grid->n_columns; c++)
            buffer_clear(&grid->cells[r][c]);
    *bytes = buffer_take(&out, len);
}

#define HEADER(grid, ...)                                                                          \
    do {                                                                                           \
        static const char *const names[] = {__VA_ARGS__};                                          \
        grid_header(grid, names, sizeof names / sizeof *names);                                    \
    } while (0)

static void write_homes(const struct random_world *world, struct grid *grid)
{
    HEADER(grid, "institution_id", "name", "lat", "lon", "star", "suspended", "capabilities",
           "care_minutes");
    for (int q = 0; q < world->n_homes; q++) {
        const struct random_home *home = &world->homes[q];
        grid_row(grid);
        grid_text(grid, random_id('H', q));
        grid_text(grid, random_id('N', q));
        grid_degrees(grid, home->lat);
        grid_degrees(grid, home->lon);
        grid_number(grid, home->star);
        grid_number(grid, home->suspended);
        grid_bits(grid, home->needs, random_needs, RANDOM_NEEDS);
        grid_number(grid, home->minutes);
    }
}

static void pool_lists(const struct random_pool *pool, struct grid *grid)
{
    struct buffer *cell = grid_cell(grid);
    for (int g = 0; g < pool->n_groups; g++)
        buffer_format(cell, "%s%dx%d", g ? ";" : "", pool->rooms[g], pool->room_beds[g]);
    cell = grid_cell(grid);
    for (int c = 1; c < RANDOM_CLASSES; c++) {
        int class_code = c == 1 ? pool->kept_first : 3 - pool->kept_first;
        if (pool->kept[class_code])
            buffer_format(cell, "%s%s:%d", cell->len ? ";" : "", random_classes[class_code],
                          pool->kept[class_code]);
    }
}

static void write_pools(const struct random_world *world, struct grid *grid)
{
    static const char *const sexes[] = {"any", "female", "male"};
    HEADER(grid, "pool_id", "institution_id", "kind", "beds_usable", "beds_occupied",
           "beds_approved", "beds_staffed", "beds_committed", "sex", "min_level", "max_level",
           "monthly_fee", "capabilities", "serves", "rooms", "reserved_for");
    for (int p = 0; p < world->n_pools; p++) {
        const struct random_pool *pool = &world->pools[p];
        grid_row(grid);
        grid_text(grid, random_id('P', p));
        grid_text(grid, random_id('H', pool->home));
        grid_text(grid, random_kinds[pool->kind]);
        grid_number(grid, pool->usable);
        grid_number(grid, pool->occupied);
        grid_number(grid, pool->approved);
        grid_number(grid, pool->staffed);
        grid_number(grid, pool->committed);
        grid_text(grid, sexes[pool->sex]);
        grid_number(grid, pool->min_level);
        grid_number(grid, pool->max_level);
        grid_number(grid, pool->fee);
        grid_bits(grid, pool->needs, random_needs, RANDOM_NEEDS);
        grid_bits(grid, pool->serves, random_places, RANDOM_PLACES);
        pool_lists(pool, grid);
    }
}

static void person_lists(const struct random_world *world, const struct random_person *person,
                         struct grid *grid)
{
    grid_bits(grid, person->kinds, random_kinds, RANDOM_KINDS);
    grid_bits(grid, person->flags, random_flags, RANDOM_FLAGS);
    grid_bits(grid, person->needs, random_needs, RANDOM_NEEDS);
    struct buffer *cell = grid_cell(grid);
    for (int i = 0; i < person->n_preferences; i++)
        list_text(cell, random_id('H', person->preferences[i]));
    cell = grid_cell(grid);
    for (int p = 0; p < world->n_pools; p++) {
        if (!person->declined[p])
            continue;
        list_text(cell, random_id('P', p));
        if (person->declined[p] == 2) {
            buffer_text(cell, "@");
            add_day(cell, person->declined_at);
        }
    }
}

static void person_life(const struct random_person *person, struct grid *grid)
{
    struct buffer *cell = grid_cell(grid);
    if (person->valid_until != RANDOM_NONE)
        add_day(cell, person->valid_until);
    grid_number(grid, person->minutes);
    grid_text(grid, person->household == RANDOM_NONE ? "" : random_id('F', person->household));
    grid_text(grid, person->is_apart ? "none" : "");
    grid_text(grid,
              person->current_pool == RANDOM_NONE ? "" : random_id('P', person->current_pool));
    grid_text(grid, random_classes[person->current_reserve]);
    grid_text(grid, person->is_waiting ? "waiting" : "parked");
}

static void write_people(const struct random_world *world, struct grid *grid)
{
    static const char *const sexes[] = {"", "female", "male"};
    HEADER(grid, "applicant_id", "applied_at", "lat", "lon", "level", "sex", "village", "district",
           "class", "x_dementia_grade", "kinds", "flags", "needs", "preferences", "declined",
           "max_distance_m", "max_fee", "min_star", "assessment_valid_until", "care_minutes",
           "household_id", "together", "current_pool", "current_reserve", "state");
    for (int i = 0; i < world->n_people; i++) {
        const struct random_person *person = &world->people[i];
        grid_row(grid);
        grid_text(grid, random_id('A', i));
        add_moment(grid_cell(grid), person->applied_at);
        grid_degrees(grid, person->lat);
        grid_degrees(grid, person->lon);
        grid_number(grid, person->level);
        grid_text(grid, sexes[person->sex]);
        grid_text(grid, random_places[person->village]);
        grid_text(grid, random_places[person->district]);
        grid_text(grid, random_classes[person->class_code]);
        grid_text(grid, random_grades[person->grade]);
        person_lists(world, person, grid);
        grid_number(grid, person->max_distance);
        grid_number(grid, person->max_fee);
        grid_number(grid, person->min_star);
        person_life(person, grid);
    }
}

static void travel_row(struct grid *grid, const char *from, int home, int64_t metres)
{
    if (metres == RANDOM_NONE)
        return;
    grid_row(grid);
    grid_text(grid, from);
    grid_text(grid, random_id('H', home));
    grid_number(grid, metres);
}

static void write_travel(const struct random_world *world, struct grid *grid)
{
    HEADER(grid, "from_id", "institution_id", "metres");
    for (int q = 0; q < world->n_homes; q++) {
        for (int place = 1; place < RANDOM_PLACES; place++)
            travel_row(grid, random_places[place], q, world->travel[place][q]);
        for (int i = 0; i < world->n_people; i++)
            travel_row(grid, random_id('A', i), q, world->people[i].travel[q]);
    }
}

void random_world_files(const struct random_world *world, uint64_t shuffle,
                        struct world_files *files)
{
    static void (*const writers[WORLD_FILES])(const struct random_world *, struct grid *) = {
        [WORLD_INSTITUTIONS] = write_homes,
        [WORLD_POOLS] = write_pools,
        [WORLD_APPLICANTS] = write_people,
        [WORLD_TRAVEL] = write_travel,
    };
    struct grid *grid = alloc_zero(1, sizeof *grid);
    uint64_t state = shuffle;
    for (int f = 0; f < WORLD_FILES; f++) {
        writers[f](world, grid);
        grid_write(grid, &state, &files->bytes[f], &files->len[f]);
    }
    free(grid);
}

/* -- policy -- */

static void policy_numbers(struct buffer *out, const int64_t *numbers, int n)
{
    for (int i = 0; i < n; i++)
        buffer_format(out, "%s%" PRId64, i ? "," : "", numbers[i]);
}

static void policy_words(struct buffer *out, const struct random_policy *policy)
{
    buffer_text(out, "\"objectives\":[");
    for (int k = 0; k < policy->n_objectives; k++)
        buffer_format(out, "%s\"%s\"", k ? "," : "", random_objectives[policy->objectives[k]]);
    buffer_text(out, "],\"guarantee_classes\":[");
    for (int c = 1, n = 0; c < RANDOM_CLASSES; c++)
        if (policy->guarantee & 1u << c)
            buffer_format(out, "%s\"%s\"", n++ ? "," : "", random_classes[c]);
    buffer_text(out, "],");
}

static void policy_points_rules(struct buffer *out, const struct random_policy *policy)
{
    buffer_text(out, "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\","
                     "\"points\":{");
    for (int level = 0; level < RANDOM_LEVELS; level++)
        buffer_format(out, "%s\"%d\":%" PRId64, level ? "," : "", level,
                      policy->level_points[level]);
    buffer_format(out,
                  "}},{\"name\":\"class\",\"type\":\"table\",\"field\":\"class\","
                  "\"points\":{\"%s\":%" PRId64 ",\"%s\":%" PRId64 "}},",
                  random_classes[1], policy->class_points[1], random_classes[2],
                  policy->class_points[2]);
    buffer_format(
        out,
        "{\"name\":\"alone\",\"type\":\"flag\",\"field\":\"lives_alone\",\"points\":%" PRId64
        "},{\"name\":\"burden\",\"type\":\"count\",\"fields\":[\"carer_ill\","
        "\"carer_works\"],\"points\":[",
        policy->alone_points);
    policy_numbers(out, policy->burden_points, 3);
    buffer_format(out,
                  "]},{\"name\":\"matrix\",\"type\":\"matrix\",\"fields\":[\"level\","
                  "\"x_dementia_grade\"],\"points\":{\"3\":{\"M\":%" PRId64 "}}},",
                  policy->matrix_points);
    buffer_format(
        out,
        "{\"name\":\"wait\",\"type\":\"per_day\",\"field\":\"applied_at\",\"points\":%" PRId64
        ",\"cap\":%" PRId64 "}]",
        policy->day_points, policy->day_cap);
}

char *random_world_policy(const struct random_world *world)
{
    const struct random_policy *policy = &world->policy;
    struct buffer out = {0};
    buffer_text(&out, "{\"name\":\"random\",\"version\":1,");
    policy_words(&out, policy);
    buffer_format(&out,
                  "\"unlisted_rank\":%" PRId64 ",\"lottery_seed\":\"%" PRIu64
                  "\",\"reserve\":\"%s\",\"eligibility\":{\"max_distance_m\":",
                  policy->unlisted_rank, world->seed, policy->is_soft ? "soft" : "hard");
    if (policy->max_distance == RANDOM_NONE)
        buffer_text(&out, "null");
    else
        buffer_format(&out, "%" PRId64, policy->max_distance);
    buffer_format(&out, ",\"require_valid_assessment\":%s},\"care_minutes_by_level\":[",
                  policy->needs_valid ? "true" : "false");
    policy_numbers(&out, policy->minutes, RANDOM_LEVELS);
    buffer_text(&out, "],");
    policy_points_rules(&out, policy);
    buffer_text(&out, ",\"offer\":{\"answer_seconds\":60,\"admit_seconds\":60,\"max_chain\":9,"
                      "\"declined_days\":");
    if (policy->declined_days == RANDOM_NONE)
        buffer_text(&out, "null}}");
    else
        buffer_format(&out, "%" PRId64 "}}", policy->declined_days);
    return buffer_take(&out, NULL);
}
