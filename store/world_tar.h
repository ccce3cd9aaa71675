/* world_tar.h - a world folder as the bytes of one tar, and back (libarchive). No file access.
 *
 * What comes in is not trusted: only plain files whose names are those of a world are taken, and an
 * archive with an absolute path, a "..", a link or a device in it is refused as a whole. */
#ifndef ALMONER_WORLD_TAR_H
#define ALMONER_WORLD_TAR_H

#include "models/alloc.h"
#include "models/world.h"

/* `name` is for messages. 0, or -1; on success the caller clears `files` and frees *policy (NULL =
 * absent). */
int world_tar_read(const char *name, const char *bytes, size_t len, struct world_files *files,
                   char **policy, size_t *policy_len, struct alm_error *err);
/* Appends the tar to `out`; `policy` may be NULL. */
int world_tar_write(const struct world_files *files, const char *policy, struct buffer *out,
                    struct alm_error *err);

#endif
