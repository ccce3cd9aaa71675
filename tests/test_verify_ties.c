/* test_verify_ties.c - a plan as good as the best one is refused when the order of ties asks for
 * another, also when somebody earlier has to change beds within a pool for it. Drawn worlds:
 * test_verify.c. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/world.h"
#include "solver/result.h"
#include "solver/solver.h"
#include "solver/verify.h"

#include <stdlib.h>
#include <string.h>

static const char homes[] = "institution_id,name,lat,lon\nH1,Near House,31.2,121.5\n"
                            "H2,Far House,31.2,121.5\n";
/* One bed of P1 is kept for class k; all three beds are wanted by three people. */
static const char pools[] = "pool_id,institution_id,kind,beds_usable,beds_occupied,max_level,"
                            "reserved_for\nP1,H1,nursing,2,0,6,k:1\nP2,H2,nursing,1,0,6,\n";
/* Z1 comes before B2, and B2 before A3; all would rather be in H1. Of the two of the class A3 is
 * taken to have the kept bed, so Z1 has to take it when B2 is to have the open one. */
static const char people[] = "applicant_id,applied_at,lat,lon,level,kinds,class,preferences\n"
                             "A3,2025-01-03,31.2,121.5,4,nursing,k,H1;H2\n"
                             "B2,2025-01-02,31.2,121.5,4,nursing,,H1;H2\n"
                             "Z1,2025-01-01,31.2,121.5,4,nursing,k,H1;H2\n";
static const char rules[] = "{\"name\":\"city\",\"version\":1,\"objectives\":[\"need\"],"
                            "\"points\":[{\"name\":\"level\",\"type\":\"table\","
                            "\"field\":\"level\",\"points\":{\"4\":70}}]}";

struct city {
    struct region *region;
    struct policy *policy;
    struct plan plan;
    struct certificate certificate;
    struct alm_error err;
};

static void city_init(struct city *city)
{
    static const struct world_options options;
    static const struct solver_options how;
    const char *const texts[] = {homes, pools, people};
    struct world_files files = {0};
    struct alm_error notes;
    err_init(&notes);
    err_init(&city->err);
    for (int f = 0; f < 3; f++) {
        files.bytes[f] = alloc_string(texts[f]);
        files.len[f] = strlen(texts[f]);
    }
    city->region = world_read(&files, &options, &notes, &city->err);
    city->policy = policy_from_json(rules, strlen(rules), &city->err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(city->region);
    CU_ASSERT_PTR_NOT_NULL_FATAL(city->policy);
    CU_ASSERT_EQUAL_FATAL(solver_run(city->region, city->policy, 1740787200, &how, &city->plan,
                                     &city->certificate, &city->err),
                          0);
    CU_ASSERT_EQUAL_FATAL(city->plan.n_placements, 3);
    world_files_clear(&files);
    err_clear(&notes);
}

static void city_clear(struct city *city)
{
    plan_clear(&city->plan);
    certificate_clear(&city->certificate);
    policy_free(city->policy);
    region_free(city->region);
    err_clear(&city->err);
}

/* Everybody has a place. */
static struct placement *place_of(struct city *city, const char *id)
{
    struct placement *place = city->plan.placements;
    while (strcmp(place->applicant_id, id) != 0)
        place++;
    return place;
}

static int verify(struct city *city)
{
    int proved = 0;
    result_seal(&city->plan, &city->certificate);
    int result = verify_plan(city->region, city->policy, &city->plan, &city->certificate, &proved,
                             &city->err);
    return result == 0 && proved;
}

/* The two change places, and nothing gets worse by it. */
static void swap(struct city *city, const char *one, const char *two)
{
    struct placement *a = place_of(city, one), *b = place_of(city, two), kept;
    kept = *a;
    strcpy(a->pool_id, b->pool_id);
    a->rank = b->rank;
    strcpy(b->pool_id, kept.pool_id);
    b->rank = kept.rank;
}

static void test_within_a_pool(void)
{
    struct city city;
    city_init(&city);
    CU_ASSERT(verify(&city));
    CU_ASSERT_STRING_EQUAL(place_of(&city, "A3")->pool_id, "P2");
    swap(&city, "A3", "B2");
    CU_ASSERT(!verify(&city));
    CU_ASSERT_STRING_EQUAL(city.err.message,
                           "ties: applicant B2 could be in pool P1 (rank 0, 0 m) in a plan that is "
                           "as good, with nobody before them elsewhere");
    city_clear(&city);
}

/* Of two who could be better off the first in the order of ties is named. */
static void test_who_is_named(void)
{
    struct city city;
    city_init(&city);
    swap(&city, "A3", "Z1");
    CU_ASSERT(!verify(&city));
    CU_ASSERT_PTR_NOT_NULL(strstr(city.err.message, "ties: applicant Z1 could be in pool P1"));
    city_clear(&city);
}

static const struct check_test tests[] = {
    {"within_a_pool", test_within_a_pool},
    {"who_is_named", test_who_is_named},
};
CHECK_SUITE(suite_verify_ties, tests);
