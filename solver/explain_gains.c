/* explain_gains.c - what people bring to a plan, as the objectives count it; see explain_facts.h.
 */
#include "solver/explain_facts.h"

#include "models/stamp.h"
#include "solver/verify_values.h"

void explain_gains_find(const struct explain_facts *facts, const struct applicant *person,
                        int64_t points, int64_t rank, int64_t metres,
                        int64_t gains[OBJECTIVE_COUNT])
{
    const struct region *region = facts->rules.region;
    const struct policy *policy = facts->rules.policy;
    const struct pool *own =
        person->current_pool[0] ? region_pool(region, person->current_pool) : NULL;
    struct verify_person shape = {.applicant = person, .own = VERIFY_NOWHERE, .points = points};
    shape.days = stamp_days(person->applied_at, facts->rules.now);
    shape.is_guaranteed =
        person->class_code[0] && list_has(&policy->guarantee_classes, person->class_code);
    if (own) {
        shape.own = 0;
        shape.own_rank = applicant_rank(person, own->institution_id, policy->unlisted_rank);
        shape.own_metres =
            region_metres(region, person, region_institution(region, own->institution_id));
    }
    for (size_t k = 0; k < policy->n_objectives; k++)
        gains[k] = verify_values_gain(&shape, policy->objectives[k], rank, metres);
}

int explain_gains_compare(const struct explain_facts *facts, const int64_t *a, const int64_t *b)
{
    for (size_t k = 0; k < facts->rules.policy->n_objectives; k++)
        if (a[k] != b[k])
            return a[k] > b[k] ? 1 : -1;
    return 0;
}
