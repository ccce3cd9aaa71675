/* served.h - a real almonerd for one test: its own folder, any port on loopback, asked over HTTP.
 * Dies with the test program. */
#ifndef ALMONER_TESTS_SERVED_H
#define ALMONER_TESTS_SERVED_H

#include "models/record.h"

#include <sys/types.h>

struct served {
    char *dir;               /* out, log, data/ and tokens.json are in it */
    char *token[ROLE_COUNT]; /* of admin and planner, for all; made by served_new */
    pid_t pid;               /* 0 = not running */
    int port;
};

struct served *served_new(void);
void served_free(struct served *served);                          /* kills it first */
char *served_path(const struct served *served, const char *name); /* in its folder; caller frees */

/* A person who may be sent in. */
void served_applicant(const char *id, char *json, size_t room);

/* Starts ./almonerd with --data, --tokens, --listen and the given options (NULL-terminated), and
 * waits until it says that it is ready. 0, or -1 when it ended or took five minutes. */
int served_start(struct served *served, const char *const *options);
/* The same without waiting. */
void served_launch(struct served *served, const char *const *options);
int served_wait_ready(struct served *served);
/* Sends the signal, waits for the end, gives the exit code (128 + number when a signal ended it).
 */
int served_end(struct served *served, int how);

/* Waits (five minutes at most) until the log of the present start has that text; the line's rest
 * after it (caller frees), or NULL. */
char *served_log(const struct served *served, const char *text);

/* Connects; writes one request (token NULL = none; `more` = further header lines or ""; body NULL =
 * none); reads one whole answer: its status, 0 when it was cut short, -1 when nothing came.
 * `answer` (may be NULL) receives all of it. */
int served_connect(const struct served *served);
int served_send(int fd, const char *method, const char *path, const char *token, const char *more,
                const char *body);
int served_receive(int fd, char **answer);
/* The three in one. */
int served_ask(const struct served *served, const char *method, const char *path, const char *token,
               const char *more, const char *body, char **answer);
/* The value of a header in an answer (caller frees), NULL when it is not there. */
char *served_header(const char *answer, const char *name);

#endif
