/* token.c - see token.h. The text of a token is shown once and kept nowhere. */
#include "store/token.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "store/world_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN_ID_BYTES = 6, TOKEN_SECRET_BYTES = 32, TOKEN_SECRET_TEXT = 43 };
static const char prefix[] = "alm_";

int token_check_scope(enum role role, const char *scope, const char *pointer, struct alm_error *err)
{
    const char *word = words_name(&words_role, (int)role);
    int needs_one = role == ROLE_DISTRICT || role == ROLE_INSTITUTION;
    if (needs_one && !scope[0])
        return err_issue(err, pointer, "required", "role %s needs a scope (%s)", word,
                         role == ROLE_DISTRICT ? "the district's name" : "the institution's id");
    if (!needs_one && scope[0])
        return err_issue(err, pointer, "unexpected", "role %s has no scope", word);
    if (strlen(scope) >= sizeof((struct token *)NULL)->scope)
        return err_issue(err, pointer, "range", "the scope is too long");
    if (role == ROLE_INSTITUTION && !record_id_ok(scope, strlen(scope)))
        return err_issue(err, pointer, "type", "the scope is not the id of an institution");
    return 0;
}

void tokens_clear(struct tokens *tokens)
{
    free(tokens->list);
    *tokens = (struct tokens){0};
}

int tokens_read(const char *path, struct tokens *tokens, struct alm_error *err)
{
    struct stat info;
    if (stat(path, &info) == 0 && (info.st_mode & 022))
        return err_set(err, ERR_FORBIDDEN,
                       "token file %s: others may write it (mode %03o); it has to be 600", path,
                       (unsigned)(info.st_mode & 0777));
    size_t len = 0;
    char *bytes = world_files_slurp(path, &len, err);
    if (!bytes)
        return -1;
    struct alm_error inner;
    err_init(&inner);
    int done = tokens_from_json(bytes, len, tokens, &inner);
    if (done != 0)
        err_set(err, inner.code, "token file %s: %.300s", path, inner.message);
    err_clear(&inner);
    free(bytes);
    return done;
}

static void make_text(struct token *token, char text[TOKEN_TEXT])
{
    unsigned char id[TOKEN_ID_BYTES], secret[TOKEN_SECRET_BYTES];
    char encoded[TOKEN_SECRET_TEXT + 1];
    randombytes_buf(id, sizeof id);
    randombytes_buf(secret, sizeof secret);
    sodium_bin2hex(token->id, sizeof token->id, id, sizeof id);
    sodium_bin2base64(encoded, sizeof encoded, secret, sizeof secret,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    snprintf(text, TOKEN_TEXT, "%s%s_%s", prefix, token->id, encoded);
    digest_hex(text, strlen(text), token->sha256);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(encoded, sizeof encoded);
}

static int append(const char *path, const struct token *token, struct alm_error *err)
{
    struct tokens tokens = {0};
    if (access(path, F_OK) == 0 && tokens_read(path, &tokens, err) != 0)
        return -1;
    tokens.list = alloc_resize(tokens.list, tokens.n + 1, sizeof *tokens.list);
    tokens.list[tokens.n++] = *token;
    char *json = tokens_to_json(&tokens);
    int done = world_files_spit_private(path, json, strlen(json), err);
    free(json);
    tokens_clear(&tokens);
    return done;
}

/* Two who append at the same time would lose one token: the folder is locked meanwhile (the file
 * itself is replaced, so a lock on it would hold nobody). */
static int lock_folder_of(const char *path, struct alm_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? alloc_string_n(path, (size_t)(slash - path) + 1) : alloc_string(".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int is_locked = fd >= 0 && flock(fd, LOCK_EX) == 0;
    if (!is_locked)
        err_set(err, ERR_UNAVAILABLE, "token file %s: its folder cannot be locked: %s", path,
                strerror(errno));
    if (!is_locked && fd >= 0)
        close(fd);
    free(folder);
    return is_locked ? fd : -1;
}

int token_create(const char *path, enum role role, const char *scope, char text[TOKEN_TEXT],
                 struct alm_error *err)
{
    struct token token = {.role = role};
    const char *given = scope ? scope : "";
    if (sodium_init() < 0)
        return err_set(err, ERR_INTERNAL, "no source of random numbers");
    if (token_check_scope(role, given, "--scope", err) != 0)
        return -1;
    snprintf(token.scope, sizeof token.scope, "%s", given);
    int lock = lock_folder_of(path, err);
    if (lock < 0)
        return -1;
    char made[TOKEN_TEXT];
    make_text(&token, made);
    int done = append(path, &token, err);
    close(lock);
    if (done == 0)
        memcpy(text, made, sizeof made);
    sodium_memzero(made, sizeof made);
    return done;
}

/* The id inside "alm_<id>_<43 characters>"; 0, or -1 when the text is no token. */
static int split(const char *text, char id[ID_MAX + 1])
{
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return -1;
    const char *start = text + sizeof prefix - 1;
    const char *end = strchr(start, '_');
    if (!end || end == start || end - start > ID_MAX || strlen(end + 1) != TOKEN_SECRET_TEXT)
        return -1;
    memcpy(id, start, (size_t)(end - start));
    id[end - start] = '\0';
    return 0;
}

const struct token *tokens_find(const struct tokens *tokens, const char *text)
{
    char id[ID_MAX + 1], hash[65];
    if (split(text, id) != 0)
        return NULL;
    digest_hex(text, strlen(text), hash);
    for (size_t i = 0; i < tokens->n; i++)
        if (strcmp(tokens->list[i].id, id) == 0)
            return sodium_memcmp(tokens->list[i].sha256, hash, sizeof hash) == 0 ? &tokens->list[i]
                                                                                 : NULL;
    return NULL;
}
