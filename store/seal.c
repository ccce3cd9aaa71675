/* seal.c - see seal.h. The keys lie in guarded memory that is wiped when it is freed. */
#include "store/seal.h"

#include "models/alloc.h"
#include "store/world_files.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SEAL_KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    SEAL_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SEAL_HEX = SEAL_KEY * 2,
    SEAL_KEYS_MAX = 32
};

struct seal {
    size_t n;
    unsigned char keys[SEAL_KEYS_MAX][SEAL_KEY]; /* the first one seals, all of them open */
};

static struct seal *seal_new(void)
{
    struct seal *seal = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *seal);
    if (!seal) {
        fputs("almoner: no memory that can be locked for keys\n", stderr);
        abort();
    }
    seal->n = 0;
    return seal;
}

struct seal *seal_new_random(void)
{
    struct seal *seal = seal_new();
    randombytes_buf(seal->keys[0], SEAL_KEY);
    seal->n = 1;
    return seal;
}

void seal_free(struct seal *seal)
{
    sodium_free(seal);
}

static int read_line(struct seal *seal, const char *line, size_t len, const char *path,
                     struct alm_error *err)
{
    if (seal->n == SEAL_KEYS_MAX)
        return err_set(err, ERR_BAD_INPUT, "key file %s: more than %d keys", path, SEAL_KEYS_MAX);
    size_t got = 0;
    if (len != SEAL_HEX ||
        sodium_hex2bin(seal->keys[seal->n], SEAL_KEY, line, len, NULL, &got, NULL) != 0 ||
        got != SEAL_KEY)
        return err_set(err, ERR_BAD_INPUT, "key file %s: line %zu is not a key of %d hex digits",
                       path, seal->n + 1, SEAL_HEX);
    seal->n++;
    return 0;
}

static int read_keys(struct seal *seal, const char *text, size_t len, const char *path,
                     struct alm_error *err)
{
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end ? (size_t)(end - text) - at : len - at;
        if (read_line(seal, text + at, line, path, err) != 0)
            return -1;
        at += line + 1;
    }
    return seal->n > 0 ? 0
                       : err_set(err, ERR_BAD_INPUT, "key file %s: there is no key in it", path);
}

static int check_mode(const char *path, struct alm_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return err_set(err, ERR_UNAVAILABLE, "key file %s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return err_set(err, ERR_BAD_INPUT, "key file %s: not a regular file", path);
    if (info.st_mode & 077)
        return err_set(err, ERR_FORBIDDEN,
                       "key file %s: others may read it (mode %03o); it has to be 600", path,
                       (unsigned)(info.st_mode & 0777));
    return 0;
}

/* Another process may have been first: then its key counts (1). */
static int make_file(const char *path, struct alm_error *err)
{
    unsigned char key[SEAL_KEY];
    char text[SEAL_HEX + 2];
    randombytes_buf(key, sizeof key);
    sodium_bin2hex(text, sizeof text, key, sizeof key);
    text[SEAL_HEX] = '\n';
    text[SEAL_HEX + 1] = '\0';
    int made = world_files_create_private(path, text, SEAL_HEX + 1, err);
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, sizeof text);
    return made;
}

struct seal *seal_open(const char *path, struct alm_error *err)
{
    struct seal *seal = seal_new();
    struct stat info;
    char *text = NULL;
    size_t len = 0;
    if (stat(path, &info) != 0 && errno == ENOENT && make_file(path, err) < 0)
        goto fail;
    if (check_mode(path, err) != 0)
        goto fail;
    text = world_files_slurp(path, &len, err);
    if (!text || read_keys(seal, text, len, path, err) != 0)
        goto fail;
    sodium_memzero(text, len);
    free(text);
    return seal;
fail:
    if (text)
        sodium_memzero(text, len);
    free(text);
    seal_free(seal);
    return NULL;
}

unsigned char *seal_box(const struct seal *seal, const char *applicant_id, const char *text,
                        size_t *box_len)
{
    size_t len = strlen(text);
    unsigned long long sealed = 0;
    unsigned char *box = alloc_zero(SEAL_NONCE + len + SEAL_TAG, 1);
    randombytes_buf(box, SEAL_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        box + SEAL_NONCE, &sealed, (const unsigned char *)text, len,
        (const unsigned char *)applicant_id, strlen(applicant_id), NULL, box, seal->keys[0]);
    *box_len = SEAL_NONCE + (size_t)sealed;
    return box;
}

static int open_with(const unsigned char *key, const char *id, const unsigned char *box, size_t len,
                     char *text)
{
    unsigned long long opened = 0;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
        (unsigned char *)text, &opened, NULL, box + SEAL_NONCE, len - SEAL_NONCE,
        (const unsigned char *)id, strlen(id), box, key);
}

char *seal_unbox(const struct seal *seal, const char *applicant_id, const unsigned char *box,
                 size_t box_len, struct alm_error *err)
{
    if (box_len < SEAL_NONCE + SEAL_TAG) {
        err_set(err, ERR_INTERNAL, "personal data of %s: the sealed box is cut short",
                applicant_id);
        return NULL;
    }
    char *text = alloc_zero(box_len - SEAL_NONCE - SEAL_TAG + 1, 1);
    for (size_t i = 0; i < seal->n; i++)
        if (open_with(seal->keys[i], applicant_id, box, box_len, text) == 0)
            return text;
    free(text);
    err_set(err, ERR_INTERNAL,
            "personal data of %s: no key opens the sealed box (another key file, or tampered with)",
            applicant_id);
    return NULL;
}
