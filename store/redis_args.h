/* redis_args.h - one command for Redis as a list of byte strings. Never a format string made from
 * data. */
#ifndef ALMONER_REDIS_ARGS_H
#define ALMONER_REDIS_ARGS_H

#include <stddef.h>

struct redis_args {
    char **list; /* owned copies */
    size_t *len;
    size_t n, room;
};

void redis_args_add(struct redis_args *args, const char *bytes, size_t len);
void redis_args_text(struct redis_args *args, const char *text);
void redis_args_number(struct redis_args *args, long long number);
/* The key "{region}:<part><name>". */
void redis_args_key(struct redis_args *args, const char *region, const char *part,
                    const char *name);
/* Replaces one that is there. */
void redis_args_set(struct redis_args *args, size_t at, const char *text);
void redis_args_clear(struct redis_args *args);

#endif
