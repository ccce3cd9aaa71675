/* intake.c - applicants come onto the waiting list, change, rest and leave it. See usecases.h. */
#include "scheduler/usecases/usecases.h"

#include "models/alloc.h"
#include "scheduler/usecases/usecase.h"

#include <stdio.h>
#include <string.h>

static void take_person(struct change *change, const char *applicant_id, const char *person_json)
{
    if (!person_json)
        return;
    change->person_json = alloc_string(person_json);
    snprintf(change->person_id, sizeof change->person_id, "%s", applicant_id);
}

/* Whoever joins a household decides with it: all of them are placed, or none. Offices that number
 * theirs alike must not tie strangers together, and neither could see why. */
static int check_household(const struct usecase *uc, const struct applicant *applicant)
{
    const struct record *record = region_first(uc->region, RECORD_APPLICANT);
    for (; record && *applicant->household_id; record = region_next(record)) {
        const struct applicant *other = (const struct applicant *)record;
        if (other->state != APPLICANT_CLOSED &&
            strcmp(other->household_id, applicant->household_id) == 0 &&
            strcmp(other->district, applicant->district) != 0)
            return err_issue(uc->err, "/household_id", "taken",
                             "the household %s is one of another district: choose another id",
                             applicant->household_id);
    }
    return 0;
}

/* What one record cannot know by itself. */
static int check_references(const struct usecase *uc, const struct applicant *applicant)
{
    if (*applicant->current_pool && !region_pool(uc->region, applicant->current_pool))
        return err_issue(uc->err, "/current_pool", "unknown", "there is no pool %s",
                         applicant->current_pool);
    if (applicant->applied_at > uc->now + STAMP_DAY_S)
        return err_issue(uc->err, "/applied_at", "range", "the application is dated in the future");
    if (applicant->birth_date != STAMP_NONE && applicant->birth_date > uc->now + STAMP_DAY_S)
        return err_issue(uc->err, "/birth_date", "range", "the day of birth is in the future");
    return 0;
}

/* Overwrites the fields that only use cases may set with those of `now_held`. */
static void keep_state(struct applicant *applicant, const struct applicant *held)
{
    applicant->state = held->state;
    applicant->closed_reason = held->closed_reason;
    applicant->parked_until = held->parked_until;
    applicant->on_leave = held->on_leave;
    applicant->closed_at = held->closed_at;
    applicant->erased_at = held->erased_at;
    memcpy(applicant->offer_id, held->offer_id, sizeof applicant->offer_id);
    memcpy(applicant->current_pool, held->current_pool, sizeof applicant->current_pool);
}

int intake_submit(const struct region *region, const struct applicant *applicant,
                  const char *person_json, int64_t now, struct change *change,
                  struct alm_error *err)
{
    static const enum applicant_event way[] = {APPLICANT_EVENT_SUBMIT, APPLICANT_EVENT_ASSESS,
                                               APPLICANT_EVENT_LIST};
    const struct usecase uc = {region, change, now, err};
    const char *id = applicant->record.id;
    if (region_applicant(region, id))
        return err_set(err, ERR_CONFLICT, "there is an applicant %s already", id);
    if (check_references(&uc, applicant) < 0 || check_household(&uc, applicant) < 0)
        return -1;
    struct applicant *added = (struct applicant *)change_add(change, &applicant->record);
    struct applicant *fresh = (struct applicant *)record_new(RECORD_APPLICANT, id);
    memcpy(fresh->current_pool, added->current_pool, sizeof fresh->current_pool);
    fresh->state = APPLICANT_DRAFT;
    keep_state(added, fresh);
    record_free(&fresh->record);
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        if (usecase_step_applicant(&uc, added, way[i]) < 0)
            return -1;
    take_person(change, id, person_json);
    usecase_event(&uc, EVENT_APPLICANT_SUBMITTED, id);
    return 0;
}

int intake_patch(const struct region *region, const struct applicant *applicant,
                 const char *person_json, int64_t now, struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct applicant *held = usecase_applicant(&uc, applicant->record.id);
    if (!held)
        return -1;
    if (held->state == APPLICANT_CLOSED)
        return err_set(err, ERR_ILLEGAL_STATE, "the application %s is closed", held->record.id);
    if (strcmp(applicant->current_pool, held->current_pool) != 0)
        return err_issue(err, "/current_pool", "read_only",
                         "where a person lives changes through admission and discharge only");
    if (check_references(&uc, applicant) < 0)
        return -1;
    if (strcmp(applicant->household_id, held->household_id) != 0 &&
        check_household(&uc, applicant) < 0)
        return -1;
    struct applicant *edited =
        (struct applicant *)change_replace(change, &held->record, &applicant->record);
    keep_state(edited, held);
    take_person(change, held->record.id, person_json);
    usecase_event(&uc, EVENT_APPLICANT_CHANGED, held->record.id);
    return 0;
}

/* One step of the applicant's life that concerns nobody else. */
static int intake_step(const struct usecase *uc, const char *applicant_id,
                       enum applicant_event event, enum event_type said, struct applicant **stepped)
{
    if (!usecase_applicant(uc, applicant_id))
        return -1;
    struct applicant *applicant = usecase_edit_applicant(uc, applicant_id);
    if (usecase_step_applicant(uc, applicant, event) < 0)
        return -1;
    usecase_event(uc, said, applicant_id);
    *stepped = applicant;
    return 0;
}

/* The next member of this person's household, placed together, who is in that state; NULL at the
 * end. */
static const struct applicant *next_partner(const struct usecase *uc, const char *applicant_id,
                                            enum applicant_state state, const char *after)
{
    const struct applicant *person = region_applicant(uc->region, applicant_id);
    if (!*person->household_id || person->together != TOGETHER_INSTITUTION)
        return NULL;
    const struct record *record = region_after(uc->region, RECORD_APPLICANT, after);
    for (; record; record = region_next(record)) {
        const struct applicant *other = (const struct applicant *)record;
        if (other != person && other->state == state && other->together == TOGETHER_INSTITUTION &&
            strcmp(other->household_id, person->household_id) == 0)
            return other;
    }
    return NULL;
}

/* A couple rests and comes back as one: else a round would place the one without the other. */
static int rest(const struct usecase *uc, const char *applicant_id, enum applicant_event event,
                enum event_type said, int64_t until)
{
    struct applicant *applicant;
    enum applicant_state partners =
        event == APPLICANT_EVENT_PARK ? APPLICANT_WAITING : APPLICANT_PARKED;
    if (intake_step(uc, applicant_id, event, said, &applicant) < 0)
        return -1;
    applicant->parked_until = until;
    const struct applicant *partner = next_partner(uc, applicant_id, partners, "");
    while (partner) {
        struct applicant *edited = usecase_edit_applicant(uc, partner->record.id);
        if (usecase_step_applicant(uc, edited, event) < 0)
            return -1;
        edited->parked_until = until;
        partner = next_partner(uc, applicant_id, partners, partner->record.id);
    }
    return 0;
}

int intake_park(const struct region *region, const char *applicant_id, int64_t until, int64_t now,
                struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    if (until != STAMP_NONE && until <= now)
        return err_issue(err, "/until", "range", "the day until which to park has passed");
    return rest(&uc, applicant_id, APPLICANT_EVENT_PARK, EVENT_APPLICANT_PARKED, until);
}

int intake_unpark(const struct region *region, const char *applicant_id, int64_t now,
                  struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    return rest(&uc, applicant_id, APPLICANT_EVENT_UNPARK, EVENT_APPLICANT_UNPARKED, STAMP_NONE);
}

int intake_unpark_due(const struct region *region, const char *applicant_id, int64_t now,
                      struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct applicant *held = usecase_applicant(&uc, applicant_id);
    if (!held)
        return -1;
    if (held->state != APPLICANT_PARKED || held->parked_until == STAMP_NONE ||
        held->parked_until > now)
        return 0;
    return intake_unpark(region, applicant_id, now, change, err);
}

int intake_ask_move(const struct region *region, const char *applicant_id, int64_t now,
                    struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    struct applicant *applicant;
    return intake_step(&uc, applicant_id, APPLICANT_EVENT_ASK_MOVE, EVENT_APPLICANT_CHANGED,
                       &applicant);
}

int intake_withdraw(const struct region *region, const char *applicant_id,
                    enum closed_reason reason, int64_t now, struct change *change,
                    struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    const struct usecase_end end = {OFFER_EVENT_WITHDRAW, SIDE_PERSON, "application_withdrawn", 0};
    const struct applicant *held = usecase_applicant(&uc, applicant_id);
    if (!held)
        return -1;
    int is_resident = *held->current_pool != '\0';
    if (is_resident && reason == CLOSED_DIED)
        return err_set(err, ERR_ILLEGAL_STATE,
                       "%s lives in pool %s: the home discharges who has died, which frees the bed",
                       applicant_id, held->current_pool);
    if (*held->offer_id && usecase_end_offer(&uc, held->offer_id, &end) < 0)
        return -1;
    struct applicant *applicant = usecase_edit_applicant(&uc, applicant_id);
    enum applicant_event event = is_resident ? APPLICANT_EVENT_STAY : APPLICANT_EVENT_CLOSE;
    if (usecase_step_applicant(&uc, applicant, event) < 0)
        return -1;
    if (!is_resident)
        applicant->closed_reason = reason;
    usecase_event(&uc, is_resident ? EVENT_APPLICANT_CHANGED : EVENT_APPLICANT_CLOSED,
                  applicant_id);
    return 0;
}

int intake_reopen(const struct region *region, const char *applicant_id, int64_t now,
                  struct change *change, struct alm_error *err)
{
    const struct usecase uc = {region, change, now, err};
    struct applicant *applicant;
    const struct applicant *held = usecase_applicant(&uc, applicant_id);
    if (!held || check_household(&uc, held) < 0 ||
        intake_step(&uc, applicant_id, APPLICANT_EVENT_REOPEN, EVENT_APPLICANT_REOPENED,
                    &applicant) < 0)
        return -1;
    applicant->closed_reason = CLOSED_NONE;
    applicant->closed_at = STAMP_NONE;
    applicant->erased_at = STAMP_NONE;
    applicant->parked_until = STAMP_NONE;
    return 0;
}
