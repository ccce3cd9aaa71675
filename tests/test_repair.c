/* test_repair.c - the quick way of a round that differs little from the last one gives what the
 * stages give, in everything; and rounds do take it. */
#include "solver/repair.h"

#include "models/alloc.h"
#include "solver/near.h"
#include "tests/check.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 60 };

static void find_widest(struct problem *problem)
{
    for (size_t k = 0; k < problem->n_objectives; k++) {
        problem->widest[k] = 0;
        for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
            if (llabs(problem_gain(problem, pair, k)) > problem->widest[k])
                problem->widest[k] = llabs(problem_gain(problem, pair, k));
    }
}

struct answer {
    uint32_t chosen[LARGE_PEOPLE];
    struct network_result result;
};

static void solve_cold(const struct problem *problem, struct answer *answer)
{
    struct solver_options options = {0};
    struct greatest *greatest = &answer->result.greatest;
    CU_ASSERT_EQUAL_FATAL(network_solve(problem, &options, answer->chosen, &answer->result, NULL),
                          0);
    CU_ASSERT_FATAL(answer->result.part_price != NULL);
    greatest_init(greatest, problem, answer->chosen, answer->result.part_price,
                  answer->result.person_price);
}

/* From the plan and the prices of `last`; 1 when the round was repaired. */
static int solve_again(const struct problem *problem, const struct answer *last,
                       struct answer *answer)
{
    struct solver_options options = {0};
    struct budget budget;
    struct answer begin = *last;
    struct warm warm = {.chosen = begin.chosen, .part_price = last->result.part_price};
    struct network_result *result = &answer->result;
    size_t n = problem->n_objectives;
    *result = (struct network_result){0};
    result->part_price = alloc_zero((LARGE_POOLS + 1) * (n + 1), sizeof(int64_t));
    result->person_price = alloc_zero((LARGE_PEOPLE + 1) * (n + 1), sizeof(int64_t));
    budget_init(&budget, &options);
    return repair_solve(problem, &warm, &budget, answer->chosen, result);
}

static size_t differs(const void *a, const void *b, size_t n, size_t size)
{
    return memcmp(a, b, n * size) != 0;
}

/* In how many ways they are not the same. */
static size_t compare(const struct problem *problem, const struct answer *a, const struct answer *b)
{
    size_t n = problem->n_objectives;
    const struct greatest *one = &a->result.greatest, *two = &b->result.greatest;
    size_t wrong =
        differs(a->chosen, b->chosen, LARGE_PEOPLE, sizeof(uint32_t)) +
        differs(a->result.part_price, b->result.part_price, LARGE_POOLS * n, sizeof(int64_t)) +
        differs(a->result.person_price, b->result.person_price, LARGE_PEOPLE * n, sizeof(int64_t)) +
        differs(a->result.values, b->result.values, n, sizeof(int64_t)) +
        differs(a->result.bounds, b->result.bounds, n, sizeof(int64_t));
    if (one->loss && two->loss)
        wrong += differs(one->loss, two->loss, LARGE_POOLS * n, sizeof(int64_t)) +
                 differs(one->is_known, two->is_known, LARGE_POOLS, 1) +
                 differs(one->last, two->last, LARGE_POOLS, sizeof(uint32_t)) +
                 differs(one->next, two->next, LARGE_POOLS, sizeof(uint32_t));
    return wrong;
}

/* So many pools have a bed more or less, so many people other points, distances and ranks. */
static void change(struct large_problem *large, uint64_t *state, uint32_t much)
{
    for (uint32_t turn = 0; turn < much; turn++) {
        struct problem_part *part = &large->parts[small_problem_random(state) % LARGE_POOLS];
        uint32_t i = (uint32_t)(small_problem_random(state) % LARGE_PEOPLE);
        struct problem_person *person = &large->people[i];
        if (turn % 2 || part->capacity <= part->stayers + 1)
            part->capacity++;
        else
            part->capacity--;
        person->points = large->people[small_problem_random(state) % LARGE_PEOPLE].points;
        for (uint32_t k = 0; k < person->n_pairs; k++) {
            struct problem_pair *pair = &large->pairs[person->first_pair + k];
            pair->metres = (pair->metres * 7 + 13) % 5000;
            pair->rank = (pair->rank + 1) % 4;
        }
    }
    find_widest(&large->problem);
}

/* Nobody is left in a bed that is not there any more. */
static void make_room(const struct problem *problem, uint32_t *chosen)
{
    int64_t used[LARGE_POOLS] = {0};
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
        if (chosen[i] != PROBLEM_NONE)
            used[problem->pairs[chosen[i]].part]++;
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++) {
        uint32_t part = chosen[i] == PROBLEM_NONE ? 0 : problem->pairs[chosen[i]].part;
        if (chosen[i] == PROBLEM_NONE || used[part] <= problem->parts[part].capacity ||
            problem->people[i].stay_pair != PROBLEM_NONE)
            continue;
        used[part]--;
        chosen[i] = PROBLEM_NONE;
    }
}

struct tally {
    size_t rounds, repaired, wrong, stale; /* stale: those whose last plan is not good any more */
};

static void ask_round(uint64_t seed, enum large_shape shape, uint32_t much, struct tally *tally)
{
    struct large_problem *large = large_problem_new(seed, shape);
    struct answer last, cold, warm;
    uint64_t state = seed;
    find_widest(&large->problem);
    solve_cold(&large->problem, &last);
    change(large, &state, much);
    solve_cold(&large->problem, &cold);
    make_room(&large->problem, last.chosen);
    tally->rounds++;
    tally->stale += compare(&large->problem, &last, &cold) != 0;
    if (solve_again(&large->problem, &last, &warm)) {
        tally->repaired++;
        tally->wrong += compare(&large->problem, &warm, &cold) != 0;
    }
    network_result_clear(&last.result);
    network_result_clear(&cold.result);
    network_result_clear(&warm.result);
    free(large);
}

static struct tally ask_rounds(uint32_t much)
{
    struct tally tally = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        for (int shape = 0; shape < LARGE_SHAPES; shape++)
            ask_round(seed, (enum large_shape)shape, much, &tally);
    return tally;
}

/* Points beyond the doubles, a quarter of the seeds, do not fit into one integer. */
static void test_same_as_stages(void)
{
    for (uint32_t much = 0; much <= 4; much += 2) {
        struct tally tally = ask_rounds(much);
        CU_ASSERT_EQUAL(tally.wrong, 0);
        CU_ASSERT(tally.repaired > tally.rounds / 3);
        /* the comparison can fail: a last plan that is just kept would be wrong */
        CU_ASSERT(much == 0 || tally.stale > tally.rounds / 2);
    }
}

static void test_all_changed(void)
{
    struct tally tally = ask_rounds(100);
    CU_ASSERT_EQUAL(tally.wrong, 0);
    CU_ASSERT(tally.stale == tally.rounds);
}

/* -- gains as one integer -- */

static int order_of(const int64_t *a, const int64_t *b, size_t n)
{
    size_t k = 0;
    while (k < n && a[k] == b[k])
        k++;
    return k == n ? 0 : a[k] < b[k] ? -1 : 1;
}

static void gains_of(const struct problem *problem, uint32_t pair, int64_t *gains)
{
    for (size_t k = 0; k < problem->n_objectives; k++)
        gains[k] = problem_gain(problem, pair, k);
}

static void test_packed(void)
{
    size_t wrong = 0, packed_rounds = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct large_problem *large = large_problem_new(seed, LARGE_DRAWN);
        struct problem *problem = &large->problem;
        int64_t price[LARGE_POOLS * OBJECTIVE_COUNT] = {0}, gains[OBJECTIVE_COUNT];
        int64_t before[OBJECTIVE_COUNT] = {0}, number = 0;
        struct packed packed;
        find_widest(problem);
        int fits = packed_init(&packed, problem, price);
        packed_rounds += (size_t)fits;
        for (uint32_t pair = 0; fits && pair < problem->n_pairs; pair++) {
            int64_t last = number, back[OBJECTIVE_COUNT];
            gains_of(problem, pair, gains);
            number = packed_join(&packed, gains);
            wrong += !packed_split(&packed, number, back);
            wrong += order_of(gains, back, problem->n_objectives) != 0;
            wrong +=
                (number > last) - (number < last) != order_of(gains, before, problem->n_objectives);
            int64_t base = packed_base(&packed, problem->pairs[pair].person);
            wrong += !problem_is_stay(problem, pair) &&
                     packed_gain(&packed, base, &problem->pairs[pair]) != number;
            memcpy(before, gains, sizeof before);
        }
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(packed_rounds > SEEDS / 2 && packed_rounds < SEEDS);
}

/* A price that is beyond the limit is not taken for another. */
static void test_packed_limit(void)
{
    struct large_problem *large = large_problem_new(0, LARGE_DRAWN);
    int64_t price[LARGE_POOLS * OBJECTIVE_COUNT] = {0}, vector[OBJECTIVE_COUNT] = {0};
    struct packed packed;
    find_widest(&large->problem);
    CU_ASSERT_FATAL(packed_init(&packed, &large->problem, price));
    for (size_t k = 0; k < large->problem.n_objectives; k++) {
        memset(vector, 0, sizeof vector);
        vector[k] = packed.most[k];
        CU_ASSERT(packed_split(&packed, packed_join(&packed, vector), vector));
        vector[k] = -packed.most[k] - 1;
        CU_ASSERT_FALSE(packed_split(&packed, packed_join(&packed, vector), vector));
    }
    price[0] = INT64_MIN;
    CU_ASSERT_FALSE(packed_init(&packed, &large->problem, price));
    free(large);
}

/* -- near pairs -- */

/* Nobody is placed but residents; prices are those of the first person's metres. */
static void test_look(void)
{
    struct large_problem *large = large_problem_new(4, LARGE_DRAWN);
    struct problem *problem = &large->problem;
    int64_t zero[LARGE_POOLS * OBJECTIVE_COUNT] = {0}, price[LARGE_POOLS];
    uint32_t chosen[LARGE_PEOPLE];
    struct packed packed;
    struct near_list list = {0};
    size_t wanted = 0, at = 0, wrong = 0;
    find_widest(problem);
    CU_ASSERT_FATAL(packed_init(&packed, problem, zero));
    struct near_view view = {.packed = &packed,
                             .price = price,
                             .chosen = chosen,
                             .limit = 900,
                             .most = problem->n_pairs};
    for (uint32_t p = 0; p < LARGE_POOLS; p++)
        price[p] = (int64_t)p * packed.weight[0];
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
        chosen[i] = problem->people[i].stay_pair;
    CU_ASSERT(near_look(&view, &list, NULL));
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        int64_t gains[OBJECTIVE_COUNT], own = 0;
        uint32_t stay = chosen[problem->pairs[pair].person];
        gains_of(problem, pair, gains);
        if (stay != PROBLEM_NONE)
            own = -price[problem->pairs[stay].part] - view.limit;
        if (packed_join(&packed, gains) - price[problem->pairs[pair].part] < own)
            continue;
        wanted++;
        wrong += at >= list.n || list.pairs[at].pair != pair;
        at++;
    }
    CU_ASSERT(wanted > 0 && wanted < problem->n_pairs);
    CU_ASSERT_EQUAL(list.n, wanted);
    CU_ASSERT_EQUAL(wrong, 0);
    near_list_clear(&list);
    view.most = wanted - 1;
    CU_ASSERT_FALSE(near_look(&view, &list, NULL));
    near_list_clear(&list);
    free(large);
}

static const struct check_test tests[] = {
    {"repaired_is_solved", test_same_as_stages},
    {"repaired_or_not_after_all_changed", test_all_changed},
    {"packed_order", test_packed},
    {"packed_limit", test_packed_limit},
    {"near_look", test_look},
};
CHECK_SUITE(suite_repair, tests);
