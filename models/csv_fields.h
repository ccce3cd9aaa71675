/* csv_fields.h - which columns of a CSV file are fields of a record, and the cells of a row read
 * into one. What is said of columns that are missing or not known is the reader's business. */
#ifndef ALMONER_CSV_FIELDS_H
#define ALMONER_CSV_FIELDS_H

#include "models/csv.h"
#include "models/fields.h"

struct csv_fields {
    const struct field_table *table;
    int flag;
    size_t *of_field; /* cell by position in the table; SIZE_MAX = the column is not there */
    size_t *extras;   /* cells of x_ columns */
    size_t n_extras;
};

/* A field may be a column when it has the flag (FIELD_CSV, FIELD_CLIENT); x_ columns may for
 * applicants. Of two columns of one name the first counts. */
void csv_fields_init(struct csv_fields *fields, const struct csv *csv, enum record_type type,
                     int flag);
void csv_fields_clear(struct csv_fields *fields);

/* What a name of the header is. */
enum csv_fields_column { CSV_FIELDS_TAKEN, CSV_FIELDS_TWICE, CSV_FIELDS_UNKNOWN };
enum csv_fields_column csv_fields_column(const struct csv_fields *fields, const struct csv *csv,
                                         size_t cell);
/* Is the field required of such a file, and not there? */
int csv_fields_lacks(const struct csv_fields *fields, const struct field *field);

/* Every field that is a column, in the order of the table, since a default may look at a field
 * before it; what is no column gets its default, but the key stays as it is. An issue per bad cell,
 * at "file:line: column", or "/column" when `file` is NULL. */
void csv_fields_read(const struct csv_fields *fields, const struct csv *csv,
                     const struct csv_row *row, const char *file, struct record *record,
                     struct alm_error *err);

#endif
