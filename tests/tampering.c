/* tampering.c - see tampering.h. */
#include "tests/tampering.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "solver/solver.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

struct tampering_original tampering_original(const struct drawn_round *round)
{
    struct solver_options options = {.engine = SOLVER_AUTO};
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL_FATAL(solver_run(round->region, round->policy, round->world.now, &options,
                                     &plan, &certificate, &err),
                          0);
    struct tampering_original original = {plan_to_json(&plan, 1),
                                          certificate_to_json(&certificate)};
    plan_clear(&plan);
    certificate_clear(&certificate);
    return original;
}

void tampering_original_clear(struct tampering_original *original)
{
    free(original->plan);
    free(original->certificate);
}

void tampering_forgery_init(struct tampering_forgery *forgery, const struct drawn_round *round,
                            const struct tampering_original *original, uint64_t seed)
{
    const char *plan = original->plan, *certificate = original->certificate;
    struct alm_error err;
    err_init(&err);
    forgery->round = round;
    forgery->state = seed;
    plan_init(&forgery->plan);
    certificate_init(&forgery->certificate);
    CU_ASSERT_EQUAL_FATAL(plan_from_json(plan, strlen(plan), &forgery->plan, &err), 0);
    CU_ASSERT_EQUAL_FATAL(
        certificate_from_json(certificate, strlen(certificate), &forgery->certificate, &err), 0);
}

void tampering_forgery_clear(struct tampering_forgery *forgery)
{
    plan_clear(&forgery->plan);
    certificate_clear(&forgery->certificate);
}

/* The certificate is made out to the plan as it is now. */
void tampering_make_out(struct tampering_forgery *forgery)
{
    char hash[72] = "sha256:";
    char *plan = plan_to_json(&forgery->plan, 0);
    digest_hex(plan, strlen(plan), hash + strlen(hash));
    free(plan);
    free(forgery->certificate.plan);
    forgery->certificate.plan = alloc_string(hash);
}

static size_t pick(struct tampering_forgery *forgery, size_t n)
{
    return (size_t)random_below(&forgery->state, n);
}

/* -- tampering with the plan -- */

/* Each returns 0 when the plan has nothing to tamper with in this way. */
static void change(char **text)
{
    (*text)[strlen(*text) - 1] ^= 1;
}

static int tamper_world(struct tampering_forgery *forgery)
{
    change(&forgery->plan.world);
    return 1;
}

static int tamper_policy(struct tampering_forgery *forgery)
{
    change(&forgery->plan.policy);
    return 1;
}

static struct placement *some_placement(struct tampering_forgery *forgery)
{
    return forgery->plan.n_placements
               ? &forgery->plan.placements[pick(forgery, forgery->plan.n_placements)]
               : NULL;
}

static int tamper_metres(struct tampering_forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && ++placement->metres;
}

static int tamper_points(struct tampering_forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && ++placement->points;
}

static int tamper_rank(struct tampering_forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && ++placement->rank;
}

static int tamper_drop_placement(struct tampering_forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    if (!placement)
        return 0;
    size_t at = (size_t)(placement - forgery->plan.placements);
    memmove(placement, placement + 1, (--forgery->plan.n_placements - at) * sizeof *placement);
    return 1;
}

static int tamper_double_placement(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (plan->n_placements < 2)
        return 0;
    plan->placements[1] = plan->placements[0];
    return 1;
}

static int tamper_order(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (plan->n_placements < 2)
        return 0;
    struct placement first = plan->placements[0];
    plan->placements[0] = plan->placements[1];
    plan->placements[1] = first;
    return 1;
}

static int tamper_applicant(struct tampering_forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && strcpy(placement->applicant_id + 3, "x");
}

static int tamper_pool(struct tampering_forgery *forgery)
{
    struct placement *placement = some_placement(forgery);
    return placement && strcpy(placement->pool_id, "P9");
}

static struct unplaced *some_unplaced(struct tampering_forgery *forgery)
{
    return forgery->plan.n_unplaced
               ? &forgery->plan.unplaced[pick(forgery, forgery->plan.n_unplaced)]
               : NULL;
}

static int tamper_reason(struct tampering_forgery *forgery)
{
    struct unplaced *unplaced = some_unplaced(forgery);
    if (!unplaced)
        return 0;
    unplaced->reason = unplaced->reason % (REASON_COUNT - 1) + 1;
    return 1;
}

static int tamper_drop_unplaced(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (!plan->n_unplaced)
        return 0;
    plan->n_unplaced--;
    return 1;
}

/* One bed too many: somebody from the unplaced is put where somebody else is, with the figures that
 * the world gives. The person may be let in there; then the objectives are not the stated ones, or
 * the beds not enough. */
static int tamper_one_bed_too_many(struct tampering_forgery *forgery)
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

static int tamper_value(struct tampering_forgery *forgery)
{
    struct objective_value *objective =
        &forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)];
    objective->value += random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_value_and_bound(struct tampering_forgery *forgery)
{
    struct objective_value *objective =
        &forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)];
    objective->value += random_chance(&forgery->state, 50) ? 1 : -1;
    objective->bound = objective->value;
    return 1;
}

static int tamper_bound(struct tampering_forgery *forgery)
{
    forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)].bound +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_objective(struct tampering_forgery *forgery)
{
    struct objective_value *objective =
        &forgery->plan.objectives[pick(forgery, forgery->plan.n_objectives)];
    objective->objective = (objective->objective + 1) % OBJECTIVE_COUNT;
    return 1;
}

static int tamper_drop_objective(struct tampering_forgery *forgery)
{
    forgery->plan.n_objectives--;
    return 1;
}

static int tamper_priced_pool(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    return plan->n_prices && strcpy(plan->prices[pick(forgery, plan->n_prices)].pool_id, "P0");
}

const struct tampering tampering_plan[] = {
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

/* -- tampering with the certificate -- */

static int tamper_price_label(struct tampering_forgery *forgery)
{
    char **labels[] = {&forgery->certificate.world, &forgery->certificate.policy,
                       &forgery->certificate.plan};
    change(labels[pick(forgery, 3)]);
    return 1;
}

static int tamper_price_value(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    certificate->objectives[pick(forgery, certificate->n_objectives)].value++;
    return 1;
}

/* Beds that the price is for: a price of no beds does not matter. */
static int64_t beds_of(const struct tampering_forgery *forgery,
                       const struct certificate_pool *entry)
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

static struct certificate_pool *some_priced_pool(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (!certificate->n_pools)
        return NULL;
    struct certificate_pool *entry = &certificate->pools[pick(forgery, certificate->n_pools)];
    return beds_of(forgery, entry) ? entry : NULL;
}

static int tamper_pool_price(struct tampering_forgery *forgery)
{
    struct certificate_pool *entry = some_priced_pool(forgery);
    if (!entry)
        return 0;
    size_t k = pick(forgery, forgery->certificate.n_objectives);
    entry->price[k] += random_chance(&forgery->state, 50) ? 1 : -1;
    for (size_t p = 0; p < forgery->plan.n_prices && !entry->reserve[0]; p++)
        if (strcmp(forgery->plan.prices[p].pool_id, entry->pool_id) == 0)
            forgery->plan.prices[p].price[k] = entry->price[k]; /* the forger thinks of both */
    tampering_make_out(forgery);
    return 1;
}

static int tamper_published_price(struct tampering_forgery *forgery)
{
    struct plan *plan = &forgery->plan;
    if (!plan->n_prices)
        return 0;
    plan->prices[pick(forgery, plan->n_prices)].price[pick(forgery, plan->n_objectives)]++;
    tampering_make_out(forgery);
    return 1;
}

static int tamper_person_price(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (!certificate->n_people)
        return 0;
    certificate->people[pick(forgery, certificate->n_people)]
        .price[pick(forgery, certificate->n_objectives)] +=
        random_chance(&forgery->state, 50) ? 1 : -1;
    return 1;
}

static int tamper_drop_pool_price(struct tampering_forgery *forgery)
{
    struct certificate_pool *entry = some_priced_pool(forgery);
    struct certificate *certificate = &forgery->certificate;
    if (!entry)
        return 0;
    *entry = certificate->pools[--certificate->n_pools];
    return 1;
}

static int tamper_drop_person_price(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    return certificate->n_people && certificate->n_people--;
}

static int tamper_double_person_price(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    if (certificate->n_people < 2)
        return 0;
    certificate->people[0] = certificate->people[1];
    return 1;
}

static int tamper_no_prices(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    int had = certificate->n_people > 0; /* nobody and no bed: there is nothing to prove */
    certificate->n_pools = certificate->n_people = 0;
    return had;
}

static int tamper_price_owner(struct tampering_forgery *forgery)
{
    struct certificate *certificate = &forgery->certificate;
    return certificate->n_people &&
           strcpy(certificate->people[pick(forgery, certificate->n_people)].applicant_id, "B01");
}

const struct tampering tampering_certificate[] = {
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

const size_t tampering_plan_n = sizeof tampering_plan / sizeof *tampering_plan;
const size_t tampering_certificate_n = sizeof tampering_certificate / sizeof *tampering_certificate;
