/* listen.h - the door: a listening socket that neither spins nor floods the log when descriptors
 * run out. */
#ifndef ALMONER_LISTEN_H
#define ALMONER_LISTEN_H

#include "models/err.h"

struct event_base;
struct evconnlistener;

/* Listens on host and port (0 = any; *port_found receives the real one). Whoever accepts sets its
 * own callback. When accepting fails (no descriptors are left) it is disabled: enable it again
 * after a while. NULL with an error. */
struct evconnlistener *listen_open(struct event_base *base, const char *host, int port,
                                   int *port_found, struct alm_error *err);
/* Raises the process's soft limit of open files, as far as it may, to this many and some to spare.
 */
void listen_raise_files(int connections);

#endif
