/* test_ahead.c - what is seen while pairs are made is what a look at all of them sees, in stretches
 * as well; and what does not hold is not used. */
#include "solver/ahead.h"

#include "models/alloc.h"
#include "solver/problem_pairs.h"
#include "solver/solver.h"
#include "solver/warm_last.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <stdlib.h>
#include <string.h>

enum { WORLDS = 200, STRETCHES = 3 };

static size_t n_seen, n_moved;

struct seen { /* a round, and its look */
    struct problem *problem;
    struct packed packed;
    int64_t *part_price, *price, *beyond;
    uint32_t *chosen;
    struct near_list list;
    int is_whole;
};

static struct near_view view_of(struct seen *seen, int64_t limit)
{
    return (struct near_view){&seen->packed,          seen->price, seen->chosen, limit,
                              seen->problem->n_pairs, seen->beyond};
}

static void seen_init(struct seen *seen, struct problem *problem, const struct packed *packed)
{
    *seen = (struct seen){.problem = problem, .packed = *packed};
    seen->beyond = alloc_zero((size_t)problem->n_people + 1, sizeof(int64_t));
}

static void seen_clear(struct seen *seen)
{
    near_list_clear(&seen->list);
    free(seen->part_price);
    free(seen->price);
    free(seen->beyond);
    free(seen->chosen);
}

static void look_ahead(struct ahead *ahead, struct problem *problem, struct seen *seen)
{
    struct packed packed;
    ahead_packed(ahead, problem, &packed);
    seen_init(seen, problem, &packed);
    seen->chosen = ahead_chosen(ahead);
    seen->part_price = ahead_prices(ahead);
    seen->price = packed_prices(&packed, seen->part_price);
    struct near_view view = view_of(seen, ahead_limit(ahead));
    seen->is_whole = ahead_look(ahead, &view, &seen->list);
}

/* At all pairs, once they are there. */
static void look_afterwards(const struct solver_options *options, const struct seen *ahead,
                            int64_t limit, struct seen *seen)
{
    seen_init(seen, ahead->problem, &ahead->packed);
    struct warm_match *match = warm_match_new(seen->problem, options->last_plan);
    warm_match_people(match);
    seen->chosen = warm_match_settle(match);
    seen->part_price = warm_last_prices(seen->problem, options->last_certificate);
    seen->price = packed_prices(&seen->packed, seen->part_price);
    struct near_view view = view_of(seen, limit);
    seen->is_whole = near_look(&view, &seen->list);
}

static int is_waiting(const struct seen *seen, const struct near_pair *pair)
{
    return seen->chosen[pair->person] == PROBLEM_NONE && pair->gain < seen->price[pair->part];
}

/* Pairs of one list that the other has not. Who waits for a part may be there by one alone. */
static size_t missing(const struct seen *one, const struct seen *other)
{
    size_t wrong = 0, at = 0;
    for (size_t k = 0; k < one->list.n; k++) {
        const struct near_pair *pair = &one->list.pairs[k];
        while (at < other->list.n && other->list.pairs[at].pair < pair->pair)
            at++;
        if (at < other->list.n && other->list.pairs[at].pair == pair->pair)
            wrong += other->list.pairs[at].gain != pair->gain;
        else
            wrong += !is_waiting(one, pair);
        wrong += k && one->list.pairs[k - 1].pair >= pair->pair;
    }
    return wrong;
}

/* Pairs that are not in the list and leave more than is said. */
static size_t beyond_reach(const struct seen *seen)
{
    const struct problem *problem = seen->problem;
    size_t wrong = 0, at = 0;
    for (uint32_t pair = 0; pair < problem->n_pairs; pair++) {
        const struct problem_pair *of = &problem->pairs[pair];
        while (at < seen->list.n && seen->list.pairs[at].pair < pair)
            at++;
        if (at < seen->list.n && seen->list.pairs[at].pair == pair)
            continue;
        int64_t base = packed_base(&seen->packed, of->person);
        int64_t gain = problem_is_stay(problem, pair) ? 0 : packed_gain(&seen->packed, base, of);
        wrong += gain - seen->price[of->part] > seen->beyond[of->person];
    }
    return wrong;
}

static size_t compare(const struct seen *ahead, const struct seen *after)
{
    const struct problem *problem = ahead->problem;
    size_t prices = problem->n_parts * problem->n_objectives;
    if (ahead->is_whole != after->is_whole)
        return 1;
    return (memcmp(ahead->chosen, after->chosen, problem->n_people * sizeof(uint32_t)) != 0) +
           (memcmp(ahead->part_price, after->part_price, prices * sizeof(int64_t)) != 0) +
           missing(ahead, after) + missing(after, ahead) + beyond_reach(ahead);
}

/* The pairs of the round once more, in stretches. */
static void build_again(struct problem *problem, const struct solver_options *options)
{
    ahead_free(problem->ahead);
    problem->ahead = ahead_new(problem, options);
    free(problem->pairs);
    problem->pairs = NULL;
    problem->n_pairs = 0;
    for (uint32_t i = 0; i < problem->n_people; i++)
        problem->people[i].stay_pair = PROBLEM_NONE;
    CU_ASSERT_EQUAL_FATAL(problem_pairs_build(problem, STRETCHES, NULL), 0);
}

/* What was seen means nothing where a pair counts more than anybody could know before. */
static size_t holds_anyhow(struct problem *problem)
{
    int64_t widest = problem->widest[0];
    problem->widest[0] = INT64_MAX;
    size_t wrong = (size_t)ahead_holds(problem->ahead, problem);
    problem->widest[0] = widest;
    return wrong;
}

static size_t see(struct problem *problem, const struct solver_options *options)
{
    struct seen ahead, after;
    size_t wrong = holds_anyhow(problem);
    if (!ahead_holds(problem->ahead, problem))
        return wrong;
    look_ahead(problem->ahead, problem, &ahead);
    look_afterwards(options, &ahead, ahead_limit(problem->ahead), &after);
    wrong += compare(&ahead, &after);
    n_seen++;
    seen_clear(&ahead);
    seen_clear(&after);
    return wrong;
}

/* Every third pool has lost a bed since the last round, so that not everybody finds room. */
static void lose_beds(struct region *region)
{
    size_t n = 0;
    const struct record *next, *at = region_first(region, RECORD_POOL);
    for (; at; at = next) {
        next = region_next(at);
        struct pool *copy = (struct pool *)record_copy(at);
        int loses = n++ % 3 == 0 && copy->beds_usable > copy->beds_occupied;
        copy->beds_usable -= loses;
        n_moved += (size_t)loses;
        region_put_take(region, &copy->record);
    }
}

static size_t sees_all(struct drawn_round *round)
{
    struct plan plan;
    struct certificate certificate;
    struct solver_options options = {0};
    plan_init(&plan);
    certificate_init(&certificate);
    CU_ASSERT_EQUAL_FATAL(solver_run(round->region, round->policy, round->world.now, &options,
                                     &plan, &certificate, NULL),
                          0);
    options = (struct solver_options){.last_plan = &plan, .last_certificate = &certificate};
    lose_beds(round->region);
    struct problem *problem =
        problem_new_after(round->region, round->policy, round->world.now, &options, NULL);
    size_t wrong = see(problem, &options);
    build_again(problem, &options);
    wrong += see(problem, &options);
    plan_clear(&plan);
    certificate_clear(&certificate);
    problem_free(problem);
    return wrong;
}

static void test_sees_all(void)
{
    drawn_round_each(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS), sees_all);
    drawn_round_each(RANDOM_ODD_LARGE_NETWORK, drawn_round_count(WORLDS), sees_all);
    CU_ASSERT(n_seen > 0);
    CU_ASSERT(n_moved > 0);
}

static const struct check_test tests[] = {{"sees_what_a_look_sees", test_sees_all}};
CHECK_SUITE(suite_ahead, tests);
