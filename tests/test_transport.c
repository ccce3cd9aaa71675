/* test_transport.c - shortest paths by samples and by bids, from nothing and from given prices:
 * at each stage an optimal assignment, as the prices say, and the same prices as without them. */
#include "solver/transport.h"

#include "models/alloc.h"
#include "solver/greedy.h"
#include "solver/least.h"
#include "solver/network.h"
#include "solver/prices.h"
#include "tests/check.h"
#include "tests/large_problem.h"
#include "tests/one_core.h"
#include "tests/small_problem.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_WORLDS = 2000, LARGE_WORLDS = 120 };

/* One way of going through the stages. */
struct walk {
    struct face face;
    int64_t *gain, *part_price, *person_price;
    uint32_t *chosen;
    int64_t repairs; /* improvements that the proofs still found */
    int is_restarted;
};

static void walk_init(struct walk *walk, const struct problem *problem)
{
    *walk = (struct walk){0};
    face_init(&walk->face, problem);
    walk->gain = alloc_zero((size_t)problem->n_pairs + 1, sizeof(int64_t));
    walk->part_price = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    walk->person_price = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
    walk->chosen = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    greedy_start(problem, walk->chosen);
}

static void walk_clear(struct walk *walk)
{
    face_clear(&walk->face);
    free(walk->gain);
    free(walk->part_price);
    free(walk->person_price);
    free(walk->chosen);
}

static int walk_prove(struct walk *walk)
{
    struct budget budget = {0};
    int proved = prices_prove(&walk->face, walk->gain, walk->chosen, INT64_MAX, &budget,
                              walk->part_price, walk->person_price, NULL);
    walk->repairs += budget.work;
    return proved == 1;
}

static void walk_load(struct walk *walk, size_t k)
{
    for (uint32_t pair = 0; pair < walk->face.problem->n_pairs; pair++)
        walk->gain[pair] = problem_gain(walk->face.problem, pair, k);
}

/* The prices that came with the plan show that it is optimal: no plan is worth more than it. */
static int is_shown(const struct walk *walk, const int64_t *price)
{
    for (uint32_t part = 0; part < walk->face.problem->n_parts; part++)
        if (price[part] < 0 && !walk->face.must_fill[part])
            return 0;
    return prices_bound(&walk->face, walk->gain, price) ==
           prices_value(&walk->face, walk->gain, walk->chosen);
}

/* From optimal prices and the plan nothing moves; from other ones an optimal plan is found. */
static int starts_again(struct walk *walk, int64_t *price)
{
    const struct problem *problem = walk->face.problem;
    struct budget budget = {0};
    uint64_t state = (uint64_t)price[0];
    size_t size = (size_t)problem->n_people * sizeof(uint32_t);
    uint32_t *before = alloc_copy(walk->chosen, problem->n_people, sizeof(uint32_t));
    int right = transport_solve(&walk->face, walk->gain, price, TRANSPORT_PLAIN, &budget,
                                walk->chosen, price) &&
                budget.work == 0 && memcmp(before, walk->chosen, size) == 0;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        price[part] += (int64_t)(check_random(&state) % 2000) - 1000;
    right &= transport_solve(&walk->face, walk->gain, price, TRANSPORT_PLAIN, &budget, walk->chosen,
                             price) &&
             is_shown(walk, price);
    free(before);
    return right;
}

/* Both walks through one stage; how many things differ. */
static size_t compare_stage(struct walk *with, struct walk *without, size_t k,
                            enum transport_first first)
{
    const struct problem *problem = with->face.problem;
    struct budget budget = {0};
    walk_load(with, k);
    walk_load(without, k);
    int64_t *price = alloc_zero((size_t)problem->n_parts + 1, sizeof(int64_t));
    size_t wrong =
        !transport_solve(&with->face, with->gain, NULL, first, &budget, with->chosen, price);
    wrong += !is_shown(with, price);
    wrong += !least_prices(&with->face, with->gain, with->chosen, price, with->part_price,
                           with->person_price);
    wrong += with->is_restarted && !starts_again(with, price);
    wrong += !walk_prove(with) || with->repairs > 0;
    free(price);
    wrong += !walk_prove(without);
    wrong += memcmp(with->part_price, without->part_price, problem->n_parts * sizeof(int64_t)) != 0;
    wrong +=
        memcmp(with->person_price, without->person_price, problem->n_people * sizeof(int64_t)) != 0;
    wrong += prices_value(&with->face, with->gain, with->chosen) !=
             prices_value(&without->face, without->gain, without->chosen);
    face_restrict(&with->face, with->gain, with->part_price, with->person_price);
    face_restrict(&without->face, without->gain, without->part_price, without->person_price);
    return wrong;
}

static size_t compare(const struct problem *problem, enum transport_first first, int is_restarted,
                      size_t *repaired)
{
    struct walk with, without;
    size_t wrong = 0;
    walk_init(&with, problem);
    walk_init(&without, problem);
    with.is_restarted = is_restarted;
    for (size_t k = 0; k < problem->n_objectives; k++)
        wrong += compare_stage(&with, &without, k, first);
    *repaired += without.repairs > 0;
    walk_clear(&with);
    walk_clear(&without);
    return wrong;
}

static void test_small(void)
{
    size_t wrong = 0, repaired = 0;
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        small_problem_draw(&small, seed);
        wrong += compare(&small.problem, seed % 3 ? TRANSPORT_AUCTION : TRANSPORT_FITTING,
                         seed % 2 == 1, &repaired);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(repaired > SMALL_WORLDS / 20); /* there was something to find */
}

static void test_shapes(void)
{
    size_t wrong = 0, repaired = 0;
    for (uint64_t seed = 0; seed < LARGE_WORLDS; seed++) {
        struct large_problem *large =
            large_problem_new(seed, (enum large_shape)(seed % LARGE_SHAPES));
        wrong += compare(&large->problem, TRANSPORT_FITTING, 1, &repaired);
        wrong += compare(&large->problem, TRANSPORT_SAMPLES, 0, &repaired);
        wrong += compare(&large->problem, TRANSPORT_AUCTION, 0, &repaired);
        free(large);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(repaired > LARGE_WORLDS / 2);
}

/* Everybody keeps one pair at the most; what it gains, and which parts must be full, is drawn. */
static void leave_one_pair(struct walk *walk, uint64_t seed)
{
    const struct problem *problem = walk->face.problem;
    uint32_t kept = 0;
    uint64_t state = seed;
    for (uint32_t i = 0; i < problem->n_people; i++) {
        const struct problem_person *person = &problem->people[i];
        uint32_t n = person->n_pairs ? (uint32_t)(check_random(&state) % person->n_pairs) : 0;
        walk->face.first[i] = kept;
        walk->chosen[i] = PROBLEM_NONE;
        if (person->n_pairs == 0)
            continue;
        walk->face.pairs[kept] = person->first_pair + n;
        walk->face.parts[kept++] = problem->pairs[person->first_pair + n].part;
        walk->gain[person->first_pair + n] = (int64_t)(check_random(&state) % 12) - 4;
    }
    walk->face.first[problem->n_people] = kept;
    for (uint32_t part = 0; part < problem->n_parts; part++)
        walk->face.must_fill[part] = check_random(&state) % 3 == 0;
}

/* Nobody has a choice: what parts take is as good as what paths find, and its prices show it. */
static void test_single(void)
{
    size_t wrong = 0, solved = 0, in_vain = 0;
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        struct walk single, paths;
        struct budget budget = {0}, other = {0};
        int64_t price[SMALL_PARTS] = {0}, price_of_paths[SMALL_PARTS] = {0};
        small_problem_draw(&small, seed);
        walk_init(&single, &small.problem);
        walk_init(&paths, &small.problem);
        leave_one_pair(&single, seed);
        leave_one_pair(&paths, seed);
        int found = transport_solve(&single.face, single.gain, NULL, TRANSPORT_FITTING, &budget,
                                    single.chosen, price);
        wrong += found != transport_solve(&paths.face, paths.gain, NULL, TRANSPORT_PLAIN, &other,
                                          paths.chosen, price_of_paths);
        wrong += found && (budget.work > 0 || !is_shown(&single, price) ||
                           prices_value(&single.face, single.gain, single.chosen) !=
                               prices_value(&paths.face, paths.gain, paths.chosen));
        solved += found && other.work > 0;
        in_vain += !found;
        walk_clear(&single);
        walk_clear(&paths);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(solved > SMALL_WORLDS / 20 && in_vain > SMALL_WORLDS / 20);
}

/* Changes the beds of some parts, in the network that follows and in the problem. */
static void change_beds(struct transport *transport, struct small_problem *small, uint64_t *state)
{
    for (uint32_t part = 0; part < small->problem.n_parts; part++) {
        int64_t n = (int64_t)(check_random(state) % 4) - 2;
        if (n < -small->problem.parts[part].capacity)
            n = 0;
        small->problem.parts[part].capacity += n;
        transport_change(transport, part, n);
    }
}

/* After each change the plan is as good as one from nothing, and its prices show it: how many are
 * not. A resident for whom there is no bed makes it another question (`skipped`). */
static size_t follow(struct small_problem *small, uint64_t seed, size_t *skipped)
{
    struct walk walk;
    struct budget budget = {0};
    int64_t price[SMALL_PARTS] = {0};
    uint64_t state = seed;
    size_t wrong = 0;
    walk_init(&walk, &small->problem);
    walk_load(&walk, 0);
    struct transport *transport = transport_new(&walk.face, walk.gain, price, &budget, walk.chosen);
    for (int turn = 0; transport && turn < 12; turn++) {
        change_beds(transport, small, &state);
        wrong += !transport_settle(transport);
        transport_read(transport, walk.chosen, price);
        int64_t value = transport_value(transport);
        uint32_t homeless = 0;
        for (uint32_t i = 0; i < small->problem.n_people; i++)
            homeless += walk.face.must_place[i] && walk.chosen[i] == PROBLEM_NONE;
        *skipped += homeless > 0;
        wrong += !homeless && (value != prices_value(&walk.face, walk.gain, walk.chosen) ||
                               !is_shown(&walk, price));
    }
    wrong += !transport;
    transport_free(transport);
    walk_clear(&walk);
    return wrong;
}

static void test_follow(void)
{
    size_t wrong = 0, skipped = 0;
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        small_problem_draw(&small, seed);
        wrong += follow(&small, seed, &skipped);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(skipped < 6 * SMALL_WORLDS);
}

/* So many beds more or fewer, all at once, or taken back (`sign` -1). Returns what they are worth
 * at the prices. */
static int64_t change_by(struct transport *transport, const int64_t *n, uint32_t n_parts, int sign)
{
    int64_t worth = 0;
    for (uint32_t part = 0; part < n_parts; part++) {
        int64_t price = transport_price(transport, part);
        worth += sign * n[part] * (price > 0 ? price : 0);
        transport_change(transport, part, sign * n[part]);
    }
    return worth;
}

/* A settling that may lose only so much comes to its end just where the optimum loses less, and
 * what it has not settled can be taken back. */
static size_t follow_within(struct small_problem *small, uint64_t seed, size_t ended[2])
{
    struct walk walk;
    struct budget budget = {0};
    int64_t price[SMALL_PARTS] = {0}, beds[SMALL_PARTS] = {0};
    uint64_t state = seed;
    size_t wrong = 0;
    uint32_t n_parts = small->problem.n_parts;
    walk_init(&walk, &small->problem);
    walk_load(&walk, 0);
    struct transport *transport = transport_new(&walk.face, walk.gain, price, &budget, walk.chosen);
    for (uint32_t part = 0; part < n_parts; part++)
        beds[part] = small->problem.parts[part].capacity;
    for (int turn = 0; transport && turn < 12; turn++) {
        int64_t n[SMALL_PARTS], before = transport_value(transport);
        for (uint32_t part = 0; part < n_parts; part++) {
            n[part] = (int64_t)(check_random(&state) % 4) - 2;
            n[part] = n[part] < -beds[part] ? 0 : n[part];
        }
        int64_t worth = change_by(transport, n, n_parts, 1);
        int64_t most = worth + (int64_t)(check_random(&state) % 9) - 4;
        int is_within = transport_settle_within(transport, most);
        ended[is_within]++;
        if (!is_within) {
            change_by(transport, n, n_parts, -1);
            wrong += !transport_settle(transport) || transport_value(transport) != before;
            change_by(transport, n, n_parts, 1);
            wrong += !transport_settle(transport);
        }
        wrong += is_within != (transport_value(transport) > before + worth - most);
        for (uint32_t part = 0; part < n_parts; part++)
            beds[part] += n[part];
    }
    wrong += !transport;
    transport_free(transport);
    walk_clear(&walk);
    return wrong;
}

static void test_follow_within(void)
{
    size_t wrong = 0, ended[2] = {0, 0};
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        small_problem_draw(&small, seed);
        wrong += follow_within(&small, seed, ended);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(ended[0] > SMALL_WORLDS && ended[1] > SMALL_WORLDS);
}

/* A budget that ends first leaves the assignment and the prices as they were. */
static void test_spent(void)
{
    size_t wrong = 0, stopped = 0;
    for (uint64_t seed = 0; seed < SMALL_WORLDS; seed++) {
        struct small_problem small;
        struct walk walk;
        struct budget budget = {.work_limit = 1};
        uint32_t before[SMALL_PEOPLE];
        int64_t price[SMALL_PARTS], no_price[SMALL_PARTS];
        small_problem_draw(&small, seed);
        walk_init(&walk, &small.problem);
        walk_load(&walk, small.problem.n_objectives - 1);
        memcpy(before, walk.chosen, small.problem.n_people * sizeof(uint32_t));
        memset(price, 0x5a, sizeof price);
        memset(no_price, 0x5a, sizeof no_price);
        int solved = transport_solve(&walk.face, walk.gain, NULL, TRANSPORT_PLAIN, &budget,
                                     walk.chosen, price);
        stopped += !solved;
        wrong += !solved &&
                 (memcmp(before, walk.chosen, small.problem.n_people * sizeof(uint32_t)) != 0 ||
                  memcmp(price, no_price, sizeof price) != 0);
        walk_clear(&walk);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(stopped > SMALL_WORLDS / 20);
}

/* -- a whole round of many people -- */

enum { MANY_PEOPLE = 2400, MANY_PARTS = 120, MANY_OBJECTIVES = 4 };

struct many {
    struct problem problem;
    struct policy policy;
    struct institution home;
    struct applicant applicant;
    struct pool pool;
    uint32_t first_part[MANY_PARTS + 1], tie_order[MANY_PEOPLE];
};

static int64_t draw(uint64_t *state, int64_t below)
{
    return (int64_t)(check_random(state) % (uint64_t)below);
}

/* They go as far as they like to, up to 1 km and `reach`, and like some homes more. */
static void many_person(struct many *many, uint32_t i, int64_t home[MANY_PARTS][2], int64_t reach,
                        uint64_t *state)
{
    struct problem *problem = &many->problem;
    int64_t x = draw(state, 10000), y = draw(state, 10000), limit = 1000 + draw(state, reach);
    int32_t likes = (int32_t)draw(state, MANY_PARTS);
    struct problem_person *person = &problem->people[i];
    *person = (struct problem_person){.applicant = &many->applicant,
                                      .points = 1 + draw(state, 300),
                                      .first_pair = problem->n_pairs,
                                      .stay_pair = PROBLEM_NONE,
                                      .household = PROBLEM_NONE};
    for (uint32_t p = 0; p < MANY_PARTS; p++) {
        int64_t metres = llabs(home[p][0] - x) + llabs(home[p][1] - y);
        int32_t rank = likes % 8 == 0 && p % 5 == 0 ? 0 : likes % 3;
        if (metres <= limit)
            problem->pairs[problem->n_pairs++] = (struct problem_pair){i, p, (int32_t)metres, rank};
    }
    person->n_pairs = problem->n_pairs - person->first_pair;
    many->tie_order[i] = (uint32_t)(((uint64_t)i * 1009) % MANY_PEOPLE);
}

/* Homes and people in a square of 10 km. */
static struct many *many_new(uint64_t state, int64_t reach)
{
    static const enum objective order[] = {OBJECTIVE_NEED, OBJECTIVE_PLACEMENTS,
                                           OBJECTIVE_PREFERENCE, OBJECTIVE_TRAVEL};
    struct many *many = alloc_zero(1, sizeof *many);
    struct problem *problem = &many->problem;
    int64_t home[MANY_PARTS][2];
    *problem = (struct problem){.policy = &many->policy,
                                .n_people = MANY_PEOPLE,
                                .n_parts = MANY_PARTS,
                                .n_pools = MANY_PARTS,
                                .pool_first_part = many->first_part,
                                .tie_order = many->tie_order,
                                .n_objectives = MANY_OBJECTIVES};
    memcpy(problem->objectives, order, sizeof order);
    problem->people = alloc_zero(MANY_PEOPLE, sizeof *problem->people);
    problem->parts = alloc_zero(MANY_PARTS, sizeof *problem->parts);
    problem->pairs = alloc_zero((size_t)MANY_PEOPLE * MANY_PARTS, sizeof *problem->pairs);
    for (uint32_t p = 0; p < MANY_PARTS; p++) {
        problem->parts[p] =
            (struct problem_part){&many->pool, &many->home, p, "", draw(&state, 24), 0};
        many->first_part[p + 1] = p + 1;
        home[p][0] = draw(&state, 10000);
        home[p][1] = draw(&state, 10000);
    }
    for (uint32_t i = 0; i < MANY_PEOPLE; i++)
        many_person(many, i, home, reach, &state);
    small_problem_find_widest(problem);
    return many;
}

static void many_free(struct many *many)
{
    free(many->problem.people);
    free(many->problem.parts);
    free(many->problem.pairs);
    free(many);
}

/* -1, 0, 1: the sign of a vector in lexicographic order. */
static int sign(const int64_t *vector)
{
    for (size_t k = 0; k < MANY_OBJECTIVES; k++)
        if (vector[k])
            return vector[k] < 0 ? -1 : 1;
    return 0;
}

/* What is left of both prices when a pair is paid for: its sign. */
static int slack(const struct problem *problem, const struct network_result *result, uint32_t pair)
{
    const struct problem_pair *at = &problem->pairs[pair];
    int64_t left[MANY_OBJECTIVES];
    for (size_t k = 0; k < MANY_OBJECTIVES; k++)
        left[k] = result->part_price[at->part * MANY_OBJECTIVES + k] +
                  result->person_price[at->person * MANY_OBJECTIVES + k] -
                  problem_gain(problem, pair, k);
    return sign(left);
}

/* How often the prices fail to show that no plan is better: no pair may gain more than both its
 * prices, no price may be below 0, whatever has a price is used up, and all as vectors. */
static size_t count_gaps(const struct problem *problem, const uint32_t *chosen,
                         const struct network_result *result)
{
    int64_t taken[MANY_PARTS] = {0};
    size_t gaps = 0;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        gaps += slack(problem, result, pair) < 0;
    for (uint32_t i = 0; i < MANY_PEOPLE; i++) {
        int worth = sign(&result->person_price[i * MANY_OBJECTIVES]);
        if (chosen[i] == PROBLEM_NONE) {
            gaps += worth != 0;
            continue;
        }
        gaps += worth < 0 || slack(problem, result, chosen[i]) != 0;
        taken[problem->pairs[chosen[i]].part]++;
    }
    for (uint32_t p = 0; p < MANY_PARTS; p++) {
        int worth = sign(&result->part_price[p * MANY_OBJECTIVES]);
        gaps += worth < 0 || taken[p] > problem->parts[p].capacity ||
                (worth > 0 && taken[p] < problem->parts[p].capacity);
    }
    return gaps;
}

/* Independent of how it was found: the certificate of the whole round holds, and a wrong one does
 * not. */
static void test_round(void)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct many *many = many_new(seed, 3000);
        struct solver_options options = {0};
        struct network_result result;
        uint32_t *chosen = alloc_zero(MANY_PEOPLE, sizeof(uint32_t));
        CU_ASSERT_EQUAL_FATAL(network_solve(&many->problem, &options, chosen, &result, NULL), 0);
        CU_ASSERT_EQUAL_FATAL(result.status, PLAN_OPTIMAL);
        CU_ASSERT_EQUAL(count_gaps(&many->problem, chosen, &result), 0);
        uint32_t i = 0;
        while (chosen[i] == PROBLEM_NONE)
            i++;
        result.person_price[i * MANY_OBJECTIVES + MANY_OBJECTIVES - 1]--;
        CU_ASSERT_NOT_EQUAL(count_gaps(&many->problem, chosen, &result), 0);
        network_result_clear(&result);
        free(chosen);
        many_free(many);
    }
}

static void solve_travel(const struct many *many, uint32_t *chosen, int64_t *price)
{
    const struct problem *problem = &many->problem;
    int64_t *gain = alloc_zero(problem->n_pairs, sizeof *gain);
    struct budget budget = {0};
    struct face face;
    face_init(&face, problem);
    CU_ASSERT_TRUE(face.first[MANY_PEOPLE] >= 2 * PROBLEM_SLICE_PAIRS); /* for two cores */
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++)
        gain[pair] = 100 - problem->pairs[pair].metres / 100;
    memset(chosen, 0xff, MANY_PEOPLE * sizeof *chosen);
    CU_ASSERT_EQUAL(transport_solve(&face, gain, NULL, TRANSPORT_PLAIN, &budget, chosen, price), 1);
    face_clear(&face);
    free(gain);
}

/* Not only the least prices: whichever optimum is found, on one core it is the same. */
static void test_cores(void)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct many *many = many_new(seed, 9000);
        uint32_t *chosen = alloc_zero(2 * (size_t)MANY_PEOPLE, sizeof *chosen);
        int64_t price[2][MANY_PARTS] = {0};
        solve_travel(many, chosen, price[0]);
        one_core_begin();
        solve_travel(many, chosen + MANY_PEOPLE, price[1]);
        one_core_end();
        CU_ASSERT_EQUAL(memcmp(price[0], price[1], sizeof price[0]), 0);
        CU_ASSERT_EQUAL(memcmp(chosen, chosen + MANY_PEOPLE, MANY_PEOPLE * sizeof *chosen), 0);
        free(chosen);
        many_free(many);
    }
}

static const struct check_test tests[] = {
    {"optimal_at_each_stage", test_small}, {"hostile_shapes", test_shapes},
    {"nobody_has_a_choice", test_single},  {"follow", test_follow},
    {"follow_within", test_follow_within}, {"spent_budget", test_spent},
    {"a_round_of_many", test_round},       {"on_one_core", test_cores},
};
CHECK_SUITE(suite_transport, tests);
