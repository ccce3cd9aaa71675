/* Tests of api/routes.c and api/auth.c: the table against itself, and whose objects a token sees.
 */
#include "tests/check.h"

#include "api/auth.h"
#include "api/routes.h"
#include "models/fields.h"
#include "tests/api_seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every path leads to its own route, and the id comes through. */
static void test_every_route_is_found(void)
{
    for (size_t i = 0; i < routes_n; i++) {
        char path[128], id[ID_MAX + 1];
        unsigned allowed;
        int has_id = strstr(routes[i].pattern, "{id}") != NULL;
        routes_path(&routes[i], "A:1.b_c-d", path, sizeof path);
        const struct route *found = routes_match(routes[i].method, path, id, &allowed);
        CU_ASSERT_PTR_EQUAL(found, &routes[i]);
        CU_ASSERT_STRING_EQUAL(id, has_id ? "A:1.b_c-d" : "");
        CU_ASSERT(allowed & (1u << routes[i].method));
        CU_ASSERT_EQUAL(has_id, routes[i].object != ROUTE_NOTHING);
        CU_ASSERT(routes[i].roles != 0 && *routes[i].meaning);
        found = routes_match(GATE_DELETE, path, id, &allowed);
        CU_ASSERT_PTR_NULL(found);
        CU_ASSERT_NOT_EQUAL(allowed, 0);
    }
}

static void test_paths_that_lead_nowhere(void)
{
    static const char *const paths[] = {"/",
                                        "/v1",
                                        "/v1/",
                                        "/v1/applicant",
                                        "/v1/applicants/",
                                        "/v1/applicantsX",
                                        "/v1/applicants/A/B",
                                        "/v1/applicants/A/explanation/",
                                        "/v1/offers:batch/x",
                                        "/v2/applicants",
                                        "/livez/x"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char id[ID_MAX + 1];
        unsigned allowed;
        CU_ASSERT_PTR_NULL(routes_match(GATE_GET, paths[i], id, &allowed));
        CU_ASSERT_EQUAL(allowed, 0);
    }
}

static const char *matched_id(enum gate_method method, const char *path, char id[ID_MAX + 1])
{
    unsigned allowed;
    CU_ASSERT_PTR_NOT_NULL(routes_match(method, path, id, &allowed));
    return id;
}

static void test_ids(void)
{
    char id[ID_MAX + 1], path[256], text[ID_MAX + 2];
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_GET, "/v1/applicants/A%3A1", id), "A:1");
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_POST, "/v1/applicants/A:x:park", id), "A:x");
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_GET, "/v1/applicants/A:parked", id), "A:parked");
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_GET, "/v1/applicants/A%20B", id), "");
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_GET, "/v1/applicants/A%2FB", id), "");
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_HEAD, "/v1/applicants/A", id), "A");
    memset(text, 'a', ID_MAX);
    text[ID_MAX] = '\0';
    snprintf(path, sizeof path, "/v1/applicants/%s", text);
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_GET, path, id), text);
    snprintf(path, sizeof path, "/v1/applicants/%sa", text);
    CU_ASSERT_STRING_EQUAL(matched_id(GATE_GET, path, id), "");
}

/* An id that ends in the name of an action could not be reached: no record may have one. */
static void test_actions_are_refused_as_ids(void)
{
    for (size_t i = 0; i < routes_n; i++) {
        char id[ID_MAX + 1];
        struct alm_error err;
        if (!*routes[i].action)
            continue;
        err_init(&err);
        snprintf(id, sizeof id, "A1:%s", routes[i].action);
        struct record *record = record_new(RECORD_APPLICANT, id);
        CU_ASSERT_EQUAL(fields_check(record, "/", &err), -1);
        record_free(record);
        err_clear(&err);
    }
}

static void test_who_sees_what(void)
{
    static const struct token north = {.role = ROLE_DISTRICT, .scope = "North"};
    static const struct token south = {.role = ROLE_DISTRICT, .scope = "South"};
    static const struct token home = {.role = ROLE_INSTITUTION, .scope = "I1"};
    static const struct token admin = {.role = ROLE_ADMIN};
    struct region *region = api_seed_region();
    for (size_t i = 0; i < routes_n; i++)
        for (int is_own = 0; is_own < 2; is_own++) {
            char id[ID_MAX + 1];
            enum route_object object = routes[i].object;
            if (object == ROUTE_NOTHING || object == ROUTE_ROUND)
                continue;
            api_seed_id(i, 0, is_own, id);
            int of_person = object == ROUTE_APPLICANT || object == ROUTE_OFFER;
            int is_resident = strcmp(routes[i].action, "move") == 0;
            int of_home = object != ROUTE_APPLICANT || is_resident;
            CU_ASSERT_PTR_NOT_NULL(auth_find(&admin, region, object, id));
            if (of_person) {
                CU_ASSERT_EQUAL(auth_find(&north, region, object, id) != NULL, is_own);
                CU_ASSERT_EQUAL(auth_find(&south, region, object, id) != NULL, !is_own);
            }
            CU_ASSERT_EQUAL(auth_find(&home, region, object, id) != NULL, of_home && is_own);
            CU_ASSERT_PTR_NULL(auth_find(&admin, region, object, "missing"));
            CU_ASSERT_PTR_NULL(auth_find(&admin, region, object, ""));
        }
    region_free(region);
}

static const struct check_test tests[] = {
    {"every route is found", test_every_route_is_found},
    {"paths that lead nowhere", test_paths_that_lead_nowhere},
    {"ids in paths", test_ids},
    {"actions are refused as ids", test_actions_are_refused_as_ids},
    {"who sees what", test_who_sees_what},
};
CHECK_SUITE(suite_routes, tests);
