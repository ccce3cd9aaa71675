/* cmd_token.c - almoner token: an access token for almonerd, printed once. */
#include "scenarios/cmd.h"

#include "store/token.h"

#include <stdio.h>
#include <string.h>

struct token_args {
    const char *role, *scope, *path;
};

static int make_token(void *context, struct alm_error *err)
{
    const struct token_args *args = context;
    char text[TOKEN_TEXT];
    int role = words_find(&words_role, args->role, strlen(args->role));
    if (role < 0)
        return err_set(err, ERR_BAD_REQUEST,
                       "--role: there is no role \"%s\" (see almoner token --help)", args->role);
    if (token_create(args->path, (enum role)role, args->scope, text, err) < 0)
        return -1;
    puts(text);
    return 0;
}

int cmd_token(const struct cmd *cmd, int argc, char **argv)
{
    struct token_args args = {.scope = ""};
    const struct options_spec specs[] = {
        {"role", OPTIONS_TEXT, &args.role, 1, 0, 0, "ROLE",
         "district, institution, planner or admin"},
        {"scope", OPTIONS_TEXT, &args.scope, 0, 0, 0, "ID",
         "the district, or the institution's id"},
        {"tokens", OPTIONS_TEXT, &args.path, 1, 0, 0, "F", "the token file of almonerd"},
    };
    return cmd_run(cmd, argc, argv, specs, sizeof specs / sizeof *specs, make_token, &args);
}
