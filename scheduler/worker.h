/* worker.h - runs one function in a forked child and brings its bytes back.
 *
 * The child works on a frozen copy of everything (copy on write); whatever becomes of it - an
 * error, abort(), a signal, a limit - the parent goes on and is told. The child holds none of our
 * sockets and dies with us. */
#ifndef ALMONER_WORKER_H
#define ALMONER_WORKER_H

#include "models/alloc.h"
#include "models/err.h"

#include <stdint.h>
#include <sys/types.h>

struct event_base;
struct worker;

struct worker_limits {
    int64_t memory_bytes; /* address space; 0 = none. Not set under a sanitizer, which needs all of
                             it */
    int64_t cpu_s;        /* processor seconds; 0 = none */
    size_t answer_bytes;  /* most bytes that the child may send */
};

/* In the child: fills `out`, or -1 with an error whose code and message travel back. */
typedef int (*worker_run_fn)(void *arg, struct buffer *out, struct alm_error *err);
/* In the parent, once, when the child has ended: bytes (lent, NUL-terminated), or NULL with the
 * reason in err. */
typedef void (*worker_done_fn)(void *arg, const char *bytes, size_t len,
                               const struct alm_error *err);

/* NULL with an error when no child could be made. on_done is never called before this returns; the
 * worker frees itself after it. */
struct worker *worker_start(struct event_base *base, const struct worker_limits *limits,
                            worker_run_fn run, void *run_arg, worker_done_fn on_done,
                            void *done_arg, struct alm_error *err);
/* Kills and forgets the child; on_done is not called. NULL is fine. */
void worker_kill(struct worker *worker);
pid_t worker_pid(const struct worker *worker);

#endif
