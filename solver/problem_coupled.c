/* problem_coupled.c - see problem_coupled.h. */
#include "solver/problem_coupled.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* People are sorted by id. */
static uint32_t find_person(const struct problem *problem, const char *id)
{
    uint32_t low = 0, high = problem->n_people;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(problem->people[middle].applicant->record.id, id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return PROBLEM_NONE;
}

static size_t together_members(const struct problem *problem, const struct household *household,
                               uint32_t *people)
{
    size_t n = 0;
    for (size_t m = 0; m < household->n; m++) {
        const struct applicant *member = household->members[m];
        uint32_t person = find_person(problem, member->record.id);
        if (member->together == TOGETHER_INSTITUTION && person != PROBLEM_NONE)
            people[n++] = person;
    }
    return n;
}

static void init_households(struct problem *problem)
{
    struct households all;
    households_init(&all, problem->region);
    problem->households = alloc_zero(all.n, sizeof *problem->households);
    problem->n_households = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        problem->people[i].household = PROBLEM_NONE;
    for (size_t h = 0; h < all.n; h++) {
        uint32_t *people = alloc_zero(all.list[h].n, sizeof *people);
        size_t n = together_members(problem, &all.list[h], people);
        if (n < 2) {
            free(people);
            continue;
        }
        for (size_t m = 0; m < n; m++)
            problem->people[people[m]].household = (uint32_t)problem->n_households;
        problem->households[problem->n_households++] = (struct problem_household){
            .id = problem->people[people[0]].applicant->household_id, .people = people, .n = n};
    }
    households_clear(&all);
}

static int staff_order(const void *a, const void *b)
{
    const struct problem_staff *one = a, *two = b;
    return strcmp(one->institution->record.id, two->institution->record.id);
}

/* One entry per institution with a limit, in order of id. */
static void list_staff(struct problem *problem)
{
    problem->staff = alloc_zero(problem->n_parts, sizeof *problem->staff);
    size_t n = 0;
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        const struct institution *home = problem->parts[part].institution;
        if (home->care_minutes != RECORD_NO_LIMIT)
            problem->staff[n++] =
                (struct problem_staff){.institution = home, .free_minutes = home->care_minutes};
    }
    qsort(problem->staff, n, sizeof *problem->staff, staff_order);
    problem->n_staff = 0;
    for (size_t s = 0; s < n; s++)
        if (s == 0 || problem->staff[s].institution != problem->staff[s - 1].institution)
            problem->staff[problem->n_staff++] = problem->staff[s];
}

uint32_t problem_coupled_staff(const struct problem *problem, uint32_t part)
{
    const struct problem_staff key = {.institution = problem->parts[part].institution};
    const struct problem_staff *row =
        problem->n_staff ? bsearch(&key, problem->staff, problem->n_staff, sizeof key, staff_order)
                         : NULL;
    return row ? (uint32_t)(row - problem->staff) : PROBLEM_NONE;
}

struct staff_load { /* what could come at most */
    int64_t minutes, largest, seats;
    uint32_t last_person;
};

static void load_staff(const struct problem *problem, struct staff_load *load)
{
    uint32_t *of_part = alloc_zero(problem->n_parts, sizeof *of_part);
    for (uint32_t part = 0; part < problem->n_parts; part++) {
        of_part[part] = problem_coupled_staff(problem, part);
        if (of_part[part] != PROBLEM_NONE)
            load[of_part[part]].seats += problem->parts[part].capacity;
    }
    for (uint32_t pair = 0; pair < problem->n_pairs && problem->n_staff; pair++) {
        uint32_t row = of_part[problem->pairs[pair].part];
        if (row == PROBLEM_NONE)
            continue;
        struct staff_load *of = &load[row];
        uint32_t person = problem->pairs[pair].person;
        int64_t minutes = problem->people[person].care_minutes;
        if (pair == problem->people[person].stay_pair)
            problem->staff[row].resident_minutes += minutes;
        if (of->last_person != person)
            of->minutes += minutes;
        of->last_person = person;
        if (of->largest < minutes)
            of->largest = minutes;
    }
    free(of_part);
}

/* A row that no assignment can break is left out, so that such a round stays a network. */
static void init_staff(struct problem *problem)
{
    list_staff(problem);
    struct staff_load *load = alloc_zero(problem->n_staff, sizeof *load);
    for (size_t s = 0; s < problem->n_staff; s++)
        load[s].last_person = PROBLEM_NONE;
    load_staff(problem, load);
    size_t n = 0;
    for (size_t s = 0; s < problem->n_staff; s++) {
        int64_t most = load[s].minutes, by_seats;
        if (!__builtin_mul_overflow(load[s].seats, load[s].largest, &by_seats) && by_seats < most)
            most = by_seats;
        if (most > problem->staff[s].free_minutes + problem->staff[s].resident_minutes)
            problem->staff[n++] = problem->staff[s];
    }
    problem->n_staff = n;
    free(load);
}

static int rooms_order(const void *a, const void *b)
{
    const struct problem_rooms *one = a, *two = b;
    return (one->pool_index > two->pool_index) - (one->pool_index < two->pool_index);
}

uint32_t problem_coupled_rooms(const struct problem *problem, uint32_t part)
{
    const struct problem_rooms key = {.pool_index = problem->parts[part].pool_index};
    const struct problem_rooms *rooms =
        problem->n_rooms ? bsearch(&key, problem->rooms, problem->n_rooms, sizeof key, rooms_order)
                         : NULL;
    return rooms ? (uint32_t)(rooms - problem->rooms) : PROBLEM_NONE;
}

static void add_group(struct problem_rooms *rooms, int64_t n, int64_t beds)
{
    for (size_t g = 0; g < rooms->n_groups; g++)
        if (rooms->groups[g].beds == beds) {
            rooms->groups[g].rooms += n;
            return;
        }
    rooms->groups[rooms->n_groups++] = (struct room_group){.rooms = n, .beds = beds};
}

/* Rooms count first to last within the offerable beds; the one that goes beyond them counts with
 * the rest. */
static void clip_groups(struct problem_rooms *rooms, const struct pool *pool)
{
    int64_t left = pool_offerable(pool);
    rooms->groups = alloc_zero(pool->n_rooms * 2, sizeof *rooms->groups);
    for (size_t g = 0; g < pool->n_rooms; g++) {
        int64_t beds = pool->rooms[g].beds, whole = pool->rooms[g].rooms;
        if (beds <= 0)
            continue;
        int64_t fit = left / beds < whole ? left / beds : whole;
        int64_t rest = fit < whole ? left - fit * beds : 0;
        if (fit > 0)
            add_group(rooms, fit, beds);
        if (rest > 0)
            add_group(rooms, 1, rest);
        left -= fit * beds + rest;
    }
    rooms->free_beds = left;
}

/* Who lives in the pools with rooms and may leave them, by sex. */
static void count_residents(struct problem *problem)
{
    struct problem_rooms **of_pool = alloc_zero(problem->n_pools, sizeof *of_pool);
    for (size_t r = 0; r < problem->n_rooms; r++)
        of_pool[problem->rooms[r].pool_index] = &problem->rooms[r];
    for (uint32_t i = 0; i < problem->n_people && problem->n_rooms; i++) {
        uint32_t stay = problem->people[i].stay_pair;
        struct problem_rooms *rooms =
            stay == PROBLEM_NONE ? NULL
                                 : of_pool[problem->parts[problem->pairs[stay].part].pool_index];
        if (rooms)
            rooms->residents[problem->people[i].applicant->sex]++;
    }
    free(of_pool);
}

static void init_rooms(struct problem *problem)
{
    unsigned char *has_comers = alloc_zero(problem->n_pools, 1);
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        if (pair != problem->people[problem->pairs[pair].person].stay_pair)
            has_comers[problem->parts[problem->pairs[pair].part].pool_index] = 1;
    problem->rooms = alloc_zero(problem->n_pools, sizeof *problem->rooms);
    problem->n_rooms = 0;
    for (uint32_t p = 0; p < problem->n_pools; p++) {
        const struct pool *pool = problem->parts[problem->pool_first_part[p]].pool;
        struct problem_rooms *rooms = &problem->rooms[problem->n_rooms];
        *rooms = (struct problem_rooms){.pool_index = p};
        if (pool->sex != SEX_RULE_ANY || pool->n_rooms == 0 || !has_comers[p])
            continue;
        clip_groups(rooms, pool);
        problem->n_rooms++;
    }
    count_residents(problem);
    free(has_comers);
}

void problem_coupled_init(struct problem *problem)
{
    init_households(problem);
    init_staff(problem);
    init_rooms(problem);
}

void problem_coupled_clear(struct problem *problem)
{
    for (size_t h = 0; h < problem->n_households; h++)
        free(problem->households[h].people);
    for (size_t r = 0; r < problem->n_rooms; r++)
        free(problem->rooms[r].groups);
    free(problem->households);
    free(problem->staff);
    free(problem->rooms);
    problem->households = NULL;
    problem->staff = NULL;
    problem->rooms = NULL;
    problem->n_households = problem->n_staff = problem->n_rooms = 0;
}
