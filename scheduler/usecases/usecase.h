/* usecase.h - what all use cases share: the region as the change so far has it, edits, and the fall
 * of an offer. Internal to this folder. */
#ifndef ALMONER_USECASE_H
#define ALMONER_USECASE_H

#include "models/change.h"
#include "models/lifecycle.h"
#include "models/policy.h"
#include "models/region.h"
#include "models/stamp.h"

/* One use case at work. Look-ups see the records that the change already holds. */
struct usecase {
    const struct region *region;
    struct change *change;
    int64_t now;
    struct alm_error *err;
};

/* The record as it stands in this use case; NULL with NOT_FOUND. */
const struct pool *usecase_pool(const struct usecase *uc, const char *id);
const struct applicant *usecase_applicant(const struct usecase *uc, const char *id);
const struct offer *usecase_offer(const struct usecase *uc, const char *id);

/* The same record, to be altered: the next version, in the change. The id must exist. */
struct pool *usecase_edit_pool(const struct usecase *uc, const char *id);
struct applicant *usecase_edit_applicant(const struct usecase *uc, const char *id);
struct offer *usecase_edit_offer(const struct usecase *uc, const char *id);

void usecase_event(const struct usecase *uc, enum event_type event, const char *subject);

/* Offers of the same round, in order of id, as they stand: for (o = first; o; o = next). */
const struct offer *usecase_round_first(const struct usecase *uc, int64_t round);
const struct offer *usecase_round_next(const struct usecase *uc, const struct offer *offer);

/* Steps of the life cycles; -1 with ILLEGAL_STATE. */
int usecase_step_offer(const struct usecase *uc, struct offer *offer, enum offer_event event);
int usecase_step_applicant(const struct usecase *uc, struct applicant *applicant,
                           enum applicant_event event);

/* How an offer ends. */
struct usecase_end {
    enum offer_event event; /* DECLINE, LAPSE or WITHDRAW */
    enum side side;
    const char *reason;
    int turns_pool_down; /* 1 = the pool is not offered to this person again while the policy says
                            so */
};

/* Ends a live offer: the bed is free again, the person waits again. What belonged to it falls too:
 * the other offers of its bundle, and offers of the bed that its mover would have freed. */
int usecase_end_offer(const struct usecase *uc, const char *offer_id,
                      const struct usecase_end *end);

/* The first rule by which a pool that was offered does not fit the person any more, since one of
 * the two was changed; ELIGIBLE when it does. What comes later in the list of rules (SUSPENDED and
 * after) was settled when the offer was made. */
enum reason usecase_misfit(const struct usecase *uc, const struct applicant *applicant,
                           const struct pool *pool);

/* One more (or fewer) bed of the pool is kept for that class; nothing for "". */
void usecase_keep_for_class(struct pool *pool, const char *class_code, int64_t beds);

#endif
