/* test_worlds.c - thousands of small drawn worlds, each solved twice: by the program and by trying
 * all plans. They must agree in every objective and - the tie rule makes the plan unique - in every
 * placement. Larger worlds are solved by two methods. */
#include "tests/check.h"
#include "tests/drawn_round.h"
#include "tests/peer_glpk.h"

#include "models/alloc.h"
#include "solver/solver.h"
#include "solver/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 2000 }; /* of each sort */
enum { PEER_SECONDS = 5, PRICES = 8 };

static const char *const sort_names[] = {"network",           "coupled",          "large network",
                                         "large coupled",     "odd network",      "odd coupled",
                                         "odd large network", "odd large coupled"};

/* One line for the world that fails; the test goes on to the next, at most ten lines. */
static void complain(const struct drawn_round *round, enum random_sort sort, const char *what,
                     const char *detail)
{
    static int lines;
    CU_FAIL("a drawn world");
    if (lines++ < 10)
        printf("\n    %s world, seed %" PRIu64 ": %s: %s\n", sort_names[sort], round->world.seed,
               what, detail);
}

typedef void world_test(const struct drawn_round *round, enum random_sort sort);

static void on_worlds(enum random_sort sort, long n, world_test *test)
{
    long skipped = 0;
    for (long seed = 1; seed <= n; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0) {
            skipped++;
            continue;
        }
        test(&round, sort);
        drawn_round_clear(&round);
    }
    CU_ASSERT(skipped * 20 <= n); /* hardly any world is too large to be tried */
}

/* -- the checker alone -- */

static void brute_plan_is_accepted(const struct drawn_round *round, enum random_sort sort)
{
    struct plan plan;
    struct alm_error err;
    int proved = -1;
    err_init(&err);
    drawn_round_plan(round, &round->brute, &plan);
    if (verify_plan(round->region, round->policy, &plan, NULL, &proved, &err) != 0 || proved != 0)
        complain(round, sort, "verify refuses the brute force's plan", err.message);
    err_clear(&err);
    plan_clear(&plan);
}

static void test_brute_network(void)
{
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS), brute_plan_is_accepted);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, brute_plan_is_accepted);
}

static void test_brute_coupled(void)
{
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS), brute_plan_is_accepted);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, brute_plan_is_accepted);
}

/* -- the solver -- */

struct solved {
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
    int result;
};

static void solve(const struct region *region, const struct drawn_round *round,
                  enum solver_engine engine, struct solved *solved)
{
    struct solver_options options = {.engine = engine};
    plan_init(&solved->plan);
    certificate_init(&solved->certificate);
    err_init(&solved->err);
    solved->result = solver_run(region, round->policy, round->world.now, &options, &solved->plan,
                                &solved->certificate, &solved->err);
}

static void solved_clear(struct solved *solved)
{
    plan_clear(&solved->plan);
    certificate_clear(&solved->certificate);
    err_clear(&solved->err);
}

/* "need 30/35, travel 10/10": what the program has, what trying all gives; NULL when all agree. */
static const char *differing_values(const struct drawn_round *round, const struct plan *plan)
{
    static char text[400];
    int differ = plan->n_objectives != (size_t)round->brute.n_objectives;
    size_t len = 0;
    for (int k = 0; k < round->brute.n_objectives; k++) {
        const char *name = random_objectives[round->brute.objectives[k]];
        int64_t value = (size_t)k < plan->n_objectives ? plan->objectives[k].value : -1;
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %" PRId64 "/%" PRId64 ", ", name,
                                value, round->brute.values[k]);
        differ |= value != round->brute.values[k] ||
                  strcmp(words_name(&words_objective, (int)plan->objectives[k].objective), name);
    }
    return differ ? text : NULL;
}

static const char *pool_in(const struct plan *plan, const char *applicant)
{
    for (size_t i = 0; i < plan->n_placements; i++)
        if (strcmp(plan->placements[i].applicant_id, applicant) == 0)
            return plan->placements[i].pool_id;
    return "none";
}

static const char *differing_places(const struct drawn_round *round, const struct plan *plan)
{
    static char text[400];
    int differ = 0;
    size_t len = 0;
    for (int i = 0; i < round->world.n_people; i++) {
        const char *id = random_id('A', i), *found = pool_in(plan, id);
        const char *best =
            round->brute.to[i] == RANDOM_NONE ? "none" : random_id('P', round->brute.to[i]);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %s/%s, ", id, found, best);
        differ |= strcmp(found, best) != 0;
    }
    return differ ? text : NULL;
}

static long n_certified, n_proved; /* of the rounds with coupled rows */

static void check_solved(const struct drawn_round *round, enum random_sort sort,
                         struct solved *solved)
{
    const char *differ;
    int proved = -1, is_network = !random_sort_is_coupled(sort);
    if (solved->result != 0)
        complain(round, sort, "no plan", solved->err.message);
    else if (solved->plan.status != PLAN_OPTIMAL)
        complain(round, sort, "status", "not optimal");
    else if ((differ = differing_values(round, &solved->plan)))
        complain(round, sort, "program/best", differ);
    else if ((differ = differing_places(round, &solved->plan)))
        complain(round, sort, "program/best", differ);
    else if (verify_plan(round->region, round->policy, &solved->plan, &solved->certificate, &proved,
                         &solved->err) != 0)
        complain(round, sort, "verify refuses", solved->err.message);
    else if (is_network && proved != 1)
        complain(round, sort, "verify", "not proved");
    if (!is_network) {
        n_certified++;
        n_proved += proved == 1;
    }
}

static void solver_finds_the_best(const struct drawn_round *round, enum random_sort sort)
{
    struct solved solved;
    solve(round->region, round, SOLVER_AUTO, &solved);
    check_solved(round, sort, &solved);
    solved_clear(&solved);
}

static void test_network(void)
{
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS), solver_finds_the_best);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS), solver_finds_the_best);
}

static void test_coupled(void)
{
    n_certified = n_proved = 0;
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS), solver_finds_the_best);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS), solver_finds_the_best);
    CU_ASSERT(n_proved * 10 >= n_certified * 9 || n_certified < 100);
}

static void glpk_alone_finds_the_best(const struct drawn_round *round, enum random_sort sort)
{
    struct solved solved;
    solve(round->region, round, SOLVER_GLPK, &solved);
    check_solved(round, sort, &solved);
    solved_clear(&solved);
}

static void test_glpk_alone(void)
{
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS) / 4, glpk_alone_finds_the_best);
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) / 4, glpk_alone_finds_the_best);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, glpk_alone_finds_the_best);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, glpk_alone_finds_the_best);
}

/* A feasible plan, never better than the best, with bounds that hold. */
static void greedy_is_feasible(const struct drawn_round *round, enum random_sort sort)
{
    struct solved solved;
    int proved = -1;
    solve(round->region, round, SOLVER_GREEDY, &solved);
    if (solved.result != 0 ||
        verify_plan(round->region, round->policy, &solved.plan, NULL, &proved, &solved.err) != 0)
        complain(round, sort, "greedy", solved.err.message);
    for (size_t k = 0; k < solved.plan.n_objectives; k++) {
        int64_t best = round->brute.values[k], value = solved.plan.objectives[k].value;
        int is_max = words_objective_is_max(solved.plan.objectives[k].objective);
        if (is_max ? value > best : value < best)
            complain(round, sort, "greedy", "better than the best");
        if (value != best)
            break;
    }
    solved_clear(&solved);
}

static void test_greedy(void)
{
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS) / 4, greedy_is_feasible);
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) / 4, greedy_is_feasible);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, greedy_is_feasible);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, greedy_is_feasible);
}

/* -- any prices -- */

/* Of beds, of people in homes with nursing minutes and of beds in rooms: about what people are
 * worth, sometimes far less. */
static void draw_prices(struct certificate *certificate, uint64_t *state)
{
    size_t n = certificate->n_objectives;
    uint64_t most = (uint64_t)1 << (14 + random_below(state, 14));
    for (size_t k = 0; k < n; k++) {
        for (size_t p = 0; p < certificate->n_pools; p++)
            certificate->pools[p].price[k] =
                random_chance(state, 50) ? (int64_t)random_below(state, most) : 0;
        for (size_t s = 0; s < certificate->n_staff; s++)
            certificate->staff[s].price[k] = (int64_t)random_below(state, most);
        for (size_t r = 0; r < certificate->n_rooms; r++)
            certificate->rooms[r].price[k] =
                random_chance(state, 30) ? (int64_t)random_below(state, most) : 0;
    }
}

/* No prices prove that the best plan cannot be. */
static void all_prices_bound(const struct drawn_round *round, enum random_sort sort)
{
    struct solved solved;
    uint64_t state = round->world.seed;
    solve(round->region, round, SOLVER_AUTO, &solved);
    for (int n = 0; n < PRICES && solved.certificate.shift; n++) {
        draw_prices(&solved.certificate, &state);
        if (verify_plan_certify(round->region, round->policy, &solved.plan, &solved.certificate,
                                &solved.err) != 0)
            complain(round, sort, "drawn prices", solved.err.message);
    }
    solved_clear(&solved);
}

static void test_any_prices(void)
{
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) * 2, all_prices_bound);
}

/* -- order of the input -- */

static void order_does_not_matter(const struct drawn_round *round, enum random_sort sort)
{
    struct solved one, two;
    struct region *shuffled = drawn_round_shuffled(round, round->world.seed + 77);
    solve(round->region, round, SOLVER_AUTO, &one);
    solve(shuffled, round, SOLVER_AUTO, &two);
    char *plans[] = {plan_to_json(&one.plan, 0), plan_to_json(&two.plan, 0)};
    char *proofs[] = {certificate_to_json(&one.certificate), certificate_to_json(&two.certificate)};
    if (strcmp(plans[0], plans[1]) != 0)
        complain(round, sort, "shuffled files give another plan", plans[1]);
    if (strcmp(proofs[0], proofs[1]) != 0)
        complain(round, sort, "shuffled files give another certificate", proofs[1]);
    for (int i = 0; i < 2; i++) {
        free(plans[i]);
        free(proofs[i]);
    }
    solved_clear(&one);
    solved_clear(&two);
    region_free(shuffled);
}

static void test_order(void)
{
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS) / 4, order_does_not_matter);
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) / 4, order_does_not_matter);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, order_does_not_matter);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, order_does_not_matter);
    on_worlds(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 20, order_does_not_matter);
    on_worlds(RANDOM_LARGE_COUPLED, drawn_round_count(WORLDS) / 20, order_does_not_matter);
    on_worlds(RANDOM_ODD_LARGE_NETWORK, drawn_round_count(WORLDS) / 20, order_does_not_matter);
    on_worlds(RANDOM_ODD_LARGE_COUPLED, drawn_round_count(WORLDS) / 20, order_does_not_matter);
}

/* -- worlds too large for trying all -- */

/* The first objective in which the plans differ; one that GLPK did not prove may be the worse one.
 * NULL = none. */
static const char *differ_in(const struct plan *plan, const struct plan *glpk)
{
    for (size_t k = 0; k < plan->n_objectives; k++) {
        const struct objective_value *ours = &plan->objectives[k], *theirs = &glpk->objectives[k];
        int is_better = words_objective_is_max(ours->objective) == (ours->value > theirs->value);
        if (ours->value != theirs->value)
            return glpk->status == PLAN_OPTIMAL || !is_better
                       ? words_name(&words_objective, (int)ours->objective)
                       : NULL;
    }
    return NULL;
}

/* The network code and GLPK alone, on the full model: the same plan. In coupled rounds the values.
 */
static void methods_agree(const struct drawn_round *round, enum random_sort sort)
{
    struct solved one, two;
    int proved = -1;
    solve(round->region, round, SOLVER_AUTO, &one);
    solve(round->region, round, SOLVER_GLPK, &two);
    free(two.plan.engine);
    two.plan.engine = alloc_string(one.plan.engine);
    char *plans[] = {plan_to_json(&one.plan, 0), plan_to_json(&two.plan, 0)};
    const char *differing = differ_in(&one.plan, &two.plan);
    if (differing)
        complain(round, sort, "two methods differ in", differing);
    if (!random_sort_is_coupled(sort) && strcmp(plans[0], plans[1]) != 0)
        complain(round, sort, "two methods, two plans", plans[0]);
    if (verify_plan(round->region, round->policy, &one.plan, &one.certificate, &proved, &one.err) !=
        0)
        complain(round, sort, "verify refuses", one.err.message);
    if (!random_sort_is_coupled(sort) && proved != 1)
        complain(round, sort, "verify", "not proved");
    free(plans[0]);
    free(plans[1]);
    solved_clear(&one);
    solved_clear(&two);
}

static void test_large_network(void)
{
    on_worlds(RANDOM_LARGE_NETWORK, drawn_round_count(WORLDS) / 8, methods_agree);
    on_worlds(RANDOM_ODD_LARGE_NETWORK, drawn_round_count(WORLDS) / 8, methods_agree);
}

/* Who is next for a bed of a pool that has none, where the first to take it is in a pool whose
 * parts are worth the same to them: once it depended on the part that the method had put them in.
 */
static void test_parts_alike(void)
{
    struct drawn_round round;
    CU_ASSERT_EQUAL_FATAL(drawn_round_init(&round, 1500935, RANDOM_LARGE_NETWORK), 0);
    methods_agree(&round, RANDOM_LARGE_NETWORK);
    drawn_round_clear(&round);
}

static void test_large_coupled(void)
{
    on_worlds(RANDOM_LARGE_COUPLED, drawn_round_count(WORLDS) / 20, methods_agree);
    on_worlds(RANDOM_ODD_LARGE_COUPLED, drawn_round_count(WORLDS) / 20, methods_agree);
}

static long n_asked, n_agreed; /* of a peer that may give up */

/* GLPK on the whole model, nothing left out: the same values. */
static void peer_agrees(const struct drawn_round *round, enum random_sort sort)
{
    struct solved solved;
    struct problem *problem = problem_new(round->region, round->policy, round->world.now, NULL);
    int64_t values[OBJECTIVE_COUNT];
    int answered = problem && peer_glpk_values(problem, PEER_SECONDS, values) == 0;
    solve(round->region, round, SOLVER_AUTO, &solved);
    for (size_t k = 0; answered && k < solved.plan.n_objectives; k++)
        if (solved.plan.objectives[k].value != values[k])
            complain(round, sort, "GLPK on the whole model has another value of",
                     words_name(&words_objective, (int)solved.plan.objectives[k].objective));
    n_asked++;
    n_agreed += answered;
    solved_clear(&solved);
    problem_free(problem);
}

static void test_peer(void)
{
    n_asked = n_agreed = 0;
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS), peer_agrees);
    on_worlds(RANDOM_LARGE_COUPLED, drawn_round_count(WORLDS) / 4, peer_agrees);
    CU_ASSERT(n_agreed * 10 >= n_asked * 9); /* it rarely gives up */
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, peer_agrees);
    on_worlds(RANDOM_ODD_LARGE_COUPLED, drawn_round_count(WORLDS) / 8, peer_agrees);
}

/* -- stopped before the end
 * ------------------------------------------------------------------------ */

/* Whatever a stopped network round, or a plan of the greedy, says of how good it is, its
 * certificate proves. */
static void bounds_are_proved(const struct drawn_round *round, enum random_sort sort,
                              const struct solved *solved)
{
    for (size_t k = 0; solved->certificate.shift && k < solved->plan.n_objectives; k++)
        if (solved->certificate.bounds[k] != solved->plan.objectives[k].bound)
            complain(round, sort, "limited", "the certificate does not prove the bound");
}

static void greedy_bounds_are_proved(const struct drawn_round *round, enum random_sort sort)
{
    struct solver_options options = {.engine = SOLVER_GREEDY};
    struct solved solved;
    err_init(&solved.err);
    solved.result = solver_run(round->region, round->policy, round->world.now, &options,
                               &solved.plan, &solved.certificate, &solved.err);
    CU_ASSERT_EQUAL_FATAL(solved.result, 0);
    bounds_are_proved(round, sort, &solved);
    solved_clear(&solved);
}

/* A plan of a limited solve holds, and no plan is better than its first bound that is not reached.
 */
static void limits_hold(const struct drawn_round *round, enum random_sort sort)
{
    struct solver_options options = {.engine = SOLVER_AUTO,
                                     .work_limit = 1 + (int64_t)(round->world.seed % 30)};
    struct solved solved;
    int proved = -1;
    err_init(&solved.err);
    solved.result = solver_run(round->region, round->policy, round->world.now, &options,
                               &solved.plan, &solved.certificate, &solved.err);
    if (solved.result != 0 || verify_plan(round->region, round->policy, &solved.plan,
                                          &solved.certificate, &proved, &solved.err) != 0)
        complain(round, sort, "limited", solved.err.message);
    for (size_t k = 0; k < solved.plan.n_objectives; k++) {
        const struct objective_value *stated = &solved.plan.objectives[k];
        int64_t best = round->brute.values[k];
        int64_t proof = solved.certificate.shift ? solved.certificate.bounds[k] : stated->bound;
        int is_max = words_objective_is_max(stated->objective);
        if (is_max ? best > stated->bound : best < stated->bound)
            complain(round, sort, "limited", "the best plan is better than the bound");
        if (is_max ? best > proof : best < proof)
            complain(round, sort, "limited", "the best plan is better than the certified bound");
        if (stated->value != best)
            break;
    }
    if (!random_sort_is_coupled(sort))
        bounds_are_proved(round, sort, &solved);
    solved_clear(&solved);
}

static void test_limits(void)
{
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS) / 4, limits_hold);
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) / 4, limits_hold);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, limits_hold);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, limits_hold);
    on_worlds(RANDOM_NETWORK, drawn_round_count(WORLDS) / 4, greedy_bounds_are_proved);
    on_worlds(RANDOM_COUPLED, drawn_round_count(WORLDS) / 4, greedy_bounds_are_proved);
    on_worlds(RANDOM_ODD_NETWORK, drawn_round_count(WORLDS) / 4, greedy_bounds_are_proved);
    on_worlds(RANDOM_ODD_COUPLED, drawn_round_count(WORLDS) / 4, greedy_bounds_are_proved);
}

/* -- are the worlds worth it?
 * ---------------------------------------------------------------------- */

static struct {
    long reasons[REASON_COUNT], objectives[BRUTE_OBJECTIVES], worlds, rows_bind, crowds, moves;
} seen;

static void count_world(const struct drawn_round *round, enum random_sort sort)
{
    const struct brute_result *brute = &round->brute;
    int placed = 0;
    (void)sort;
    seen.worlds++;
    seen.rows_bind += brute->n_feasible < brute->n_plans;
    for (int k = 0; k < brute->n_objectives; k++)
        seen.objectives[brute->objectives[k]] += brute->values[k] != 0;
    for (int i = 0; i < round->world.n_people; i++) {
        const struct random_person *person = &round->world.people[i];
        if (brute->to[i] != RANDOM_NONE) {
            placed++;
            seen.moves += person->current_pool != RANDOM_NONE;
        } else if (person->is_waiting) {
            seen.reasons[brute->reasons[i]]++;
        }
    }
    seen.crowds += placed > 0 && round->world.n_people >= 10 * placed;
}

/* Every reason and every objective decides somewhere, beds and rows stand in the way, residents
 * move, ten people wait for one bed. */
static void test_rich(void)
{
    memset(&seen, 0, sizeof seen);
    on_worlds(RANDOM_NETWORK, WORLDS, count_world);
    on_worlds(RANDOM_COUPLED, WORLDS, count_world);
    for (int reason = REASON_KIND; reason < REASON_COUNT; reason++)
        if (seen.reasons[reason] < 10) {
            printf("\n    %s: only %ld\n", words_name(&words_reason, reason), seen.reasons[reason]);
            CU_FAIL("a reason that hardly occurs");
        }
    for (int k = 0; k < BRUTE_OBJECTIVES; k++)
        CU_ASSERT(seen.objectives[k] > WORLDS / 50);
    CU_ASSERT(seen.rows_bind > WORLDS / 3);
    CU_ASSERT(seen.crowds > 20);
    CU_ASSERT(seen.moves > WORLDS / 20);
}

static const struct check_test tests[] = {
    {"rich", test_rich},
    {"brute_network", test_brute_network},
    {"brute_coupled", test_brute_coupled},
    {"network", test_network},
    {"coupled", test_coupled},
    {"glpk_alone", test_glpk_alone},
    {"any_prices", test_any_prices},
    {"greedy", test_greedy},
    {"order", test_order},
    {"large_network", test_large_network},
    {"parts_alike", test_parts_alike},
    {"large_coupled", test_large_coupled},
    {"peer", test_peer},
    {"limits", test_limits},
};
CHECK_SUITE(suite_worlds, tests);
