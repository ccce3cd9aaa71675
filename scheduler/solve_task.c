/* solve_task.c - see solve_task.h. */
#include "scheduler/solve_task.h"

#include "models/plan.h"
#include "scheduler/archive.h"
#include "solver/solver.h"

#include <stdlib.h>

/* The archived plan has no stats: the same world, policy and time give the same bytes anywhere. */
static int keep(const struct solve_task *task, const struct plan *plan,
                const struct certificate *certificate, struct alm_error *err)
{
    char *plan_json = plan_to_json(plan, 0);
    char *certificate_json = certificate ? certificate_to_json(certificate) : NULL;
    int rc = archive_put(task->archive_dir, task->number, task->region, plan_json, certificate_json,
                         err);
    free(certificate_json);
    free(plan_json);
    return rc;
}

/* solver_run gives nothing away that verify_plan has not passed. */
int solve_task_run(void *arg, struct buffer *out, struct alm_error *err)
{
    const struct solve_task *task = arg;
    const struct policy *policy = region_policy(task->region);
    struct solver_options options = {.time_limit_s = task->time_limit_s};
    struct plan plan;
    struct certificate certificate;
    plan_init(&plan);
    certificate_init(&certificate);
    int rc = solver_run(task->region, policy, task->now, &options, &plan, &certificate, err);
    const struct certificate *proof =
        certificate.n_pools || certificate.n_people ? &certificate : NULL;
    if (rc == 0)
        rc = keep(task, &plan, proof, err);
    if (rc == 0) {
        char *json = plan_to_json(&plan, 1);
        buffer_text(out, json);
        free(json);
    }
    certificate_clear(&certificate);
    plan_clear(&plan);
    return rc;
}
