/* test_token.c - tokens: made, found again, never by another text; the file keeps hashes only. */
#include "store/token.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "store/world_files.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *file_in(const char *dir)
{
    struct buffer path = {0};
    buffer_format(&path, "%s/tokens.json", dir);
    return buffer_take(&path, NULL);
}

static void made_and_found(void)
{
    char *dir = check_tmpdir(), *path = file_in(dir);
    char district[TOKEN_TEXT], admin[TOKEN_TEXT];
    struct tokens tokens = {0};
    struct stat info;
    CU_ASSERT_EQUAL_FATAL(token_create(path, ROLE_DISTRICT, "North District", district, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(token_create(path, ROLE_ADMIN, NULL, admin, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(stat(path, &info), 0);
    CU_ASSERT_EQUAL(info.st_mode & 0777, 0600);
    CU_ASSERT_EQUAL_FATAL(tokens_read(path, &tokens, NULL), 0);
    CU_ASSERT_EQUAL(tokens.n, 2);
    const struct token *found = tokens_find(&tokens, district);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_EQUAL(found->role, ROLE_DISTRICT);
    CU_ASSERT_STRING_EQUAL(found->scope, "North District");
    found = tokens_find(&tokens, admin);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_EQUAL(found->role, ROLE_ADMIN);
    CU_ASSERT_STRING_EQUAL(found->scope, "");
    CU_ASSERT_NSTRING_EQUAL(district, "alm_", 4);
    CU_ASSERT_EQUAL(strlen(strchr(district + 4, '_') + 1), 43);
    tokens_clear(&tokens);
    free(path);
    free(dir);
}

static void file_keeps_the_hash_only(void)
{
    char *dir = check_tmpdir(), *path = file_in(dir);
    char text[TOKEN_TEXT], hash[65];
    size_t len = 0;
    CU_ASSERT_EQUAL_FATAL(token_create(path, ROLE_PLANNER, "", text, NULL), 0);
    char *bytes = world_files_slurp(path, &len, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    digest_hex(text, strlen(text), hash);
    CU_ASSERT_PTR_NOT_NULL(strstr(bytes, hash));
    CU_ASSERT_PTR_NULL(strstr(bytes, strchr(text + 4, '_') + 1));
    free(bytes);
    free(path);
    free(dir);
}

static void other_texts_find_nothing(void)
{
    char *dir = check_tmpdir(), *path = file_in(dir);
    char text[TOKEN_TEXT], other[TOKEN_TEXT];
    struct tokens tokens = {0};
    CU_ASSERT_EQUAL_FATAL(token_create(path, ROLE_ADMIN, "", text, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(tokens_read(path, &tokens, NULL), 0);
    CU_ASSERT_PTR_NOT_NULL(tokens_find(&tokens, text));
    for (size_t i = 0; i < strlen(text); i++) {
        memcpy(other, text, sizeof other);
        other[i] = other[i] == 'x' ? 'y' : 'x';
        CU_ASSERT_PTR_NULL(tokens_find(&tokens, other));
        memcpy(other, text, sizeof other);
        other[i] = '\0';
        CU_ASSERT_PTR_NULL(tokens_find(&tokens, other));
    }
    CU_ASSERT_PTR_NULL(tokens_find(&tokens, ""));
    CU_ASSERT_PTR_NULL(tokens_find(&tokens, "alm__"));
    CU_ASSERT_PTR_NULL(tokens_find(&tokens, tokens.list[0].sha256));
    tokens_clear(&tokens);
    free(path);
    free(dir);
}

static void scope_follows_the_role(void)
{
    static const struct {
        enum role role;
        const char *scope;
        int is_ok;
    } rows[] = {{ROLE_DISTRICT, "", 0},         {ROLE_DISTRICT, "D", 1},
                {ROLE_INSTITUTION, "", 0},      {ROLE_INSTITUTION, "H1", 1},
                {ROLE_INSTITUTION, "no id", 0}, {ROLE_PLANNER, "", 1},
                {ROLE_PLANNER, "D", 0},         {ROLE_ADMIN, "D", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *dir = check_tmpdir(), *path = file_in(dir);
        char text[TOKEN_TEXT] = "untouched";
        struct alm_error err;
        err_init(&err);
        int made = token_create(path, rows[i].role, rows[i].scope, text, &err);
        CU_ASSERT_EQUAL(made == 0, rows[i].is_ok);
        CU_ASSERT_EQUAL(access(path, F_OK) == 0, rows[i].is_ok);
        CU_ASSERT_EQUAL(strcmp(text, "untouched") == 0, !rows[i].is_ok);
        CU_ASSERT_EQUAL(err.code != ERR_NONE, !rows[i].is_ok);
        err_clear(&err);
        free(path);
        free(dir);
    }
}

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ROW(id, role, scope, hash)                                                                 \
    "{\"id\":\"" id "\",\"role\":\"" role "\",\"scope\":\"" scope "\",\"sha256\":\"" hash "\"}"

static void bad_files_are_refused(void)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"tokens\":{}}",
        "{\"tokens\":[],\"more\":1}",
        "{\"tokens\":[1]}",
        "{\"tokens\":[{\"id\":\"a\"}]}",
        "{\"tokens\":[" ROW("a", "king", "", HASH) "]}",
        "{\"tokens\":[" ROW("a_b", "admin", "", HASH) "]}",
        "{\"tokens\":[" ROW("a:b", "admin", "", HASH) "]}",
        "{\"tokens\":[" ROW("a", "admin", "x", HASH) "]}",
        "{\"tokens\":[" ROW("a", "district", "", HASH) "]}",
        "{\"tokens\":[" ROW("a", "admin", "", "12") "]}",
        "{\"tokens\":[" ROW("a", "admin", "", HASH) "," ROW("a", "admin", "", HASH) "]}",
    };
    char *dir = check_tmpdir(), *path = file_in(dir);
    struct tokens tokens = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct alm_error err;
        err_init(&err);
        CU_ASSERT_EQUAL_FATAL(world_files_spit_private(path, bad[i], strlen(bad[i]), NULL), 0);
        CU_ASSERT_EQUAL(tokens_read(path, &tokens, &err), -1);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, path));
        CU_ASSERT_EQUAL(tokens.n, 0);
        char text[TOKEN_TEXT];
        CU_ASSERT_EQUAL(token_create(path, ROLE_ADMIN, "", text, NULL), -1);
        err_clear(&err);
    }
    static const char good[] = "{\"tokens\":[" ROW("a", "admin", "", HASH) "]}";
    CU_ASSERT_EQUAL(world_files_spit_private(path, good, strlen(good), NULL), 0);
    CU_ASSERT_EQUAL(tokens_read(path, &tokens, NULL), 0);
    tokens_clear(&tokens);
    CU_ASSERT_EQUAL(chmod(path, 0622), 0);
    CU_ASSERT_EQUAL(tokens_read(path, &tokens, NULL), -1);
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(tokens_read(path, &tokens, NULL), -1);
    free(path);
    free(dir);
}

enum { CHILDREN = 4, EACH = 8 };

static void makers_at_the_same_time_lose_none(void)
{
    char *dir = check_tmpdir(), *path = file_in(dir);
    struct tokens tokens = {0};
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            char text[TOKEN_TEXT];
            int failed = 0;
            for (int j = 0; j < EACH; j++)
                failed |= token_create(path, ROLE_ADMIN, "", text, NULL);
            free(path);
            free(dir);
            _exit(failed ? 1 : 0);
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        CU_ASSERT_EQUAL(status, 0);
    }
    CU_ASSERT_EQUAL(tokens_read(path, &tokens, NULL), 0);
    CU_ASSERT_EQUAL(tokens.n, CHILDREN * EACH);
    tokens_clear(&tokens);
    free(path);
    free(dir);
}

static const struct check_test tests[] = {
    {"made and found", made_and_found},
    {"file keeps the hash only", file_keeps_the_hash_only},
    {"other texts find nothing", other_texts_find_nothing},
    {"scope follows the role", scope_follows_the_role},
    {"bad files are refused", bad_files_are_refused},
    {"makers at the same time lose none", makers_at_the_same_time_lose_none},
};
CHECK_SUITE(suite_token, tests);
