/* gate.h - the head of a request, read strictly: the checks at the top of every request.
 *
 * evhttp accepts much that a second reader of the same bytes (a proxy) may read otherwise. Nothing
 * passes here that two readers could understand differently: exactly one Host, at most one
 * Content-Length of 1-9 digits, no Transfer-Encoding, no body where none belongs, CRLF line ends,
 * no folded lines, a path that begins with one slash and has no %00 and no `..`. Pure: bytes in, a
 * head or an error out. */
#ifndef ALMONER_GATE_H
#define ALMONER_GATE_H

#include "models/err.h"

#include <stddef.h>

/* The methods that pass; all others are answered 501. */
#define GATE_METHODS(X)                                                                            \
    X(GET, "GET", 0)                                                                               \
    X(HEAD, "HEAD", 0)                                                                             \
    X(POST, "POST", 1)                                                                             \
    X(PUT, "PUT", 1)                                                                               \
    X(PATCH, "PATCH", 1)                                                                           \
    X(DELETE, "DELETE", 0)                                                                         \
    X(OPTIONS, "OPTIONS", 0)

#define GATE_ENUM(name, word, body) GATE_##name,
enum gate_method { GATE_METHODS(GATE_ENUM) GATE_METHOD_COUNT };
const char *gate_method_word(enum gate_method method);

enum { GATE_HEAD_MAX = 8192, GATE_HEADERS_MAX = 64 };

struct gate_header {
    const char *name;  /* lower case */
    const char *value; /* without blanks at its ends */
};

struct gate_head {
    enum gate_method method;
    const char *path;  /* as sent: percent signs not decoded */
    const char *query; /* after the first `?`; "" */
    struct gate_header headers[GATE_HEADERS_MAX];
    size_t n_headers;
    size_t content_length;
    char *text; /* owns the strings */
};

/* `bytes` is a whole head, the empty line included. 0, or -1 with BAD_REQUEST, NOT_IMPLEMENTED or
 * HEAD_TOO_LARGE; then `head` holds nothing. */
int gate_read(const char *bytes, size_t len, struct gate_head *head, struct alm_error *err);
void gate_head_clear(struct gate_head *head);
/* The value of a header (name in lower case), NULL when it was not sent. */
const char *gate_header(const struct gate_head *head, const char *name);

#endif
