/* test_verify.c - the checker says no: every single tampering with a plan or its certificate, on
 * many drawn worlds, and whatever plan one could make up instead, the brute force being the judge.
 */
#include "tests/check.h"
#include "tests/tampering.h"

#include "solver/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 400 }; /* of each sort */

static void fail(const struct tampering_forgery *forgery, const char *what, const char *detail)
{
    static int lines;
    CU_FAIL("a drawn world");
    if (lines++ < 10)
        printf("\n    seed %" PRIu64 ": %s: %s\n", forgery->round->world.seed, what, detail);
}

/* `next` and `last` follow from who is placed: which of two equal plans it is. */
static int is_about_names(const struct alm_error *err)
{
    return strstr(err->message, "`next` is not who") || strstr(err->message, "`last` is not who");
}

/* With the certificate or without one, whoever the prices name or only if they name the right ones.
 */
enum { ALONE = 0, WITH_CERTIFICATE = 1, WHOEVER_IS_NAMED = 2 };

static int is_accepted(const struct tampering_forgery *forgery, int how, int *proved)
{
    struct alm_error err;
    err_init(&err);
    int result = verify_plan(forgery->round->region, forgery->round->policy, &forgery->plan,
                             how & WITH_CERTIFICATE ? &forgery->certificate : NULL, proved, &err);
    CU_ASSERT(result == 0 || (err.code == ERR_REFUSED && err.message[0]));
    if (how & WHOEVER_IS_NAMED && result != 0 && is_about_names(&err))
        result = 0;
    err_clear(&err);
    return result == 0;
}

static size_t pick(struct tampering_forgery *forgery, size_t n)
{
    return (size_t)random_below(&forgery->state, n);
}

/* -- the tests -- */

enum { KINDS_MAX = 32 };

/* A tampered plan is refused alone, with its certificate, and with one made out to it. */
static void check_plan_tampering(struct tampering_forgery *forgery,
                                 const struct tampering *tampering)
{
    int proved = 0;
    if (is_accepted(forgery, WITH_CERTIFICATE, &proved))
        fail(forgery, tampering->name, "accepted with its certificate");
    if (is_accepted(forgery, ALONE, &proved))
        fail(forgery, tampering->name, "accepted without a certificate");
    tampering_make_out(forgery);
    if (is_accepted(forgery, WITH_CERTIFICATE, &proved))
        fail(forgery, tampering->name, "accepted with a certificate made out to it");
}

static void check_certificate_tampering(struct tampering_forgery *forgery,
                                        const struct tampering *tampering)
{
    int proved = 0;
    if (is_accepted(forgery, WITH_CERTIFICATE, &proved))
        fail(forgery, tampering->name, "accepted");
}

typedef void tamper_check(struct tampering_forgery *forgery, const struct tampering *tampering);

static void tamper_drawn(enum random_sort sort, const struct tampering *tamperings, size_t n,
                         tamper_check *check, long worlds, long applied[KINDS_MAX])
{
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0)
            continue;
        struct tampering_original original = tampering_original(&round);
        for (size_t t = 0; t < n; t++) {
            struct tampering_forgery forgery;
            tampering_forgery_init(&forgery, &round, &original, (uint64_t)seed);
            if (tamperings[t].apply(&forgery)) {
                applied[t]++;
                check(&forgery, &tamperings[t]);
            }
            tampering_forgery_clear(&forgery);
        }
        tampering_original_clear(&original);
        drawn_round_clear(&round);
    }
}

/* Each of them at least so often, when enough worlds are tried; then in odd ones. */
static void tamper_all(enum random_sort sort, const struct tampering *tamperings, size_t n,
                       long least, tamper_check *check)
{
    long applied[KINDS_MAX] = {0}, worlds = drawn_round_count(WORLDS);
    tamper_drawn(sort, tamperings, n, check, worlds, applied);
    for (size_t t = 0; t < n; t++)
        if (worlds >= WORLDS && applied[t] < least) {
            printf("\n    %s: only %ld times\n", tamperings[t].name, applied[t]);
            CU_FAIL("a tampering that is hardly tried");
        }
    tamper_drawn(sort + RANDOM_ODD_NETWORK, tamperings, n, check, worlds / 4, applied);
}

static void test_plan_network(void)
{
    tamper_all(RANDOM_NETWORK, tampering_plan, tampering_plan_n, 10, check_plan_tampering);
}

/* The last needs exact prices. */
static void test_plan_coupled(void)
{
    tamper_all(RANDOM_COUPLED, tampering_plan, tampering_plan_n - 1, 10, check_plan_tampering);
}

static void test_certificate(void)
{
    tamper_all(RANDOM_NETWORK, tampering_certificate, tampering_certificate_n, 10,
               check_certificate_tampering);
}

static void test_prices(void)
{
    tamper_all(RANDOM_NETWORK, tampering_prices, tampering_prices_n, 10,
               check_certificate_tampering);
}

/* The certificate does not know them: they are held against the world, with it and without. */
static void check_bounded_price(struct tampering_forgery *forgery,
                                const struct tampering *tampering)
{
    int proved = 0;
    if (forgery->plan.prices_are_bounds &&
        (is_accepted(forgery, WITH_CERTIFICATE, &proved) || is_accepted(forgery, ALONE, &proved)))
        fail(forgery, tampering->name, "accepted");
}

/* All but the last two, which need a certificate of the network. */
static void test_bounded_prices(void)
{
    tamper_all(RANDOM_COUPLED, tampering_prices, tampering_prices_n - 2, 5, check_bounded_price);
}

static void test_bounds(void)
{
    tamper_all(RANDOM_COUPLED, tampering_bounds, tampering_bounds_n, 2,
               check_certificate_tampering);
}

/* Somebody goes elsewhere, two change places, or somebody goes nowhere. */
static void disturb(struct tampering_forgery *forgery, int *to)
{
    const struct random_world *world = &forgery->round->world;
    size_t one = pick(forgery, (size_t)world->n_people);
    size_t two = pick(forgery, (size_t)world->n_people);
    int kept = to[one];
    if (random_chance(&forgery->state, 40) && world->people[two].is_waiting) {
        to[one] = to[two];
        to[two] = kept;
    } else {
        to[one] = (int)pick(forgery, (size_t)world->n_pools + 1) - 1;
    }
    if (!world->people[one].is_waiting)
        to[one] = kept;
}

static void forget_names(struct shadow_price *prices, size_t n)
{
    for (size_t p = 0; p < n; p++)
        prices[p].next[0] = prices[p].last[0] = '\0';
}

static void move_prices(struct plan *from, struct plan *to)
{
    forget_names(from->prices, from->n_prices);
    forget_names(from->reserve_prices, from->n_reserve_prices);
    to->prices = from->prices;
    to->n_prices = from->n_prices;
    to->reserve_prices = from->reserve_prices;
    to->n_reserve_prices = from->n_reserve_prices;
    from->prices = from->reserve_prices = NULL;
    from->n_prices = from->n_reserve_prices = 0;
}

static long ties; /* plans as good as the best one, and not the one of the order of ties */

/* An honest account of another plan is accepted exactly when the contract allows the plan; with the
 * certificate of the best one exactly when it is the same, also in the order of ties. */
static void check_made_up(struct tampering_forgery *forgery, const int *to)
{
    struct brute_result result;
    int proved = 0, is_allowed = brute_check(&forgery->round->world, to, &result);
    int is_best = is_allowed &&
                  memcmp(result.values, forgery->round->brute.values, sizeof result.values) == 0;
    int is_same = memcmp(result.to, forgery->round->brute.to,
                         (size_t)forgery->round->world.n_people * sizeof *result.to) == 0;
    int has_prices = forgery->certificate.n_people > 0;
    struct plan plan;
    drawn_round_plan(forgery->round, &result, &plan);
    if (!forgery->plan.prices_are_bounds) /* which are those of one plan */
        move_prices(&forgery->plan, &plan);
    plan_clear(&forgery->plan);
    forgery->plan = plan;
    tampering_make_out(forgery);
    if (is_accepted(forgery, ALONE, &proved) != is_allowed)
        fail(forgery, "a plan made up", is_allowed ? "refused" : "accepted");
    memcpy(forgery->certificate.objectives, plan.objectives, sizeof plan.objectives);
    int is_exact = forgery->certificate.shift == 0;
    int holds = is_accepted(forgery, WITH_CERTIFICATE | WHOEVER_IS_NAMED, &proved);
    ties += has_prices && is_exact && is_best && !is_same;
    if (has_prices && is_exact && holds != (is_best && is_same))
        fail(forgery, "a plan made up, with a certificate", holds ? "accepted" : "refused");
    if (!is_exact && holds && (!is_allowed || (proved && !is_best)))
        fail(forgery, "a plan made up, with bounds", proved ? "proved" : "accepted");
}

static void make_up(enum random_sort sort)
{
    long allowed = 0, all = 0, worlds = drawn_round_count(WORLDS);
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, sort) != 0)
            continue;
        struct tampering_original original = tampering_original(&round);
        for (int n = 0; n < 5 && round.world.n_people; n++) {
            struct tampering_forgery forgery;
            struct brute_result result;
            int to[RANDOM_PEOPLE];
            memcpy(to, round.brute.to, sizeof to);
            tampering_forgery_init(&forgery, &round, &original, (uint64_t)seed * 5 + (uint64_t)n);
            for (int moves = 0; moves <= n / 2; moves++)
                disturb(&forgery, to);
            allowed += brute_check(&round.world, to, &result);
            all++;
            check_made_up(&forgery, to);
            tampering_forgery_clear(&forgery);
        }
        tampering_original_clear(&original);
        drawn_round_clear(&round);
    }
    CU_ASSERT(allowed * 10 > all && allowed * 10 < all * 9); /* both answers occur */
}

static void test_made_up_network(void)
{
    ties = 0;
    make_up(RANDOM_NETWORK);
    make_up(RANDOM_ODD_NETWORK);
    CU_ASSERT(drawn_round_count(WORLDS) < WORLDS || ties > 10);
}

static void test_made_up_coupled(void)
{
    make_up(RANDOM_COUPLED);
    make_up(RANDOM_ODD_COUPLED);
}

static const struct check_test tests[] = {
    {"plan_network", test_plan_network},
    {"plan_coupled", test_plan_coupled},
    {"certificate", test_certificate},
    {"bounds", test_bounds},
    {"prices", test_prices},
    {"bounded_prices", test_bounded_prices},
    {"made_up_network", test_made_up_network},
    {"made_up_coupled", test_made_up_coupled},
};
CHECK_SUITE(suite_verify, tests);
