/* test_ties.c - the order of ties alone: no objectives, so that every possible plan is an optimal
 * one. */
#include "solver/ties.h"

#include "solver/arc_count.h"
#include "tests/check.h"
#include "tests/small_problem.h"

#include <string.h>

enum { WORLDS = 3000 };

static uint32_t pool_of(const struct problem *problem, uint32_t pair)
{
    return pair == PROBLEM_NONE ? PROBLEM_NONE
                                : problem->parts[problem->pairs[pair].part].pool_index;
}

/* The whole problem as one face; whom the rule places is placed whatever stood there before. */
static void test_whole_face(void)
{
    size_t wrong = 0, moved = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct small_best best;
        struct face face;
        uint32_t chosen[SMALL_PEOPLE];
        small_problem_draw(&small, seed);
        struct problem *problem = &small.problem;
        problem->n_objectives = 0;
        small_problem_best(problem, &best);
        face_init(&face, problem);
        for (uint32_t i = 0; i < problem->n_people; i++)
            chosen[i] = problem->people[i].stay_pair;
        ties_settle(&face, chosen);
        for (uint32_t i = 0; i < problem->n_people; i++) {
            wrong += pool_of(problem, chosen[i]) != best.pools[i];
            moved += chosen[i] != problem->people[i].stay_pair;
        }
        face_clear(&face);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(moved > WORLDS);
}

/* Settling what is settled changes nobody's pool. */
static void test_settled_stays(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct face face;
        uint32_t once[SMALL_PEOPLE], twice[SMALL_PEOPLE];
        small_problem_draw(&small, seed);
        const struct problem *problem = &small.problem;
        face_init(&face, problem);
        for (uint32_t i = 0; i < problem->n_people; i++)
            once[i] = problem->people[i].stay_pair;
        ties_settle(&face, once);
        memcpy(twice, once, sizeof once);
        ties_settle(&face, twice);
        for (uint32_t i = 0; i < problem->n_people; i++)
            wrong += pool_of(problem, once[i]) != pool_of(problem, twice[i]);
        face_clear(&face);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* One bed, two people who may have it; whoever comes first in the order has it. */
static void test_order_decides(void)
{
    for (uint32_t first = 0; first < 2; first++) {
        struct small_problem small;
        struct face face;
        uint32_t chosen[2] = {PROBLEM_NONE, 0};
        memset(&small, 0, sizeof small);
        struct problem *problem = &small.problem;
        small.parts[0] = (struct problem_part){&small.pools[0], &small.home, 0, "", 1, 0};
        small.pool_first_part[1] = 1;
        *problem = (struct problem){.policy = &small.policy,
                                    .people = small.people,
                                    .n_people = 2,
                                    .parts = small.parts,
                                    .n_parts = 1,
                                    .n_pools = 1,
                                    .pool_first_part = small.pool_first_part,
                                    .pairs = small.pairs,
                                    .n_pairs = 2,
                                    .tie_order = small.tie_order};
        for (uint32_t i = 0; i < 2; i++) {
            small.people[i] = (struct problem_person){.applicant = &small.applicants[i],
                                                      .first_pair = i,
                                                      .n_pairs = 1,
                                                      .stay_pair = PROBLEM_NONE,
                                                      .household = PROBLEM_NONE};
            small.pairs[i] = (struct problem_pair){i, 0, 100, 0};
            small.tie_order[i] = i ^ first;
        }
        chosen[0] = first ? 0 : PROBLEM_NONE;
        chosen[1] = first ? PROBLEM_NONE : 1;
        face_init(&face, problem);
        ties_settle(&face, chosen);
        CU_ASSERT_EQUAL(chosen[first], first);
        CU_ASSERT_EQUAL(chosen[!first], PROBLEM_NONE);
        face_clear(&face);
    }
}

/* Counts of arcs that come and go, against a matrix. */
static void test_arc_counts(void)
{
    enum { NODES = 90, STEPS = 200000 };
    static uint32_t matrix[NODES][NODES];
    struct arc_count arcs;
    uint64_t state = 5;
    size_t wrong = 0, zeros = 0;
    arc_count_init(&arcs);
    for (size_t step = 0; step < STEPS; step++) {
        /* nodes far apart in number, a window of them at a time, so that old arcs fall to 0 */
        uint32_t from = (uint32_t)((small_problem_random(&state) % 30 + step / 4000) % NODES);
        uint32_t to = (uint32_t)(small_problem_random(&state) % NODES);
        int change = matrix[from][to] && small_problem_random(&state) % 3 ? -1 : 1;
        matrix[from][to] += (uint32_t)change;
        wrong += arc_count_add(&arcs, from * 1000003, to, change) != matrix[from][to];
        zeros += matrix[from][to] == 0;
    }
    arc_count_clear(&arcs);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(zeros > STEPS / 10);
}

static const struct check_test tests[] = {
    {"whole_face", test_whole_face},
    {"settled_stays", test_settled_stays},
    {"order_decides", test_order_decides},
    {"arc_counts", test_arc_counts},
};
CHECK_SUITE(suite_ties, tests);
