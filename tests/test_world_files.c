/* test_world_files.c - worlds on disk: whole or not at all, same bytes for the same world, no
 * tricks in tars. */
#include "store/world_files.h"

#include "models/alloc.h"
#include "store/world_tar.h"
#include "tests/check.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct world_files sample(void)
{
    static const char *const bytes[WORLD_FILES] = {"institution_id\nH1\n", "pool_id\nP1\n",
                                                   "applicant_id\n\xe6\x9e\x97\n", "from_id\n"};
    struct world_files files = {0};
    for (int i = 0; i < WORLD_FILES; i++) {
        files.bytes[i] = alloc_string(bytes[i]);
        files.len[i] = strlen(bytes[i]);
    }
    return files;
}

static char *in_dir(const char *dir, const char *name)
{
    struct buffer path = {0};
    buffer_format(&path, "%s/%s", dir, name);
    return buffer_take(&path, NULL);
}

static int count_entries(const char *path)
{
    int n = 0;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    if (dir)
        closedir(dir);
    return n;
}

static int same_files(const struct world_files *a, const struct world_files *b)
{
    for (int i = 0; i < WORLD_FILES; i++) {
        if (!a->bytes[i] || !b->bytes[i]) {
            if (a->bytes[i] != b->bytes[i])
                return 0;
        } else if (a->len[i] != b->len[i] || memcmp(a->bytes[i], b->bytes[i], a->len[i]) != 0) {
            return 0;
        }
    }
    return 1;
}

/* Reads and compares; `policy` NULL = none expected. */
static void expect_world(const char *path, const struct world_files *expected, const char *policy)
{
    struct world_files files = {0};
    struct alm_error err;
    char *text = NULL;
    size_t len = 0;
    err_init(&err);
    CU_ASSERT_EQUAL(world_files_read(path, &files, &text, &len, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    CU_ASSERT(same_files(&files, expected));
    CU_ASSERT_EQUAL(text == NULL, policy == NULL);
    if (text && policy)
        CU_ASSERT_STRING_EQUAL(text, policy);
    world_files_clear(&files);
    free(text);
    err_clear(&err);
}

static void expect_refusal(const char *path, const char *what)
{
    struct world_files files = {0};
    struct alm_error err;
    char *text = NULL;
    size_t len = 0;
    err_init(&err);
    CU_ASSERT_EQUAL(world_files_read(path, &files, &text, &len, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, path));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, what));
    if (!strstr(err.message, what))
        printf("\n    %s", err.message);
    CU_ASSERT_PTR_NULL(files.bytes[0]);
    err_clear(&err);
}

static void folder_there_and_back(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "world");
    struct world_files files = sample();
    CU_ASSERT_EQUAL(world_files_write_dir(path, &files, "{\"a\":1}", NULL), 0);
    expect_world(path, &files, "{\"a\":1}");
    CU_ASSERT_EQUAL(count_entries(dir), 1);

    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(world_files_write_dir(path, &files, NULL, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "not empty"));
    CU_ASSERT_EQUAL(count_entries(dir), 1);
    err_clear(&err);
    world_files_clear(&files);
    free(path);
    free(dir);
}

static void travel_may_be_missing(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "world/"), *tar = in_dir(dir, "world.tar");
    struct world_files files = sample();
    free(files.bytes[WORLD_TRAVEL]);
    files.bytes[WORLD_TRAVEL] = NULL;
    CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
    CU_ASSERT_EQUAL(world_files_write_dir(path, &files, NULL, NULL), 0);
    CU_ASSERT_EQUAL(world_files_write_tar(tar, &files, NULL, NULL), 0);
    expect_world(path, &files, NULL);
    expect_world(tar, &files, NULL);
    char *pools = in_dir(path, "pools.csv");
    CU_ASSERT_EQUAL(unlink(pools), 0);
    struct alm_error err;
    struct world_files none;
    char *text;
    size_t len;
    err_init(&err);
    CU_ASSERT_EQUAL(world_files_read(path, &none, &text, &len, &err), -1);
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "pools.csv"));
    err_clear(&err);
    world_files_clear(&files);
    free(pools);
    free(tar);
    free(path);
    free(dir);
}

static void tar_has_the_same_bytes(void)
{
    char *dir = check_tmpdir(), *a = in_dir(dir, "a.tar"), *b = in_dir(dir, "b.tar");
    struct world_files files = sample();
    size_t len = 0, len2 = 0;
    CU_ASSERT_EQUAL(world_files_write_tar(a, &files, "{}", NULL), 0);
    CU_ASSERT_EQUAL(world_files_write_tar(b, &files, "{}", NULL), 0);
    char *bytes = world_files_slurp(a, &len, NULL), *bytes2 = world_files_slurp(b, &len2, NULL);
    CU_ASSERT_EQUAL_FATAL(len, len2);
    CU_ASSERT_EQUAL(memcmp(bytes, bytes2, len), 0);
    expect_world(a, &files, "{}");
    free(bytes);
    free(bytes2);
    world_files_clear(&files);
    free(a);
    free(b);
    free(dir);
}

struct entry {
    const char *name;
    int type;
    const char *link;
};

static void add_entry(struct archive *tar, const struct entry *what)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, what->name);
    archive_entry_set_filetype(entry, (unsigned)what->type);
    archive_entry_set_perm(entry, 0644);
    if (what->type == AE_IFLNK)
        archive_entry_set_symlink(entry, what->link);
    else if (what->link)
        archive_entry_set_hardlink(entry, what->link);
    archive_entry_set_size(entry, what->type == AE_IFREG && !what->link ? 2 : 0);
    archive_write_header(tar, entry);
    if (what->type == AE_IFREG && !what->link)
        archive_write_data(tar, "x\n", 2);
    archive_entry_free(entry);
}

static void write_tar(const char *path, const struct entry *entries, size_t n, int is_packed)
{
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax_restricted(tar);
    if (is_packed)
        archive_write_add_filter_gzip(tar);
    CU_ASSERT_EQUAL_FATAL(archive_write_open_filename(tar, path), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++)
        add_entry(tar, &entries[i]);
    archive_write_close(tar);
    archive_write_free(tar);
}

static const struct entry plain[] = {{"w", AE_IFDIR, NULL},
                                     {"w/institutions.csv", AE_IFREG, NULL},
                                     {"w/pools.csv", AE_IFREG, NULL},
                                     {"w/applicants.csv", AE_IFREG, NULL},
                                     {"w/readme.txt", AE_IFREG, NULL}};
enum { PLAIN = sizeof plain / sizeof *plain };

static void other_peoples_tars_are_read(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "w.tar.gz");
    struct world_files files = {0};
    char *text = NULL;
    size_t len = 0;
    for (int is_packed = 0; is_packed < 2; is_packed++) {
        write_tar(path, plain, PLAIN, is_packed);
        CU_ASSERT_EQUAL(world_files_read(path, &files, &text, &len, NULL), 0);
        CU_ASSERT_EQUAL(files.len[WORLD_POOLS], 2);
        CU_ASSERT_PTR_NULL(files.bytes[WORLD_TRAVEL]);
        world_files_clear(&files);
    }
    free(path);
    free(dir);
}

static void tricks_in_tars_are_refused(void)
{
    static const struct {
        struct entry entry;
        const char *what;
    } tricks[] = {{{"/etc/pools.csv", AE_IFREG, NULL}, "absolute"},
                  {{"../pools.csv", AE_IFREG, NULL}, "\"..\""},
                  {{"w/../../travel.csv", AE_IFREG, NULL}, "\"..\""},
                  {{"w/travel.csv", AE_IFLNK, "/etc/passwd"}, "link or a device"},
                  {{"w/travel.csv", AE_IFREG, "w/pools.csv"}, "link or a device"},
                  {{"w/travel.csv", AE_IFIFO, NULL}, "link or a device"},
                  {{"pools.csv", AE_IFREG, NULL}, "more than one"}};
    char *dir = check_tmpdir(), *path = in_dir(dir, "w.tar");
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        struct entry entries[PLAIN + 1];
        memcpy(entries, plain, sizeof plain);
        entries[PLAIN] = tricks[i].entry;
        write_tar(path, entries, PLAIN + 1, 0);
        expect_refusal(path, tricks[i].what);
    }
    write_tar(path, plain, PLAIN - 2, 0);
    expect_refusal(path, "applicants.csv is missing");
    free(path);
    free(dir);
}

static void broken_tars_are_refused(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "w.tar"), *cut = in_dir(dir, "cut.tar");
    struct world_files files = sample();
    size_t len = 0;
    CU_ASSERT_EQUAL(world_files_write_tar(path, &files, "{}", NULL), 0);
    char *bytes = world_files_slurp(path, &len, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    for (size_t at = 0; at < 1600; at += 100) {
        CU_ASSERT_EQUAL(world_files_spit(cut, bytes, at, NULL), 0);
        expect_refusal(cut, "");
    }
    CU_ASSERT_EQUAL(world_files_spit(cut, "hello\n", 6, NULL), 0);
    expect_refusal(cut, "tar");
    expect_refusal("/nowhere/at/all", "no such world");
    world_files_clear(&files);
    free(bytes);
    free(cut);
    free(path);
    free(dir);
}

static void files_appear_whole_or_not_at_all(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "f"), *lost = in_dir(dir, "no/f");
    struct stat info;
    size_t len = 0;
    CU_ASSERT_EQUAL(world_files_spit(path, "a\0b", 3, NULL), 0);
    CU_ASSERT_EQUAL(world_files_spit(path, "cd", 2, NULL), 0);
    char *bytes = world_files_slurp(path, &len, NULL);
    CU_ASSERT_EQUAL(len, 2);
    CU_ASSERT_STRING_EQUAL(bytes, "cd");
    free(bytes);
    CU_ASSERT_EQUAL(count_entries(dir), 1);
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(world_files_spit(lost, "x", 1, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, lost));
    CU_ASSERT_EQUAL(world_files_spit(dir, "x", 1, NULL), -1);
    CU_ASSERT_EQUAL(count_entries(dir), 1);
    CU_ASSERT_EQUAL(world_files_spit("/dev/null", "x", 1, NULL), 0);
    CU_ASSERT_EQUAL(stat("/dev/null", &info), 0);
    CU_ASSERT(S_ISCHR(info.st_mode));
    CU_ASSERT_EQUAL(world_files_create_private(path, "ef", 2, NULL), 1);
    bytes = world_files_slurp(path, &len, NULL);
    CU_ASSERT_STRING_EQUAL(bytes, "cd");
    free(bytes);
    CU_ASSERT_PTR_NULL(world_files_slurp(dir, &len, NULL));
    err_clear(&err);
    free(lost);
    free(path);
    free(dir);
}

static const struct check_test tests[] = {
    {"folder there and back", folder_there_and_back},
    {"travel may be missing", travel_may_be_missing},
    {"tar has the same bytes", tar_has_the_same_bytes},
    {"other people's tars are read", other_peoples_tars_are_read},
    {"tricks in tars are refused", tricks_in_tars_are_refused},
    {"broken tars are refused", broken_tars_are_refused},
    {"files appear whole or not at all", files_appear_whole_or_not_at_all},
};
CHECK_SUITE(suite_world_files, tests);
