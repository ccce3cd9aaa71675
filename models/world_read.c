/* world_read.c - world_read of world.h. Each file becomes a table of rows in the order of their
 * ids; bad and repeated rows fall out, then rows that point to nothing; what is left goes into the
 * region. */
#include "models/world.h"

#include "models/csv_fields.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record that was read, and where it stood. */
struct row {
    struct record *record;
    size_t line;
};

struct rows {
    struct row *list;
    size_t n, room;
    size_t n_bad; /* rows that fell out */
};

struct reader {
    const struct world_options *options;
    struct alm_error *notes, *err;
    struct rows rows[WORLD_FILES];
};

/* A note is not a failure: the code of the notes stays NONE. */
static void add_note(struct reader *reader, const char *pointer, const char *code,
                     const char *detail)
{
    err_issue(reader->notes, pointer, code, "%s", detail);
    reader->notes->code = ERR_NONE;
    reader->notes->message[0] = '\0';
}

/* What is wrong with a row: an issue of the world, or the note that the row was skipped. */
static void refuse(struct reader *reader, const char *pointer, const char *code, const char *detail)
{
    if (reader->options->skip_bad_rows)
        add_note(reader, pointer, "skipped", detail);
    else
        err_issue(reader->err, pointer, code, "%s", detail);
}

static void refuse_all(struct reader *reader, struct alm_error *found)
{
    for (size_t i = 0; i < found->n_issues; i++)
        refuse(reader, found->issues[i].pointer, found->issues[i].code, found->issues[i].detail);
    err_clear(found);
}

enum { POINTER_MAX = 200 };

static char *point(enum world_file file, size_t line, const char *column, char pointer[POINTER_MAX])
{
    snprintf(pointer, POINTER_MAX, "%s:%zu%s%s", world_file_names[file], line, *column ? ": " : "",
             column);
    return pointer;
}

/* One name of the header: a field, an extra, or something to be ignored. */
static int look_at_column(struct reader *reader, enum world_file file, const struct csv *csv,
                          size_t cell, const struct csv_fields *fields)
{
    const char *name = csv->header.cells[cell];
    enum csv_fields_column column = csv_fields_column(fields, csv, cell);
    char pointer[POINTER_MAX], shown[ERR_SHOWN];
    point(file, csv->header.line, err_shown(name, strlen(name), shown), pointer);
    if (column == CSV_FIELDS_TWICE)
        return err_issue(reader->err, pointer, "duplicate", "the column stands twice");
    if (column == CSV_FIELDS_UNKNOWN)
        add_note(reader, pointer, "ignored",
                 *name ? "the column is not known and is ignored"
                       : "a column without a name is ignored");
    return 0;
}

/* The line, among the first rows, on which the header seems to stand; 0 = none. */
static size_t find_header(const struct csv *csv, const char *name)
{
    enum { ROWS_LOOKED_AT = 10 };
    for (size_t i = 0; i < csv->n && i < ROWS_LOOKED_AT; i++)
        for (size_t k = 0; k < csv->rows[i].n; k++)
            if (strcmp(csv->rows[i].cells[k], name) == 0)
                return csv->rows[i].line;
    return 0;
}

static int refuse_missing(struct reader *reader, enum world_file file, const struct csv *csv,
                          const char *name)
{
    char pointer[POINTER_MAX];
    size_t line = find_header(csv, name);
    point(file, csv->header.line, name, pointer);
    if (line)
        return err_issue(reader->err, pointer, "required",
                         "the header row stands on line %zu: take away what is above it", line);
    return err_issue(reader->err, pointer, "required", "the column is missing");
}

/* The columns hold for the whole file, so what is wrong with them is never skipped. */
static int look_at_columns(struct reader *reader, enum world_file file, const struct csv *csv,
                           const struct csv_fields *fields)
{
    int result = 0;
    for (size_t i = 0; i < csv->header.n; i++)
        if (look_at_column(reader, file, csv, i, fields) != 0)
            result = -1;
    for (size_t i = 0; i < fields->table->n; i++)
        if (csv_fields_lacks(fields, &fields->table->fields[i]))
            result = refuse_missing(reader, file, csv, fields->table->fields[i].name);
    return result;
}

static void check_row(enum world_file file, size_t line, struct record *record,
                      struct alm_error *err)
{
    char pointer[POINTER_MAX];
    if (record->type == RECORD_TRAVEL) {
        const struct travel *travel = (const struct travel *)record;
        travel_id(travel->from_id, travel->institution_id, record->id);
    }
    if (fields_check(record, "", NULL) != 0) {
        snprintf(pointer, sizeof pointer, "%s:%zu: ", world_file_names[file], line);
        fields_check(record, pointer, err);
    }
}

/* The record of one row, NULL with issues in `err`. */
static struct record *read_row(enum world_file file, const struct csv *csv,
                               const struct csv_row *row, const struct csv_fields *fields,
                               struct alm_error *err)
{
    struct record *record = record_new(world_types[file], "");
    csv_fields_read(fields, csv, row, world_file_names[file], record, err);
    if (err->n_issues == 0)
        check_row(file, row->line, record, err);
    if (err->n_issues == 0)
        return record;
    record_free(record);
    return NULL;
}

static void read_rows(struct reader *reader, enum world_file file, const struct csv *csv,
                      const struct csv_fields *fields)
{
    struct rows *rows = &reader->rows[file];
    struct alm_error found;
    err_init(&found);
    for (size_t i = 0; i < csv->n; i++) {
        struct record *record = read_row(file, csv, &csv->rows[i], fields, &found);
        if (record) {
            ALLOC_GROW(rows->list, rows->n, rows->room);
            rows->list[rows->n++] = (struct row){record, csv->rows[i].line};
        } else {
            rows->n_bad++;
        }
        refuse_all(reader, &found);
    }
}

static int by_id_then_line(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    int order = strcmp(left->record->id, right->record->id);
    return order ? order : (left->line > right->line) - (left->line < right->line);
}

/* Takes the rows out for which `problem` finds something to say (it may look at the row kept
 * before). */
static void sift(struct reader *reader, enum world_file file,
                 int (*problem)(const struct reader *reader, const struct row *row,
                                const struct row *kept, struct alm_error *err))
{
    struct rows *rows = &reader->rows[file];
    struct alm_error found;
    err_init(&found);
    size_t kept = 0;
    for (size_t i = 0; i < rows->n; i++) {
        struct row *row = &rows->list[i];
        if (problem(reader, row, kept ? &rows->list[kept - 1] : NULL, &found) == 0) {
            rows->list[kept++] = *row;
            continue;
        }
        record_free(row->record);
        rows->n_bad++;
        refuse_all(reader, &found);
    }
    rows->n = kept;
}

static enum world_file file_of(const struct record *record)
{
    int file = 0;
    while (world_types[file] != record->type)
        file++;
    return file;
}

static int find_repeated(const struct reader *reader, const struct row *row, const struct row *kept,
                         struct alm_error *err)
{
    (void)reader;
    if (!kept || strcmp(kept->record->id, row->record->id) != 0)
        return 0;
    char pointer[POINTER_MAX];
    enum world_file file = file_of(row->record);
    const struct field *key = fields_of(row->record->type)->fields;
    key += !(key->flags & FIELD_CSV); /* a travel row is known by its ends, from_id first */
    point(file, row->line, key->name, pointer);
    return err_issue(err, pointer, "duplicate", "%s stands on line %zu already", row->record->id,
                     kept->line);
}

static int has_id(const struct rows *rows, const char *id)
{
    size_t low = 0, high = rows->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(rows->list[middle].record->id, id);
        if (order == 0)
            return 1;
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return 0;
}

/* Does the id stand in that file? While the world may yet be refused for a bad row there, every id
 * may. */
static int check_reference(const struct reader *reader, const struct row *row, const char *column,
                           enum world_file to, const char *id, struct alm_error *err)
{
    const struct rows *rows = &reader->rows[to];
    if (has_id(rows, id) || (rows->n_bad && !reader->options->skip_bad_rows))
        return 0;
    char pointer[POINTER_MAX];
    point(file_of(row->record), row->line, column, pointer);
    return err_issue(err, pointer, "unknown", "%s is not in %s", id, world_file_names[to]);
}

static int find_dangling(const struct reader *reader, const struct row *row, const struct row *kept,
                         struct alm_error *err)
{
    (void)kept;
    const char *id = "", *column = "institution_id";
    enum world_file to = WORLD_INSTITUTIONS;
    if (row->record->type == RECORD_POOL) {
        id = ((const struct pool *)row->record)->institution_id;
    } else if (row->record->type == RECORD_TRAVEL) {
        id = ((const struct travel *)row->record)->institution_id;
    } else if (row->record->type == RECORD_APPLICANT) {
        id = ((const struct applicant *)row->record)->current_pool;
        column = "current_pool";
        to = WORLD_POOLS;
    }
    return *id ? check_reference(reader, row, column, to, id, err) : 0;
}

static void read_file(struct reader *reader, enum world_file file, const char *bytes, size_t len)
{
    struct csv csv;
    struct csv_fields fields;
    struct alm_error found;
    err_init(&found);
    found.max_issues = SIZE_MAX;
    /* broken rows are left out either way, so that the others are looked at as well */
    int result = csv_parse(world_file_names[file], bytes, len, 1, &csv, &found);
    reader->rows[file].n_bad += found.n_issues;
    if (result != 0) {
        for (size_t i = 0; i < found.n_issues; i++)
            err_issue(reader->err, found.issues[i].pointer, found.issues[i].code, "%s",
                      found.issues[i].detail);
        err_clear(&found);
        return;
    }
    refuse_all(reader, &found);
    csv_fields_init(&fields, &csv, world_types[file], FIELD_CSV);
    if (look_at_columns(reader, file, &csv, &fields) == 0)
        read_rows(reader, file, &csv, &fields);
    else
        reader->rows[file].n_bad++;
    csv_fields_clear(&fields);
    csv_clear(&csv);
    struct rows *rows = &reader->rows[file];
    if (rows->n)
        qsort(rows->list, rows->n, sizeof *rows->list, by_id_then_line);
    sift(reader, file, find_repeated);
    sift(reader, file, find_dangling);
}

static void refuse_absent(struct reader *reader, enum world_file file)
{
    err_issue(reader->err, world_file_names[file], "required", "the file is missing");
    reader->rows[file].n_bad++;
}

struct region *world_read(const struct world_files *files, const struct world_options *options,
                          struct alm_error *notes, struct alm_error *err)
{
    struct reader reader = {.options = options, .notes = notes, .err = err};
    struct region *region = NULL;
    size_t before = err->n_issues + err->n_dropped;
    if (options->skip_bad_rows)
        notes->max_issues = SIZE_MAX; /* each skipped row is named */
    for (int file = 0; file < WORLD_FILES; file++) {
        if (files->bytes[file])
            read_file(&reader, file, files->bytes[file], files->len[file]);
        else if (file != WORLD_TRAVEL)
            refuse_absent(&reader, file);
    }
    int is_good = err->n_issues + err->n_dropped == before;
    if (is_good)
        region = region_new();
    for (int file = 0; file < WORLD_FILES; file++) {
        struct rows *rows = &reader.rows[file];
        for (size_t i = 0; i < rows->n; i++) {
            if (is_good)
                region_put_take(region, rows->list[i].record);
            else
                record_free(rows->list[i].record);
        }
        free(rows->list);
    }
    return region;
}
