/* verify_certificate.c - see verify_certificate.h. Integers only, sums in 128 bits, one pass over
 * all pairs. */
#include "solver/verify_certificate.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "solver/verify_bound.h"
#include "solver/verify_look.h"
#include "solver/verify_margin.h"
#include "solver/verify_rules.h"
#include "solver/verify_ties.h"
#include "solver/verify_values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct proof {
    const struct verify_round *round;
    const struct certificate *certificate;
    struct verify_dual dual;
    const char *source; /* of the prices, for what is refused */
    struct alm_error *err;
};

/* -- what the certificate is about -- */

static int check_label(const struct proof *proof, const char *what, const char *plan,
                       const char *certificate)
{
    if (certificate && strcmp(plan, certificate) == 0)
        return 0;
    return err_set(proof->err, ERR_REFUSED, "certificate: it is for %s %s, the plan's is %s", what,
                   certificate ? certificate : "(none)", plan);
}

static int check_plan_hash(const struct proof *proof)
{
    char hash[72] = "sha256:";
    char *plan = plan_to_json(proof->round->plan, 0);
    digest_hex(plan, strlen(plan), hash + strlen(hash));
    free(plan);
    return check_label(proof, "plan", hash, proof->certificate->plan);
}

static int check_objectives(const struct proof *proof)
{
    const struct plan *plan = proof->round->plan;
    const struct certificate *certificate = proof->certificate;
    if (certificate->n_objectives != plan->n_objectives)
        return err_set(proof->err, ERR_REFUSED, "certificate: %zu objectives, the plan has %zu",
                       certificate->n_objectives, plan->n_objectives);
    for (size_t k = 0; k < plan->n_objectives; k++) {
        const struct objective_value *here = &certificate->objectives[k];
        const struct objective_value *there = &plan->objectives[k];
        const char *name = words_name(&words_objective, there->objective);
        if (here->objective != there->objective || here->value != there->value ||
            here->bound != there->bound)
            return err_set(proof->err, ERR_REFUSED,
                           "certificate: objective %zu is not the plan's %s with value %" PRId64
                           " and bound %" PRId64,
                           k + 1, name, there->value, there->bound);
    }
    return 0;
}

static int check_stated_bounds(const struct proof *proof)
{
    const struct plan *plan = proof->round->plan;
    for (size_t k = 0; k < plan->n_objectives; k++) {
        const struct objective_value *there = &plan->objectives[k];
        const char *name = words_name(&words_objective, there->objective);
        if (there->value != there->bound)
            return err_set(proof->err, ERR_REFUSED,
                           "objective %s: the value %" PRId64 " is not the bound %" PRId64
                           ", so nothing is proved",
                           name, there->value, there->bound);
    }
    return 0;
}

/* -- prices -- */

/* -1, 0, 1: the first component that is not zero decides. */
static int sign(const __int128 *vector, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (vector[k])
            return vector[k] > 0 ? 1 : -1;
    return 0;
}

static int price_sign(const int64_t *price, size_t n)
{
    __int128 vector[OBJECTIVE_COUNT] = {0};
    for (size_t k = 0; k < n; k++)
        vector[k] = price[k];
    return sign(vector, n);
}

static int read_bed(struct proof *proof, const struct certificate_pool *entry)
{
    size_t p = verify_round_pool(proof->round, entry->pool_id);
    if (p == VERIFY_NOWHERE)
        return err_set(proof->err, ERR_REFUSED, "certificate: pool %s is not in the world",
                       entry->pool_id);
    const struct verify_pool *pool = &proof->round->pools[p];
    size_t part = verify_round_part(pool->pool, entry->reserve);
    if (entry->reserve[0] && part == pool->pool->n_reserved)
        return err_set(proof->err, ERR_REFUSED, "certificate: pool %s keeps no beds for class %s",
                       entry->pool_id, entry->reserve);
    const int64_t **price = &proof->dual.beds[proof->dual.first_part[p] + part];
    if (*price)
        return err_set(proof->err, ERR_REFUSED,
                       "certificate: pool %s, class \"%s\" is priced twice", entry->pool_id,
                       entry->reserve);
    *price = entry->price;
    if (price_sign(entry->price, proof->dual.n) < 0)
        return err_set(proof->err, ERR_REFUSED,
                       "certificate: pool %s, class \"%s\" has a price below zero", entry->pool_id,
                       entry->reserve);
    return 0;
}

static int read_person(struct proof *proof, const struct certificate_person *entry)
{
    size_t i = verify_round_person(proof->round, entry->applicant_id);
    if (i == VERIFY_NOWHERE)
        return err_set(proof->err, ERR_REFUSED,
                       "certificate: applicant %s is not among the waiting", entry->applicant_id);
    if (proof->dual.people[i])
        return err_set(proof->err, ERR_REFUSED, "certificate: applicant %s is priced twice",
                       entry->applicant_id);
    proof->dual.people[i] = entry->price;
    if (proof->round->people[i].own == VERIFY_NOWHERE &&
        price_sign(entry->price, proof->dual.n) < 0)
        return err_set(proof->err, ERR_REFUSED,
                       "certificate: applicant %s is a newcomer and has a price below zero",
                       entry->applicant_id);
    return 0;
}

static int64_t beds_of(const struct verify_part *part)
{
    return part->kept + part->stayers;
}

/* A part without beds needs no price: nobody can be there. */
static int check_complete(const struct proof *proof)
{
    const struct verify_round *round = proof->round;
    for (size_t p = 0; p < round->n_pools; p++)
        for (size_t k = 0; k <= round->pools[p].pool->n_reserved; k++)
            if (!proof->dual.beds[proof->dual.first_part[p] + k] &&
                beds_of(&round->pools[p].parts[k]))
                return err_set(proof->err, ERR_REFUSED,
                               "certificate: pool %s, class \"%s\" has no price",
                               round->pools[p].pool->record.id, round->pools[p].parts[k].reserve);
    for (size_t i = 0; i < round->n_people; i++)
        if (!proof->dual.people[i])
            return err_set(proof->err, ERR_REFUSED, "certificate: applicant %s has no price",
                           round->people[i].applicant->record.id);
    return 0;
}

static int read_prices(struct proof *proof)
{
    for (size_t p = 0; p < proof->certificate->n_pools; p++)
        if (read_bed(proof, &proof->certificate->pools[p]) != 0)
            return -1;
    for (size_t i = 0; i < proof->certificate->n_people; i++)
        if (read_person(proof, &proof->certificate->people[i]) != 0)
            return -1;
    return check_complete(proof);
}

static int check_price(const struct proof *proof, const struct shadow_price *stated, size_t part)
{
    const int64_t *price = proof->dual.beds[part];
    for (size_t k = 0; price && k < proof->dual.n; k++)
        if (stated->price[k] != price[k])
            return err_set(
                proof->err, ERR_REFUSED,
                "shadow prices: pool %s%s%s is %" PRId64
                " in objective %s, the certificate says %" PRId64,
                stated->pool_id, stated->reserve[0] ? ", class " : "", stated->reserve,
                stated->price[k],
                words_name(&words_objective, (int)proof->round->plan->objectives[k].objective),
                price[k]);
    return 0;
}

/* What the plan publishes as the price of one more bed is the price of its part. */
static int check_published(const struct proof *proof)
{
    const struct verify_round *round = proof->round;
    const struct plan *plan = round->plan;
    const struct shadow_price *reserve = plan->reserve_prices;
    if (plan->n_prices != round->n_pools)
        return err_set(proof->err, ERR_REFUSED,
                       "shadow prices: the plan has %zu, the world has %zu pools", plan->n_prices,
                       round->n_pools);
    for (size_t p = 0; p < round->n_pools; p++) {
        size_t open = round->pools[p].pool->n_reserved;
        for (size_t k = 0; k <= open; k++)
            if (check_price(proof, k < open ? reserve++ : &plan->prices[p],
                            proof->dual.first_part[p] + k) != 0)
                return -1;
    }
    return 0;
}

/* -- every pair -- */

struct pair {
    const struct verify_person *person;
    const int64_t *price; /* the person's */
    const struct verify_pool *pool;
    const int64_t *gains; /* of the pool, before reserves */
};

static int check_part(const struct proof *proof, const struct pair *pair, size_t part,
                      struct alm_error *err)
{
    const int64_t *bed =
        proof->dual.beds[proof->dual.first_part[pair->pool - proof->round->pools] + part];
    int is_kept = verify_values_reserve(proof->round, pair->person, pair->pool, part);
    __int128 over[OBJECTIVE_COUNT] = {0};
    for (size_t k = 0; k < proof->dual.n; k++) {
        int64_t gain = proof->round->rules.policy->objectives[k] == OBJECTIVE_RESERVE
                           ? is_kept
                           : pair->gains[k];
        over[k] = (__int128)bed[k] + pair->price[k] - gain;
    }
    if (sign(over, proof->dual.n) >= 0)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "%s: applicant %s in pool %s (class \"%s\") would gain more than the two prices",
                   proof->source, pair->person->applicant->record.id, pair->pool->pool->record.id,
                   pair->pool->parts[part].reserve);
}

static int check_pool(const struct proof *proof, const struct verify_person *person,
                      const struct verify_choice *choice, struct alm_error *err)
{
    const struct verify_pool *pool = &proof->round->pools[choice->pool];
    const struct policy *policy = proof->round->rules.policy;
    int64_t gains[OBJECTIVE_COUNT] = {0};
    int64_t rank = applicant_rank(person->applicant, pool->home->record.id, policy->unlisted_rank);
    for (size_t k = 0; k < proof->dual.n; k++)
        gains[k] = verify_values_gain(person, policy->objectives[k], rank, choice->metres);
    struct pair pair = {person, proof->dual.people[person - proof->round->people], pool, gains};
    for (size_t k = 0; k <= pool->pool->n_reserved; k++)
        if (beds_of(&pool->parts[k]) && verify_round_may_use(proof->round, person, pool, k) &&
            check_part(proof, &pair, k, err) != 0)
            return -1;
    return 0;
}

/* Staying gains nothing, in the part whose bed is held, whatever its label. */
static int check_stay(const struct proof *proof, const struct verify_person *person,
                      struct alm_error *err)
{
    static const int64_t nothing[OBJECTIVE_COUNT];
    struct pair pair = {person, proof->dual.people[person - proof->round->people],
                        &proof->round->pools[person->own], nothing};
    size_t part = verify_round_own_part(proof->round, person);
    const int64_t *bed = proof->dual.beds[proof->dual.first_part[person->own] + part];
    __int128 over[OBJECTIVE_COUNT] = {0};
    for (size_t k = 0; k < proof->dual.n; k++)
        over[k] = (__int128)bed[k] + pair.price[k];
    if (sign(over, proof->dual.n) >= 0)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "%s: resident %s could stay in pool %s and would gain more than the two prices",
                   proof->source, person->applicant->record.id, pair.pool->pool->record.id);
}

static int check_person(const void *context, const struct verify_person *person,
                        struct verify_look *look, struct alm_error *err)
{
    const struct proof *proof = context;
    if (person->own != VERIFY_NOWHERE && check_stay(proof, person, err) != 0)
        return -1;
    verify_look_at(look, person);
    for (size_t k = 0; k < look->n_choices; k++)
        if (check_pool(proof, person, &look->choices[k], err) != 0)
            return -1;
    return 0;
}

/* -- the sum -- */

/* beds x price over all parts + prices of all people, in one objective, as the contract states it
 */
static __int128 bound(const struct proof *proof, size_t k)
{
    const struct verify_round *round = proof->round;
    __int128 sum = 0;
    for (size_t i = 0; i < round->n_people; i++)
        sum += proof->dual.people[i][k];
    for (size_t p = 0; p < round->n_pools; p++)
        for (size_t part = 0; part <= round->pools[p].pool->n_reserved; part++) {
            const int64_t *price = proof->dual.beds[proof->dual.first_part[p] + part];
            if (price)
                sum += (__int128)price[k] * beds_of(&round->pools[p].parts[part]);
        }
    return words_objective_is_max(round->rules.policy->objectives[k]) ? sum : -sum;
}

static int check_sum(const struct proof *proof)
{
    for (size_t k = 0; k < proof->dual.n; k++) {
        const struct objective_value *stated = &proof->round->plan->objectives[k];
        __int128 proved = bound(proof, k);
        if (proved != stated->value)
            return err_set(proof->err, ERR_REFUSED,
                           "%s: objective %s: the prices prove the bound %" PRId64
                           ", the plan has %" PRId64,
                           proof->source, words_name(&words_objective, stated->objective),
                           (int64_t)proved, stated->value);
    }
    return 0;
}

static void proof_init(struct proof *proof)
{
    const struct verify_round *round = proof->round;
    size_t parts = 0;
    proof->dual.first_part = alloc_zero(round->n_pools, sizeof *proof->dual.first_part);
    for (size_t p = 0; p < round->n_pools; p++) {
        proof->dual.first_part[p] = parts;
        parts += round->pools[p].pool->n_reserved + 1;
    }
    proof->dual.beds = alloc_zero(parts, sizeof *proof->dual.beds);
    proof->dual.people = alloc_zero(round->n_people, sizeof *proof->dual.people);
    proof->dual.n = round->rules.policy->n_objectives;
}

/* A round that is not a network, or was stopped, has no prices: then the certificate only says what
 * it is for. */
static int may_be_empty(const struct verify_round *round)
{
    return round->plan->status == PLAN_FEASIBLE || verify_rules_are_coupled(round);
}

static int check_labels(const struct proof *proof)
{
    const struct plan *plan = proof->round->plan;
    const struct certificate *certificate = proof->certificate;
    return check_label(proof, "world", plan->world, certificate->world) != 0 ||
                   check_label(proof, "policy", plan->policy, certificate->policy) != 0 ||
                   check_plan_hash(proof) != 0
               ? -1
               : 0;
}

static void proof_clear(struct proof *proof)
{
    free(proof->dual.first_part);
    free(proof->dual.beds);
    free(proof->dual.people);
}

static int check_optimum(struct proof *proof)
{
    proof_init(proof);
    int result =
        check_stated_bounds(proof) != 0 || read_prices(proof) != 0 || check_published(proof) != 0 ||
                verify_look_everybody(proof->round, check_person, proof, proof->err) != 0 ||
                check_sum(proof) != 0
            ? -1
            : 0;
    proof_clear(proof);
    return result;
}

/* Exact prices of beds are those of a proved network; beside prices of bounds there are bounds. */
static int check_sort(const struct proof *proof)
{
    const struct plan *plan = proof->round->plan;
    int is_network = proof->certificate->shift == 0;
    if (plan->n_prices + plan->n_reserve_prices == 0 || is_network != plan->prices_are_bounds)
        return 0;
    return err_set(proof->err, ERR_REFUSED,
                   "shadow prices: the plan says they are %s, the certificate is of the other sort",
                   plan->prices_are_bounds ? "bounds" : "exact");
}

int verify_certificate_check(const struct verify_round *round,
                             const struct certificate *certificate, int *proved,
                             struct alm_error *err)
{
    struct proof proof = {
        .round = round, .certificate = certificate, .source = "certificate", .err = err};
    int is_empty = !certificate->shift && certificate->n_pools == 0 && certificate->n_people == 0 &&
                   may_be_empty(round);
    if (check_labels(&proof) != 0 || (!is_empty && check_sort(&proof) != 0))
        return -1;
    *proved = 0;
    if (certificate->shift)
        return check_objectives(&proof) != 0 ? -1
                                             : verify_bound_check(round, certificate, proved, err);
    if (is_empty)
        return 0;
    if (check_objectives(&proof) != 0 || check_optimum(&proof) != 0)
        return -1;
    *proved = 1;
    return 0;
}

/* Nobody need come to a bed, and no newcomer need have one. */
static int check_signs(const struct proof *proof)
{
    const struct verify_round *round = proof->round;
    for (size_t p = 0; p < round->n_pools; p++)
        for (size_t k = 0; k <= round->pools[p].pool->n_reserved; k++)
            if (price_sign(proof->dual.beds[proof->dual.first_part[p] + k], proof->dual.n) < 0)
                return err_set(proof->err, ERR_REFUSED, "%s: pool %s has a price below zero",
                               proof->source, round->pools[p].pool->record.id);
    for (size_t i = 0; i < round->n_people; i++)
        if (round->people[i].own == VERIFY_NOWHERE &&
            price_sign(proof->dual.people[i], proof->dual.n) < 0)
            return err_set(proof->err, ERR_REFUSED,
                           "%s: applicant %s gains less than the bed costs that the plan gives",
                           proof->source, round->people[i].applicant->record.id);
    return 0;
}

int verify_certificate_dual(const struct verify_round *round, const struct verify_dual *dual,
                            struct alm_error *err)
{
    struct proof proof = {.round = round, .dual = *dual, .source = "shadow prices", .err = err};
    return check_signs(&proof) != 0 ||
                   verify_look_everybody(round, check_person, &proof, err) != 0 ||
                   check_sum(&proof) != 0
               ? -1
               : 0;
}

int verify_certificate_unique(const struct verify_round *round,
                              const struct certificate *certificate, struct alm_error *err)
{
    struct proof proof = {
        .round = round, .certificate = certificate, .source = "certificate", .err = err};
    if (certificate->shift)
        return 0;
    proof_init(&proof);
    int result =
        read_prices(&proof) != 0 || verify_ties_check(round, &proof.dual, err) != 0 ||
                (round->plan->n_prices && verify_margin_check(round, &proof.dual, err) != 0)
            ? -1
            : 0;
    proof_clear(&proof);
    return result;
}
