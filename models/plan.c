/* plan.c - plans and certificates as objects; see plan.h. JSON is in plan_json.c and
 * certificate_json.c. */
#include "models/plan.h"

#include "models/alloc.h"

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

struct certificate_person *certificate_people_block(const struct certificate_people *of)
{
    return alloc_resize(NULL, of->n + 1,
                        sizeof(struct certificate_person) + of->n_objectives * sizeof(int64_t) +
                            of->id_room);
}

void certificate_people_place(struct certificate_person *people,
                              const struct certificate_people *of, size_t i)
{
    int64_t *price = (int64_t *)(void *)(people + of->n);
    char *id = (char *)(price + of->n * of->n_objectives);
    people[i] = (struct certificate_person){id + i * of->id_room, price + i * of->n_objectives};
    people[i].applicant_id[0] = '\0';
    for (size_t k = 0; k < of->n_objectives; k++)
        people[i].price[k] = 0;
}

struct certificate_person *certificate_people_new(const struct certificate_people *of)
{
    struct certificate_person *people = certificate_people_block(of);
    for (size_t i = 0; i < of->n; i++)
        certificate_people_place(people, of, i);
    return people;
}
