/* erase.c - personal data goes when nobody needs it any more. See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "scheduler/usecases/usecase.h"

#include <stdio.h>

int erase_person(const struct region *region, const char *applicant_id, int64_t now,
                 struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct applicant *held = usecase_applicant(&uc, applicant_id);
    if (!held)
        return -1;
    if (held->state != APPLICANT_CLOSED)
        return err_set(err, ERR_ILLEGAL_STATE,
                       "the application %s is open: personal data is erased once it is closed",
                       applicant_id);
    if (held->erased_at != STAMP_NONE)
        return 0;
    usecase_edit_applicant(&uc, applicant_id)->erased_at = now;
    change->erases_person = 1;
    snprintf(change->person_id, sizeof change->person_id, "%s", applicant_id);
    usecase_event(&uc, EVENT_APPLICANT_ERASED, applicant_id);
    return 0;
}

int erase_person_due(const struct region *region, const char *applicant_id, int64_t before,
                     int64_t now, struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct applicant *held = usecase_applicant(&uc, applicant_id);
    if (!held)
        return -1;
    if (held->state != APPLICANT_CLOSED)
        return 0;
    if (held->closed_at != STAMP_NONE)
        return held->closed_at <= before ? erase_person(region, applicant_id, now, change, err) : 0;
    usecase_edit_applicant(&uc, applicant_id)->closed_at = now;
    usecase_event(&uc, EVENT_APPLICANT_CHANGED, applicant_id);
    return 0;
}
