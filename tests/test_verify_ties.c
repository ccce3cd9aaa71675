/* test_verify_ties.c - a plan as good as the best one is refused when the order of ties asks for
 * another, also when somebody earlier has to change beds within a pool for it. Drawn worlds:
 * test_verify.c. */
#include "tests/check.h"
#include "tests/small_city.h"

#include "solver/result.h"
#include "solver/verify.h"

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

static void city_init(struct small_city *city)
{
    const char *const texts[] = {homes, pools, people};
    small_city_init(city, texts, rules);
    CU_ASSERT_EQUAL_FATAL(city->plan.n_placements, 3);
}

/* Everybody has a place. */
static struct placement *place_of(struct small_city *city, const char *id)
{
    struct placement *place = city->plan.placements;
    while (strcmp(place->applicant_id, id) != 0)
        place++;
    return place;
}

static int verify(struct small_city *city)
{
    int proved = 0;
    result_seal(&city->plan, &city->certificate);
    int result = verify_plan(city->region, city->policy, &city->plan, &city->certificate, &proved,
                             &city->err);
    return result == 0 && proved;
}

/* The two change places, and nothing gets worse by it. */
static void swap(struct small_city *city, const char *one, const char *two)
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
    struct small_city city;
    city_init(&city);
    CU_ASSERT(verify(&city));
    CU_ASSERT_STRING_EQUAL(place_of(&city, "A3")->pool_id, "P2");
    swap(&city, "A3", "B2");
    CU_ASSERT(!verify(&city));
    CU_ASSERT_STRING_EQUAL(city.err.message,
                           "ties: applicant B2 could be in pool P1 (rank 0, 0 m) in a plan that is "
                           "as good, with nobody before them elsewhere");
    small_city_clear(&city);
}

/* Of two who could be better off the first in the order of ties is named. */
static void test_who_is_named(void)
{
    struct small_city city;
    city_init(&city);
    swap(&city, "A3", "Z1");
    CU_ASSERT(!verify(&city));
    CU_ASSERT_PTR_NOT_NULL(strstr(city.err.message, "ties: applicant Z1 could be in pool P1"));
    small_city_clear(&city);
}

static const struct check_test tests[] = {
    {"within_a_pool", test_within_a_pool},
    {"who_is_named", test_who_is_named},
};
CHECK_SUITE(suite_verify_ties, tests);
