/* world.h - a region as a folder of CSV files, and its canonical form.
 *
 * Works on bytes in memory (the edges read and write files and tars). Owns nothing. */
#ifndef ALMONER_WORLD_H
#define ALMONER_WORLD_H

#include "models/err.h"
#include "models/region.h"

enum world_file { WORLD_INSTITUTIONS, WORLD_POOLS, WORLD_APPLICANTS, WORLD_TRAVEL, WORLD_FILES };
extern const char *const world_file_names[WORLD_FILES]; /* "institutions.csv", ... */
extern const enum record_type world_types[WORLD_FILES]; /* whose rows the file holds */

struct world_files {
    char *bytes[WORLD_FILES]; /* NULL = the file is absent (only travel may be) */
    size_t len[WORLD_FILES];
};
void world_files_clear(struct world_files *files);

struct world_options {
    int skip_bad_rows;
};

/* Reads a whole region, checks every row and every reference between rows (institution of a pool,
 * current pool, duplicate ids, travel endpoints). NULL with one issue per bad row or cell,
 * "file:line: column: what"; with skip_bad_rows those rows are left out and named in `notes`.
 * Unknown columns are named in `notes` (never NULL; issues with code "ignored" or "skipped"; code
 * NONE). */
struct region *world_read(const struct world_files *files, const struct world_options *options,
                          struct alm_error *notes, struct alm_error *err);

/* The canonical export: fixed columns (plus the x_ columns in use, by name), rows sorted by id, LF,
 * defaults written as world_read reads them. Reading it back gives the same region; exporting that
 * gives the same bytes. */
void world_write(const struct region *region, struct world_files *files);

/* "sha256:<64 hex>" of the canonical export (file name, NUL, length, NUL, bytes, for each file). */
void world_hash(const struct world_files *canonical, char hash[72]);

#endif
