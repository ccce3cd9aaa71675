/* test_seal.c - boxes open for their person and their key only; key files. */
#include "store/seal.h"

#include "models/alloc.h"
#include "store/world_files.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char text[] = "{\"name\":\"Test Person Zero\",\"phone\":\"000\"}";

static char *opened(const struct seal *seal, const char *id, const unsigned char *box, size_t len)
{
    struct alm_error err;
    err_init(&err);
    char *plain = seal_unbox(seal, id, box, len, &err);
    CU_ASSERT_EQUAL(plain == NULL, err.code != ERR_NONE);
    err_clear(&err);
    return plain;
}

static void opens_again(void)
{
    struct seal *seal = seal_new_random();
    size_t len = 0;
    unsigned char *box = seal_box(seal, "A1", text, &len);
    CU_ASSERT_PTR_NULL(memmem(box, len, "Person", 6));
    char *plain = opened(seal, "A1", box, len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(plain);
    CU_ASSERT_STRING_EQUAL(plain, text);
    free(plain);
    free(box);
    box = seal_box(seal, "A1", "", &len);
    plain = opened(seal, "A1", box, len);
    CU_ASSERT_STRING_EQUAL(plain, "");
    free(plain);
    free(box);
    seal_free(seal);
}

static void two_boxes_of_one_text_differ(void)
{
    struct seal *seal = seal_new_random();
    size_t len = 0, len2 = 0;
    unsigned char *a = seal_box(seal, "A1", text, &len), *b = seal_box(seal, "A1", text, &len2);
    CU_ASSERT_EQUAL(len, len2);
    CU_ASSERT_NOT_EQUAL(memcmp(a, b, len), 0);
    free(a);
    free(b);
    seal_free(seal);
}

static void opens_for_nobody_else(void)
{
    struct seal *seal = seal_new_random(), *other = seal_new_random();
    size_t len = 0;
    unsigned char *box = seal_box(seal, "A1", text, &len);
    CU_ASSERT_PTR_NULL(opened(seal, "A2", box, len));
    CU_ASSERT_PTR_NULL(opened(seal, "A", box, len));
    CU_ASSERT_PTR_NULL(opened(other, "A1", box, len));
    for (size_t i = 0; i < len; i++) {
        box[i] ^= 1;
        CU_ASSERT_PTR_NULL(opened(seal, "A1", box, len));
        box[i] ^= 1;
        CU_ASSERT_PTR_NULL(opened(seal, "A1", box, i));
    }
    free(box);
    seal_free(seal);
    seal_free(other);
}

static char *in_dir(const char *dir, const char *name)
{
    struct buffer path = {0};
    buffer_format(&path, "%s/%s", dir, name);
    return buffer_take(&path, NULL);
}

static struct seal *seal_at(const char *path, const char *message)
{
    struct alm_error err;
    err_init(&err);
    struct seal *seal = seal_open(path, &err);
    CU_ASSERT_EQUAL(seal == NULL, message != NULL);
    if (!seal && message) {
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, path));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, message));
    }
    err_clear(&err);
    return seal;
}

static void key_file_is_made_once(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "pii.key");
    struct stat info;
    struct seal *first = seal_at(path, NULL), *second = seal_at(path, NULL);
    size_t len = 0;
    CU_ASSERT_EQUAL_FATAL(stat(path, &info), 0);
    CU_ASSERT_EQUAL(info.st_mode & 0777, 0600);
    CU_ASSERT_EQUAL(info.st_size, 65);
    unsigned char *box = seal_box(first, "A1", text, &len);
    char *plain = opened(second, "A1", box, len);
    CU_ASSERT_PTR_NOT_NULL(plain);
    free(plain);
    free(box);
    seal_free(first);
    seal_free(second);
    free(path);
    free(dir);
}

static void put(const char *path, const char *bytes)
{
    CU_ASSERT_EQUAL_FATAL(world_files_spit_private(path, bytes, strlen(bytes), NULL), 0);
}

static void older_keys_still_open(void)
{
    static const char old[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    static const char both[] = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"
                               "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    char *dir = check_tmpdir(), *path = in_dir(dir, "pii.key");
    size_t len = 0;
    put(path, old);
    struct seal *before = seal_at(path, NULL);
    unsigned char *box = seal_box(before, "A1", text, &len);
    put(path, both);
    struct seal *after = seal_at(path, NULL);
    char *plain = opened(after, "A1", box, len);
    CU_ASSERT_PTR_NOT_NULL(plain);
    free(plain);
    free(box);
    box = seal_box(after, "A1", text, &len);
    CU_ASSERT_PTR_NULL(opened(before, "A1", box, len));
    free(box);
    seal_free(before);
    seal_free(after);
    free(path);
    free(dir);
}

static void bad_key_files_are_refused(void)
{
    char *dir = check_tmpdir(), *path = in_dir(dir, "pii.key"), *lost = in_dir(dir, "no/pii.key");
    put(path, "0011\n");
    seal_at(path, "line 1");
    put(path, "");
    seal_at(path, "no key");
    put(path, "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
    seal_at(path, "line 1");
    put(path, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\nrest\n");
    seal_at(path, "line 2");
    CU_ASSERT_EQUAL(chmod(path, 0640), 0);
    seal_at(path, "600");
    seal_at(dir, "regular file");
    seal_at(lost, "cannot be written");
    free(lost);
    free(path);
    free(dir);
}

static const struct check_test tests[] = {
    {"opens again", opens_again},
    {"two boxes of one text differ", two_boxes_of_one_text_differ},
    {"opens for nobody else", opens_for_nobody_else},
    {"key file is made once", key_file_is_made_once},
    {"older keys still open", older_keys_still_open},
    {"bad key files are refused", bad_key_files_are_refused},
};
CHECK_SUITE(suite_seal, tests);
