/* options.c - see options.h. */
#include "scenarios/options.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(const char *command, const char *purpose, const struct options_spec *specs,
                       size_t n)
{
    printf("almoner %s - %s\n\n", command, purpose);
    for (size_t i = 0; i < n; i++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", specs[i].name, specs[i].argument ? " " : "",
                 specs[i].argument ? specs[i].argument : "");
        printf("  %-28s %s%s\n", left, specs[i].meaning, specs[i].is_required ? " (required)" : "");
    }
    printf("  %-28s this text\n", "--help");
}

static int read_int(const struct options_spec *spec, const char *text, struct alm_error *err)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || value < spec->min || value > spec->max)
        return err_set(err, ERR_BAD_REQUEST, "--%s: \"%s\" is not a whole number from %lld to %lld",
                       spec->name, text, (long long)spec->min, (long long)spec->max);
    *(int64_t *)spec->value = value;
    return 0;
}

static int read_seconds(const struct options_spec *spec, const char *text, struct alm_error *err)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value <= 0)
        return err_set(err, ERR_BAD_REQUEST, "--%s: \"%s\" is not a number of seconds above 0",
                       spec->name, text);
    *(double *)spec->value = value;
    return 0;
}

static int read_value(const struct options_spec *spec, const char *text, struct alm_error *err)
{
    switch (spec->type) {
    case OPTIONS_FLAG:
        *(int *)spec->value = 1;
        return 0;
    case OPTIONS_INT:
        return read_int(spec, text, err);
    case OPTIONS_SECONDS:
        return read_seconds(spec, text, err);
    case OPTIONS_TIME:
        if (stamp_parse(text, (int64_t *)spec->value) == 0)
            return 0;
        return err_set(err, ERR_BAD_REQUEST,
                       "--%s: \"%s\" is not a time such as 2025-03-01 or 2025-03-01T08:00:00Z",
                       spec->name, text);
    case OPTIONS_TEXT:
        break;
    }
    *(const char **)spec->value = text;
    return 0;
}

static int check_required(const struct options_spec *specs, const char *seen, size_t n,
                          struct alm_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (specs[i].is_required && !seen[i])
            return err_set(err, ERR_BAD_REQUEST, "--%s %s is required", specs[i].name,
                           specs[i].argument);
    return 0;
}

int options_read(int argc, char **argv, const char *purpose, const struct options_spec *specs,
                 size_t n, struct alm_error *err)
{
    int status = 0, found = 0, at;
    char *seen = alloc_zero(n, 1);
    struct option *list = alloc_zero(n + 2, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct option){.name = specs[i].name, .has_arg = specs[i].argument ? 1 : 0};
    list[n] = (struct option){.name = "help"};
    opterr = 0;
    optind = 1;
    while (status == 0 && (found = getopt_long(argc, argv, ":", list, &at)) != -1) {
        if (found == ':')
            status = err_set(err, ERR_BAD_REQUEST, "%s needs a value", argv[optind - 1]);
        else if (found == '?')
            status = err_set(err, ERR_BAD_REQUEST, "there is no option %s (see almoner %s --help)",
                             argv[optind - 1], argv[0]);
        else if ((size_t)at == n)
            status = 1;
        else {
            seen[at] = 1;
            status = read_value(&specs[at], optarg, err);
        }
    }
    if (status == 1)
        print_help(argv[0], purpose, specs, n);
    else if (status == 0 && optind < argc)
        status = err_set(err, ERR_BAD_REQUEST, "what is \"%s\" for? (see almoner %s --help)",
                         argv[optind], argv[0]);
    else if (status == 0)
        status = check_required(specs, seen, n, err);
    free(list);
    free(seen);
    return status;
}
