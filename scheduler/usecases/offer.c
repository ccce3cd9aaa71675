/* offer.c - the answers to an offer: accept, decline, withdraw, lapse. Moving in is in admit.c. See
 * usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "models/decline.h"
#include "scheduler/usecases/usecase.h"
#include "solver/eligibility.h"

#include <string.h>

/* Accepted offers of a pool whose bed is not one that a mover still holds. */
static int64_t accepted_free_beds(const struct usecase *uc, const char *pool_id)
{
    int64_t beds = 0;
    const struct record *record = region_first(uc->region, RECORD_OFFER);
    for (; record; record = region_next(record)) {
        const struct offer *offer = (const struct offer *)record;
        const struct offer *mover = *offer->after ? region_offer(uc->region, offer->after) : NULL;
        int is_promised = mover && mover->state != OFFER_ADMITTED;
        if (offer->state == OFFER_ACCEPTED && !is_promised && strcmp(offer->pool_id, pool_id) == 0)
            beds++;
    }
    return beds;
}

/* A home may have lowered its counts since the offer was sent: then the first to accept get the
 * beds. */
static int check_bed_left(const struct usecase *uc, const struct offer *offer,
                          const struct pool *pool)
{
    if (*offer->after) {
        const struct offer *mover = usecase_offer(uc, offer->after);
        if (mover && mover->state != OFFER_ADMITTED)
            return 0;
    }
    if (pool->beds_occupied + pool->beds_accepted < pool_in_service(pool))
        return 0; /* whoever's beds those are: no need to look at every offer */
    int64_t taken = pool->beds_occupied + accepted_free_beds(uc, pool->record.id);
    if (taken < pool_in_service(pool))
        return 0;
    return err_set(uc->err, ERR_NO_BED, "pool %s has no bed left: %lld in service, %lld taken",
                   pool->record.id, (long long)pool_in_service(pool), (long long)taken);
}

/* The application or the home may have been changed since the offer was made. */
static int check_still_fits(const struct usecase *uc, const struct applicant *applicant,
                            const struct pool *pool)
{
    const struct eligibility rules = {uc->region, region_policy(uc->region), uc->now};
    char sentence[256];
    enum reason reason = usecase_misfit(uc, applicant, pool);
    if (reason == REASON_ELIGIBLE)
        return 0;
    eligibility_sentence(&rules, reason, applicant, pool, sentence, sizeof sentence);
    return err_set(uc->err, ERR_REFUSED,
                   "application or place were changed since the offer: %s The home can withdraw "
                   "the offer; that is not held against the person.",
                   sentence);
}

int offer_accept(const struct region *region, const char *offer_id, int64_t now,
                 struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct policy *policy = region_policy(region);
    const struct offer *held = usecase_offer(&uc, offer_id);
    const struct pool *pool = held ? usecase_pool(&uc, held->pool_id) : NULL;
    if (!pool)
        return -1;
    if (held->state == OFFER_SENT && held->answer_due != STAMP_NONE && held->answer_due <= now)
        return err_set(err, ERR_ILLEGAL_STATE, "the time to answer offer %s is over", offer_id);
    struct offer *offer = usecase_edit_offer(&uc, offer_id);
    if (usecase_step_offer(&uc, offer, OFFER_EVENT_ACCEPT) < 0 ||
        check_bed_left(&uc, offer, pool) < 0)
        return -1;
    struct applicant *applicant = usecase_edit_applicant(&uc, offer->applicant_id);
    if (check_still_fits(&uc, applicant, pool) < 0 ||
        usecase_step_applicant(&uc, applicant, APPLICANT_EVENT_ACCEPT) < 0)
        return -1;
    usecase_edit_pool(&uc, offer->pool_id)->beds_accepted++;
    offer->answered_at = now;
    offer->admit_due = policy ? now + policy->admit_seconds : STAMP_NONE;
    usecase_event(&uc, EVENT_OFFER_ACCEPTED, offer_id);
    return 0;
}

/* Ends an offer and says so. */
static int offer_end(const struct usecase *uc, const char *offer_id, const struct usecase_end *end,
                     enum event_type said)
{
    if (usecase_end_offer(uc, offer_id, end) < 0)
        return -1;
    usecase_event(uc, said, offer_id);
    return 0;
}

/* The person rests, and the household with which the offer was one. */
static int park_all(const struct usecase *uc, const struct offer *declined)
{
    const struct offer *offer = usecase_round_first(uc, declined->round);
    for (; offer; offer = usecase_round_next(uc, offer)) {
        const struct applicant *person = usecase_applicant(uc, declined->applicant_id);
        const struct applicant *other = usecase_applicant(uc, offer->applicant_id);
        int is_same = other == person;
        int is_household = *declined->bundle && strcmp(offer->bundle, declined->bundle) == 0 &&
                           *person->household_id &&
                           strcmp(other->household_id, person->household_id) == 0;
        if (!is_same && !is_household)
            continue;
        struct applicant *parked = usecase_edit_applicant(uc, offer->applicant_id);
        if (usecase_step_applicant(uc, parked, APPLICANT_EVENT_PARK) < 0)
            return -1;
        parked->parked_until = STAMP_NONE;
    }
    return 0;
}

static int refuse_reason(const struct usecase *uc, enum side side, const char *reason)
{
    struct buffer words = {0};
    decline_words(side, &words);
    int status = err_issue(uc->err, "/reason", *reason ? "unknown" : "required",
                           "say why: one of %s", words.bytes);
    buffer_clear(&words);
    return status;
}

int offer_decline(const struct region *region, const char *offer_id, enum side side,
                  const char *reason, int64_t now, struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct decline_reason *why = decline_find(reason, side);
    if (!usecase_offer(&uc, offer_id))
        return -1;
    if (!why)
        return refuse_reason(&uc, side, reason);
    const struct usecase_end end = {OFFER_EVENT_DECLINE, side, reason,
                                    why->consequence == DECLINE_TURNS_DOWN};
    if (offer_end(&uc, offer_id, &end, EVENT_OFFER_DECLINED) < 0)
        return -1;
    struct offer *offer = usecase_edit_offer(&uc, offer_id);
    offer->answered_at = now;
    return why->consequence == DECLINE_PARKS ? park_all(&uc, offer) : 0;
}

int offer_withdraw(const struct region *region, const char *offer_id, const char *reason,
                   int64_t now, struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct usecase_end end = {OFFER_EVENT_WITHDRAW, SIDE_INSTITUTION, reason, 0};
    return offer_end(&uc, offer_id, &end, EVENT_OFFER_WITHDRAWN);
}

int offer_lapse(const struct region *region, const char *offer_id, int64_t now,
                struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct offer *offer = usecase_offer(&uc, offer_id);
    if (!offer)
        return -1;
    int is_sent = offer->state == OFFER_SENT;
    int64_t due = is_sent ? offer->answer_due : offer->admit_due;
    if (!lifecycle_offer_is_live(offer->state) || due == STAMP_NONE || due > now)
        return 0;
    const struct usecase_end end = {OFFER_EVENT_LAPSE, SIDE_PERSON,
                                    is_sent ? "no_answer" : "not_admitted", 1};
    return offer_end(&uc, offer_id, &end, EVENT_OFFER_LAPSED);
}
