/* cmd_verify.c - almoner verify: a plan checked from the world and the policy alone. */
#include "scenarios/cmd.h"

#include "scenarios/options.h"
#include "solver/verify.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct verify_args {
    const char *world, *policy, *plan, *certificate;
    int skip_bad_rows, json;
};

static void print_verdict(const struct verify_args *args, const char *verdict, const char *wrong)
{
    if (!args->json) {
        if (!wrong)
            puts(verdict);
        return;
    }
    json_t *report = json_pack("{s:s, s:s*}", "verdict", verdict, "wrong", wrong);
    char *text = json_dumps(report, JSON_COMPACT);
    puts(text);
    free(text);
    json_decref(report);
}

static int verify(const struct verify_args *args, int *proved, struct alm_error *err)
{
    struct certificate certificate;
    struct region *region = NULL;
    struct plan plan;
    int status = -1;
    plan_init(&plan);
    certificate_init(&certificate);
    if (cmd_read_plan(args->plan, &plan, err) < 0 ||
        (args->certificate && cmd_read_certificate(args->certificate, &certificate, err) < 0))
        goto out;
    region = cmd_load("verify", args->world, args->policy, args->skip_bad_rows, err);
    if (region)
        status = verify_plan(region, region_policy(region), &plan,
                             args->certificate ? &certificate : NULL, proved, err);
out:
    region_free(region);
    certificate_clear(&certificate);
    plan_clear(&plan);
    return status;
}

int cmd_verify(int argc, char **argv)
{
    struct verify_args args = {0};
    const struct options_spec specs[] = {
        {"world", OPTIONS_TEXT, &args.world, 1, 0, 0, "DIR", "world folder, or a tar of one"},
        {"policy", OPTIONS_TEXT, &args.policy, 0, 0, 0, "F",
         "policy; else the world's policy.json"},
        {"plan", OPTIONS_TEXT, &args.plan, 1, 0, 0, "F", "the plan to check"},
        {"certificate", OPTIONS_TEXT, &args.certificate, 0, 0, 0, "F", "its proof of optimality"},
        {"skip-bad-rows", OPTIONS_FLAG, &args.skip_bad_rows, 0, 0, 0, NULL,
         "leave bad rows of the world out and name them"},
        {"json", OPTIONS_FLAG, &args.json, 0, 0, 0, NULL, "report as JSON"},
    };
    struct alm_error err;
    int proved = 0, code = 0;
    err_init(&err);
    int status = options_read(argc, argv, "check a plan without any solver", specs,
                              sizeof specs / sizeof *specs, &err);
    if (status == 0 && (status = verify(&args, &proved, &err)) == 0)
        print_verdict(&args, proved ? "optimal" : "feasible", NULL);
    if (status < 0) {
        if (err.code == ERR_REFUSED)
            print_verdict(&args, "refused", err.message);
        code = cmd_fail("verify", &err);
    }
    err_clear(&err);
    return code;
}
