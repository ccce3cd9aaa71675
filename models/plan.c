/* plan.c - plans and certificates as objects; see plan.h. JSON is in plan_json.c and
 * certificate_json.c. */
#include "models/plan.h"

#include <stdlib.h>

void plan_init(struct plan *plan)
{
    *plan = (struct plan){0};
}

void plan_clear(struct plan *plan)
{
    list_clear(&plan->sentences);
    free(plan->reserve_prices);
    free(plan->prices);
    free(plan->unplaced);
    free(plan->placements);
    free(plan->engine);
    free(plan->policy);
    free(plan->world);
    plan_init(plan);
}

void certificate_init(struct certificate *certificate)
{
    *certificate = (struct certificate){0};
}

void certificate_clear(struct certificate *certificate)
{
    if (certificate->offers)
        certificate_clear(certificate->offers);
    free(certificate->offers);
    free(certificate->homes);
    free(certificate->members);
    free(certificate->kept);
    free(certificate->rooms);
    free(certificate->staff);
    free(certificate->households);
    free(certificate->people);
    free(certificate->pools);
    free(certificate->plan);
    free(certificate->policy);
    free(certificate->world);
    certificate_init(certificate);
}
