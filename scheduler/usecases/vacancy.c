/* vacancy.c - institutions publish what they have: themselves, pools, the thirty-second posting;
 * and the region's policy and travel times. See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "scheduler/usecases/usecase.h"

#include <stdlib.h>
#include <string.h>

/* The record of that id becomes `wanted`: a new one, or the next version of the one held. */
static struct record *put_record(const struct usecase *uc, const struct record *wanted,
                                 enum event_type event)
{
    const struct record *held = region_find(uc->region, wanted->type, wanted->id);
    usecase_event(uc, event, wanted->id);
    return held ? change_replace(uc->change, held, wanted) : change_add(uc->change, wanted);
}

/* Does the change of a home (`pool` NULL) or of a pool stand against that offer? */
static int is_hit(const struct usecase *uc, const struct offer *offer, const char *institution_id,
                  const struct pool *pool)
{
    if (!lifecycle_offer_is_live(offer->state) || offer->state == OFFER_ACCEPTED)
        return 0;
    if (!pool)
        return strcmp(offer->institution_id, institution_id) == 0;
    return strcmp(offer->pool_id, pool->record.id) == 0 &&
           usecase_misfit(uc, usecase_applicant(uc, offer->applicant_id), pool) != REASON_ELIGIBLE;
}

/* Whoever cannot say yes any more must not be counted as silent. */
static int withdraw_open_offers(const struct usecase *uc, const char *institution_id,
                                const struct pool *pool)
{
    const struct usecase_end end = {OFFER_EVENT_WITHDRAW, SIDE_INSTITUTION,
                                    pool ? "pool_changed" : "institution_suspended", 0};
    const struct record *record = region_first(uc->region, RECORD_OFFER);
    for (; record; record = region_next(record))
        if (is_hit(uc, usecase_offer(uc, record->id), institution_id, pool) &&
            usecase_end_offer(uc, record->id, &end) < 0)
            return -1;
    return 0;
}

/* An offer that is being made meanwhile writes its pool, not its home: with a new version of every
 * pool one of the two comes second and looks again. */
static void stop_offers_under_way(const struct usecase *uc, const char *institution_id)
{
    const struct record *record = region_first(uc->region, RECORD_POOL);
    for (; record; record = region_next(record))
        if (strcmp(((const struct pool *)record)->institution_id, institution_id) == 0)
            usecase_edit_pool(uc, record->id);
}

int vacancy_put_institution(const struct region *region, const struct institution *institution,
                            int64_t now, struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    put_record(&uc, &institution->record, EVENT_INSTITUTION_PUT);
    if (!institution->suspended)
        return 0;
    stop_offers_under_way(&uc, institution->record.id);
    return withdraw_open_offers(&uc, institution->record.id, NULL);
}

int vacancy_put_pool(const struct region *region, const struct pool *pool, int64_t now,
                     struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct pool *held = region_pool(region, pool->record.id);
    if (!region_institution(region, pool->institution_id))
        return err_issue(err, "/institution_id", "unknown", "there is no institution %s",
                         pool->institution_id);
    if (held && strcmp(held->institution_id, pool->institution_id) != 0)
        return err_issue(err, "/institution_id", "read_only",
                         "pool %s belongs to institution %s and stays there", held->record.id,
                         held->institution_id);
    struct pool *put = (struct pool *)put_record(&uc, &pool->record, EVENT_POOL_PUT);
    put->beds_committed = held ? held->beds_committed : 0;
    put->beds_accepted = held ? held->beds_accepted : 0;
    put->confirmed_at = now;
    return withdraw_open_offers(&uc, put->institution_id, put);
}

/* A count that was never stated apart from beds_usable goes on following it. */
static void post_usable(struct pool *pool, int64_t beds_usable)
{
    if (pool->beds_approved == pool->beds_usable)
        pool->beds_approved = beds_usable;
    if (pool->beds_staffed == pool->beds_usable)
        pool->beds_staffed = beds_usable;
    pool->beds_usable = beds_usable;
}

int vacancy_post(const struct region *region, const char *pool_id, int64_t beds_usable,
                 int64_t beds_occupied, int64_t beds_staffed, int64_t now, struct change *change,
                 struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    if (!usecase_pool(&uc, pool_id))
        return -1;
    struct pool *pool = usecase_edit_pool(&uc, pool_id);
    if (beds_usable >= 0)
        post_usable(pool, beds_usable);
    if (beds_staffed >= 0)
        pool->beds_staffed = beds_staffed;
    if (beds_occupied >= 0)
        pool->beds_occupied = beds_occupied;
    pool->confirmed_at = now;
    usecase_event(&uc, EVENT_VACANCY_POSTED, pool_id);
    return 0;
}

int vacancy_is_aged(const struct policy *policy, const struct pool *pool, int64_t now)
{
    int64_t days = policy->posting_days;
    return days > 0 &&
           (pool->confirmed_at == STAMP_NONE || pool->confirmed_at <= now - days * STAMP_DAY_S);
}

int vacancy_close_aged(const struct region *region, int64_t now, struct change *change,
                       struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct policy *policy = region_policy(region);
    const struct record *record = region_first(region, RECORD_POOL);
    for (; record; record = region_next(record)) {
        const struct pool *held = (const struct pool *)record;
        if (!vacancy_is_aged(policy, held, now) || pool_offerable(held) == 0)
            continue;
        struct pool *pool = usecase_edit_pool(&uc, record->id);
        pool->beds_staffed = pool->beds_occupied + pool->beds_committed;
        usecase_event(&uc, EVENT_POOL_PUT, record->id);
    }
    return 0;
}

int vacancy_put_policy(const struct region *region, const char *json, size_t len, int64_t now,
                       struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    struct policy *policy = policy_from_json(json, len, err);
    if (!policy)
        return -1;
    struct record *record = policy_record_take(policy_to_json(policy));
    put_record(&uc, record, EVENT_POLICY_SET);
    record_free(record);
    policy_free(policy);
    return 0;
}

int vacancy_put_travel(const struct region *region, const struct travel *travel, int64_t now,
                       struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    if (!region_institution(region, travel->institution_id))
        return err_issue(err, "/institution_id", "unknown", "there is no institution %s",
                         travel->institution_id);
    const struct travel *held = (const void *)region_find(region, RECORD_TRAVEL, travel->record.id);
    if (!held || held->metres != travel->metres)
        put_record(&uc, &travel->record, EVENT_TRAVEL_PUT);
    return 0;
}
