/* test_offers.c - homes that offer people their beds, in a certificate: whatever they offer, what
 * `verify` makes of it is never below the best plan that there is; what a descent ends with proves
 * there what the solver says; offers that were changed, or that are none, do not pass. */
#include "solver/verify_offers.h"

#include "models/alloc.h"
#include "solver/result.h"
#include "solver/solver.h"
#include "solver/verify.h"
#include "tests/check.h"
#include "tests/drawn_round.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 1000, DRAWS = 6, DESCENT_WORK = 60 };

struct proved { /* a round, the best plan for it, and prices that prove something */
    struct drawn_round round;
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
};

/* 0; 1 = proved as a network is; -1 = too large to try all plans, and nothing to clear. */
static int proved_init(struct proved *proved, uint64_t seed)
{
    struct solver_options options = {.engine = SOLVER_AUTO};
    struct plan own;
    if (drawn_round_init(&proved->round, seed, RANDOM_COUPLED) != 0)
        return -1;
    plan_init(&own);
    plan_init(&proved->plan);
    certificate_init(&proved->certificate);
    err_init(&proved->err);
    CU_ASSERT_EQUAL_FATAL(solver_run(proved->round.region, proved->round.policy,
                                     proved->round.world.now, &options, &own, &proved->certificate,
                                     &proved->err),
                          0);
    drawn_round_plan(&proved->round, &proved->round.brute, &proved->plan);
    plan_clear(&own);
    return proved->certificate.shift ? 0 : 1;
}

static void proved_clear(struct proved *proved)
{
    plan_clear(&proved->plan);
    certificate_clear(&proved->certificate);
    err_clear(&proved->err);
    drawn_round_clear(&proved->round);
}

static int certify(struct proved *proved)
{
    int result = verify_plan_certify(proved->round.region, proved->round.policy, &proved->plan,
                                     &proved->certificate, &proved->err);
    memcpy(proved->certificate.objectives, proved->plan.objectives,
           sizeof proved->certificate.objectives);
    result_seal(&proved->plan, &proved->certificate);
    return result;
}

/* 1 = accepted. */
static int passes(struct proved *proved)
{
    int is_proved;
    struct alm_error err;
    err_init(&err);
    int result = verify_plan(proved->round.region, proved->round.policy, &proved->plan,
                             &proved->certificate, &is_proved, &err);
    CU_ASSERT_TRUE(result == 0 || (err.code == ERR_REFUSED && err.message[0]));
    err_clear(&err);
    return result == 0;
}

/* By how much the exact bound is above the value of the best plan, in 1/2^s. */
static int64_t gap_in(const struct proved *proved, size_t k)
{
    const struct certificate *certificate = &proved->certificate;
    const struct objective_value *value = &proved->plan.objectives[k];
    int64_t gap = words_objective_is_max(value->objective) ? certificate->bounds[k] - value->value
                                                           : value->value - certificate->bounds[k];
    return gap * ((int64_t)1 << certificate->shift) + certificate->rests[k];
}

static int64_t gap_of(const struct proved *proved)
{
    return gap_in(proved, 0);
}

/* -- drawn offers -- */

static int64_t draw_price(uint64_t *state, uint64_t most)
{
    int64_t price = random_chance(state, 60) ? (int64_t)random_below(state, most) : 0;
    return random_chance(state, 15) ? -price : price;
}

/* One of each objective, or of the first ones. */
static void draw_prices(uint64_t *state, uint64_t most, size_t n, int64_t *price)
{
    for (size_t k = 0; k < n; k++)
        price[k] = draw_price(state, most);
}

static const char *person_of(const struct plan *plan, size_t i)
{
    return i < plan->n_placements ? plan->placements[i].applicant_id
                                  : plan->unplaced[i - plan->n_placements].applicant_id;
}

static void draw_homes(const struct random_world *world, uint64_t *state,
                       struct certificate *offers)
{
    int is_home[RANDOM_HOMES] = {0};
    offers->homes = alloc_zero(RANDOM_HOMES, sizeof *offers->homes);
    for (int p = 0; p < world->n_pools; p++)
        is_home[world->pools[p].home] = 1;
    for (int h = 0; h < world->n_homes; h++)
        if (is_home[h] && random_chance(state, 70))
            snprintf(offers->homes[offers->n_homes++].institution_id, ID_MAX + 1, "%s",
                     random_id('H', h));
}

/* To anybody, and for any institution: what is of no use there must do no harm. */
static void draw_people(const struct proved *proved, uint64_t *state, uint64_t most,
                        struct certificate *offers)
{
    const struct plan *plan = &proved->plan;
    size_t n = plan->n_placements + plan->n_unplaced;
    const struct certificate_people people = {n + 2, OBJECTIVE_COUNT, ID_MAX + 1};
    offers->people = certificate_people_new(&people);
    offers->members = alloc_zero((n + 1) * RANDOM_HOMES, sizeof *offers->members);
    for (size_t i = 0; i < n; i++) {
        struct certificate_person *person = &offers->people[offers->n_people++];
        snprintf(person->applicant_id, ID_MAX + 1, "%s", person_of(plan, i));
        draw_prices(state, most, offers->n_objectives, person->price);
        for (size_t h = 0; h < offers->n_homes; h++) {
            struct certificate_member *member = &offers->members[offers->n_members++];
            snprintf(member->applicant_id, ID_MAX + 1, "%s", person_of(plan, i));
            memcpy(member->institution_id, offers->homes[h].institution_id, ID_MAX + 1);
            draw_prices(state, most, offers->n_objectives, member->price);
        }
    }
}

/* What an objective before is worth to a later one, and what it is not. */
static void draw_kept(const struct proved *proved, uint64_t *state, uint64_t most,
                      struct certificate *offers)
{
    offers->kept = alloc_zero(offers->n_objectives, sizeof *offers->kept);
    for (size_t j = 0; j + 1 < offers->n_objectives; j++) {
        struct certificate_kept *kept = &offers->kept[offers->n_kept++];
        kept->objective = proved->plan.objectives[j].objective;
        for (size_t k = j + 1; k < offers->n_objectives; k++)
            kept->price[k] = draw_price(state, most) - draw_price(state, most);
    }
}

/* The lists of prices as the certificate has them, each at another price. */
static void draw_offers(struct proved *proved, uint64_t *state)
{
    struct certificate *from = &proved->certificate;
    struct certificate *offers = from->offers = alloc_zero(1, sizeof *offers);
    uint64_t most = (uint64_t)1 << (14 + random_below(state, 16));
    offers->n_objectives = 1 + (size_t)random_below(state, from->n_objectives);
    offers->pools = alloc_zero(from->n_pools + 1, sizeof *offers->pools);
    offers->staff = alloc_zero(from->n_staff + 1, sizeof *offers->staff);
    offers->rooms = alloc_zero(from->n_rooms + 1, sizeof *offers->rooms);
    for (; offers->n_pools < from->n_pools; offers->n_pools++) {
        offers->pools[offers->n_pools] = from->pools[offers->n_pools];
        draw_prices(state, most, offers->n_objectives, offers->pools[offers->n_pools].price);
    }
    for (; offers->n_staff < from->n_staff; offers->n_staff++) {
        offers->staff[offers->n_staff] = from->staff[offers->n_staff];
        draw_prices(state, most, offers->n_objectives, offers->staff[offers->n_staff].price);
    }
    for (; offers->n_rooms < from->n_rooms; offers->n_rooms++) {
        offers->rooms[offers->n_rooms] = from->rooms[offers->n_rooms];
        draw_prices(state, most, offers->n_objectives, offers->rooms[offers->n_rooms].price);
    }
    draw_kept(proved, state, most, offers);
    draw_homes(&proved->round.world, state, offers);
    draw_people(proved, state, most, offers);
}

static void drop_offers(struct proved *proved)
{
    if (proved->certificate.offers)
        certificate_clear(proved->certificate.offers);
    free(proved->certificate.offers);
    proved->certificate.offers = NULL;
}

/* Prices that prove next to nothing, so that it is the offers that count. */
static void weaken_prices(struct certificate *certificate)
{
    for (size_t p = 0; p < certificate->n_pools; p++) {
        memset(certificate->pools[p].price, 0, sizeof certificate->pools[p].price);
        for (size_t k = 0; k < certificate->n_objectives; k++)
            certificate->pools[p].price[k] = (int64_t)1 << 40;
    }
    certificate->n_staff = certificate->n_rooms = certificate->n_kept = 0;
}

static void each_world(void (*check)(struct proved *proved, int *counts), int *counts)
{
    long worlds = drawn_round_count(WORLDS);
    for (long seed = 1; seed <= worlds; seed++) {
        struct proved proved;
        int is_none = proved_init(&proved, (uint64_t)seed);
        if (is_none == 0)
            check(&proved, counts);
        if (is_none >= 0)
            proved_clear(&proved);
    }
}

enum { ALL, NEARER, TIGHT, LATER, COUNTS };

static void any_offers_bound(struct proved *proved, int *counts)
{
    uint64_t state = proved->round.world.seed;
    for (int n = 0; n < DRAWS; n++) {
        struct certificate whole = proved->certificate;
        weaken_prices(&proved->certificate);
        CU_ASSERT_EQUAL_FATAL(certify(proved), 0);
        size_t last = proved->certificate.n_objectives - 1;
        int64_t plain = gap_of(proved), plain_last = gap_in(proved, last);
        proved->certificate.n_staff = whole.n_staff; /* what is listed may have any price */
        proved->certificate.n_rooms = whole.n_rooms;
        draw_offers(proved, &state);
        proved->certificate.n_staff = proved->certificate.n_rooms = 0;
        int result = certify(proved);
        CU_ASSERT_EQUAL(result, 0);
        if (result != 0)
            printf("\n    seed %" PRIu64 ": %s\n", proved->round.world.seed, proved->err.message);
        counts[ALL]++;
        counts[NEARER] += gap_of(proved) < plain;
        counts[TIGHT] += gap_of(proved) == 0 && plain > 0;
        counts[LATER] += last > 0 && gap_in(proved, last) < plain_last;
        drop_offers(proved);
        proved->certificate.n_staff = whole.n_staff;
        proved->certificate.n_rooms = whole.n_rooms;
    }
}

static void test_any_offers(void)
{
    int counts[COUNTS] = {0};
    each_world(any_offers_bound, counts);
    CU_ASSERT_TRUE(counts[NEARER] * 2 > counts[ALL]); /* it is the offers that are weighed */
    CU_ASSERT_TRUE(counts[LATER] * 20 > counts[ALL]);
    CU_ASSERT_TRUE(counts[TIGHT] > drawn_round_count(WORLDS) / 50); /* one less would be wrong */
}

/* -- changed offers -- */

static int64_t *some_offer(struct certificate *offers, uint64_t *state)
{
    size_t at = (size_t)random_below(state, offers->n_people + offers->n_members);
    return at < offers->n_people ? offers->people[at].price
                                 : offers->members[at - offers->n_people].price;
}

/* Where the changed one is accepted it must prove the same, to the last unit. */
static void change_offers(struct proved *proved, int *counts)
{
    uint64_t state = proved->round.world.seed;
    weaken_prices(&proved->certificate);
    draw_offers(proved, &state);
    CU_ASSERT_EQUAL_FATAL(certify(proved), 0);
    CU_ASSERT_TRUE(passes(proved));
    for (int n = 0; n < DRAWS && proved->certificate.offers->n_people; n++) {
        int64_t *offer = some_offer(proved->certificate.offers, &state), was = *offer;
        *offer += random_chance(&state, 50) ? 1 << 16 : -(1 << 16);
        int64_t bound = proved->certificate.bounds[0], rest = proved->certificate.rests[0];
        int is_accepted = passes(proved);
        CU_ASSERT_EQUAL(certify(proved), 0);
        CU_ASSERT_EQUAL(is_accepted, proved->certificate.bounds[0] == bound &&
                                         proved->certificate.rests[0] == rest);
        counts[ALL]++;
        counts[NEARER] += !is_accepted;
        *offer = was;
        certify(proved);
    }
    proved->certificate.bounds[0]--;
    CU_ASSERT_FALSE(passes(proved));
}

static void test_changed(void)
{
    int counts[COUNTS] = {0};
    each_world(change_offers, counts);
    CU_ASSERT_TRUE(counts[NEARER] * 10 > counts[ALL]);
}

static void name_nobody(struct certificate *offers)
{
    strcpy(offers->people[0].applicant_id, "A999");
}

static void name_twice(struct certificate *offers)
{
    offers->people[1] = offers->people[0];
}

static void offer_too_much(struct certificate *offers)
{
    offers->people[0].price[0] = INT64_MAX;
}

static void offer_too_little(struct certificate *offers)
{
    offers->people[0].price[0] = INT64_MIN;
}

static void name_no_home(struct certificate *offers)
{
    strcpy(offers->homes[0].institution_id, "H99");
}

static void name_home_twice(struct certificate *offers)
{
    offers->homes[1] = offers->homes[0];
    offers->n_homes += offers->n_homes == 1;
}

static void name_no_member(struct certificate *offers)
{
    strcpy(offers->members[0].applicant_id, "A999");
}

static void offer_nowhere(struct certificate *offers)
{
    strcpy(offers->members[0].institution_id, "H99");
}

static void offer_member_twice(struct certificate *offers)
{
    offers->members[offers->n_members - 1] = offers->members[0];
}

static void offer_member_too_much(struct certificate *offers)
{
    offers->members[0].price[0] = CERTIFICATE_PRICE_MOST;
}

static void price_no_pool(struct certificate *offers)
{
    strcpy(offers->pools[0].pool_id, "P99");
}

static void price_too_high(struct certificate *offers)
{
    offers->pools[0].price[0] = CERTIFICATE_PRICE_MOST;
}

static void refuse_what_is_none(struct proved *proved, int *counts)
{
    static void (*const breaks[])(struct certificate * offers) = {
        name_nobody,     name_twice,     offer_too_much, offer_too_little,   name_no_home,
        name_home_twice, name_no_member, offer_nowhere,  offer_member_twice, offer_member_too_much,
        price_no_pool,   price_too_high};
    uint64_t state = proved->round.world.seed;
    for (size_t b = 0; b < sizeof breaks / sizeof *breaks; b++) {
        draw_offers(proved, &state);
        struct certificate *offers = proved->certificate.offers;
        if (offers->n_people > 1 && offers->n_homes && offers->n_members > 1 && offers->n_pools) {
            breaks[b](offers);
            result_seal(&proved->plan, &proved->certificate);
            CU_ASSERT_FALSE(passes(proved));
            counts[ALL]++;
        }
        drop_offers(proved);
    }
}

static void test_none(void)
{
    int counts[COUNTS] = {0};
    each_world(refuse_what_is_none, counts);
    CU_ASSERT_TRUE(counts[ALL] > 100);
}

/* -- offers of a descent -- */

/* As maximisation. */
static int64_t best_of(const struct proved *proved, size_t k)
{
    const struct objective_value *best = &proved->plan.objectives[k];
    return words_objective_is_max(best->objective) ? best->value : -best->value;
}

/* After little work, or until it ends; `total`: what the solver says of the first n objectives. */
static void descend(const struct proved *proved, const struct model *model,
                    struct coupled_proof *proof, int64_t work, size_t n, bound_wide *total)
{
    struct choices choices;
    unsigned char *alive = alloc_zero((size_t)model->n_columns + 1, 1);
    memset(alive, 1, model->n_columns);
    choices_init(&choices, model);
    struct descent *plain = descent_new(&choices), *descent = descent_new_whole(&choices);
    for (size_t k = 0; k < n; k++) {
        struct budget budget = {.work_limit = work}, other = budget;
        struct descent_offers offers = {0};
        int64_t *gain = model_gains(model, k);
        descent_run(plain, gain, alive, -INFINITY, &other);
        descent_start(descent, plain);
        descent_run(descent, gain, alive, -INFINITY, &budget);
        total[k] = descent_bound(descent, gain, alive);
        descent_offers(descent, gain, alive, &offers);
        coupled_proof_begin(proof, k);
        coupled_proof_offer(proof, model, &offers);
        descent_keep(plain, k, best_of(proved, k));
        descent_keep(descent, k, best_of(proved, k));
        free(gain);
    }
    descent_free(plain);
    descent_free(descent);
    choices_clear(&choices);
    free(alive);
}

/* Through the file, as well. */
static void read_back(struct proved *proved)
{
    char *text = certificate_to_json(&proved->certificate);
    certificate_clear(&proved->certificate);
    CU_ASSERT_EQUAL_FATAL(
        certificate_from_json(text, strlen(text), &proved->certificate, &proved->err), 0);
    free(text);
    CU_ASSERT_TRUE(passes(proved));
}

/* Where a limit came first only the first objectives have offers. */
static void prove_descent(struct proved *proved, int *counts)
{
    struct problem *problem = problem_new(proved->round.region, proved->round.policy,
                                          proved->round.world.now, &proved->err);
    if (!problem->n_staff) {
        problem_free(problem);
        return;
    }
    struct model *model = model_new(problem);
    struct coupled_proof proof;
    struct result result = {.problem = problem, .proof = &proof};
    coupled_proof_init(&proof, model);
    bound_wide total[OBJECTIVE_COUNT];
    size_t n = counts[ALL] % 3 ? problem->n_objectives : (problem->n_objectives + 1) / 2;
    descend(proved, model, &proof, counts[ALL] % 2 ? 0 : DESCENT_WORK, n, total);
    certificate_clear(&proved->certificate);
    result_certificate(&result, &proved->plan, &proved->certificate);
    CU_ASSERT_EQUAL(certify(proved), 0);
    int64_t gap = gap_of(proved), gaps[OBJECTIVE_COUNT];
    for (size_t k = 0; k < n; k++) {
        gaps[k] = gap_in(proved, k);
        CU_ASSERT_TRUE(gaps[k] <= total[k] - (bound_wide)best_of(proved, k) * (1 << BOUND_SHIFT));
    }
    read_back(proved);
    drop_offers(proved);
    CU_ASSERT_EQUAL(certify(proved), 0);
    counts[ALL]++;
    counts[NEARER] += gap < gap_of(proved);
    counts[TIGHT] += gap >> BOUND_SHIFT == 0;
    for (size_t k = 1; k < n; k++)
        counts[LATER] += gaps[k] < gap_in(proved, k);
    coupled_proof_clear(&proof);
    model_free(model);
    problem_free(problem);
}

static void test_descent(void)
{
    int counts[COUNTS] = {0};
    each_world(prove_descent, counts);
    CU_ASSERT_TRUE(counts[ALL] > drawn_round_count(WORLDS) / 50);
    CU_ASSERT_TRUE(counts[NEARER] * 4 > counts[ALL]);
    CU_ASSERT_TRUE(counts[TIGHT] * 2 > counts[ALL]);
    CU_ASSERT_TRUE(counts[LATER] * 4 > counts[ALL]);
}

static const struct check_test tests[] = {
    {"any_offers", test_any_offers},
    {"changed", test_changed},
    {"none", test_none},
    {"descent", test_descent},
};
CHECK_SUITE(suite_offers, tests);
