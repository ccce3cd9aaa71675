/* cmd_verify.c - almoner verify: a plan checked from the world and the policy alone. */
#include "scenarios/cmd.h"

#include "solver/verify.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verify_args {
    const char *world, *policy, *plan, *certificate;
    int skip_bad_rows, json;
};

/* -- what a certificate over 2^s proves -- */

static json_t *bounds_json(const struct plan *plan, const struct certificate *certificate)
{
    json_t *bounds = json_array();
    for (size_t k = 0; k < plan->n_objectives; k++)
        json_array_append_new(
            bounds, json_pack("{s:s, s:I, s:I, s:I}", "name",
                              words_name(&words_objective, (int)plan->objectives[k].objective),
                              "value", (json_int_t)plan->objectives[k].value, "stated",
                              (json_int_t)plan->objectives[k].bound, "proved",
                              (json_int_t)certificate->bounds[k]));
    return bounds;
}

static void tell_word(const struct objective_value *stated, int64_t proved)
{
    if (stated->bound == stated->value)
        fputs("; that it is the best is the solver's word", stderr);
    else if (stated->bound != proved)
        fprintf(stderr, "; that none has %s than %" PRId64 " is the solver's word",
                words_objective_is_max(stated->objective) ? "more" : "less", stated->bound);
}

/* Beside a verdict that is not `optimal`: how far the proof goes, and what is the solver's word
 * alone. */
static void tell_bounds(const struct plan *plan, const struct certificate *certificate)
{
    const char *among = "";
    for (size_t k = 0; k < plan->n_objectives; k++) {
        const struct objective_value *stated = &plan->objectives[k];
        const char *name = words_name(&words_objective, (int)stated->objective);
        fprintf(stderr, "  %-12s %" PRId64 ", proved", name, stated->value);
        if (certificate->bounds[k] != stated->value)
            fprintf(stderr, " that no plan has %s than %" PRId64,
                    words_objective_is_max(stated->objective) ? "more" : "less",
                    certificate->bounds[k]);
        fputs(among, stderr);
        if (certificate->bounds[k] != stated->value)
            tell_word(stated, certificate->bounds[k]);
        fputs("\n", stderr);
        among = " among plans equal to it above";
    }
}

/* -- what was not checked -- */

enum unchecked { UNCHECKED_BOUNDS, UNCHECKED_PRICES, UNCHECKED_TIES, UNCHECKED_COUNT };

static const struct {
    const char *name, *meaning;
} unchecked[UNCHECKED_COUNT] = {
    {"bounds",
     " without its certificate: that no other plan is better (the bounds that it states)"},
    {"shadow_prices",
     " without its certificate: what a bed more or fewer is worth (shadow prices)"},
    {"ties", ": that of all plans as good it is the one that the order of ties asks for"},
};

/* Of what the plan states: bounds always; prices not every plan, and those that are bounds (plan.h)
 * prove themselves; ties are looked at beside the proof of a network's optimum alone. */
static int is_unchecked(enum unchecked what, const struct plan *plan, int has_certificate,
                        int is_exact)
{
    if (what == UNCHECKED_TIES)
        return plan->status == PLAN_OPTIMAL && !is_exact;
    return !has_certificate &&
           (what == UNCHECKED_BOUNDS || (plan->n_prices && !plan->prices_are_bounds));
}

/* -- the verdict -- */

static void print_json(json_t *report)
{
    char *text = json_dumps(report, JSON_COMPACT);
    puts(text);
    free(text);
    json_decref(report);
}

static void print_verdict(const struct verify_args *args, const char *verdict,
                          const struct plan *plan, const struct certificate *certificate)
{
    int is_exact = !certificate->shift && strcmp(verdict, "optimal") == 0;
    json_t *names = json_array();
    if (!args->json)
        puts(verdict);
    for (int what = 0; what < UNCHECKED_COUNT; what++) {
        if (!is_unchecked((enum unchecked)what, plan, args->certificate != NULL, is_exact))
            continue;
        json_array_append_new(names, json_string(unchecked[what].name));
        if (!args->json)
            fprintf(stderr, "  not checked%s\n", unchecked[what].meaning);
    }
    if (args->json)
        print_json(json_pack("{s:s, s:o*, s:O*}", "verdict", verdict, "bounds",
                             certificate->shift ? bounds_json(plan, certificate) : NULL,
                             "unchecked", json_array_size(names) ? names : NULL));
    else if (certificate->shift && strcmp(verdict, "optimal") != 0)
        tell_bounds(plan, certificate);
    json_decref(names);
}

static int verify(void *context, struct alm_error *err)
{
    const struct verify_args *args = context;
    struct certificate certificate;
    struct region *region = NULL;
    struct plan plan;
    int status = -1, proved = 0;
    plan_init(&plan);
    certificate_init(&certificate);
    if (cmd_read_plan(args->plan, &plan, err) < 0 ||
        (args->certificate && cmd_read_certificate(args->certificate, &certificate, err) < 0))
        goto out;
    region = cmd_load("verify", args->world, args->policy, args->skip_bad_rows, err);
    if (region)
        status = verify_plan(region, region_policy(region), &plan,
                             args->certificate ? &certificate : NULL, &proved, err);
    if (status == 0)
        print_verdict(args, proved ? "optimal" : "feasible", &plan, &certificate);
    else if (err->code == ERR_REFUSED && args->json)
        print_json(json_pack("{s:s, s:s}", "verdict", "refused", "wrong", err->message));
out:
    region_free(region);
    certificate_clear(&certificate);
    plan_clear(&plan);
    return status;
}

int cmd_verify(const struct cmd *cmd, int argc, char **argv)
{
    struct verify_args args = {0};
    const struct options_spec specs[] = {
        CMD_OPTION_WORLD(&args.world),
        CMD_OPTION_POLICY(&args.policy),
        {"plan", OPTIONS_TEXT, &args.plan, 1, 0, 0, "F", "the plan to check"},
        {"certificate", OPTIONS_TEXT, &args.certificate, 0, 0, 0, "F", "its proof of optimality"},
        CMD_OPTION_SKIP(&args.skip_bad_rows),
        CMD_OPTION_JSON(&args.json),
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, verify, &args);
}
