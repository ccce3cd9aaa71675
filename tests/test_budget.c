/* test_budget.c - shares of a limit of work: whatever the limit, a share is so much of it. */
#include "solver/budget.h"

#include "tests/check.h"

static int64_t share_of(int64_t limit, int64_t work, int percent)
{
    const struct budget budget = {.work_limit = limit, .work = work};
    return budget_share(&budget, percent).work_limit;
}

static void test_shares_of_work(void)
{
    CU_ASSERT_EQUAL(share_of(0, 7, 50), 0); /* no limit */
    CU_ASSERT_EQUAL(share_of(1000, 0, 88), 881);
    CU_ASSERT_EQUAL(share_of(1199, 1000, 50), 1100);
    CU_ASSERT_EQUAL(share_of(1000, 1000, 20), 1001);
}

/* Greater than a hundredth of the greatest number: the product with a percentage would not fit. */
static void test_shares_of_much_work(void)
{
    const int64_t most = INT64_MAX, percent = most / 100;
    CU_ASSERT_EQUAL(share_of(most, 0, 20), percent * 20 + 7 * 20 / 100 + 1);
    CU_ASSERT_EQUAL(share_of(most, 1000, 88), (most - 1000) / 100 * 88 + 7 * 88 / 100 + 1000 + 1);
    CU_ASSERT_EQUAL(share_of(most, 0, 100), most);
    CU_ASSERT_EQUAL(share_of(most, 1000, 100), most);
    CU_ASSERT_EQUAL(share_of(percent * 2, 0, 50), percent + 1);
    for (int share = 1; share <= 100; share++)
        CU_ASSERT(share_of(most, 5, share) > percent * (share - 1));
}

/* A share of a share, as a search within a stage has it. */
static void test_shares_in_turn(void)
{
    struct budget budget = {.work_limit = INT64_MAX, .work = 10};
    struct budget before = budget_narrow(&budget, 50);
    CU_ASSERT(budget.work_limit > INT64_MAX / 2 - 100);
    CU_ASSERT(budget_share(&budget, 50).work_limit > INT64_MAX / 4 - 100);
    CU_ASSERT_FALSE(budget_is_spent(&budget));
    budget_widen(&budget, &before);
    CU_ASSERT_EQUAL(budget.work_limit, INT64_MAX);
}

static const struct check_test tests[] = {{"shares", test_shares_of_work},
                                          {"much", test_shares_of_much_work},
                                          {"turns", test_shares_in_turn}};
CHECK_SUITE(suite_budget, tests);
