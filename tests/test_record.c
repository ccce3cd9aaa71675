/* test_record.c - models/record.c and the memory of models/fields.c. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/record.h"
#include "models/stamp.h"

#include <stdlib.h>
#include <string.h>

static struct pool *new_pool(int64_t approved, int64_t usable, int64_t staffed, int64_t occupied,
                             int64_t committed)
{
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, "P1");
    pool->beds_approved = approved;
    pool->beds_usable = usable;
    pool->beds_staffed = staffed;
    pool->beds_occupied = occupied;
    pool->beds_committed = committed;
    return pool;
}

static void test_defaults(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    CU_ASSERT_STRING_EQUAL(person->record.id, "A1");
    CU_ASSERT_EQUAL(person->record.version, 0);
    CU_ASSERT_EQUAL(person->state, APPLICANT_WAITING);
    CU_ASSERT_EQUAL(person->max_fee, RECORD_NO_LIMIT);
    CU_ASSERT_EQUAL(person->birth_date, STAMP_NONE);
    CU_ASSERT_STRING_EQUAL(person->class_code, "");
    record_free(&person->record);
    struct pool *pool = new_pool(0, 0, 0, 0, 0);
    CU_ASSERT_EQUAL(pool->max_level, 6);
    CU_ASSERT_EQUAL(pool->confirmed_at, STAMP_NONE);
    record_free(&pool->record);
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        struct record *record = record_new(type, "x"), *copy = record_copy(record);
        CU_ASSERT_EQUAL((int)copy->type, type);
        CU_ASSERT_STRING_EQUAL(copy->id, "x");
        record_free(record);
        record_free(copy);
    }
    record_free(NULL);
}

static void fill(struct applicant *person)
{
    person->record.version = 7;
    list_add(&person->flags, "alone", 5);
    person->declined = alloc_zero(1, sizeof *person->declined);
    person->declined[0] = (struct declined){.pool_id = "P9", .at = 5};
    person->n_declined = 1;
    person->extras = alloc_zero(1, sizeof *person->extras);
    person->extras[0] = (struct extra){alloc_string("x_a"), alloc_string("v")};
    person->n_extras = 1;
}

static void test_copy_is_deep(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    fill(person);
    struct applicant *copy = (struct applicant *)record_copy(&person->record);
    record_free(&person->record);
    CU_ASSERT_EQUAL(copy->record.version, 7);
    CU_ASSERT_STRING_EQUAL(copy->flags.items[0], "alone");
    CU_ASSERT_STRING_EQUAL(copy->declined[0].pool_id, "P9");
    CU_ASSERT_EQUAL(copy->declined[0].at, 5);
    CU_ASSERT_STRING_EQUAL(copy->extras[0].name, "x_a");
    CU_ASSERT_STRING_EQUAL(copy->extras[0].value, "v");
    record_free(&copy->record);
}

static void test_ids(void)
{
    char longest[ID_MAX + 2];
    memset(longest, 'a', sizeof longest);
    CU_ASSERT_TRUE(record_id_ok("A-1_b.c:9", 9));
    CU_ASSERT_TRUE(record_id_ok(longest, ID_MAX));
    CU_ASSERT_FALSE(record_id_ok(longest, ID_MAX + 1));
    CU_ASSERT_FALSE(record_id_ok("", 0));
    CU_ASSERT_FALSE(record_id_ok("a b", 3));
    CU_ASSERT_FALSE(record_id_ok("a/b", 3));
    CU_ASSERT_FALSE(record_id_ok("\xC3\xA9", 2));
    CU_ASSERT_TRUE(record_code_ok("tube_feeding", 12));
    CU_ASSERT_TRUE(record_code_ok("\xE7\x89\xB9\xE5\x9B\xB0", 6));
    CU_ASSERT_FALSE(record_code_ok("a:b", 3));
    CU_ASSERT_FALSE(record_code_ok("a\xEF\xBC\x9B"
                                   "b",
                                   5)); /* a full-width semicolon */
    CU_ASSERT_FALSE(record_code_ok("a\xE3\x80\x81"
                                   "b",
                                   5)); /* an ideographic comma */
    CU_ASSERT_TRUE(record_code_ok("\xC3\xA9t\xC3\xA9", 5));
    CU_ASSERT_FALSE(record_code_ok("tekun\xC2\xA0", 7));     /* a blank that does not break */
    CU_ASSERT_FALSE(record_code_ok("tekun\xE2\x80\x8B", 8)); /* a blank without width */
    CU_ASSERT_FALSE(record_code_ok("\xEF\xBB\xBFtekun", 8)); /* a byte order mark */
}

static void test_travel_id(void)
{
    char id[ID_MAX + 1], other[ID_MAX + 1], longest[ID_MAX + 1] = {0};
    travel_id("village-3", "H1", id);
    CU_ASSERT_STRING_EQUAL(id, "village-3>H1");
    memset(longest, 'a', ID_MAX);
    travel_id(longest, longest, id);
    CU_ASSERT_EQUAL(strlen(id), ID_MAX);
    longest[0] = 'b';
    travel_id(longest, longest, other);
    CU_ASSERT_STRING_NOT_EQUAL(id, other);
}

static void test_beds(void)
{
    static const struct {
        int64_t approved, usable, staffed, occupied, committed, slack;
    } cases[] = {{10, 9, 8, 3, 1, 4},    {8, 9, 10, 3, 1, 4}, {9, 8, 10, 3, 1, 4},
                 {10, 10, 10, 10, 0, 0}, {5, 5, 5, 6, 1, -2}, {0, 5, 5, 0, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pool *pool = new_pool(cases[i].approved, cases[i].usable, cases[i].staffed,
                                     cases[i].occupied, cases[i].committed);
        CU_ASSERT_EQUAL(pool_slack(pool), cases[i].slack);
        CU_ASSERT_EQUAL(pool_offerable(pool), cases[i].slack > 0 ? cases[i].slack : 0);
        record_free(&pool->record);
    }
}

static void test_rank(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    CU_ASSERT_EQUAL(applicant_rank(person, "H1", 10), 0);
    static const char *const wanted[] = {"H2", "H1", "H2", "H3"};
    for (size_t i = 0; i < 4; i++)
        list_add(&person->preferences, wanted[i], 2);
    CU_ASSERT_EQUAL(applicant_rank(person, "H2", 10), 0);
    CU_ASSERT_EQUAL(applicant_rank(person, "H1", 10), 1);
    CU_ASSERT_EQUAL(applicant_rank(person, "H3", 10), 3);
    CU_ASSERT_EQUAL(applicant_rank(person, "H3", 2), 2);
    CU_ASSERT_EQUAL(applicant_rank(person, "H9", 10), 10);
    record_free(&person->record);
}

static void test_declined(void)
{
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "A1");
    fill(person);
    int64_t last = 5 + 90 * STAMP_DAY_S;
    CU_ASSERT_FALSE(applicant_has_declined(person, "P1", 90, 6));
    CU_ASSERT_TRUE(applicant_has_declined(person, "P9", 90, 6));
    CU_ASSERT_TRUE(applicant_has_declined(person, "P9", 90, last - 1));
    CU_ASSERT_FALSE(applicant_has_declined(person, "P9", 90, last));
    CU_ASSERT_TRUE(applicant_has_declined(person, "P9", -1, last * 9));
    CU_ASSERT_FALSE(applicant_has_declined(person, "P9", 0, 6));
    person->declined[0].at = STAMP_NONE;
    CU_ASSERT_TRUE(applicant_has_declined(person, "P9", 0, last * 9));
    record_free(&person->record);
}

/* printf 'seed\0A1' | sha256sum */
static void test_lottery(void)
{
    unsigned char lottery[32], other[32];
    char hex[65];
    digest_hex("abc", 3, hex);
    CU_ASSERT_STRING_EQUAL(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_lottery("seed", "A1", lottery);
    digest_hex("seed\0A1", 7, hex);
    CU_ASSERT_EQUAL(lottery[0], strtoul((char[]){hex[0], hex[1], 0}, NULL, 16));
    CU_ASSERT_EQUAL(lottery[31], strtoul((char[]){hex[62], hex[63], 0}, NULL, 16));
    digest_lottery("seedA", "1", other);
    CU_ASSERT_NOT_EQUAL(memcmp(lottery, other, 32), 0);
}

static const struct check_test tests[] = {
    {"record_defaults", test_defaults}, {"record_copy_is_deep", test_copy_is_deep},
    {"record_ids", test_ids},           {"record_travel_id", test_travel_id},
    {"record_beds", test_beds},         {"record_rank", test_rank},
    {"record_declined", test_declined}, {"record_lottery", test_lottery},
};
CHECK_SUITE(suite_record, tests);
