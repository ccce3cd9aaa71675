/* travel.c - distances that replace the great circle, over HTTP. How they come in: batch.c. */
#include "api/handlers.h"
#include "api/page.h"

static int fits(const struct call *call, const struct record *record)
{
    const struct travel *travel = (const struct travel *)record;
    return call_query_is(call, "from_id", travel->from_id) &&
           call_query_is(call, "institution_id", travel->institution_id);
}

void travel_list(struct call *call)
{
    page_send_records(call, RECORD_TRAVEL, NULL, fits);
}
