/* write_json.c - see write_json.h. */
#include "models/write_json.h"

#include <string.h>

/* The characters up to the next one that JSON has escaped. */
static size_t plain_run(const char *text)
{
    size_t n = 0;
    while ((unsigned char)text[n] >= ' ' && text[n] != '"' && text[n] != '\\')
        n++;
    return n;
}

void write_json_text(struct buffer *out, const char *text)
{
    buffer_add(out, "\"", 1);
    for (const char *c = text ? text : ""; *c;) {
        size_t n = plain_run(c);
        buffer_add(out, c, n);
        c += n;
        if (!*c)
            break;
        if (*c == '"' || *c == '\\')
            buffer_add(out, (char[]){'\\', *c}, 2);
        else
            buffer_format(out, "\\u%04x", (unsigned)*c);
        c++;
    }
    buffer_add(out, "\"", 1);
}

void write_json_int(struct buffer *out, int64_t number)
{
    buffer_int(out, number);
}

void write_json_name(struct buffer *out, const char *name)
{
    write_json_text(out, name);
    buffer_add(out, ": ", 2);
}
