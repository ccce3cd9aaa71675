/* explain_facts.c - see explain_facts.h: what is asked of facts that are there
 * (explain_facts_new.c). */
#include "solver/explain_facts.h"

#include <stdlib.h>
#include <string.h>

static int by_pool_id(const void *id, const void *pool)
{
    return strcmp(id, ((const struct explain_pool *)pool)->pool->record.id);
}

struct explain_pool *explain_facts_pool(const struct explain_facts *facts, const char *id)
{
    return bsearch(id, facts->pools, facts->n_pools, sizeof *facts->pools, by_pool_id);
}

int64_t explain_facts_minutes_left(const struct explain_facts *facts,
                                   const struct institution *home)
{
    int64_t left = home->care_minutes;
    for (size_t p = 0; p < facts->n_pools; p++)
        if (facts->pools[p].home == home)
            left -= facts->pools[p].minutes;
    return left;
}

size_t explain_facts_envied(const struct explain_facts *facts, enum envy envy)
{
    size_t n = 0;
    for (size_t p = 0; p < facts->n_pools; p++)
        n += facts->pools[p].envy == envy;
    return n;
}

int explain_facts_is_unsure(const struct explain_facts *facts)
{
    for (size_t p = 0; p < facts->n_pools; p++)
        if (facts->pools[p].verdict == EXPLAIN_UNSURE)
            return 1;
    return 0;
}

static enum eligibility_beds beds_for(const struct explain_facts *facts,
                                      const struct explain_pool *pool)
{
    enum eligibility_beds beds =
        eligibility_beds_free(facts->rules.policy, pool->pool, facts->person->class_code);
    if (pool_slack(pool->pool) < 0)
        return ELIGIBILITY_BEDS_NONE;
    if (pool->stayers_mine)
        return ELIGIBILITY_BEDS_SOME;
    return beds == ELIGIBILITY_BEDS_NONE && pool->stayers_other ? ELIGIBILITY_BEDS_RESERVED : beds;
}

enum reason explain_facts_ask(const struct explain_facts *facts, const struct applicant *person,
                              const struct explain_pool *pool)
{
    enum reason reason = eligibility_pair_static(person, pool->pool, pool->home);
    if (reason != REASON_ELIGIBLE)
        return reason;
    return eligibility_pair_at(&facts->rules, person, pool->pool, pool->home, pool->metres,
                               beds_for(facts, pool));
}
