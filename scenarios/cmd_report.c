/* cmd_report.c - almoner report: where beds are missing, as a planner reads it from a plan. */
#include "scenarios/cmd.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/envy.h"
#include "solver/worth.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct report_args {
    const char *world, *policy, *plan;
    double again_s;
    int skip_bad_rows, json;
};

/* -- as JSON -- */

static json_t *amounts_json(const struct plan *plan, const int64_t *amounts)
{
    json_t *object = json_object();
    for (size_t k = 0; k < plan->n_objectives; k++)
        json_object_set_new(object,
                            words_name(&words_objective, (int)plan->objectives[k].objective),
                            json_integer((json_int_t)amounts[k]));
    return object;
}

/* Was what the plan does not tell asked of the solver, of all pools of the row? */
static int is_exact(const struct worth *worth, const struct worth_row *row)
{
    return worth->again && row->tried == row->pools;
}

static json_t *row_json(const struct plan *plan, const struct worth *worth,
                        const struct worth_row *row)
{
    json_t *object = json_pack("{ss ss sI}", "district", row->district, "kind",
                               words_name(&words_kind, row->kind), "pools", (json_int_t)row->pools);
    if (row->best)
        json_object_set_new(object, "best",
                            json_pack("{ss so}", "pool", row->best->pool_id, "price",
                                      amounts_json(plan, row->best->price)));
    if (worth->again)
        json_object_set_new(object, "exact", json_boolean(is_exact(worth, row)));
    if (row->site)
        json_object_set_new(object, "new",
                            json_pack("{ss so}", "institution", row->site->record.id, "gain",
                                      amounts_json(plan, row->gain)));
    return object;
}

static char *report_json(const struct plan *plan, const struct worth *worth,
                         const size_t envious[ENVY_KINDS])
{
    char now[STAMP_TEXT];
    json_t *rows = json_array();
    for (size_t r = 0; r < worth->n; r++)
        json_array_append_new(rows, row_json(plan, worth, &worth->rows[r]));
    json_t *root =
        json_pack("{ss ss ss so}", "now", stamp_format(plan->now, now), "policy", plan->policy,
                  "status", words_name(&words_plan_status, (int)plan->status), "rows", rows);
    if (plan->prices_are_bounds)
        json_object_set_new(root, "shadow_prices_are", json_string(PLAN_PRICES_BOUNDS));
    json_t *envy = json_object();
    for (int kind = ENVY_ROW; kind < ENVY_KINDS; kind++)
        json_object_set_new(envy, envy_words[kind], json_integer((json_int_t)envious[kind]));
    json_object_set_new(root, "envy", envy);
    char *text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    return text;
}

/* -- as text -- */

/* Only what is not zero; nothing when all is. */
static void add_amounts(const struct plan *plan, const int64_t *amounts, struct buffer *out)
{
    const char *between = ": ";
    for (size_t k = 0; k < plan->n_objectives; k++) {
        if (amounts[k] == 0)
            continue;
        buffer_format(out, "%s%s %+" PRId64, between,
                      words_name(&words_objective, (int)plan->objectives[k].objective), amounts[k]);
        between = ", ";
    }
    if (between[0] == ':')
        buffer_text(out, ": nothing");
    buffer_text(out, "\n");
}

static void add_row(const struct plan *plan, const struct worth *worth, const struct worth_row *row,
                    struct buffer *out)
{
    buffer_format(out, "%s, %s (%zu pool%s)\n", row->district[0] ? row->district : "(no district)",
                  words_name(&words_kind, row->kind), row->pools, row->pools == 1 ? "" : "s");
    if (row->best) {
        buffer_format(out, "  one more in %s%s", row->best->pool_id,
                      is_exact(worth, row) ? ", exactly" : "");
        add_amounts(plan, row->best->price, out);
    }
    if (row->site) {
        buffer_format(out, "  a new pool in %s", row->site->record.id);
        add_amounts(plan, row->gain, out);
    }
}

static void add_head(const struct plan *plan, const struct worth *worth, struct buffer *out)
{
    char day[STAMP_TEXT];
    stamp_format_date(plan->now, day);
    if (plan->n_prices == 0 && !worth->again)
        buffer_format(out,
                      "The plan of %s has no prices of beds: it is not proved to be the best, or "
                      "nursing minutes or rooms are at play in every pool.\n",
                      day);
    else
        buffer_format(out,
                      "What one more bed would have gained%s in the round of %s, where it gains "
                      "most.\n",
                      plan->prices_are_bounds || worth->again ? " at least" : "", day);
    if (worth->again)
        buffer_text(out, "Exactly, where the round was solved again with a bed more in each of the "
                         "pools that are counted.\n");
    else if (plan->prices_are_bounds)
        buffer_text(out, "Households, homes that may be short of nursing minutes and pools with "
                         "rooms are left as they are, and the last two are not named.\n");
    if (plan->n_prices || worth->again)
        buffer_text(out, "All are gains: a negative travel is more metres, a negative preference "
                         "lower ranks.\n");
}

static char *report_text(const struct plan *plan, const struct worth *worth,
                         const size_t envious[ENVY_KINDS])
{
    struct buffer out = {0};
    add_head(plan, worth, &out);
    for (size_t r = 0; r < worth->n; r++)
        if (worth->rows[r].best || worth->rows[r].site)
            add_row(plan, worth, &worth->rows[r], &out);
    buffer_format(&out,
                  "Newcomers who would be better off in a bed of somebody with fewer points: %zu "
                  "without a place, %zu with another place, %zu kept from it by a household, "
                  "nursing minutes or rooms.\n",
                  envious[ENVY_UNPLACED], envious[ENVY_PLACED], envious[ENVY_ROW]);
    return buffer_take(&out, NULL);
}

/* -- the command -- */

/* What the prices tell; where that is not exact and it is asked for, the solver, too. */
static int find_pools(const struct report_args *args, const struct region *region,
                      const struct plan *plan, struct worth *worth, struct alm_error *err)
{
    if (args->again_s > 0 && plan->status != PLAN_OPTIMAL)
        fprintf(stderr, "almoner report: --solve-again has nothing to compare with: the plan is "
                        "not proved to be the best\n");
    else if (args->again_s > 0)
        return worth_again(region, region_policy(region), plan, args->again_s, worth, err);
    worth_by(region, plan, 1, 1, worth);
    return 0;
}

static char *report(const struct report_args *args, const struct region *region,
                    const struct plan *plan, struct alm_error *err)
{
    const struct policy *policy = region_policy(region);
    struct worth worth = {0};
    size_t envious[ENVY_KINDS];
    char *text = NULL;
    if (!cmd_is_plan_of(region, plan)) {
        err_set(err, ERR_BAD_INPUT, "the plan is of another world or policy than these");
        return NULL;
    }
    if (find_pools(args, region, plan, &worth, err) == 0 &&
        worth_new_beds(region, policy, plan, &worth, err) == 0 &&
        envy_count(region, policy, plan, envious, err) == 0)
        text = args->json ? report_json(plan, &worth, envious) : report_text(plan, &worth, envious);
    worth_clear(&worth);
    return text;
}

static int read_and_report(void *context, struct alm_error *err)
{
    const struct report_args *args = context;
    struct region *region = NULL;
    struct plan plan;
    plan_init(&plan);
    if (cmd_read_plan(args->plan, &plan, err) == 0)
        region = cmd_load("report", args->world, args->policy, args->skip_bad_rows, err);
    char *text = region ? report(args, region, &plan, err) : NULL;
    region_free(region);
    plan_clear(&plan);
    return cmd_print_take(text, err);
}

int cmd_report(const struct cmd *cmd, int argc, char **argv)
{
    struct report_args args = {0};
    const struct options_spec specs[] = {
        CMD_OPTION_WORLD(&args.world),
        CMD_OPTION_POLICY(&args.policy),
        {"plan", OPTIONS_TEXT, &args.plan, 1, 0, 0, "F", "the plan of the round"},
        {"solve-again", OPTIONS_SECONDS, &args.again_s, 0, 0, 0, "S",
         "for S seconds try a bed more where prices are not exact"},
        CMD_OPTION_SKIP(&args.skip_bad_rows),
        CMD_OPTION_JSON(&args.json),
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, read_and_report, &args);
}
