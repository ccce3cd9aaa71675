/* csv.h - RFC 4180 text to rows and back. Knows nothing of records.
 *
 * Accepts a UTF-8 BOM, CRLF or LF, quoted cells with line breaks, trailing empty rows; turns
 * GB18030 into UTF-8 when the bytes are not valid UTF-8. Every row knows the line on which it
 * began. */
#ifndef ALMONER_CSV_H
#define ALMONER_CSV_H

#include "models/alloc.h"
#include "models/err.h"

struct csv_row {
    size_t line;  /* 1 = first line of the file */
    char **cells; /* NUL-terminated UTF-8 */
    size_t n;
};

struct csv {
    struct csv_row header;
    struct csv_row *rows;
    size_t n;
    char *text; /* owns the bytes of all cells */
};

/* `file` is the name used in messages. 0, or -1 with an issue per broken row (unclosed quote, text
 * after a closing quote, a NUL byte, neither UTF-8 nor GB18030, more or fewer cells than the
 * header). With `skip_bad` those rows are left out, reported in err->issues, and the result is 0.
 */
int csv_parse(const char *file, const char *bytes, size_t len, int skip_bad, struct csv *csv,
              struct alm_error *err);
void csv_clear(struct csv *csv);
size_t csv_column(const struct csv *csv, const char *name); /* SIZE_MAX when missing */

/* Appends one cell, quoted when needed; `guard` puts a ' before = + - @ (for files that people open
 * in a spreadsheet; never in the canonical export). */
void csv_add_cell(struct buffer *out, const char *text, int first, int guard);

/* What was appended from `at` on is the text of a cell: quotes it when needed. */
void csv_end_cell(struct buffer *out, size_t at);

#endif
