/* resident.c - people who live in a home: they leave for good, go away for some days, come back.
 * See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "scheduler/usecases/usecase.h"

/* The resident of that id; NULL with NOT_FOUND or ILLEGAL_STATE. */
static const struct applicant *resident_find(const struct usecase *uc, const char *applicant_id)
{
    const struct applicant *resident = usecase_applicant(uc, applicant_id);
    if (resident && !*resident->current_pool) {
        err_set(uc->err, ERR_ILLEGAL_STATE, "%s does not live in a home", applicant_id);
        return NULL;
    }
    return resident;
}

int resident_discharge(const struct region *region, const char *applicant_id,
                       enum closed_reason reason, int64_t now, struct change *change,
                       struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct usecase_end end = {OFFER_EVENT_WITHDRAW, SIDE_PERSON, "discharged", 0};
    const struct applicant *held = resident_find(&uc, applicant_id);
    if (!held || !usecase_pool(&uc, held->current_pool))
        return -1;
    if (*held->offer_id && usecase_end_offer(&uc, held->offer_id, &end) < 0)
        return -1;
    struct applicant *resident = usecase_edit_applicant(&uc, applicant_id);
    if (usecase_step_applicant(&uc, resident, APPLICANT_EVENT_DISCHARGE) < 0)
        return -1;
    struct pool *pool = usecase_edit_pool(&uc, resident->current_pool);
    if (pool->beds_occupied > 0)
        pool->beds_occupied--;
    usecase_keep_for_class(pool, resident->current_reserve, 1);
    resident->closed_reason = reason;
    resident->current_pool[0] = '\0';
    resident->current_reserve[0] = '\0';
    resident->on_leave = 0;
    usecase_event(&uc, EVENT_RESIDENT_DISCHARGED, applicant_id);
    return 0;
}

static int resident_away(const struct usecase *uc, const char *applicant_id, int64_t on_leave,
                         enum event_type event)
{
    const struct applicant *held = resident_find(uc, applicant_id);
    if (!held)
        return -1;
    if (held->on_leave == on_leave)
        return err_set(uc->err, ERR_ILLEGAL_STATE, "%s %s", applicant_id,
                       on_leave ? "is on leave already" : "is not on leave");
    usecase_edit_applicant(uc, applicant_id)->on_leave = on_leave;
    usecase_event(uc, event, applicant_id);
    return 0;
}

int resident_leave(const struct region *region, const char *applicant_id, int64_t now,
                   struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    return resident_away(&uc, applicant_id, 1, EVENT_RESIDENT_LEFT);
}

int resident_return(const struct region *region, const char *applicant_id, int64_t now,
                    struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    return resident_away(&uc, applicant_id, 0, EVENT_RESIDENT_RETURNED);
}
