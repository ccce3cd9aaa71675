/* world_files.h - world folders and snapshot tars on disk (libarchive for tar). The only file
 * access of worlds; meaning is in models/world.h. */
#ifndef ALMONER_WORLD_FILES_H
#define ALMONER_WORLD_FILES_H

#include "models/world.h"

/* Reads a whole file; caller frees. NULL with an error that names the path. */
char *world_files_slurp(const char *path, size_t *len, struct alm_error *err);
/* Writes a whole file: temporary name beside it, fsync, rename. What a path that is no regular file
 * (a pipe, /dev/stdout) means is kept: it is written to as it is. */
int world_files_spit(const char *path, const char *bytes, size_t len, struct alm_error *err);
/* The same for secrets: mode 0600. */
int world_files_spit_private(const char *path, const char *bytes, size_t len,
                             struct alm_error *err);
/* A new secret file, mode 0600, whole or not at all. 1 = it is there already and untouched, -1 =
 * failed. */
int world_files_create_private(const char *path, const char *bytes, size_t len,
                               struct alm_error *err);

/* A world folder, or a tar of one (plain or gzip, with or without its folder's name before the
 * files); policy.json in it may be missing (*policy NULL). Other files are left alone. Caller
 * clears/frees. */
int world_files_read(const char *path, struct world_files *files, char **policy, size_t *policy_len,
                     struct alm_error *err);
/* The canonical export (and policy.json, when not NULL) into a new folder (or an empty one; it
 * appears whole), or one tar (fixed times and owners: same bytes for the same world). */
int world_files_write_dir(const char *path, const struct world_files *files, const char *policy,
                          struct alm_error *err);
int world_files_write_tar(const char *path, const struct world_files *files, const char *policy,
                          struct alm_error *err);

#endif
