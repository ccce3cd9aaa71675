/* later.c - see later.h. */
#include "store/later.h"

void later_init(struct later *later)
{
    TAILQ_INIT(&later->jobs);
}

void later_add(struct later *later, struct later_job *job)
{
    TAILQ_INSERT_TAIL(&later->jobs, job, link);
}

static void finish_first(struct later *later, int is_dropped)
{
    struct later_job *job = TAILQ_FIRST(&later->jobs);
    TAILQ_REMOVE(&later->jobs, job, link);
    job->finish(job, is_dropped);
}

size_t later_run(struct later *later)
{
    size_t due = 0;
    struct later_job *job;
    TAILQ_FOREACH(job, &later->jobs, link)
    due++;
    for (size_t i = 0; i < due; i++)
        finish_first(later, 0);
    return due;
}

void later_drop(struct later *later)
{
    while (!TAILQ_EMPTY(&later->jobs))
        finish_first(later, 1);
}
