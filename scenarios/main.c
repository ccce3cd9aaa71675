/* main.c - almoner, the offline program: a table of commands. */
#include "models/alloc.h"
#include "models/read_json.h"
#include "scenarios/cmd.h"

#include <stdio.h>
#include <string.h>

#include "config.h"

static const struct cmd commands[] = {
    {"solve", cmd_solve, "place the applicants of a world: one round, offline"},
    {"verify", cmd_verify, "check a plan without any solver"},
    {"explain", cmd_explain, "why this bed, or for each pool why not, for one person"},
    {"export", cmd_export, "write the model for other solvers"},
    {"generate", cmd_generate, "draw a world: from the shipped city or from real files"},
    {"report", cmd_report, "where one more bed would gain most, by district and kind"},
    {"compare", cmd_compare, "two plans side by side: who has a place, where, after how long"},
    {"token", cmd_token, "make an access token for almonerd"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int usage(FILE *out, int code)
{
    fputs("almoner - places old people in care: offline tools\n\nusage: almoner COMMAND "
          "[OPTION...]\n\n",
          out);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].purpose);
    fputs("\nalmoner COMMAND --help says more; almoner --version. Exit codes: 0 done, 1 failed or "
          "refused,\n2 bad usage or input, 3 not proved optimal, 4 a service is unavailable.\n",
          out);
    return code;
}

static int run(int argc, char **argv)
{
    if (argc < 2)
        return usage(stderr, 2);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return usage(stdout, 0);
    if (strcmp(argv[1], "--version") == 0) {
        puts("almoner " PACKAGE_VERSION);
        return 0;
    }
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].main(&commands[i], argc - 1, argv + 1);
    fprintf(stderr, "almoner: there is no command \"%s\"\n", argv[1]);
    return usage(stderr, 2);
}

int main(int argc, char **argv)
{
    alloc_keep_freed();
    read_json_begin();
    int code = run(argc, argv);
    if ((fflush(stdout) == 0 && !ferror(stdout)) || (code != 0 && code != 3))
        return code;
    fputs("almoner: cannot write to standard output\n", stderr);
    return 1;
}
