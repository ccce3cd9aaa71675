/* test_greatest.c - one bed fewer costs what the plan says: the bed is taken away and the round
 * solved again, in drawn worlds. And who is at the margin, in cities of three homes. */
#include "solver/greatest.h"

#include "models/alloc.h"
#include "models/world.h"
#include "solver/eligibility.h"
#include "solver/network.h"
#include "solver/packed.h"
#include "solver/solver.h"
#include "tests/check.h"
#include "tests/drawn_round.h"
#include "tests/large_problem.h"
#include "tests/small_problem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 300 };

/* -- drawn worlds -- */

struct tally {
    long taken, differ; /* beds taken away; of these, where the two prices differ */
    size_t wrong;
};

static void solve(const struct drawn_round *round, struct plan *plan)
{
    struct solver_options how = {0};
    struct alm_error err;
    err_init(&err);
    if (solver_run(round->region, round->policy, round->world.now, &how, plan, NULL, &err) != 0) {
        printf("\n    seed %" PRIu64 ": %s\n", round->world.seed, err.message);
        CU_FAIL_FATAL("a round was not solved");
    }
}

static int64_t as_gain(const struct objective_value *objective)
{
    return words_objective_is_max(objective->objective) ? objective->value : -objective->value;
}

/* The place of a class among the reserves of its pool; n_reserved for the open beds. */
static size_t place_of(const struct pool *pool, const char *reserve)
{
    size_t k = 0;
    while (k < pool->n_reserved && strcmp(pool->reserved[k].class_code, reserve) != 0)
        k++;
    return k;
}

/* The pool without one of the beds that it keeps there. */
static struct pool *without_bed(const struct pool *pool, size_t k)
{
    struct pool *copy = (struct pool *)record_copy(&pool->record);
    for (size_t r = 0; r < pool->n_reserved; r++)
        copy->reserved[r].beds = eligibility_kept(pool, r) - (r == k);
    copy->beds_usable--;
    copy->beds_approved--;
    copy->beds_staffed--;
    return copy;
}

/* What a bed fewer costs is its loss, or where that is a bound no more. */
static int is_loss(const struct plan *before, const struct plan *after, const int64_t *loss)
{
    for (size_t o = 0; o < before->n_objectives; o++) {
        int64_t cost = as_gain(&before->objectives[o]) - as_gain(&after->objectives[o]);
        if (cost != loss[o])
            return before->prices_are_bounds && cost < loss[o];
    }
    return 1;
}

static void check_price(const struct drawn_round *round, const struct plan *before,
                        const struct shadow_price *price, struct tally *tally)
{
    const struct pool *pool = region_pool(round->region, price->pool_id);
    size_t k = place_of(pool, price->reserve);
    int is_closed = region_institution(round->region, pool->institution_id)->suspended;
    struct plan after;
    tally->wrong += is_closed && price->loss_is != SHADOW_LOSS_NO_BED;
    if (is_closed || pool_slack(pool) < 0 || eligibility_kept(pool, k) == 0)
        return;
    if (before->prices_are_bounds && price->loss_is == SHADOW_LOSS_UNKNOWN)
        return; /* whoever has these beds keeps them */
    tally->wrong += price->loss_is != SHADOW_LOSS_STATED;
    struct record *whole = record_copy(&pool->record);
    region_put_take(round->region, &without_bed(pool, k)->record);
    solve(round, &after);
    tally->taken++;
    tally->differ += memcmp(price->loss, price->price, before->n_objectives * sizeof(int64_t)) != 0;
    tally->wrong += !is_loss(before, &after, price->loss);
    plan_clear(&after);
    region_put_take(round->region, whole);
}

static void on_worlds(enum random_sort sort, long worlds, struct tally *tally)
{
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        struct plan plan;
        size_t wrong = tally->wrong;
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0)
            continue;
        solve(&round, &plan);
        for (size_t p = 0; p < plan.n_prices; p++)
            check_price(&round, &plan, &plan.prices[p], tally);
        for (size_t p = 0; p < plan.n_reserve_prices; p++)
            check_price(&round, &plan, &plan.reserve_prices[p], tally);
        if (!wrong && tally->wrong)
            printf("\n    seed %ld\n", seed);
        plan_clear(&plan);
        drawn_round_clear(&round);
    }
}

static void test_losses(void)
{
    struct tally tally = {0};
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS), &tally);
    on_worlds(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 10, &tally);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 2, &tally);
    CU_ASSERT_EQUAL(tally.wrong, 0);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || (tally.taken > 100 && tally.differ > 20));
}

static void test_coupled_losses(void)
{
    struct tally tally = {0};
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS), &tally);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 2, &tally);
    CU_ASSERT_EQUAL(tally.wrong, 0);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || (tally.taken > 100 && tally.differ > 20));
}

/* -- a city of three homes -- */

static const char homes[] = "institution_id,name,lat,lon\n"
                            "H1,Maple House,31.20,121.50\n"
                            "H2,Cedar House,31.20,121.60\n"
                            "H3,Elm House,31.20,121.70\n";
static const char pools[] = "pool_id,institution_id,kind,beds_usable,beds_occupied,monthly_fee,"
                            "reserved_for\n"
                            "P1,H1,nursing,10,9,3000,\n"
                            "P2,H2,nursing,5,3,5000,tekun:1\n"
                            "P3,H3,nursing,5,3,9000,\n"
                            "P4,H3,nursing,5,5,3000,\n";
/* A1 (70, P1 alone) and A2 (60) have P1 and the open bed of P2, A5 the reserved one; A3 (50) and A4
 * (40) can pay for P1 and P2 alone; nobody pays for P3. */
static const char people[] =
    "applicant_id,applied_at,lat,lon,level,kinds,max_fee,class,current_pool,current_reserve\n"
    "A1,2025-01-01,31.20,121.50,4,nursing,3000,,,\n"
    "A2,2025-01-02,31.20,121.50,3,nursing,5000,,,\n"
    "A3,2025-01-03,31.20,121.50,2,nursing,5000,,,\n"
    "A4,2025-01-04,31.20,121.50,1,nursing,3000,,,\n"
    "A5,2025-01-05,31.20,121.50,1,nursing,5000,tekun,,\n";
static const char rules[] =
    "{\"name\":\"city\",\"version\":1,\"objectives\":[\"need\",\"placements\"],"
    "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\","
    "\"points\":{\"1\":40,\"2\":50,\"3\":60,\"4\":70}}]}";

static void solve_city(const char *const texts[3], struct plan *plan)
{
    static const struct world_options options;
    struct solver_options how = {0};
    struct world_files files = {0};
    struct alm_error notes, err;
    err_init(&notes);
    err_init(&err);
    for (int f = 0; f < 3; f++) {
        files.bytes[f] = alloc_string(texts[f]);
        files.len[f] = strlen(texts[f]);
    }
    struct region *region = world_read(&files, &options, &notes, &err);
    struct policy *policy = policy_from_json(rules, strlen(rules), &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
    CU_ASSERT_EQUAL_FATAL(solver_run(region, policy, 1740787200, &how, plan, NULL, &err), 0);
    world_files_clear(&files);
    policy_free(policy);
    region_free(region);
    err_clear(&notes);
}

static void check_bed(const struct shadow_price *bed, const char *pool, int64_t price,
                      const char *next, enum shadow_loss loss_is, int64_t loss, const char *last)
{
    CU_ASSERT_STRING_EQUAL(bed->pool_id, pool);
    CU_ASSERT_EQUAL(bed->price[0], price);
    CU_ASSERT_STRING_EQUAL(bed->next, next);
    CU_ASSERT_EQUAL(bed->loss_is, loss_is);
    CU_ASSERT_EQUAL(bed->loss[0], loss);
    CU_ASSERT_STRING_EQUAL(bed->last, last);
}

static void test_margin(void)
{
    static const char *const texts[] = {homes, pools, people};
    struct plan plan;
    solve_city(texts, &plan);
    CU_ASSERT_EQUAL_FATAL(plan.n_prices, 4);
    CU_ASSERT_EQUAL_FATAL(plan.n_reserve_prices, 1);
    check_bed(&plan.prices[0], "P1", 50, "A3", SHADOW_LOSS_STATED, 70, "A1");
    check_bed(&plan.prices[1], "P2", 50, "A3", SHADOW_LOSS_STATED, 60, "A2");
    check_bed(&plan.prices[2], "P3", 0, "", SHADOW_LOSS_STATED, 0, "");
    check_bed(&plan.prices[3], "P4", 50, "A3", SHADOW_LOSS_NO_BED, 0, "");
    CU_ASSERT_STRING_EQUAL(plan.reserve_prices[0].reserve, "tekun");
    check_bed(&plan.reserve_prices[0], "P2", 0, "", SHADOW_LOSS_STATED, 40, "A5");
    plan_clear(&plan);
}

/* -- a city whose rows bind nobody until there is one bed more -- */

static const char full_homes[] = "institution_id,name,lat,lon,care_minutes\n"
                                 "H1,Maple House,31.20,121.50,\n"
                                 "H2,Cedar House,31.20,121.60,80\n"
                                 "H3,Elm House,31.20,121.70,\n";
static const char full_pools[] = "pool_id,institution_id,kind,beds_usable,beds_occupied,rooms\n"
                                 "P1,H1,nursing,10,9,\n"
                                 "P2,H2,nursing,5,5,\n"
                                 "P3,H3,nursing,5,5,1x2\n"
                                 "P4,H3,nursing,5,5,\n";
/* A1 has P1; A2 needs 90 minutes a day and A3 60; only A4's sex is stated. */
static const char full_people[] = "applicant_id,applied_at,lat,lon,level,kinds,sex\n"
                                  "A1,2025-01-01,31.20,121.50,4,nursing,\n"
                                  "A2,2025-01-02,31.20,121.50,3,nursing,\n"
                                  "A3,2025-01-03,31.20,121.50,2,nursing,\n"
                                  "A4,2025-01-04,31.20,121.50,1,nursing,male\n";

static void test_rows(void)
{
    static const char *const texts[] = {full_homes, full_pools, full_people};
    struct plan plan;
    solve_city(texts, &plan);
    CU_ASSERT_EQUAL_FATAL(plan.n_prices, 4);
    check_bed(&plan.prices[1], "P2", 50, "A3", SHADOW_LOSS_NO_BED, 0, "");
    check_bed(&plan.prices[2], "P3", 40, "A4", SHADOW_LOSS_NO_BED, 0, "");
    check_bed(&plan.prices[3], "P4", 60, "A2", SHADOW_LOSS_NO_BED, 0, "");
    plan_clear(&plan);
}

/* -- the same as one number and as vectors -- */

enum { SEEDS = 60 };

static size_t differ(const struct problem *problem, const struct greatest *a,
                     const struct greatest *b)
{
    size_t n = problem->n_parts, loss = n * problem->n_objectives * sizeof(int64_t);
    return (memcmp(a->loss, b->loss, loss) != 0) + (memcmp(a->is_known, b->is_known, n) != 0) +
           (memcmp(a->last, b->last, n * sizeof(uint32_t)) != 0) +
           (memcmp(a->next, b->next, n * sizeof(uint32_t)) != 0);
}

/* Gains that are said to be too wide are not put into one number. */
static size_t ask_both(struct problem *problem, size_t *n_packed)
{
    struct solver_options options = {0};
    struct network_result result;
    struct greatest packed, vectors;
    struct packed fits;
    uint32_t *chosen = alloc_zero((size_t)problem->n_people + 1, sizeof(uint32_t));
    CU_ASSERT_EQUAL_FATAL(network_solve(problem, &options, chosen, &result, NULL), 0);
    *n_packed += packed_init(&fits, problem, result.part_price) != 0;
    greatest_init(&packed, problem, chosen, result.part_price, result.person_price);
    problem->widest[0] = PACKED_MOST;
    CU_ASSERT_EQUAL(packed_init(&fits, problem, result.part_price), 0);
    greatest_init(&vectors, problem, chosen, result.part_price, result.person_price);
    size_t wrong = differ(problem, &packed, &vectors);
    greatest_clear(&packed);
    greatest_clear(&vectors);
    network_result_clear(&result);
    free(chosen);
    return wrong;
}

static void test_numbers(void)
{
    size_t wrong = 0, n_packed = 0, n = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        for (int shape = 0; shape < LARGE_SHAPES; shape++, n++) {
            struct large_problem *large = large_problem_new(seed, (enum large_shape)shape);
            small_problem_find_widest(&large->problem);
            wrong += ask_both(&large->problem, &n_packed);
            free(large);
        }
        struct small_problem small;
        small_problem_draw(&small, seed);
        wrong += ask_both(&small.problem, &n_packed);
        n++;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(n_packed > n / 2);
}

static const struct check_test tests[] = {
    {"one_bed_fewer_costs_its_greatest_price", test_losses},
    {"one_bed_fewer_costs_no_more_in_coupled_rounds", test_coupled_losses},
    {"who_is_at_the_margin", test_margin},
    {"rows_stop_who_would_come", test_rows},
    {"numbers_say_what_vectors_say", test_numbers},
};
CHECK_SUITE(suite_greatest, tests);
