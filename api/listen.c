/* listen.c - see listen.h. */
#include "api/listen.h"

#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { BACKLOG = 512, FILES_TO_SPARE = 256 };

/* The usual accept loop would come back at once, and again. */
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)arg;
    evconnlistener_disable(listener);
}

void listen_raise_files(int connections)
{
    struct rlimit limit;
    rlim_t want = (rlim_t)connections + FILES_TO_SPARE;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
        return;
    limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int port_of(struct evconnlistener *listener)
{
    struct sockaddr_storage own;
    socklen_t len = sizeof own;
    getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&own, &len);
    return ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&own)->sin6_port
                                           : ((struct sockaddr_in *)&own)->sin_port);
}

struct evconnlistener *listen_open(struct event_base *base, const char *host, int port,
                                   int *port_found, struct alm_error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    unsigned flags = LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC;
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    int failed = getaddrinfo(host, service, &hints, &found);
    if (failed) {
        err_set(err, ERR_BAD_INPUT, "listen address %s: %s", host, gai_strerror(failed));
        return NULL;
    }
    struct evconnlistener *listener = evconnlistener_new_bind(
        base, NULL, NULL, flags, BACKLOG, found->ai_addr, (int)found->ai_addrlen);
    freeaddrinfo(found);
    if (!listener) {
        err_set(err, ERR_UNAVAILABLE, "cannot listen on %s:%d: %s", host, port, strerror(errno));
        return NULL;
    }
    evconnlistener_set_error_cb(listener, on_accept_error);
    *port_found = port_of(listener);
    return listener;
}
