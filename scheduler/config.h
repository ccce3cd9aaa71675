/* config.h - how the daemon is set up: a JSON file, and a command line that overrides it.
 *
 * One table says every setting once: its word in the file, its option, what it means. The schema is
 * closed; every bad field is named. */
#ifndef ALMONER_CONFIG_H
#define ALMONER_CONFIG_H

#include "models/err.h"

#include <stdint.h>

struct config {
    char *listen_host;   /* "127.0.0.1" */
    int64_t listen_port; /* 0 = any */
    char *redis_unix;    /* path; or host and port; neither = a private redis-server */
    char *redis_host;
    int64_t redis_port;
    char *region;
    char *policy; /* path; NULL = what the region has */
    char *tokens; /* path; NULL = tokens.json in the data folder */
    char *data;
    char *seal_key;             /* path; NULL = seal.key in the data folder */
    int64_t round_seconds;      /* 0 = on demand only */
    int64_t time_limit_seconds; /* of one solve; 0 = none */
    int64_t memory_megabytes;   /* of the child that solves; 0 = no limit */
    int64_t archive_days;       /* archives of older rounds go; 0 = none goes */
    int64_t person_days;        /* personal data of closed applications goes; 0 = it stays */
    int64_t connections_max;
    int64_t is_demo;
};

void config_init(struct config *config); /* the defaults */
void config_clear(struct config *config);

enum config_ask { CONFIG_RUN, CONFIG_VERSION, CONFIG_HELP };

/* Reads the command line, and the file that --config names. enum config_ask, or -1 with BAD_INPUT
 * and one issue per bad field ("/listen" in the file, "--listen" on the command line). */
int config_read(int argc, char **argv, struct config *config, struct alm_error *err);

char *config_help(void); /* the text of --help; caller frees */

#endif
