/* world_files.c - see world_files.h. Owns nothing; a file or folder appears whole or not at all. */
#include "store/world_files.h"

#include "models/alloc.h"
#include "store/world_tar.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLURP_STEP = 65536 };
#define SLURP_MAX ((size_t)4 << 30)
static const char policy_name[] = "policy.json";

static int fail(struct alm_error *err, const char *what, const char *path)
{
    int is_no_file = errno == ENOENT || errno == ENOTDIR || errno == EISDIR;
    return err_set(err, is_no_file ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%s: %s: %s", path, what,
                   strerror(errno));
}

/* --- whole files --- */

static int slurp_fd(int fd, const char *path, struct buffer *bytes, struct alm_error *err)
{
    char piece[SLURP_STEP];
    ssize_t got;
    buffer_add(bytes, "", 0);
    while ((got = read(fd, piece, sizeof piece)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(err, "cannot be read", path);
        buffer_add(bytes, piece, (size_t)got);
        if (bytes->len > SLURP_MAX)
            return err_set(err, ERR_TOO_LARGE, "%s: larger than 4 GiB", path);
    }
    return 0;
}

char *world_files_slurp(const char *path, size_t *len, struct alm_error *err)
{
    struct buffer bytes = {0};
    char *text = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail(err, "cannot be opened", path);
        return NULL;
    }
    if (slurp_fd(fd, path, &bytes, err) == 0)
        text = buffer_take(&bytes, len);
    buffer_clear(&bytes);
    close(fd);
    return text;
}

static char *joined(const char *folder, const char *name)
{
    struct buffer path = {0};
    buffer_format(&path, "%s/%s", folder, name);
    return buffer_take(&path, NULL);
}

/* A name beside `path` that nobody else uses. */
static char *name_beside(const char *path)
{
    struct buffer name = {0};
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    buffer_add(&name, path, len);
    buffer_format(&name, ".%08" PRIx32 ".tmp", randombytes_random());
    return buffer_take(&name, NULL);
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        bytes += put;
        len -= (size_t)put;
    }
    return 0;
}

/* A new file with these bytes on the disk; nothing is left of it when that fails. */
static int write_new(const char *path, mode_t mode, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return -1;
    int done = write_all(fd, bytes, len) == 0 && fsync(fd) == 0 ? 0 : -1;
    int why = errno;
    if (close(fd) != 0 && done == 0) {
        done = -1;
        why = errno;
    }
    if (done != 0)
        unlink(path);
    errno = why;
    return done;
}

/* The name has to survive a power cut too; a file system that cannot say so is not asked twice. */
static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? alloc_string_n(path, (size_t)(slash - path) + 1) : alloc_string(".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

static int replace(const char *path, mode_t mode, const char *bytes, size_t len,
                   struct alm_error *err)
{
    char *temporary = name_beside(path);
    int done = write_new(temporary, mode, bytes, len);
    if (done == 0 && rename(temporary, path) != 0) {
        int why = errno;
        unlink(temporary);
        errno = why;
        done = -1;
    }
    if (done == 0)
        sync_folder_of(path);
    else
        fail(err, "cannot be written", path);
    free(temporary);
    return done;
}

static int write_through(const char *path, const char *bytes, size_t len, struct alm_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, "cannot be opened", path);
    int done = write_all(fd, bytes, len);
    if (done != 0)
        fail(err, "cannot be written", path);
    close(fd);
    return done;
}

int world_files_spit(const char *path, const char *bytes, size_t len, struct alm_error *err)
{
    struct stat info;
    char real[PATH_MAX];
    if (stat(path, &info) != 0)
        return replace(path, 0666, bytes, len, err);
    if (!S_ISREG(info.st_mode))
        return write_through(path, bytes, len, err);
    /* behind a symbolic link: the link stays */
    return replace(realpath(path, real) ? real : path, 0666, bytes, len, err);
}

int world_files_spit_private(const char *path, const char *bytes, size_t len, struct alm_error *err)
{
    return replace(path, 0600, bytes, len, err);
}

int world_files_create_private(const char *path, const char *bytes, size_t len,
                               struct alm_error *err)
{
    char *temporary = name_beside(path);
    int done = write_new(temporary, 0600, bytes, len);
    int is_made = done == 0 && link(temporary, path) == 0;
    int is_there = done == 0 && !is_made && errno == EEXIST;
    if (!is_made && !is_there)
        fail(err, "cannot be written", path);
    if (done == 0)
        unlink(temporary);
    if (is_made)
        sync_folder_of(path);
    free(temporary);
    return is_made ? 0 : is_there ? 1 : -1;
}

/* --- worlds --- */

/* *bytes NULL when the file is not there and need not be. */
static int read_part(const char *folder, const char *name, int is_needed, char **bytes, size_t *len,
                     struct alm_error *err)
{
    char *path = joined(folder, name);
    int done = 0;
    if (is_needed || access(path, F_OK) == 0) {
        *bytes = world_files_slurp(path, len, err);
        done = *bytes ? 0 : -1;
    }
    free(path);
    return done;
}

static int read_folder(const char *folder, struct world_files *files, char **policy,
                       size_t *policy_len, struct alm_error *err)
{
    struct world_files found = {0};
    for (int i = 0; i < WORLD_FILES; i++)
        if (read_part(folder, world_file_names[i], i != WORLD_TRAVEL, &found.bytes[i],
                      &found.len[i], err) != 0)
            goto fail;
    *policy = NULL;
    *policy_len = 0;
    if (read_part(folder, policy_name, 0, policy, policy_len, err) != 0)
        goto fail;
    *files = found;
    return 0;
fail:
    world_files_clear(&found);
    return -1;
}

int world_files_read(const char *path, struct world_files *files, char **policy, size_t *policy_len,
                     struct alm_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return fail(err, "no such world", path);
    if (S_ISDIR(info.st_mode))
        return read_folder(path, files, policy, policy_len, err);
    size_t len = 0;
    char *bytes = world_files_slurp(path, &len, err);
    int done = bytes ? world_tar_read(path, bytes, len, files, policy, policy_len, err) : -1;
    free(bytes);
    return done;
}

static int write_part(const char *folder, const char *name, const char *bytes, size_t len,
                      struct alm_error *err)
{
    char *path = joined(folder, name);
    int done = write_new(path, 0666, bytes, len);
    if (done != 0)
        fail(err, "cannot be written", path);
    free(path);
    return done;
}

static int write_parts(const char *folder, const struct world_files *files, const char *policy,
                       struct alm_error *err)
{
    for (int i = 0; i < WORLD_FILES; i++)
        if (files->bytes[i] &&
            write_part(folder, world_file_names[i], files->bytes[i], files->len[i], err) != 0)
            return -1;
    return policy ? write_part(folder, policy_name, policy, strlen(policy), err) : 0;
}

static void remove_parts(const char *folder)
{
    for (int i = 0; i <= WORLD_FILES; i++) {
        char *path = joined(folder, i == WORLD_FILES ? policy_name : world_file_names[i]);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

int world_files_write_dir(const char *path, const struct world_files *files, const char *policy,
                          struct alm_error *err)
{
    char *temporary = name_beside(path);
    int done = mkdir(temporary, 0777);
    if (done != 0) {
        fail(err, "folder cannot be made", path);
        goto out;
    }
    done = write_parts(temporary, files, policy, err);
    if (done == 0 && rename(temporary, path) != 0) {
        done = -1;
        if (errno == ENOTEMPTY || errno == EEXIST)
            err_set(err, ERR_REFUSED, "%s: the folder is there already and not empty", path);
        else
            fail(err, "folder cannot be made", path);
    }
    if (done == 0)
        sync_folder_of(path);
    else
        remove_parts(temporary);
out:
    free(temporary);
    return done;
}

int world_files_write_tar(const char *path, const struct world_files *files, const char *policy,
                          struct alm_error *err)
{
    struct buffer tar = {0};
    int done = world_tar_write(files, policy, &tar, err);
    if (done == 0)
        done = world_files_spit(path, tar.bytes, tar.len, err);
    buffer_clear(&tar);
    return done;
}
