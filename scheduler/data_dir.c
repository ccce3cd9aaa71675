/* data_dir.c - see data_dir.h. */
#include "scheduler/data_dir.h"

#include "models/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 30, TRY_NS = 100 * 1000 * 1000 };

static int lock_file(const char *path, struct alm_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(err, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
        if (i == TRIES) {
            close(fd);
            return err_set(err, ERR_UNAVAILABLE,
                           "%s: another almonerd (or its redis-server) works in this folder", path);
        }
        nanosleep(&(struct timespec){.tv_nsec = TRY_NS}, NULL);
    }
    return fd;
}

char *data_dir_below(const char *dir, const char *name)
{
    struct buffer path;
    buffer_init(&path);
    buffer_format(&path, "%s/%s", dir, name);
    return buffer_take(&path, NULL);
}

int data_dir_lock(const char *dir, char **path, struct alm_error *err)
{
    *path = NULL;
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return err_set(err, ERR_UNAVAILABLE, "%s: cannot make the data folder: %s", dir,
                       strerror(errno));
    char *real = realpath(dir, NULL);
    if (!real)
        return err_set(err, ERR_UNAVAILABLE, "%s: %s", dir, strerror(errno));
    char *file = data_dir_below(real, "lock");
    int fd = lock_file(file, err);
    free(file);
    if (fd < 0)
        free(real);
    else
        *path = real;
    return fd;
}
