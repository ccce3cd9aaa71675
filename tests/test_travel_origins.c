/* test_travel_origins.c - models/travel_origins.c. */
#include "models/travel_origins.h"

#include "tests/check.h"

#include <string.h>

static void add(struct region *region, const char *from, const char *to, int64_t metres)
{
    struct travel *row = (struct travel *)record_new(RECORD_TRAVEL, "");
    strcpy(row->from_id, from);
    strcpy(row->institution_id, to);
    row->metres = metres;
    travel_id(from, to, row->record.id);
    region_put_take(region, &row->record);
}

static void test_rows(void)
{
    struct region *region = region_new();
    struct travel_origins origins;
    size_t n = 9;
    add(region, "V2", "H1", 5);
    add(region, "V1", "H3", 70);
    add(region, "V1", "H1", 70);
    add(region, "V1", "H2", 8);
    add(region, "V10", "H1", 1);
    travel_origins_init(&origins, region);
    const struct travel *const *rows = travel_origins_find(&origins, "V1", &n);
    CU_ASSERT_EQUAL_FATAL(n, 3);
    CU_ASSERT_STRING_EQUAL(rows[0]->institution_id, "H2");
    CU_ASSERT_STRING_EQUAL(rows[1]->institution_id, "H1");
    CU_ASSERT_STRING_EQUAL(rows[2]->institution_id, "H3");
    travel_origins_find(&origins, "V2", &n);
    CU_ASSERT_EQUAL(n, 1);
    travel_origins_find(&origins, "V3", &n);
    CU_ASSERT_EQUAL(n, 0);
    travel_origins_find(&origins, "A", &n);
    CU_ASSERT_EQUAL(n, 0);
    travel_origins_clear(&origins);
    region_free(region);
}

static void test_none(void)
{
    struct region *region = region_new();
    struct travel_origins origins;
    size_t n = 9;
    travel_origins_init(&origins, region);
    travel_origins_find(&origins, "V1", &n);
    CU_ASSERT_EQUAL(n, 0);
    travel_origins_clear(&origins);
    region_free(region);
}

static const struct check_test tests[] = {
    {"travel_origins_rows", test_rows},
    {"travel_origins_none", test_none},
};
CHECK_SUITE(suite_travel_origins, tests);
