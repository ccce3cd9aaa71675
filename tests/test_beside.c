/* test_beside.c - models/beside.c: the work is done by the end, once, whatever the caller does
 * meanwhile, with a thread or without. */
#include "models/beside.h"

#include "tests/check.h"
#include "tests/no_threads.h"

#include <stdint.h>

enum { NUMBERS = 1000 };

struct sum {
    int64_t total;
    int times;
};

static void add_up(void *context)
{
    struct sum *sum = context;
    for (int64_t number = 1; number <= NUMBERS; number++)
        sum->total += number;
    sum->times++;
}

static void do_all(void)
{
    for (int round = 0; round < 50; round++) {
        struct sum there = {0}, here = {0};
        struct beside *beside = beside_begin(add_up, &there);
        add_up(&here);
        beside_end(beside);
        CU_ASSERT_EQUAL(there.total, NUMBERS * (NUMBERS + 1) / 2);
        CU_ASSERT_EQUAL(there.total, here.total);
        CU_ASSERT_EQUAL(there.times, 1);
    }
    beside_end(NULL);
}

static void test_all_is_done(void)
{
    do_all();
    no_threads_begin();
    do_all();
    no_threads_end();
}

static const struct check_test tests[] = {{"all_is_done", test_all_is_done}};
CHECK_SUITE(suite_beside, tests);
