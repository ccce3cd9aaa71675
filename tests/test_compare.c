/* test_compare.c - two plans of drawn worlds side by side, the optimum and that of the greedy
 * engine: everything recounted person by person from the world. */
#include "solver/compare.h"

#include "models/stamp.h"
#include "solver/solver.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 200 };

static long differ, moved;

static void solve(const struct drawn_round *round, enum solver_engine engine, struct plan *plan)
{
    struct solver_options how = {.engine = engine};
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(
        solver_run(round->region, round->policy, round->world.now, &how, plan, NULL, &err), 0);
}

static const struct placement *place_in(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->n_placements; i++)
        if (strcmp(plan->placements[i].applicant_id, id) == 0)
            return &plan->placements[i];
    return NULL;
}

static int is_left_in(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->n_unplaced; i++)
        if (strcmp(plan->unplaced[i].applicant_id, id) == 0)
            return 1;
    return 0;
}

static const struct compare_person *person_in(const struct compare *compare, const char *id)
{
    for (size_t i = 0; i < compare->n_people; i++)
        if (strcmp(compare->people[i].applicant->record.id, id) == 0)
            return &compare->people[i];
    return NULL;
}

/* Whoever is somewhere else, or only in one plan, is listed with just that; nobody else is. */
static size_t check_people(const struct compare_side *sides, const struct compare *compare)
{
    size_t wrong = 0, same = 0, listed = 0;
    const struct record *at = region_first(sides[0].region, RECORD_APPLICANT);
    for (; at; at = region_next(at)) {
        const struct placement *a = place_in(sides[0].plan, at->id);
        const struct placement *b = place_in(sides[1].plan, at->id);
        const struct compare_person *person = person_in(compare, at->id);
        int is_same = a && b && strcmp(a->pool_id, b->pool_id) == 0;
        int is_listed = !is_same && (a || b);
        same += (size_t)is_same;
        listed += (size_t)is_listed;
        wrong += is_listed != (person != NULL);
        if (person)
            wrong += person->place[0] != a || person->place[1] != b ||
                     (!a && !person->left[0] && is_left_in(sides[0].plan, at->id)) ||
                     (a && person->left[0]) || (b && person->left[1]);
    }
    differ += (long)listed;
    return wrong + (same != compare->same) + (listed != compare->n_people);
}

/* Is `most` the least number that so many per cent of them do not exceed? */
static int is_at_most(const int64_t *amounts, size_t n, size_t per_cent, int64_t most)
{
    size_t below = 0, up_to = 0;
    for (size_t i = 0; i < n; i++) {
        below += amounts[i] < most;
        up_to += amounts[i] <= most;
    }
    return n ? up_to * 100 >= n * per_cent && below * 100 < n * per_cent : most == COMPARE_NOBODY;
}

static size_t check_figures(const struct compare_side *side, const int64_t *figures)
{
    int64_t metres[256], placed[256], left[256];
    size_t n_metres = 0, n_placed = 0, n_left = 0, n_moved = 0, wrong = 0;
    const struct record *at = region_first(side->region, RECORD_APPLICANT);
    for (; at; at = region_next(at)) {
        const struct applicant *applicant = (const struct applicant *)at;
        const struct placement *place = place_in(side->plan, at->id);
        int64_t days = stamp_days(applicant->applied_at, side->plan->now);
        if (place)
            metres[n_metres++] = place->metres;
        if (place && !applicant->current_pool[0])
            placed[n_placed++] = days;
        else if (place)
            n_moved++;
        else if (!applicant->current_pool[0] && is_left_in(side->plan, at->id))
            left[n_left++] = days;
    }
    wrong += figures[COMPARE_PLACED] != (int64_t)n_placed;
    wrong += figures[COMPARE_UNPLACED] != (int64_t)n_left;
    wrong += figures[COMPARE_MOVED] != (int64_t)n_moved;
    wrong += !is_at_most(metres, n_metres, 50, figures[COMPARE_METRES_MEDIAN]);
    wrong += !is_at_most(metres, n_metres, 90, figures[COMPARE_METRES_P90]);
    wrong += !is_at_most(placed, n_placed, 90, figures[COMPARE_PLACED_P90]);
    wrong += !is_at_most(left, n_left, 50, figures[COMPARE_LEFT_MEDIAN]);
    wrong += !is_at_most(left, n_left, 100, figures[COMPARE_LEFT_MOST]);
    moved += (long)n_moved;
    return wrong;
}

/* Rows add up to everybody, whatever they are counted by. */
static size_t check_rows(const struct compare_side *sides, const struct compare *compare)
{
    size_t wrong = 0;
    for (size_t side = 0; side < COMPARE_SIDES; side++) {
        const int64_t *figures = compare->figures[side];
        size_t places = 0, of[COMPARE_BY_COUNT] = {0}, placed[COMPARE_BY_COUNT] = {0};
        for (size_t i = 0; i < compare->n_places; i++)
            places += compare->places[i].n[side];
        for (size_t i = 0; i < compare->n_groups; i++) {
            of[compare->groups[i].by] += compare->groups[i].of[side];
            placed[compare->groups[i].by] += compare->groups[i].placed[side];
        }
        wrong += places != sides[side].plan->n_placements;
        for (int by = 0; by < COMPARE_BY_COUNT; by++) {
            wrong += (int64_t)placed[by] != figures[COMPARE_PLACED];
            wrong += (int64_t)of[by] != figures[COMPARE_PLACED] + figures[COMPARE_UNPLACED];
        }
    }
    return wrong;
}

static size_t check_round(struct drawn_round *round)
{
    struct plan plans[COMPARE_SIDES];
    struct compare compare;
    struct alm_error err;
    err_init(&err);
    solve(round, SOLVER_AUTO, &plans[0]);
    solve(round, SOLVER_GREEDY, &plans[1]);
    const struct compare_side sides[] = {{round->region, &plans[0]}, {round->region, &plans[1]}};
    CU_ASSERT_EQUAL_FATAL(compare_plans(sides, &compare, &err), 0);
    size_t wrong = check_people(sides, &compare) + check_rows(sides, &compare);
    for (size_t side = 0; side < COMPARE_SIDES; side++)
        wrong += check_figures(&sides[side], compare.figures[side]);
    compare_clear(&compare);
    const struct compare_side twice[] = {sides[0], sides[0]};
    CU_ASSERT_EQUAL_FATAL(compare_plans(twice, &compare, &err), 0);
    wrong += compare.n_people != 0 || compare.same != plans[0].n_placements;
    compare_clear(&compare);
    plan_clear(&plans[0]);
    plan_clear(&plans[1]);
    return wrong;
}

static void test_rounds(void)
{
    differ = moved = 0;
    drawn_round_each(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS), check_round);
    drawn_round_each(RANDOM_COUPLED, drawn_round_count(WORLDS), check_round);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || (differ > 500 && moved > 50));
}

/* A plan that names who is not there, or a bed that is not there, is refused in words. */
static void test_strangers(void)
{
    struct drawn_round round;
    struct compare compare;
    struct plan plan;
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(drawn_round_init(&round, 1, RANDOM_LARGE_NETWORK), 0);
    solve(&round, SOLVER_AUTO, &plan);
    for (uint64_t seed = 2; !plan.n_placements && seed < 100; seed++) { /* of other worlds */
        plan_clear(&plan);
        drawn_round_clear(&round);
        CU_ASSERT_EQUAL_FATAL(drawn_round_init(&round, seed, RANDOM_LARGE_NETWORK), 0);
        solve(&round, SOLVER_AUTO, &plan);
    }
    CU_ASSERT_FATAL(plan.n_placements > 0);
    const struct compare_side sides[] = {{round.region, &plan}, {round.region, &plan}};
    strcpy(plan.placements[0].pool_id, "nowhere");
    CU_ASSERT_EQUAL(compare_plans(sides, &compare, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "nowhere"));
    compare_clear(&compare);
    err_clear(&err);
    strcpy(plan.placements[0].applicant_id, "nobody");
    CU_ASSERT_EQUAL(compare_plans(sides, &compare, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "nobody"));
    compare_clear(&compare);
    err_clear(&err);
    plan_clear(&plan);
    drawn_round_clear(&round);
}

static const struct check_test tests[] = {
    {"recounted", test_rounds},
    {"strangers", test_strangers},
};
CHECK_SUITE(suite_compare, tests);
