/* plain_rules.c - see plain_rules.h. Small rounds only: fixed arrays, every way to use the rooms is
 * tried. */
#include "tests/plain_rules.h"

#include <string.h>

static const struct pool *own_pool(const struct problem *problem, uint32_t person)
{
    uint32_t stay = problem->people[person].stay_pair;
    return stay == PROBLEM_NONE ? NULL : problem->parts[problem->pairs[stay].part].pool;
}

/* The pool to which somebody comes; NULL when they stay or are not placed. */
static const struct pool *new_pool_of(const struct problem *problem, const uint32_t *chosen,
                                      uint32_t person)
{
    if (chosen[person] == PROBLEM_NONE || problem_is_stay(problem, chosen[person]))
        return NULL;
    return problem->parts[problem->pairs[chosen[person]].part].pool;
}

static int beds_hold(const struct problem *problem, const uint32_t *chosen)
{
    int64_t used[64] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++)
        if (chosen[i] != PROBLEM_NONE)
            used[problem->pairs[chosen[i]].part]++;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        if (used[part] > problem->parts[part].capacity)
            return 0;
    return 1;
}

static int are_together(const struct applicant *a, const struct applicant *b)
{
    return a->household_id[0] && strcmp(a->household_id, b->household_id) == 0 &&
           a->together == TOGETHER_INSTITUTION && b->together == TOGETHER_INSTITUTION;
}

static int lives_at(const struct problem *problem, uint32_t person, const struct pool *there)
{
    const struct pool *own = own_pool(problem, person);
    return own && strcmp(own->institution_id, there->institution_id) == 0;
}

/* Does `other` stay in the home of `to` (when that is theirs), or come there too? */
static int joins(const struct problem *problem, const uint32_t *chosen, uint32_t other,
                 const struct pool *to)
{
    const struct pool *there = new_pool_of(problem, chosen, other);
    if (lives_at(problem, other, to))
        return !there;
    return there && strcmp(there->institution_id, to->institution_id) == 0;
}

/* When one member comes to a home, every other comes there too or stays there. */
static int households_hold(const struct problem *problem, const uint32_t *chosen)
{
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct pool *to = new_pool_of(problem, chosen, i);
        for (uint32_t j = 0; j < problem->n_people && to; j++) {
            if (i == j || !are_together(problem->people[i].applicant, problem->people[j].applicant))
                continue;
            if (!joins(problem, chosen, j, to) || lives_at(problem, i, to))
                return 0;
        }
    }
    return 1;
}

static int staff_holds(const struct problem *problem, const uint32_t *chosen)
{
    const struct record *at = region_first(problem->region, RECORD_INSTITUTION);
    for (; at; at = region_next(at)) {
        const struct institution *home = (const struct institution *)at;
        int64_t minutes = 0;
        for (uint32_t i = 0; i < problem->n_people; i++) {
            const struct pool *to = new_pool_of(problem, chosen, i), *own = own_pool(problem, i);
            if (to && strcmp(to->institution_id, at->id) == 0)
                minutes += problem->people[i].care_minutes;
            if (to && own && strcmp(own->institution_id, at->id) == 0)
                minutes -= problem->people[i].care_minutes;
        }
        if (home->care_minutes != RECORD_NO_LIMIT && minutes > 0 && minutes > home->care_minutes)
            return 0;
    }
    return 1;
}

struct crowd { /* who comes to one pool, who leaves it, and its rooms one by one */
    int64_t come[SEX_COUNT], leave[SEX_COUNT];
    int64_t couples, free_beds;
    int64_t rooms[64];
    int n_rooms;
};

static int64_t in_rooms(int64_t come, int64_t leave, int64_t free_beds)
{
    int64_t left = come > leave ? come - leave : 0;
    return left > free_beds ? left - free_beds : 0;
}

/* Room after room: for women, for men, or (two beds) for a couple. */
static int rooms_suit(const struct crowd *crowd, int room, int64_t women, int64_t men,
                      int64_t couples)
{
    int64_t any = crowd->free_beds + crowd->leave[SEX_NONE] - crowd->come[SEX_NONE];
    int64_t beds = room < crowd->n_rooms ? crowd->rooms[room] : 0;
    if (any < 0)
        return 0;
    if (room == crowd->n_rooms) {
        int64_t sharing = couples;
        int64_t w = in_rooms(crowd->come[SEX_FEMALE] - sharing, crowd->leave[SEX_FEMALE], women);
        int64_t m = in_rooms(crowd->come[SEX_MALE] - sharing, crowd->leave[SEX_MALE], men);
        return w + m <= any;
    }
    return rooms_suit(crowd, room + 1, women + beds, men, couples) ||
           rooms_suit(crowd, room + 1, women, men + beds, couples) ||
           (beds == 2 && couples < crowd->couples &&
            rooms_suit(crowd, room + 1, women, men, couples + 1));
}

static void list_rooms(struct crowd *crowd, const struct pool *pool)
{
    crowd->free_beds = pool_offerable(pool);
    for (size_t g = 0; g < pool->n_rooms; g++)
        for (int64_t r = 0; r < pool->rooms[g].rooms && crowd->free_beds > 0; r++) {
            int64_t beds = pool->rooms[g].beds;
            beds = beds < crowd->free_beds ? beds : crowd->free_beds;
            crowd->rooms[crowd->n_rooms++] = beds;
            crowd->free_beds -= beds;
        }
}

static void count_couples(struct crowd *crowd, const struct problem *problem,
                          const uint32_t *chosen, const struct pool *pool)
{
    unsigned char is_taken[64] = {0};
    for (uint32_t i = 0; i < problem->n_people; i++)
        for (uint32_t j = 0; j < problem->n_people && !is_taken[i]; j++) {
            const struct applicant *wife = problem->people[i].applicant;
            const struct applicant *husband = problem->people[j].applicant;
            if (i == j || is_taken[j] || new_pool_of(problem, chosen, i) != pool ||
                new_pool_of(problem, chosen, j) != pool || wife->sex != SEX_FEMALE ||
                husband->sex != SEX_MALE || !are_together(wife, husband))
                continue;
            is_taken[i] = is_taken[j] = 1;
            crowd->couples++;
        }
}

static int rooms_hold(const struct problem *problem, const uint32_t *chosen)
{
    for (uint32_t p = 0; p < problem->n_pools; p++) {
        const struct pool *pool = problem->parts[problem->pool_first_part[p]].pool;
        struct crowd crowd = {0};
        int n_come = 0;
        if (pool->sex != SEX_RULE_ANY || pool->n_rooms == 0)
            continue;
        for (uint32_t i = 0; i < problem->n_people; i++) {
            const struct pool *to = new_pool_of(problem, chosen, i);
            enum sex sex = problem->people[i].applicant->sex;
            crowd.come[sex] += to == pool;
            n_come += to == pool;
            crowd.leave[sex] += to && own_pool(problem, i) == pool;
        }
        list_rooms(&crowd, pool);
        count_couples(&crowd, problem, chosen, pool);
        if (n_come && !rooms_suit(&crowd, 0, 0, 0, 0))
            return 0;
    }
    return 1;
}

int plain_rules_hold(const struct problem *problem, const uint32_t *chosen)
{
    return beds_hold(problem, chosen) && households_hold(problem, chosen) &&
           staff_holds(problem, chosen) && rooms_hold(problem, chosen);
}
