/* cmd_explain.c - almoner explain: one person's answer. */
#include "scenarios/cmd.h"

#include "scenarios/options.h"
#include "solver/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explain_args {
    const char *world, *policy, *plan, *applicant;
    int skip_bad_rows, json;
};

static char *explain(const struct explain_args *args, struct alm_error *err)
{
    struct region *region = NULL;
    struct plan plan;
    char *text = NULL;
    plan_init(&plan);
    if (cmd_read_plan(args->plan, &plan, err) == 0)
        region = cmd_load("explain", args->world, args->policy, args->skip_bad_rows, err);
    if (region) {
        const struct policy *policy = region_policy(region);
        text = args->json ? explain_json(region, policy, &plan, args->applicant, err)
                          : explain_text(region, policy, &plan, args->applicant, err);
    }
    region_free(region);
    plan_clear(&plan);
    return text;
}

int cmd_explain(int argc, char **argv)
{
    struct explain_args args = {0};
    const struct options_spec specs[] = {
        {"world", OPTIONS_TEXT, &args.world, 1, 0, 0, "DIR", "world folder, or a tar of one"},
        {"policy", OPTIONS_TEXT, &args.policy, 0, 0, 0, "F",
         "policy; else the world's policy.json"},
        {"plan", OPTIONS_TEXT, &args.plan, 1, 0, 0, "F", "the plan of the round"},
        {"applicant", OPTIONS_TEXT, &args.applicant, 1, 0, 0, "ID", "the person's ticket"},
        {"skip-bad-rows", OPTIONS_FLAG, &args.skip_bad_rows, 0, 0, 0, NULL,
         "leave bad rows of the world out and name them"},
        {"json", OPTIONS_FLAG, &args.json, 0, 0, 0, NULL, "report as JSON"},
    };
    struct alm_error err;
    int code = 0;
    err_init(&err);
    int status = options_read(argc, argv, "why this bed, or for each pool why not", specs,
                              sizeof specs / sizeof *specs, &err);
    if (status == 0) {
        char *text = explain(&args, &err);
        status = text ? cmd_write(NULL, text, strlen(text), &err) : -1;
        free(text);
    }
    if (status < 0)
        code = cmd_fail("explain", &err);
    err_clear(&err);
    return code;
}
