/* test_household.c - who waits together. */
#include "tests/check.h"

#include "models/household.h"

#include <stdio.h>
#include <string.h>

static void put(struct region *region, const char *id, const char *household,
                enum together together, enum applicant_state state)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, id);
    snprintf(person->household_id, sizeof person->household_id, "%s", household);
    person->together = together;
    person->state = state;
    region_put_take(region, &person->record);
}

static void check_members(const struct household *household, const char *id, int is_together,
                          const char *members)
{
    char ids[200] = "";
    for (size_t i = 0; i < household->n; i++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s;",
                 household->members[i]->record.id);
    CU_ASSERT_STRING_EQUAL(household->id, id);
    CU_ASSERT_EQUAL(!!household->is_together, is_together);
    CU_ASSERT_STRING_EQUAL(ids, members);
}

static void test_groups(void)
{
    struct region *region = region_new();
    struct households households;
    put(region, "B2", "H2", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    put(region, "A9", "H2", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    put(region, "A1", "", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    put(region, "C1", "H1", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    put(region, "C2", "H1", TOGETHER_INSTITUTION, APPLICANT_PARKED);
    put(region, "D1", "H3", TOGETHER_NONE, APPLICANT_WAITING);
    put(region, "D2", "H3", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    put(region, "D0", "H3", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    put(region, "E2", "H4", TOGETHER_NONE, APPLICANT_WAITING);
    put(region, "E1", "H4", TOGETHER_NONE, APPLICANT_WAITING);
    put(region, "F1", "H5", TOGETHER_INSTITUTION, APPLICANT_CLOSED);
    households_init(&households, region);
    CU_ASSERT_EQUAL_FATAL(households.n, 4);
    check_members(&households.list[0], "H1", 0, "C1;");
    check_members(&households.list[1], "H2", 1, "A9;B2;");
    check_members(&households.list[2], "H3", 1, "D0;D2;");
    check_members(&households.list[3], "H4", 0, "E1;E2;");
    households_clear(&households);
    region_free(region);
}

static void test_one_says_none(void)
{
    struct region *region = region_new();
    struct households households;
    put(region, "A1", "H", TOGETHER_NONE, APPLICANT_WAITING);
    put(region, "A2", "H", TOGETHER_INSTITUTION, APPLICANT_WAITING);
    households_init(&households, region);
    CU_ASSERT_EQUAL_FATAL(households.n, 1);
    check_members(&households.list[0], "H", 0, "A2;");
    households_clear(&households);
    region_free(region);
}

static void test_nobody(void)
{
    struct region *region = region_new();
    struct households households;
    households_init(&households, region);
    CU_ASSERT_EQUAL(households.n, 0);
    households_clear(&households);
    region_free(region);
}

static const struct check_test tests[] = {
    {"groups", test_groups},
    {"one_says_none", test_one_says_none},
    {"nobody", test_nobody},
};

CHECK_SUITE(suite_household, tests);
