/* verify_round.c - see verify_round.h: what is asked of a round that has been read
 * (verify_round_new.c). */
#include "solver/verify_round.h"

#include <stdlib.h>
#include <string.h>

static int by_person_id(const void *id, const void *person)
{
    return strcmp(id, ((const struct verify_person *)person)->applicant->record.id);
}

static int by_pool_id(const void *id, const void *pool)
{
    return strcmp(id, ((const struct verify_pool *)pool)->pool->record.id);
}

size_t verify_round_person(const struct verify_round *round, const char *id)
{
    const struct verify_person *person =
        bsearch(id, round->people, round->n_people, sizeof *round->people, by_person_id);
    return person ? (size_t)(person - round->people) : VERIFY_NOWHERE;
}

size_t verify_round_pool(const struct verify_round *round, const char *id)
{
    const struct verify_pool *pool =
        bsearch(id, round->pools, round->n_pools, sizeof *round->pools, by_pool_id);
    return pool ? (size_t)(pool - round->pools) : VERIFY_NOWHERE;
}

/* The part for a class, the open one when there is none; of two reserves of one class, the first.
 */
size_t verify_round_part(const struct pool *pool, const char *class_code)
{
    size_t k = 0;
    while (k < pool->n_reserved && strcmp(pool->reserved[k].class_code, class_code) != 0)
        k++;
    return k;
}

size_t verify_round_own_part(const struct verify_round *round, const struct verify_person *resident)
{
    return verify_round_part(round->pools[resident->own].pool,
                             resident->applicant->current_reserve);
}

/* -- pairs -- */

int verify_round_may_use(const struct verify_round *round, const struct verify_person *person,
                         const struct verify_pool *pool, size_t part)
{
    return part == pool->pool->n_reserved || round->rules.policy->reserve == RESERVE_SOFT ||
           strcmp(pool->parts[part].reserve, person->applicant->class_code) == 0;
}

static enum eligibility_beds beds_for(const struct verify_round *round,
                                      const struct verify_person *person,
                                      const struct verify_pool *pool)
{
    int are_some = 0;
    if (pool_slack(pool->pool) < 0)
        return ELIGIBILITY_BEDS_NONE;
    for (size_t k = 0; k <= pool->pool->n_reserved; k++) {
        if (pool->parts[k].kept + pool->parts[k].stayers == 0)
            continue;
        if (verify_round_may_use(round, person, pool, k))
            return ELIGIBILITY_BEDS_SOME;
        are_some = 1;
    }
    return are_some ? ELIGIBILITY_BEDS_RESERVED : ELIGIBILITY_BEDS_NONE;
}

enum reason verify_round_pair_at(const struct verify_round *round,
                                 const struct verify_person *person, const struct verify_pool *pool,
                                 int64_t metres)
{
    return eligibility_pair_at(&round->rules, person->applicant, pool->pool, pool->home, metres,
                               beds_for(round, person, pool));
}

enum reason verify_round_pair(const struct verify_round *round, const struct verify_person *person,
                              const struct verify_pool *pool, int64_t *metres)
{
    *metres = region_metres(round->rules.region, person->applicant, pool->home);
    enum reason reason = eligibility_pair_static(person->applicant, pool->pool, pool->home);
    if (reason != REASON_ELIGIBLE)
        return reason;
    return verify_round_pair_at(round, person, pool, *metres);
}
