/* csv_fields.c - see csv_fields.h. */
#include "models/csv_fields.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_MAX = 200 };

static const struct field *field_of(const struct csv_fields *fields, const char *name)
{
    const struct field *field = fields_find(fields->table, name, strlen(name));
    return field && field->flags & fields->flag && field->type != FIELD_EXTRAS ? field : NULL;
}

static int is_extra(const struct csv_fields *fields, const char *name)
{
    return fields->table == fields_of(RECORD_APPLICANT) && fields_is_extra(name, strlen(name));
}

void csv_fields_init(struct csv_fields *fields, const struct csv *csv, enum record_type type,
                     int flag)
{
    *fields = (struct csv_fields){.table = fields_of(type), .flag = flag};
    fields->of_field = alloc_zero(fields->table->n, sizeof *fields->of_field);
    fields->extras = alloc_zero(csv->header.n, sizeof *fields->extras);
    for (size_t i = 0; i < fields->table->n; i++)
        fields->of_field[i] = SIZE_MAX;
    for (size_t cell = 0; cell < csv->header.n; cell++) {
        const char *name = csv->header.cells[cell];
        const struct field *field = field_of(fields, name);
        if (csv_column(csv, name) < cell)
            continue;
        if (field)
            fields->of_field[field - fields->table->fields] = cell;
        else if (is_extra(fields, name))
            fields->extras[fields->n_extras++] = cell;
    }
}

void csv_fields_clear(struct csv_fields *fields)
{
    free(fields->of_field);
    free(fields->extras);
    *fields = (struct csv_fields){0};
}

enum csv_fields_column csv_fields_column(const struct csv_fields *fields, const struct csv *csv,
                                         size_t cell)
{
    const char *name = csv->header.cells[cell];
    if (*name && csv_column(csv, name) < cell)
        return CSV_FIELDS_TWICE;
    return field_of(fields, name) || is_extra(fields, name) ? CSV_FIELDS_TAKEN : CSV_FIELDS_UNKNOWN;
}

int csv_fields_lacks(const struct csv_fields *fields, const struct field *field)
{
    return field->flags & FIELD_REQUIRED && field->flags & fields->flag &&
           fields->of_field[field - fields->table->fields] == SIZE_MAX;
}

static char *point(const char *file, const struct csv_row *row, const char *column,
                   char pointer[POINTER_MAX])
{
    if (file)
        snprintf(pointer, POINTER_MAX, "%s:%zu: %s", file, row->line, column);
    else
        snprintf(pointer, POINTER_MAX, "/%s", column);
    return pointer;
}

/* A good cell needs no pointer, and a hundred thousand rows have millions of them: the text of the
 * pointer is made when the cell turns out to be bad. */
static void read_cell(const char *file, const struct csv_row *row, const struct field *field,
                      const char *text, struct record *record, struct alm_error *err)
{
    char pointer[POINTER_MAX];
    if (fields_from_text(field, record, text, strlen(text), "", NULL) != 0)
        fields_from_text(field, record, text, strlen(text), point(file, row, field->name, pointer),
                         err);
}

static void read_extra(const char *file, const struct csv *csv, const struct csv_row *row,
                       size_t cell, struct applicant *applicant, struct alm_error *err)
{
    char pointer[POINTER_MAX];
    const char *name = csv->header.cells[cell], *text = row->cells[cell];
    if (*text && fields_set_extra(applicant, name, text, strlen(text), "", NULL) != 0)
        fields_set_extra(applicant, name, text, strlen(text), point(file, row, name, pointer), err);
}

void csv_fields_read(const struct csv_fields *fields, const struct csv *csv,
                     const struct csv_row *row, const char *file, struct record *record,
                     struct alm_error *err)
{
    for (size_t i = 0; i < fields->table->n; i++) {
        const struct field *field = &fields->table->fields[i];
        if (fields->of_field[i] != SIZE_MAX)
            read_cell(file, row, field, row->cells[fields->of_field[i]], record, err);
        else if (!(field->flags & FIELD_KEY))
            fields_reset(field, record);
    }
    for (size_t i = 0; i < fields->n_extras; i++)
        read_extra(file, csv, row, fields->extras[i], (struct applicant *)record, err);
}
