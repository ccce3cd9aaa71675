/* greedy.c - see greedy.h. Owns what is still free while it runs: beds by part, minutes by staff
 * row. */
#include "solver/greedy.h"

#include "models/alloc.h"
#include "solver/problem_coupled.h"
#include "solver/ties.h"

#include <stdlib.h>
#include <string.h>

struct turn {
    uint32_t person;
    size_t n;                       /* of worth */
    int64_t worth[OBJECTIVE_COUNT]; /* more comes first, in this order */
    uint32_t place;                 /* in the order of ties */
};

static int by_turn(const void *a, const void *b)
{
    const struct turn *one = a, *two = b;
    for (size_t k = 0; k < one->n; k++)
        if (one->worth[k] != two->worth[k])
            return one->worth[k] > two->worth[k] ? -1 : 1;
    return (one->place > two->place) - (one->place < two->place);
}

struct desk {
    const struct problem *problem;
    uint32_t *chosen;
    int64_t *free_beds;    /* by part */
    int64_t *free_minutes; /* by staff row */
};

static int64_t *minutes_of(const struct desk *desk, uint32_t pair)
{
    const struct problem *problem = desk->problem;
    uint32_t row = problem_coupled_staff(problem, problem->pairs[pair].part);
    return row == PROBLEM_NONE ? NULL : &desk->free_minutes[row];
}

static int has_minutes(const struct desk *desk, uint32_t pair)
{
    const struct problem_person *person = &desk->problem->people[desk->problem->pairs[pair].person];
    const int64_t *there = minutes_of(desk, pair);
    if (!there ||
        (person->stay_pair != PROBLEM_NONE && minutes_of(desk, person->stay_pair) == there))
        return 1;
    return person->care_minutes <= *there;
}

/* A bed that somebody leaves in a pool with rooms is for the leaver's sex: left alone as well. */
static int falls_free(const struct problem *problem, uint32_t pair)
{
    return problem_coupled_rooms(problem, problem->pairs[pair].part) == PROBLEM_NONE;
}

static void take(struct desk *desk, uint32_t person, uint32_t pair)
{
    const struct problem *problem = desk->problem;
    uint32_t before = desk->chosen[person];
    int64_t *there = minutes_of(desk, pair), *here;
    if (before != PROBLEM_NONE) {
        here = minutes_of(desk, before);
        desk->free_beds[problem->pairs[before].part] += falls_free(problem, before);
        if (here)
            *here += problem->people[person].care_minutes;
    }
    desk->free_beds[problem->pairs[pair].part]--;
    if (there)
        *there -= problem->people[person].care_minutes;
    desk->chosen[person] = pair;
}

static void serve(struct desk *desk, uint32_t person)
{
    const struct problem *problem = desk->problem;
    const struct problem_person *at = &problem->people[person];
    uint32_t best = desk->chosen[person];
    if (at->household != PROBLEM_NONE)
        return;
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++)
        if (desk->free_beds[problem->pairs[pair].part] > 0 && has_minutes(desk, pair) &&
            (best == PROBLEM_NONE || ties_compare(problem, pair, best) < 0))
            best = pair;
    if (best != desk->chosen[person])
        take(desk, person, best);
}

/* Beds in rooms whose sex is open could be closed to the next person: greedy leaves them alone, the
 * open part of the pool first. */
static void leave_rooms(struct desk *desk)
{
    const struct problem *problem = desk->problem;
    for (size_t r = 0; r < problem->n_rooms; r++) {
        uint32_t number = problem->rooms[r].pool_index;
        const struct pool *pool = problem->parts[problem->pool_first_part[number]].pool;
        int64_t beds = 0;
        for (size_t g = 0; g < pool->n_rooms; g++)
            beds += pool->rooms[g].rooms * pool->rooms[g].beds;
        for (uint32_t part = problem->pool_first_part[number + 1];
             part-- > problem->pool_first_part[number];) {
            int64_t left = desk->free_beds[part] < beds ? desk->free_beds[part] : beds;
            desk->free_beds[part] -= left;
            beds -= left;
        }
    }
}

static void open_desk(struct desk *desk, const struct problem *problem, uint32_t *chosen)
{
    *desk = (struct desk){.problem = problem, .chosen = chosen};
    desk->free_beds = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    desk->free_minutes = alloc_zero(problem->n_staff + 1, sizeof(int64_t));
    for (uint32_t p = 0; p < problem->n_parts; p++)
        desk->free_beds[p] = problem->parts[p].capacity - problem->parts[p].stayers;
    for (size_t row = 0; row < problem->n_staff; row++)
        desk->free_minutes[row] = problem->staff[row].free_minutes;
    for (uint32_t i = 0; i < problem->n_people; i++)
        chosen[i] = problem->people[i].stay_pair;
    leave_rooms(desk);
}

static void serve_all(const struct problem *problem, struct turn *turns, uint32_t *chosen)
{
    struct desk desk;
    for (uint32_t k = 0; k < problem->n_people; k++) {
        turns[problem->tie_order[k]].person = problem->tie_order[k];
        turns[problem->tie_order[k]].place = k;
    }
    qsort(turns, problem->n_people, sizeof *turns, by_turn);
    open_desk(&desk, problem, chosen);
    for (uint32_t k = 0; k < problem->n_people; k++)
        serve(&desk, turns[k].person);
    free(desk.free_beds);
    free(desk.free_minutes);
}

/* -- labels of the beds -- */

/* The person's pair with a free bed of their pool; `own` = only one kept for their class. */
static uint32_t free_pair(const struct problem *problem, const int64_t *free_beds, uint32_t pair,
                          int own)
{
    const struct problem_person *person = &problem->people[problem->pairs[pair].person];
    uint32_t pool = problem->parts[problem->pairs[pair].part].pool_index;
    for (uint32_t at = person->first_pair; at < person->first_pair + person->n_pairs; at++) {
        const struct problem_part *part = &problem->parts[problem->pairs[at].part];
        int is_own = part->reserve[0] && strcmp(part->reserve, person->applicant->class_code) == 0;
        if (part->pool_index == pool && free_beds[problem->pairs[at].part] > 0 && (is_own || !own))
            return at;
    }
    return PROBLEM_NONE;
}

/* Newcomers to beds of their class first, then everybody else who comes to what is left. */
void greedy_label(const struct problem *problem, uint32_t *chosen)
{
    if (problem->policy->reserve != RESERVE_SOFT)
        return;
    int64_t *free_beds = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    char *is_done = alloc_zero((size_t)problem->n_people + 1, 1);
    for (uint32_t p = 0; p < problem->n_parts; p++)
        free_beds[p] = problem->parts[p].capacity;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        is_done[i] = chosen[i] == PROBLEM_NONE || problem_is_stay(problem, chosen[i]);
        if (is_done[i] && chosen[i] != PROBLEM_NONE)
            free_beds[problem->pairs[chosen[i]].part]--;
    }
    for (int own = 1; own >= 0; own--)
        for (uint32_t i = 0; i < problem->n_people; i++) {
            int is_turn = !is_done[i] && (!own || problem->people[i].stay_pair == PROBLEM_NONE);
            uint32_t pair = is_turn ? free_pair(problem, free_beds, chosen[i], own) : PROBLEM_NONE;
            if (pair == PROBLEM_NONE)
                continue;
            free_beds[problem->pairs[pair].part]--;
            chosen[i] = pair;
            is_done[i] = 1;
        }
    free(is_done);
    free(free_beds);
}

void greedy_assign(const struct problem *problem, uint32_t *chosen)
{
    struct turn *turns = alloc_zero((size_t)problem->n_people + 1, sizeof *turns);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        turns[i].n = 1;
        turns[i].worth[0] = problem->people[i].points;
    }
    serve_all(problem, turns, chosen);
    greedy_label(problem, chosen);
    free(turns);
}

void greedy_start(const struct problem *problem, uint32_t *chosen)
{
    struct turn *turns = alloc_zero((size_t)problem->n_people + 1, sizeof *turns);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        for (size_t k = 0; k < problem->n_objectives; k++)
            if (problem_asks_who(problem->objectives[k]))
                turns[i].worth[turns[i].n++] =
                    person->n_pairs ? problem_gain(problem, person->first_pair, k) : 0;
    }
    serve_all(problem, turns, chosen);
    free(turns);
}
