/* solve_task.c - see solve_task.h. */
#include "scheduler/solve_task.h"

#include "models/plan.h"
#include "scheduler/archive.h"
#include "scheduler/usecases/usecases.h"
#include "solver/solver.h"

#include <stdlib.h>

/* The archived plan has no stats: the same world, policy and time give the same bytes anywhere. */
static int keep(const struct solve_task *task, const struct plan *plan,
                const struct certificate *certificate, struct alm_error *err)
{
    char *plan_json = plan_to_json(plan, 0);
    char *certificate_json = certificate_to_json(certificate);
    int rc = archive_put(task->archive_dir, task->number, task->region, plan_json, certificate_json,
                         err);
    free(certificate_json);
    free(plan_json);
    return rc;
}

struct last_round {
    struct plan plan;
    struct certificate certificate;
};

/* What the round before left in the archive. A hint: what is not there, or cannot be read, is done
 * without. */
static void read_last(const char *archive_dir, struct last_round *last)
{
    int64_t number = archive_last(archive_dir);
    struct alm_error ignored;
    size_t len = 0;
    err_init(&ignored);
    plan_init(&last->plan);
    certificate_init(&last->certificate);
    char *plan = archive_get(archive_dir, number, "plan.json", &len, &ignored);
    if (plan && plan_from_json(plan, len, &last->plan, &ignored) < 0)
        plan_clear(&last->plan);
    char *proof = archive_get(archive_dir, number, "certificate.json", &len, &ignored);
    if (proof && certificate_from_json(proof, len, &last->certificate, &ignored) < 0)
        certificate_clear(&last->certificate);
    free(plan);
    free(proof);
    err_clear(&ignored);
}

/* What is solved, checked and archived is the region without beds that nobody vouches for. */
static int close_aged(const struct solve_task *task, struct alm_error *err)
{
    struct change change;
    change_init(&change);
    int rc = vacancy_close_aged(task->region, task->now, &change, err);
    if (rc == 0)
        region_apply(task->region, &change);
    change_clear(&change);
    return rc;
}

/* solver_run gives nothing away that verify_plan has not passed. */
int solve_task_run(void *arg, struct buffer *out, struct alm_error *err)
{
    const struct solve_task *task = arg;
    struct last_round last;
    struct solver_options options = {.time_limit_s = task->time_limit_s,
                                     .last_plan = &last.plan,
                                     .last_certificate = &last.certificate};
    struct plan plan;
    struct certificate certificate;
    plan_init(&plan);
    certificate_init(&certificate);
    read_last(task->archive_dir, &last);
    int rc = close_aged(task, err);
    if (rc == 0)
        rc = solver_run(task->region, region_policy(task->region), task->now, &options, &plan,
                        &certificate, err);
    if (rc == 0)
        rc = keep(task, &plan, &certificate, err);
    if (rc == 0) {
        char *json = plan_to_json(&plan, 1);
        buffer_text(out, json);
        free(json);
    }
    certificate_clear(&certificate);
    plan_clear(&plan);
    certificate_clear(&last.certificate);
    plan_clear(&last.plan);
    return rc;
}
