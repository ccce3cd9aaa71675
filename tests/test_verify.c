/* test_verify.c - the checker says no: every single tampering with a plan or its certificate, on
 * many drawn worlds, and whatever plan one could make up instead, the brute force being the judge.
 */
#include "tests/check.h"
#include "tests/drawn_round.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "solver/solver.h"
#include "solver/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 400 }; /* of each sort */

struct forgery {
    const struct drawn_round *round;
    struct plan plan;
    struct certificate certificate;
    uint64_t state; /* of the drawing */
};

static void fail(const struct forgery *forgery, const char *what, const char *detail)
{
    static int lines;
    CU_FAIL("a drawn world");
    if (lines++ < 10)
        printf("\n    seed %" PRIu64 ": %s: %s\n", forgery->round->world.seed, what, detail);
}

/* The program's plan, as it comes out of its files. */
static void forgery_init(struct forgery *forgery, const struct drawn_round *round, uint64_t seed)
{
    struct solver_options options = {.engine = SOLVER_AUTO};
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
    err_init(&err);
    forgery->round = round;
    forgery->state = seed;
    plan_init(&forgery->plan);
    certificate_init(&forgery->certificate);
    CU_ASSERT_EQUAL_FATAL(solver_run(round->region, round->policy, round->world.now, &options,
                                     &plan, &certificate, &err),
                          0);
    char *plan_text = plan_to_json(&plan, 1), *text = certificate_to_json(&certificate);
    CU_ASSERT_EQUAL_FATAL(plan_from_json(plan_text, strlen(plan_text), &forgery->plan, &err), 0);
    CU_ASSERT_EQUAL_FATAL(certificate_from_json(text, strlen(text), &forgery->certificate, &err),
                          0);
    free(plan_text);
    free(text);
    plan_clear(&plan);
    certificate_clear(&certificate);
}

static void forgery_clear(struct forgery *forgery)
{
    plan_clear(&forgery->plan);
    certificate_clear(&forgery->certificate);
}

/* The certificate is made out to the plan as it is now. */
static void make_out(struct forgery *forgery)
{
    char hash[72] = "sha256:";
    char *plan = plan_to_json(&forgery->plan, 0);
    digest_hex(plan, strlen(plan), hash + strlen(hash));
    free(plan);
    free(forgery->certificate.plan);
    forgery->certificate.plan = alloc_string(hash);
}

static int is_accepted(const struct forgery *forgery, int with_certificate, int *proved)
{
    struct alm_error err;
    err_init(&err);
    int result = verify_plan(forgery->round->region, forgery->round->policy, &forgery->plan,
                             with_certificate ? &forgery->certificate : NULL, proved, &err);
    CU_ASSERT(result == 0 || (err.code == ERR_REFUSED && err.message[0]));
    err_clear(&err);
    return result == 0;
}

static size_t pick(struct forgery *forgery, size_t n)
{
    return (size_t)random_below(&forgery->state, n);
}

/* -- tampering with the plan ----------------------------------------------------------------------
 */

/* Each returns 0 when the plan has nothing to tamper with in this way. */
static void change(char **text)
{
    (*text)[strlen(*text) - 1] ^= 1;
}

static int tamper_world(struct forgery *forgery)
{
    change(&forgery->plan.world);
    return 1;
}

static int tamper_policy(struct forgery *forgery)
{
    change(&forgery->plan.policy);
    return 1;
}

static struct placement *some_placement(struct forgery *forgery)
{
    return forgery->plan.n_placements
               ? &forgery->plan.placements[pick(forgery, forgery->plan.n_placements)]
               : NULL;
}

static int tamper_metres(struct forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && ++placement->metres;
}

static int tamper_points(struct forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && ++placement->points;
}

static int tamper_rank(struct forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && ++placement->rank;
}

static int tamper_drop_placement(struct forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    if (!placement)
        return 0;
    size_t at = (size_t)(placement - forgery->plan.placements);
    memmove(placement, placement + 1, (--forgery->plan.n_placements - at) * sizeof *placement);
    return 1;
}

static int tamper_double_placement(struct forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (plan->n_placements < 2)
        return 0;
    plan->placements[1] = plan->placements[0];
    return 1;
}

static int tamper_order(struct forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (plan->n_placements < 2)
        return 0;
    struct placement first = plan->placements[0];
    plan->placements[0] = plan->placements[1];
    plan->placements[1] = first;
    return 1;
}

static int tamper_applicant(struct forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && strcpy(placement->applicant_id + 3, "x");
}

static int tamper_pool(struct forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && strcpy(placement->pool_id, "P9");
}

static struct unplaced *some_unplaced(struct forgery *forgery)
{
    return forgery->plan.n_unplaced
               ? &forgery->plan.unplaced[pick(forgery, forgery->plan.n_unplaced)]
               : NULL;
}

static int tamper_reason(struct forgery *forgery)
{
    struct unplaced *unplaced = some_unplaced(forgery);
    if (!unplaced)
        return 0;
    unplaced->reason = unplaced->reason % (REASON_COUNT - 1) + 1;
    return 1;
}

static int tamper_drop_unplaced(struct forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (!plan->n_unplaced)
        return 0;
    free(plan->unplaced[--plan->n_unplaced].detail);
    return 1;
}

/* One bed too many: somebody from the unplaced is put where somebody else is, with the figures that
 * the world gives. The person may be let in there; then the objectives are not the stated ones, or
 * the beds not enough. */
static int tamper_one_bed_too_many(struct forgery *forgery)
{
    struct unplaced *unplaced = some_unplaced(forgery);
    struct placement *beside = some_placement(forgery);
    int to[RANDOM_PEOPLE];
    struct brute_result result;
    if (!unplaced || !beside)
        return 0;
    int person = atoi(unplaced->applicant_id + 1) - 1;
    memcpy(to, forgery->round->brute.to, sizeof to);
    to[person] = atoi(beside->pool_id + 1) - 1;
    if (brute_check(&forgery->round->world, to, &result))
        return 0; /* a bed was left: the objectives do not want it */
    memcpy(result.values, forgery->round->brute.values, sizeof result.values);
    struct plan forged;
    drawn_round_plan(forgery->round, &result, &forged);
    plan_clear(&forgery->plan);
    forgery->plan = forged;
    return 1;
}

static int tamper_value(struct forgery *forgery)
{
    struct objective_value *objective =
        &forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)];
    objective->value += random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_value_and_bound(struct forgery *forgery)
{
    struct objective_value *objective =
        &forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)];
    objective->value += random_chance(&forgery->state, 50) ? 1 : -1;
    objective->bound = objective->value;
    return 1;
}

static int tamper_bound(struct forgery *forgery)
{
    forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)].bound +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_objective(struct forgery *forgery)
{
    struct objective_value *objective =
        &forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)];
    objective->objective = (objective->objective + 1) % OBJECTIVE_COUNT;
    return 1;
}

static int tamper_drop_objective(struct forgery *forgery)
{
    forgery->plan.n_objectives--;
    return 1;
}

static int tamper_priced_pool(struct forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    return plan->n_prices && strcpy(plan->prices[pick(forgery, plan->n_prices)].pool_id, "P0");
}

static const struct tampering {
    const char *name;
    int (*apply)(struct forgery *forgery);
} plan_tamperings[] = {
    {"world", tamper_world},
    {"policy", tamper_policy},
    {"metres", tamper_metres},
    {"points", tamper_points},
    {"rank", tamper_rank},
    {"drop placement", tamper_drop_placement},
    {"double placement", tamper_double_placement},
    {"order", tamper_order},
    {"applicant", tamper_applicant},
    {"pool", tamper_pool},
    {"reason", tamper_reason},
    {"drop unplaced", tamper_drop_unplaced},
    {"one bed too many", tamper_one_bed_too_many},
    {"value", tamper_value},
    {"value and bound", tamper_value_and_bound},
    {"bound", tamper_bound},
    {"objective", tamper_objective},
    {"drop objective", tamper_drop_objective},
    {"priced pool", tamper_priced_pool},
};

/* -- tampering with the certificate ---------------------------------------------------------------
 */

static int tamper_price_label(struct forgery *forgery)
{
    char **labels[] = {&forgery->certificate.world, &forgery->certificate.policy,
                       &forgery->certificate.plan};
    change(labels[pick(forgery, 3)]);
    return 1;
}

static int tamper_price_value(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    certificate->objectives[pick(forgery, certificate->n_objectives)].value++;
    return 1;
}

/* Beds that the price is for: a price of no beds does not matter. */
static int64_t beds_of(const struct forgery *forgery, const struct certificate_pool *entry)
{
    const struct random_world *world = &forgery->round->world;
    const struct pool *pool = region_pool(forgery->round->region, entry->pool_id);
    size_t part = 0, held;
    int64_t beds = 0;
    while (part < pool->n_reserved && strcmp(pool->reserved[part].class_code, entry->reserve))
        part++;
    for (int i = 0; i < world->n_people; i++) {
        const char *label = random_classes[world->people[i].current_reserve];
        int p = world->people[i].current_pool;
        if (!world->people[i].is_waiting || p == RANDOM_NONE ||
            strcmp(random_id('P', p), entry->pool_id) != 0)
            continue;
        for (held = 0; held < pool->n_reserved; held++)
            if (strcmp(pool->reserved[held].class_code, label) == 0)
                break;
        beds += held == part;
    }
    int64_t slack = pool_slack(pool), left = slack > 0 ? slack : 0;
    for (size_t k = 0; k < part; k++)
        left -= left < pool->reserved[k].beds ? left : pool->reserved[k].beds;
    int64_t kept = part < pool->n_reserved && pool->reserved[part].beds < left
                       ? pool->reserved[part].beds
                       : left;
    int is_closed = region_institution(forgery->round->region, pool->institution_id)->suspended;
    return beds + (is_closed ? 0 : kept);
}

static struct certificate_pool *some_priced_pool(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (!certificate->n_pools)
        return NULL;
    struct certificate_pool *entry = &certificate->pools[pick(forgery, certificate->n_pools)];
    return beds_of(forgery, entry) ? entry : NULL;
}

static int tamper_pool_price(struct forgery *forgery)
{
    struct certificate_pool *entry = some_priced_pool(forgery);
    if (!entry)
        return 0;
    size_t k = pick(forgery, forgery->certificate.n_objectives);
    entry->price[k] += random_chance(&forgery->state, 50) ? 1 : -1;
    for (size_t p = 0; p < forgery->plan.n_prices && !entry->reserve[0]; p++)
        if (strcmp(forgery->plan.prices[p].pool_id, entry->pool_id) == 0)
            forgery->plan.prices[p].price[k] = entry->price[k]; /* the forger thinks of both */
    make_out(forgery);
    return 1;
}

static int tamper_published_price(struct forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (!plan->n_prices)
        return 0;
    plan->prices[pick(forgery, plan->n_prices)].price[pick(forgery, plan->n_objectives)]++;
    make_out(forgery);
    return 1;
}

static int tamper_person_price(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (!certificate->n_people)
        return 0;
    certificate->people[pick(forgery, certificate->n_people)]
        .price[pick(forgery, certificate->n_objectives)] +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_drop_pool_price(struct forgery *forgery)
{
    struct certificate_pool *entry = some_priced_pool(forgery);
    struct certificate *certificate = &forgery->certificate;
    if (!entry)
        return 0;
    *entry = certificate->pools[--certificate->n_pools];
    return 1;
}

static int tamper_drop_person_price(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    return certificate->n_people && certificate->n_people--;
}

static int tamper_double_person_price(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (certificate->n_people < 2)
        return 0;
    certificate->people[0] = certificate->people[1];
    return 1;
}

static int tamper_no_prices(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    int had = certificate->n_people > 0; /* nobody and no bed: there is nothing to prove */
    certificate->n_pools = certificate->n_people = 0;
    return had;
}

static int tamper_price_owner(struct forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    return certificate->n_people &&
           strcpy(certificate->people[pick(forgery, certificate->n_people)].applicant_id, "B01");
}

static const struct tampering certificate_tamperings[] = {
    {"label", tamper_price_label},
    {"value", tamper_price_value},
    {"pool price", tamper_pool_price},
    {"published price", tamper_published_price},
    {"person price", tamper_person_price},
    {"drop pool price", tamper_drop_pool_price},
    {"drop person price", tamper_drop_person_price},
    {"double person price", tamper_double_person_price},
    {"no prices", tamper_no_prices},
    {"price owner", tamper_price_owner},
};

/* -- the tests ------------------------------------------------------------------------------------
 */

enum { KINDS_MAX = 32 };

/* A tampered plan is refused alone, with its certificate, and with one made out to it. */
static void check_plan_tampering(struct forgery *forgery, const struct tampering *tampering)
{
    int proved = 0;
    if (is_accepted(forgery, 1, &proved))
        fail(forgery, tampering->name, "accepted with its certificate");
    if (is_accepted(forgery, 0, &proved))
        fail(forgery, tampering->name, "accepted without a certificate");
    make_out(forgery);
    if (is_accepted(forgery, 1, &proved))
        fail(forgery, tampering->name, "accepted with a certificate made out to it");
}

static void check_certificate_tampering(struct forgery *forgery, const struct tampering *tampering)
{
    int proved = 0;
    if (is_accepted(forgery, 1, &proved))
        fail(forgery, tampering->name, "accepted");
}

static void tamper_all(int is_coupled, const struct tampering *tamperings, size_t n,
                       void (*check)(struct forgery *, const struct tampering *))
{
    long applied[KINDS_MAX] = {0}, worlds = drawn_round_count(WORLDS);
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, is_coupled) != 0)
            continue;
        for (size_t t = 0; t < n; t++) {
            struct forgery forgery;
            forgery_init(&forgery, &round, (uint64_t)seed);
            if (tamperings[t].apply(&forgery)) {
                applied[t]++;
                check(&forgery, &tamperings[t]);
            }
            forgery_clear(&forgery);
        }
        drawn_round_clear(&round);
    }
    for (size_t t = 0; t < n; t++)
        if (worlds >= WORLDS && applied[t] < 10) {
            printf("\n    %s: only %ld times\n", tamperings[t].name, applied[t]);
            CU_FAIL("a tampering that is hardly tried");
        }
}

static void test_plan_network(void)
{
    tamper_all(0, plan_tamperings, sizeof plan_tamperings / sizeof *plan_tamperings,
               check_plan_tampering);
}

/* A coupled round publishes no prices. */
static void test_plan_coupled(void)
{
    tamper_all(1, plan_tamperings, sizeof plan_tamperings / sizeof *plan_tamperings - 1,
               check_plan_tampering);
}

static void test_certificate(void)
{
    tamper_all(0, certificate_tamperings,
               sizeof certificate_tamperings / sizeof *certificate_tamperings,
               check_certificate_tampering);
}

/* Somebody goes elsewhere, two change places, or somebody goes nowhere. */
static void disturb(struct forgery *forgery, int *to)
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

/* An honest account of another plan is accepted exactly when the contract allows the plan; with the
 * certificate of the best one exactly when it is as good. */
static void check_made_up(struct forgery *forgery, const int *to)
{
    struct brute_result result;
    int proved = 0, is_allowed = brute_check(&forgery->round->world, to, &result);
    int is_best = is_allowed &&
                  memcmp(result.values, forgery->round->brute.values, sizeof result.values) == 0;
    int has_prices = forgery->certificate.n_people > 0;
    struct plan plan;
    drawn_round_plan(forgery->round, &result, &plan);
    plan.prices = forgery->plan.prices;
    plan.n_prices = forgery->plan.n_prices;
    forgery->plan.n_prices = 0;
    forgery->plan.prices = NULL;
    plan_clear(&forgery->plan);
    forgery->plan = plan;
    make_out(forgery);
    if (is_accepted(forgery, 0, &proved) != is_allowed)
        fail(forgery, "a plan made up", is_allowed ? "refused" : "accepted");
    memcpy(forgery->certificate.objectives, plan.objectives, sizeof plan.objectives);
    if (has_prices && is_accepted(forgery, 1, &proved) != is_best)
        fail(forgery, "a plan made up, with a certificate", is_best ? "refused" : "accepted");
}

static void make_up(int is_coupled)
{
    long allowed = 0, all = 0, worlds = drawn_round_count(WORLDS);
    for (long seed = 1; seed <= worlds; seed++) {
        struct drawn_round round;
        if (drawn_round_init(&round, (uint64_t)seed, is_coupled) != 0)
            continue;
        for (int n = 0; n < 5 && round.world.n_people; n++) {
            struct forgery forgery;
            struct brute_result result;
            int to[RANDOM_PEOPLE];
            memcpy(to, round.brute.to, sizeof to);
            forgery_init(&forgery, &round, (uint64_t)seed * 5 + (uint64_t)n);
            for (int moves = 0; moves <= n / 2; moves++)
                disturb(&forgery, to);
            allowed += brute_check(&round.world, to, &result);
            all++;
            check_made_up(&forgery, to);
            forgery_clear(&forgery);
        }
        drawn_round_clear(&round);
    }
    CU_ASSERT(allowed * 10 > all && allowed * 10 < all * 9); /* both answers occur */
}

static void test_made_up_network(void)
{
    make_up(0);
}

static void test_made_up_coupled(void)
{
    make_up(1);
}

static const struct check_test tests[] = {
    {"plan_network", test_plan_network},       {"plan_coupled", test_plan_coupled},
    {"certificate", test_certificate},         {"made_up_network", test_made_up_network},
    {"made_up_coupled", test_made_up_coupled},
};
CHECK_SUITE(suite_verify, tests);
