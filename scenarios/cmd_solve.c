/* cmd_solve.c - almoner solve: one round, offline. */
#include "scenarios/cmd.h"

#include "scheduler/clock.h"
#include "solver/budget.h"
#include "solver/solver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct solve_args {
    const char *world, *policy, *out, *certificate, *engine, *last_plan, *last_certificate;
    int64_t now, work_limit;
    double time_limit_s;
    int no_stats, skip_bad_rows;
};

static int read_engine(const char *word, enum solver_engine *engine, struct alm_error *err)
{
    static const char *const words[] = {
        [SOLVER_AUTO] = "auto", [SOLVER_GLPK] = "glpk", [SOLVER_GREEDY] = "greedy"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) {
            *engine = (enum solver_engine)i;
            return 0;
        }
    return err_set(err, ERR_BAD_REQUEST, "--engine: \"%s\" is not auto, glpk or greedy", word);
}

static int is_at_its_bounds(const struct plan *plan)
{
    for (size_t k = 0; k < plan->n_objectives; k++)
        if (plan->objectives[k].value != plan->objectives[k].bound)
            return 0;
    return 1;
}

static void print_summary(const struct plan *plan)
{
    fprintf(stderr, "%s: %zu placed, %zu not; engine %s, solved in %.2f s\n",
            words_name(&words_plan_status, (int)plan->status), plan->n_placements, plan->n_unplaced,
            plan->engine, plan->stats.solve_s);
    for (size_t k = 0; k < plan->n_objectives; k++)
        fprintf(stderr, "  %-12s %lld (bound %lld)\n",
                words_name(&words_objective, (int)plan->objectives[k].objective),
                (long long)plan->objectives[k].value, (long long)plan->objectives[k].bound);
    if (plan->status != PLAN_OPTIMAL && is_at_its_bounds(plan))
        fputs("  no plan is better; but it is not sure that among equals it is the one that the "
              "rule for ties asks for\n",
              stderr);
}

static int write_certificate(const char *path, const struct certificate *certificate,
                             struct alm_error *err)
{
    char *json = certificate_to_json(certificate);
    int status = cmd_write(path, json, strlen(json), err);
    free(json);
    return status;
}

static int write_results(const struct solve_args *args, const struct plan *plan,
                         const struct certificate *certificate, struct alm_error *err)
{
    if (args->certificate && write_certificate(args->certificate, certificate, err) < 0)
        return -1;
    char *json = plan_to_json(plan, !args->no_stats);
    int status = cmd_write(args->out, json, strlen(json), err);
    free(json);
    return status;
}

struct last_round {
    struct plan plan;
    struct certificate certificate;
};

/* What the round before left, if it is given. */
static int read_last(const struct solve_args *args, struct last_round *last,
                     struct solver_options *options, struct alm_error *err)
{
    if (args->last_plan && cmd_read_plan(args->last_plan, &last->plan, err) < 0)
        return -1;
    if (args->last_certificate &&
        cmd_read_certificate(args->last_certificate, &last->certificate, err) < 0)
        return -1;
    options->last_plan = args->last_plan ? &last->plan : NULL;
    options->last_certificate = args->last_certificate ? &last->certificate : NULL;
    return 0;
}

static int solve(const struct solve_args *args, const struct solver_options *options,
                 struct plan *plan, struct certificate *certificate, struct alm_error *err)
{
    double began = budget_clock_s();
    struct region *region = cmd_load("solve", args->world, args->policy, args->skip_bad_rows, err);
    double read_s = budget_clock_s() - began;
    int status = !region ? -1
                         : solver_run(region, region_policy(region), args->now, options, plan,
                                      certificate, err);
    plan->stats.read_s = read_s;
    region_free(region);
    return status;
}

static int solve_and_write(void *context, struct alm_error *err)
{
    const struct solve_args *args = context;
    struct solver_options options = {.time_limit_s = args->time_limit_s,
                                     .work_limit = args->work_limit};
    struct certificate certificate;
    struct last_round last;
    struct plan plan;
    int code = -1;
    plan_init(&last.plan);
    certificate_init(&last.certificate);
    plan_init(&plan);
    certificate_init(&certificate);
    if (read_engine(args->engine, &options.engine, err) == 0 &&
        cmd_differ("--out", args->out, "--certificate", args->certificate, err) == 0 &&
        read_last(args, &last, &options, err) == 0 &&
        solve(args, &options, &plan, &certificate, err) == 0 &&
        write_results(args, &plan, &certificate, err) == 0) {
        print_summary(&plan);
        code = plan.status == PLAN_OPTIMAL ? 0 : 3;
    }
    certificate_clear(&last.certificate);
    plan_clear(&last.plan);
    certificate_clear(&certificate);
    plan_clear(&plan);
    return code;
}

int cmd_solve(const struct cmd *cmd, int argc, char **argv)
{
    struct solve_args args = {.engine = "auto", .now = clock_real()};
    const struct options_spec specs[] = {
        CMD_OPTION_WORLD(&args.world),
        CMD_OPTION_POLICY(&args.policy),
        CMD_OPTION_NOW(&args.now),
        {"out", OPTIONS_TEXT, &args.out, 0, 0, 0, "F", "write the plan here, not to stdout"},
        {"certificate", OPTIONS_TEXT, &args.certificate, 0, 0, 0, "F", "write the proof here"},
        {"time-limit", OPTIONS_SECONDS, &args.time_limit_s, 0, 0, 0, "S", "stop after S seconds"},
        {"work-limit", OPTIONS_INT, &args.work_limit, 0, 1, INT64_MAX, "N", "stop after N steps"},
        {"engine", OPTIONS_TEXT, &args.engine, 0, 0, 0, "E", "auto, glpk or greedy"},
        {"last-plan", OPTIONS_TEXT, &args.last_plan, 0, 0, 0, "F",
         "plan of the round before: a quicker start, the same result"},
        {"last-certificate", OPTIONS_TEXT, &args.last_certificate, 0, 0, 0, "F",
         "its prices, likewise"},
        {"no-stats", OPTIONS_FLAG, &args.no_stats, 0, 0, 0, NULL, "leave times out of the plan"},
        CMD_OPTION_SKIP(&args.skip_bad_rows),
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, solve_and_write, &args);
}
