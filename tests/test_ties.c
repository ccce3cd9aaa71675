/* test_ties.c - the order of ties alone: no objectives, so that every possible plan is an optimal
 * one. */
#include "solver/ties.h"

#include "models/alloc.h"
#include "solver/components.h"
#include "tests/check.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 3000, CROWDS = 40, CROWD = 300, CROWD_POOLS = 100, NEAR = 12 };

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

/* -- more people and parts than can be tried out -- */

struct crowd {
    struct problem problem;
    struct policy policy;
    struct problem_person people[CROWD];
    struct problem_part parts[2 * CROWD_POOLS];
    struct problem_pair pairs[CROWD * 2 * NEAR];
    uint32_t tie_order[CROWD], chosen[CROWD];
    int64_t used[2 * CROWD_POOLS];
    struct face face;
};

/* Some pools have two parts; of every fourth crowd all beds are in parts of one. */
static void draw_parts(struct crowd *crowd, uint64_t seed, uint64_t *state)
{
    struct problem *problem = &crowd->problem;
    for (uint32_t pool = 0; pool < CROWD_POOLS; pool++)
        for (uint64_t k = check_random(state) % 4 == 0 ? 2 : 1; k > 0; k--) {
            struct problem_part *part = &crowd->parts[problem->n_parts++];
            part->pool_index = pool;
            part->capacity = seed % 4 == 0 ? 1 : (int64_t)(check_random(state) % 5);
        }
}

/* Everybody may have some of the parts near them, which are often equally dear. */
static void draw_crowd(struct crowd *crowd, uint64_t seed)
{
    uint64_t state = seed;
    struct problem *problem = &crowd->problem;
    *problem = (struct problem){.policy = &crowd->policy,
                                .people = crowd->people,
                                .n_people = CROWD,
                                .parts = crowd->parts,
                                .n_pools = CROWD_POOLS,
                                .pairs = crowd->pairs,
                                .tie_order = crowd->tie_order};
    draw_parts(crowd, seed, &state);
    for (uint32_t i = 0; i < CROWD; i++) {
        uint32_t near = (uint32_t)(check_random(&state) % (problem->n_parts - NEAR));
        crowd->people[i] =
            (struct problem_person){.first_pair = problem->n_pairs, .stay_pair = PROBLEM_NONE};
        for (uint32_t part = near; part < near + NEAR; part++) {
            /* the parts of one pool are equally far */
            int32_t metres =
                (int32_t)((i * 7 + crowd->parts[part].pool_index * 5) % (seed % 3 + 1));
            if (check_random(&state) % 3)
                crowd->pairs[problem->n_pairs++] = (struct problem_pair){i, part, metres, 0};
        }
        crowd->people[i].n_pairs = problem->n_pairs - crowd->people[i].first_pair;
        crowd->tie_order[i] = (i * 37 + 11) % CROWD;
    }
}

/* A bed for whoever comes to a free one; then anything may be a must that the plan keeps. */
static void begin_crowd(struct crowd *crowd, uint64_t seed)
{
    uint64_t state = seed + 77;
    struct problem *problem = &crowd->problem;
    face_init(&crowd->face, problem);
    for (uint32_t i = 0; i < CROWD; i++) {
        const struct problem_person *person = &crowd->people[i];
        crowd->chosen[i] = PROBLEM_NONE;
        for (uint32_t k = 0; k < person->n_pairs && crowd->chosen[i] == PROBLEM_NONE; k++) {
            uint32_t part = crowd->pairs[person->first_pair + k].part;
            if (crowd->used[part] == crowd->parts[part].capacity || check_random(&state) % 3 == 0)
                continue;
            crowd->chosen[i] = person->first_pair + k;
            crowd->used[part]++;
        }
        crowd->face.must_place[i] = crowd->chosen[i] != PROBLEM_NONE && check_random(&state) % 3;
    }
    for (uint32_t part = 0; part < problem->n_parts; part++)
        crowd->face.must_fill[part] =
            crowd->used[part] == crowd->parts[part].capacity && check_random(&state) % 2;
}

static uint32_t node_of(const struct crowd *crowd, uint32_t pair)
{
    return pair == PROBLEM_NONE ? crowd->problem.n_parts : crowd->pairs[pair].part;
}

/* Everywhere that one too many in `node` can be passed on to, when whoever has turn[i] < turn keeps
 * the pool. Depth first, person by person. */
static void pass_on(const struct crowd *crowd, const uint32_t *turn_of, uint32_t turn,
                    uint32_t node, unsigned char *is_reached)
{
    uint32_t outside = crowd->problem.n_parts;
    is_reached[node] = 1;
    for (uint32_t i = 0; i < CROWD; i++) {
        if (node_of(crowd, crowd->chosen[i]) != node)
            continue;
        int is_settled = turn_of[i] < turn;
        for (uint32_t pair = crowd->people[i].first_pair;
             pair < crowd->people[i].first_pair + crowd->people[i].n_pairs; pair++)
            if (!is_reached[crowd->pairs[pair].part] &&
                (!is_settled ||
                 pool_of(&crowd->problem, pair) == pool_of(&crowd->problem, crowd->chosen[i])))
                pass_on(crowd, turn_of, turn, crowd->pairs[pair].part, is_reached);
        if (!is_settled && !crowd->face.must_place[i] && !is_reached[outside])
            pass_on(crowd, turn_of, turn, outside, is_reached);
    }
    if (node < outside && crowd->used[node] < crowd->parts[node].capacity && !is_reached[outside])
        pass_on(crowd, turn_of, turn, outside, is_reached);
    for (uint32_t part = 0; node == outside && part < outside; part++)
        if (!crowd->face.must_fill[part] && !is_reached[part])
            pass_on(crowd, turn_of, turn, part, is_reached);
}

/* Could this person have something better, with everybody before them as well off as they are? */
static int is_wronged(const struct crowd *crowd, const uint32_t *turn_of, uint32_t person)
{
    const struct problem_person *at = &crowd->people[person];
    uint32_t now = crowd->chosen[person];
    for (uint32_t pair = at->first_pair; pair < at->first_pair + at->n_pairs; pair++) {
        unsigned char is_reached[2 * CROWD_POOLS + 1] = {0};
        if (now != PROBLEM_NONE && ties_compare(&crowd->problem, pair, now) >= 0)
            continue;
        pass_on(crowd, turn_of, turn_of[person], crowd->pairs[pair].part, is_reached);
        if (is_reached[node_of(crowd, now)])
            return 1;
    }
    return 0;
}

static size_t count_wronged(struct crowd *crowd)
{
    uint32_t turn_of[CROWD];
    size_t n = 0;
    for (uint32_t k = 0; k < CROWD; k++)
        turn_of[crowd->tie_order[k]] = k;
    for (uint32_t i = 0; i < CROWD; i++)
        n += (size_t)is_wronged(crowd, turn_of, i);
    return n;
}

/* Counts the beds anew; 0 when the plan breaks a must or a capacity. */
static int is_plan(struct crowd *crowd)
{
    memset(crowd->used, 0, sizeof crowd->used);
    for (uint32_t i = 0; i < CROWD; i++) {
        if (crowd->chosen[i] != PROBLEM_NONE)
            crowd->used[crowd->pairs[crowd->chosen[i]].part]++;
        else if (crowd->face.must_place[i])
            return 0;
    }
    for (uint32_t part = 0; part < crowd->problem.n_parts; part++)
        if (crowd->used[part] > crowd->parts[part].capacity ||
            (crowd->face.must_fill[part] && crowd->used[part] < crowd->parts[part].capacity))
            return 0;
    return 1;
}

/* Whoever leaves the component of where they were broke its meaning. */
static size_t count_strays(const struct crowd *crowd, const uint32_t *before)
{
    uint32_t component[2 * CROWD_POOLS + 1], parts[CROWD];
    size_t n = 0;
    face_parts(&crowd->face, before, parts);
    components_find(&crowd->face, parts, component);
    for (uint32_t i = 0; i < CROWD; i++)
        n += component[node_of(crowd, before[i])] != component[node_of(crowd, crowd->chosen[i])];
    return n;
}

/* Nobody is wronged by the rule's plan, and somebody is by most others. */
static void test_crowds(void)
{
    size_t wrong = 0, wronged_before = 0;
    for (uint64_t seed = 0; seed < CROWDS; seed++) {
        uint32_t before[CROWD];
        struct crowd *crowd = alloc_zero(1, sizeof *crowd);
        draw_crowd(crowd, seed);
        begin_crowd(crowd, seed);
        wronged_before += count_wronged(crowd) > 0;
        memcpy(before, crowd->chosen, sizeof before);
        ties_settle(&crowd->face, crowd->chosen);
        wrong += !is_plan(crowd);
        wrong += count_wronged(crowd) + count_strays(crowd, before);
        face_clear(&crowd->face);
        free(crowd);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(wronged_before, CROWDS);
}

static const struct check_test tests[] = {
    {"whole_face", test_whole_face},
    {"settled_stays", test_settled_stays},
    {"order_decides", test_order_decides},
    {"crowds", test_crowds},
};
CHECK_SUITE(suite_ties, tests);
