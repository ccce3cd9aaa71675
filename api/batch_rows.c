/* batch_rows.c - see batch_rows.h. */
#include "api/batch_rows.h"

#include "api/applicants.h"
#include "models/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(struct batch_rows *rows, const char *pointer, const char *code, const char *detail)
{
    err_issue(&rows->notes, pointer, code, "%s", detail);
}

static const struct field *key_field(void)
{
    return fields_of(RECORD_APPLICANT)->fields;
}

/* The id is read apart: without one, one is made (travel rows have none of their own). */
static void init_fields(struct batch_rows *rows)
{
    csv_fields_init(&rows->fields, &rows->csv, rows->type, FIELD_CLIENT);
    rows->fields.of_field[0] = SIZE_MAX;
}

/* Every required column but the id has to be there; the others are named when they are not known.
 */
static int check_header(struct batch_rows *rows, struct alm_error *err)
{
    const struct field_table *table = rows->fields.table;
    char pointer[160];
    int result = 0;
    if (rows->csv.header.n > BATCH_COLUMNS_MAX)
        return err_set(err, ERR_TOO_LARGE, "header: %zu columns, at most %d are taken",
                       rows->csv.header.n, BATCH_COLUMNS_MAX);
    for (size_t i = 0; i < rows->csv.header.n; i++) {
        enum csv_fields_column column = csv_fields_column(&rows->fields, &rows->csv, i);
        snprintf(pointer, sizeof pointer, "header: %.100s", rows->csv.header.cells[i]);
        if (column == CSV_FIELDS_TWICE)
            result = err_issue(err, pointer, "duplicate", "the column stands twice");
        else if (column == CSV_FIELDS_UNKNOWN)
            note(rows, pointer, "ignored", "the column is not taken here and is ignored");
    }
    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        snprintf(pointer, sizeof pointer, "header: %s", field->name);
        if (csv_fields_lacks(&rows->fields, field) && !(field->flags & FIELD_KEY))
            result = err_issue(err, pointer, "required", "the column is missing");
    }
    return result;
}

/* Before anything is read: a line of one byte costs hundreds. */
static int check_lines(const char *bytes, size_t len, struct alm_error *err)
{
    size_t lines = 0;
    for (size_t i = 0; i < len; i++)
        lines += bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == len || bytes[i + 1] != '\n'));
    if (lines <= BATCH_LINES_MAX)
        return 0;
    return err_set(err, ERR_TOO_LARGE, "body: %zu lines, at most %d are taken: send it in parts",
                   lines, BATCH_LINES_MAX);
}

int batch_rows_init(struct batch_rows *rows, enum record_type type, int is_csv, const char *bytes,
                    size_t len, struct alm_error *err)
{
    *rows =
        (struct batch_rows){.type = type, .is_csv = is_csv, .cursor = bytes, .end = bytes + len};
    err_init(&rows->notes);
    if (check_lines(bytes, len, err) != 0)
        return -1;
    if (!is_csv)
        return 0;
    if (csv_parse("body", bytes, len, 1, &rows->csv, &rows->notes) != 0) {
        err_set(err, ERR_BAD_INPUT, "%s", rows->notes.message);
        err_clear(&rows->notes);
        return -1;
    }
    init_fields(rows);
    if (check_header(rows, err) == 0)
        return 0;
    batch_rows_clear(rows);
    return -1;
}

void batch_rows_clear(struct batch_rows *rows)
{
    csv_fields_clear(&rows->fields);
    if (rows->is_csv)
        csv_clear(&rows->csv);
    err_clear(&rows->notes);
}

void batch_row_clear(struct batch_row *row)
{
    record_free(row->record);
    free(row->person_json);
    err_clear(&row->err);
}

/* ---- CSV ---- */

static void hash_cells(const struct batch_rows *rows, const struct csv_row *cells, char hex[65])
{
    struct buffer text;
    buffer_init(&text);
    for (size_t i = 0; i < cells->n; i++)
        buffer_format(&text, "%s=%s\n", rows->csv.header.cells[i], cells->cells[i]);
    digest_hex(text.bytes, text.len, hex);
    buffer_clear(&text);
}

/* The ticket that was sent, or one that is made. */
static void read_ticket(const struct batch_rows *rows, const struct csv_row *cells,
                        struct batch_row *row)
{
    size_t at = csv_column(&rows->csv, key_field()->name);
    const char *sent = at == SIZE_MAX ? "" : cells->cells[at];
    row->has_own_id = *sent != '\0';
    if (row->has_own_id)
        fields_from_text(key_field(), row->record, sent, strlen(sent), "/applicant_id", &row->err);
    else
        applicants_random_id(row->record->id);
}

static void read_ends(struct record *record)
{
    const struct travel *travel = (const struct travel *)record;
    travel_id(travel->from_id, travel->institution_id, record->id);
}

static void read_csv(const struct batch_rows *rows, const struct csv_row *cells,
                     const struct token *who, struct batch_row *row)
{
    hash_cells(rows, cells, row->hash);
    row->record = record_new(rows->type, "");
    csv_fields_read(&rows->fields, &rows->csv, cells, NULL, row->record, &row->err);
    if (rows->type == RECORD_APPLICANT)
        read_ticket(rows, cells, row);
    else
        read_ends(row->record);
    fields_check(row->record, "/", &row->err);
    if (row->err.code != ERR_NONE) {
        record_free(row->record);
        row->record = NULL;
    } else if (rows->type == RECORD_APPLICANT) {
        row->record = applicants_scoped(who, row->record, &row->person_json, &row->err);
    }
}

/* ---- NDJSON ---- */

/* The next line that is not blank; its length, or 0 at the end. */
static size_t next_line(struct batch_rows *rows, const char **line)
{
    while (rows->cursor < rows->end) {
        const char *start = rows->cursor;
        const char *stop = memchr(start, '\n', (size_t)(rows->end - start));
        size_t len = (size_t)((stop ? stop : rows->end) - start);
        rows->cursor = stop ? stop + 1 : rows->end;
        rows->line++;
        while (len && strchr("\r \t", start[len - 1]))
            len--;
        if (len) {
            *line = start;
            return len;
        }
    }
    return 0;
}

static void read_json(const struct batch_rows *rows, const char *line, size_t len,
                      const struct token *who, struct batch_row *row)
{
    struct applicant *applicant = NULL;
    if (rows->type != RECORD_APPLICANT)
        row->record = record_from_json(rows->type, line, len, NULL, 0, NULL, NULL, &row->err);
    else if ((applicant =
                  applicants_read(who, line, len, &row->has_own_id, &row->person_json, &row->err)))
        row->record = &applicant->record;
}

static int next_json(struct batch_rows *rows, const struct token *who, struct batch_row *row)
{
    const char *line;
    size_t len = next_line(rows, &line);
    if (!len)
        return 0;
    row->line = rows->line;
    digest_hex(line, len, row->hash);
    if (len > BATCH_LINE_BYTES_MAX)
        err_set(&row->err, ERR_TOO_LARGE, "line: %zu bytes, at most %d are taken", len,
                BATCH_LINE_BYTES_MAX);
    else
        read_json(rows, line, len, who, row);
    return 1;
}

static int next_cells(struct batch_rows *rows, const struct token *who, struct batch_row *row)
{
    if (rows->next == rows->csv.n)
        return 0;
    const struct csv_row *cells = &rows->csv.rows[rows->next++];
    row->line = cells->line;
    read_csv(rows, cells, who, row);
    return 1;
}

int batch_rows_next(struct batch_rows *rows, const struct token *who, struct batch_row *row)
{
    *row = (struct batch_row){0};
    err_init(&row->err);
    row->err.max_issues = rows->n_issues < BATCH_ISSUES_MAX ? BATCH_ROW_ISSUES_MAX : 0;
    int is_row = rows->is_csv ? next_cells(rows, who, row) : next_json(rows, who, row);
    rows->n_issues += row->err.n_issues;
    return is_row;
}
