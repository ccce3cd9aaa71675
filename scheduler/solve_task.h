/* solve_task.h - what the child of a round does: solve from where the last archived round left off,
 * check, archive, and hand the plan back. */
#ifndef ALMONER_SOLVE_TASK_H
#define ALMONER_SOLVE_TASK_H

#include "models/alloc.h"
#include "models/err.h"
#include "models/region.h"

struct solve_task {
    struct region *region; /* the child's own: has a policy; aged postings are taken out of it */
    int64_t number, now;
    double time_limit_s; /* 0 = none */
    const char *archive_dir;
};

/* A worker_run_fn; `task` is a struct solve_task. `out` receives the plan as JSON, with stats.
 * Fails when the plan does not stand up to verify_plan, or when the archive cannot be written. */
int solve_task_run(void *task, struct buffer *out, struct alm_error *err);

#endif
