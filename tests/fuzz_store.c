/* fuzz_store.c - any bytes as the tar of a world and as a token file: refused with nothing kept, or
 * written and read back as the same. */
#include "store/token.h"
#include "store/world_tar.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int same_part(const struct world_files *a, const struct world_files *b, int i)
{
    return a->len[i] == b->len[i] && !a->bytes[i] == !b->bytes[i] &&
           (a->len[i] == 0 || memcmp(a->bytes[i], b->bytes[i], a->len[i]) == 0);
}

static void check_tar(const char *bytes, size_t len, struct alm_error *err)
{
    struct world_files files = {0}, back = {0};
    struct buffer tar = {0};
    char *policy = NULL, *again = NULL;
    size_t policy_len = 0, again_len = 0;
    if (world_tar_read("fuzz", bytes, len, &files, &policy, &policy_len, err) != 0) {
        if (files.bytes[0] || policy || err->code == ERR_NONE)
            abort();
        return;
    }
    if (world_tar_write(&files, policy, &tar, NULL) != 0 ||
        world_tar_read("again", tar.bytes, tar.len, &back, &again, &again_len, NULL) != 0)
        abort();
    for (int i = 0; i < WORLD_FILES; i++)
        if (!same_part(&files, &back, i))
            abort();
    buffer_clear(&tar);
    world_files_clear(&files);
    world_files_clear(&back);
    free(policy);
    free(again);
}

static void check_tokens(const char *bytes, size_t len, struct alm_error *err)
{
    struct tokens tokens = {0}, back = {0};
    if (tokens_from_json(bytes, len, &tokens, err) != 0) {
        if (tokens.list || err->code == ERR_NONE)
            abort();
        return;
    }
    char *text = tokens_to_json(&tokens);
    if (tokens_from_json(text, strlen(text), &back, NULL) != 0 || back.n != tokens.n)
        abort();
    free(text);
    tokens_clear(&tokens);
    tokens_clear(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct alm_error err;
    err_init(&err);
    check_tar((const char *)bytes, len, &err);
    err_clear(&err);
    check_tokens((const char *)bytes, len, &err);
    err_clear(&err);
    return 0;
}
