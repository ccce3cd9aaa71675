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
    /* by hand: a plan has hundreds of thousands of them, and printf takes most of the time */
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--at] = '-';
    buffer_add(out, digits + at, sizeof digits - at);
}

void write_json_name(struct buffer *out, const char *name)
{
    write_json_text(out, name);
    buffer_add(out, ": ", 2);
}
