/* applicants.c - the waiting list over HTTP: submit, read, change, park, withdraw, explain. The
 * rules are in scheduler/usecases/intake.c; whose applicants these are in auth.c.
 *
 * Personal data comes in with a submission, goes to the store sealed, and comes out in one place
 * here: the single record, for the person's own district. */
#include "api/applicants.h"

#include "api/handlers.h"
#include "api/page.h"
#include "api/write.h"
#include "models/alloc.h"
#include "models/fields.h"
#include "models/stamp.h"
#include "scheduler/usecases/usecases.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_ID_BYTES = 8 };

/* A ticket nobody can guess from another: "T-" and 16 hexadecimal digits. */
void applicants_random_id(char id[ID_MAX + 1])
{
    unsigned char bytes[RANDOM_ID_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    memcpy(id, "T-", 2);
    sodium_bin2hex(id + 2, ID_MAX - 1, bytes, sizeof bytes);
}

/* May this token have an applicant of that district? 0, or -1 with FORBIDDEN. */
static int check_scope(const struct token *who, const struct applicant *applicant,
                       struct alm_error *err)
{
    if (who->role != ROLE_DISTRICT || strcmp(applicant->district, who->scope) == 0)
        return 0;
    err_set(err, ERR_FORBIDDEN, "/district: this token is for applicants of %s only", who->scope);
    return err_issue(err, "/district", "scope", "must be %s for this token", who->scope);
}

static int json_has_id(const char *bytes, size_t len)
{
    json_t *body = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
    int has_id = json_object_get(body, "applicant_id") != NULL;
    json_decref(body);
    return has_id;
}

struct applicant *applicants_read(const struct token *who, const char *bytes, size_t len,
                                  int *has_id, char **person_json, struct alm_error *err)
{
    char id[ID_MAX + 1];
    int is_sent = json_has_id(bytes, len);
    applicants_random_id(id);
    struct record *record = record_from_json(RECORD_APPLICANT, bytes, len, NULL, 0,
                                             is_sent ? NULL : id, person_json, err);
    if (has_id)
        *has_id = is_sent;
    return (struct applicant *)applicants_scoped(who, record, person_json, err);
}

struct record *applicants_scoped(const struct token *who, struct record *record, char **person_json,
                                 struct alm_error *err)
{
    struct applicant *applicant = (struct applicant *)record;
    if (!record)
        return NULL;
    if (who->role == ROLE_DISTRICT && !*applicant->district) {
        free(applicant->district);
        applicant->district = alloc_string(who->scope);
    }
    if (check_scope(who, applicant, err) == 0)
        return record;
    record_free(record);
    free(*person_json);
    *person_json = NULL;
    return NULL;
}

static int decide_submit(const struct write *write, const struct region *region, int64_t now,
                         struct change *change, struct alm_error *err)
{
    return intake_submit(region, (const struct applicant *)write->record, write->person_json, now,
                         change, err);
}

void applicants_post(struct call *call)
{
    struct alm_error err;
    err_init(&err);
    char *person = NULL;
    struct applicant *applicant = NULL;
    if (body_is_json(call, &err) == 0)
        applicant = applicants_read(&call->who, call->request->body, call->request->body_len, NULL,
                                    &person, &err);
    if (!applicant) {
        call_fail(call, &err);
    } else {
        struct write *write = write_new(call, decide_submit);
        write->type = RECORD_APPLICANT;
        write->record = &applicant->record;
        write->person_json = person;
        memcpy(write->id, applicant->record.id, sizeof write->id);
        write_submit(write);
    }
    err_clear(&err);
}

/* ---- reading ---- */

static int number_is(const struct call *call, const char *name, int64_t value)
{
    char wanted[32];
    return !call_query(call, name, wanted, sizeof wanted) || strtoll(wanted, NULL, 10) == value;
}

static int has_kind(const struct call *call, const struct applicant *applicant)
{
    char wanted[64];
    if (!call_query(call, "kind", wanted, sizeof wanted))
        return 1;
    int kind = words_find(&words_kind, wanted, strlen(wanted));
    return kind >= 0 && (applicant->kinds & (1u << kind));
}

/* Whose assessment ends on that day or before it: the letters that have to go out. */
static int has_assessment_until(const struct call *call, const struct applicant *applicant)
{
    char day[32];
    int64_t last;
    return !call_query(call, "assessment_until", day, sizeof day) ||
           (stamp_parse_date(day, &last) == 0 && applicant->assessment_valid_until != STAMP_NONE &&
            applicant->assessment_valid_until <= last);
}

static int check_filters(const struct call *call, struct alm_error *err)
{
    char level[32], day[32];
    int64_t last;
    int is_sent = call_query(call, "level", level, sizeof level);
    if (is_sent && (level[0] < '0' || level[0] >= '0' + RECORD_LEVELS || level[1]))
        return err_issue(err, "?level", "range", "must be a whole number from 0 to %d",
                         RECORD_LEVELS - 1);
    if (call_query(call, "assessment_until", day, sizeof day) && stamp_parse_date(day, &last) != 0)
        return err_issue(err, "?assessment_until", "format", "must be a day, as 2025-03-01");
    return call_check_word(call, "state", &words_applicant_state, err) |
           call_check_word(call, "kind", &words_kind, err);
}

static int fits(const struct call *call, const struct record *record)
{
    const struct applicant *applicant = (const struct applicant *)record;
    return auth_sees(&call->who, call_region(call), record) &&
           call_query_is(call, "state",
                         words_name(&words_applicant_state, (int)applicant->state)) &&
           call_query_is(call, "district", applicant->district) &&
           call_query_is(call, "village", applicant->village) &&
           call_query_is(call, "class", applicant->class_code) &&
           call_query_is(call, "household_id", applicant->household_id) &&
           number_is(call, "level", applicant->level) && has_kind(call, applicant) &&
           has_assessment_until(call, applicant);
}

void applicants_list(struct call *call)
{
    page_send_records(call, RECORD_APPLICANT, check_filters, fits);
}

void applicants_send_with_person(void *arg, const char *json, const struct alm_error *err)
{
    struct call *call = arg;
    const struct record *record =
        auth_find(&call->who, call_region(call), call->route->object, call->id);
    if (err && err->code != ERR_NONE) {
        call_fail(call, err);
    } else if (!record) {
        call_missing(call);
    } else {
        char *text = record_to_json(record);
        if (json)
            text = page_splice(text, "person", json);
        call_json(call, 200, text, record);
    }
}

void applicants_get(struct call *call)
{
    const struct record *record = region_find(call_region(call), RECORD_APPLICANT, call->id);
    if (call->who.role == ROLE_DISTRICT)
        store_person(call->context->store, call->id, applicants_send_with_person, call);
    else
        call_record(call, 200, record);
}

/* ---- changing ---- */

static int decide_patch(const struct write *write, const struct region *region, int64_t now,
                        struct change *change, struct alm_error *err)
{
    const struct http_request *request = write->call->request;
    char *person = NULL;
    struct record *patched =
        record_from_json(RECORD_APPLICANT, request->body, request->body_len,
                         write_held(write, region), 1, write->id, &person, err);
    int result = -1;
    if (patched && check_scope(&write->call->who, (struct applicant *)patched, err) == 0)
        result = intake_patch(region, (struct applicant *)patched, person, now, change, err);
    record_free(patched);
    free(person);
    return result;
}

void applicants_patch(struct call *call)
{
    struct alm_error err;
    err_init(&err);
    if (body_is_json(call, &err) != 0)
        call_fail(call, &err);
    else
        write_submit(write_new(call, decide_patch));
    err_clear(&err);
}

static int decide_park(const struct write *write, const struct region *region, int64_t now,
                       struct change *change, struct alm_error *err)
{
    return intake_park(region, write->id, write->until, now, change, err);
}

void applicants_park(struct call *call)
{
    static const struct read_json_member members[] = {
        {.name = "until", .read = read_json_time, .offset = offsetof(struct write, until)}};
    write_action(call, decide_park, members, 1);
}

void applicants_unpark(struct call *call)
{
    write_step(call, intake_unpark);
}

void applicants_move(struct call *call)
{
    write_step(call, intake_ask_move);
}

void applicants_withdraw(struct call *call)
{
    write_close(call, intake_withdraw, CLOSED_WITHDREW);
}

void applicants_reopen(struct call *call)
{
    write_step(call, intake_reopen);
}

void applicants_erase(struct call *call)
{
    write_step(call, erase_person);
}
