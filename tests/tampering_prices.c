/* tampering_prices.c - (tampering.h) the ways to tamper with what a plan says of one bed more and
 * one bed fewer; the certificate is made out to what comes out. */
#include "tests/tampering.h"

#include "solver/eligibility.h"

#include <string.h>

static size_t pick(struct tampering_forgery *forgery, size_t n)
{
    return (size_t)random_below(&forgery->state, n);
}

/* Of a pool, or of beds kept for a class. */
static struct shadow_price *some_price(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    size_t n = plan->n_prices + plan->n_reserve_prices, p = n ? pick(forgery, n) : 0;
    if (n == 0)
        return NULL;
    return p < plan->n_prices ? &plan->prices[p] : &plan->reserve_prices[p - plan->n_prices];
}

static int make_out(struct tampering_forgery *forgery)
{
    tampering_make_out(forgery);
    return 1;
}

static int tamper_loss(struct tampering_forgery *forgery)
{
    struct shadow_price *price = some_price(forgery);
    if (!price || price->loss_is != SHADOW_LOSS_STATED)
        return 0;
    price->loss[pick(forgery, forgery->plan.n_objectives)] +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return make_out(forgery);
}

static int tamper_loss_kind(struct tampering_forgery *forgery)
{
    struct shadow_price *price = some_price(forgery);
    if (!price)
        return 0;
    price->loss_is = (price->loss_is + 1 + pick(forgery, 2)) % (SHADOW_LOSS_STATED + 1);
    if (price->loss_is == SHADOW_LOSS_STATED) /* a loss that might be */
        memcpy(price->loss, price->price, sizeof price->loss);
    else
        price->last[0] = '\0';
    return make_out(forgery);
}

/* Somebody else, or nobody, or somebody where nobody is. */
static int change_name(struct tampering_forgery *forgery, char *name)
{
    size_t n = (size_t)forgery->round->world.n_people;
    const char *other = n ? random_id('A', (int)pick(forgery, n)) : "";
    if (n == 0)
        return 0;
    if (name[0] && (strcmp(name, other) == 0 || random_chance(&forgery->state, 30)))
        other = "";
    strcpy(name, other);
    return make_out(forgery);
}

/* Beds that the pool has for that class, or open ones. */
static int64_t beds_of(const struct tampering_forgery *forgery, const struct shadow_price *price)
{
    const struct pool *pool = region_pool(forgery->round->region, price->pool_id);
    size_t k = 0;
    while (k < pool->n_reserved && strcmp(pool->reserved[k].class_code, price->reserve) != 0)
        k++;
    return eligibility_kept(pool, k);
}

static int tamper_next(struct tampering_forgery *forgery)
{
    struct shadow_price *price = some_price(forgery);
    if (!price || beds_of(forgery, price) == 0 ||
        (forgery->plan.prices_are_bounds && price->loss_is == SHADOW_LOSS_UNKNOWN))
        return 0; /* nothing is known of beds that are not there, or that others keep */
    return change_name(forgery, price->next);
}

static int tamper_last(struct tampering_forgery *forgery)
{
    struct shadow_price *price = some_price(forgery);
    return price && change_name(forgery, price->last);
}

static int tamper_class(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (!plan->n_reserve_prices)
        return 0;
    strcpy(plan->reserve_prices[pick(forgery, plan->n_reserve_prices)].reserve, "other");
    return make_out(forgery);
}

static int tamper_drop_reserve(struct tampering_forgery *forgery)
{
    return forgery->plan.n_reserve_prices && forgery->plan.n_reserve_prices-- && make_out(forgery);
}

/* -- prices that prove the plan as well, but are not the least -- */

static struct certificate_person *person_in(struct certificate *certificate, const char *id)
{
    for (size_t i = 0; i < certificate->n_people; i++)
        if (strcmp(certificate->people[i].applicant_id, id) == 0)
            return &certificate->people[i];
    return NULL;
}

/* What a bed costs more, whoever is in it has less. */
static void charge(struct tampering_forgery *forgery, const char *applicant_id,
                   const struct shadow_price *price)
{
    struct certificate_person *person = person_in(&forgery->certificate, applicant_id);
    for (size_t k = 0; person && k < forgery->plan.n_objectives; k++)
        person->price[k] -= price->loss[k] - price->price[k];
}

static void charge_all(struct tampering_forgery *forgery, const struct shadow_price *price)
{
    const struct plan *plan = &forgery->plan;
    for (size_t i = 0; i < plan->n_placements; i++)
        if (strcmp(plan->placements[i].pool_id, price->pool_id) == 0)
            charge(forgery, plan->placements[i].applicant_id, price);
    for (size_t i = 0; i < plan->n_unplaced; i++) {
        const struct applicant *stays =
            region_applicant(forgery->round->region, plan->unplaced[i].applicant_id);
        if (strcmp(stays->current_pool, price->pool_id) == 0)
            charge(forgery, stays->record.id, price);
    }
}

/* The greatest prices in place of the least, in plan and certificate. */
static int tamper_greatest(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    int is_other = 0;
    if (plan->prices_are_bounds)
        return 0; /* the certificate does not have them */
    for (size_t p = 0; p < plan->n_prices; p++) {
        if (plan->n_reserve_prices || plan->prices[p].loss_is == SHADOW_LOSS_UNKNOWN)
            return 0;
        is_other |= plan->prices[p].loss_is == SHADOW_LOSS_STATED &&
                    memcmp(plan->prices[p].loss, plan->prices[p].price,
                           plan->n_objectives * sizeof(int64_t)) != 0;
    }
    for (size_t p = 0; is_other && p < plan->n_prices; p++) {
        struct shadow_price *price = &plan->prices[p];
        struct certificate_pool *entry = &forgery->certificate.pools[p];
        if (price->loss_is != SHADOW_LOSS_STATED)
            continue;
        charge_all(forgery, price);
        memcpy(price->price, price->loss, sizeof price->price);
        memcpy(entry->price, price->loss, sizeof entry->price);
    }
    return is_other && make_out(forgery);
}

static int tamper_price(struct tampering_forgery *forgery)
{
    struct shadow_price *price = some_price(forgery);
    if (!price || beds_of(forgery, price) == 0 ||
        (forgery->plan.prices_are_bounds && price->loss_is == SHADOW_LOSS_UNKNOWN))
        return 0;
    price->price[pick(forgery, forgery->plan.n_objectives)] +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return make_out(forgery);
}

/* A pool less, and a reserve of it where it has one. */
static int tamper_drop_pool(struct tampering_forgery *forgery)
{
    return forgery->plan.n_prices && forgery->plan.n_prices-- && make_out(forgery);
}

/* Exact prices that are said to be bounds, or the other way round. */
int tampering_sort(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    plan->prices_are_bounds = !plan->prices_are_bounds;
    return plan->n_prices && make_out(forgery);
}

const struct tampering tampering_prices[] = {
    {"loss", tamper_loss},
    {"loss kind", tamper_loss_kind},
    {"price", tamper_price},
    {"next", tamper_next},
    {"last", tamper_last},
    {"class of a price", tamper_class},
    {"drop reserve price", tamper_drop_reserve},
    {"drop price", tamper_drop_pool},
    {"greatest prices", tamper_greatest},
    {"sort of prices", tampering_sort},
};
const size_t tampering_prices_n = sizeof tampering_prices / sizeof *tampering_prices;
