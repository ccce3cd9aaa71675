/* verify.c - see verify.h.
 *
 * Owns the order of the checks. Delegates: the round and its lists (verify_round), beds,
 * households, staff (verify_rules), rooms (verify_rooms), sums (verify_values), the proof of an
 * optimum (verify_certificate) or of bounds (verify_bound). None of them knows the solver's arrays.
 */
#include "solver/verify.h"

#include "models/world.h"
#include "solver/verify_bound.h"
#include "solver/verify_certificate.h"
#include "solver/verify_look.h"
#include "solver/verify_margin.h"
#include "solver/verify_network.h"
#include "solver/verify_round.h"
#include "solver/verify_rules.h"
#include "solver/verify_values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int check_label(const char *what, const char *given, const char *stated,
                       struct alm_error *err)
{
    if (stated && strcmp(given, stated) == 0)
        return 0;
    return err_set(err, ERR_REFUSED, "%s: this is %s, the plan was made for %s", what, given,
                   stated ? stated : "(none stated)");
}

static int check_world(const struct region *region, const struct plan *plan, struct alm_error *err)
{
    struct world_files files = {0};
    char hash[72];
    world_write(region, &files);
    world_hash(&files, hash);
    world_files_clear(&files);
    return check_label("world", hash, plan->world, err);
}

static int check_policy(const struct policy *policy, const struct plan *plan, struct alm_error *err)
{
    char *label = policy_label(policy);
    int result = check_label("policy", label, plan->policy, err);
    free(label);
    return result;
}

/* -- placements -- */

static int check_figure(const struct placement *placement, const char *what, int64_t found,
                        int64_t stated, struct alm_error *err)
{
    if (found == stated)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "applicant %s in pool %s: %s is %" PRId64 ", the plan says %" PRId64,
                   placement->applicant_id, placement->pool_id, what, found, stated);
}

static int check_placement(const struct verify_round *round, const struct verify_person *person,
                           struct alm_error *err)
{
    const struct placement *placement = person->placement;
    const struct verify_pool *pool = &round->pools[person->to];
    int64_t metres, rank = applicant_rank(person->applicant, pool->home->record.id,
                                          round->rules.policy->unlisted_rank);
    enum reason reason = verify_round_pair(round, person, pool, &metres);
    if (reason != REASON_ELIGIBLE) {
        char sentence[256];
        eligibility_sentence(&round->rules, reason, person->applicant, pool->pool, sentence,
                             sizeof sentence);
        return err_set(err, ERR_REFUSED, "applicant %s may not be in pool %s (%s): %s",
                       placement->applicant_id, placement->pool_id,
                       words_name(&words_reason, reason), sentence);
    }
    if (check_figure(placement, "the distance in metres", metres, placement->metres, err) != 0 ||
        check_figure(placement, "the sum of points", person->points, placement->points, err) != 0)
        return -1;
    return check_figure(placement, "the rank", rank, placement->rank, err);
}

static int check_placements(const struct verify_round *round, struct alm_error *err)
{
    for (size_t i = 0; i < round->n_people; i++)
        if (round->people[i].placement && check_placement(round, &round->people[i], err) != 0)
            return -1;
    return 0;
}

/* -- the unplaced -- */

static int check_reason(const void *context, const struct verify_person *person,
                        struct verify_look *look, struct alm_error *err)
{
    (void)context;
    if (!person->unplaced)
        return 0;
    enum reason reason = verify_look_reason(look, person);
    if (reason == person->unplaced->reason)
        return 0;
    return err_set(err, ERR_REFUSED, "applicant %s is unplaced: the reason is %s, the plan says %s",
                   person->unplaced->applicant_id, words_name(&words_reason, reason),
                   words_name(&words_reason, (int)person->unplaced->reason));
}

static int check_labels(const struct region *region, const struct policy *policy,
                        const struct plan *plan, struct alm_error *err)
{
    return check_world(region, plan, err) != 0 ? -1 : check_policy(policy, plan, err);
}

static int check_all(const struct verify_round *round, struct alm_error *err)
{
    return check_placements(round, err) != 0 ||
                   verify_look_everybody(round, check_reason, NULL, err) != 0 ||
                   verify_rules_beds(round, err) != 0 || verify_rules_households(round, err) != 0 ||
                   verify_rules_staff(round, err) != 0 || verify_rules_rooms(round, err) != 0 ||
                   verify_values_check(round, err) != 0 || verify_margin_shape(round, err) != 0
               ? -1
               : 0;
}

int verify_plan(const struct region *region, const struct policy *policy, const struct plan *plan,
                const struct certificate *certificate, int *proved, struct alm_error *err)
{
    if (check_labels(region, policy, plan, err) != 0)
        return -1;
    struct verify_round *round = verify_round_new(region, policy, plan, err);
    int result = round ? check_all(round, err) : -1;
    *proved = 0;
    if (result == 0 && certificate && !certificate->shift)
        round->seen = verify_seen_new(round->n_people); /* for the optimum, and for its margins */
    if (result == 0 && certificate)
        result = verify_certificate_check(round, certificate, proved, err);
    if (result == 0 && *proved)
        result = verify_certificate_unique(round, certificate, err);
    if (result == 0)
        result = verify_network_check(round, err);
    verify_round_free(round);
    return result;
}

int verify_plan_certify(const struct region *region, const struct policy *policy,
                        const struct plan *plan, struct certificate *certificate,
                        struct alm_error *err)
{
    int proved;
    if (check_labels(region, policy, plan, err) != 0)
        return -1;
    struct verify_round *round = verify_round_new(region, policy, plan, err);
    int result = round ? check_all(round, err) : -1;
    if (result == 0)
        result = certificate->shift ? verify_bound_state(round, certificate, err)
                                    : verify_certificate_check(round, certificate, &proved, err);
    verify_round_free(round);
    return result;
}
