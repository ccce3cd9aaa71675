/* verify_bound_check.c - (verify_bound.h) a certificate over 2^s against what follows from its own
 * prices, figure by figure. */
#include "solver/verify_bound.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct comparison {
    const struct certificate *stated, *true;
    const struct objective_value *objectives;
    size_t n;
    struct alm_error *err;
};

static int same_price(const struct comparison *comparison, const char *what, const char *id,
                      const char *true_id, const int64_t *price, const int64_t *true_price)
{
    if (strcmp(id, true_id) != 0)
        return err_set(comparison->err, ERR_REFUSED,
                       "certificate: %s %s stands where %s belongs: all are listed by id, each "
                       "once",
                       what, id, true_id);
    for (size_t k = 0; k < comparison->n; k++)
        if (price[k] != true_price[k])
            return err_set(comparison->err, ERR_REFUSED,
                           "certificate: %s %s has the price %" PRId64
                           " in objective %s, from the other prices follows %" PRId64,
                           what, id, price[k],
                           words_name(&words_objective, (int)comparison->objectives[k].objective),
                           true_price[k]);
    return 0;
}

static int same_lists(const struct comparison *comparison)
{
    const struct certificate *stated = comparison->stated, *true = comparison->true;
    if (stated->n_people != true->n_people || stated->n_households != true->n_households)
        return err_set(comparison->err, ERR_REFUSED,
                       "certificate: prices of %zu people and %zu households, the round has %zu "
                       "and %zu",
                       stated->n_people, stated->n_households, true->n_people, true->n_households);
    for (size_t i = 0; i < stated->n_people; i++)
        if (same_price(comparison, "applicant", stated->people[i].applicant_id,
                       true->people[i].applicant_id, stated->people[i].price,
                       true->people[i].price) != 0)
            return -1;
    for (size_t h = 0; h < stated->n_households; h++)
        if (same_price(comparison, "household", stated->households[h].household_id,
                       true->households[h].household_id, stated->households[h].price,
                       true->households[h].price) != 0)
            return -1;
    return 0;
}

static int same_bounds(const struct comparison *comparison)
{
    const struct certificate *stated = comparison->stated, *true = comparison->true;
    for (size_t k = 0; k < comparison->n; k++)
        if (stated->bounds[k] != true->bounds[k] || stated->rests[k] != true->rests[k])
            return err_set(comparison->err, ERR_REFUSED,
                           "certificate: objective %s: the prices prove the bound %" PRId64
                           " (rest %" PRId64 "), it states %" PRId64 " (rest %" PRId64 ")",
                           words_name(&words_objective, (int)comparison->objectives[k].objective),
                           true->bounds[k], true->rests[k], stated->bounds[k], stated->rests[k]);
    return 0;
}

int verify_bound_check(const struct verify_round *round, const struct certificate *certificate,
                       int *proved, struct alm_error *err)
{
    struct certificate true = *certificate;
    const struct plan *plan = round->plan;
    struct comparison comparison = {certificate, &true, plan->objectives, plan->n_objectives, err};
    true.people = NULL;
    true.households = NULL;
    int result = verify_bound_state(round, &true, err);
    if (result == 0)
        result = same_lists(&comparison) != 0 || same_bounds(&comparison) != 0 ? -1 : 0;
    *proved = result == 0;
    for (size_t k = 0; k < plan->n_objectives; k++)
        *proved = *proved && certificate->bounds[k] == plan->objectives[k].value;
    free(true.people);
    free(true.households);
    return result;
}
