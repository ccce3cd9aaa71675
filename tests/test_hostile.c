/* test_hostile.c - rounds that want to go wrong: shapes where everything ties or nothing fits,
 * limits that strike at any moment, numbers as large as they may be. A plan holds, its bounds hold,
 * and nothing is called optimal that is not. */
#include "tests/check.h"
#include "tests/drawn_round.h"
#include "tests/hostile_world.h"

#include "models/alloc.h"
#include "models/world.h"
#include "solver/solver.h"
#include "solver/verify.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hostile { /* to be solved more than once */
    const struct region *region;
    const struct policy *policy;
    int64_t now;
    char name[80];
};

struct solved {
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
    int result, proved;
};

static void complain(const struct hostile *round, const char *what, const char *detail)
{
    static int lines;
    CU_FAIL("a hostile round");
    if (lines++ < 10)
        printf("\n    %s: %s: %s\n", round->name, what, detail);
}

/* Solved, and checked once more from the outside. */
static void solve(const struct hostile *round, struct solver_options options, struct solved *solved)
{
    plan_init(&solved->plan);
    certificate_init(&solved->certificate);
    err_init(&solved->err);
    solved->proved = 0;
    solved->result = solver_run(round->region, round->policy, round->now, &options, &solved->plan,
                                &solved->certificate, &solved->err);
    if (solved->result == 0 &&
        verify_plan(round->region, round->policy, &solved->plan, &solved->certificate,
                    &solved->proved, &solved->err) != 0)
        complain(round, "refused", solved->err.message);
}

static void solved_clear(struct solved *solved)
{
    plan_clear(&solved->plan);
    certificate_clear(&solved->certificate);
    err_clear(&solved->err);
}

/* -- limits -- */

static int is_below(const struct objective_value *best, int64_t bound)
{
    return words_objective_is_max(best->objective) ? bound < best->value : bound > best->value;
}

/* A stopped solve against the whole one: bounds are at or beyond the best as long as the objectives
 * before are at their best, and `optimal` is said, or proved, only where all are. */
static void check_stopped(const struct hostile *round, const struct solved *stopped,
                          const struct solved *whole)
{
    const struct plan *plan = &stopped->plan;
    int is_best = 1;
    if (stopped->result != 0) {
        complain(round, "no plan", stopped->err.message);
        return;
    }
    for (size_t k = 0; k < plan->n_objectives && is_best; k++) {
        const struct objective_value *best = &whole->plan.objectives[k];
        if (is_below(best, plan->objectives[k].bound))
            complain(round, "a bound excludes the best plan",
                     words_name(&words_objective, (int)best->objective));
        const struct objective_value stated = {best->objective, plan->objectives[k].bound, 0};
        if (stopped->certificate.shift && is_below(&stated, stopped->certificate.bounds[k]))
            complain(round, "a bound is farther off than what is proved",
                     words_name(&words_objective, (int)best->objective));
        if (stopped->certificate.shift && is_below(best, stopped->certificate.bounds[k]))
            complain(round, "a proof excludes the best plan",
                     words_name(&words_objective, (int)best->objective));
        is_best = plan->objectives[k].value == best->value;
    }
    if (!is_best && (plan->status == PLAN_OPTIMAL || stopped->proved))
        complain(round, "called optimal", "but it is not");
}

static char *bytes_of(const struct solved *solved)
{
    char *plan = plan_to_json(&solved->plan, 0);
    char *certificate = certificate_to_json(&solved->certificate);
    struct buffer both;
    buffer_init(&both);
    buffer_format(&both, "%s%s", plan, certificate);
    free(plan);
    free(certificate);
    return buffer_take(&both, NULL);
}

/* Each amount of work up to `most`; in steps of `step` the same bytes once more. */
static void stop_after_work(const struct hostile *round, int most, int step)
{
    struct solved whole;
    solve(round, (struct solver_options){0}, &whole);
    for (int work = 1; work <= most && whole.result == 0; work++) {
        struct solver_options options = {.work_limit = work};
        struct solved one, two;
        solve(round, options, &one);
        check_stopped(round, &one, &whole);
        if (work % step == 0) {
            solve(round, options, &two);
            char *texts[] = {bytes_of(&one), bytes_of(&two)};
            if (strcmp(texts[0], texts[1]) != 0)
                complain(round, "the same work", "another plan or certificate");
            free(texts[0]);
            free(texts[1]);
            solved_clear(&two);
        }
        solved_clear(&one);
    }
    solved_clear(&whole);
}

static void stop_after_time(const struct hostile *round)
{
    static const double limits_s[] = {1e-9,  1e-5,  1e-4,  5e-4, 0.001, 0.002,
                                      0.004, 0.008, 0.016, 0.03, 0.06,  0.1};
    struct solved whole;
    solve(round, (struct solver_options){0}, &whole);
    for (size_t t = 0; t < sizeof limits_s / sizeof *limits_s && whole.result == 0; t++) {
        struct solved one;
        solve(round, (struct solver_options){.time_limit_s = limits_s[t]}, &one);
        check_stopped(round, &one, &whole);
        solved_clear(&one);
    }
    solved_clear(&whole);
}

static void on_drawn(enum random_sort sort, long first, long n,
                     void (*test)(const struct hostile *))
{
    for (long seed = first; seed < first + n; seed++) {
        struct drawn_round drawn;
        struct hostile round = {0};
        if (drawn_round_init(&drawn, (uint64_t)seed, sort) != 0)
            continue;
        round.region = drawn.region;
        round.policy = drawn.policy;
        round.now = drawn.world.now;
        snprintf(round.name, sizeof round.name, "drawn, sort %d, seed %ld", (int)sort, seed);
        test(&round);
        drawn_round_clear(&drawn);
    }
}

static void stop_early(const struct hostile *round)
{
    stop_after_work(round, 40, 8);
}

static void stop_late(const struct hostile *round)
{
    stop_after_work(round, 200, 50);
}

static void test_work_limits(void)
{
    on_drawn(RANDOM_NETWORK, 1, drawn_round_count(40) / 2, stop_early);
    on_drawn(RANDOM_COUPLED, 1, drawn_round_count(40) / 2, stop_early);
    on_drawn(RANDOM_LARGE_NETWORK, 1, drawn_round_count(40) / 10, stop_late);
    on_drawn(RANDOM_LARGE_COUPLED, 1, drawn_round_count(40) / 10, stop_late);
    on_drawn(RANDOM_ODD_NETWORK, 1, drawn_round_count(40) / 2, stop_early);
    on_drawn(RANDOM_ODD_COUPLED, 1, drawn_round_count(40) / 2, stop_early);
    on_drawn(RANDOM_ODD_LARGE_COUPLED, 1, drawn_round_count(40) / 10, stop_late);
}

static void test_time_limits(void)
{
    on_drawn(RANDOM_LARGE_NETWORK, 100, drawn_round_count(40) / 8, stop_after_time);
    on_drawn(RANDOM_LARGE_COUPLED, 100, drawn_round_count(40) / 8, stop_after_time);
}

/* -- shapes -- */

static const struct hostile_world shapes[] = {
    {.name = "nothing but ties",
     .people = 60,
     .pools = 8,
     .beds = 4,
     .is_one_spot = 1,
     .is_alike = 1},
    {.name = "all distances equal", .people = 60, .pools = 8, .beds = 4, .is_one_spot = 1},
    {.name = "one giant pool", .people = 120, .pools = 1, .beds = 70},
    {.name = "one giant pool and ties",
     .people = 120,
     .pools = 1,
     .beds = 70,
     .is_one_spot = 1,
     .is_alike = 1},
    {.name = "pools of one bed", .people = 60, .pools = 60, .beds = 1},
    {.name = "as many beds as people", .people = 60, .pools = 12, .beds = 5},
    {.name = "more beds than people", .people = 20, .pools = 10, .beds = 30},
    {.name = "nobody", .pools = 3, .beds = 2},
    {.name = "nowhere", .people = 3},
    {.name = "nobody and nowhere"},
    {.name = "one and one", .people = 1, .pools = 1, .beds = 1},
    {.name = "no bed free", .people = 20, .pools = 5},
    {.name = "residents only, no bed free", .people = 24, .pools = 6, .residents = 24},
    {.name = "residents only", .people = 24, .pools = 6, .beds = 1, .residents = 24},
    {.name = "residents who are alike",
     .people = 24,
     .pools = 6,
     .beds = 1,
     .residents = 24,
     .is_one_spot = 1,
     .is_alike = 1},
    {.name = "residents before newcomers", .people = 40, .pools = 6, .beds = 1, .residents = 20},
};

static const struct hostile_world coupled_shapes[] = {
    {.name = "couples only", .people = 14, .pools = 3, .beds = 3, .couples = 7},
    {.name = "couples and ties",
     .people = 14,
     .pools = 3,
     .beds = 3,
     .couples = 7,
     .is_one_spot = 1,
     .is_alike = 1},
    {.name = "couples, no bed free", .people = 12, .pools = 3, .couples = 6},
    {.name = "couples, pools of one bed", .people = 12, .pools = 6, .beds = 1, .couples = 3},
    {.name = "staff for one", .people = 24, .pools = 4, .beds = 5, .minutes = 60},
    {.name = "staff for few, ties",
     .people = 24,
     .pools = 3,
     .beds = 6,
     .minutes = 150,
     .is_one_spot = 1,
     .is_alike = 1},
    {.name = "rooms of two", .people = 24, .pools = 3, .beds = 4, .has_rooms = 1},
    {.name = "rooms, couples and staff",
     .people = 24,
     .pools = 3,
     .beds = 4,
     .couples = 4,
     .minutes = 200,
     .has_rooms = 1},
    {.name = "residents, couples and staff",
     .people = 20,
     .pools = 3,
     .beds = 2,
     .residents = 6,
     .couples = 3,
     .minutes = 100},
};

static void shape_init(struct hostile *round, const struct hostile_world *world, int64_t points)
{
    round->region = hostile_world_region(world);
    round->policy = hostile_world_policy(points);
    round->now = HOSTILE_WORLD_NOW;
    snprintf(round->name, sizeof round->name, "%s", world->name);
}

static void shape_clear(struct hostile *round)
{
    region_free((struct region *)(uintptr_t)round->region);
    policy_free((struct policy *)(uintptr_t)round->policy);
}

static int64_t value_of(const struct solved *solved, size_t k)
{
    return solved->plan.objectives[k].value;
}

/* Network rounds are proved, and GLPK alone finds the same plan. */
static void check_network(const struct hostile *round)
{
    struct solved one, two;
    solve(round, (struct solver_options){0}, &one);
    solve(round, (struct solver_options){.engine = SOLVER_GLPK}, &two);
    if (one.result != 0 || two.result != 0)
        complain(round, "no plan", one.result ? one.err.message : two.err.message);
    else if (!one.proved || one.plan.status != PLAN_OPTIMAL)
        complain(round, "the optimum", "not proved");
    free(two.plan.engine);
    two.plan.engine = alloc_string(one.plan.engine);
    char *plans[] = {plan_to_json(&one.plan, 0), plan_to_json(&two.plan, 0)};
    if (strcmp(plans[0], plans[1]) != 0)
        complain(round, "two methods", "two plans");
    free(plans[0]);
    free(plans[1]);
    solved_clear(&one);
    solved_clear(&two);
}

static void test_shapes(void)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        struct hostile round;
        shape_init(&round, &shapes[s], 100);
        check_network(&round);
        stop_after_work(&round, 12, 4);
        shape_clear(&round);
    }
}

/* Coupled rounds end by themselves; with less work nothing false is said. */
static void test_coupled_shapes(void)
{
    for (size_t s = 0; s < sizeof coupled_shapes / sizeof *coupled_shapes; s++) {
        struct hostile round;
        struct solved solved;
        shape_init(&round, &coupled_shapes[s], 100);
        solve(&round, (struct solver_options){0}, &solved);
        if (solved.result != 0 || solved.plan.status != PLAN_OPTIMAL)
            complain(&round, "not optimal", solved.result ? solved.err.message : "it says");
        solved_clear(&solved);
        stop_after_work(&round, 60, 20);
        shape_clear(&round);
    }
}

static void test_many_single_beds(void)
{
    static const struct hostile_world world = {
        .name = "2,000 pools of one bed", .people = 4000, .pools = 2000, .beds = 1, .groups = 100};
    struct hostile round;
    struct solved solved;
    shape_init(&round, &world, 100);
    solve(&round, (struct solver_options){0}, &solved);
    CU_ASSERT(solved.result == 0 && solved.proved == 1);
    CU_ASSERT_EQUAL(solved.plan.n_placements, 2000);
    solved_clear(&solved);
    shape_clear(&round);
}

/* -- large numbers -- */

/* The most points of level 1 at which the round is taken. */
static int64_t most_points(const struct hostile_world *world)
{
    int64_t low = 1, high = INT64_MAX / 8;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        struct hostile round;
        struct solved solved;
        shape_init(&round, world, middle);
        solve(&round, (struct solver_options){.engine = SOLVER_GREEDY}, &solved);
        if (solved.result == 0)
            low = middle;
        else
            high = middle;
        solved_clear(&solved);
        shape_clear(&round);
    }
    return low;
}

/* At the last amount of points that is taken the placements are those of small points; one more is
 * refused in words. */
static void check_largest(const struct hostile_world *world)
{
    int64_t most = most_points(world);
    struct hostile small, large, beyond;
    struct solved one, two, three;
    shape_init(&small, world, 1);
    shape_init(&large, world, most);
    shape_init(&beyond, world, most + 1);
    solve(&small, (struct solver_options){0}, &one);
    solve(&large, (struct solver_options){0}, &two);
    solve(&beyond, (struct solver_options){0}, &three);
    CU_ASSERT(most > 1000000000);
    if (one.result != 0 || two.result != 0)
        complain(&large, "no plan", two.err.message);
    else if (!one.proved || !two.proved)
        complain(&large, "the optimum", "not proved");
    else if (value_of(&two, 0) != value_of(&one, 0) * most || one.plan.n_placements == 0 ||
             one.plan.n_placements != two.plan.n_placements)
        complain(&large, "another plan", "than with small points");
    for (size_t i = 0; i < one.plan.n_placements && i < two.plan.n_placements; i++)
        if (strcmp(one.plan.placements[i].pool_id, two.plan.placements[i].pool_id) != 0)
            complain(&large, "placed elsewhere", one.plan.placements[i].applicant_id);
    CU_ASSERT(three.result == -1 && three.err.code == ERR_BAD_INPUT);
    CU_ASSERT_PTR_NOT_NULL(strstr(three.err.message, "use smaller points"));
    solved_clear(&one);
    solved_clear(&two);
    solved_clear(&three);
    shape_clear(&small);
    shape_clear(&large);
    shape_clear(&beyond);
}

static void test_largest_points(void)
{
    static const struct hostile_world worlds[] = {
        {.name = "largest points", .people = 40, .pools = 6, .beds = 3},
        {.name = "largest points and residents",
         .people = 40,
         .pools = 6,
         .beds = 1,
         .residents = 12},
        {.name = "largest points and ties",
         .people = 30,
         .pools = 5,
         .beds = 3,
         .is_one_spot = 1,
         .is_alike = 1},
        {.name = "largest points, as many beds", .people = 30, .pools = 6, .beds = 5},
    };
    for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++)
        check_largest(&worlds[w]);
}

/* Coupled rounds pass through GLPK's doubles: with points as large as a policy can have them the
 * values are those of small points. */
static void test_large_points_coupled(void)
{
    for (size_t s = 0; s < sizeof coupled_shapes / sizeof *coupled_shapes; s++) {
        struct hostile small, large;
        struct solved one, two;
        shape_init(&small, &coupled_shapes[s], 1);
        shape_init(&large, &coupled_shapes[s], POLICY_POINTS_MAX / 4);
        solve(&small, (struct solver_options){0}, &one);
        solve(&large, (struct solver_options){0}, &two);
        if (one.result != 0 || two.result != 0)
            complain(&large, "no plan", two.err.message);
        else if (value_of(&two, 0) != value_of(&one, 0) * (POLICY_POINTS_MAX / 4))
            complain(&large, "another plan", "than with small points");
        solved_clear(&one);
        solved_clear(&two);
        shape_clear(&small);
        shape_clear(&large);
    }
}

static const struct check_test tests[] = {
    {"work_limits", test_work_limits},
    {"time_limits", test_time_limits},
    {"shapes", test_shapes},
    {"coupled_shapes", test_coupled_shapes},
    {"many_single_beds", test_many_single_beds},
    {"largest_points", test_largest_points},
    {"large_points_coupled", test_large_points_coupled},
};
CHECK_SUITE(suite_hostile, tests);
