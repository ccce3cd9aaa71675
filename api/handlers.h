/* handlers.h - one function per route; the table in routes.c says which. A handler owns the call
 * that it is given and answers it exactly once, now or later (call.h). Role, scope, query names and
 * readiness have been checked. */
#ifndef ALMONER_HANDLERS_H
#define ALMONER_HANDLERS_H

struct call;

/* applicants.c */
void applicants_post(struct call *call);
void applicants_list(struct call *call);
void applicants_get(struct call *call);
void applicants_patch(struct call *call);
void explanation_get(struct call *call);
void applicants_park(struct call *call);
void applicants_unpark(struct call *call);
void applicants_move(struct call *call);
void applicants_withdraw(struct call *call);
void applicants_reopen(struct call *call);
void applicants_erase(struct call *call);

/* batch.c */
void batch_post(struct call *call);
void batch_post_travel(struct call *call);

/* institutions.c */
void institutions_get(struct call *call);
void institutions_put(struct call *call);
void institutions_list_pools(struct call *call);
void institutions_get_pool(struct call *call);
void institutions_put_pool(struct call *call);
void institutions_put_vacancy(struct call *call);

/* offers.c */
void offers_list(struct call *call);
void offers_get(struct call *call);
void offers_accept(struct call *call);
void offers_decline(struct call *call);
void offers_withdraw(struct call *call);
void offers_admit(struct call *call);

/* residents.c */
void residents_list(struct call *call);
void residents_get(struct call *call);
void residents_discharge(struct call *call);
void residents_leave(struct call *call);
void residents_return(struct call *call);

/* rounds_http.c */
void rounds_http_post(struct call *call);
void rounds_http_list(struct call *call);
void rounds_http_get(struct call *call);
void rounds_http_plan(struct call *call);
void rounds_http_certificate(struct call *call);
void rounds_http_snapshot(struct call *call);

/* reports.c */
void reports_occupancy(struct call *call);
void reports_waiting(struct call *call);
void reports_shadow_prices(struct call *call);

/* travel.c */
void travel_list(struct call *call);

/* events.c */
void events_get(struct call *call);

/* metrics.c: the open routes */
void metrics_livez(struct call *call);
void metrics_readyz(struct call *call);
void metrics_get(struct call *call);
void metrics_version(struct call *call);

/* openapi.c */
void openapi_get(struct call *call);

#endif
