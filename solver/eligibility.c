/* eligibility.c - see eligibility.h. Pure: a function of const records, in the order of the
 * contract. */
#include "solver/eligibility.h"

#include "models/assessment.h"

#include <string.h>

static int has_needs(const struct applicant *applicant, const struct pool *pool,
                     const struct institution *home)
{
    for (size_t i = 0; i < applicant->needs.n; i++)
        if (!list_has(&home->capabilities, applicant->needs.items[i]) &&
            !list_has(&pool->capabilities, applicant->needs.items[i]))
            return 0;
    return 1;
}

/* An empty village or district lives nowhere, even if a list held an empty entry. */
static int is_served(const struct applicant *applicant, const struct pool *pool)
{
    if (pool->serves.n == 0)
        return 1;
    return (applicant->village[0] && list_has(&pool->serves, applicant->village)) ||
           (applicant->district[0] && list_has(&pool->serves, applicant->district));
}

enum reason eligibility_pair_static(const struct applicant *applicant, const struct pool *pool,
                                    const struct institution *home)
{
    if (!(applicant->kinds & 1u << pool->kind))
        return REASON_KIND;
    if (applicant->level < pool->min_level || applicant->level > pool->max_level)
        return REASON_LEVEL;
    if (pool->sex != SEX_RULE_ANY &&
        applicant->sex != (pool->sex == SEX_RULE_FEMALE ? SEX_FEMALE : SEX_MALE))
        return REASON_SEX;
    if (!has_needs(applicant, pool, home))
        return REASON_NEEDS;
    if (!is_served(applicant, pool))
        return REASON_SERVES;
    return REASON_ELIGIBLE;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t eligibility_longest_way(const struct eligibility *eligibility,
                                const struct applicant *applicant)
{
    return least(applicant->max_distance_m, eligibility->policy->max_distance_m);
}

/* A resident with a list of preferences asks for the homes on it; without one, for any home. */
static int resident_asks(const struct eligibility *eligibility, const struct applicant *resident,
                         const struct pool *pool)
{
    const struct pool *own = region_pool(eligibility->region, resident->current_pool);
    int64_t unlisted = eligibility->policy->unlisted_rank;
    if (strcmp(resident->current_pool, pool->record.id) == 0)
        return 0;
    if (resident->preferences.n && !list_has(&resident->preferences, pool->institution_id))
        return 0;
    return !own || applicant_rank(resident, pool->institution_id, unlisted) <=
                       applicant_rank(resident, own->institution_id, unlisted);
}

enum reason eligibility_pair_at(const struct eligibility *eligibility,
                                const struct applicant *applicant, const struct pool *pool,
                                const struct institution *home, int64_t metres,
                                enum eligibility_beds beds)
{
    const struct policy *policy = eligibility->policy;
    if (metres > eligibility_longest_way(eligibility, applicant))
        return REASON_DISTANCE;
    if (pool->monthly_fee > applicant->max_fee)
        return REASON_FEE;
    if (home->star < applicant->min_star)
        return REASON_STAR;
    if (home->suspended)
        return REASON_SUSPENDED;
    if (policy->require_valid_assessment && !assessment_is_valid(applicant, eligibility->now))
        return REASON_ASSESSMENT;
    if (beds == ELIGIBILITY_BEDS_RESERVED)
        return REASON_RESERVED;
    if (applicant->n_declined &&
        applicant_has_declined(applicant, pool->record.id, policy->declined_days, eligibility->now))
        return REASON_DECLINED;
    if (beds == ELIGIBILITY_BEDS_NONE)
        return REASON_NO_BED;
    if (applicant->current_pool[0] && !resident_asks(eligibility, applicant, pool))
        return REASON_NOT_ASKED;
    return REASON_ELIGIBLE;
}

int64_t eligibility_kept(const struct pool *pool, size_t k)
{
    int64_t left = pool_offerable(pool);
    for (size_t i = 0; i < k; i++)
        left -= least(left, pool->reserved[i].beds);
    return k < pool->n_reserved ? least(left, pool->reserved[k].beds) : left;
}

enum eligibility_beds eligibility_beds_free(const struct policy *policy, const struct pool *pool,
                                            const char *class_code)
{
    if (pool_offerable(pool) == 0)
        return ELIGIBILITY_BEDS_NONE;
    if (policy->reserve == RESERVE_SOFT || eligibility_kept(pool, pool->n_reserved) > 0)
        return ELIGIBILITY_BEDS_SOME;
    for (size_t k = 0; k < pool->n_reserved; k++)
        if (strcmp(pool->reserved[k].class_code, class_code) == 0 && eligibility_kept(pool, k) > 0)
            return ELIGIBILITY_BEDS_SOME;
    return ELIGIBILITY_BEDS_RESERVED;
}

enum reason eligibility_pair(const struct eligibility *eligibility,
                             const struct applicant *applicant, const struct pool *pool,
                             int could_move_out, int64_t *metres)
{
    const struct institution *home = region_institution(eligibility->region, pool->institution_id);
    enum reason reason = eligibility_pair_static(applicant, pool, home);
    int64_t way = metres || reason == REASON_ELIGIBLE
                      ? region_metres(eligibility->region, applicant, home)
                      : 0;
    if (metres)
        *metres = way;
    if (reason != REASON_ELIGIBLE)
        return reason;
    enum eligibility_beds beds =
        could_move_out && pool_slack(pool) >= 0
            ? ELIGIBILITY_BEDS_SOME
            : eligibility_beds_free(eligibility->policy, pool, applicant->class_code);
    return eligibility_pair_at(eligibility, applicant, pool, home, way, beds);
}
