/* usecase.c - see usecase.h. */
#include "scheduler/usecases/usecase.h"

#include "models/alloc.h"
#include "solver/eligibility.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct record *usecase_record(const struct usecase *uc, enum record_type type,
                                           const char *id)
{
    const struct record *record = change_find(uc->change, type, id);
    if (!record)
        record = region_find(uc->region, type, id);
    if (!record)
        err_set(uc->err, ERR_NOT_FOUND, "there is no %s %s",
                words_name(&words_record_type, (int)type), id);
    return record;
}

const struct pool *usecase_pool(const struct usecase *uc, const char *id)
{
    return (const struct pool *)usecase_record(uc, RECORD_POOL, id);
}

const struct applicant *usecase_applicant(const struct usecase *uc, const char *id)
{
    return (const struct applicant *)usecase_record(uc, RECORD_APPLICANT, id);
}

const struct offer *usecase_offer(const struct usecase *uc, const char *id)
{
    return (const struct offer *)usecase_record(uc, RECORD_OFFER, id);
}

static struct record *usecase_edit(const struct usecase *uc, enum record_type type, const char *id)
{
    return change_edit(uc->change, usecase_record(uc, type, id));
}

struct pool *usecase_edit_pool(const struct usecase *uc, const char *id)
{
    return (struct pool *)usecase_edit(uc, RECORD_POOL, id);
}

struct applicant *usecase_edit_applicant(const struct usecase *uc, const char *id)
{
    return (struct applicant *)usecase_edit(uc, RECORD_APPLICANT, id);
}

struct offer *usecase_edit_offer(const struct usecase *uc, const char *id)
{
    return (struct offer *)usecase_edit(uc, RECORD_OFFER, id);
}

void usecase_event(const struct usecase *uc, enum event_type event, const char *subject)
{
    uc->change->event = event;
    uc->change->at = uc->now;
    snprintf(uc->change->subject, sizeof uc->change->subject, "%s", subject);
}

/* Offer ids begin with their round ("R12-0001"), and the region is ordered by id. */
static const struct offer *old_round_at(const struct usecase *uc, const char *after, int64_t round)
{
    const struct offer *offer = (const struct offer *)region_after(uc->region, RECORD_OFFER, after);
    return offer && offer->round == round ? offer : NULL;
}

static const struct offer *old_round_first(const struct usecase *uc, int64_t round)
{
    char prefix[32];
    snprintf(prefix, sizeof prefix, "R%" PRId64 "-", round);
    return old_round_at(uc, prefix, round);
}

const struct offer *usecase_round_first(const struct usecase *uc, int64_t round)
{
    const struct offer *old = old_round_first(uc, round);
    return old ? usecase_offer(uc, old->record.id) : NULL;
}

const struct offer *usecase_round_next(const struct usecase *uc, const struct offer *offer)
{
    const struct offer *old = old_round_at(uc, offer->record.id, offer->round);
    return old ? usecase_offer(uc, old->record.id) : NULL;
}

int usecase_step_offer(const struct usecase *uc, struct offer *offer, enum offer_event event)
{
    int next = lifecycle_offer(offer->state, event, offer->record.id, uc->err);
    if (next < 0)
        return -1;
    offer->state = (enum offer_state)next;
    return 0;
}

int usecase_step_applicant(const struct usecase *uc, struct applicant *applicant,
                           enum applicant_event event)
{
    int next = lifecycle_applicant(applicant->state, event, applicant->record.id, uc->err);
    if (next < 0)
        return -1;
    applicant->state = (enum applicant_state)next;
    if (applicant->state == APPLICANT_CLOSED)
        applicant->closed_at = uc->now;
    return 0;
}

enum reason usecase_misfit(const struct usecase *uc, const struct applicant *applicant,
                           const struct pool *pool)
{
    const struct eligibility rules = {uc->region, region_policy(uc->region), uc->now};
    enum reason reason =
        rules.policy ? eligibility_pair(&rules, applicant, pool, 1, NULL) : REASON_ELIGIBLE;
    return reason < REASON_SUSPENDED ? reason : REASON_ELIGIBLE;
}

void usecase_keep_for_class(struct pool *pool, const char *class_code, int64_t beds)
{
    if (!*class_code)
        return;
    for (size_t i = 0; i < pool->n_reserved; i++) {
        struct reserve *reserve = &pool->reserved[i];
        if (strcmp(reserve->class_code, class_code) != 0)
            continue;
        reserve->beds += beds;
        if (reserve->beds < 0)
            reserve->beds = 0;
        return;
    }
    if (beds <= 0)
        return;
    pool->reserved = alloc_resize(pool->reserved, pool->n_reserved + 1, sizeof *pool->reserved);
    pool->reserved[pool->n_reserved++] =
        (struct reserve){.class_code = alloc_string(class_code), .beds = beds};
}

static void turn_down(struct applicant *applicant, const char *pool_id, int64_t now)
{
    size_t n = applicant->n_declined;
    applicant->declined = alloc_resize(applicant->declined, n + 1, sizeof *applicant->declined);
    struct declined *declined = &applicant->declined[n];
    *declined = (struct declined){.at = now};
    snprintf(declined->pool_id, sizeof declined->pool_id, "%s", pool_id);
    applicant->n_declined = n + 1;
}

/* A conditional bed came from its mover: its reserve label went with it only once the mover left.
 */
static int offer_holds_reserve(const struct usecase *uc, const struct offer *offer)
{
    if (!*offer->reserve)
        return 0;
    if (!*offer->after)
        return 1;
    const struct offer *mover = usecase_offer(uc, offer->after);
    return mover && mover->state == OFFER_ADMITTED;
}

/* The offer as ended, or NULL with ILLEGAL_STATE. */
static const struct offer *end_one(const struct usecase *uc, const struct offer *old,
                                   const struct usecase_end *end)
{
    int was_accepted = old->state == OFFER_ACCEPTED;
    struct offer *offer = usecase_edit_offer(uc, old->record.id);
    struct pool *pool = usecase_edit_pool(uc, offer->pool_id);
    struct applicant *applicant = usecase_edit_applicant(uc, offer->applicant_id);
    if (usecase_step_offer(uc, offer, end->event) < 0 ||
        usecase_step_applicant(uc, applicant, APPLICANT_EVENT_RELEASE) < 0)
        return NULL;
    offer->closed_at = uc->now;
    offer->side = end->side;
    free(offer->reason);
    offer->reason = alloc_string(end->reason);
    pool->beds_committed--;
    pool->beds_accepted -= was_accepted;
    if (offer_holds_reserve(uc, offer))
        usecase_keep_for_class(pool, offer->reserve, 1);
    applicant->offer_id[0] = '\0';
    if (end->turns_pool_down)
        turn_down(applicant, offer->pool_id, uc->now);
    return offer;
}

/* Why an offer falls together with `fallen`, as long as it is live; NULL = it stands. */
static const char *falls_with(const struct offer *offer, const struct offer *fallen)
{
    if (*fallen->bundle && strcmp(offer->bundle, fallen->bundle) == 0)
        return "together";
    if (strcmp(offer->after, fallen->record.id) == 0)
        return "mover_stayed";
    return NULL;
}

int usecase_end_offer(const struct usecase *uc, const char *offer_id, const struct usecase_end *end)
{
    const struct offer *old = usecase_offer(uc, offer_id);
    const struct offer *fallen = old ? end_one(uc, old, end) : NULL;
    if (!fallen)
        return -1;
    /* what hangs on what never changes: only the few that fall are looked up as they stand now,
     * where a home with a thousand offers closes */
    const struct offer *offer = old_round_first(uc, fallen->round);
    for (; offer; offer = old_round_at(uc, offer->record.id, offer->round)) {
        const char *why = falls_with(offer, fallen);
        const struct usecase_end too = {OFFER_EVENT_WITHDRAW, SIDE_SYSTEM, why, 0};
        if (why && lifecycle_offer_is_live(usecase_offer(uc, offer->record.id)->state) &&
            usecase_end_offer(uc, offer->record.id, &too) < 0)
            return -1;
    }
    return 0;
}
