/* token.h - bearer tokens: `alm_<id>_<43 characters base64url>` and the file that keeps their
 * hashes.
 *
 * The file is JSON {"tokens":[{"id","role","scope","sha256"}]}, mode 0600; only hashes are in it.
 */
#ifndef ALMONER_TOKEN_H
#define ALMONER_TOKEN_H

#include "models/err.h"
#include "models/record.h"

struct token {
    char id[ID_MAX + 1];
    enum role role;
    char scope[ID_MAX * 4 + 1]; /* district name or institution id; "" for planner and admin */
    char sha256[65];
};

struct tokens {
    struct token *list;
    size_t n;
};

/* Makes a token, appends its hash to the file (created when missing; written whole to a temporary
 * file and renamed), and puts the token text into `text`. District and institution need a scope. */
enum { TOKEN_TEXT = 128 };
int token_create(const char *path, enum role role, const char *scope, char text[TOKEN_TEXT],
                 struct alm_error *err);
/* Refuses a file that others may write, and one that is not well formed. */
int tokens_read(const char *path, struct tokens *tokens, struct alm_error *err);
void tokens_clear(struct tokens *tokens);
/* token_json.c: the file's text; closed schema, every violation with its JSON pointer. */
char *tokens_to_json(const struct tokens *tokens); /* caller frees */
int tokens_from_json(const char *bytes, size_t len, struct tokens *tokens, struct alm_error *err);
/* The rule that district and institution need a scope and the others have none: 0, or -1 with an
 * issue. */
int token_check_scope(enum role role, const char *scope, const char *pointer,
                      struct alm_error *err);
/* The token that this text is (hashes compared in constant time), or NULL. */
const struct token *tokens_find(const struct tokens *tokens, const char *text);

#endif
