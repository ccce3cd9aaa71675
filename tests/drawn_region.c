/* drawn_region.c - see drawn_region.h. */
#include "tests/drawn_region.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "tests/random_world.h"

#include <stdlib.h>
#include <string.h>

enum { HOMES = 30, POOLS = 90, PEOPLE = DRAWN_REGION_PEOPLE, DAY = 86400, NOW = DRAWN_REGION_NOW };

enum place { TOWN, POLE, ANTIMERIDIAN, SPHERE, ONE_SPOT, PLACES = DRAWN_REGION_PLACES };

static double below(uint64_t *state, double n)
{
    return n * (double)random_below(state, 1000001) / 1000000;
}

static void draw_place(uint64_t *state, enum place place, double *lat, double *lon)
{
    static const struct {
        double south, lats, west, lons;
    } boxes[PLACES] = {
        {31, 0.3, 121, 0.4},   {89.9, 0.1, -180, 360}, {-1, 0.2, 179.9, 0.2},
        {-90, 180, -180, 360}, {25, 0, 121.5, 0},
    };
    *lat = boxes[place].south + below(state, boxes[place].lats);
    *lon = boxes[place].west + below(state, boxes[place].lons);
    *lon -= *lon > 180 ? 360 : 0;
}

static int chance(uint64_t *state, int percent)
{
    return random_chance(state, percent);
}

static int64_t number(uint64_t *state, uint64_t n)
{
    return (int64_t)random_below(state, n);
}

static void maybe_add(uint64_t *state, struct list *list, int percent, const char *text)
{
    if (chance(state, percent))
        list_add(list, text, strlen(text));
}

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = alloc_string(value);
}

static void add_home(struct region *region, uint64_t *state, enum place place, int n)
{
    struct institution *home =
        (struct institution *)record_new(RECORD_INSTITUTION, random_id('H', n));
    draw_place(state, place, &home->lat, &home->lon);
    home->star = number(state, 6);
    home->suspended = chance(state, 10);
    maybe_add(state, &home->capabilities, 60, "oxygen");
    region_put_take(region, &home->record);
}

static void add_pool(struct region *region, uint64_t *state, int n)
{
    static const char *const places[] = {"V1", "V2", "D1"};
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, random_id('P', n));
    strcpy(pool->institution_id, random_id('H', (int)number(state, HOMES)));
    pool->kind = chance(state, 70) ? KIND_NURSING : (enum kind)number(state, 3);
    pool->sex = (enum sex_rule)number(state, SEX_RULE_COUNT);
    pool->min_level = number(state, 3);
    pool->max_level = pool->min_level + number(state, 7 - (uint64_t)pool->min_level);
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = number(state, 5);
    pool->beds_occupied = chance(state, 10) ? pool->beds_usable + 1 : 0;
    pool->monthly_fee = 1000 * number(state, 4);
    maybe_add(state, &pool->capabilities, 40, "lift");
    for (size_t i = 0; i < 3 && chance(state, 20); i++)
        list_add(&pool->serves, places[i], 2);
    if (chance(state, 30)) {
        pool->reserved = alloc_zero(1, sizeof *pool->reserved);
        pool->reserved[0].class_code = alloc_string("tekun");
        pool->reserved[0].beds = 1 + number(state, 5);
        pool->n_reserved = 1;
    }
    region_put_take(region, &pool->record);
}

/* Nobody, somebody at exactly that distance, somebody who is one metre short of it. */
static int64_t draw_limit(const struct region *region, uint64_t *state,
                          const struct applicant *applicant)
{
    if (chance(state, 15))
        return RECORD_NO_LIMIT;
    if (chance(state, 10))
        return 0;
    const struct institution *home =
        region_institution(region, random_id('H', (int)number(state, HOMES)));
    int64_t metres = region_metres(region, applicant, home);
    return metres && chance(state, 50) ? metres - 1 : metres;
}

static void add_wishes(uint64_t *state, struct applicant *person)
{
    person->max_fee = chance(state, 40) ? 1000 * number(state, 4) : RECORD_NO_LIMIT;
    person->min_star = chance(state, 30) ? number(state, 6) : 0;
    maybe_add(state, &person->needs, 25, "oxygen");
    maybe_add(state, &person->needs, 15, "lift");
    for (int i = 0; i < 3 && chance(state, 40); i++)
        list_add(&person->preferences, random_id('H', (int)number(state, HOMES)), 3);
    if (chance(state, 15))
        person->assessment_valid_until = NOW - DAY + DAY * number(state, 3);
    if (chance(state, 20)) {
        person->declined = alloc_zero(1, sizeof *person->declined);
        strcpy(person->declined[0].pool_id, random_id('P', (int)number(state, POOLS)));
        person->declined[0].at = STAMP_NONE;
        person->n_declined = 1;
    }
}

static void add_travel(struct region *region, uint64_t *state, const char *from)
{
    for (int h = 0; h < HOMES; h++) {
        if (!chance(state, 30))
            continue;
        struct travel *row = (struct travel *)record_new(RECORD_TRAVEL, "");
        strcpy(row->from_id, from);
        strcpy(row->institution_id, random_id('H', h));
        row->metres = 500 * number(state, 40);
        travel_id(row->from_id, row->institution_id, row->record.id);
        region_put_take(region, &row->record);
    }
}

static void add_person(struct region *region, uint64_t *state, enum place place, int n,
                       int has_travel)
{
    static const char *const villages[] = {"", "V1", "V2"};
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, random_id('A', n));
    draw_place(state, place, &person->lat, &person->lon);
    person->state = APPLICANT_WAITING;
    person->applied_at = NOW - DAY * number(state, 400);
    person->level = number(state, 7);
    person->kinds = 1u + (uint32_t)number(state, 7);
    person->sex = (enum sex)number(state, SEX_COUNT);
    set_text(&person->village, villages[number(state, 3)]);
    set_text(&person->district, chance(state, 50) ? "D1" : "");
    set_text(&person->class_code, chance(state, 20) ? "tekun" : "");
    add_wishes(state, person);
    if (chance(state, 10))
        strcpy(person->current_pool, random_id('P', (int)number(state, POOLS)));
    if (has_travel && chance(state, 20))
        add_travel(region, state, person->record.id);
    person->max_distance_m = draw_limit(region, state, person);
    region_put_take(region, &person->record);
}

struct region *drawn_region_crowd(uint64_t seed, int people)
{
    uint64_t state = seed;
    struct region *region = region_new();
    enum place place = (enum place)(seed % PLACES);
    int has_travel = seed / PLACES % 2 != 0;
    for (int h = 0; h < HOMES; h++)
        add_home(region, &state, place, h);
    for (int p = 0; p < POOLS; p++)
        add_pool(region, &state, p);
    if (has_travel)
        add_travel(region, &state, "V1");
    for (int i = 0; i < people; i++)
        add_person(region, &state, place, i, has_travel);
    return region;
}

struct region *drawn_region(uint64_t seed)
{
    return drawn_region_crowd(seed, PEOPLE);
}

struct policy *drawn_region_policy(int is_soft, int has_limit)
{
    static const char text[] = "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\",\"travel\"],"
                               "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":"
                               "\"level\",\"points\":{\"2\":20,\"4\":40,\"5\":90}}]}";
    struct policy *policy = policy_from_json(text, strlen(text), NULL);
    policy->reserve = is_soft ? RESERVE_SOFT : RESERVE_HARD;
    if (has_limit)
        policy->max_distance_m = 12000;
    return policy;
}
