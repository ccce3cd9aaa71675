/* offers.c - offers and their answers over HTTP. The rules are in scheduler/usecases/offer.c; which
 * side declines follows from the role that asks. */
#include "api/applicants.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/write.h"
#include "models/lifecycle.h"
#include "scheduler/usecases/usecases.h"

#include <stdio.h>
#include <string.h>

static int fits(const struct call *call, const struct record *record)
{
    const struct offer *offer = (const struct offer *)record;
    char round[24];
    snprintf(round, sizeof round, "%lld", (long long)offer->round);
    return auth_sees(&call->who, call_region(call), record) &&
           call_query_is(call, "state", words_name(&words_offer_state, (int)offer->state)) &&
           call_query_is(call, "live", lifecycle_offer_is_live(offer->state) ? "1" : "0") &&
           call_query_is(call, "institution", offer->institution_id) &&
           call_query_is(call, "applicant", offer->applicant_id) &&
           call_query_is(call, "round", round);
}

static int check_filters(const struct call *call, struct alm_error *err)
{
    int is_set;
    return call_query_flag(call, "live", &is_set, err) |
           call_check_word(call, "state", &words_offer_state, err);
}

void offers_list(struct call *call)
{
    page_send_records(call, RECORD_OFFER, check_filters, fits);
}

void offers_get(struct call *call)
{
    const struct offer *offer = region_offer(call_region(call), call->id);
    if (call->who.role == ROLE_INSTITUTION && lifecycle_offer_is_live(offer->state))
        store_person(call->context->store, offer->applicant_id, applicants_send_with_person, call);
    else
        call_record(call, 200, &offer->record);
}

static const struct read_json_member with_reason[] = {{.name = "reason",
                                                       .read = read_json_id,
                                                       .offset = offsetof(struct write, reason),
                                                       .is_required = 1}};

void offers_accept(struct call *call)
{
    write_step(call, offer_accept);
}

static int decide_decline(const struct write *write, const struct region *region, int64_t now,
                          struct change *change, struct alm_error *err)
{
    enum side side = write->call->who.role == ROLE_INSTITUTION ? SIDE_INSTITUTION : SIDE_PERSON;
    return offer_decline(region, write->id, side, write->reason, now, change, err);
}

void offers_decline(struct call *call)
{
    write_action(call, decide_decline, with_reason, 1);
}

static int decide_withdraw(const struct write *write, const struct region *region, int64_t now,
                           struct change *change, struct alm_error *err)
{
    return offer_withdraw(region, write->id, write->reason, now, change, err);
}

void offers_withdraw(struct call *call)
{
    write_action(call, decide_withdraw, with_reason, 1);
}

void offers_admit(struct call *call)
{
    write_step(call, offer_admit);
}
