/* http_client.c - see http_client.h. */
#include "tests/http_client.h"

#include "models/alloc.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_MAX = 16384 };

void http_answer_clear(struct http_answer *answer)
{
    free(answer->head);
    free(answer->body);
    *answer = (struct http_answer){0};
}

const char *http_answer_header(const struct http_answer *answer, const char *name, char *text,
                               size_t room)
{
    size_t len = strlen(name);
    text[0] = '\0';
    for (const char *line = answer->head; line && *line; line = strstr(line, "\r\n")) {
        line += strspn(line, "\r\n");
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            line += len + 1 + strspn(line + len + 1, " ");
            snprintf(text, room, "%.*s", (int)strcspn(line, "\r"), line);
            break;
        }
    }
    return text;
}

int http_client_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval deadline = {.tv_sec = HTTP_CLIENT_DEADLINE_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

int http_client_send(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/* 0, or what went wrong as a status. */
static int read_bytes(int fd, struct buffer *out, size_t len)
{
    char bytes[READ_MAX];
    while (len) {
        ssize_t n = recv(fd, bytes, len < sizeof bytes ? len : sizeof bytes, 0);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return HTTP_CLIENT_LATE;
        if (n <= 0)
            return HTTP_CLIENT_CLOSED;
        buffer_add(out, bytes, (size_t)n);
        len -= (size_t)n;
    }
    return 0;
}

static int read_head(int fd, struct buffer *head)
{
    int failed = 0;
    while (!failed && (head->len < 4 || memcmp(head->bytes + head->len - 4, "\r\n\r\n", 4) != 0))
        failed = read_bytes(fd, head, 1);
    return failed;
}

void http_client_read(int fd, int has_body, struct http_answer *answer)
{
    struct buffer head, body;
    char length[32];
    buffer_init(&head);
    buffer_init(&body);
    *answer = (struct http_answer){0};
    int failed = read_head(fd, &head);
    answer->head = buffer_take(&head, NULL);
    http_answer_header(answer, "Content-Length", length, sizeof length);
    if (!failed && has_body)
        failed = read_bytes(fd, &body, strtoul(length, NULL, 10));
    answer->body = buffer_take(&body, &answer->body_len);
    answer->status = failed;
    if (!failed)
        sscanf(answer->head, "HTTP/1.1 %d", &answer->status);
}

char *http_client_read_until(int fd, const char *wanted)
{
    struct buffer out;
    buffer_init(&out);
    buffer_text(&out, "");
    while (!strstr(out.bytes, wanted) && read_bytes(fd, &out, 1) == 0)
        ;
    return buffer_take(&out, NULL);
}

int http_client_is_closed(int fd)
{
    struct buffer rest;
    buffer_init(&rest);
    int status;
    while ((status = read_bytes(fd, &rest, READ_MAX)) == 0)
        rest.len = 0;
    buffer_clear(&rest);
    return status == HTTP_CLIENT_CLOSED;
}

void http_client_ask(int port, const char *method, const char *path, const char *token,
                     const char *headers, const char *body, struct http_answer *answer)
{
    struct buffer out;
    buffer_init(&out);
    buffer_format(&out, "%s %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n", method, path);
    if (*token)
        buffer_format(&out, "Authorization: Bearer %s\r\n", token);
    if (body)
        buffer_format(&out, "Content-Length: %zu\r\n", strlen(body));
    buffer_format(&out, "%s\r\n%s", headers, body ? body : "");
    *answer = (struct http_answer){.status = HTTP_CLIENT_CLOSED};
    int fd = http_client_connect(port);
    if (fd >= 0) {
        http_client_send(fd, out.bytes, out.len);
        http_client_read(fd, strcmp(method, "HEAD") != 0, answer);
        close(fd);
    }
    buffer_clear(&out);
}
