/* coupled_part.c - see coupled_part.h. */
#include "solver/coupled_part.h"

#include "models/alloc.h"
#include "solver/problem_coupled.h"

#include <stdlib.h>
#include <string.h>

struct cut { /* what is only needed while the part is made */
    const struct problem *whole;
    const uint32_t *chosen;
    unsigned char *is_free;
    uint32_t *rooms_of;       /* per pool: index into rooms, PROBLEM_NONE */
    unsigned char *is_closed; /* per pool */
    uint32_t *number;         /* per person of the whole */
};

static uint32_t pool_of(const struct cut *cut, uint32_t pair)
{
    return pair == PROBLEM_NONE ? PROBLEM_NONE
                                : cut->whole->parts[cut->whole->pairs[pair].part].pool_index;
}

/* -- who can be free -- */

static int is_shut(const struct cut *cut, uint32_t pair)
{
    return pair != PROBLEM_NONE && cut->is_closed[pool_of(cut, pair)];
}

/* Closes pools with rooms where somebody is who stays; whoever is in a closed pool, or lives there,
 * stays as well, and so does their household. How many more that were. */
static size_t close_pools(struct cut *cut)
{
    const struct problem *whole = cut->whole;
    size_t n = 0;
    for (uint32_t i = 0; i < whole->n_people; i++)
        if (!cut->is_free[i] && cut->chosen[i] != PROBLEM_NONE &&
            cut->rooms_of[pool_of(cut, cut->chosen[i])] != PROBLEM_NONE)
            cut->is_closed[pool_of(cut, cut->chosen[i])] = 1;
    for (uint32_t i = 0; i < whole->n_people; i++)
        if (cut->is_free[i] &&
            (is_shut(cut, cut->chosen[i]) || is_shut(cut, whole->people[i].stay_pair))) {
            cut->is_free[i] = 0;
            n++;
        }
    for (size_t h = 0; h < whole->n_households; h++) {
        const struct problem_household *household = &whole->households[h];
        size_t free_members = 0;
        for (size_t m = 0; m < household->n; m++)
            free_members += cut->is_free[household->people[m]];
        for (size_t m = 0; m < household->n && free_members < household->n; m++) {
            n += cut->is_free[household->people[m]];
            cut->is_free[household->people[m]] = 0;
        }
    }
    return n;
}

/* A bed that a free resident left may have been given to somebody who stays. */
static size_t keep_homeless(struct cut *cut, const struct problem_part *parts)
{
    size_t n = 0;
    for (uint32_t i = 0; i < cut->whole->n_people; i++) {
        uint32_t stay = cut->whole->people[i].stay_pair;
        if (!cut->is_free[i] || stay == PROBLEM_NONE)
            continue;
        const struct problem_part *part = &parts[cut->whole->pairs[stay].part];
        if (part->capacity >= part->stayers)
            continue;
        cut->is_free[i] = 0;
        n++;
    }
    return n;
}

/* -- rows -- */

static void make_parts(struct coupled_part *part, const struct cut *cut)
{
    const struct problem *whole = cut->whole;
    memcpy(part->problem.parts, whole->parts, whole->n_parts * sizeof *whole->parts);
    for (uint32_t p = 0; p < whole->n_parts; p++)
        part->problem.parts[p].stayers = 0;
    for (uint32_t i = 0; i < whole->n_people; i++) {
        uint32_t stay = whole->people[i].stay_pair;
        if (!cut->is_free[i] && cut->chosen[i] != PROBLEM_NONE)
            part->problem.parts[whole->pairs[cut->chosen[i]].part].capacity--;
        if (cut->is_free[i] && stay != PROBLEM_NONE)
            part->problem.parts[whole->pairs[stay].part].stayers++;
    }
}

static uint32_t staff_of(const struct problem *whole, uint32_t pair)
{
    return pair == PROBLEM_NONE ? PROBLEM_NONE
                                : problem_coupled_staff(whole, whole->pairs[pair].part);
}

static void make_staff(struct coupled_part *part, const struct cut *cut)
{
    const struct problem *whole = cut->whole;
    struct problem_staff *staff = alloc_copy(whole->staff, whole->n_staff, sizeof *staff);
    for (uint32_t i = 0; i < whole->n_people; i++) {
        uint32_t there = staff_of(whole, cut->chosen[i]);
        uint32_t home = staff_of(whole, whole->people[i].stay_pair);
        int64_t minutes = whole->people[i].care_minutes;
        if (!cut->is_free[i] && there != PROBLEM_NONE)
            staff[there].free_minutes -= minutes;
        if (!cut->is_free[i] && home != PROBLEM_NONE) {
            staff[home].free_minutes += minutes;
            staff[home].resident_minutes -= minutes;
        }
    }
    part->problem.staff = staff;
}

/* Groups stay the whole round's. */
static void make_rooms(struct coupled_part *part, const struct cut *cut)
{
    const struct problem *whole = cut->whole;
    part->problem.rooms = alloc_zero(whole->n_rooms + 1, sizeof *part->problem.rooms);
    part->problem.n_rooms = 0;
    for (size_t r = 0; r < whole->n_rooms; r++)
        if (!cut->is_closed[whole->rooms[r].pool_index])
            part->problem.rooms[part->problem.n_rooms++] = whole->rooms[r];
}

/* -- people -- */

static void add_person(struct coupled_part *part, const struct cut *cut, uint32_t person)
{
    struct problem *small = &part->problem;
    const struct problem_person *from = &cut->whole->people[person];
    struct problem_person *to = &small->people[small->n_people];
    *to = *from;
    to->first_pair = small->n_pairs;
    part->chosen[small->n_people] = PROBLEM_NONE;
    for (uint32_t pair = from->first_pair; pair < from->first_pair + from->n_pairs; pair++) {
        if (is_shut(cut, pair))
            continue;
        if (pair == from->stay_pair)
            to->stay_pair = small->n_pairs;
        if (pair == cut->chosen[person])
            part->chosen[small->n_people] = small->n_pairs;
        small->pairs[small->n_pairs] = cut->whole->pairs[pair];
        small->pairs[small->n_pairs].person = small->n_people;
        part->pair_of[small->n_pairs++] = pair;
    }
    to->n_pairs = small->n_pairs - to->first_pair;
    cut->number[person] = small->n_people;
    part->person_of[small->n_people++] = person;
}

static void make_people(struct coupled_part *part, const struct cut *cut)
{
    const struct problem *whole = cut->whole;
    struct problem *small = &part->problem;
    size_t n = 1, n_pairs = 1;
    for (uint32_t i = 0; i < whole->n_people; i++) {
        n += cut->is_free[i];
        n_pairs += cut->is_free[i] ? whole->people[i].n_pairs : 0;
    }
    small->people = alloc_zero(n, sizeof *small->people);
    small->pairs = alloc_zero(n_pairs, sizeof *small->pairs);
    small->tie_order = alloc_zero(n, sizeof *small->tie_order);
    part->person_of = alloc_zero(n, sizeof *part->person_of);
    part->pair_of = alloc_zero(n_pairs, sizeof *part->pair_of);
    part->chosen = alloc_zero(n, sizeof *part->chosen);
    small->n_people = small->n_pairs = 0;
    for (uint32_t i = 0; i < whole->n_people; i++)
        if (cut->is_free[i])
            add_person(part, cut, i);
    uint32_t place = 0;
    for (uint32_t t = 0; t < whole->n_people; t++)
        if (cut->is_free[whole->tie_order[t]])
            small->tie_order[place++] = cut->number[whole->tie_order[t]];
}

static void make_households(struct coupled_part *part, const struct cut *cut)
{
    const struct problem *whole = cut->whole;
    struct problem *small = &part->problem;
    small->households = alloc_zero(whole->n_households + 1, sizeof *small->households);
    small->n_households = 0;
    for (size_t h = 0; h < whole->n_households; h++) {
        const struct problem_household *from = &whole->households[h];
        if (!cut->is_free[from->people[0]])
            continue;
        struct problem_household *to = &small->households[small->n_households];
        *to = *from;
        to->people = alloc_zero(from->n, sizeof *to->people);
        for (size_t m = 0; m < from->n; m++) {
            to->people[m] = cut->number[from->people[m]];
            small->people[to->people[m]].household = (uint32_t)small->n_households;
        }
        small->n_households++;
    }
}

void coupled_part_init(struct coupled_part *part, const struct problem *whole,
                       const uint32_t *chosen, const unsigned char *closed, unsigned char *is_free)
{
    struct cut cut = {.whole = whole, .chosen = chosen, .is_free = is_free};
    *part = (struct coupled_part){.problem = *whole};
    cut.rooms_of = alloc_zero((size_t)whole->n_pools + 1, sizeof *cut.rooms_of);
    cut.is_closed = alloc_zero((size_t)whole->n_pools + 1, 1);
    cut.number = alloc_zero((size_t)whole->n_people + 1, sizeof *cut.number);
    part->problem.parts = alloc_zero((size_t)whole->n_parts + 1, sizeof *whole->parts);
    if (closed)
        memcpy(cut.is_closed, closed, whole->n_pools);
    memset(cut.rooms_of, 0xff, whole->n_pools * sizeof *cut.rooms_of);
    for (size_t r = 0; r < whole->n_rooms; r++)
        cut.rooms_of[whole->rooms[r].pool_index] = (uint32_t)r;
    size_t n_kept = 1;
    while (n_kept) {
        n_kept = close_pools(&cut);
        make_parts(part, &cut);
        n_kept += keep_homeless(&cut, part->problem.parts);
    }
    make_people(part, &cut);
    make_households(part, &cut);
    make_staff(part, &cut);
    make_rooms(part, &cut);
    free(cut.rooms_of);
    free(cut.is_closed);
    free(cut.number);
}

void coupled_part_clear(struct coupled_part *part)
{
    for (size_t h = 0; h < part->problem.n_households; h++)
        free(part->problem.households[h].people);
    free(part->problem.households);
    free(part->problem.parts);
    free(part->problem.people);
    free(part->problem.pairs);
    free(part->problem.tie_order);
    free(part->problem.staff);
    free(part->problem.rooms);
    free(part->person_of);
    free(part->pair_of);
    free(part->chosen);
}

void coupled_part_put(const struct coupled_part *part, const uint32_t *found, uint32_t *chosen)
{
    for (uint32_t i = 0; i < part->problem.n_people; i++)
        chosen[part->person_of[i]] =
            found[i] == PROBLEM_NONE ? PROBLEM_NONE : part->pair_of[found[i]];
}
