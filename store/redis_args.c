/* redis_args.c - see redis_args.h. */
#include "store/redis_args.h"

#include "models/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_taken(struct redis_args *args, char *bytes, size_t len)
{
    if (args->n == args->room) {
        args->room = args->room ? args->room * 2 : 16;
        args->list = alloc_resize(args->list, args->room, sizeof *args->list);
        args->len = alloc_resize(args->len, args->room, sizeof *args->len);
    }
    args->list[args->n] = bytes;
    args->len[args->n++] = len;
}

void redis_args_add(struct redis_args *args, const char *bytes, size_t len)
{
    add_taken(args, alloc_string_n(bytes, len), len);
}

void redis_args_text(struct redis_args *args, const char *text)
{
    redis_args_add(args, text, strlen(text));
}

void redis_args_number(struct redis_args *args, long long number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", number);
    redis_args_text(args, text);
}

void redis_args_key(struct redis_args *args, const char *region, const char *part, const char *name)
{
    struct buffer key = {0};
    buffer_format(&key, "{%s}:%s%s", region, part, name);
    size_t len = 0;
    char *bytes = buffer_take(&key, &len);
    add_taken(args, bytes, len);
}

void redis_args_set(struct redis_args *args, size_t at, const char *text)
{
    free(args->list[at]);
    args->list[at] = alloc_string(text);
    args->len[at] = strlen(text);
}

void redis_args_clear(struct redis_args *args)
{
    for (size_t i = 0; i < args->n; i++)
        free(args->list[i]);
    free(args->list);
    free(args->len);
    *args = (struct redis_args){0};
}
