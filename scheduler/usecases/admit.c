/* admit.c - the day of moving in: a bed becomes occupied, and a mover's old bed free, in one
 * change. The only way in which beds become occupied by our people. See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "models/alloc.h"
#include "scheduler/usecases/usecase.h"

#include <stdlib.h>
#include <string.h>

enum { CYCLE_MAX = 64 };

/* The offers that move on the same day as `first`: itself, or the whole cycle of movers that it is
 * part of (each waits for the bed of the next). Returns how many; -1 when it has to wait for a
 * mover. */
static int moves_together(const struct usecase *uc, const struct offer *first,
                          const struct offer *moves[CYCLE_MAX])
{
    int n = 0;
    const struct offer *offer = first;
    while (n < CYCLE_MAX) {
        moves[n++] = offer;
        const struct offer *mover = *offer->after ? usecase_offer(uc, offer->after) : NULL;
        if (!mover || mover->state == OFFER_ADMITTED)
            return n == 1 ? 1 : -1;
        if (mover == first)
            return n;
        offer = mover;
    }
    return -1;
}

/* A household moves in once all its members have said yes. */
static int check_bundle(const struct usecase *uc, const struct offer *offer)
{
    if (!*offer->bundle)
        return 0;
    const struct offer *other = usecase_round_first(uc, offer->round);
    for (; other; other = usecase_round_next(uc, other)) {
        if (strcmp(other->bundle, offer->bundle) != 0)
            continue;
        if (other->state != OFFER_ACCEPTED && other->state != OFFER_ADMITTED)
            return err_set(uc->err, ERR_ILLEGAL_STATE,
                           "offer %s belongs with %s, which is %s: all of them move in, or none",
                           offer->record.id, other->record.id,
                           words_name(&words_offer_state, (int)other->state));
    }
    return 0;
}

/* Is somebody still to come who was promised the very bed that this mover leaves? */
static const struct offer *heir_of(const struct usecase *uc, const struct offer *mover)
{
    const struct offer *offer = usecase_round_first(uc, mover->round);
    for (; offer; offer = usecase_round_next(uc, offer))
        if (strcmp(offer->after, mover->record.id) == 0 &&
            (lifecycle_offer_is_live(offer->state) || offer->state == OFFER_ADMITTED))
            return offer;
    return NULL;
}

static void leave_old_bed(const struct usecase *uc, const struct offer *offer,
                          struct applicant *applicant)
{
    if (!*applicant->current_pool)
        return;
    struct pool *old = usecase_edit_pool(uc, applicant->current_pool);
    const struct offer *heir = heir_of(uc, offer);
    if (old->beds_occupied > 0)
        old->beds_occupied--;
    if (!heir || strcmp(heir->reserve, applicant->current_reserve) != 0)
        usecase_keep_for_class(old, applicant->current_reserve, 1);
}

static int move_in(const struct usecase *uc, const char *offer_id)
{
    struct offer *offer = usecase_edit_offer(uc, offer_id);
    struct applicant *applicant = usecase_edit_applicant(uc, offer->applicant_id);
    if (usecase_step_offer(uc, offer, OFFER_EVENT_ADMIT) < 0 ||
        usecase_step_applicant(uc, applicant, APPLICANT_EVENT_ADMIT) < 0)
        return -1;
    leave_old_bed(uc, offer, applicant);
    struct pool *pool = usecase_edit_pool(uc, offer->pool_id);
    pool->beds_committed--;
    pool->beds_accepted--;
    pool->beds_occupied++;
    memcpy(applicant->current_pool, offer->pool_id, sizeof applicant->current_pool);
    free(applicant->current_reserve);
    applicant->current_reserve = alloc_string(offer->reserve);
    applicant->offer_id[0] = '\0';
    applicant->on_leave = 0;
    offer->closed_at = uc->now;
    return 0;
}

static int check_bed_free(const struct usecase *uc, const char *pool_id)
{
    const struct pool *pool = usecase_pool(uc, pool_id);
    if (pool->beds_occupied <= pool_in_service(pool))
        return 0;
    return err_set(uc->err, ERR_NO_BED, "pool %s has no free bed: %lld in service, all occupied",
                   pool_id, (long long)pool_in_service(pool));
}

int offer_admit(const struct region *region, const char *offer_id, int64_t now,
                struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct offer *offer = usecase_offer(&uc, offer_id), *moves[CYCLE_MAX];
    if (!offer || !usecase_pool(&uc, offer->pool_id))
        return -1;
    int n = moves_together(&uc, offer, moves);
    if (n < 0)
        return err_set(err, ERR_ILLEGAL_STATE,
                       "the bed of offer %s is free only when offer %s has moved out", offer_id,
                       offer->after);
    for (int i = 0; i < n; i++)
        if (check_bundle(&uc, moves[i]) < 0)
            return -1;
    for (int i = 0; i < n; i++)
        if (move_in(&uc, moves[i]->record.id) < 0)
            return -1;
    for (int i = 0; i < n; i++)
        if (check_bed_free(&uc, moves[i]->pool_id) < 0)
            return -1;
    usecase_event(&uc, EVENT_OFFER_ADMITTED, offer_id);
    return 0;
}
