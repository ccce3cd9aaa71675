/* api_seed.c - see api_seed.h. */
#include "tests/api_seed.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "tests/api_server.h"
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEDS = 1000 };

static const char policy_json[] =
    "{\"name\":\"api\",\"version\":1,\"objectives\":[\"need\",\"placements\",\"travel\"],"
    "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\","
    "\"points\":{\"3\":40}}],\"offer\":{\"answer_seconds\":100,\"admit_seconds\":1000,"
    "\"max_chain\":3,\"declined_days\":90}}";

static void set_text(char **place, const char *text)
{
    free(*place);
    *place = alloc_string(text);
}

static void put(struct region *region, struct record *record)
{
    record->version = 1;
    region_put_take(region, record);
}

static void add_home(struct region *region, const char *home, const char *pool_id,
                     const char *district)
{
    struct institution *institution = (struct institution *)record_new(RECORD_INSTITUTION, home);
    set_text(&institution->name, home);
    set_text(&institution->district, district);
    institution->lat = 25;
    institution->lon = 121.5;
    put(region, &institution->record);
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, pool_id);
    snprintf(pool->institution_id, sizeof pool->institution_id, "%s", home);
    pool->kind = KIND_NURSING;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = pool->beds_occupied = BEDS;
    put(region, &pool->record);
}

struct applicant *api_seed_applicant(struct region *region, const char *id, const char *district)
{
    struct applicant *applicant = (struct applicant *)record_new(RECORD_APPLICANT, id);
    applicant->applied_at = API_SERVER_NOW - 10 * STAMP_DAY_S;
    applicant->lat = 25;
    applicant->lon = 121.51;
    applicant->level = 3;
    applicant->kinds = 1u << KIND_NURSING;
    applicant->state = APPLICANT_WAITING;
    set_text(&applicant->district, district);
    put(region, &applicant->record);
    return applicant;
}

/* The pool is the region's own record: the seed is not yet anybody's const region. */
static struct pool *pool_of(struct region *region, int is_own)
{
    return (struct pool *)(uintptr_t)region_pool(region, is_own ? "P1" : "P2");
}

static void add_offer(struct region *region, const char *id, int is_own, int is_accepted)
{
    char person[ID_MAX + 1];
    struct pool *pool = pool_of(region, is_own);
    snprintf(person, sizeof person, "%.60sp", id);
    struct applicant *applicant = api_seed_applicant(region, person, is_own ? "North" : "South");
    applicant->state = is_accepted ? APPLICANT_ACCEPTED : APPLICANT_OFFERED;
    memcpy(applicant->offer_id, id, strlen(id) + 1);
    struct offer *offer = (struct offer *)record_new(RECORD_OFFER, id);
    memcpy(offer->applicant_id, person, sizeof offer->applicant_id);
    memcpy(offer->pool_id, pool->record.id, sizeof offer->pool_id);
    memcpy(offer->institution_id, pool->institution_id, sizeof offer->institution_id);
    offer->state = is_accepted ? OFFER_ACCEPTED : OFFER_SENT;
    offer->sent_at = API_SERVER_NOW;
    offer->answer_due = API_SERVER_NOW + STAMP_DAY_S;
    offer->admit_due = is_accepted ? API_SERVER_NOW + STAMP_DAY_S : STAMP_NONE;
    put(region, &offer->record);
    pool->beds_occupied--;
    pool->beds_committed++;
    pool->beds_accepted += is_accepted;
}

static void add_object(struct region *region, const struct route *route, const char *id, int is_own)
{
    struct applicant *applicant = NULL;
    if (route->object == ROUTE_OFFER) {
        add_offer(region, id, is_own, strcmp(route->action, "admit") == 0);
        return;
    }
    applicant = api_seed_applicant(region, id, is_own ? "North" : "South");
    if (strcmp(route->action, "unpark") == 0)
        applicant->state = APPLICANT_PARKED;
    if (strcmp(route->action, "erase") == 0 || strcmp(route->action, "reopen") == 0)
        applicant->state = APPLICANT_CLOSED;
    if (route->object != ROUTE_RESIDENT && strcmp(route->action, "move") != 0)
        return;
    applicant->state = APPLICANT_ADMITTED;
    applicant->on_leave = strcmp(route->action, "return") == 0;
    memcpy(applicant->current_pool, is_own ? "P1" : "P2", 3);
}

static int has_objects(const struct route *route)
{
    return route->object == ROUTE_APPLICANT || route->object == ROUTE_OFFER ||
           route->object == ROUTE_RESIDENT;
}

const char *api_seed_id(size_t route, int role, int is_own, char id[ID_MAX + 1])
{
    enum route_object object = routes[route].object;
    if (object == ROUTE_INSTITUTION || object == ROUTE_POOL)
        snprintf(id, ID_MAX + 1, "%s%d", object == ROUTE_POOL ? "P" : "I", is_own ? 1 : 2);
    else if (object == ROUTE_ROUND)
        snprintf(id, ID_MAX + 1, "1");
    else
        snprintf(id, ID_MAX + 1, "%s-%zu-%d", is_own ? "own" : "other", route, role);
    return id;
}

struct region *api_seed_region(void)
{
    struct region *region = region_new();
    struct alm_error err;
    char id[ID_MAX + 1];
    put(region, policy_record_take(alloc_string(policy_json)));
    add_home(region, "I1", "P1", "North");
    add_home(region, "I2", "P2", "South");
    for (size_t i = 0; i < routes_n; i++)
        for (int role = 0; role < ROLE_COUNT && has_objects(&routes[i]); role++)
            for (int is_own = 0; is_own < 2; is_own++)
                add_object(region, &routes[i], api_seed_id(i, role, is_own, id), is_own);
    err_init(&err);
    CU_ASSERT_EQUAL(region_check(region, &err), 0);
    err_clear(&err);
    return region;
}
