/* brute_rules.c - see brute_rules.h. */
#include "tests/brute_rules.h"

#include "models/words.h"

#include <math.h>

/* -- the world -- */

int brute_rules_least(int a, int b)
{
    return a < b ? a : b;
}

int brute_rules_slack(const struct random_pool *pool)
{
    return brute_rules_least(pool->approved, brute_rules_least(pool->usable, pool->staffed)) -
           pool->occupied - pool->committed;
}

void brute_rules_label_beds(const struct random_pool *pool, int beds[RANDOM_CLASSES])
{
    int left = brute_rules_slack(pool) > 0 ? brute_rules_slack(pool) : 0;
    int order[] = {pool->kept_first, 3 - pool->kept_first};
    for (int i = 0; i < 2; i++) {
        beds[order[i]] = brute_rules_least(left, pool->kept[order[i]]);
        left -= beds[order[i]];
    }
    beds[0] = left;
}

int brute_rules_label(const struct random_world *world, const struct random_person *person)
{
    return world->pools[person->current_pool].kept[person->current_reserve]
               ? person->current_reserve
               : 0;
}

static int64_t great_circle(double lat1, double lon1, double lat2, double lon2)
{
    const double rad = 3.14159265358979323846 / 180;
    double slat = sin((lat2 - lat1) * rad / 2), slon = sin((lon2 - lon1) * rad / 2);
    double a = slat * slat + cos(lat1 * rad) * cos(lat2 * rad) * slon * slon;
    return llround(2 * 6371008.8 * asin(fmin(1, sqrt(a))));
}

/* Degrees are handed in with two decimals. */
static double as_written(double degrees)
{
    return round(degrees * 100) / 100;
}

int64_t brute_rules_metres(const struct random_world *world, const struct random_person *person,
                           int home)
{
    const struct random_home *at = &world->homes[home];
    if (person->travel[home] != RANDOM_NONE)
        return person->travel[home];
    if (person->village && world->travel[person->village][home] != RANDOM_NONE)
        return world->travel[person->village][home];
    return great_circle(as_written(person->lat), as_written(person->lon), as_written(at->lat),
                        as_written(at->lon));
}

int64_t brute_rules_rank(const struct random_world *world, const struct random_person *person,
                         int home)
{
    for (int i = 0; i < person->n_preferences; i++)
        if (person->preferences[i] == home)
            return i < world->policy.unlisted_rank ? i : world->policy.unlisted_rank;
    return person->n_preferences ? world->policy.unlisted_rank : 0;
}

int64_t brute_rules_days(const struct random_world *world, const struct random_person *person)
{
    int64_t waited = world->now - person->applied_at;
    return waited > 0 ? waited / BRUTE_DAY : 0;
}

int64_t brute_rules_points(const struct random_world *world, const struct random_person *person)
{
    const struct random_policy *policy = &world->policy;
    int64_t waited = policy->day_points * brute_rules_days(world, person);
    int64_t points = policy->level_points[person->level];
    points += person->class_code ? policy->class_points[person->class_code] : 0;
    points += person->flags & 1 ? policy->alone_points : 0;
    points += policy->burden_points[(person->flags >> 1 & 1) + (person->flags >> 2 & 1)];
    points += person->level == 3 && person->grade == 2 ? policy->matrix_points : 0;
    return points + (waited < policy->day_cap ? waited : policy->day_cap);
}

int64_t brute_rules_minutes(const struct random_world *world, const struct random_person *person)
{
    return person->minutes != RANDOM_NONE ? person->minutes : world->policy.minutes[person->level];
}

/* -- rules of a pair -- */

static int declined_stands(const struct random_world *world, const struct random_person *person,
                           int p)
{
    if (person->declined[p] != 2 || world->policy.declined_days == RANDOM_NONE)
        return person->declined[p] != 0;
    int64_t at = person->declined_at / BRUTE_DAY * BRUTE_DAY;
    return (world->now - at) / BRUTE_DAY < world->policy.declined_days;
}

/* 0 = no bed can be had, 1 = only beds of other classes, 2 = some. */
static int beds_for(const struct random_world *world, const struct random_person *person, int p)
{
    const struct random_pool *pool = &world->pools[p];
    int beds[RANDOM_CLASSES], all = 0, mine = 0;
    brute_rules_label_beds(pool, beds);
    for (int i = 0; i < world->n_people; i++)
        if (world->people[i].is_waiting && world->people[i].current_pool == p)
            beds[brute_rules_label(world, &world->people[i])]++;
    for (int c = 0; c < RANDOM_CLASSES; c++) {
        all += beds[c];
        mine += world->policy.is_soft || c == 0 || c == person->class_code ? beds[c] : 0;
    }
    if (brute_rules_slack(pool) < 0 || all == 0)
        return 0;
    return mine ? 2 : 1;
}

static int is_asked(const struct random_world *world, const struct random_person *person, int p)
{
    int home = world->pools[p].home, is_listed = person->n_preferences == 0;
    for (int i = 0; i < person->n_preferences; i++)
        is_listed |= person->preferences[i] == home;
    return person->current_pool != p && is_listed &&
           brute_rules_rank(world, person, home) <=
               brute_rules_rank(world, person, world->pools[person->current_pool].home);
}

static int serves(const struct random_pool *pool, const struct random_person *person)
{
    unsigned lives = (1u << person->village | 1u << person->district) & ~1u;
    return !pool->serves || pool->serves & lives;
}

int brute_rules_first_broken(const struct random_world *world, const struct random_person *person,
                             int p)
{
    const struct random_pool *pool = &world->pools[p];
    const struct random_home *home = &world->homes[pool->home];
    const struct random_policy *policy = &world->policy;
    int64_t metres = brute_rules_metres(world, person, pool->home);
    int beds = beds_for(world, person, p);
    const int broken[] = {
        [REASON_ELIGIBLE] = 0,
        [REASON_KIND] = !(person->kinds >> pool->kind & 1),
        [REASON_LEVEL] = person->level < pool->min_level || person->level > pool->max_level,
        [REASON_SEX] = pool->sex && pool->sex != person->sex,
        [REASON_NEEDS] = (person->needs & ~(home->needs | pool->needs)) != 0,
        [REASON_SERVES] = !serves(pool, person),
        [REASON_DISTANCE] =
            (person->max_distance != RANDOM_NONE && metres > person->max_distance) ||
            (policy->max_distance != RANDOM_NONE && metres > policy->max_distance),
        [REASON_FEE] = person->max_fee != RANDOM_NONE && pool->fee > person->max_fee,
        [REASON_STAR] = home->star < person->min_star,
        [REASON_SUSPENDED] = home->suspended,
        [REASON_ASSESSMENT] = policy->needs_valid && person->valid_until != RANDOM_NONE &&
                              world->now >= person->valid_until + BRUTE_DAY,
        [REASON_RESERVED] = beds == 1,
        [REASON_DECLINED] = declined_stands(world, person, p),
        [REASON_NO_BED] = beds == 0,
        [REASON_NOT_ASKED] = person->current_pool != RANDOM_NONE && !is_asked(world, person, p),
    };
    for (int rule = REASON_KIND; rule <= REASON_NOT_ASKED; rule++)
        if (broken[rule])
            return rule;
    return REASON_ELIGIBLE;
}
