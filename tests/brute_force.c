/* brute_force.c - see brute_force.h. */
#include "tests/brute_force.h"

#include "models/digest.h"
#include "models/words.h"
#include "tests/brute_rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PLANS_MAX = 40000, OBJECTIVE_RESERVE_NUMBER = 1 };

struct option {
    int pool;
    int64_t metres, rank;
    int64_t gains[BRUTE_OBJECTIVES]; /* by number in random_objectives, as maximisation */
};

struct search {
    const struct random_world *world;
    struct brute_result *result;
    int n_options[RANDOM_PEOPLE];
    struct option options[RANDOM_PEOPLE][RANDOM_POOLS];
    int64_t own_metres[RANDOM_PEOPLE], own_rank[RANDOM_PEOPLE];
    int order[RANDOM_PEOPLE];  /* of the tie rule */
    int chosen[RANDOM_PEOPLE]; /* option, RANDOM_NONE */
    int to[RANDOM_PEOPLE];     /* pool of the option */
    int best[RANDOM_PEOPLE];
    int64_t best_values[BRUTE_OBJECTIVES];
    int has_best;
};

/* -- options -- */

static void fill_gains(const struct search *search, int i, struct option *option)
{
    const struct random_world *world = search->world;
    const struct random_person *person = &world->people[i];
    int is_new = person->current_pool == RANDOM_NONE;
    int64_t points = brute_rules_points(world, person);
    const int64_t gains[BRUTE_OBJECTIVES] = {
        is_new && person->class_code && world->policy.guarantee >> person->class_code & 1,
        0,
        is_new ? points : 0,
        is_new,
        is_new ? brute_rules_days(world, person) : 0,
        is_new ? 0 : points,
        search->own_rank[i] - option->rank,
        search->own_metres[i] - option->metres,
        is_new ? 0 : -1,
    };
    memcpy(option->gains, gains, sizeof gains);
}

static void fill_options(struct search *search, int i)
{
    const struct random_world *world = search->world;
    const struct random_person *person = &world->people[i];
    int last = REASON_KIND;
    if (!person->is_waiting)
        return;
    if (person->current_pool != RANDOM_NONE) {
        int home = world->pools[person->current_pool].home;
        search->own_metres[i] = brute_rules_metres(world, person, home);
        search->own_rank[i] = brute_rules_rank(world, person, home);
    }
    for (int p = 0; p < world->n_pools; p++) {
        int rule = brute_rules_first_broken(world, person, p);
        if (rule == REASON_ELIGIBLE) {
            struct option *option = &search->options[i][search->n_options[i]++];
            option->pool = p;
            option->metres = brute_rules_metres(world, person, world->pools[p].home);
            option->rank = brute_rules_rank(world, person, world->pools[p].home);
            fill_gains(search, i, option);
        } else if (p != person->current_pool && rule > last) {
            last = rule;
        }
    }
    search->result->reasons[i] = search->n_options[i] ? REASON_OUTRANKED : last;
}

/* A policy whose first minimising objective comes before `placements` gets it inserted there. */
static void fill_objectives(const struct random_policy *policy, struct brute_result *result)
{
    int has_placements = 0;
    for (int k = 0; k < policy->n_objectives; k++) {
        int objective = policy->objectives[k];
        if (objective >= 6 && !has_placements) {
            result->objectives[result->n_objectives++] = 3;
            has_placements = 1;
        }
        if (objective == 3 && has_placements)
            continue;
        has_placements |= objective == 3;
        result->objectives[result->n_objectives++] = objective;
    }
}

static int is_before(const struct random_world *world, int a, int b)
{
    char text[2][80], hash[2][65];
    int who[2] = {a, b};
    if (world->people[a].applied_at != world->people[b].applied_at)
        return world->people[a].applied_at < world->people[b].applied_at;
    for (int i = 0; i < 2; i++) {
        int len = snprintf(text[i], sizeof text[i], "%" PRIu64, world->seed);
        strcpy(text[i] + len + 1, random_id('A', who[i]));
        digest_hex(text[i], (size_t)len + 1 + strlen(text[i] + len + 1), hash[i]);
    }
    return strcmp(hash[0], hash[1]) < 0;
}

static void fill_order(struct search *search)
{
    for (int i = 0; i < search->world->n_people; i++) {
        int at = i;
        while (at > 0 && is_before(search->world, i, search->order[at - 1])) {
            search->order[at] = search->order[at - 1];
            at--;
        }
        search->order[at] = i;
    }
}

/* -- one plan -- */

static int is_moved_out(const struct search *search, int i, int p)
{
    return search->to[i] != RANDOM_NONE && search->world->people[i].current_pool == p;
}

/* Hard reserves: each arrival is given a bed, those of a class first their own. */
static int beds_suffice(const struct search *search, int p)
{
    const struct random_world *world = search->world;
    const struct random_pool *pool = &world->pools[p];
    int beds[RANDOM_CLASSES], arrivals[RANDOM_CLASSES] = {0}, n = 0, all = 0;
    brute_rules_label_beds(pool, beds);
    for (int i = 0; i < world->n_people; i++) {
        if (is_moved_out(search, i, p))
            beds[brute_rules_label(world, &world->people[i])]++;
        if (search->to[i] == p) {
            arrivals[world->people[i].class_code]++;
            n++;
        }
    }
    for (int c = 0; c < RANDOM_CLASSES; c++)
        all += beds[c];
    if (world->policy.is_soft)
        return n <= all;
    for (int c = 1; c < RANDOM_CLASSES; c++)
        arrivals[0] += arrivals[c] > beds[c] ? arrivals[c] - beds[c] : 0;
    return arrivals[0] <= beds[0];
}

static int64_t soft_reserved(const struct search *search, int p)
{
    const struct random_world *world = search->world;
    int beds[RANDOM_CLASSES], newcomers[RANDOM_CLASSES] = {0};
    brute_rules_label_beds(&world->pools[p], beds);
    for (int i = 0; i < world->n_people; i++) {
        const struct random_person *person = &world->people[i];
        if (is_moved_out(search, i, p))
            beds[brute_rules_label(world, person)]++;
        if (search->to[i] == p && person->current_pool == RANDOM_NONE)
            newcomers[person->class_code]++;
    }
    return world->policy.is_soft
               ? brute_rules_least(beds[1], newcomers[1]) + brute_rules_least(beds[2], newcomers[2])
               : 0;
}

static int is_member(const struct random_world *world, int i, int household)
{
    const struct random_person *person = &world->people[i];
    return person->is_waiting && person->household == household && !person->is_apart;
}

static int home_of(const struct random_world *world, int pool)
{
    return pool == RANDOM_NONE ? RANDOM_NONE : world->pools[pool].home;
}

/* All in that institution, those who live there staying; home RANDOM_NONE: nobody moves. */
static int household_is_in(const struct search *search, int household, int home)
{
    const struct random_world *world = search->world;
    for (int i = 0; i < world->n_people; i++) {
        int lives_in = home_of(world, world->people[i].current_pool);
        int should = home == RANDOM_NONE || lives_in == home ? RANDOM_NONE : home;
        if (is_member(world, i, household) && home_of(world, search->to[i]) != should)
            return 0;
    }
    return 1;
}

static int household_is_together(const struct search *search, int household)
{
    int n = 0;
    for (int i = 0; i < search->world->n_people; i++)
        n += is_member(search->world, i, household);
    for (int home = RANDOM_NONE; n > 1 && home < search->world->n_homes; home++)
        if (household_is_in(search, household, home))
            return 1;
    return n <= 1;
}

static int staff_suffices(const struct search *search, int home)
{
    const struct random_world *world = search->world;
    int64_t come = 0, leave = 0;
    for (int i = 0; i < world->n_people; i++) {
        int from = home_of(world, world->people[i].current_pool);
        int to = home_of(world, search->to[i]);
        if (to == RANDOM_NONE || from == to)
            continue;
        come += to == home ? brute_rules_minutes(world, &world->people[i]) : 0;
        leave += from == home ? brute_rules_minutes(world, &world->people[i]) : 0;
    }
    return world->homes[home].minutes == RANDOM_NONE || come == 0 ||
           come <= world->homes[home].minutes + leave;
}

/* -- rooms -- */

struct rooms {
    int n, beds[8];
    int free_beds;
    int come[3], leave[3]; /* by sex: not stated, women, men */
    int couples;
};

static struct rooms rooms_of(const struct search *search, int p)
{
    const struct random_world *world = search->world;
    const struct random_pool *pool = &world->pools[p];
    struct rooms rooms = {.free_beds = brute_rules_slack(pool) > 0 ? brute_rules_slack(pool) : 0};
    for (int g = 0; g < pool->n_groups; g++)
        for (int r = 0; r < pool->rooms[g] && rooms.free_beds; r++) {
            rooms.beds[rooms.n] = brute_rules_least(pool->room_beds[g], rooms.free_beds);
            rooms.free_beds -= rooms.beds[rooms.n++];
        }
    int members[RANDOM_HOUSEHOLDS][3] = {{0}};
    for (int i = 0; i < world->n_people; i++) {
        const struct random_person *person = &world->people[i];
        rooms.leave[person->sex] += is_moved_out(search, i, p);
        if (search->to[i] != p)
            continue;
        rooms.come[person->sex]++;
        if (person->household != RANDOM_NONE && !person->is_apart)
            members[person->household][person->sex]++;
    }
    for (int h = 0; h < world->n_households; h++)
        rooms.couples += brute_rules_least(members[h][1], members[h][2]);
    return rooms;
}

/* Each room in turn: for women, for men, or for a couple. */
static int rooms_fit(const struct rooms *rooms, int r, int women_beds, int men_beds, int couples)
{
    if (r < rooms->n)
        return rooms_fit(rooms, r + 1, women_beds + rooms->beds[r], men_beds, couples) ||
               rooms_fit(rooms, r + 1, women_beds, men_beds + rooms->beds[r], couples) ||
               (rooms->beds[r] == 2 && couples < rooms->couples &&
                rooms_fit(rooms, r + 1, women_beds, men_beds, couples + 1));
    int women = rooms->come[1] - couples - rooms->leave[1] - women_beds;
    int men = rooms->come[2] - couples - rooms->leave[2] - men_beds;
    return (women > 0 ? women : 0) + (men > 0 ? men : 0) + rooms->come[0] <=
           rooms->free_beds + rooms->leave[0];
}

static int is_feasible(const struct search *search)
{
    const struct random_world *world = search->world;
    for (int p = 0; p < world->n_pools; p++) {
        struct rooms rooms = rooms_of(search, p);
        if (!beds_suffice(search, p) ||
            (world->pools[p].n_groups && !rooms_fit(&rooms, 0, 0, 0, 0)))
            return 0;
    }
    for (int home = 0; home < world->n_homes; home++)
        if (!staff_suffices(search, home))
            return 0;
    for (int household = 0; household < world->n_households; household++)
        if (!household_is_together(search, household))
            return 0;
    return 1;
}

/* -- all plans -- */

static int64_t value_of(const struct search *search, int objective)
{
    int64_t value = 0;
    for (int i = 0; i < search->world->n_people; i++)
        if (search->chosen[i] != RANDOM_NONE)
            value += search->options[i][search->chosen[i]].gains[objective];
    for (int p = 0; p < search->world->n_pools && objective == OBJECTIVE_RESERVE_NUMBER; p++)
        value += soft_reserved(search, p);
    return value;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* < 0 when option a is better for person i: rank, then metres, then pool; unplaced last. */
static int compare_options(const struct search *search, int i, int a, int b)
{
    int64_t keys[2][3];
    const int chosen[2] = {a, b};
    for (int k = 0; k < 2; k++) {
        const struct option *option = &search->options[i][chosen[k] == RANDOM_NONE ? 0 : chosen[k]];
        int is_stay = chosen[k] == RANDOM_NONE;
        int is_homeless = is_stay && search->world->people[i].current_pool == RANDOM_NONE;
        keys[k][0] = is_homeless ? INT64_MAX : is_stay ? search->own_rank[i] : option->rank;
        keys[k][1] = is_stay ? search->own_metres[i] : option->metres;
        keys[k][2] = is_stay ? search->world->people[i].current_pool : option->pool;
    }
    int result = compare(keys[0][0], keys[1][0]);
    result = result ? result : compare(keys[0][1], keys[1][1]);
    return result ? result : compare(keys[0][2], keys[1][2]);
}

static int is_better(const struct search *search, const int64_t *values)
{
    for (int k = 0; k < search->result->n_objectives; k++)
        if (values[k] != search->best_values[k])
            return values[k] > search->best_values[k];
    for (int n = 0; n < search->world->n_people; n++) {
        int i = search->order[n];
        int order = compare_options(search, i, search->chosen[i], search->best[i]);
        if (order)
            return order < 0;
    }
    return 0;
}

static void try_plan(struct search *search)
{
    int64_t values[BRUTE_OBJECTIVES];
    search->result->n_plans++;
    if (!is_feasible(search))
        return;
    search->result->n_feasible++;
    for (int k = 0; k < search->result->n_objectives; k++)
        values[k] = value_of(search, search->result->objectives[k]);
    if (search->has_best && !is_better(search, values))
        return;
    memcpy(search->best, search->chosen, sizeof search->best);
    memcpy(search->best_values, values, sizeof values);
    search->has_best = 1;
}

static void try_person(struct search *search, int i)
{
    if (i == search->world->n_people) {
        try_plan(search);
        return;
    }
    for (int option = RANDOM_NONE; option < search->n_options[i]; option++) {
        search->chosen[i] = option;
        search->to[i] = option == RANDOM_NONE ? RANDOM_NONE : search->options[i][option].pool;
        try_person(search, i + 1);
    }
}

static void report(const struct search *search, const int *to, const int64_t *values)
{
    const struct random_world *world = search->world;
    struct brute_result *result = search->result;
    for (int k = 0; k < result->n_objectives; k++)
        result->values[k] = result->objectives[k] >= 6 ? -values[k] : values[k];
    for (int i = 0; i < world->n_people; i++) {
        result->points[i] = brute_rules_points(world, &world->people[i]);
        result->to[i] = to[i];
        if (to[i] == RANDOM_NONE)
            continue;
        result->metres[i] = brute_rules_metres(world, &world->people[i], world->pools[to[i]].home);
        result->ranks[i] = brute_rules_rank(world, &world->people[i], world->pools[to[i]].home);
    }
}

static long start(struct search *search)
{
    long plans = 1;
    memset(search->result, 0, sizeof *search->result);
    fill_objectives(&search->world->policy, search->result);
    for (int i = 0; i < search->world->n_people; i++) {
        fill_options(search, i);
        plans = plans > PLANS_MAX ? plans : plans * (search->n_options[i] + 1);
    }
    return plans;
}

int brute_force(const struct random_world *world, struct brute_result *result)
{
    struct search search = {.world = world, .result = result};
    int to[RANDOM_PEOPLE];
    if (start(&search) > PLANS_MAX)
        return -1;
    fill_order(&search);
    try_person(&search, 0);
    for (int i = 0; i < world->n_people; i++)
        to[i] =
            search.best[i] == RANDOM_NONE ? RANDOM_NONE : search.options[i][search.best[i]].pool;
    report(&search, to, search.best_values);
    return 0;
}

int brute_check(const struct random_world *world, const int *to, struct brute_result *result)
{
    struct search search = {.world = world, .result = result};
    int64_t values[BRUTE_OBJECTIVES] = {0};
    int is_eligible = 1;
    start(&search);
    for (int i = 0; i < world->n_people; i++) {
        search.to[i] = to[i];
        search.chosen[i] = RANDOM_NONE;
        for (int option = 0; option < search.n_options[i]; option++)
            if (search.options[i][option].pool == to[i])
                search.chosen[i] = option;
        is_eligible &= to[i] == RANDOM_NONE || search.chosen[i] != RANDOM_NONE;
    }
    for (int k = 0; k < result->n_objectives; k++)
        values[k] = value_of(&search, result->objectives[k]);
    report(&search, to, values);
    return is_eligible && is_feasible(&search);
}

int brute_reason(const struct random_world *world, int person, int pool)
{
    return brute_rules_first_broken(world, &world->people[person], pool);
}

int64_t brute_points(const struct random_world *world, int person)
{
    return brute_rules_points(world, &world->people[person]);
}
