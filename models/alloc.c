/* alloc.c - see alloc.h. */
#include "models/alloc.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Larger blocks go back all the same: they are where the peak of memory comes from. */
enum { KEPT_BLOCK = 8 << 20, KEPT_MOST = 64 << 20 };

void alloc_keep_freed(void)
{
    mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK);
    mallopt(M_TRIM_THRESHOLD, KEPT_MOST);
}

void *alloc_given(void *memory)
{
    if (!memory) {
        fputs("almoner: out of memory\n", stderr);
        _exit(EXIT_FAILURE);
    }
    return memory;
}

void *alloc_zero(size_t n, size_t size)
{
    return alloc_given(calloc(n ? n : 1, size ? size : 1));
}

void *alloc_resize(void *old, size_t n, size_t size)
{
    return alloc_given(reallocarray(old, n ? n : 1, size ? size : 1));
}

void *alloc_copy(const void *array, size_t n, size_t size)
{
    void *copy = alloc_zero(n, size);
    if (n)
        memcpy(copy, array, n * size);
    return copy;
}

char *alloc_string(const char *text)
{
    return text ? alloc_string_n(text, strlen(text)) : NULL;
}

char *alloc_string_n(const char *bytes, size_t len)
{
    char *copy = alloc_zero(len + 1, 1);
    if (len)
        memcpy(copy, bytes, len);
    return copy;
}

void buffer_init(struct buffer *buffer)
{
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    free(buffer->bytes);
    buffer_init(buffer);
}

static void buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t need = buffer->len + more + 1;
    if (need <= buffer->room)
        return;
    size_t room = buffer->room ? buffer->room : 64;
    while (room < need)
        room *= 2;
    buffer->bytes = alloc_resize(buffer->bytes, room, 1);
    buffer->room = room;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t len)
{
    buffer_reserve(buffer, len);
    if (len)
        memcpy(buffer->bytes + buffer->len, bytes, len);
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_int(struct buffer *buffer, int64_t number)
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
    buffer_add(buffer, digits + at, sizeof digits - at);
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        buffer_reserve(buffer, (size_t)len);
        vsnprintf(buffer->bytes + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}

char *buffer_take(struct buffer *buffer, size_t *len)
{
    buffer_reserve(buffer, 0);
    char *bytes = buffer->bytes;
    bytes[buffer->len] = '\0';
    if (len)
        *len = buffer->len;
    buffer_init(buffer);
    return bytes;
}
