/* explain_facts_new.c - see explain_facts.h. Reads region and plan once; owns only the list of
 * pools. */
#include "solver/explain_facts.h"

#include "models/alloc.h"
#include "models/digest.h"

#include <stdlib.h>
#include <string.h>

/* < 0 when a stands before b in the published order of ties. */
static int compare_ties(const struct policy *policy, const struct applicant *a,
                        const struct applicant *b)
{
    unsigned char lottery[2][32];
    if (a->applied_at != b->applied_at)
        return a->applied_at < b->applied_at ? -1 : 1;
    digest_lottery(policy->lottery_seed, a->record.id, lottery[0]);
    digest_lottery(policy->lottery_seed, b->record.id, lottery[1]);
    int order = memcmp(lottery[0], lottery[1], sizeof lottery[0]);
    return order ? order : strcmp(a->record.id, b->record.id);
}

static int waits_together(const struct applicant *a)
{
    return a->state == APPLICANT_WAITING && a->together == TOGETHER_INSTITUTION &&
           a->household_id[0];
}

/* -- the plan -- */

static int is_later(const struct explain_facts *facts, const struct placement *a,
                    const struct placement *b)
{
    const struct applicant *one = region_applicant(facts->rules.region, a->applicant_id);
    const struct applicant *two = region_applicant(facts->rules.region, b->applicant_id);
    if (a->points != b->points)
        return a->points < b->points;
    return one && two ? compare_ties(facts->rules.policy, one, two) > 0 : one == NULL;
}

/* Nursing minutes go with the person: those who move inside a home take none of it away. */
static void read_minutes(const struct explain_facts *facts, const struct placement *placement,
                         struct explain_pool *to)
{
    const struct applicant *person = region_applicant(facts->rules.region, placement->applicant_id);
    int64_t minutes = person ? policy_care_minutes(facts->rules.policy, person) : 0;
    struct explain_pool *from =
        person && person->current_pool[0] ? explain_facts_pool(facts, person->current_pool) : NULL;
    to->minutes += minutes;
    if (from)
        from->minutes -= minutes;
}

static void read_placement(struct explain_facts *facts, const struct placement *placement)
{
    struct explain_pool *pool = explain_facts_pool(facts, placement->pool_id);
    if (strcmp(placement->applicant_id, facts->person->record.id) == 0)
        facts->placement = placement;
    if (!pool)
        return;
    pool->placed++;
    pool->ahead += placement->points >= facts->points;
    if (!pool->marginal || is_later(facts, placement, pool->marginal))
        pool->marginal = placement;
    read_minutes(facts, placement, pool);
}

static void read_plan(struct explain_facts *facts)
{
    const struct plan *plan = facts->plan;
    for (size_t i = 0; i < plan->n_placements; i++)
        read_placement(facts, &plan->placements[i]);
    for (size_t i = 0; i < plan->n_unplaced; i++)
        if (strcmp(plan->unplaced[i].applicant_id, facts->person->record.id) == 0)
            facts->unplaced = &plan->unplaced[i];
    for (size_t p = 0; p < plan->n_prices; p++) {
        struct explain_pool *pool = explain_facts_pool(facts, plan->prices[p].pool_id);
        if (pool)
            pool->price = &plan->prices[p];
    }
    for (size_t p = 0; p < plan->n_reserve_prices; p++) {
        struct explain_pool *pool = explain_facts_pool(facts, plan->reserve_prices[p].pool_id);
        if (pool && !pool->reserves)
            pool->reserves = &plan->reserve_prices[p];
        if (pool)
            pool->n_reserves++;
    }
}

/* -- the waiting list -- */

/* Residents who ask to move stand in a line of their own: they are housed. */
static int is_in_line(const struct explain_facts *facts, const struct applicant *other)
{
    return other->state == APPLICANT_WAITING &&
           !other->current_pool[0] == !facts->person->current_pool[0];
}

/* Who asks to move may leave a bed, with its label, to others. */
static void read_resident(struct explain_facts *facts, const struct applicant *other)
{
    struct explain_pool *pool = other->current_pool[0] && other->state == APPLICANT_WAITING
                                    ? explain_facts_pool(facts, other->current_pool)
                                    : NULL;
    int is_kept = 0;
    for (size_t k = 0; pool && k < pool->pool->n_reserved; k++)
        is_kept |= strcmp(pool->pool->reserved[k].class_code, other->current_reserve) == 0;
    if (!pool)
        return;
    if (is_kept && facts->rules.policy->reserve == RESERVE_HARD &&
        strcmp(other->current_reserve, facts->person->class_code) != 0)
        pool->stayers_other++;
    else
        pool->stayers_mine++;
}

static void read_line(struct explain_facts *facts)
{
    const struct region *region = facts->rules.region;
    size_t before = 0;
    for (const struct record *record = region_first(region, RECORD_APPLICANT); record;
         record = region_next(record)) {
        const struct applicant *other = (const struct applicant *)record;
        read_resident(facts, other);
        facts->companions += other != facts->person && waits_together(other) &&
                             waits_together(facts->person) &&
                             strcmp(other->household_id, facts->person->household_id) == 0;
        if (!is_in_line(facts, other))
            continue;
        facts->waiting++;
        int64_t points = policy_points(facts->rules.policy, other, facts->rules.now);
        before +=
            points > facts->points || (points == facts->points &&
                                       compare_ties(facts->rules.policy, other, facts->person) < 0);
    }
    facts->position = is_in_line(facts, facts->person) ? before + 1 : 0;
}

/* -- pools -- */

static int64_t rank_in(const struct explain_facts *facts, const struct institution *home)
{
    return applicant_rank(facts->person, home->record.id, facts->rules.policy->unlisted_rank);
}

/* Better than what the person has, by their own statement: rank, then metres. */
static int is_better(const struct explain_facts *facts, const struct explain_pool *pool)
{
    int64_t rank, metres;
    if (facts->placement) {
        rank = facts->placement->rank;
        metres = facts->placement->metres;
    } else if (facts->own) {
        const struct institution *home =
            region_institution(facts->rules.region, facts->own->institution_id);
        rank = rank_in(facts, home);
        metres = region_metres(facts->rules.region, facts->person, home);
    } else {
        return 1;
    }
    return pool->rank < rank || (pool->rank == rank && pool->metres < metres);
}

/* Beds that are kept for others are not left over. */
static int is_left(const struct explain_facts *facts, const struct explain_pool *pool)
{
    return pool->placed < (size_t)pool_offerable(pool->pool) &&
           (pool->pool->n_reserved == 0 || facts->rules.policy->reserve == RESERVE_SOFT);
}

static void fill_pool(struct explain_facts *facts, struct explain_pool *pool)
{
    pool->metres = region_metres(facts->rules.region, facts->person, pool->home);
    pool->rank = rank_in(facts, pool->home);
    explain_gains_find(facts, facts->person, facts->points, pool->rank, pool->metres, pool->gains);
    pool->is_better = is_better(facts, pool);
    pool->is_left = is_left(facts, pool);
    pool->is_here =
        facts->placement && strcmp(facts->placement->pool_id, pool->pool->record.id) == 0;
    if (pool->is_here || pool->pool == facts->own)
        return; /* ELIGIBLE */
    pool->reason = explain_facts_ask(facts, facts->person, pool);
    if (pool->reason == REASON_ELIGIBLE && (facts->placement || facts->unplaced))
        pool->reason = REASON_OUTRANKED;
}

/* -- the household -- */

static int is_companion(const struct explain_facts *facts, const struct applicant *other)
{
    return waits_together(other) && strcmp(other->household_id, facts->person->household_id) == 0;
}

/* May this member be in one of the home's pools, or live there? Beds that others may leave count,
 * whatever their label. */
static int has_pool_in(const struct explain_facts *facts, const struct applicant *member,
                       const struct institution *home)
{
    for (size_t p = 0; p < facts->n_pools; p++) {
        const struct explain_pool *pool = &facts->pools[p];
        if (pool->home == home && (strcmp(member->current_pool, pool->pool->record.id) == 0 ||
                                   eligibility_pair(&facts->rules, member, pool->pool,
                                                    pool->stayers_mine + pool->stayers_other > 0,
                                                    NULL) == REASON_ELIGIBLE))
            return 1;
    }
    return 0;
}

static int is_for_all(const struct explain_facts *facts, const struct institution *home)
{
    if (home->suspended || !has_pool_in(facts, facts->person, home))
        return 0;
    for (const struct record *record = region_first(facts->rules.region, RECORD_APPLICANT); record;
         record = region_next(record)) {
        const struct applicant *other = (const struct applicant *)record;
        if (is_companion(facts, other) && !has_pool_in(facts, other, home))
            return 0;
    }
    return 1;
}

static void count_homes(struct explain_facts *facts)
{
    const struct region *region = facts->rules.region;
    for (const struct record *record = region_first(region, RECORD_INSTITUTION); record;
         record = region_next(record))
        facts->homes_for_all += is_for_all(facts, (const struct institution *)record);
}

struct explain_facts *explain_facts_new(const struct region *region, const struct policy *policy,
                                        const struct plan *plan, const char *applicant_id,
                                        struct alm_error *err)
{
    const struct applicant *person = region_applicant(region, applicant_id);
    if (!person) {
        err_set(err, ERR_NOT_FOUND, "there is no applicant %s", applicant_id);
        return NULL;
    }
    struct explain_facts *facts = alloc_zero(1, sizeof *facts);
    facts->rules = (struct eligibility){region, policy, plan->now};
    facts->plan = plan;
    facts->person = person;
    facts->own = person->current_pool[0] ? region_pool(region, person->current_pool) : NULL;
    facts->points = policy_points(policy, person, plan->now);
    facts->pools = alloc_zero(region_count(region, RECORD_POOL), sizeof *facts->pools);
    for (const struct record *record = region_first(region, RECORD_POOL); record;
         record = region_next(record)) {
        struct explain_pool *pool = &facts->pools[facts->n_pools++];
        pool->pool = (const struct pool *)record;
        pool->home = region_institution(region, pool->pool->institution_id);
    }
    read_plan(facts);
    read_line(facts);
    for (size_t p = 0; p < facts->n_pools; p++)
        fill_pool(facts, &facts->pools[p]);
    if (facts->companions)
        count_homes(facts);
    explain_envy_find(facts);
    explain_change_find(facts);
    return facts;
}

void explain_facts_free(struct explain_facts *facts)
{
    if (!facts)
        return;
    free(facts->pools);
    free(facts);
}
