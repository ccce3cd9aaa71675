/* world_tar.c - see world_tar.h. */
#include "store/world_tar.h"

#include "models/alloc.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TAR_POLICY = WORLD_FILES, TAR_PARTS, TAR_ENTRIES_MAX = 10000 };
#define TAR_PART_MAX ((size_t)1 << 30)
#define TAR_POLICY_NAME "policy.json"

/* The parts of a world while they are collected: its files, then the policy. */
struct parts {
    struct buffer bytes[TAR_PARTS];
    int is_there[TAR_PARTS];
};

static const char *part_name(int part)
{
    return part == TAR_POLICY ? TAR_POLICY_NAME : world_file_names[part];
}

static void parts_clear(struct parts *parts)
{
    for (int i = 0; i < TAR_PARTS; i++)
        buffer_clear(&parts->bytes[i]);
}

/* Why libarchive gave up. Where a block was refused since errno was 0, which neither it nor zlib
 * always tells, the process ends as it does everywhere. */
static const char *reason(struct archive *tar)
{
    const char *words = archive_error_string(tar);
    if (!words || errno == ENOMEM)
        alloc_given(NULL);
    return words;
}

/* Why a name may not be taken, or NULL. */
static const char *trick_in(const char *path)
{
    if (path[0] == '/')
        return "an absolute path";
    for (const char *at = path; *at;) {
        size_t step = strcspn(at, "/");
        if (step == 2 && at[0] == '.' && at[1] == '.')
            return "a path with \"..\"";
        at += step + strspn(at + step, "/");
    }
    return NULL;
}

/* "pools.csv", "./pools.csv", "world/pools.csv": which part, or -1 for another file. */
static int part_of(const char *path)
{
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    const char *slash = strchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    for (int i = 0; i < TAR_PARTS; i++)
        if (strcmp(name, part_name(i)) == 0)
            return i;
    return -1;
}

static int read_part(struct archive *tar, const char *where, const char *path, struct buffer *bytes,
                     struct alm_error *err)
{
    char piece[65536];
    la_ssize_t got;
    buffer_add(bytes, "", 0);
    while ((got = archive_read_data(tar, piece, sizeof piece)) > 0) {
        buffer_add(bytes, piece, (size_t)got);
        if (bytes->len > TAR_PART_MAX)
            return err_set(err, ERR_TOO_LARGE, "%s: %s is larger than 1 GiB", where, path);
    }
    if (got < 0)
        return err_set(err, ERR_BAD_INPUT, "%s: %s: %s", where, path, reason(tar));
    return 0;
}

static int take_entry(struct archive *tar, struct archive_entry *entry, const char *where,
                      struct parts *parts, struct alm_error *err)
{
    const char *path = archive_entry_pathname(entry);
    if (!path)
        return err_set(err, ERR_BAD_INPUT, "%s: an entry without a readable name", where);
    const char *trick = trick_in(path);
    if (trick)
        return err_set(err, ERR_BAD_INPUT, "%s: entry \"%.200s\" is %s", where, path, trick);
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return 0;
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
        return err_set(err, ERR_BAD_INPUT, "%s: entry \"%.200s\" is a link or a device", where,
                       path);
    int part = part_of(path);
    if (part < 0)
        return 0;
    if (parts->is_there[part]++)
        return err_set(err, ERR_BAD_INPUT, "%s: there is more than one %s", where, part_name(part));
    return read_part(tar, where, path, &parts->bytes[part], err);
}

/* `entry`: of the caller's, since libarchive does not see when it has none of its own. */
static int read_entries(struct archive *tar, struct archive_entry *entry, const char *where,
                        struct parts *parts, struct alm_error *err)
{
    int got;
    for (int n = 0; (got = archive_read_next_header2(tar, entry)) == ARCHIVE_OK; n++) {
        if (n == TAR_ENTRIES_MAX)
            return err_set(err, ERR_TOO_LARGE, "%s: more than %d entries", where, TAR_ENTRIES_MAX);
        if (take_entry(tar, entry, where, parts, err) != 0)
            return -1;
    }
    if (got != ARCHIVE_EOF)
        return err_set(err, ERR_BAD_INPUT, "%s: not a readable tar: %s", where, reason(tar));
    for (int i = 0; i < WORLD_TRAVEL; i++)
        if (!parts->is_there[i])
            return err_set(err, ERR_BAD_INPUT, "%s: %s is missing in it", where, part_name(i));
    return 0;
}

static void hand_over(struct parts *parts, struct world_files *files, char **policy,
                      size_t *policy_len)
{
    *files = (struct world_files){0};
    for (int i = 0; i < WORLD_FILES; i++)
        if (parts->is_there[i])
            files->bytes[i] = buffer_take(&parts->bytes[i], &files->len[i]);
    *policy = NULL;
    *policy_len = 0;
    if (parts->is_there[TAR_POLICY])
        *policy = buffer_take(&parts->bytes[TAR_POLICY], policy_len);
}

struct source { /* what has not been handed out yet */
    const char *bytes;
    size_t len;
};

static la_ssize_t lend(struct archive *tar, void *arg, const void **bytes)
{
    struct source *source = arg;
    la_ssize_t len = (la_ssize_t)source->len;
    (void)tar;
    *bytes = source->bytes;
    source->len = 0;
    return len;
}

/* What archive_read_open_memory does, but for going on when it is refused memory. */
static int open_source(struct archive *tar, struct source *source)
{
    return archive_read_support_format_tar(tar) == ARCHIVE_OK &&
                   archive_read_support_filter_gzip(tar) == ARCHIVE_OK &&
                   archive_read_set_read_callback(tar, lend) == ARCHIVE_OK &&
                   archive_read_set_callback_data(tar, source) == ARCHIVE_OK &&
                   archive_read_open1(tar) == ARCHIVE_OK
               ? 0
               : -1;
}

int world_tar_read(const char *name, const char *bytes, size_t len, struct world_files *files,
                   char **policy, size_t *policy_len, struct alm_error *err)
{
    struct source source = {bytes, len};
    struct parts parts = {0};
    int done = -1;
    errno = 0;
    struct archive *tar = alloc_given(archive_read_new());
    struct archive_entry *entry = alloc_given(archive_entry_new());
    if (open_source(tar, &source) != 0) {
        err_set(err, ERR_BAD_INPUT, "%s: neither a world folder nor a tar of one: %s", name,
                reason(tar));
        goto out;
    }
    done = read_entries(tar, entry, name, &parts, err);
    if (done == 0)
        hand_over(&parts, files, policy, policy_len);
out:
    archive_entry_free(entry);
    archive_read_free(tar);
    parts_clear(&parts);
    return done;
}

static la_ssize_t collect(struct archive *tar, void *arg, const void *bytes, size_t len)
{
    (void)tar;
    buffer_add(arg, bytes, len);
    return (la_ssize_t)len;
}

static int write_part(struct archive *tar, const char *name, const char *bytes, size_t len)
{
    struct archive_entry *entry = alloc_given(archive_entry_new());
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_mtime(entry, 0, 0);
    int ok = archive_write_header(tar, entry) == ARCHIVE_OK &&
             archive_write_data(tar, bytes, len) == (la_ssize_t)len;
    archive_entry_free(entry);
    return ok ? 0 : -1;
}

static int write_parts(struct archive *tar, const struct world_files *files, const char *policy)
{
    for (int i = 0; i < WORLD_FILES; i++)
        if (files->bytes[i] &&
            write_part(tar, world_file_names[i], files->bytes[i], files->len[i]) != 0)
            return -1;
    if (policy && write_part(tar, TAR_POLICY_NAME, policy, strlen(policy)) != 0)
        return -1;
    return archive_write_close(tar) == ARCHIVE_OK ? 0 : -1;
}

int world_tar_write(const struct world_files *files, const char *policy, struct buffer *out,
                    struct alm_error *err)
{
    errno = 0;
    struct archive *tar = alloc_given(archive_write_new());
    archive_write_set_format_ustar(tar);
    archive_write_set_bytes_in_last_block(tar, 1);
    int done = archive_write_open(tar, out, NULL, collect, NULL) == ARCHIVE_OK
                   ? write_parts(tar, files, policy)
                   : -1;
    if (done != 0)
        err_set(err, ERR_INTERNAL, "the world could not be packed: %s", reason(tar));
    archive_write_free(tar);
    return done;
}
