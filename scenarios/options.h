/* options.h - the command line of one command: a table in, values out, a clear word when it is
 * wrong. */
#ifndef ALMONER_OPTIONS_H
#define ALMONER_OPTIONS_H

#include "models/err.h"

#include <stdint.h>

enum options_type { OPTIONS_TEXT, OPTIONS_FLAG, OPTIONS_INT, OPTIONS_SECONDS, OPTIONS_TIME };

struct options_spec {
    const char *name; /* without the dashes */
    enum options_type type;
    void *value; /* const char ** | int * | int64_t * | double * | int64_t * (seconds since 1970) */
    int is_required;
    int64_t min, max;     /* OPTIONS_INT */
    const char *argument; /* "DIR"; NULL for a flag */
    const char *meaning;
};

/* Reads argv[1..]; --help prints usage to stdout and gives 1. 0 = go on; -1 with BAD_REQUEST. */
int options_read(int argc, char **argv, const char *purpose, const struct options_spec *specs,
                 size_t n, struct alm_error *err);

#endif
