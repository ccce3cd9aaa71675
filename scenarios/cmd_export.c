/* cmd_export.c - almoner export: the round's model for other solvers. */
#include "scenarios/cmd.h"

#include "scheduler/clock.h"
#include "solver/export.h"

#include <string.h>

struct export_args {
    const char *world, *policy, *objective, *format, *out, *map;
    int64_t now;
    int skip_bad_rows;
};

static int read_words(const struct export_args *args, enum objective *objective,
                      enum export_format *format, struct alm_error *err)
{
    static const char *const formats[] = {
        [EXPORT_MPS] = "mps", [EXPORT_LP] = "lp", [EXPORT_DIMACS] = "dimacs"};
    static const struct words words = {formats, sizeof formats / sizeof *formats};
    int o = words_find(&words_objective, args->objective, strlen(args->objective));
    int f = words_find(&words, args->format, strlen(args->format));
    if (o < 0)
        return err_set(err, ERR_BAD_REQUEST, "--objective: there is no objective \"%s\"",
                       args->objective);
    if (f < 0)
        return err_set(err, ERR_BAD_REQUEST, "--format: \"%s\" is not mps, lp or dimacs",
                       args->format);
    *objective = (enum objective)o;
    *format = (enum export_format)f;
    return 0;
}

static int export(void *context, struct alm_error *err)
{
    const struct export_args *args = context;
    enum objective objective = OBJECTIVE_NEED;
    enum export_format format = EXPORT_MPS;
    struct buffer text = {0}, map = {0};
    if (read_words(args, &objective, &format, err) < 0 ||
        cmd_differ("--out", args->out, "--map", args->map, err) < 0)
        return -1;
    struct region *region = cmd_load("export", args->world, args->policy, args->skip_bad_rows, err);
    int status = region ? export_model(region, region_policy(region), args->now, objective, format,
                                       &text, &map, err)
                        : -1;
    if (status == 0 && args->map)
        status = cmd_write(args->map, map.bytes, map.len, err);
    if (status == 0)
        status = cmd_write(args->out, text.bytes, text.len, err);
    buffer_clear(&text);
    buffer_clear(&map);
    region_free(region);
    return status;
}

int cmd_export(const struct cmd *cmd, int argc, char **argv)
{
    struct export_args args = {.now = clock_real()};
    const struct options_spec specs[] = {
        CMD_OPTION_WORLD(&args.world),
        CMD_OPTION_POLICY(&args.policy),
        CMD_OPTION_NOW(&args.now),
        {"objective", OPTIONS_TEXT, &args.objective, 1, 0, 0, "NAME", "which objective"},
        {"format", OPTIONS_TEXT, &args.format, 1, 0, 0, "FORMAT", "mps, lp or dimacs"},
        {"out", OPTIONS_TEXT, &args.out, 1, 0, 0, "F", "the model"},
        {"map", OPTIONS_TEXT, &args.map, 0, 0, 0, "F", "what its rows and columns mean"},
        CMD_OPTION_SKIP(&args.skip_bad_rows),
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, export, &args);
}
