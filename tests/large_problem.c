/* large_problem.c - see large_problem.h. */
#include "tests/large_problem.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/small_problem.h"

#include <string.h>

static void draw_person(struct large_problem *large, uint32_t i, int64_t scale, uint64_t *state)
{
    static char no_class[] = "";
    struct problem *problem = &large->problem;
    uint32_t own =
        check_random(state) % 8 ? LARGE_POOLS : (uint32_t)(check_random(state) % LARGE_POOLS);
    large->applicants[i].class_code = no_class;
    struct problem_person *person = &large->people[i];
    *person = (struct problem_person){.applicant = &large->applicants[i],
                                      .points = (int64_t)(check_random(state) % 50) * scale,
                                      .days = (int64_t)(check_random(state) % 400),
                                      .is_guaranteed = check_random(state) % 9 == 0,
                                      .first_pair = problem->n_pairs,
                                      .stay_pair = PROBLEM_NONE,
                                      .household = PROBLEM_NONE};
    for (uint32_t p = 0; p < LARGE_POOLS; p++) {
        int32_t metres = (int32_t)(check_random(state) % 5000);
        int32_t rank = (int32_t)(check_random(state) % 4);
        if (p != own && check_random(state) % 2)
            continue;
        if (p == own) {
            person->stay_pair = problem->n_pairs;
            large->parts[p].capacity++;
            large->parts[p].stayers++;
        }
        large->pairs[problem->n_pairs++] = (struct problem_pair){i, p, metres, rank};
    }
    person->n_pairs = problem->n_pairs - person->first_pair;
    large->tie_order[i] = (i * 37 + 11) % LARGE_PEOPLE;
}

/* Beds beyond those of the residents are dealt out again; what people count is levelled. */
static void reshape(struct large_problem *large, enum large_shape shape)
{
    struct problem *problem = &large->problem;
    for (uint32_t p = 0; p < LARGE_POOLS && shape != LARGE_DRAWN; p++) {
        int64_t beds = shape == LARGE_GIANT ? (p ? 3 : 60)
                       : shape == LARGE_SINGLE
                           ? 1
                           : LARGE_PEOPLE / LARGE_POOLS + (p < LARGE_PEOPLE % LARGE_POOLS);
        large->parts[p].capacity = large->parts[p].stayers + beds;
    }
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        if (shape == LARGE_TIES || shape == LARGE_EQUAL)
            large->pairs[pair].metres = large->pairs[pair].rank = 1;
        if (shape == LARGE_TIES &&
            large->people[large->pairs[pair].person].stay_pair == PROBLEM_NONE)
            large->people[large->pairs[pair].person].points = 7;
    }
}

struct large_problem *large_problem_new(uint64_t seed, enum large_shape shape)
{
    static const enum objective orders[][5] = {
        {OBJECTIVE_NEED, OBJECTIVE_PLACEMENTS, OBJECTIVE_TRAVEL, OBJECTIVE_MOVES},
        {OBJECTIVE_GUARANTEE, OBJECTIVE_NEED, OBJECTIVE_PLACEMENTS, OBJECTIVE_PREFERENCE,
         OBJECTIVE_TRAVEL},
        {OBJECTIVE_PLACEMENTS, OBJECTIVE_TRANSFERS, OBJECTIVE_TRAVEL, OBJECTIVE_SENIORITY},
    };
    uint64_t state = seed;
    struct large_problem *large = alloc_zero(1, sizeof *large);
    struct problem *problem = &large->problem;
    *problem = (struct problem){.policy = &large->policy,
                                .people = large->people,
                                .n_people = LARGE_PEOPLE,
                                .parts = large->parts,
                                .n_parts = LARGE_POOLS,
                                .n_pools = LARGE_POOLS,
                                .pool_first_part = large->pool_first_part,
                                .pairs = large->pairs,
                                .tie_order = large->tie_order,
                                .n_objectives = seed % 3 == 1 ? 5 : 4};
    memcpy(problem->objectives, orders[seed % 3], sizeof orders[0]);
    for (uint32_t p = 0; p < LARGE_POOLS; p++) {
        large->parts[p] = (struct problem_part){
            &large->pools[p], &large->home, p, "", (int64_t)(check_random(&state) % 12), 0};
        large->pool_first_part[p + 1] = p + 1;
    }
    /* with points of this size doubles are not exact any more */
    int64_t scale = seed % 4 == 3 ? INT64_C(40000000000) + 1 : 1;
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
        draw_person(large, i, scale, &state);
    reshape(large, shape);
    small_problem_find_widest(problem);
    return large;
}
