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
        struct problem_part *part = &large->parts[check_random(state) % LARGE_POOLS];
        uint32_t i = (uint32_t)(check_random(state) % LARGE_PEOPLE);
        struct problem_person *person = &large->people[i];
        if (turn % 2 || part->capacity <= part->stayers + 1)
            part->capacity++;
        else
            part->capacity--;
        person->points = large->people[check_random(state) % LARGE_PEOPLE].points;
        for (uint32_t k = 0; k < person->n_pairs; k++) {
            struct problem_pair *pair = &large->pairs[person->first_pair + k];
            pair->metres = (pair->metres * 7 + 13) % 5000;
            pair->rank = (pair->rank + 1) % 4;
        }
    }
    small_problem_find_widest(&large->problem);
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
    small_problem_find_widest(&large->problem);
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
        small_problem_find_widest(problem);
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
    small_problem_find_widest(&large->problem);
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

/* Of the unplaced who would lose by a part just the first few are listed, if there are as many: in
 * how many parts somebody is who gains less than somebody left out. */
static size_t count_wrong_first(const struct near_view *view, const struct near_list *list)
{
    const struct problem *problem = view->packed->problem;
    int64_t least[LARGE_POOLS], most[LARGE_POOLS];
    size_t n[LARGE_POOLS] = {0}, at = 0, wrong = 0;
    for (uint32_t p = 0; p < LARGE_POOLS; p++) {
        least[p] = INT64_MAX;
        most[p] = INT64_MIN;
    }
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        const struct problem_pair *of = &problem->pairs[pair];
        int64_t gain = packed_gain(view->packed, packed_base(view->packed, of->person), of);
        int is_listed = at < list->n && list->pairs[at].pair == pair;
        at += (size_t)is_listed;
        if (view->chosen[of->person] != PROBLEM_NONE || gain >= view->price[of->part])
            continue;
        n[of->part] += (size_t)is_listed;
        if (is_listed)
            least[of->part] = gain < least[of->part] ? gain : least[of->part];
        else
            most[of->part] = gain > most[of->part] ? gain : most[of->part];
    }
    for (uint32_t p = 0; p < LARGE_POOLS; p++)
        wrong += most[p] != INT64_MIN && (n[p] != NEAR_FIRST || most[p] > least[p]);
    return wrong;
}

/* Nobody is placed but residents; prices are those of the first person's metres. */
static void test_look(void)
{
    struct large_problem *large = large_problem_new(4, LARGE_DRAWN);
    struct problem *problem = &large->problem;
    int64_t zero[LARGE_POOLS * OBJECTIVE_COUNT] = {0}, price[LARGE_POOLS];
    int64_t beyond[LARGE_PEOPLE];
    uint32_t chosen[LARGE_PEOPLE];
    struct packed packed;
    struct near_list list = {0};
    size_t wanted = 0, at = 0, wrong = 0;
    small_problem_find_widest(problem);
    CU_ASSERT_FATAL(packed_init(&packed, problem, zero));
    struct near_view view = {.packed = &packed,
                             .price = price,
                             .chosen = chosen,
                             .limit = 900,
                             .most = problem->n_pairs,
                             .beyond = beyond};
    for (uint32_t p = 0; p < LARGE_POOLS; p++)
        price[p] = (int64_t)p * packed.weight[0];
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
        chosen[i] = problem->people[i].stay_pair;
    CU_ASSERT(near_look(&view, &list));
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        int64_t gains[OBJECTIVE_COUNT], own = 0;
        uint32_t person = problem->pairs[pair].person, stay = chosen[person];
        int is_listed = at < list.n && list.pairs[at].pair == pair;
        gains_of(problem, pair, gains);
        if (stay != PROBLEM_NONE)
            own = -price[problem->pairs[stay].part] - view.limit;
        int64_t left = packed_join(&packed, gains) - price[problem->pairs[pair].part];
        wanted += left >= own;
        wrong += !is_listed && (left >= own || left > beyond[person]);
        wrong += is_listed && left < own && stay != PROBLEM_NONE;
        at += (size_t)is_listed;
    }
    CU_ASSERT(wanted > 0 && wanted < problem->n_pairs);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(at, list.n);
    CU_ASSERT(list.n > wanted && list.n <= wanted + (size_t)LARGE_POOLS * NEAR_FIRST);
    CU_ASSERT_EQUAL(count_wrong_first(&view, &list), 0);
    near_list_clear(&list);
    view.most = wanted - 1;
    CU_ASSERT_FALSE(near_look(&view, &list));
    near_list_clear(&list);
    free(large);
}

enum { WAITING = 2000, WAITING_PARTS = 3 };

/* Nobody is placed, and few count enough for the prices: most people are not looked at, and what
 * is said of their pairs holds all the same. */
static void test_left_out(void)
{
    struct large_problem *large = large_problem_new(4, LARGE_DRAWN);
    struct problem problem = large->problem;
    int64_t zero[WAITING_PARTS * OBJECTIVE_COUNT] = {0}, price[WAITING_PARTS], beyond[WAITING];
    struct problem_part parts[WAITING_PARTS];
    struct near_list list = {0};
    uint32_t chosen[WAITING];
    struct packed packed;
    size_t at = 0, wrong = 0, bounded = 0;
    problem.people = alloc_zero(WAITING, sizeof *problem.people);
    problem.pairs = alloc_zero((size_t)WAITING * WAITING_PARTS, sizeof *problem.pairs);
    problem.parts = parts;
    problem.n_people = WAITING;
    problem.n_pairs = WAITING * (problem.n_parts = WAITING_PARTS);
    for (uint32_t pair = 0; pair < problem.n_pairs; pair++)
        problem.pairs[pair] = (struct problem_pair){pair / WAITING_PARTS, pair % WAITING_PARTS,
                                                    (int32_t)(pair * 37 % 1000), 0};
    for (uint32_t i = 0; i < WAITING; i++) {
        problem.people[i] = large->people[0];
        problem.people[i].points = i % 50;
        problem.people[i].first_pair = i * WAITING_PARTS;
        problem.people[i].n_pairs = WAITING_PARTS;
        problem.people[i].stay_pair = chosen[i] = PROBLEM_NONE;
    }
    small_problem_find_widest(&problem);
    CU_ASSERT_FATAL(packed_init(&packed, &problem, zero));
    for (uint32_t p = 0; p < WAITING_PARTS; p++) {
        parts[p] = large->parts[0];
        parts[p].capacity = 1;
        price[p] = packed_base(&packed, 45 + p) - 200;
    }
    const struct near_view view = {&packed, price, chosen, 0, problem.n_pairs, beyond};
    CU_ASSERT(near_look(&view, &list));
    for (uint32_t i = 0; i < WAITING; i++) {
        int64_t most = INT64_MIN;
        for (uint32_t pair = i * WAITING_PARTS; pair < (i + 1) * WAITING_PARTS; pair++) {
            int64_t left = packed_gain(&packed, packed_base(&packed, i), &problem.pairs[pair]) -
                           price[problem.pairs[pair].part];
            int is_listed = at < list.n && list.pairs[at].pair == pair;
            wrong += !is_listed && (left >= 0 || left > beyond[i]);
            most = left > most ? left : most;
            at += (size_t)is_listed;
        }
        bounded += most < beyond[i];
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(at, list.n);
    CU_ASSERT(bounded > WAITING / 2);
    near_list_clear(&list);
    free(problem.people);
    free(problem.pairs);
    free(large);
}

/* A look at all pairs, without any knowledge: what another look has to find. */
static size_t count_wrong(const struct near_again *again, const struct near_list *list)
{
    const struct problem *problem = again->packed->problem;
    size_t at = 0, wrong = 0;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        const struct near_seat *seat = &again->seats[problem->pairs[pair].person];
        int64_t gains[OBJECTIVE_COUNT], low = 0, high = PACKED_MOST;
        uint32_t part = problem->pairs[pair].part;
        gains_of(problem, pair, gains);
        int64_t gain = packed_join(again->packed, gains);
        if (seat->pair != PROBLEM_NONE) {
            low = seat->gain - again->price[seat->part];
            high = seat->gain - again->high[seat->part];
        }
        if (gain - again->price[part] < low && gain - again->high[part] < high)
            continue;
        wrong += at >= list->n || list->pairs[at].pair != pair || list->pairs[at].gain != gain;
        at++;
    }
    return wrong + (at != list->n);
}

struct look_round { /* a graph of near pairs, and prices that move */
    struct packed packed;
    struct near_graph graph;
    struct near_seat seats[LARGE_PEOPLE];
    int64_t price[LARGE_POOLS], high[LARGE_POOLS], seen[LARGE_POOLS], seen_high[LARGE_POOLS];
    int64_t beyond[LARGE_PEOPLE], beyond_high[LARGE_PEOPLE];
    uint64_t random;
};

static uint32_t draw(struct look_round *round, uint32_t n)
{
    round->random = round->random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(round->random >> 33) % n;
}

/* Prices move by some metres, one in ten by anything; people sit by near pairs, or nowhere.
 */
static void move_about(struct look_round *round)
{
    const struct near_graph *graph = &round->graph;
    for (uint32_t p = 0; p < LARGE_POOLS; p++) {
        int64_t far = draw(round, 10) ? 1 : round->packed.weight[0];
        round->price[p] += far * ((int64_t)draw(round, 200) - 100);
        round->price[p] = round->price[p] < 0 ? 0 : round->price[p];
        round->high[p] = round->price[p] + draw(round, 300);
    }
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++) {
        uint32_t first = graph->of_person[i], n = graph->of_person[i + 1] - first;
        const struct near_pair *pair = &graph->list.pairs[first + draw(round, n + 1)];
        round->seats[i] = pair < &graph->list.pairs[first + n]
                              ? (struct near_seat){pair->gain, pair->pair, pair->part}
                              : (struct near_seat){0, PROBLEM_NONE, PROBLEM_NONE};
    }
}

/* Those that the graph does not have yet are added to it. */
static size_t add_found(struct look_round *round, const struct near_list *found)
{
    struct near_list more = {0};
    for (size_t f = 0; f < found->n; f++) {
        const struct near_pair *pair = &found->pairs[f];
        uint32_t at = round->graph.of_person[pair->person];
        while (at < round->graph.of_person[pair->person + 1] &&
               round->graph.list.pairs[at].pair != pair->pair)
            at++;
        if (at < round->graph.of_person[pair->person + 1])
            continue;
        ALLOC_GROW(more.pairs, more.n, more.room);
        more.pairs[more.n++] = *pair;
    }
    size_t n = more.n;
    if (n)
        near_graph_add(&round->graph, &more);
    near_list_clear(&more);
    return n;
}

static void begin_looks(struct look_round *round, const struct problem *problem)
{
    int64_t zero[LARGE_POOLS * OBJECTIVE_COUNT] = {0};
    struct near_list list = {0};
    uint32_t chosen[LARGE_PEOPLE];
    CU_ASSERT_FATAL(packed_init(&round->packed, problem, zero));
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
        chosen[i] = problem->people[i].stay_pair;
    for (uint32_t i = 0; i < LARGE_PEOPLE; i++)
        if (chosen[i] == PROBLEM_NONE && problem->people[i].n_pairs && draw(round, 4))
            chosen[i] = problem->people[i].first_pair + draw(round, problem->people[i].n_pairs);
    const struct near_view view = {&round->packed,   round->price, chosen, 500,
                                   problem->n_pairs, round->beyond};
    near_graph_init(&round->graph, problem);
    CU_ASSERT(near_look(&view, &list));
    memcpy(round->beyond_high, round->beyond, sizeof round->beyond);
    near_graph_take(&round->graph, &list);
}

static void test_look_again(void)
{
    size_t wrong = 0, added = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct large_problem *large = large_problem_new(4 * seed, LARGE_DRAWN);
        struct look_round round = {.random = seed};
        small_problem_find_widest(&large->problem);
        begin_looks(&round, &large->problem);
        const struct near_again again = {
            &round.packed,          &round.graph, round.seats,     round.price,  round.high,
            large->problem.n_pairs, round.seen,   round.seen_high, round.beyond, round.beyond_high};
        for (int look = 0; look < 6; look++) {
            struct near_list list = {0};
            move_about(&round);
            CU_ASSERT(near_look_again(&again, &list));
            wrong += count_wrong(&again, &list);
            if (look % 2)
                added += add_found(&round, &list);
            near_list_clear(&list);
        }
        near_graph_clear(&round.graph);
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(added > 0);
}

static const struct check_test tests[] = {
    {"repaired_is_solved", test_same_as_stages},
    {"repaired_or_not_after_all_changed", test_all_changed},
    {"packed_order", test_packed},
    {"packed_limit", test_packed_limit},
    {"near_look", test_look},
    {"near_look_leaves_out", test_left_out},
    {"near_look_again", test_look_again},
};
CHECK_SUITE(suite_repair, tests);
