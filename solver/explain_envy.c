/* explain_envy.c - who has a bed that the person could have and would better have, by what each
 * brings; see explain_facts.h. One pass over the placements. */
#include "solver/explain_facts.h"

#include <string.h>

static int waits_together(const struct applicant *a)
{
    return a->state == APPLICANT_WAITING && a->together == TOGETHER_INSTITUTION &&
           a->household_id[0];
}

static int is_reserved_class(const struct pool *pool, const char *class_code)
{
    int found = 0;
    for (size_t k = 0; k < pool->n_reserved; k++)
        found |= strcmp(pool->reserved[k].class_code, class_code) == 0;
    return found;
}

/* Could the person have the bed of the other, whichever beds of the pool it is one of? */
static int is_for_both(const struct applicant *person, const struct applicant *other,
                       const struct pool *pool)
{
    return strcmp(other->class_code, person->class_code) == 0 ||
           (!is_reserved_class(pool, other->class_code) &&
            !is_reserved_class(pool, person->class_code));
}

static int is_in_home(const struct explain_facts *facts, const struct institution *home)
{
    const struct pool *pool =
        facts->placement ? region_pool(facts->rules.region, facts->placement->pool_id) : facts->own;
    return pool && strcmp(pool->institution_id, home->record.id) == 0;
}

/* Would a row break, were the person here and the other not? Nobody is coupled to others by a
 * household in a round that has prices. */
static int breaks_row(const struct explain_facts *facts, const struct explain_pool *pool,
                      const struct applicant *other)
{
    const struct policy *policy = facts->rules.policy;
    if (facts->companions || (!pool->price && waits_together(other)) ||
        (pool->pool->n_rooms && other->sex != facts->person->sex))
        return 1;
    return pool->home->care_minutes != RECORD_NO_LIMIT && !is_in_home(facts, pool->home) &&
           policy_care_minutes(policy, facts->person) >
               policy_care_minutes(policy, other) + explain_facts_minutes_left(facts, pool->home);
}

/* The objectives before the first that looks at more than who is placed. */
static size_t count_first(const struct policy *policy)
{
    size_t k = 0;
    for (; k < policy->n_objectives; k++)
        if (policy->objectives[k] != OBJECTIVE_GUARANTEE &&
            policy->objectives[k] != OBJECTIVE_NEED &&
            policy->objectives[k] != OBJECTIVE_PLACEMENTS &&
            policy->objectives[k] != OBJECTIVE_SENIORITY)
            break;
    return k;
}

static int counts_more(const struct explain_facts *facts, const int64_t *mine,
                       const int64_t *theirs)
{
    size_t n = count_first(facts->rules.policy);
    for (size_t k = 0; k < n; k++)
        if (mine[k] != theirs[k])
            return mine[k] > theirs[k];
    return 0;
}

static void look_at(const struct explain_facts *facts, const struct placement *placement,
                    struct explain_pool *pool)
{
    const struct applicant *other = region_applicant(facts->rules.region, placement->applicant_id);
    int64_t theirs[OBJECTIVE_COUNT];
    if (!other || other == facts->person || other->current_pool[0] || facts->own ||
        !is_for_both(facts->person, other, pool->pool))
        return;
    explain_gains_find(facts, other, placement->points, placement->rank, placement->metres, theirs);
    int is_blocked = breaks_row(facts, pool, other);
    if (!is_blocked && explain_gains_compare(facts, pool->gains, theirs) > 0)
        pool->is_swap = 1;
    if (pool->reason != REASON_OUTRANKED || !pool->is_better ||
        facts->points <= placement->points || !counts_more(facts, pool->gains, theirs))
        return;
    enum explain_envy envy = is_blocked         ? EXPLAIN_ENVY_ROW
                             : facts->placement ? EXPLAIN_ENVY_PLACED
                                                : EXPLAIN_ENVY_UNPLACED;
    pool->envy = envy > pool->envy ? envy : pool->envy;
}

void explain_envy_find(struct explain_facts *facts)
{
    for (size_t i = 0; i < facts->plan->n_placements; i++) {
        const struct placement *placement = &facts->plan->placements[i];
        struct explain_pool *pool = explain_facts_pool(facts, placement->pool_id);
        if (pool)
            look_at(facts, placement, pool);
    }
}
