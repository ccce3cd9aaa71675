/* gate.c - see gate.h. One pass cuts the text into lines and the lines into words; a table of
 * checks follows. */
#include "api/gate.h"

#include "models/alloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    int may_have_body;
} gate_methods[] = {
#define GATE_ROW(name, word, body) [GATE_##name] = {word, body},
    GATE_METHODS(GATE_ROW)
#undef GATE_ROW
};

const char *gate_method_word(enum gate_method method)
{
    return gate_methods[method].word;
}

const char *gate_header(const struct gate_head *head, const char *name)
{
    for (size_t i = 0; i < head->n_headers; i++)
        if (strcmp(head->headers[i].name, name) == 0)
            return head->headers[i].value;
    return NULL;
}

static size_t count(const struct gate_head *head, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < head->n_headers; i++)
        n += strcmp(head->headers[i].name, name) == 0;
    return n;
}

static int is_token(const char *text)
{
    if (!*text)
        return 0;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("!#$%&'*+-.^_`|~", *c))
            return 0;
    return 1;
}

/* Line ends are CRLF and nothing else; no NUL and no other control byte but a tab. */
static int check_bytes(const char *bytes, size_t len, struct alm_error *err)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n' && (i == 0 || bytes[i - 1] != '\r'))
            return err_set(err, ERR_BAD_REQUEST, "request head: a line ends in LF without CR");
        if (c == '\r' && (i + 1 == len || bytes[i + 1] != '\n'))
            return err_set(err, ERR_BAD_REQUEST, "request head: CR without LF");
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            return err_set(err, ERR_BAD_REQUEST, "request head: control character 0x%02x", c);
    }
    return 0;
}

static int read_method(const char *word, struct gate_head *head, struct alm_error *err)
{
    for (int i = 0; i < GATE_METHOD_COUNT; i++)
        if (strcmp(word, gate_methods[i].word) == 0) {
            head->method = (enum gate_method)i;
            return 0;
        }
    if (!is_token(word))
        return err_set(err, ERR_BAD_REQUEST, "request line: no method");
    return err_set(err, ERR_NOT_IMPLEMENTED, "request line: method %.20s is not known", word);
}

static int is_dots(const char *segment, size_t len)
{
    size_t dots = 0;
    for (size_t i = 0; i < len; dots++) {
        if (segment[i] == '.')
            i++;
        else if (len - i >= 3 && strncasecmp(segment + i, "%2e", 3) == 0)
            i += 3;
        else
            return 0;
    }
    return dots == 1 || dots == 2;
}

static int check_path(const char *path, struct alm_error *err)
{
    if (path[0] != '/')
        return err_set(err, ERR_BAD_REQUEST, "path: does not begin with `/`");
    for (const char *c = path; *c; c++) {
        if (*c == '%' && (!isxdigit((unsigned char)c[1]) || !isxdigit((unsigned char)c[2])))
            return err_set(err, ERR_BAD_REQUEST, "path: `%%` without two hexadecimal digits");
        if (strncmp(c, "%00", 3) == 0)
            return err_set(err, ERR_BAD_REQUEST, "path: %%00 is not allowed");
        if (*c == '#' || *c == '\\' || (unsigned char)*c >= 0x80)
            return err_set(err, ERR_BAD_REQUEST, "path: character 0x%02x has to be encoded",
                           (unsigned char)*c);
        if (*c != '/')
            continue;
        size_t len = strcspn(c + 1, "/");
        if (len == 0 && c[1])
            return err_set(err, ERR_BAD_REQUEST, "path: two slashes in a row");
        if (is_dots(c + 1, len))
            return err_set(err, ERR_BAD_REQUEST, "path: `.` and `..` are not allowed");
    }
    return 0;
}

static int read_request_line(char *line, struct gate_head *head, struct alm_error *err)
{
    char *target = strchr(line, ' ');
    char *version = target ? strchr(target + 1, ' ') : NULL;
    if (!version)
        return err_set(err, ERR_BAD_REQUEST, "request line: not of the form `GET /path HTTP/1.1`");
    *target++ = '\0';
    *version++ = '\0';
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return err_set(err, ERR_BAD_REQUEST, "request line: HTTP/1.1 or HTTP/1.0 is expected");
    if (read_method(line, head, err) != 0)
        return -1;
    char *query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    head->path = target;
    head->query = query ? query : "";
    return check_path(target, err);
}

static int read_header(char *line, struct gate_head *head, struct alm_error *err)
{
    char *colon = strchr(line, ':');
    if (colon)
        *colon = '\0';
    if (!colon || !is_token(line))
        return err_set(err, ERR_BAD_REQUEST,
                       "request head: a line is not of the form `Name: value`");
    if (head->n_headers == GATE_HEADERS_MAX)
        return err_set(err, ERR_HEAD_TOO_LARGE, "request head: more than %d lines",
                       GATE_HEADERS_MAX);
    for (char *c = line; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t len = strlen(value);
    while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
        value[--len] = '\0';
    head->headers[head->n_headers++] = (struct gate_header){line, value};
    return 0;
}

static int check_length(struct gate_head *head, struct alm_error *err)
{
    size_t n = count(head, "content-length");
    if (n > 1)
        return err_set(err, ERR_BAD_REQUEST, "Content-Length: sent %zu times", n);
    const char *text = gate_header(head, "content-length");
    if (!text)
        return 0;
    size_t len = strspn(text, "0123456789");
    if (len < 1 || len > 9 || text[len])
        return err_set(err, ERR_BAD_REQUEST, "Content-Length: not a number of 1 to 9 digits");
    head->content_length = (size_t)strtoul(text, NULL, 10);
    if (head->content_length && !gate_methods[head->method].may_have_body)
        return err_set(err, ERR_BAD_REQUEST, "Content-Length: a %s has no body",
                       gate_methods[head->method].word);
    return 0;
}

static int check_headers(struct gate_head *head, struct alm_error *err)
{
    static const char *const once[] = {"authorization", "if-match",        "if-none-match",
                                       "content-type",  "idempotency-key", "last-event-id"};
    size_t hosts = count(head, "host");
    const char *host = gate_header(head, "host");
    if (hosts != 1 || !host || !*host)
        return err_set(err, ERR_BAD_REQUEST, "Host: exactly one is needed, %zu were sent", hosts);
    if (count(head, "transfer-encoding"))
        return err_set(err, ERR_BAD_REQUEST,
                       "Transfer-Encoding: not supported, send a Content-Length");
    const char *expect = gate_header(head, "expect");
    if (expect && strcasecmp(expect, "100-continue") != 0)
        return err_set(err, ERR_BAD_REQUEST, "Expect: only 100-continue is known");
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (count(head, once[i]) > 1)
            return err_set(err, ERR_BAD_REQUEST, "%s: sent more than once", once[i]);
    return check_length(head, err);
}

/* The line that starts at *cursor, cut off at its CRLF; *cursor moves behind it. */
static char *next_line(char **cursor)
{
    char *line = *cursor, *end = strstr(line, "\r\n");
    if (!end)
        return NULL;
    *end = '\0';
    *cursor = end + 2;
    return line;
}

static int read_lines(struct gate_head *head, struct alm_error *err)
{
    char *cursor = head->text, *line = next_line(&cursor);
    if (!line)
        return err_set(err, ERR_BAD_REQUEST, "request line: missing");
    if (read_request_line(line, head, err) != 0)
        return -1;
    while ((line = next_line(&cursor)) && *line)
        if (read_header(line, head, err) != 0)
            return -1;
    return check_headers(head, err);
}

int gate_read(const char *bytes, size_t len, struct gate_head *head, struct alm_error *err)
{
    *head = (struct gate_head){0};
    if (len > GATE_HEAD_MAX)
        return err_set(err, ERR_HEAD_TOO_LARGE, "request head: more than %d bytes", GATE_HEAD_MAX);
    if (check_bytes(bytes, len, err) != 0)
        return -1;
    head->text = alloc_string_n(bytes, len);
    if (read_lines(head, err) == 0)
        return 0;
    gate_head_clear(head);
    return -1;
}

void gate_head_clear(struct gate_head *head)
{
    free(head->text);
    *head = (struct gate_head){0};
}
