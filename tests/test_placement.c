/* test_placement.c - a plan becomes offers: groups, chains that are too long, what no longer holds.
 */
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"
#include "tests/small_region.h"

#include <string.h>

static void people_alone_are_groups_of_their_own(void)
{
    struct region *region = small_region();
    struct placement_groups groups;
    struct plan plan;
    small_plan(&plan, 3, (const char *[]){"A2", "P1", "A3", "P1", "A4", "P2"});
    placement_groups_init(region, &plan, 7, &groups);
    CU_ASSERT_EQUAL(groups.n, 2);
    CU_ASSERT_EQUAL(groups.list[0].n, 1);
    CU_ASSERT_EQUAL(groups.list[1].n, 2);
    CU_ASSERT_STRING_EQUAL(groups.list[1].members[0].offer_id, "R7-0002");
    placement_groups_clear(&groups);
    plan_clear(&plan);
    region_free(region);
}

/* With chains of 3: R1 to a free bed, R2 into R1's, A2 into R2's is 3; the policy of 2 cuts the
 * last. */
static void a_chain_too_long_is_cut_at_its_end(void)
{
    static const char policy[] = "{\"name\":\"short\",\"version\":1,\"objectives\":[\"need\"],"
                                 "\"points\":[],\"offer\":{\"answer_seconds\":100,"
                                 "\"admit_seconds\":1000,\"max_chain\":2}}";
    static const char *const pairs[] = {"A2", "P4", "R1", "P1", "R2", "P3"};
    struct region *region = small_region();
    struct placement_groups groups;
    struct change change;
    struct alm_error err;
    struct plan plan;
    err_init(&err);
    change_init(&change);
    small_plan(&plan, 3, pairs);
    placement_groups_init(region, &plan, 1, &groups);
    CU_ASSERT_EQUAL(groups.n, 1);
    CU_ASSERT_EQUAL(groups.n_cut, 0);
    placement_groups_clear(&groups);
    CU_ASSERT_EQUAL(vacancy_put_policy(region, policy, strlen(policy), SMALL_NOW, &change, &err),
                    0);
    CU_ASSERT_EQUAL(small_commit(region, &change), 0);
    placement_groups_init(region, &plan, 1, &groups);
    CU_ASSERT_EQUAL(groups.n_cut, 1);
    CU_ASSERT_EQUAL(groups.list[0].n, 2);
    CU_ASSERT_STRING_EQUAL(groups.list[0].members[0].placement.applicant_id, "R1");
    placement_groups_clear(&groups);
    change_clear(&change);
    err_clear(&err);
    plan_clear(&plan);
    region_free(region);
}

static void a_bed_gone_meanwhile_drops_its_group_only(void)
{
    struct region *region = small_region();
    struct change change;
    struct alm_error err;
    struct placement_groups groups;
    struct plan plan;
    err_init(&err);
    change_init(&change);
    small_plan(&plan, 2, (const char *[]){"A2", "P1", "A5", "P2"});
    placement_groups_init(region, &plan, 1, &groups);
    CU_ASSERT_EQUAL(vacancy_post(region, "P1", 2, 2, -1, SMALL_NOW, &change, &err), 0);
    CU_ASSERT_EQUAL(small_commit(region, &change), 0);
    CU_ASSERT_EQUAL(placement_decide(region, &groups.list[0], 1, SMALL_NOW, &change, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERR_REFUSED);
    change_clear(&change);
    CU_ASSERT_EQUAL(placement_decide(region, &groups.list[1], 1, SMALL_NOW, &change, &err), 0);
    CU_ASSERT_EQUAL(small_commit(region, &change), 0);
    placement_groups_clear(&groups);
    change_clear(&change);
    err_clear(&err);
    plan_clear(&plan);
    region_free(region);
}

static const struct check_test tests[] = {
    {"people_alone_are_groups_of_their_own", people_alone_are_groups_of_their_own},
    {"a_chain_too_long_is_cut_at_its_end", a_chain_too_long_is_cut_at_its_end},
    {"a_bed_gone_meanwhile_drops_its_group_only", a_bed_gone_meanwhile_drops_its_group_only},
};
CHECK_SUITE(suite_placement, tests);
