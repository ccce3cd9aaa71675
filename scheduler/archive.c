/* archive.c - see archive.h. */
#include "scheduler/archive.h"

#include "models/alloc.h"
#include "models/policy.h"
#include "models/world.h"
#include "scheduler/data_dir.h"
#include "store/world_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const archive_names[] = {"snapshot.tar", "policy.json", "plan.json",
                                            "certificate.json"};
enum { ARCHIVE_NAMES = sizeof archive_names / sizeof *archive_names };
#define GONE ".gone-" /* a folder being removed */

static char *path_of(const char *dir, const char *prefix, int64_t number, const char *name)
{
    struct buffer path;
    buffer_init(&path);
    buffer_format(&path, "%s/%s%" PRId64 "%s%s", dir, prefix, number, name ? "/" : "",
                  name ? name : "");
    return buffer_take(&path, NULL);
}

static const char *policy_text(const struct region *region)
{
    const struct record *record = region_find(region, RECORD_POLICY, "current");
    return ((const struct policy_record *)(const void *)record)->json;
}

static int spit(const char *folder, const char *name, const char *text, struct alm_error *err)
{
    char *path = data_dir_below(folder, name);
    int rc = world_files_spit(path, text, strlen(text), err);
    free(path);
    return rc;
}

static int fill(const char *folder, const struct region *region, const char *plan,
                const char *certificate, struct alm_error *err)
{
    struct world_files files = {0};
    char *tar = data_dir_below(folder, "snapshot.tar");
    world_write(region, &files);
    int rc = world_files_write_tar(tar, &files, policy_text(region), err);
    world_files_clear(&files);
    free(tar);
    if (rc == 0)
        rc = spit(folder, "policy.json", policy_text(region), err);
    if (rc == 0)
        rc = spit(folder, "plan.json", plan, err);
    if (rc == 0)
        rc = spit(folder, "certificate.json", certificate, err);
    return rc;
}

static void remove_folder(const char *folder)
{
    for (size_t i = 0; i < ARCHIVE_NAMES; i++) {
        char *path = data_dir_below(folder, archive_names[i]);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

static void sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

int archive_put(const char *dir, int64_t number, const struct region *region, const char *plan,
                const char *certificate, struct alm_error *err)
{
    int rc = -1;
    char *part = path_of(dir, ".part-", number, NULL), *whole = path_of(dir, "", number, NULL);
    remove_folder(part); /* of a round that was ended in the middle */
    if ((mkdir(dir, 0700) < 0 && errno != EEXIST) || mkdir(part, 0700) < 0) {
        err_set(err, ERR_INTERNAL, "%s: cannot make the folder: %s", part, strerror(errno));
        goto out;
    }
    if (fill(part, region, plan, certificate, err) < 0)
        goto out;
    if (rename(part, whole) < 0) {
        err_set(err, ERR_INTERNAL, "%s: cannot be put in place: %s", whole, strerror(errno));
        goto out;
    }
    sync_folder(dir);
    rc = 0;
out:
    if (rc < 0)
        remove_folder(part);
    free(whole);
    free(part);
    return rc;
}

char *archive_get(const char *dir, int64_t number, const char *name, size_t *len,
                  struct alm_error *err)
{
    size_t i = 0;
    while (i < ARCHIVE_NAMES && strcmp(archive_names[i], name) != 0)
        i++;
    char *path = i < ARCHIVE_NAMES ? path_of(dir, "", number, name) : NULL;
    char *bytes = NULL;
    if (!path || access(path, F_OK) < 0)
        err_set(err, ERR_NOT_FOUND, "round %" PRId64 " has no %s in the archive", number, name);
    else
        bytes = world_files_slurp(path, len, err);
    free(path);
    return bytes;
}

struct region *archive_region(const char *dir, int64_t number, struct alm_error *err)
{
    struct world_files files = {0};
    struct region *region = NULL;
    char *policy = NULL;
    size_t policy_len = 0;
    struct alm_error notes;
    err_init(&notes);
    char *path = path_of(dir, "", number, "snapshot.tar");
    if (access(path, F_OK) < 0)
        err_set(err, ERR_NOT_FOUND, "round %" PRId64 " is not in the archive", number);
    else if (world_files_read(path, &files, &policy, &policy_len, err) == 0)
        region = world_read(&files, &(struct world_options){0}, &notes, err);
    if (region && policy) {
        struct record *record = policy_record_take(policy);
        record->version = 1;
        policy = NULL;
        region_put_take(region, record);
    }
    free(policy);
    free(path);
    world_files_clear(&files);
    err_clear(&notes);
    return region;
}

/* Out of sight first, so that no reader finds half an archive. 0, or -1. */
static int remove_archive(const char *dir, int64_t number, struct alm_error *err)
{
    char *whole = path_of(dir, "", number, NULL), *gone = path_of(dir, GONE, number, NULL);
    int rc = rename(whole, gone);
    if (rc < 0)
        err_set(err, ERR_INTERNAL, "%s: cannot be removed: %s", whole, strerror(errno));
    else
        remove_folder(gone);
    free(gone);
    free(whole);
    return rc;
}

/* Number of the archive in a folder of that name, 0 = it is none; what an earlier removal has left
 * goes. */
static int64_t look_at(const char *dir, const char *name)
{
    char *end;
    int64_t number = strtoll(name, &end, 10);
    if (*end == '\0' && number > 0)
        return number;
    if (strncmp(name, GONE, sizeof GONE - 1) == 0) {
        char *left = data_dir_below(dir, name);
        remove_folder(left);
        free(left);
    }
    return 0;
}

size_t archive_prune(const char *dir, int (*is_old)(const void *arg, int64_t number),
                     const void *arg, size_t most, struct alm_error *err)
{
    int64_t newest = archive_last(dir);
    size_t n = 0;
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    while (folder && n < most && (entry = readdir(folder))) {
        int64_t number = look_at(dir, entry->d_name);
        if (number > 0 && number < newest && is_old(arg, number))
            n += remove_archive(dir, number, err) == 0;
    }
    if (folder)
        closedir(folder);
    if (n > 0)
        sync_folder(dir);
    return n;
}

int64_t archive_last(const char *dir)
{
    int64_t last = 0;
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char *end;
        int64_t number = strtoll(entry->d_name, &end, 10);
        if (*end == '\0' && number > last)
            last = number;
    }
    if (folder)
        closedir(folder);
    return last;
}
