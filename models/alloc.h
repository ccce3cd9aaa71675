/* alloc.h - memory that does not fail, and a growing byte buffer.
 *
 * Owns nothing. An allocation that fails ends the process with a line on stderr: the state is in
 * the store and the process restarts clean, so no caller has to carry half-built objects around. */
#ifndef ALMONER_ALLOC_H
#define ALMONER_ALLOC_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* For a process that works once and ends: what is freed stays at hand for what comes next, instead
 * of going back to the kernel, which would hand it out again page by page. */
void alloc_keep_freed(void);

void *alloc_zero(size_t n, size_t size); /* n*size zeroed bytes; overflow ends the process */
void *alloc_resize(void *old, size_t n, size_t size);       /* like reallocarray */
void *alloc_copy(const void *array, size_t n, size_t size); /* never NULL; `array` may be, of 0 */
char *alloc_string(const char *text);                       /* copy; NULL gives NULL */
char *alloc_string_n(const char *bytes, size_t len);        /* copy of len bytes, NUL added */

/* What a library has allocated: NULL ends the process as well. */
void *alloc_given(void *memory);

/* A growing byte buffer; `bytes` always ends in a NUL that `len` does not count (NULL when empty
 * and never written). */
struct buffer {
    char *bytes;
    size_t len;
    size_t room;
};

void buffer_init(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t len);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_int(struct buffer *buffer, int64_t number);
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *buffer_take(struct buffer *buffer, size_t *len); /* caller frees; buffer is empty again */

/* Make room for one more element in a growing array of any element type. */
#define ALLOC_GROW(array, n, room)                                                                 \
    do {                                                                                           \
        if ((n) == (room)) {                                                                       \
            (room) = (room) ? (room)*2 : 8;                                                        \
            (array) = alloc_resize((array), (room), sizeof *(array));                              \
        }                                                                                          \
    } while (0)

#endif
