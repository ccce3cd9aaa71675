/* explain_envy.c - who has a bed that the person could have: would changing places make the plan
 * better, and is there reason for envy (envy.h); see explain_facts.h. One pass over the placements.
 */
#include "solver/explain_facts.h"

#include <string.h>

static int waits_together(const struct applicant *a)
{
    return a->state == APPLICANT_WAITING && a->together == TOGETHER_INSTITUTION &&
           a->household_id[0];
}

static int is_in_home(const struct explain_facts *facts, const struct institution *home)
{
    const struct pool *pool =
        facts->placement ? region_pool(facts->rules.region, facts->placement->pool_id) : NULL;
    return pool && strcmp(pool->institution_id, home->record.id) == 0;
}

static struct envy_place place_of(const struct explain_facts *facts,
                                  const struct explain_pool *pool)
{
    int is_limited = pool->home->care_minutes != RECORD_NO_LIMIT && !is_in_home(facts, pool->home);
    return (struct envy_place){
        pool->pool, is_limited ? explain_facts_minutes_left(facts, pool->home) : INT64_MAX};
}

/* Nobody is coupled to others by a household in a round that has exact prices. */
static int is_network(const struct plan *plan)
{
    return plan->n_prices > 0 && !plan->prices_are_bounds;
}

static void look_at(const struct explain_facts *facts, const struct placement *placement,
                    struct explain_pool *pool)
{
    const struct applicant *person = facts->person;
    const struct applicant *other = region_applicant(facts->rules.region, placement->applicant_id);
    int64_t theirs[OBJECTIVE_COUNT];
    if (!other || other == person || other->current_pool[0] || facts->own ||
        !envy_is_for_both(person, other, pool->pool))
        return;
    struct envy_person mine =
        envy_person(&facts->rules, person, facts->points, facts->companions > 0);
    struct envy_person owner = envy_person(&facts->rules, other, placement->points,
                                           !is_network(facts->plan) && waits_together(other));
    struct envy_place place = place_of(facts, pool);
    int is_blocked = envy_breaks_row(&mine, &owner, &place);
    explain_gains_find(facts, other, placement->points, placement->rank, placement->metres, theirs);
    if (!is_blocked && explain_gains_compare(facts, pool->gains, theirs) > 0)
        pool->is_swap = 1;
    if (pool->reason != REASON_OUTRANKED || !pool->is_better ||
        !envy_counts_more(facts->rules.policy, &mine, &owner))
        return;
    enum envy envy = is_blocked ? ENVY_ROW : facts->placement ? ENVY_PLACED : ENVY_UNPLACED;
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
