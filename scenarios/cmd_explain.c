/* cmd_explain.c - almoner explain: one person's answer. */
#include "scenarios/cmd.h"

#include "models/alloc.h"
#include "solver/explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_NEAR = 3 };

struct explain_args {
    const char *world, *policy, *plan, *applicant;
    double again_s;
    int skip_bad_rows, json;
};

/* One letter more, less, other or swapped with the next; small and capital letters are alike. */
static int is_near(const char *typed, const char *id)
{
    while (*typed && toupper((unsigned char)*typed) == toupper((unsigned char)*id))
        typed++, id++;
    if (!*typed && !*id)
        return 1;
    if (!*typed || !*id)
        return strlen(typed) + strlen(id) == 1;
    return strcasecmp(typed + 1, id) == 0 || strcasecmp(typed, id + 1) == 0 ||
           strcasecmp(typed + 1, id + 1) == 0 ||
           (typed[1] && id[1] && typed[0] == id[1] && typed[1] == id[0] &&
            strcasecmp(typed + 2, id + 2) == 0);
}

/* The first applicants whose id is the typed one, or near it, by `is_alike`; in words. */
static char *alike(const struct region *region, const char *typed,
                   int (*is_alike)(const char *, const char *))
{
    struct buffer names = {0};
    int found = 0;
    for (const struct record *at = region_first(region, RECORD_APPLICANT); at && found < MOST_NEAR;
         at = region_next(at))
        if (is_alike(typed, at->id))
            buffer_format(&names, "%s%s", found++ ? " or " : "", at->id);
    return names.len ? buffer_take(&names, NULL) : NULL;
}

static int is_same(const char *typed, const char *id)
{
    return strcasecmp(typed, id) == 0;
}

/* Nobody has that id: perhaps it was mistyped, or is that of something else. */
static void suggest(const struct region *region, const char *typed, struct alm_error *err)
{
    const char *what = region_pool(region, typed)          ? "a pool"
                       : region_institution(region, typed) ? "an institution"
                                                           : NULL;
    char *ids = alike(region, typed, is_same);
    if (!ids && !what)
        ids = alike(region, typed, is_near);
    if (ids)
        err_set(err, ERR_NOT_FOUND, "there is no applicant %s; is it %s?", typed, ids);
    else if (what)
        err_set(err, ERR_NOT_FOUND, "%s is %s, not an applicant", typed, what);
    else
        err_set(err, ERR_NOT_FOUND, "there is no applicant %s", typed);
    free(ids);
}

static int explain(void *context, struct alm_error *err)
{
    const struct explain_args *args = context;
    struct region *region = NULL;
    struct plan plan;
    char *text = NULL;
    plan_init(&plan);
    if (cmd_read_plan(args->plan, &plan, err) == 0)
        region = cmd_load("explain", args->world, args->policy, args->skip_bad_rows, err);
    if (region && !region_applicant(region, args->applicant)) {
        suggest(region, args->applicant, err);
    } else if (region) {
        const struct policy *policy = region_policy(region);
        if (!cmd_is_plan_of(region, &plan)) {
            fprintf(stderr, "almoner explain: the plan is of another world or policy than these: "
                            "what would have helped is not told\n");
            plan.status = PLAN_FEASIBLE; /* what it proved is not of this world */
        }
        if (args->again_s > 0 && plan.status != PLAN_OPTIMAL)
            fprintf(stderr, "almoner explain: --solve-again has nothing to compare with: the plan "
                            "is not proved to be the best\n");
        text = args->json
                   ? explain_json(region, policy, &plan, args->applicant, args->again_s, err)
                   : explain_text(region, policy, &plan, args->applicant, args->again_s, err);
    }
    region_free(region);
    plan_clear(&plan);
    return cmd_print_take(text, err);
}

int cmd_explain(const struct cmd *cmd, int argc, char **argv)
{
    struct explain_args args = {0};
    const struct options_spec specs[] = {
        CMD_OPTION_WORLD(&args.world),
        CMD_OPTION_POLICY(&args.policy),
        {"plan", OPTIONS_TEXT, &args.plan, 1, 0, 0, "F", "the plan of the round"},
        {"applicant", OPTIONS_TEXT, &args.applicant, 1, 0, 0, "ID", "the person's ticket"},
        {"solve-again", OPTIONS_SECONDS, &args.again_s, 0, 0, 0, "S",
         "for S seconds try wider limits of which prices do not tell"},
        CMD_OPTION_SKIP(&args.skip_bad_rows),
        CMD_OPTION_JSON(&args.json),
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, explain, &args);
}
