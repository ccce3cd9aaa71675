/* source.h - real files of homes and small areas, read through a column map (source.json).
 *
 * The map says which files there are, which of their columns is what, and which columns add up to
 * the beds of each kind and to the people of each age group; docs/formats.md describes it. Without
 * a map the files are homes.csv and areas.csv with our own column names. Works on bytes: the edge
 * reads the files. */
#ifndef ALMONER_SOURCE_H
#define ALMONER_SOURCE_H

#include "models/err.h"
#include "scenarios/draw.h"

struct source;

/* json NULL = the map for our own column names. NULL with every violation of the map's schema. */
struct source *source_from_json(const char *json, size_t len, struct alm_error *err);
void source_free(struct source *source);

/* The files that the map names, homes first; NULL after the last. */
const char *source_file(const struct source *source, size_t i);

/* Reads file number i. Rows without an id or a position, or with a number that is none, are left
 * out and named in `notes` ("homes.csv:7: lat: ..."). -1 when the file itself cannot be used (a
 * mapped column is missing ...). */
int source_read(const struct source *source, size_t i, const char *bytes, size_t len,
                struct draw_frame *frame, struct alm_error *notes, struct alm_error *err);

#endif
