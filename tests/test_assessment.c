/* test_assessment.c - the national scale and how long an assessment is valid. */
#include "tests/check.h"

#include "models/assessment.h"
#include "models/stamp.h"

static void test_totals(void)
{
    static const struct {
        int total, level;
    } borders[] = {{90, 0}, {89, 1}, {66, 1}, {65, 2}, {46, 2}, {45, 3}, {30, 3}, {29, 4}, {0, 4}};
    for (size_t i = 0; i < sizeof borders / sizeof borders[0]; i++)
        CU_ASSERT_EQUAL(assessment_gbt42195_level(borders[i].total, 0, 0, 0, 0), borders[i].level);
}

static void test_one_level_worse(void)
{
    CU_ASSERT_EQUAL(assessment_gbt42195_level(90, 0, 1, 0, 0), 1);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(90, 0, 0, 1, 0), 1);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(90, 0, 0, 0, 1), 0);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(90, 0, 0, 0, 2), 1);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(70, 0, 1, 1, 5), 4);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(46, 0, 1, 0, 2), 4);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(30, 0, 1, 1, 2), 4);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(0, 0, 1, 0, 0), 4);
    /* any value but 0 is yes, and counts once */
    CU_ASSERT_EQUAL(assessment_gbt42195_level(90, 0, 7, 0, 0), 1);
}

static void test_coma(void)
{
    CU_ASSERT_EQUAL(assessment_gbt42195_level(90, 1, 0, 0, 0), 4);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(10, 1, 1, 1, 9), 4);
}

static void test_out_of_range(void)
{
    CU_ASSERT_EQUAL(assessment_gbt42195_level(91, 0, 0, 0, 0), -1);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(-1, 1, 0, 0, 0), -1);
    CU_ASSERT_EQUAL(assessment_gbt42195_level(50, 0, 0, 0, -1), -1);
}

static void test_validity(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    int64_t day = 0;
    CU_ASSERT_EQUAL(stamp_parse("2025-03-01", &day), 0);
    CU_ASSERT(assessment_is_valid(person, day));
    person->assessment_valid_until = day;
    CU_ASSERT(assessment_is_valid(person, day - 1));
    CU_ASSERT(assessment_is_valid(person, day + STAMP_DAY_S - 1));
    CU_ASSERT_FALSE(assessment_is_valid(person, day + STAMP_DAY_S));
    record_free(&person->record);
}

static const struct check_test tests[] = {
    {"totals", test_totals},     {"one_level_worse", test_one_level_worse},
    {"coma", test_coma},         {"out_of_range", test_out_of_range},
    {"validity", test_validity},
};

CHECK_SUITE(suite_assessment, tests);
