/* residents.c - people who live in a home, over HTTP. The rules are in
 * scheduler/usecases/resident.c. */
#include "api/handlers.h"
#include "api/page.h"
#include "api/write.h"
#include "scheduler/usecases/usecases.h"

/* Does the person live in the home that the query names, in that pool? */
static int lives_there(const struct call *call, const struct applicant *applicant)
{
    const struct pool *pool = region_pool(call_region(call), applicant->current_pool);
    return pool && call_query_is(call, "institution", pool->institution_id) &&
           call_query_is(call, "pool", pool->record.id);
}

static int fits(const struct call *call, const struct record *record)
{
    const struct applicant *applicant = (const struct applicant *)record;
    return auth_sees(&call->who, call_region(call), record) && lives_there(call, applicant) &&
           call_query_is(call, "state",
                         words_name(&words_applicant_state, (int)applicant->state)) &&
           call_query_is(call, "on_leave", applicant->on_leave ? "1" : "0");
}

static int check_filters(const struct call *call, struct alm_error *err)
{
    int is_set;
    return call_query_flag(call, "on_leave", &is_set, err) |
           call_check_word(call, "state", &words_applicant_state, err);
}

void residents_list(struct call *call)
{
    page_send_records(call, RECORD_APPLICANT, check_filters, fits);
}

/* An administrator sees everybody, but who has no bed is nobody's resident. */
void residents_get(struct call *call)
{
    const struct applicant *applicant = region_applicant(call_region(call), call->id);
    if (applicant->current_pool[0])
        call_record(call, 200, &applicant->record);
    else
        call_missing(call);
}

void residents_discharge(struct call *call)
{
    write_close(call, resident_discharge, CLOSED_OTHER);
}

void residents_leave(struct call *call)
{
    write_step(call, resident_leave);
}

void residents_return(struct call *call)
{
    write_step(call, resident_return);
}
