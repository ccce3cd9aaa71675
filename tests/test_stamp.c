/* test_stamp.c - models/stamp.c. */
#include "tests/check.h"

#include "models/stamp.h"

#include <stdlib.h>
#include <time.h>

static void test_parse_known(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"1970-01-01", 0},
        {"1970-01-01T00:00:00Z", 0},
        {"2025-03-01", 1740787200},
        {"2025-03-01T08:00:00+08:00", 1740787200},
        {"2025-02-28T19:30:00-04:30", 1740787200},
        {"2025-03-01t00:00:01.999z", 1740787201},
        {"2025-03-01 00:00:00Z", 1740787200},
        {"1969-12-31T23:59:59Z", -1},
        {"2000-02-29", 951782400},
        {"1990-12-31T23:59:60Z", 662688000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t seconds = 42;
        CU_ASSERT_EQUAL(stamp_parse(cases[i].text, &seconds), 0);
        CU_ASSERT_EQUAL(seconds, cases[i].seconds);
    }
}

static void test_parse_refuses(void)
{
    static const char *const bad[] = {"",
                                      "2025",
                                      "2025-3-1",
                                      "2025-02-29",
                                      "1900-02-29",
                                      "2025-13-01",
                                      "2025-00-10",
                                      "2025-04-31",
                                      "2025-03-01T",
                                      "2025-03-01T08:00",
                                      "2025-03-01T08:00:00",
                                      "2025-03-01T24:00:00Z",
                                      "2025-03-01T08:60:00Z",
                                      "2025-03-01T08:00:61Z",
                                      "2025-03-01T08:00:00.Z",
                                      "2025-03-01T08:00:00+8:00",
                                      "2025-03-01T08:00:00+24:00",
                                      "2025-03-01T08:00:00Zx",
                                      "2025-03-01 ",
                                      " 2025-03-01",
                                      "2025/03/01",
                                      "0000-01-01T00:00:00+01:00",
                                      "9999-12-31T23:59:59-00:01",
                                      "45717",
                                      "today",
                                      "2025-03-01T08:00:00+"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t seconds = 42;
        CU_ASSERT_EQUAL(stamp_parse(bad[i], &seconds), -1);
        CU_ASSERT_EQUAL(seconds, 42);
    }
}

static void test_parse_date(void)
{
    static const char *const same[] = {"1941-05-06", "1941/5/6", "1941-5-6", "1941/05/06", "15102"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        int64_t seconds = 0;
        char text[STAMP_TEXT];
        CU_ASSERT_EQUAL(stamp_parse_date(same[i], &seconds), 0);
        CU_ASSERT_STRING_EQUAL(stamp_format_date(seconds, text), "1941-05-06");
    }
    static const char *const bad[] = {
        "",       "1941/5-6", "1941-05-06T00:00:00Z", "41/5/6",   "1941/5/",  "1941//6",
        "151020", "1510",     "1941/02/30",           "1941.5.6", "1941/5/6 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t seconds;
        CU_ASSERT_EQUAL(stamp_parse_date(bad[i], &seconds), -1);
    }
}

/* The C library's calendar says the same, before 1970 and after 2038 too. */
static void test_format_like_libc(void)
{
    srand(7);
    for (int i = 0; i < 20000; i++) {
        int64_t seconds = ((int64_t)rand() << 8) % 500000000000 - 60000000000;
        /* years 1000 to 9999: strftime does not pad the year */
        if (seconds < -30610224000 || seconds > 253402300799)
            continue;
        time_t moment = (time_t)seconds;
        struct tm tm;
        char expected[STAMP_TEXT], text[STAMP_TEXT];
        gmtime_r(&moment, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm);
        CU_ASSERT_STRING_EQUAL(stamp_format(seconds, text), expected);
        int64_t again = 0;
        CU_ASSERT_EQUAL(stamp_parse(text, &again), 0);
        CU_ASSERT_EQUAL(again, seconds);
        expected[10] = '\0';
        CU_ASSERT_STRING_EQUAL(stamp_format_date(seconds, text), expected);
    }
}

static void test_days(void)
{
    CU_ASSERT_EQUAL(stamp_days(0, 86399), 0);
    CU_ASSERT_EQUAL(stamp_days(0, 86400), 1);
    CU_ASSERT_EQUAL(stamp_days(-1, 86399), 1);
    CU_ASSERT_EQUAL(stamp_days(86400, 0), 0);
    CU_ASSERT_EQUAL(stamp_days(STAMP_NONE, 0), 0);
    CU_ASSERT_EQUAL(stamp_days(INT64_MAX, -2), 0);
}

static const struct check_test tests[] = {
    {"stamp_parse_known", test_parse_known},
    {"stamp_parse_refuses", test_parse_refuses},
    {"stamp_parse_date", test_parse_date},
    {"stamp_format_like_libc", test_format_like_libc},
    {"stamp_days", test_days},
};
CHECK_SUITE(suite_stamp, tests);
