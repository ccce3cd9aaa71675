/* random_world.c - see random_world.h. Each world draws first which rules it uses at all, so that
 * most people have more than one eligible pool. */
#include "tests/random_world.h"

#include "tests/check.h"
#include "tests/odd_world.h"

#include <stdio.h>
#include <string.h>

const char *const random_kinds[RANDOM_KINDS] = {"nursing", "dementia", "day_care"};
const char *const random_classes[RANDOM_CLASSES] = {"", "tekun", "\u4f4e\u4fdd"};
const char *const random_places[RANDOM_PLACES] = {"", "V1", "V2", "V3", "D1", "D2"};
const char *const random_flags[RANDOM_FLAGS] = {"lives_alone", "carer_ill", "carer_works"};
const char *const random_needs[RANDOM_NEEDS] = {"oxygen", "tube_feeding"};
const char *const random_grades[3] = {"", "I", "M"};
const char *const random_objectives[9] = {"guarantee",  "reserve",   "need",
                                          "placements", "seniority", "transfers",
                                          "preference", "travel",    "moves"};

enum { DAY = 86400 };
static const int64_t start_of_2025 = 1735689600;

uint64_t random_below(uint64_t *state, uint64_t n)
{
    return check_random(state) % n;
}

int random_chance(uint64_t *state, int percent)
{
    return random_below(state, 100) < (uint64_t)percent;
}

static int below(uint64_t *state, int n)
{
    return (int)random_below(state, (uint64_t)n);
}

static unsigned bits(uint64_t *state, int n, int percent)
{
    unsigned set = 0;
    for (int i = 0; i < n; i++)
        set |= (unsigned)random_chance(state, percent) << i;
    return set;
}

const char *random_id(char letter, int number)
{
    static char texts[16][16];
    static int at;
    char *text = texts[at = (at + 1) % 16];
    snprintf(text, sizeof texts[0], "%c%02d", letter, number + 1);
    return text;
}

/* Which rules a world uses, each with some chance. */
struct uses {
    int kinds, levels, sexes, needs, serves, distances, fees, stars, suspended, assessments;
    int reserves, declined, residents, preferences, classes, travel, crowd, one_spot, one_day;
    int households, staff, rooms;
};

static struct uses draw_uses(uint64_t *state, int is_coupled)
{
    struct uses uses;
    int *flags = (int *)&uses;
    for (size_t i = 0; i < sizeof uses / sizeof *flags; i++)
        flags[i] = random_chance(state, 35);
    uses.crowd = random_chance(state, 10);
    uses.classes = uses.classes || uses.reserves;
    if (!is_coupled)
        uses.households = uses.staff = uses.rooms = 0;
    else if (!uses.households && !uses.staff && !uses.rooms)
        (&uses.households)[below(state, 3)] = 1;
    return uses;
}

static double degrees(uint64_t *state, double centre, int is_one_spot)
{
    return centre + 0.01 * below(state, is_one_spot ? 2 : 12);
}

static void draw_home(uint64_t *state, const struct uses *uses, struct random_home *home)
{
    home->lat = degrees(state, 31.1, uses->one_spot);
    home->lon = degrees(state, 121.4, uses->one_spot);
    home->star = uses->stars ? below(state, 6) : 3;
    home->suspended = uses->suspended && random_chance(state, 30);
    home->needs = bits(state, RANDOM_NEEDS, 50);
    home->minutes = uses->staff && random_chance(state, 80) ? 30 * below(state, 8) : RANDOM_NONE;
}

static void draw_rooms(uint64_t *state, struct random_pool *pool)
{
    pool->sex = 0;
    pool->n_groups = 1 + below(state, RANDOM_GROUPS);
    for (int g = 0; g < pool->n_groups; g++) {
        pool->rooms[g] = 1 + below(state, 2);
        pool->room_beds[g] = random_chance(state, 60) ? 2 : 1 + below(state, 3);
    }
}

static void draw_pool(uint64_t *state, const struct uses *uses, const struct random_world *world,
                      struct random_pool *pool)
{
    pool->home = below(state, world->n_homes);
    pool->kind = uses->kinds ? below(state, RANDOM_KINDS) : 0;
    pool->sex = uses->sexes ? below(state, 3) : 0;
    pool->min_level = uses->levels ? below(state, 4) : 0;
    pool->max_level = uses->levels ? pool->min_level + below(state, RANDOM_LEVELS - pool->min_level)
                                   : RANDOM_LEVELS - 1;
    pool->fee = uses->fees ? 1000 * below(state, 5) : 0;
    pool->needs = bits(state, RANDOM_NEEDS, 30);
    if (uses->serves && random_chance(state, 50))
        pool->serves = bits(state, RANDOM_PLACES, 40) & ~1u;
    for (int c = 1; c < RANDOM_CLASSES && uses->reserves; c++)
        pool->kept[c] = random_chance(state, 60) ? below(state, 4) : 0;
    pool->kept_first = 1 + below(state, 2);
    if (uses->rooms && pool->kind < 2 && random_chance(state, 70))
        draw_rooms(state, pool);
}

/* Counts around the beds that shall be free: a tenth of the pools is overbooked, many are full. */
static void draw_beds(uint64_t *state, const struct uses *uses, struct random_pool *pool,
                      int residents)
{
    int slack = uses->crowd ? below(state, 2) : random_chance(state, 8) ? -1 : below(state, 4);
    pool->committed = random_chance(state, 20);
    pool->occupied = residents + below(state, 3) + (slack < 0);
    int least = pool->occupied + pool->committed + slack;
    int *counts[] = {&pool->approved, &pool->usable, &pool->staffed};
    int which = below(state, 3);
    for (int i = 0; i < 3; i++)
        *counts[i] = least + (i == which ? 0 : below(state, 3));
    for (int g = 0; g < pool->n_groups; g++) /* rooms may be more than the offerable beds */
        pool->usable += pool->rooms[g] * pool->room_beds[g];
}

static void draw_limits(uint64_t *state, const struct uses *uses, const struct random_world *world,
                        struct random_person *person)
{
    person->max_distance =
        uses->distances && random_chance(state, 50) ? 500 * below(state, 30) : RANDOM_NONE;
    person->max_fee = uses->fees && random_chance(state, 60) ? 1000 * below(state, 5) : RANDOM_NONE;
    person->min_star = uses->stars && random_chance(state, 40) ? below(state, 5) : 0;
    person->valid_until = RANDOM_NONE;
    if (uses->assessments && random_chance(state, 60))
        person->valid_until = world->now / DAY * DAY + DAY * (below(state, 5) - 2);
    person->declined_at = world->now - DAY * below(state, 200);
    for (int p = 0; p < world->n_pools && uses->declined; p++)
        person->declined[p] = random_chance(state, 20) ? 1 + below(state, 2) : 0;
    person->minutes = uses->staff && random_chance(state, 30) ? 20 * below(state, 8) : RANDOM_NONE;
}

static void draw_wishes(uint64_t *state, const struct uses *uses, const struct random_world *world,
                        struct random_person *person)
{
    if (uses->preferences)
        person->n_preferences = below(state, 5);
    for (int i = 0; i < person->n_preferences; i++)
        person->preferences[i] =
            random_chance(state, 10) ? RANDOM_HOMES : below(state, world->n_homes);
    for (int q = 0; q < RANDOM_HOMES; q++)
        person->travel[q] =
            uses->travel && random_chance(state, 15) ? 100 * below(state, 50) : RANDOM_NONE;
}

static void draw_home_life(uint64_t *state, const struct uses *uses,
                           const struct random_world *world, struct random_person *person)
{
    person->current_pool = RANDOM_NONE;
    if (uses->residents && random_chance(state, 35) && world->n_pools)
        person->current_pool = below(state, world->n_pools);
    if (person->current_pool != RANDOM_NONE && random_chance(state, 40))
        person->current_reserve = below(state, RANDOM_CLASSES);
    person->household = uses->households && random_chance(state, 70)
                            ? below(state, world->n_households)
                            : RANDOM_NONE;
    person->is_apart = random_chance(state, 15);
    person->is_waiting = random_chance(state, 93);
}

static void draw_person(uint64_t *state, const struct uses *uses, const struct random_world *world,
                        struct random_person *person)
{
    person->applied_at = start_of_2025 + (uses->one_day ? 0 : 3600 * (int64_t)below(state, 1200));
    person->lat = degrees(state, 31.1, uses->one_spot);
    person->lon = degrees(state, 121.4, uses->one_spot);
    person->level = uses->levels ? below(state, RANDOM_LEVELS) : 2 + below(state, 2);
    person->sex = below(state, 5) ? 1 + below(state, 2) : 0;
    person->village = below(state, 4);
    person->district = random_chance(state, 70) ? 4 + below(state, 2) : 0;
    person->class_code = uses->classes ? below(state, RANDOM_CLASSES) : 0;
    person->grade = below(state, 3);
    person->kinds = uses->kinds ? bits(state, RANDOM_KINDS, 60) : 1;
    if (!person->kinds)
        person->kinds = 1u << below(state, RANDOM_KINDS);
    person->flags = bits(state, RANDOM_FLAGS, 30);
    person->needs = uses->needs ? bits(state, RANDOM_NEEDS, 30) : 0;
    draw_limits(state, uses, world, person);
    draw_wishes(state, uses, world, person);
    draw_home_life(state, uses, world, person);
}

/* The usual order, or any order of any of them. */
static void draw_objectives(uint64_t *state, struct random_policy *policy)
{
    static const int usual[] = {0, 1, 2, 3, 5, 6, 7, 8};
    policy->n_objectives = sizeof usual / sizeof *usual;
    memcpy(policy->objectives, usual, sizeof usual);
    if (random_chance(state, 40))
        return;
    int all[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    for (int i = 8; i > 0; i--) {
        int other = below(state, i + 1), kept = all[i];
        all[i] = all[other];
        all[other] = kept;
    }
    policy->n_objectives = 1 + below(state, 9);
    memcpy(policy->objectives, all, sizeof all);
}

static void draw_policy(uint64_t *state, const struct uses *uses, struct random_policy *policy)
{
    draw_objectives(state, policy);
    policy->guarantee = bits(state, RANDOM_CLASSES, 60) & ~1u;
    policy->unlisted_rank = random_chance(state, 50) ? 10 : below(state, 4);
    policy->max_distance = uses->distances && random_chance(state, 30) ? 9000 : RANDOM_NONE;
    policy->declined_days = random_chance(state, 30) ? RANDOM_NONE : 30 * below(state, 5);
    policy->is_soft = random_chance(state, 40);
    policy->needs_valid = random_chance(state, 70);
    for (int level = 0; level < RANDOM_LEVELS; level++) {
        policy->minutes[level] = 30 * level;
        policy->level_points[level] = 10 * below(state, 3);
    }
    for (int c = 1; c < RANDOM_CLASSES; c++)
        policy->class_points[c] = 10 * below(state, 3);
    policy->alone_points = 10 * below(state, 2);
    policy->burden_points[1] = 5 * below(state, 3);
    policy->burden_points[2] = 5 * below(state, 4);
    policy->matrix_points = 10 * below(state, 3);
    policy->day_points = below(state, 3);
    policy->day_cap = 20 * below(state, 3);
}

static void draw_sizes(uint64_t *state, const struct uses *uses, struct random_world *world)
{
    world->n_homes = 1 + below(state, 3);
    world->n_pools = uses->crowd ? 1 : random_chance(state, 4) ? 0 : 1 + below(state, 4);
    world->n_people = uses->crowd ? 10 : below(state, 7);
    world->n_households = 2;
}

static void draw_large_sizes(uint64_t *state, struct random_world *world)
{
    world->n_homes = 2 + below(state, RANDOM_HOMES - 1);
    world->n_pools = 4 + below(state, RANDOM_POOLS - 3);
    world->n_people = 10 + below(state, RANDOM_PEOPLE - 9);
    world->n_households = RANDOM_HOUSEHOLDS;
}

static void draw_travel(uint64_t *state, const struct uses *uses, struct random_world *world)
{
    for (int place = 0; place < RANDOM_PLACES; place++)
        for (int q = 0; q < RANDOM_HOMES; q++)
            world->travel[place][q] =
                uses->travel && place >= 1 && place <= 3 && random_chance(state, 30)
                    ? 100 * below(state, 100)
                    : RANDOM_NONE;
}

int random_sort_is_coupled(enum random_sort sort)
{
    return sort % 2 != 0;
}

int random_sort_is_large(enum random_sort sort)
{
    return sort / 2 % 2 != 0;
}

void random_world_draw(struct random_world *world, uint64_t seed, enum random_sort sort)
{
    uint64_t state = seed * 4 + (uint64_t)sort % RANDOM_ODD_NETWORK;
    struct uses uses = draw_uses(&state, random_sort_is_coupled(sort));
    memset(world, 0, sizeof *world);
    world->seed = seed;
    world->now = start_of_2025 + 59 * (int64_t)DAY + 7 * 3600;
    if (random_sort_is_large(sort))
        draw_large_sizes(&state, world);
    else
        draw_sizes(&state, &uses, world);
    draw_policy(&state, &uses, &world->policy);
    for (int q = 0; q < world->n_homes; q++)
        draw_home(&state, &uses, &world->homes[q]);
    for (int p = 0; p < world->n_pools; p++)
        draw_pool(&state, &uses, world, &world->pools[p]);
    for (int i = 0; i < world->n_people; i++)
        draw_person(&state, &uses, world, &world->people[i]);
    for (int p = 0; p < world->n_pools; p++) {
        int residents = 0;
        for (int i = 0; i < world->n_people; i++)
            residents += world->people[i].current_pool == p;
        draw_beds(&state, &uses, &world->pools[p], residents);
    }
    draw_travel(&state, &uses, world);
    if (sort >= RANDOM_ODD_NETWORK)
        odd_world_make(world, &state, random_sort_is_coupled(sort));
}
