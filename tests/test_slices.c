/* test_slices.c - models/slices.c: every thing is visited once, whatever the number of stretches,
 * with threads or without. */
#include "models/slices.h"

#include "models/alloc.h"
#include "tests/check.h"
#include "tests/no_threads.h"
#include "tests/one_core.h"

#include <stdlib.h>

enum { THINGS = 1000 };

struct visits {
    int things[THINGS];
    size_t first[THINGS], end[THINGS]; /* by stretch */
};

static void visit(void *context, size_t slice, size_t first, size_t end)
{
    struct visits *visits = context;
    visits->first[slice] = first;
    visits->end[slice] = end;
    for (size_t i = first; i < end; i++)
        visits->things[i]++;
}

static void cover(void)
{
    static const size_t counts[] = {1, 2, 3, 7, 16, 100};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        for (size_t n = 0; n < THINGS; n += 37) {
            struct visits *visits = alloc_zero(1, sizeof *visits);
            slices_run(n, counts[k], visit, visits);
            size_t wrong = 0, at = 0;
            for (size_t s = 0; s < counts[k]; s++) {
                wrong += visits->first[s] != at;
                at = visits->end[s];
            }
            for (size_t i = 0; i < THINGS; i++)
                wrong += visits->things[i] != (i < n);
            CU_ASSERT_EQUAL(wrong + (at != n), 0);
            free(visits);
        }
}

static void test_cover(void)
{
    cover();
    no_threads_begin();
    cover();
    no_threads_end();
}

static void test_count(void)
{
    CU_ASSERT_EQUAL(slices_count(0, 10), 1);
    CU_ASSERT_EQUAL(slices_count(19, 10), 1);
    CU_ASSERT(slices_count(1000000, 1) <= SLICES_MAX);
    int n_cores = one_core_begin();
    CU_ASSERT_EQUAL(slices_count(1000000, 1), 1);
    one_core_end();
    if (n_cores > 1)
        CU_ASSERT_EQUAL(slices_count(20, 10), 2);
}

static const struct check_test tests[] = {
    {"slices_cover_all_once", test_cover},
    {"slices_by_cores", test_count},
};
CHECK_SUITE(suite_slices, tests);
