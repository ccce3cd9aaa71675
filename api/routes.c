/* routes.c - see routes.h. */
#include "api/routes.h"

#include "api/handlers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define DISTRICT (1u << ROLE_DISTRICT)
#define INSTITUTION (1u << ROLE_INSTITUTION)
#define PLANNER (1u << ROLE_PLANNER)
#define ADMIN (1u << ROLE_ADMIN)
#define EVERYONE (DISTRICT | INSTITUTION | PLANNER | ADMIN)

/* clang-format off */
const struct route routes[] = {
    {GATE_POST, "/v1/applicants", "", DISTRICT | ADMIN, ROUTE_NOTHING, ROUTE_BODY, "", 201,
     applicants_post, "Put a person on the waiting list."},
    {GATE_GET, "/v1/applicants", "", DISTRICT | ADMIN, ROUTE_NOTHING, 0,
     "state district village class kind level household_id assessment_until limit cursor", 200,
     applicants_list, "The waiting list, filtered, page by page."},
    {GATE_GET, "/v1/applicants/{id}", "", DISTRICT | ADMIN, ROUTE_APPLICANT, 0, "", 200,
     applicants_get, "One person; the person's own district also sees the personal data."},
    {GATE_PATCH, "/v1/applicants/{id}", "", DISTRICT | ADMIN, ROUTE_APPLICANT,
     ROUTE_BODY | ROUTE_IF_MATCH, "", 200,
     applicants_patch, "Change some columns; null sets a column back to its default."},
    {GATE_POST, "/v1/applicants", "batch", DISTRICT | ADMIN, ROUTE_NOTHING, ROUTE_LARGE,
     "dry_run", 200,
     batch_post, "Many people at once, as CSV or NDJSON; a result for every row."},
    {GATE_GET, "/v1/applicants/{id}/explanation", "", DISTRICT, ROUTE_APPLICANT, 0, "", 200,
     explanation_get, "Why this bed, or for each bed why not, in sentences."},
    {GATE_POST, "/v1/applicants/{id}", "park", DISTRICT, ROUTE_APPLICANT, ROUTE_BODY, "", 200,
     applicants_park, "Leave the person out of rounds, until a moment or until unparked."},
    {GATE_POST, "/v1/applicants/{id}", "unpark", DISTRICT, ROUTE_APPLICANT, 0, "", 200,
     applicants_unpark, "Back on the list, with the original date."},
    {GATE_POST, "/v1/applicants/{id}", "move", DISTRICT, ROUTE_APPLICANT, 0, "", 200,
     applicants_move, "A resident asks to move: on the list again, keeping the bed meanwhile."},
    {GATE_POST, "/v1/applicants/{id}", "withdraw", DISTRICT, ROUTE_APPLICANT, ROUTE_BODY, "", 200,
     applicants_withdraw, "Close the application (died, withdrew, ineligible, other)."},
    {GATE_POST, "/v1/applicants/{id}", "reopen", DISTRICT, ROUTE_APPLICANT, 0, "", 200,
     applicants_reopen, "A closed application is on the list again, with the original date."},
    {GATE_POST, "/v1/applicants/{id}", "erase", DISTRICT, ROUTE_APPLICANT, 0, "", 200,
     applicants_erase, "Erase the personal data of a closed application, for good."},

    {GATE_GET, "/v1/institutions/{id}", "", INSTITUTION | ADMIN, ROUTE_INSTITUTION, 0, "", 200,
     institutions_get, "One home."},
    {GATE_PUT, "/v1/institutions/{id}", "", INSTITUTION | ADMIN, ROUTE_INSTITUTION,
     ROUTE_BODY | ROUTE_CREATES, "", 200,
     institutions_put, "Create or replace a home; suspending it withdraws its open offers."},
    {GATE_GET, "/v1/pools", "", INSTITUTION | ADMIN, ROUTE_NOTHING, 0,
     "institution kind limit cursor", 200,
     institutions_list_pools, "The home's pools with their counts, page by page."},
    {GATE_GET, "/v1/pools/{id}", "", INSTITUTION | ADMIN, ROUTE_POOL, 0, "", 200,
     institutions_get_pool, "One pool of beds."},
    {GATE_PUT, "/v1/pools/{id}", "", INSTITUTION | ADMIN, ROUTE_POOL,
     ROUTE_BODY | ROUTE_CREATES, "", 200,
     institutions_put_pool, "Create or replace a pool of beds."},
    {GATE_PUT, "/v1/pools/{id}/vacancy", "", INSTITUTION | ADMIN, ROUTE_POOL, ROUTE_BODY, "", 200,
     institutions_put_vacancy, "The thirty-second posting: absolute counts of beds."},

    {GATE_GET, "/v1/offers", "", DISTRICT | INSTITUTION | ADMIN, ROUTE_NOTHING, 0,
     "state live institution applicant round limit cursor", 200,
     offers_list, "Offers, filtered, page by page."},
    {GATE_GET, "/v1/offers/{id}", "", DISTRICT | INSTITUTION | ADMIN, ROUTE_OFFER, 0, "", 200,
     offers_get, "One offer; the home that holds it sees the personal data while it is live."},
    {GATE_POST, "/v1/offers/{id}", "accept", DISTRICT, ROUTE_OFFER, 0, "", 200,
     offers_accept, "The person takes the bed."},
    {GATE_POST, "/v1/offers/{id}", "decline", DISTRICT | INSTITUTION, ROUTE_OFFER, ROUTE_BODY, "",
     200, offers_decline, "The person or the home turns it down, with a reason code."},
    {GATE_POST, "/v1/offers/{id}", "withdraw", INSTITUTION | ADMIN, ROUTE_OFFER, ROUTE_BODY, "",
     200, offers_withdraw, "The home takes the offer back, with a reason code."},
    {GATE_POST, "/v1/offers/{id}", "admit", INSTITUTION, ROUTE_OFFER, 0, "", 200,
     offers_admit, "The person moves in: the bed becomes occupied."},

    {GATE_GET, "/v1/residents", "", INSTITUTION | ADMIN, ROUTE_NOTHING, 0,
     "institution pool state on_leave limit cursor", 200,
     residents_list, "Who lives in the home, page by page."},
    {GATE_GET, "/v1/residents/{id}", "", INSTITUTION | ADMIN, ROUTE_RESIDENT, 0, "", 200,
     residents_get, "One resident."},
    {GATE_POST, "/v1/residents/{id}", "discharge", INSTITUTION, ROUTE_RESIDENT, ROUTE_BODY, "",
     200, residents_discharge, "The person leaves for good: the bed falls free."},
    {GATE_POST, "/v1/residents/{id}", "leave", INSTITUTION, ROUTE_RESIDENT, 0, "", 200,
     residents_leave, "The person is away for some days and keeps the bed."},
    {GATE_POST, "/v1/residents/{id}", "return", INSTITUTION, ROUTE_RESIDENT, 0, "", 200,
     residents_return, "The person is back."},

    {GATE_POST, "/v1/rounds", "", PLANNER | ADMIN, ROUTE_NOTHING, 0, "", 202,
     rounds_http_post, "Start a round, or join the one that is running."},
    {GATE_GET, "/v1/rounds", "", PLANNER | ADMIN, ROUTE_NOTHING, 0, "limit cursor", 200,
     rounds_http_list, "Rounds, newest first, page by page."},
    {GATE_GET, "/v1/rounds/{id}", "", PLANNER | ADMIN, ROUTE_ROUND, 0, "", 200,
     rounds_http_get, "One round: running, or finished with its figures."},
    {GATE_GET, "/v1/rounds/{id}/plan", "", PLANNER | ADMIN, ROUTE_ROUND, 0, "", 200,
     rounds_http_plan, "The plan of a round."},
    {GATE_GET, "/v1/rounds/{id}/certificate", "", PLANNER | ADMIN, ROUTE_ROUND, 0, "", 200,
     rounds_http_certificate, "The proof that the plan is optimal, or of bounds."},
    {GATE_GET, "/v1/rounds/{id}/snapshot", "", PLANNER | ADMIN, ROUTE_ROUND, 0, "", 200,
     rounds_http_snapshot, "The world that the round saw, as a tar of CSV files."},

    {GATE_POST, "/v1/travel", "batch", PLANNER | ADMIN, ROUTE_NOTHING, ROUTE_LARGE, "dry_run", 200,
     batch_post_travel, "Many travel distances at once, as CSV or NDJSON; a result for every row."},
    {GATE_GET, "/v1/travel", "", PLANNER | DISTRICT | ADMIN, ROUTE_NOTHING, 0,
     "from_id institution_id limit cursor", 200,
     travel_list, "Travel distances that replace the great circle, page by page."},

    {GATE_GET, "/v1/occupancy", "", PLANNER | DISTRICT | ADMIN, ROUTE_NOTHING, 0, "kind district",
     200, reports_occupancy, "Beds by kind and district."},
    {GATE_GET, "/v1/waiting", "", PLANNER | DISTRICT | ADMIN, ROUTE_NOTHING, 0, "ticket", 200,
     reports_waiting, "Who waits, by kind, level, class and district; with a ticket its place."},
    {GATE_GET, "/v1/shadow-prices", "", PLANNER | DISTRICT | ADMIN, ROUTE_NOTHING, 0, "pool by",
     200, reports_shadow_prices,
     "What one more bed would have gained in the last round, and one fewer lost."},
    {GATE_GET, "/v1/events", "", EVERYONE, ROUTE_NOTHING, 0, "", 200,
     events_get, "Server-sent events, filtered by role and scope."},

    {GATE_GET, "/livez", "", EVERYONE, ROUTE_NOTHING, ROUTE_OPEN, "", 200,
     metrics_livez, "The process answers."},
    {GATE_GET, "/readyz", "", EVERYONE, ROUTE_NOTHING, ROUTE_OPEN, "", 200,
     metrics_readyz, "The region is loaded and the store is there; else 503."},
    {GATE_GET, "/metrics", "", EVERYONE, ROUTE_NOTHING, ROUTE_OPEN, "", 200,
     metrics_get, "Figures for Prometheus."},
    {GATE_GET, "/version", "", EVERYONE, ROUTE_NOTHING, ROUTE_OPEN, "", 200,
     metrics_version, "Name and version of the program."},
    {GATE_GET, "/openapi.json", "", EVERYONE, ROUTE_NOTHING, ROUTE_OPEN, "", 200,
     openapi_get, "This interface, described for machines."},
};
/* clang-format on */
const size_t routes_n = sizeof routes / sizeof *routes;

/* A percent-encoded segment as an id; "" when it cannot be one. */
static void read_id(const char *segment, size_t len, char id[ID_MAX + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < len && n <= ID_MAX; n++) {
        unsigned byte = (unsigned char)segment[i];
        if (byte == '%' && i + 2 < len && sscanf(segment + i + 1, "%2x", &byte) == 1)
            i += 2;
        i++;
        if (n < ID_MAX)
            id[n] = (char)byte;
    }
    if (n > ID_MAX || !record_id_ok(id, n))
        n = 0;
    id[n] = '\0';
}

static int has_suffix(const char *text, size_t len, const char *suffix)
{
    size_t n = strlen(suffix);
    return len >= n && memcmp(text + len - n, suffix, n) == 0;
}

/* Does the path, less its action, fit the pattern? */
static int fits(const char *pattern, const char *path, size_t len, char id[ID_MAX + 1])
{
    const char *hole = strstr(pattern, "{id}");
    if (!hole) {
        id[0] = '\0';
        return strlen(pattern) == len && memcmp(pattern, path, len) == 0;
    }
    size_t before = (size_t)(hole - pattern), after = strlen(hole + 4);
    if (len <= before + after || memcmp(pattern, path, before) != 0 ||
        !has_suffix(path, len, hole + 4))
        return 0;
    size_t middle = len - before - after;
    if (memchr(path + before, '/', middle))
        return 0;
    read_id(path + before, middle, id);
    return 1;
}

static int route_fits(const struct route *route, const char *path, char id[ID_MAX + 1])
{
    char suffix[32];
    size_t len = strlen(path);
    snprintf(suffix, sizeof suffix, "%s%s", *route->action ? ":" : "", route->action);
    return has_suffix(path, len, suffix) && fits(route->pattern, path, len - strlen(suffix), id);
}

const struct route *routes_match(enum gate_method method, const char *path, char id[ID_MAX + 1],
                                 unsigned *allowed)
{
    const struct route *found = NULL;
    enum gate_method wanted = method == GATE_HEAD ? GATE_GET : method;
    char found_id[ID_MAX + 1] = "";
    *allowed = 0;
    /* an action first: no id ends in the name of one */
    for (int is_action = 1; is_action >= 0 && !*allowed; is_action--)
        for (size_t i = 0; i < routes_n; i++) {
            if ((*routes[i].action != '\0') != is_action || !route_fits(&routes[i], path, id))
                continue;
            *allowed |= 1u << routes[i].method;
            if (routes[i].method != wanted)
                continue;
            found = &routes[i];
            memcpy(found_id, id, sizeof found_id);
        }
    if (*allowed & (1u << GATE_GET))
        *allowed |= 1u << GATE_HEAD;
    memcpy(id, found_id, sizeof found_id);
    return found;
}

void routes_path(const struct route *route, const char *id, char *text, size_t room)
{
    const char *hole = strstr(route->pattern, "{id}");
    int before = hole ? (int)(hole - route->pattern) : (int)strlen(route->pattern);
    snprintf(text, room, "%.*s%s%s%s%s", before, route->pattern, hole ? id : "",
             hole ? hole + 4 : "", *route->action ? ":" : "", route->action);
}
