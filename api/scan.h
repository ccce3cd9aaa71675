/* scan.h - the first reader of a connection's bytes: cuts them into heads and bodies, strictly
 * (gate.h), and keeps the heads that passed until their bodies are there. Pure: no socket, no
 * event. */
#ifndef ALMONER_SCAN_H
#define ALMONER_SCAN_H

#include "api/gate.h"
#include "models/alloc.h"

/* May a request with this head come in? 0, or -1 with an error: then it counts as bad. */
typedef int (*scan_accept_fn)(void *arg, const struct gate_head *head, struct alm_error *err);

struct scanned {
    struct gate_head head;
    struct scanned *next;
};

struct scan {
    scan_accept_fn accept;
    void *arg;
    struct buffer head; /* the head that is being received */
    size_t body_left;   /* bytes of the body that are still to be passed over */
    int is_stopped;     /* a bad head came: nothing behind it is looked at */
    struct scanned *first, **last;
};

void scan_init(struct scan *scan, scan_accept_fn accept, void *arg);
void scan_clear(struct scan *scan);
/* Passes over as much of the next `len` bytes as is body; how many that were. */
size_t scan_skip(struct scan *scan, size_t len);
/* The next bytes, in order. 0, or -1 with an error when a bad head is among them: the scan has
 * stopped. */
int scan_bytes(struct scan *scan, const char *bytes, size_t len, struct alm_error *err);
/* The oldest head that passed, NULL when there is none; the caller frees it with scanned_free. */
struct scanned *scan_pop(struct scan *scan);
void scanned_free(struct scanned *scanned); /* NULL is fine */

#endif
