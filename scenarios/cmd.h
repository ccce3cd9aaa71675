/* cmd.h - the commands of almoner. Each has its own options, writes results to stdout or --out and
 * messages to stderr, and returns the exit code of the contract. */
#ifndef ALMONER_CMD_H
#define ALMONER_CMD_H

#include "models/err.h"
#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"
#include "scenarios/options.h"

struct cmd {
    const char *name;
    /* argv[0] is the name of the command. */
    int (*main)(const struct cmd *cmd, int argc, char **argv);
    const char *purpose;
};

int cmd_solve(const struct cmd *cmd, int argc, char **argv);
int cmd_verify(const struct cmd *cmd, int argc, char **argv);
int cmd_explain(const struct cmd *cmd, int argc, char **argv);
int cmd_export(const struct cmd *cmd, int argc, char **argv);
int cmd_generate(const struct cmd *cmd, int argc, char **argv);
int cmd_report(const struct cmd *cmd, int argc, char **argv);
int cmd_compare(const struct cmd *cmd, int argc, char **argv);
int cmd_token(const struct cmd *cmd, int argc, char **argv);

/* Rows of the tables of options that several commands have. */
#define CMD_OPTION_WORLD(place)                                                                    \
    {                                                                                              \
        "world", OPTIONS_TEXT, (place), 1, 0, 0, "DIR", "world folder, or a tar of one"            \
    }
#define CMD_OPTION_POLICY(place)                                                                   \
    {                                                                                              \
        "policy", OPTIONS_TEXT, (place), 0, 0, 0, "F", "policy; else the world's policy.json"      \
    }
#define CMD_OPTION_SKIP(place)                                                                     \
    {                                                                                              \
        "skip-bad-rows", OPTIONS_FLAG, (place), 0, 0, 0, NULL,                                     \
            "leave bad rows of the world out and name them"                                        \
    }
#define CMD_OPTION_JSON(place)                                                                     \
    {                                                                                              \
        "json", OPTIONS_FLAG, (place), 0, 0, 0, NULL, "report as JSON"                             \
    }
#define CMD_OPTION_NOW(place)                                                                      \
    {                                                                                              \
        "now", OPTIONS_TIME, (place), 0, 0, 0, "T", "the round's clock; else the time of day"      \
    }

/* cmd.c: what they share. */

/* Reads the options and lets `run` do what they ask for: it gives the exit code, or -1 with an
 * error, which goes to stderr with its issues, one a line. Returns the exit code. */
int cmd_run(const struct cmd *cmd, int argc, char **argv, const struct options_spec *specs,
            size_t n_specs, int (*run)(void *args, struct alm_error *err), void *args);

/* A world with its policy in it: from a folder or tar, and `policy_path` or the world's own
 * policy.json. Notes (ignored columns, skipped rows) go to stderr. NULL with an error. */
struct region *cmd_load(const char *command, const char *world, const char *policy_path,
                        int skip_bad_rows, struct alm_error *err);
/* The same without a policy. */
struct region *cmd_load_world(const char *command, const char *world, int skip_bad_rows,
                              struct alm_error *err);

/* From a file into an initialised plan or certificate. */
int cmd_read_plan(const char *path, struct plan *plan, struct alm_error *err);
int cmd_read_certificate(const char *path, struct certificate *certificate, struct alm_error *err);

/* Was the plan made for this world? */
int cmd_is_world_of(const struct region *region, const struct plan *plan);
/* And by the policy in it? */
int cmd_is_plan_of(const struct region *region, const struct plan *plan);

/* -1 when both options name the same file (devices excepted): one would overwrite the other. */
int cmd_differ(const char *option, const char *path, const char *other_option, const char *other,
               struct alm_error *err);
/* To stdout, the last line ended: JSON has no line end of its own. NULL: -1, and err is set
 * already. */
int cmd_print_take(char *text, struct alm_error *err);
/* To a file (whole or not at all), or to stdout when path is NULL. */
int cmd_write(const char *path, const char *bytes, size_t len, struct alm_error *err);

#endif
