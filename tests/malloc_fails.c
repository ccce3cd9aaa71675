/* malloc_fails.c - put before the C library (LD_PRELOAD) by hostile.sh and refused.sh: of the
 * blocks that the program and its libraries ask for, the one whose number is MALLOC_FAILS_AT is
 * refused; with MALLOC_FAILS_ON=1 those after it too. MALLOC_FAILS_COUNT names a file that gets how
 * many there were, MALLOC_FAILS_WHOSE one that gets the library or program that was refused. No
 * part of the program. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long calls;

static void tell_whose(const void *caller)
{
    const char *name = getenv("MALLOC_FAILS_WHOSE");
    Dl_info info;
    int fd = name ? open(name, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (fd < 0)
        return;
    if (!dladdr(caller, &info) || write(fd, info.dli_fname, strlen(info.dli_fname)) < 0)
        abort();
    close(fd);
}

static int is_refused(const void *caller)
{
    const char *at = getenv("MALLOC_FAILS_AT");
    long call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
    int refused = at && (call == atol(at) || (call > atol(at) && getenv("MALLOC_FAILS_ON")));
    if (refused) {
        tell_whose(caller);
        errno = ENOMEM;
    }
    return refused;
}

void *malloc(size_t size)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_realloc(old, n * size);
}

static void __attribute__((destructor)) tell(void)
{
    const char *count = getenv("MALLOC_FAILS_COUNT");
    FILE *file = count ? fopen(count, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", calls);
    fclose(file);
}
