/* redis_proxy.h - stands between a daemon and its Redis, counts the commands, and does one of them
 * harm.
 *
 * A thread and a unix socket of its own; ends with redis_proxy_free. */
#ifndef ALMONER_TESTS_REDIS_PROXY_H
#define ALMONER_TESTS_REDIS_PROXY_H

enum redis_proxy_harm {
    PROXY_UNSENT,  /* the connection breaks before the command gets through */
    PROXY_UNTOLD,  /* it gets through, the connection breaks instead of the answer */
    PROXY_GARBLED, /* it gets through, the answer is no Redis's */
    PROXY_UNHEARD, /* it gets through, and no answer comes any more: patience ends it */
    PROXY_HARMS
};

struct redis_proxy;

/* `socket`: of the server. */
struct redis_proxy *redis_proxy_new(const char *socket);
void redis_proxy_free(struct redis_proxy *proxy); /* NULL is fine */
const char *redis_proxy_socket(const struct redis_proxy *proxy);
/* The command after `after` others from now on, on whatever connection, meets that. */
void redis_proxy_arm(struct redis_proxy *proxy, enum redis_proxy_harm harm, int after);
/* No command any more. Was there one? */
int redis_proxy_disarm(struct redis_proxy *proxy);

#endif
