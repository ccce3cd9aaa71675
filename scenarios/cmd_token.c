/* cmd_token.c - almoner token: an access token for almonerd, printed once. */
#include "scenarios/cmd.h"

#include "scenarios/options.h"
#include "store/token.h"

#include <stdio.h>
#include <string.h>

int cmd_token(int argc, char **argv)
{
    const char *role_word = NULL, *scope = "", *path = NULL;
    const struct options_spec specs[] = {
        {"role", OPTIONS_TEXT, &role_word, 1, 0, 0, "ROLE",
         "district, institution, planner or admin"},
        {"scope", OPTIONS_TEXT, &scope, 0, 0, 0, "ID", "the district, or the institution's id"},
        {"tokens", OPTIONS_TEXT, &path, 1, 0, 0, "F", "the token file of almonerd"},
    };
    char text[TOKEN_TEXT];
    struct alm_error err;
    int code = 0;
    err_init(&err);
    int status = options_read(argc, argv, "make an access token for almonerd", specs,
                              sizeof specs / sizeof *specs, &err);
    if (status == 0) {
        int role = words_find(&words_role, role_word, strlen(role_word));
        status = role < 0 ? err_set(&err, ERR_BAD_REQUEST,
                                    "--role: there is no role \"%s\" (see almoner token --help)",
                                    role_word)
                          : token_create(path, (enum role)role, scope, text, &err);
        if (status == 0)
            puts(text);
    }
    if (status < 0)
        code = cmd_fail("token", &err);
    err_clear(&err);
    return code;
}
