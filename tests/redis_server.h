/* redis_server.h - a private redis-server for one test: own folder, unix socket only, dies with the
 * test program.
 *
 * Ended by its process id; nothing listens on a port. */
#ifndef ALMONER_TESTS_REDIS_SERVER_H
#define ALMONER_TESTS_REDIS_SERVER_H

#include <sys/types.h>

struct redis_server;

/* Starts one with AOF `always` and waits until it answers. `options`: more pairs, NULL-terminated,
 * later ones win
 * ({"--appendfsync", "everysec", NULL}); NULL = none. NULL when redis-server is not there or does
 * not come up. */
struct redis_server *redis_server_start(const char *const *options);
/* The same without a running server yet: redis_server_restart brings it up later. */
struct redis_server *redis_server_prepare(const char *const *options);
const char *redis_server_socket(const struct redis_server *server);
const char *redis_server_dir(const struct redis_server *server);
pid_t redis_server_pid(const struct redis_server *server); /* 0 = not running */
void redis_server_kill(struct redis_server *server);       /* SIGKILL, and waits for the end */
void redis_server_end(struct redis_server *server);        /* SIGTERM, and waits */
/* Starts it without waiting (it may want a password before it answers). 0 or -1. */
int redis_server_launch(struct redis_server *server);
int redis_server_restart(
    struct redis_server *server); /* on the same data; waits for PONG; 0 or -1 */
/* One inline command ("CLIENT PAUSE 500"); the first line of the reply without CRLF, of a text
 * without its length (caller frees); NULL when nobody answers. */
char *redis_server_ask(const struct redis_server *server, const char *command);
void redis_server_free(struct redis_server *server); /* ends it first; NULL is fine */

#endif
