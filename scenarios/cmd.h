/* cmd.h - the commands of almoner. Each reads its own options (argv[0] is the command's name),
 * writes results to stdout or --out and messages to stderr, and returns the exit code of the
 * contract. */
#ifndef ALMONER_CMD_H
#define ALMONER_CMD_H

#include "models/err.h"
#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

int cmd_solve(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_generate(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_token(int argc, char **argv);

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

/* "almoner solve: ..." and the issues, one a line, to stderr; clears err; gives the exit code. */
int cmd_fail(const char *command, struct alm_error *err);

/* A world with its policy in it: from a folder or tar, and `policy_path` or the world's own
 * policy.json. Notes (ignored columns, skipped rows) go to stderr. NULL with an error. */
struct region *cmd_load(const char *command, const char *world, const char *policy_path,
                        int skip_bad_rows, struct alm_error *err);

/* From a file into an initialised plan or certificate. */
int cmd_read_plan(const char *path, struct plan *plan, struct alm_error *err);
int cmd_read_certificate(const char *path, struct certificate *certificate, struct alm_error *err);

/* Was the plan made for this world and its policy? */
int cmd_is_plan_of(const struct region *region, const struct plan *plan);

/* To a file (whole or not at all), or to stdout when path is NULL. */
int cmd_write(const char *path, const char *bytes, size_t len, struct alm_error *err);

#endif
