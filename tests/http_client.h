/* http_client.h - a client that sends exactly the bytes it is given: also those that no library
 * would send. Blocking, with a deadline, so that a server which never answers fails a test and does
 * not hang it. */
#ifndef ALMONER_HTTP_CLIENT_H
#define ALMONER_HTTP_CLIENT_H

#include <stddef.h>

enum { HTTP_CLIENT_CLOSED = -1, HTTP_CLIENT_LATE = -2, HTTP_CLIENT_DEADLINE_S = 120 };

struct http_answer {
    int status; /* or HTTP_CLIENT_CLOSED (no answer came), HTTP_CLIENT_LATE */
    char *head, *body;
    size_t body_len;
};
void http_answer_clear(struct http_answer *answer);
/* The value of a header into text ("" when absent); returns text. */
const char *http_answer_header(const struct http_answer *answer, const char *name, char *text,
                               size_t room);

int http_client_connect(int port); /* a socket, or -1 */
/* 0, or -1 when the other side has closed. */
int http_client_send(int fd, const char *bytes, size_t len);
/* One response; `has_body` 0 for a HEAD. Bytes behind it stay unread only if it was not pipelined:
 * reads byte-wise up to the end of the head. */
void http_client_read(int fd, int has_body, struct http_answer *answer);
/* Whatever comes until the bytes contain `wanted`, the peer closes, or the deadline; caller frees.
 */
char *http_client_read_until(int fd, const char *wanted);
/* 1 when the server has closed (waits up to the deadline). */
int http_client_is_closed(int fd);

/* One request on a connection of its own. `headers`: further lines "Name: value\r\n", may be "";
 * token "" = none; body NULL = none. */
void http_client_ask(int port, const char *method, const char *path, const char *token,
                     const char *headers, const char *body, struct http_answer *answer);

#endif
