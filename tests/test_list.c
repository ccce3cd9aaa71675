/* test_list.c - models/list.c. */
#include "tests/check.h"

#include "models/list.h"

#include <string.h>

static void test_add_and_find(void)
{
    struct list list = {0};
    for (int i = 0; i < 100; i++)
        list_add(&list, i % 2 ? "odd" : "evening", i % 2 ? 3 : 4);
    CU_ASSERT_EQUAL(list.n, 100);
    CU_ASSERT_STRING_EQUAL(list.items[0], "even");
    CU_ASSERT_STRING_EQUAL(list.items[99], "odd");
    CU_ASSERT_EQUAL(list_index(&list, "odd"), 1);
    CU_ASSERT_EQUAL(list_index(&list, "evening"), 100);
    CU_ASSERT_TRUE(list_has(&list, "even"));
    CU_ASSERT_FALSE(list_has(&list, ""));
    list_clear(&list);
    CU_ASSERT_EQUAL(list.n, 0);
    CU_ASSERT_PTR_NULL(list.items);
}

static void test_copy_is_deep(void)
{
    struct list list = {0}, copy;
    list_add(&list, "a", 1);
    list_add(&list, "", 0);
    list_add(&list, "c", 1);
    list_copy(&copy, &list);
    list_clear(&list);
    CU_ASSERT_EQUAL(copy.n, 3);
    CU_ASSERT_STRING_EQUAL(copy.items[1], "");
    list_add(&copy, "d", 1); /* the copy has its own room to grow */
    CU_ASSERT_STRING_EQUAL(copy.items[3], "d");
    list_clear(&copy);
}

static const struct check_test tests[] = {
    {"list_add_and_find", test_add_and_find},
    {"list_copy_is_deep", test_copy_is_deep},
};
CHECK_SUITE(suite_list, tests);
