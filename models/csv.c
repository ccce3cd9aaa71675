/* csv.c - see csv.h.
 *
 * A row is looked at as a whole first and then taken apart in place: a cell is a stretch of the
 * text, shortened by the quotes that fell away and ended by a NUL. A broken row ends at its first
 * line break, so that an unclosed quote costs one row. */
#include "models/csv.h"

#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row before it is taken apart. */
struct span {
    const char *stop;    /* its line break, or the end of the text */
    size_t lines;        /* line breaks inside quotes */
    const char *problem; /* NULL = none */
};

/* Length of the UTF-8 character at `c` (RFC 3629), 0 when there is none. */
static size_t utf8_len(const unsigned char *c, size_t left)
{
    if (c[0] < 0x80)
        return 1;
    size_t len = c[0] >= 0xF0 ? 4 : c[0] >= 0xE0 ? 3 : 2;
    if (c[0] < 0xC2 || c[0] > 0xF4 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((c[i] & 0xC0) != 0x80)
            return 0;
    int is_overlong = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90);
    int is_outside = (c[0] == 0xED && c[1] > 0x9F) || (c[0] == 0xF4 && c[1] > 0x8F);
    return is_overlong || is_outside ? 0 : len;
}

static int is_utf8(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t n = utf8_len((const unsigned char *)text + i, len - i);
        if (n == 0)
            return 0;
        i += n;
    }
    return 1;
}

static int is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return 0;
    return 1;
}

/* A damaged byte in a UTF-8 file must not turn the whole of it into something else: the lines vote.
 */
static int looks_like_utf8(const char *bytes, size_t len)
{
    size_t valid = 0, broken = 0;
    for (const char *end = bytes + len, *next; bytes < end; bytes = next) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        next = stop ? stop + 1 : end;
        size_t n = (size_t)(next - bytes);
        if (is_ascii(bytes, n))
            continue;
        *(is_utf8(bytes, n) ? &valid : &broken) += 1;
    }
    return valid >= broken;
}

/* The text as UTF-8, or NULL when it is not GB18030 either. One GB18030 character of two bytes or
 * more becomes at most two times as many. */
static char *from_gb18030(const char *bytes, size_t len, size_t *out_len)
{
    iconv_t codec = iconv_open("UTF-8", "GB18030");
    if (codec == (iconv_t)-1)
        return NULL;
    size_t room = 2 * len + 1, left = room;
    char *text = alloc_zero(room + 1, 1), *out = text;
    char *in = (char *)(uintptr_t)bytes; /* iconv reads only; its prototype is older than const */
    size_t in_left = len;
    size_t result = iconv(codec, &in, &in_left, &out, &left);
    iconv_close(codec);
    if (result == (size_t)-1 || in_left) {
        free(text);
        return NULL;
    }
    *out_len = room - left;
    return text;
}

/* The owned, NUL-terminated text of a file: without BOM, as UTF-8 as far as it can be. */
static char *take_text(const char *bytes, size_t len, size_t *text_len)
{
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    char *text = looks_like_utf8(bytes, len) ? NULL : from_gb18030(bytes, len, text_len);
    if (text)
        return text;
    *text_len = len;
    return alloc_string_n(bytes, len);
}

static int is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* Behind the one of CRLF, LF, CR that stands at `at`. */
static const char *skip_break(const char *at, const char *end)
{
    return at + (*at == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1);
}

static const char *find_break(const char *at, const char *end)
{
    while (at < end && !is_break(*at))
        at++;
    return at;
}

/* From behind an opening quote to behind the closing one. */
static const char *scan_quoted(const char *at, const char *end, struct span *span)
{
    while (at < end) {
        if (*at == '"' && (at + 1 == end || at[1] != '"'))
            return at + 1;
        span->lines += (size_t)is_break(*at);
        at = is_break(*at) ? skip_break(at, end) : at + 1 + (*at == '"');
    }
    span->problem = "a quote is opened and never closed";
    return end;
}

static const char *scan_plain(const char *at, const char *end, struct span *span)
{
    for (; at < end && *at != ',' && !is_break(*at); at++)
        if (*at == '"')
            span->problem = "a quote inside a cell that does not begin with one";
    return at;
}

static void scan_row(const char *row, const char *end, struct span *span)
{
    const char *at = row;
    *span = (struct span){0};
    for (;;) {
        int is_quoted = at < end && *at == '"';
        at = is_quoted ? scan_quoted(at + 1, end, span) : scan_plain(at, end, span);
        if (span->problem || at >= end || is_break(*at))
            break;
        if (*at != ',') {
            span->problem = "text after a closing quote";
            break;
        }
        at++;
    }
    span->stop = at;
    if (!span->problem && memchr(row, '\0', (size_t)(at - row)))
        span->problem = "a NUL byte";
    if (!span->problem && !is_utf8(row, (size_t)(at - row)))
        span->problem = "bytes that are neither UTF-8 nor GB18030";
    if (span->problem) {
        span->stop = find_break(row, end);
        span->lines = 0;
    }
}

static void add_cell(struct csv_row *row, char *cell)
{
    /* the room is not kept: it is the least power of two that holds n */
    if ((row->n & (row->n - 1)) == 0)
        row->cells = alloc_resize(row->cells, row->n ? row->n * 2 : 1, sizeof *row->cells);
    row->cells[row->n++] = cell;
}

/* Takes the quotes off the cell that begins with one; what follows the closing quote. */
static char *unquote(char *cell, const char *stop)
{
    char *out = cell, *at = cell + 1;
    while (at < stop && (*at != '"' || (at + 1 < stop && at[1] == '"'))) {
        at += *at == '"';
        *out++ = *at++;
    }
    *out = '\0';
    return at + 1;
}

/* A row without problems becomes cells; its line break becomes their last NUL. */
static void take_row(char *at, const char *stop, struct csv_row *row)
{
    for (;;) {
        add_cell(row, at);
        char *end = *at == '"' && at < stop ? unquote(at, stop) : at;
        while (end < stop && *end != ',')
            end++;
        int is_last = end >= stop;
        *end = '\0';
        if (is_last)
            return;
        at = end + 1;
    }
}

static size_t filled_cells(const struct csv_row *row)
{
    size_t filled = 0;
    for (size_t i = 0; i < row->n; i++)
        filled += row->cells[i][0] != '\0';
    return filled;
}

static int row_issue(const char *file, size_t line, struct alm_error *err, const char *problem)
{
    char pointer[300];
    snprintf(pointer, sizeof pointer, "%s:%zu", file, line);
    return err_issue(err, pointer, "csv", "%s", problem);
}

static void keep_row(struct csv *csv, size_t *room, struct csv_row *row)
{
    if (!csv->header.cells) {
        csv->header = *row;
        return;
    }
    ALLOC_GROW(csv->rows, csv->n, *room);
    csv->rows[csv->n++] = *row;
}

/* Every row that is not empty; how many were broken. A broken header ends it: no other row may take
 * its place. */
static size_t read_rows(const char *file, char *text, const char *end, struct csv *csv,
                        struct alm_error *err)
{
    size_t line = 1, broken = 0, room = 0;
    while (text < end) {
        struct span span;
        scan_row(text, end, &span);
        const char *next = span.stop < end ? skip_break(span.stop, end) : end;
        struct csv_row row = {.line = line};
        if (span.problem) {
            row_issue(file, line, err, span.problem);
            broken++;
            if (!csv->header.cells)
                return broken;
        } else {
            take_row(text, span.stop, &row);
        }
        if (row.n && filled_cells(&row))
            keep_row(csv, &room, &row);
        else
            free(row.cells);
        line += span.lines + (span.stop < end);
        text += next - text;
    }
    return broken;
}

/* A row with one filled cell above a row with several is what people put over a table. */
static int has_title(const struct csv *csv)
{
    enum { ROWS_LOOKED_AT = 10 };
    if (filled_cells(&csv->header) != 1)
        return 0;
    for (size_t i = 0; i < csv->n && i < ROWS_LOOKED_AT; i++)
        if (filled_cells(&csv->rows[i]) > 1)
            return 1;
    return 0;
}

/* Takes out the rows that have more or fewer cells than the header; how many there were. */
static size_t drop_ragged(const char *file, struct csv *csv, struct alm_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < csv->n; i++) {
        struct csv_row *row = &csv->rows[i];
        if (row->n == csv->header.n) {
            csv->rows[kept++] = *row;
            continue;
        }
        char problem[100];
        snprintf(problem, sizeof problem, "the row has %zu cells, the header %zu", row->n,
                 csv->header.n);
        row_issue(file, row->line, err, problem);
        free(row->cells);
    }
    size_t dropped = csv->n - kept;
    csv->n = kept;
    return dropped;
}

int csv_parse(const char *file, const char *bytes, size_t len, int skip_bad, struct csv *csv,
              struct alm_error *err)
{
    size_t text_len;
    *csv = (struct csv){.text = take_text(bytes, len, &text_len)};
    size_t bad = read_rows(file, csv->text, csv->text + text_len, csv, err);
    int is_usable = 1;
    if (!csv->header.cells)
        is_usable = row_issue(file, 1, err, "there is no header row that can be read") == 0;
    else if (has_title(csv))
        is_usable = row_issue(file, csv->header.line, err,
                              "this looks like a title above the table: the header row with the "
                              "names of the columns must come first") == 0;
    else
        bad += drop_ragged(file, csv, err);
    if (is_usable && (bad == 0 || skip_bad))
        return 0;
    csv_clear(csv);
    return -1;
}

void csv_clear(struct csv *csv)
{
    for (size_t i = 0; i < csv->n; i++)
        free(csv->rows[i].cells);
    free(csv->rows);
    free(csv->header.cells);
    free(csv->text);
    *csv = (struct csv){0};
}

size_t csv_column(const struct csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->header.n; i++)
        if (strcmp(csv->header.cells[i], name) == 0)
            return i;
    return SIZE_MAX;
}

void csv_add_cell(struct buffer *out, const char *text, int first, int guard)
{
    if (!first)
        buffer_add(out, ",", 1);
    int is_guarded = guard && text[0] && strchr("=+-@", text[0]);
    if (!is_guarded && !text[strcspn(text, ",\"\r\n")]) {
        buffer_text(out, text);
        return;
    }
    buffer_text(out, is_guarded ? "\"'" : "\"");
    for (const char *stop; *text; text = stop) {
        stop = text + strcspn(text, "\"");
        stop += *stop == '"';
        buffer_add(out, text, (size_t)(stop - text));
        if (stop[-1] == '"')
            buffer_add(out, "\"", 1);
    }
    buffer_text(out, "\"");
}

void csv_end_cell(struct buffer *out, size_t at)
{
    const char *text = out->bytes + at;
    if (at == out->len || !text[strcspn(text, ",\"\r\n")])
        return;
    char *copy = alloc_string(text);
    out->len = at;
    csv_add_cell(out, copy, 1, 0);
    free(copy);
}
