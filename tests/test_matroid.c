/* test_matroid.c - the objectives that only ask who is placed, as one stage: against every
 * assignment, against the same objectives solved one after the other, and where it must not be
 * used. */
#include "solver/matroid.h"

#include "models/alloc.h"
#include "solver/greedy.h"
#include "solver/prices.h"
#include "tests/check.h"
#include "tests/drawn_round.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 4000, LARGE_WORLDS = 60 };

/* -- a head for any problem -- */

static const enum objective who[] = {OBJECTIVE_GUARANTEE, OBJECTIVE_NEED, OBJECTIVE_PLACEMENTS,
                                     OBJECTIVE_SENIORITY};
enum { N_WHO = sizeof who / sizeof *who };

/* Some of the objectives that only ask who is placed, in any order, then a few others. */
static void draw_head(struct problem *problem, uint64_t seed)
{
    static const enum objective others[] = {OBJECTIVE_TRANSFERS, OBJECTIVE_PREFERENCE,
                                            OBJECTIVE_TRAVEL, OBJECTIVE_MOVES};
    uint64_t state = seed + 5000000;
    enum objective order[N_WHO];
    memcpy(order, who, sizeof who);
    for (uint32_t k = N_WHO - 1; k > 0; k--) {
        uint32_t other = (uint32_t)(check_random(&state) % (k + 1));
        enum objective kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
    size_t n = 1 + check_random(&state) % N_WHO, rest = check_random(&state) % 3;
    memcpy(problem->objectives, order, n * sizeof *order);
    for (size_t k = 0; k < rest; k++)
        problem->objectives[n + k] = others[(seed + k) % 4];
    problem->n_objectives = n + rest;
    small_problem_find_widest(problem);
}

/* Residents where they are, newcomers nowhere; or everybody in turn takes any free bed, or none: a
 * plan all the same. Where people begin must not matter. */
static uint32_t *begin_anywhere(const struct problem *problem, uint64_t seed)
{
    uint64_t state = seed;
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof *chosen);
    int64_t *free_beds = alloc_zero((size_t)problem->n_parts + 1, sizeof *free_beds);
    for (uint32_t part = 0; part < problem->n_parts; part++)
        free_beds[part] = problem->parts[part].capacity - problem->parts[part].stayers;
    for (uint32_t i = 0; i < problem->n_people; i++)
        chosen[i] = problem->people[i].stay_pair;
    for (uint32_t i = 0; seed % 2 && i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        if (person->n_pairs == 0 || check_random(&state) % 4 == 0)
            continue;
        uint32_t pair = person->first_pair + (uint32_t)(check_random(&state) % person->n_pairs);
        if (free_beds[problem->pairs[pair].part] == 0)
            continue;
        if (chosen[i] != PROBLEM_NONE)
            free_beds[problem->pairs[chosen[i]].part]++;
        free_beds[problem->pairs[pair].part]--;
        chosen[i] = pair;
    }
    free(free_beds);
    return chosen;
}

/* One round whose head was solved at once. */
struct head {
    const struct problem *problem;
    struct face full, face;
    struct matroid matroid;
    uint32_t *chosen;
    int64_t *part_price, *person_price; /* `n` each */
    size_t n;
    int proved;
};

static void head_init(struct head *head, const struct problem *problem, size_t n, uint64_t seed,
                      int64_t work_limit)
{
    struct budget budget = {.work_limit = work_limit};
    *head = (struct head){.problem = problem, .n = n};
    face_init(&head->full, problem);
    face_init(&head->face, problem);
    head->chosen = begin_anywhere(problem, seed);
    head->proved = matroid_solve(&head->matroid, &head->full, n, &budget, head->chosen);
    head->part_price = alloc_zero(((size_t)problem->n_parts + 1) * n, sizeof(int64_t));
    head->person_price = alloc_zero(((size_t)problem->n_people + 1) * n, sizeof(int64_t));
    matroid_prices(&head->matroid, n, head->part_price, head->person_price);
    face_restrict_ranks(&head->face, head->matroid.part_rank, head->matroid.person_rank);
}

static void head_clear(struct head *head)
{
    matroid_clear(&head->matroid);
    face_clear(&head->full);
    face_clear(&head->face);
    free(head->chosen);
    free(head->part_price);
    free(head->person_price);
}

static int64_t value_of(const struct head *head, size_t k)
{
    int64_t value = 0;
    for (uint32_t i = 0; i < head->problem->n_people; i++)
        if (head->chosen[i] != PROBLEM_NONE)
            value += problem_gain(head->problem, head->chosen[i], k);
    return value;
}

/* 1 when nobody is in two places, no part too full and no resident without a bed. */
static int is_plan(const struct problem *problem, const uint32_t *chosen)
{
    int holds = 1;
    int64_t *used = alloc_zero((size_t)problem->n_parts + 1, sizeof *used);
    for (uint32_t i = 0; i < problem->n_people; i++) {
        if (chosen[i] == PROBLEM_NONE) {
            holds &= problem->people[i].stay_pair == PROBLEM_NONE;
            continue;
        }
        holds &= problem->pairs[chosen[i]].person == i;
        used[problem->pairs[chosen[i]].part]++;
    }
    for (uint32_t part = 0; part < problem->n_parts; part++)
        holds &= used[part] <= problem->parts[part].capacity;
    free(used);
    return holds;
}

/* -- the same, one objective after the other -- */

static int same_face(const struct face *one, const struct face *two)
{
    const struct problem *problem = one->problem;
    uint32_t n = one->first[problem->n_people];
    return memcmp(one->first, two->first, (problem->n_people + 1) * sizeof(uint32_t)) == 0 &&
           memcmp(one->pairs, two->pairs, n * sizeof(uint32_t)) == 0 &&
           memcmp(one->parts, two->parts, n * sizeof(uint32_t)) == 0 &&
           memcmp(one->must_place, two->must_place, problem->n_people) == 0 &&
           memcmp(one->must_fill, two->must_fill, problem->n_parts) == 0;
}

/* How many things differ from the head solved stage by stage by exchanges and their least prices.
 */
static size_t compare_stages(const struct head *head)
{
    const struct problem *problem = head->problem;
    struct face face;
    struct budget budget = {0};
    size_t wrong = 0;
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof *chosen);
    int64_t *gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof *gain);
    int64_t *part_price = alloc_zero((size_t)problem->n_parts + 1, sizeof *part_price);
    int64_t *person_price = alloc_zero((size_t)problem->n_people + 1, sizeof *person_price);
    face_init(&face, problem);
    greedy_start(problem, chosen);
    for (size_t k = 0; k < head->n; k++) {
        for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
            gain[pair] = problem_gain(problem, pair, k);
        wrong += prices_prove(&face, gain, chosen, INT64_MAX, &budget, part_price, person_price,
                              NULL) != 1;
        wrong += prices_value(&face, gain, chosen) != value_of(head, k);
        for (uint32_t p = 0; p < problem->n_parts; p++)
            wrong += part_price[p] != head->part_price[p * head->n + k];
        for (uint32_t i = 0; i < problem->n_people; i++)
            wrong += person_price[i] != head->person_price[i * head->n + k];
        face_restrict(&face, gain, part_price, person_price);
    }
    wrong += !same_face(&face, &head->face);
    face_clear(&face);
    free(chosen);
    free(gain);
    free(part_price);
    free(person_price);
    return wrong;
}

static void test_stage_by_stage(void)
{
    size_t wrong = 0, priced = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct head head;
        small_problem_draw(&small, seed);
        draw_head(&small.problem, seed);
        head_init(&head, &small.problem, matroid_objectives(&small.problem), seed, 0);
        wrong += !head.proved || !is_plan(&small.problem, head.chosen);
        wrong += compare_stages(&head) > 0;
        for (uint32_t p = 0; p < small.problem.n_parts; p++)
            priced += head.matroid.part_rank[p] > 0;
        head_clear(&head);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(priced > WORLDS / 4);
}

static void test_shapes(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < LARGE_WORLDS; seed++) {
        struct large_problem *large =
            large_problem_new(seed, (enum large_shape)(seed % LARGE_SHAPES));
        struct head head;
        draw_head(&large->problem, seed);
        head_init(&head, &large->problem, matroid_objectives(&large->problem), seed, 0);
        wrong += !head.proved || !is_plan(&large->problem, head.chosen);
        wrong += compare_stages(&head) > 0;
        head_clear(&head);
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* -- every assignment -- */

struct trial {
    const struct head *head;
    size_t optimal, on_face, differ;
};

/* Is this assignment on the face: its pairs there, everybody placed and every part filled who must
 * be? */
static int is_on_face(const struct face *face, const struct small_plan *plan)
{
    for (uint32_t i = 0; i < face->problem->n_people; i++) {
        uint32_t at = face->first[i], end = face->first[i + 1];
        if (plan->chosen[i] == PROBLEM_NONE) {
            if (face->must_place[i])
                return 0;
            continue;
        }
        while (at < end && face->pairs[at] != plan->chosen[i])
            at++;
        if (at == end)
            return 0;
    }
    for (uint32_t p = 0; p < face->problem->n_parts; p++)
        if (face->must_fill[p] && plan->used[p] < face->problem->parts[p].capacity)
            return 0;
    return 1;
}

static int is_optimal(const struct head *head, const struct small_plan *plan)
{
    const struct problem *problem = head->problem;
    for (size_t k = 0; k < head->n; k++) {
        int64_t value = 0;
        for (uint32_t i = 0; i < problem->n_people; i++)
            if (plan->chosen[i] != PROBLEM_NONE)
                value += problem_gain(problem, plan->chosen[i], k);
        if (value != value_of(head, k))
            return 0;
    }
    return 1;
}

static void judge(void *context, const struct small_plan *plan)
{
    struct trial *trial = context;
    int optimal = is_optimal(trial->head, plan);
    int on_face = is_on_face(&trial->head->face, plan);
    trial->optimal += (size_t)optimal;
    trial->on_face += (size_t)on_face;
    trial->differ += optimal != on_face;
}

/* The plans on the face are the optimal ones, all of them and no others. */
static void test_face(void)
{
    size_t wrong = 0, several = 0;
    for (uint64_t seed = 0; seed < WORLDS / 2; seed++) {
        struct small_problem small;
        struct small_best best;
        struct head head;
        small_problem_draw(&small, seed);
        draw_head(&small.problem, seed);
        head_init(&head, &small.problem, matroid_objectives(&small.problem), seed, 0);
        small_problem_best(&small.problem, &best);
        for (size_t k = 0; k < head.n; k++)
            wrong += value_of(&head, k) != best.gains[k];
        struct trial trial = {.head = &head};
        small_problem_walk(&small.problem, judge, &trial);
        wrong += trial.differ > 0 || trial.optimal == 0;
        several += trial.optimal > 1;
        head_clear(&head);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(several > WORLDS / 4);
}

/* The check above can fail: one rank changed, and the face is another one in most rounds. */
static void test_wrong_rank(void)
{
    size_t noticed = 0, tried = 0;
    for (uint64_t seed = 0; seed < WORLDS / 8; seed++) {
        struct small_problem small;
        struct head head;
        small_problem_draw(&small, seed);
        draw_head(&small.problem, seed);
        head_init(&head, &small.problem, matroid_objectives(&small.problem), seed, 0);
        for (uint32_t p = 0; p < small.problem.n_parts; p++) {
            if (head.matroid.part_rank[p] == 0)
                continue;
            struct trial trial = {.head = &head};
            head.matroid.part_rank[p] = 0;
            face_clear(&head.face);
            face_init(&head.face, &small.problem);
            face_restrict_ranks(&head.face, head.matroid.part_rank, head.matroid.person_rank);
            small_problem_walk(&small.problem, judge, &trial);
            noticed += trial.differ > 0;
            tried++;
            break;
        }
        head_clear(&head);
    }
    CU_ASSERT(tried > WORLDS / 50);
    CU_ASSERT(noticed > tried / 2);
}

/* -- only the order of points counts -- */

static void make_huge(struct small_problem *small)
{
    for (uint32_t i = 0; i < small->problem.n_people; i++)
        if (small->people[i].points > 0)
            small->people[i].points += INT64_MAX - 15;
}

/* Points so large that no two of them can be added: the same ranks, the same face, and prices that
 * are those points. */
static void test_scale(void)
{
    size_t wrong = 0, huge = 0;
    for (uint64_t seed = 0; seed < WORLDS / 4; seed++) {
        struct small_problem small;
        struct head heads[2];
        small_problem_draw(&small, seed);
        draw_head(&small.problem, seed);
        size_t n = matroid_objectives(&small.problem);
        for (int h = 0; h < 2; h++) {
            head_init(&heads[h], &small.problem, n, seed, 0);
            if (h == 0)
                make_huge(&small);
        }
        wrong += !same_face(&heads[0].face, &heads[1].face);
        wrong += memcmp(heads[0].matroid.part_rank, heads[1].matroid.part_rank,
                        small.problem.n_parts * sizeof(int32_t)) != 0;
        for (size_t at = 0; at < small.problem.n_parts * n; at++)
            huge += heads[1].part_price[at] > INT64_MAX / 2;
        head_clear(&heads[0]);
        head_clear(&heads[1]);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(huge > WORLDS / 50);
}

/* -- limits -- */

/* Stopped early there is a plan all the same, and the prices give a bound that holds. */
static void test_spent(void)
{
    size_t wrong = 0, stopped = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct small_problem small;
        struct head head, whole;
        int64_t gain[SMALL_PAIRS], price[SMALL_PARTS];
        small_problem_draw(&small, seed);
        draw_head(&small.problem, seed);
        size_t n = matroid_objectives(&small.problem);
        head_init(&head, &small.problem, n, seed, 1);
        head_init(&whole, &small.problem, n, seed, 0);
        for (uint32_t pair = 0; pair < small.problem.n_pairs; pair++)
            gain[pair] = problem_gain(&small.problem, pair, 0);
        for (uint32_t p = 0; p < small.problem.n_parts; p++)
            price[p] = head.part_price[p * n];
        wrong += !is_plan(&small.problem, head.chosen);
        wrong += prices_bound(&head.full, gain, price) < value_of(&whole, 0);
        stopped += !head.proved;
        head_clear(&head);
        head_clear(&whole);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(stopped > WORLDS / 20);
}

/* An optimal plan to begin with is what comes out, person by person. */
static void test_optimal_start(void)
{
    size_t wrong = 0;
    for (uint64_t seed = 0; seed < WORLDS / 4; seed++) {
        struct small_problem small;
        struct head head;
        struct matroid again;
        struct budget budget = {0};
        uint32_t chosen[SMALL_PEOPLE];
        small_problem_draw(&small, seed);
        draw_head(&small.problem, seed);
        head_init(&head, &small.problem, matroid_objectives(&small.problem), seed, 0);
        memcpy(chosen, head.chosen, small.problem.n_people * sizeof *chosen);
        wrong += !matroid_solve(&again, &head.full, head.n, &budget, chosen);
        for (uint32_t i = 0; i < small.problem.n_people; i++)
            wrong += head.chosen[i] != PROBLEM_NONE && head.chosen[i] != chosen[i];
        matroid_clear(&again);
        head_clear(&head);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* -- where it must not be used -- */

/* Objectives that ask where somebody is, or count residents: never in the head, and wrong there. */
static void test_not_for_places(void)
{
    static const enum objective not_who[] = {OBJECTIVE_RESERVE, OBJECTIVE_TRANSFERS,
                                             OBJECTIVE_PREFERENCE, OBJECTIVE_TRAVEL,
                                             OBJECTIVE_MOVES};
    size_t wrong = 0, failures[sizeof not_who / sizeof *not_who] = {0};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        size_t sort = seed % (sizeof not_who / sizeof *not_who);
        struct small_problem small;
        struct small_best best;
        struct head head;
        small_problem_draw(&small, seed);
        small.problem.n_objectives = 3;
        small.problem.objectives[0] = OBJECTIVE_PLACEMENTS;
        small.problem.objectives[1] = not_who[sort];
        small.problem.objectives[2] = OBJECTIVE_NEED;
        wrong += matroid_objectives(&small.problem) != 1;
        small_problem_best(&small.problem, &best);
        head_init(&head, &small.problem, 3, seed, 0); /* on purpose */
        failures[sort] += value_of(&head, 0) != best.gains[0] ||
                          value_of(&head, 1) != best.gains[1] ||
                          value_of(&head, 2) != best.gains[2];
        head_clear(&head);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    for (size_t sort = 0; sort < sizeof not_who / sizeof *not_who; sort++)
        CU_ASSERT(failures[sort] > 10);
}

/* Households, staff minutes, rooms: who may be placed together is no matroid of this kind. What the
 * stage finds there is no plan, or better than any plan there is. */
static void test_not_for_coupled_rounds(void)
{
    size_t wrong = 0, failures[3] = {0};
    for (uint64_t seed = 1; seed <= WORLDS / 4; seed++) {
        struct drawn_round round;
        struct head head;
        if (drawn_round_init(&round, seed, RANDOM_COUPLED) != 0)
            continue;
        struct problem *problem = problem_new(round.region, round.policy, round.world.now, NULL);
        problem->objectives[0] = OBJECTIVE_PLACEMENTS;
        int is_coupled = problem_is_coupled(problem);
        wrong += is_coupled && matroid_objectives(problem) != 0;
        int placed = 0;
        for (int k = 0; k < round.brute.n_objectives; k++)
            if (round.brute.objectives[k] == OBJECTIVE_PLACEMENTS)
                placed = k + 1;
        head_init(&head, problem, 1, seed, 0); /* on purpose */
        if (is_coupled && placed == 1 && value_of(&head, 0) != round.brute.values[0]) {
            failures[0] += problem->n_households > 0;
            failures[1] += problem->n_staff > 0;
            failures[2] += problem->n_rooms > 0;
        }
        head_clear(&head);
        problem_free(problem);
        drawn_round_clear(&round);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(failures[0] > 0);
    CU_ASSERT(failures[1] > 0);
    CU_ASSERT(failures[2] > 0);
}

static const struct check_test tests[] = {
    {"equals_stage_by_stage", test_stage_by_stage},
    {"hostile_shapes", test_shapes},
    {"face_is_all_optimal_plans", test_face},
    {"a_wrong_rank_is_noticed", test_wrong_rank},
    {"only_the_order_counts", test_scale},
    {"spent_budget", test_spent},
    {"an_optimal_plan_stays", test_optimal_start},
    {"not_where_places_count", test_not_for_places},
    {"not_in_coupled_rounds", test_not_for_coupled_rounds},
};
CHECK_SUITE(suite_matroid, tests);
