/* err.h - the one error channel.
 *
 * A function that can fail returns 0/-1 (or NULL) and takes a `struct alm_error *err` last. It
 * fills in a code, one sentence that says where and what, and - for bad input - one issue per
 * violation. Only the edges (programs, HTTP) print it. On failure a function has had no side
 * effects. */
#ifndef ALMONER_ERR_H
#define ALMONER_ERR_H

#include <stddef.h>

/* code, its name on the wire, HTTP status, exit code of the command line */
#define ERR_CODES(X)                                                                               \
    X(NONE, "none", 200, 0)                                                                        \
    X(BAD_INPUT, "bad_input", 422, 2)                                                              \
    X(BAD_REQUEST, "bad_request", 400, 2)                                                          \
    X(UNSUPPORTED, "unsupported", 422, 2)                                                          \
    X(NOT_FOUND, "not_found", 404, 2)                                                              \
    X(FORBIDDEN, "forbidden", 403, 2)                                                              \
    X(UNAUTHORIZED, "unauthorized", 401, 2)                                                        \
    X(ILLEGAL_STATE, "illegal_state", 409, 1)                                                      \
    X(CONFLICT, "conflict", 409, 1)                                                                \
    X(NO_BED, "no_bed", 409, 1)                                                                    \
    X(PRECONDITION, "precondition_failed", 412, 1)                                                 \
    X(PRECONDITION_REQUIRED, "precondition_required", 428, 2)                                      \
    X(IDEMPOTENCY, "idempotency_key_reused", 422, 2)                                               \
    X(TOO_LARGE, "too_large", 413, 2)                                                              \
    X(HEAD_TOO_LARGE, "head_too_large", 431, 2)                                                    \
    X(METHOD, "method_not_allowed", 405, 2)                                                        \
    X(MEDIA_TYPE, "unsupported_media_type", 415, 2)                                                \
    X(NOT_IMPLEMENTED, "not_implemented", 501, 2)                                                  \
    X(TOO_MANY, "too_many", 429, 4)                                                                \
    X(UNAVAILABLE, "unavailable", 503, 4)                                                          \
    X(NOT_PROVED, "not_proved", 500, 3)                                                            \
    X(REFUSED, "refused", 409, 1)                                                                  \
    X(INTERNAL, "internal", 500, 1)

enum err_code {
#define ERR_ENUM(name, word, http, exit) ERR_##name,
    ERR_CODES(ERR_ENUM)
#undef ERR_ENUM
};

struct err_issue {
    char *pointer; /* JSON pointer "/members/0/level", or "file:line: column" for CSV */
    char *code;    /* short word: required, type, range, unknown, duplicate, ... */
    char *detail;  /* one sentence */
};

struct alm_error {
    enum err_code code;
    char message[512];
    struct err_issue *issues;
    size_t n_issues;
    size_t room;
    size_t n_dropped;  /* issues beyond max_issues are counted, not kept */
    size_t max_issues; /* ERR_MAX_ISSUES unless the owner sets more */
};

enum { ERR_MAX_ISSUES = 1000 };

void err_init(struct alm_error *err);
void err_clear(struct alm_error *err); /* frees the issues, back to the state of err_init */

/* Sets code and message (issues stay); always returns -1, so that `return err_set(...)` reads well.
 * `err` may be NULL: then only the -1 remains. */
int err_set(struct alm_error *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds one issue and, when code is still NONE, sets BAD_INPUT with "pointer: detail". Returns -1.
 */
int err_issue(struct alm_error *err, const char *pointer, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* All that is wrong is so in that file: its name goes before the message and every pointer. Returns
 * -1. */
int err_in_file(struct alm_error *err, const char *file);

/* Foreign text as it may stand in a message: whole UTF-8 characters, at most ERR_SHOWN bytes,
 * control characters as `?`, "..." where it was cut. Returns shown. */
enum { ERR_SHOWN = 64 };
char *err_shown(const char *text, size_t len, char shown[ERR_SHOWN]);

const char *err_word(enum err_code code);
int err_http_status(enum err_code code);
int err_exit_code(enum err_code code);

#endif
