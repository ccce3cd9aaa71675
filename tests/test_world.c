/* test_world.c - models/world.c and models/world_read.c. */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/csv.h"
#include "models/fields.h"
#include "models/world.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const homes =
    "institution_id,name,lat,lon\nH1,North,31.2,121.4\nH2,South,31.1,121.5\n";
static const char *const pools = "pool_id,institution_id,kind,beds_usable,beds_occupied\n"
                                 "P1,H1,nursing,10,8\nP2,H2,dementia,5,5\n";
static const char *const people = "applicant_id,applied_at,lat,lon,level,kinds\n"
                                  "A1,2025-01-02,31.15,121.45,3,nursing;dementia\n"
                                  "A2,2025-01-03T10:00:00Z,31.16,121.46,4,dementia\n";

static struct region *read_texts(const char *const texts[WORLD_FILES], int skip,
                                 struct alm_error *notes, struct alm_error *err)
{
    struct world_files files = {0};
    struct world_options options = {.skip_bad_rows = skip};
    err_init(notes);
    err_init(err);
    for (int i = 0; i < WORLD_FILES; i++) {
        files.bytes[i] = alloc_string(texts[i]);
        files.len[i] = texts[i] ? strlen(texts[i]) : 0;
    }
    struct region *region = world_read(&files, &options, notes, err);
    world_files_clear(&files);
    return region;
}

static int has_issue(const struct alm_error *err, const char *pointer)
{
    for (size_t i = 0; i < err->n_issues; i++)
        if (strcmp(err->issues[i].pointer, pointer) == 0)
            return 1;
    return 0;
}

static void test_small(void)
{
    struct alm_error notes, err;
    struct region *region = read_texts(
        (const char *[]){homes, pools, people, "from_id,institution_id,metres\nA1,H1,77\n"}, 0,
        &notes, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(notes.n_issues, 0);
    const struct pool *pool = region_pool(region, "P1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
    CU_ASSERT_EQUAL(pool->beds_approved, 10);
    CU_ASSERT_EQUAL(pool_offerable(pool), 2);
    CU_ASSERT_EQUAL(region_applicant(region, "A1")->kinds,
                    1u << KIND_NURSING | 1u << KIND_DEMENTIA);
    CU_ASSERT_EQUAL(
        region_metres(region, region_applicant(region, "A1"), region_institution(region, "H1")),
        77);
    region_free(region);
}

/* One world with one thing wrong: refused with the pointer; with skipping, named in the notes. */
struct bad_world {
    int file;
    const char *text, *pointer, *code;
};

static void check_bad_world(const struct bad_world *bad)
{
    const char *texts[WORLD_FILES] = {homes, pools, people, NULL};
    struct alm_error notes, err;
    texts[bad->file] = bad->text;
    CU_ASSERT_PTR_NULL(read_texts(texts, 0, &notes, &err));
    CU_ASSERT_EQUAL(err.code, ERR_BAD_INPUT);
    CU_ASSERT_EQUAL(notes.code, ERR_NONE);
    CU_ASSERT_TRUE(has_issue(&err, bad->pointer));
    if (!has_issue(&err, bad->pointer))
        printf("\n    wanted %s, got %s\n", bad->pointer, err.message);
    CU_ASSERT_EQUAL(err.n_issues, 1);
    if (err.n_issues)
        CU_ASSERT_STRING_EQUAL(err.issues[0].code, bad->code);
    err_clear(&err);
    err_clear(&notes);
}

static void test_bad_worlds(void)
{
    static const struct bad_world cases[] = {
        {WORLD_INSTITUTIONS, NULL, "institutions.csv", "required"},
        {WORLD_INSTITUTIONS, "institution_id,name,lat\nH1,a,1\nH2,b,1\n", "institutions.csv:1: lon",
         "required"},
        {WORLD_POOLS, "pool_id,institution_id,kind,beds_usable,beds_occupied\nP1,H9,nursing,1,0\n",
         "pools.csv:2: institution_id", "unknown"},
        {WORLD_POOLS, "pool_id,institution_id,kind,beds_usable,beds_occupied\nP1,H1,nursing,+7,0\n",
         "pools.csv:2: beds_usable", "type"},
        {WORLD_POOLS,
         "pool_id,institution_id,kind,beds_usable,beds_occupied\nP1,H1,nursing,1,0\n"
         "P1,H2,dementia,1,0\n",
         "pools.csv:3: pool_id", "duplicate"},
        {WORLD_POOLS,
         "pool_id,kind,institution_id,kind,beds_usable,beds_occupied\nP1,meal,H1,nursing,7,0\n",
         "pools.csv:1: kind", "duplicate"},
        {WORLD_APPLICANTS,
         "applicant_id,applied_at,lat,lon,level,kinds,current_pool\n"
         "A1,2025-01-01,1,1,1,nursing,P7\n",
         "applicants.csv:2: current_pool", "unknown"},
        {WORLD_APPLICANTS,
         "applicant_id,applied_at,lat,lon,level,kinds\n3.10101E+17,2025-01-01,1,1,1,nursing\n",
         "applicants.csv:2: applicant_id", "type"},
        {WORLD_APPLICANTS,
         "applicant_id,applied_at,lat,lon,level,kinds\nA1:accept,2025-01-01,1,1,1,nursing\n",
         "applicants.csv:2: applicant_id", "reserved"},
        {WORLD_TRAVEL, "from_id,institution_id,metres\nA1,H9,5\n", "travel.csv:2: institution_id",
         "unknown"},
        {WORLD_TRAVEL, "from_id,institution_id,metres\nA1,H1:accept,5\n",
         "travel.csv:2: institution_id", "unknown"},
        {WORLD_TRAVEL, "from_id,institution_id,metres\nA1,H1,5\nA1,H2,6\nA1,H1,5\n",
         "travel.csv:4: from_id", "duplicate"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_bad_world(&cases[i]);
}

static void test_title(void)
{
    struct alm_error notes, err;
    CU_ASSERT_PTR_NULL(read_texts((const char *[]){"Homes,of,the,district\ninstitution_id,name,lat,"
                                                   "lon\nH1,a,1,1\n",
                                                   pools, people, NULL},
                                  0, &notes, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "line 2"));
    CU_ASSERT_FALSE(has_issue(&err, "pools.csv:2: institution_id")); /* no second-hand complaints */
    err_clear(&err);
    err_clear(&notes);
}

static void test_skip(void)
{
    const char *texts[WORLD_FILES] = {
        "institution_id,name,lat,lon\nH1,North,31.2,121.4\nH2,South,91,121.5\n", pools,
        "applicant_id,applied_at,lat,lon,level,kinds,current_pool,shoe_size\n"
        "A1,2025-01-02,31.15,121.45,3,nursing,,44\nA2,2025-01-02,31.15,121.45,3,nursing,P2,44\n"
        "A3,2025-01-02,31.15\nA1,2025-01-02,31.15,121.45,3,nursing,P1,44\n",
        NULL};
    struct alm_error notes, err;
    struct region *region = read_texts(texts, 1, &notes, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    CU_ASSERT_EQUAL(notes.code, ERR_NONE);
    CU_ASSERT_EQUAL(notes.n_issues, 6);
    CU_ASSERT_TRUE(has_issue(&notes, "institutions.csv:3: lat"));
    CU_ASSERT_TRUE(has_issue(&notes, "pools.csv:3: institution_id"));
    CU_ASSERT_TRUE(has_issue(&notes, "applicants.csv:3: current_pool"));
    CU_ASSERT_TRUE(has_issue(&notes, "applicants.csv:4"));
    CU_ASSERT_TRUE(has_issue(&notes, "applicants.csv:5: applicant_id"));
    CU_ASSERT_TRUE(has_issue(&notes, "applicants.csv:1: shoe_size"));
    CU_ASSERT_EQUAL(region_count(region, RECORD_INSTITUTION), 1);
    CU_ASSERT_EQUAL(region_count(region, RECORD_POOL), 1);
    CU_ASSERT_EQUAL(region_count(region, RECORD_APPLICANT), 1);
    CU_ASSERT_STRING_EQUAL(region_applicant(region, "A1")->current_pool, "");
    region_free(region);
    err_clear(&notes);
    err_clear(&err);
}

/* More bad rows than an error keeps issues: each one is named all the same. */
static void test_skip_many(void)
{
    enum { BAD_ROWS = ERR_MAX_ISSUES + 500 };
    struct buffer text = {0};
    struct alm_error notes, err;
    buffer_text(&text, people);
    for (int i = 0; i < BAD_ROWS; i++)
        buffer_format(&text, "B%d,never,31,121,3%s\n", i, i % 2 ? ",nursing" : "");
    const char *texts[WORLD_FILES] = {homes, pools, text.bytes, NULL};
    struct region *region = read_texts(texts, 1, &notes, &err);
    CU_ASSERT_PTR_NOT_NULL(region);
    CU_ASSERT_EQUAL(notes.n_issues, BAD_ROWS);
    CU_ASSERT_EQUAL(notes.n_dropped, 0);
    region_free(region);
    err_clear(&notes);
    err_clear(&err);
    CU_ASSERT_PTR_NULL(read_texts(texts, 0, &notes, &err));
    CU_ASSERT_EQUAL(err.n_issues + err.n_dropped, BAD_ROWS);
    err_clear(&notes);
    err_clear(&err);
    buffer_clear(&text);
}

static int one_in(int n)
{
    return rand() % n == 0;
}

/* A random cell that the field accepts; empty ones too where the field allows it. */
static void random_cell(const struct field *field, struct buffer *out)
{
    static const char *const codes[] = {"tube", "oxygen", "\xE7\x89\xB9\xE5\x9B\xB0", "x.y_z-9"};
    static const char *const texts[] = {"a, b", "\"quoted\"", "two\nlines", "plain", "=1+1"};
    static const char *const lists[FIELD_TYPES][3] = {
        [FIELD_KINDS] = {"nursing", "meal;nursing", "village;street;home"},
        [FIELD_CODES] = {"tube", "oxygen;tube", "a;a;b"},
        [FIELD_IDS] = {"H1", "H2;H1;H2", "H9;unknown"},
        [FIELD_TEXTS] = {"North End", "a,b;c \"d\"", "x"},
        [FIELD_ROOMS] = {"", "", ""},
        [FIELD_RESERVES] = {"tekun:1", "tekun:2;dibao:0", "a:9"},
        [FIELD_DECLINED] = {"P1", "P1@2025-03-01;P2", "P1@2025-03-01T10:00:00Z"},
    };
    if (!(field->flags & FIELD_REQUIRED) && one_in(3))
        return;
    if (fields_is_list(field))
        buffer_text(out, lists[field->type][rand() % 3]);
    else if (field->type == FIELD_INT)
        buffer_format(out, "%lld",
                      (long long)(field->min + rand() % (field->max - field->min < 900
                                                             ? field->max - field->min + 1
                                                             : 900)));
    else if (field->type == FIELD_DEGREES)
        buffer_format(out, "%.17g", (rand() - RAND_MAX / 2) * 90.0 / RAND_MAX);
    else if (field->type == FIELD_BOOL)
        buffer_text(out, one_in(2) ? "0" : "1");
    else if (field->type == FIELD_TIME)
        buffer_text(out, one_in(2) ? "2024-02-29" : "2025-01-01T07:08:09+08:00");
    else if (field->type == FIELD_DATE)
        buffer_text(out, one_in(2) ? "1941/5/6" : "2026-12-31");
    else if (field->type == FIELD_WORD)
        buffer_text(out, field->words->list[rand() % field->words->count]);
    else if (field->type == FIELD_IDENT)
        buffer_text(out, one_in(2) ? "F1" : "F:2_b");
    else if (field->type == FIELD_CODE)
        buffer_text(out, codes[rand() % 4]);
    else
        buffer_text(out, texts[rand() % 5]);
}

enum { ROWS_MAX = 12, CELLS_MAX = 40 };

/* A file as cells, so that rows and columns can be shuffled. */
struct table {
    char *cells[ROWS_MAX + 1][CELLS_MAX]; /* row 0 = names */
    size_t rows, columns;
};

static const char *fixed_cell(const char *name, size_t row)
{
    static const char *const keys[] = {"institution_id", "pool_id", "applicant_id", "from_id",
                                       "current_pool",   "rooms",   "min_level",    "max_level"};
    static const char letters[] = "HPAV";
    static char text[16];
    size_t i = 0;
    while (i < 8 && strcmp(keys[i], name) != 0)
        i++;
    if (i == 8)
        return NULL;
    if (i >= 4)
        snprintf(text, sizeof text, "%s", i == 4 ? (row % 3 ? "" : "P1") : i == 7 ? "6" : "");
    else
        snprintf(text, sizeof text, "%c%zu", letters[i], row);
    return text;
}

static void table_clear(struct table *table)
{
    for (size_t row = 0; row <= table->rows; row++)
        for (size_t k = 0; k < table->columns; k++)
            free(table->cells[row][k]);
}

static void random_table(int file, struct table *table)
{
    const struct field_table *fields = fields_of(world_types[file]);
    *table = (struct table){.rows = ROWS_MAX};
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->fields[i];
        if (!(field->flags & FIELD_CSV) || (!(field->flags & FIELD_REQUIRED) && one_in(6)))
            continue;
        size_t column = table->columns++;
        int is_extra = field->type == FIELD_EXTRAS;
        table->cells[0][column] = alloc_string(is_extra ? "x_grade" : field->name);
        for (size_t row = 1; row <= table->rows; row++) {
            struct buffer cell = {0};
            const char *fixed = fixed_cell(field->name, row);
            buffer_text(&cell, fixed ? fixed : is_extra && one_in(2) ? "M" : "");
            if (!fixed && !is_extra)
                random_cell(field, &cell);
            table->cells[row][column] = buffer_take(&cell, NULL);
        }
    }
}

static void shuffle(size_t *order, size_t n, size_t first)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n - 1; i > first; i--) {
        size_t k = first + (size_t)rand() % (i - first + 1), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

static char *write_table(const struct table *table, int is_shuffled)
{
    size_t rows[ROWS_MAX + 1], columns[CELLS_MAX];
    struct buffer out = {0};
    shuffle(rows, table->rows + 1, is_shuffled ? 1 : table->rows);
    shuffle(columns, table->columns, is_shuffled ? 0 : table->columns - 1);
    for (size_t i = 0; i <= table->rows; i++) {
        for (size_t k = 0; k < table->columns; k++)
            csv_add_cell(&out, table->cells[rows[i]][columns[k]], k == 0, 0);
        buffer_text(&out, is_shuffled ? "\r\n" : "\n");
    }
    return buffer_take(&out, NULL);
}

static struct region *read_tables(struct table tables[WORLD_FILES], int is_shuffled)
{
    const char *texts[WORLD_FILES];
    struct alm_error notes, err;
    for (int i = 0; i < WORLD_FILES; i++)
        texts[i] = write_table(&tables[i], is_shuffled);
    struct region *region = read_texts(texts, 0, &notes, &err);
    if (!region)
        printf("\n    %s\n", err.message);
    for (int i = 0; i < WORLD_FILES; i++)
        free((void *)(uintptr_t)texts[i]);
    err_clear(&notes);
    err_clear(&err);
    return region;
}

static void check_same(const struct world_files *a, const struct world_files *b)
{
    char hash_a[72], hash_b[72];
    world_hash(a, hash_a);
    world_hash(b, hash_b);
    CU_ASSERT_STRING_EQUAL(hash_a, hash_b);
    for (int i = 0; i < WORLD_FILES; i++) {
        CU_ASSERT_EQUAL(a->len[i], b->len[i]);
        CU_ASSERT_EQUAL(memcmp(a->bytes[i], b->bytes[i], a->len[i]), 0);
    }
}

/* The same record, whatever a cell can say: the stored form says all. */
static void check_same_records(const struct region *a, const struct region *b)
{
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        const struct record *left = region_first(a, type), *right = region_first(b, type);
        for (; left && right; left = region_next(left), right = region_next(right)) {
            char *left_text = record_encode(left), *right_text = record_encode(right);
            CU_ASSERT_STRING_EQUAL(left_text, right_text);
            free(left_text);
            free(right_text);
        }
        CU_ASSERT_PTR_EQUAL(left, right);
    }
}

static void test_canonical(void)
{
    srand(3);
    for (int round = 0; round < 60; round++) {
        struct table tables[WORLD_FILES];
        for (int i = 0; i < WORLD_FILES; i++)
            random_table(i, &tables[i]);
        struct region *plain = read_tables(tables, 0), *shuffled = read_tables(tables, 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(plain);
        CU_ASSERT_PTR_NOT_NULL_FATAL(shuffled);
        struct world_files first, second, again;
        struct alm_error notes, err;
        err_init(&notes);
        err_init(&err);
        world_write(plain, &first);
        world_write(shuffled, &second);
        check_same(&first, &second);
        struct region *read_back = world_read(&first, &(struct world_options){0}, &notes, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(read_back);
        CU_ASSERT_EQUAL(notes.n_issues, 0);
        check_same_records(plain, read_back);
        world_write(read_back, &again);
        check_same(&first, &again);
        world_files_clear(&first);
        world_files_clear(&second);
        world_files_clear(&again);
        region_free(plain);
        region_free(shuffled);
        region_free(read_back);
        for (int i = 0; i < WORLD_FILES; i++)
            table_clear(&tables[i]);
    }
}

static void test_hash_sees_everything(void)
{
    struct alm_error notes, err;
    char hash[72], other[72];
    struct world_files files;
    struct region *region =
        read_texts((const char *[]){homes, pools, people, NULL}, 0, &notes, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(region);
    world_write(region, &files);
    CU_ASSERT_PTR_NULL(files.bytes[WORLD_TRAVEL]);
    world_hash(&files, hash);
    CU_ASSERT_EQUAL(strlen(hash), 71);
    for (int i = 0; i < WORLD_TRAVEL; i++) {
        files.bytes[i][files.len[i] - 2] ^= 1;
        world_hash(&files, other);
        CU_ASSERT_STRING_NOT_EQUAL(hash, other);
        files.bytes[i][files.len[i] - 2] ^= 1;
    }
    world_files_clear(&files);
    region_free(region);
}

static const struct check_test tests[] = {
    {"world_small", test_small},
    {"world_bad_worlds", test_bad_worlds},
    {"world_title", test_title},
    {"world_skip", test_skip},
    {"world_skip_many", test_skip_many},
    {"world_canonical", test_canonical},
    {"world_hash_sees_everything", test_hash_sees_everything},
};
CHECK_SUITE(suite_world, tests);
