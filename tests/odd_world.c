/* odd_world.c - see odd_world.h. Each way to be odd changes some fields of a drawn world; they are
 * mixed. Counts of beds come last, since they follow from who lives where. */
#include "tests/odd_world.h"

#include "tests/brute_rules.h"

#include <string.h>

enum { POINTS_MAX = 1000000000, METRES_MAX = 100000000, RANK_MAX = 1000000 };

static int below(uint64_t *state, int n)
{
    return (int)random_below(state, (uint64_t)n);
}

static int lives_in(const struct random_world *world, int pool)
{
    int residents = 0;
    for (int i = 0; i < world->n_people; i++)
        residents += world->people[i].current_pool == pool;
    return residents;
}

/* The counts of a pool with so many beds to give; fewer than none: overbooked. */
static void set_slack(const struct random_world *world, struct random_pool *pool, int slack)
{
    int over = slack < 0 ? -slack : 0;
    pool->committed = 0;
    pool->occupied = lives_in(world, (int)(pool - world->pools)) + over;
    pool->usable = pool->approved = pool->staffed = pool->occupied + slack;
}

/* -- people -- */

static void all_alike(struct random_world *world, uint64_t *state)
{
    int is_all = random_chance(state, 50);
    for (int i = 1; i < world->n_people; i++)
        if (is_all || random_chance(state, 50))
            world->people[i] = world->people[0];
}

static void same_moment(struct random_world *world, uint64_t *state)
{
    int64_t moment = world->now + (random_chance(state, 30) ? 40 * (int64_t)BRUTE_DAY : 0);
    for (int i = 0; i < world->n_people; i++)
        world->people[i].applied_at = moment;
}

/* Homes and people on both sides of the globe, on poles and on the line of the date. */
static void far_apart(struct random_world *world, uint64_t *state)
{
    static const double lats[] = {90, -90, 0, 31.1, -31.1, 45},
                        lons[] = {180, -180, 0, 121.4, -58.6};
    for (int q = 0; q < world->n_homes; q++) {
        world->homes[q].lat = lats[below(state, 6)];
        world->homes[q].lon = lons[below(state, 5)];
    }
    for (int i = 0; i < world->n_people; i++) {
        const struct random_home *home = &world->homes[below(state, world->n_homes)];
        int is_there = random_chance(state, 30), is_opposite = random_chance(state, 50);
        world->people[i].lat = is_there      ? home->lat
                               : is_opposite ? -home->lat
                                             : lats[below(state, 6)];
        world->people[i].lon = is_there      ? home->lon
                               : is_opposite ? home->lon + (home->lon > 0 ? -180 : 180)
                                             : lons[below(state, 5)];
    }
}

/* Just in reach of a home, or one metre short of it. */
static void exact_limits(struct random_world *world, uint64_t *state)
{
    for (int i = 0; i < world->n_people; i++) {
        struct random_person *person = &world->people[i];
        int64_t metres = brute_rules_metres(world, person, below(state, world->n_homes));
        person->max_distance = metres && random_chance(state, 30) ? metres - 1 : metres;
        if (random_chance(state, 10))
            world->policy.max_distance = metres;
    }
}

static void wishes_of_nothing(struct random_world *world, uint64_t *state)
{
    for (int i = 0; i < world->n_people; i++) {
        struct random_person *person = &world->people[i];
        person->n_preferences = below(state, 5);
        for (int n = 0; n < person->n_preferences; n++)
            person->preferences[n] = random_chance(state, 60) ? RANDOM_HOMES : 0;
    }
    world->policy.unlisted_rank = random_chance(state, 30) ? 0 : world->policy.unlisted_rank;
}

/* Everybody lives in the pool after the next one's, and wants another. */
static void rings(struct random_world *world, uint64_t *state)
{
    for (int i = 0; i < world->n_people && world->n_pools; i++) {
        struct random_person *person = &world->people[i];
        if (random_chance(state, 20))
            continue;
        person->current_pool = (i + below(state, 2)) % world->n_pools;
        person->current_reserve = random_chance(state, 40) ? person->class_code : 0;
    }
    for (int p = 0; p < world->n_pools; p++)
        set_slack(world, &world->pools[p], random_chance(state, 80) ? 0 : 1);
}

/* -- sums -- */

static void nothing_counts(struct random_world *world, uint64_t *state)
{
    struct random_policy *policy = &world->policy;
    memset(policy->level_points, 0, sizeof policy->level_points);
    memset(policy->class_points, 0, sizeof policy->class_points);
    memset(policy->burden_points, 0, sizeof policy->burden_points);
    policy->alone_points = policy->matrix_points = 0;
    policy->day_points = random_chance(state, 20);
}

/* As many points, metres, ranks and days as there may be: no such round fits one integer. */
static void greatest_numbers(struct random_world *world, uint64_t *state)
{
    struct random_policy *policy = &world->policy;
    nothing_counts(world, state);
    for (int level = 0; level < RANDOM_LEVELS; level++)
        policy->level_points[level] =
            random_chance(state, 60) ? POINTS_MAX - 100 - below(state, 3) : below(state, 3);
    policy->unlisted_rank = random_chance(state, 60) ? RANK_MAX : policy->unlisted_rank;
    policy->day_cap = policy->day_cap > 100 ? 100 : policy->day_cap;
    for (int i = 0; i < world->n_people; i++) {
        struct random_person *person = &world->people[i];
        if (random_chance(state, 40))
            person->applied_at = -(int64_t)BRUTE_DAY * (25000 + below(state, 500));
        for (int q = 0; q < RANDOM_HOMES; q++)
            if (random_chance(state, 40))
                person->travel[q] = METRES_MAX - below(state, 2);
    }
}

static void one_objective(struct random_world *world, uint64_t *state)
{
    world->policy.n_objectives = 1;
    world->policy.objectives[0] = below(state, 9);
}

static void odd_order(struct random_world *world, uint64_t *state)
{
    static const int orders[][4] = {
        {6, 7, 2, 0}, {7, 3, 5, 8}, {1, 5, 8, 0}, {8, 1, 3, 2}, {5, 7, 6, 4}};
    world->policy.n_objectives = 4;
    memcpy(world->policy.objectives, orders[below(state, 5)], sizeof orders[0]);
}

/* -- homes and beds -- */

static void no_beds(struct random_world *world, uint64_t *state)
{
    for (int p = 0; p < world->n_pools; p++)
        if (random_chance(state, 60))
            set_slack(world, &world->pools[p], 0);
}

static void overbooked(struct random_world *world, uint64_t *state)
{
    for (int p = 0; p < world->n_pools; p++)
        if (random_chance(state, 50))
            set_slack(world, &world->pools[p], -1 - below(state, 3));
}

/* One home with all pools, or two of which one is closed. */
static void few_homes(struct random_world *world, uint64_t *state)
{
    int n = 1 + below(state, 2);
    for (int p = 0; p < world->n_pools; p++)
        world->pools[p].home = below(state, n < world->n_homes ? n : world->n_homes);
    world->homes[0].suspended = n > 1 && random_chance(state, 50);
}

static void kept_for_all(struct random_world *world, uint64_t *state)
{
    world->policy.is_soft = random_chance(state, 60);
    for (int p = 0; p < world->n_pools; p++)
        for (int c = 1; c < RANDOM_CLASSES; c++)
            world->pools[p].kept[c] = below(state, 4);
    for (int i = 0; i < world->n_people; i++) {
        struct random_person *person = &world->people[i];
        person->class_code = below(state, RANDOM_CLASSES);
        if (person->current_pool != RANDOM_NONE)
            person->current_reserve = below(state, RANDOM_CLASSES);
    }
    if (random_chance(state, 60)) {
        static const int order[] = {1, 5, 0, 2, 8, 7};
        world->policy.n_objectives = 6;
        memcpy(world->policy.objectives, order, sizeof order);
    }
}

/* -- rows -- */

/* One household of three or more, of whom two live in different homes and one does not wait. */
static void wide_household(struct random_world *world, uint64_t *state)
{
    int n = 3 + below(state, 3), other = world->n_pools - 1;
    while (other > 0 && world->pools[other].home == world->pools[0].home)
        other--;
    for (int i = 0; i < n && i < world->n_people; i++) {
        struct random_person *person = &world->people[i];
        person->household = 0;
        person->is_apart = random_chance(state, 10);
        person->is_waiting = i != 2 || random_chance(state, 50);
        if (i < 2 && world->n_pools && random_chance(state, 70))
            person->current_pool = i ? other : 0;
    }
}

static void few_minutes(struct random_world *world, uint64_t *state)
{
    static const int minutes[] = {0, 1, 7, 30, 1440};
    for (int i = 0; i < world->n_people; i++)
        world->people[i].minutes =
            random_chance(state, 70) ? minutes[below(state, 5)] : RANDOM_NONE;
    for (int q = 0; q < world->n_homes; q++) {
        int64_t sum = 0;
        for (int i = 0; i < world->n_people; i++)
            sum += random_chance(state, 40) ? brute_rules_minutes(world, &world->people[i]) : 0;
        world->homes[q].minutes = sum && random_chance(state, 30) ? sum - 1 : sum;
    }
}

/* Rooms that are more than the beds, in full and overbooked pools too. */
static void odd_rooms(struct random_world *world, uint64_t *state)
{
    for (int p = 0; p < world->n_pools; p++) {
        struct random_pool *pool = &world->pools[p];
        if (pool->kind == RANDOM_KINDS - 1) /* a service has no rooms */
            continue;
        pool->sex = 0;
        pool->n_groups = 1 + below(state, RANDOM_GROUPS);
        for (int g = 0; g < pool->n_groups; g++) {
            pool->rooms[g] = 1 + below(state, 2);
            pool->room_beds[g] = random_chance(state, 50) ? 2 : 1 + below(state, 4);
        }
        if (random_chance(state, 60))
            set_slack(world, pool, below(state, 6) - 2);
    }
}

/* -- all -- */

typedef void way_to_be_odd(struct random_world *world, uint64_t *state);

void odd_world_make(struct random_world *world, uint64_t *state, int is_coupled)
{
    static way_to_be_odd *const ways[] = {
        all_alike,        same_moment,   far_apart, wishes_of_nothing, exact_limits, nothing_counts,
        greatest_numbers, one_objective, odd_order, few_homes,         kept_for_all, rings,
        no_beds,          overbooked};
    static way_to_be_odd *const rows[] = {wide_household, few_minutes, odd_rooms};
    int n_ways = sizeof ways / sizeof *ways, n_rows = is_coupled ? 3 : 0,
        first = below(state, n_ways);
    for (int w = 0; w < n_rows; w++)
        if (random_chance(state, 50))
            rows[w](world, state);
    for (int w = 0; w < n_ways; w++)
        if (w == first || random_chance(state, 12))
            ways[w](world, state);
    /* who moved in since: a pool holds at least who lives there */
    for (int p = 0; p < world->n_pools; p++)
        if (world->pools[p].occupied < lives_in(world, p))
            set_slack(world, &world->pools[p], below(state, 3));
}
