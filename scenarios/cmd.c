/* cmd.c - what the commands share: loading worlds and plans, writing results, saying what went
 * wrong. */
#include "scenarios/cmd.h"

#include "models/alloc.h"
#include "models/world.h"
#include "store/world_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_issues(const struct alm_error *err)
{
    for (size_t i = 0; i < err->n_issues; i++)
        fprintf(stderr, "%s: %s\n", err->issues[i].pointer, err->issues[i].detail);
    if (err->n_dropped)
        fprintf(stderr, "... and %zu more\n", err->n_dropped);
}

/* Says what went wrong; gives the exit code. */
static int fail(const char *command, const struct alm_error *err)
{
    int code = err_exit_code(err->code);
    if (err->n_issues == 0)
        fprintf(stderr, "almoner %s: %s\n", command, err->message);
    else
        fprintf(stderr, "almoner %s: %zu thing%s wrong with the input\n", command,
                err->n_issues + err->n_dropped, err->n_issues > 1 ? "s" : "");
    print_issues(err);
    return code ? code : 1;
}

int cmd_run(const struct cmd *cmd, int argc, char **argv, const struct options_spec *specs,
            size_t n_specs, int (*run)(void *args, struct alm_error *err), void *args)
{
    struct alm_error err;
    err_init(&err);
    int read = options_read(argc, argv, cmd->purpose, specs, n_specs, &err);
    int code = read == 0 ? run(args, &err) : read < 0 ? -1 : 0;
    if (code < 0)
        code = fail(cmd->name, &err);
    err_clear(&err);
    return code;
}

/* Checks the text of the file as a policy and puts it into the region. */
static int put_policy(struct region *region, const char *file, const char *json, size_t len,
                      struct alm_error *err)
{
    struct policy *policy = policy_from_json(json, len, err);
    if (!policy)
        return err_in_file(err, file);
    region_put_take(region, policy_record_take(policy_to_json(policy)));
    policy_free(policy);
    return 0;
}

static int load_policy(struct region *region, const char *policy_path, const char *own,
                       size_t own_len, struct alm_error *err)
{
    if (!policy_path && !own)
        return err_set(err, ERR_BAD_INPUT, "the world has no policy.json; give one with --policy");
    if (!policy_path)
        return put_policy(region, "policy.json", own, own_len, err);
    size_t len;
    char *json = world_files_slurp(policy_path, &len, err);
    int status = json ? put_policy(region, policy_path, json, len, err) : -1;
    free(json);
    return status;
}

/* The world, and the text of its own policy if it has one (caller frees). */
static struct region *read_world(const char *command, const char *world, int skip_bad_rows,
                                 char **policy, size_t *policy_len, struct alm_error *err)
{
    struct world_files files = {0};
    const struct world_options options = {.skip_bad_rows = skip_bad_rows};
    struct region *region = NULL;
    struct alm_error notes;
    err_init(&notes);
    if (world_files_read(world, &files, policy, policy_len, err) == 0)
        region = world_read(&files, &options, &notes, err);
    if (notes.n_issues)
        fprintf(stderr, "almoner %s: notes on %s\n", command, world);
    print_issues(&notes);
    err_clear(&notes);
    world_files_clear(&files);
    return region;
}

struct region *cmd_load(const char *command, const char *world, const char *policy_path,
                        int skip_bad_rows, struct alm_error *err)
{
    char *policy = NULL;
    size_t policy_len = 0;
    struct region *region = read_world(command, world, skip_bad_rows, &policy, &policy_len, err);
    if (region && load_policy(region, policy_path, policy, policy_len, err) < 0) {
        region_free(region);
        region = NULL;
    }
    free(policy);
    return region;
}

struct region *cmd_load_world(const char *command, const char *world, int skip_bad_rows,
                              struct alm_error *err)
{
    char *policy = NULL;
    size_t policy_len = 0;
    struct region *region = read_world(command, world, skip_bad_rows, &policy, &policy_len, err);
    free(policy);
    return region;
}

int cmd_differ(const char *option, const char *path, const char *other_option, const char *other,
               struct alm_error *err)
{
    if (!path || !other || strcmp(path, other) != 0 || strncmp(path, "/dev/", 5) == 0)
        return 0;
    return err_set(err, ERR_BAD_REQUEST, "%s and %s name the same file, %s", option, other_option,
                   path);
}

int cmd_write(const char *path, const char *bytes, size_t len, struct alm_error *err)
{
    if (path)
        return world_files_spit(path, bytes, len, err);
    if (fwrite(bytes, 1, len, stdout) != len || fflush(stdout) != 0)
        return err_set(err, ERR_INTERNAL, "cannot write to standard output");
    return 0;
}

int cmd_print_take(char *text, struct alm_error *err)
{
    size_t len = text ? strlen(text) : 0;
    int status = text ? cmd_write(NULL, text, len, err) : -1;
    if (status == 0 && len && text[len - 1] != '\n')
        status = cmd_write(NULL, "\n", 1, err);
    free(text);
    return status;
}

int cmd_read_plan(const char *path, struct plan *plan, struct alm_error *err)
{
    size_t len;
    char *bytes = world_files_slurp(path, &len, err);
    int status = bytes ? plan_from_json(bytes, len, plan, err) : -1;
    if (bytes && status < 0)
        err_in_file(err, path);
    free(bytes);
    return status;
}

int cmd_read_certificate(const char *path, struct certificate *certificate, struct alm_error *err)
{
    size_t len;
    char *bytes = world_files_slurp(path, &len, err);
    int status = bytes ? certificate_from_json(bytes, len, certificate, err) : -1;
    if (bytes && status < 0)
        err_in_file(err, path);
    free(bytes);
    return status;
}

int cmd_is_world_of(const struct region *region, const struct plan *plan)
{
    struct world_files files = {0};
    char hash[72];
    world_write(region, &files);
    world_hash(&files, hash);
    world_files_clear(&files);
    return strcmp(hash, plan->world) == 0;
}

int cmd_is_plan_of(const struct region *region, const struct plan *plan)
{
    char *label = policy_label(region_policy(region));
    int is_same = strcmp(label, plan->policy) == 0 && cmd_is_world_of(region, plan);
    free(label);
    return is_same;
}
