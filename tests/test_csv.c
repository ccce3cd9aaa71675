/* test_csv.c - models/csv.c. */
#include "tests/check.h"

#include "models/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int parse(const char *text, int skip_bad, struct csv *csv, struct alm_error *err)
{
    err_init(err);
    return csv_parse("t.csv", text, strlen(text), skip_bad, csv, err);
}

static void test_plain(void)
{
    struct csv csv;
    struct alm_error err;
    CU_ASSERT_EQUAL_FATAL(parse("\xEF\xBB\xBF"
                                "a,b\r\n1,2\r\n\r\n,\r\n3,\r\n,,\r\n",
                                1, &csv, &err),
                          0);
    CU_ASSERT_EQUAL(err.n_issues, 0);
    CU_ASSERT_EQUAL(csv.header.n, 2);
    CU_ASSERT_STRING_EQUAL(csv.header.cells[0], "a");
    CU_ASSERT_EQUAL_FATAL(csv.n, 2);
    CU_ASSERT_EQUAL(csv.rows[1].line, 5);
    CU_ASSERT_STRING_EQUAL(csv.rows[1].cells[0], "3");
    CU_ASSERT_STRING_EQUAL(csv.rows[1].cells[1], "");
    CU_ASSERT_EQUAL(csv_column(&csv, "b"), 1);
    CU_ASSERT_EQUAL(csv_column(&csv, "c"), SIZE_MAX);
    csv_clear(&csv);
    err_clear(&err);
}

static void test_quotes(void)
{
    struct csv csv;
    struct alm_error err;
    CU_ASSERT_EQUAL_FATAL(
        parse("a,b,c\n\"x\"\"y\",\"1\n2\r\n3\",\"\"\n\"\"\"\",\",\",z\rq,r,s", 0, &csv, &err), 0);
    CU_ASSERT_EQUAL_FATAL(csv.n, 3);
    CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[0], "x\"y");
    CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[1], "1\n2\r\n3");
    CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[2], "");
    CU_ASSERT_EQUAL(csv.rows[0].line, 2);
    CU_ASSERT_STRING_EQUAL(csv.rows[1].cells[0], "\"");
    CU_ASSERT_STRING_EQUAL(csv.rows[1].cells[1], ",");
    CU_ASSERT_EQUAL(csv.rows[1].line, 5);
    CU_ASSERT_EQUAL(csv.rows[2].line, 6);
    CU_ASSERT_STRING_EQUAL(csv.rows[2].cells[2], "s");
    csv_clear(&csv);
}

/* Each text has one broken row, on the line given; without skipping nothing is taken. */
static void test_broken_rows(void)
{
    static const struct {
        const char *text, *pointer;
        size_t kept;
    } cases[] = {
        {"a,b\n1,2\n\"3,4\n5,6\n", "t.csv:3", 2}, {"a,b\n\"1\"x,2\n5,6\n", "t.csv:2", 1},
        {"a,b\n1,2\"\n5,6\n", "t.csv:2", 1},      {"a,b\n1\n5,6\n", "t.csv:2", 1},
        {"a,b\n5,6\n1,2,3\n", "t.csv:3", 1},      {"a,b\n\"5\n6\",7\n1\n", "t.csv:4", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csv csv;
        struct alm_error err;
        CU_ASSERT_EQUAL(parse(cases[i].text, 0, &csv, &err), -1);
        CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
        err_clear(&err);
        CU_ASSERT_EQUAL_FATAL(parse(cases[i].text, 1, &csv, &err), 0);
        CU_ASSERT_EQUAL_FATAL(err.n_issues, 1);
        CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, cases[i].pointer);
        CU_ASSERT_EQUAL(csv.n, cases[i].kept);
        csv_clear(&csv);
        err_clear(&err);
    }
}

/* No row of data may become the header because the header is broken. */
static void test_broken_header(void)
{
    static const char *const texts[] = {"a,\"b\n1,2\n3,4\n", "a\"b,c\n1,2\n",
                                        "\xE7,b\n\xE7\x89\xB9,2\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct csv csv;
        struct alm_error err;
        CU_ASSERT_EQUAL(parse(texts[i], 1, &csv, &err), -1);
        CU_ASSERT_EQUAL(err.n_issues, 2);
        CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "t.csv:1");
        err_clear(&err);
    }
}

static void test_nul_and_bad_bytes(void)
{
    struct csv csv;
    struct alm_error err;
    err_init(&err);
    static const char nul[] = "a,b\n1,\0\n5,6\n";
    CU_ASSERT_EQUAL(csv_parse("t.csv", nul, sizeof nul - 1, 1, &csv, &err), 0);
    CU_ASSERT_EQUAL(err.n_issues, 1);
    CU_ASSERT_EQUAL(csv.n, 1);
    csv_clear(&csv);
    err_clear(&err);
    /* one damaged row of a UTF-8 file does not make it GB18030 */
    CU_ASSERT_EQUAL_FATAL(parse("a,b\n\xE7\x89\xB9,2\n\xE5\x9B\xB0,4\n\xE5\x9B,6\n", 1, &csv, &err),
                          0);
    CU_ASSERT_EQUAL_FATAL(err.n_issues, 1);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "t.csv:4");
    CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[0], "\xE7\x89\xB9");
    csv_clear(&csv);
    err_clear(&err);
    CU_ASSERT_EQUAL(parse("", 1, &csv, &err), -1);
    CU_ASSERT_EQUAL(err.n_issues, 1);
    err_clear(&err);
}

static void test_gb18030(void)
{
    struct csv csv;
    struct alm_error err;
    /* "name" and two characters each of which is four, two bytes long */
    CU_ASSERT_EQUAL_FATAL(parse("name,b\r\n\xCC\xD8\xC0\xA7,\x81\x30\x81\x34\r\n", 0, &csv, &err),
                          0);
    CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[0], "\xE7\x89\xB9\xE5\x9B\xB0");
    CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[1], "\xC2\x84");
    csv_clear(&csv);
}

static void test_title_row(void)
{
    struct csv csv;
    struct alm_error err;
    CU_ASSERT_EQUAL(parse("Homes of the district,,\na,b,c\n1,2,3\n", 1, &csv, &err), -1);
    CU_ASSERT_EQUAL_FATAL(err.n_issues, 1);
    CU_ASSERT_STRING_EQUAL(err.issues[0].pointer, "t.csv:1");
    CU_ASSERT_PTR_NOT_NULL(strstr(err.issues[0].detail, "title"));
    err_clear(&err);
    CU_ASSERT_EQUAL(parse("Homes\na,b,c\n1,2,3\n", 0, &csv, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "title"));
    err_clear(&err);
    CU_ASSERT_EQUAL(parse("a\n1\n2\n", 0, &csv, &err), 0); /* one column is a table too */
    CU_ASSERT_EQUAL(csv.n, 2);
    csv_clear(&csv);
}

static void add_random_text(struct buffer *out)
{
    static const char *const parts[] = {"a", ",", "\"", "\r\n", "\n", "\r", "\xE7\x89\xB9",
                                        " ", "="};
    for (int n = rand() % 5; n > 0; n--)
        buffer_text(out, parts[rand() % 9]);
}

/* What csv_add_cell writes, csv_parse reads. */
static void test_round_trip(void)
{
    enum { COLUMNS = 4 };
    srand(11);
    for (int round = 0; round < 2000; round++) {
        struct buffer cells[COLUMNS] = {{0}}, out = {0};
        struct csv csv;
        struct alm_error err;
        buffer_text(&out, "k,b,c,d\n");
        for (int i = 0; i < COLUMNS; i++) {
            buffer_text(&cells[i], i ? "" : "k");
            add_random_text(&cells[i]);
            csv_add_cell(&out, cells[i].bytes, i == 0, 0);
        }
        buffer_text(&out, round % 2 ? "\n" : "\r\n");
        CU_ASSERT_EQUAL_FATAL(parse(out.bytes, 0, &csv, &err), 0);
        CU_ASSERT_EQUAL_FATAL(csv.n, 1);
        for (int i = 0; i < COLUMNS; i++) {
            CU_ASSERT_STRING_EQUAL(csv.rows[0].cells[i], cells[i].bytes);
            buffer_clear(&cells[i]);
        }
        csv_clear(&csv);
        buffer_clear(&out);
    }
}

/* Text that stands in the row already is quoted like a cell that is added. */
static void test_end_cell(void)
{
    static const char *const texts[] = {"", "plain", "a,b", "say \"so\"", "two\nlines", "=1", "\""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buffer one = {0}, other = {0};
        csv_add_cell(&one, "first", 1, 0);
        csv_add_cell(&one, texts[i], 0, 0);
        buffer_text(&other, "first,");
        buffer_text(&other, texts[i]);
        csv_end_cell(&other, strlen("first,"));
        CU_ASSERT_STRING_EQUAL(one.bytes, other.bytes);
        CU_ASSERT_EQUAL(one.len, other.len);
        buffer_clear(&one);
        buffer_clear(&other);
    }
}

static void test_guard(void)
{
    struct buffer out = {0};
    csv_add_cell(&out, "=1+1", 1, 1);
    csv_add_cell(&out, "=1", 0, 0);
    csv_add_cell(&out, "-2", 0, 1);
    csv_add_cell(&out, "", 0, 1);
    CU_ASSERT_STRING_EQUAL(out.bytes, "\"'=1+1\",=1,\"'-2\",");
    buffer_clear(&out);
}

static const struct check_test tests[] = {
    {"csv_plain", test_plain},
    {"csv_quotes", test_quotes},
    {"csv_broken_rows", test_broken_rows},
    {"csv_broken_header", test_broken_header},
    {"csv_nul_and_bad_bytes", test_nul_and_bad_bytes},
    {"csv_gb18030", test_gb18030},
    {"csv_title_row", test_title_row},
    {"csv_round_trip", test_round_trip},
    {"csv_end_cell", test_end_cell},
    {"csv_guard", test_guard},
};
CHECK_SUITE(suite_csv, tests);
