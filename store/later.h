/* later.h - callbacks that wait for their turn, so that none runs before the call that asked
 * returns.
 *
 * A first-in-first-out queue of jobs; both stores keep their answers here. */
#ifndef ALMONER_LATER_H
#define ALMONER_LATER_H

#include <stddef.h>
#include <sys/queue.h>

/* Embedded as the first member of what a job needs. `finish` is called exactly once and frees the
 * job: with is_dropped = 1 it calls nobody back. */
struct later_job {
    TAILQ_ENTRY(later_job) link;
    void (*finish)(struct later_job *job, int is_dropped);
};

struct later {
    TAILQ_HEAD(, later_job) jobs;
};

void later_init(struct later *later);
void later_add(struct later *later, struct later_job *job);
/* Finishes the jobs that are queued now, not those they add; returns how many. */
size_t later_run(struct later *later);
void later_drop(struct later *later);

#endif
