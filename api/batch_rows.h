/* batch_rows.h - the rows of an import of applicants or travel, one after the other: CSV (a header,
 * then columns as in applicants.csv or travel.csv) or NDJSON (one record a line, with an
 * applicant's personal data). Pure; the bytes are lent. */
#ifndef ALMONER_BATCH_ROWS_H
#define ALMONER_BATCH_ROWS_H

#include "models/csv_fields.h"
#include "models/record.h"
#include "store/token.h"

/* One request may not make us keep or compare more than this. */
enum {
    BATCH_LINES_MAX = 200000,
    BATCH_LINE_BYTES_MAX = 16 * 1024, /* of NDJSON: as much as a single submission */
    BATCH_COLUMNS_MAX = 256,
    BATCH_ROW_ISSUES_MAX = 10,
    BATCH_ISSUES_MAX = 100000 /* of all rows; behind them a bad row is told in one sentence */
};

struct batch_rows {
    enum record_type type;
    int is_csv;
    size_t n_issues;
    struct csv csv;
    struct csv_fields fields;
    size_t next, line;
    const char *cursor, *end; /* NDJSON */
    struct alm_error notes;   /* columns that are ignored, rows that are no rows */
};

struct batch_row {
    size_t line;
    int has_own_id;        /* 0 = the id was made here */
    struct record *record; /* NULL = bad, err says why */
    char *person_json;
    char hash[65]; /* of what was sent, for the row's idempotency record */
    struct alm_error err;
};

/* 0, or -1 with issues (too many lines, a header that cannot be used): then there is nothing to
 * clear. */
int batch_rows_init(struct batch_rows *rows, enum record_type type, int is_csv, const char *bytes,
                    size_t len, struct alm_error *err);
void batch_rows_clear(struct batch_rows *rows);
/* The next row, as `who` may submit it. 0 at the end. The caller clears the row. */
int batch_rows_next(struct batch_rows *rows, const struct token *who, struct batch_row *row);
void batch_row_clear(struct batch_row *row);

#endif
