/* fields.h - the columns of every record, written once: name, type, default, limits, place in
 * memory.
 *
 * CSV in and out, JSON in and out, the API description and docs/formats.md are made from these
 * tables, so a column cannot exist in one and be missing in another. */
#ifndef ALMONER_FIELDS_H
#define ALMONER_FIELDS_H

#include "models/alloc.h"
#include "models/err.h"
#include "models/record.h"

/* How a cell is read, kept and written. IDS, CODES and TEXTS are `struct list`; IDENT, PLACE and
 * LABEL are a char[ID_MAX+1] inside the record; TEXT and CODE are char *, never NULL. */
enum field_type {
    FIELD_IDENT, /* an id */
    FIELD_PLACE, /* a village or an id, at most ID_MAX bytes */
    FIELD_LABEL, /* a code kept inside the record */
    FIELD_TEXT,
    FIELD_CODE,
    FIELD_INT,
    FIELD_BOOL,
    FIELD_DEGREES,
    FIELD_TIME,
    FIELD_DATE,
    FIELD_WORD,  /* enum, words in field.words */
    FIELD_KINDS, /* bit set of enum kind */
    FIELD_CODES, /* list of codes */
    FIELD_IDS,   /* list of ids */
    FIELD_TEXTS, /* list of names */
    FIELD_ROOMS,
    FIELD_RESERVES,
    FIELD_DECLINED,
    FIELD_EXTRAS,     /* all x_ columns of an applicant; the field is named "x_" */
    FIELD_OBJECTIVES, /* of a round */
    FIELD_TYPES
};

enum {
    FIELD_REQUIRED = 1,
    FIELD_KEY = 2,             /* the record's own id */
    FIELD_CSV = 4,             /* a column of the world's CSV */
    FIELD_JSON = 8,            /* in the JSON that clients read */
    FIELD_CLIENT = 16,         /* a client may send it */
    FIELD_DEFAULT_USABLE = 32, /* empty = beds_usable of the same row */
    FIELD_DERIVED =
        64, /* computed from the others (record_json.c): written, never read or stored */
    FIELD_OUTCOME = 128 /* of a round: clients read null until it has finished */
};

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    unsigned flags;
    const struct words *words; /* FIELD_WORD */
    /* INT: limits and default; DEGREES: limits in whole degrees; TEXT: max bytes; TIME, DATE, WORD:
     * default */
    int64_t min, max, fallback;
    const char *meaning; /* one line for docs and the API description */
};

struct field_table {
    enum record_type type;
    const char *file; /* "pools.csv"; NULL = no CSV */
    const struct field *fields;
    size_t n;
};

const struct field_table *fields_of(enum record_type type);
const struct field *fields_find(const struct field_table *table, const char *name, size_t len);

/* Where the field lives in the record. */
void *fields_at(const struct field *field, struct record *record);
const void *fields_at_const(const struct field *field, const struct record *record);
/* Frees what the field holds and sets its default (FIELD_DEFAULT_USABLE: the record's beds_usable).
 */
void fields_reset(const struct field *field, struct record *record);
void fields_clear(const struct field *field, struct record *record); /* frees; bytes become zero */
/* Deep copy over a field of `to` that holds nothing. */
void fields_copy(const struct field *field, struct record *to, const struct record *from);

/* One cell to one field: 0, or -1 with one issue at `pointer` (`err` may be NULL), and the field is
 * then at its default. An empty cell sets the default; an empty required one is an issue. Not for
 * FIELD_EXTRAS. */
int fields_from_text(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err);
/* One field as its cell ("" = empty), appended raw to `out`; fields_to_text gives it as a string of
 * its own. */
void fields_write(const struct field *field, const struct record *record, struct buffer *out);
char *fields_to_text(const struct field *field, const struct record *record);
/* A number of that field (FIELD_INT): 0, or -1 with one issue when it is out of its limits. */
int fields_from_int(const struct field *field, struct record *record, int64_t value,
                    const char *pointer, struct alm_error *err);
int fields_from_degrees(const struct field *field, struct record *record, double degrees,
                        const char *pointer, struct alm_error *err);
/* Is the number, moment or day at its "empty" value (no limit, not known)? */
int fields_is_empty(const struct field *field, const struct record *record);

/* fields_list.c: the types whose cell is a list "a;b;c" and whose JSON is the array ["a","b","c"]
 * of the same items: kinds, codes, ids, names, rooms ("2x4"), reserves ("tekun:2"), declined
 * ("P9@2025-03-01"). */
int fields_is_list(const struct field *field);
size_t fields_count(const struct field *field, const struct record *record);
void fields_write_item(const struct field *field, const struct record *record, size_t i,
                       struct buffer *out);
int fields_add_item(const struct field *field, struct record *record, const char *text, size_t len,
                    const char *pointer, struct alm_error *err);

/* One x_ column of an applicant, kept sorted by name; an empty text takes it out. 0, or -1 with an
 * issue. */
int fields_is_extra(const char *name, size_t len);
int fields_set_extra(struct applicant *applicant, const char *name, const char *text, size_t len,
                     const char *pointer, struct alm_error *err);

/* Rules inside one record that no single field can say (min_level <= max_level, at least one kind,
 * a service kind has no rooms, ids ending in an action's name ...); pointer_prefix is put before
 * the field name ("/" for JSON, "pools.csv:3: " for CSV). 0, or -1 with issues. */
int fields_check(const struct record *record, const char *pointer_prefix, struct alm_error *err);

/* record_json.c: JSON of one record.
 * from_json: closed schema: an unknown member, one that is not the client's to set (FIELD_CLIENT),
 * a wrong type or value is an issue with its pointer; all are collected. Lists are arrays of the
 * texts that stand between the semicolons of the cell; null is the default; true and 1 are the
 * same, 1 and 1.0 are not. `held`: the record as clients have read it, NULL = none: what is not
 * theirs to set, and an `etag`, may then be sent back as it was. is_patch (with a `held`): what is
 * not sent is kept, else it is the default. `id` not NULL: the id given by the path; a differing id
 * inside is an issue. Without an id anywhere the new record's id is "" and the caller gives one.
 * `person_json`: not NULL = a `person` object {name,id_number,phone,address} is allowed and comes
 * back as its JSON text (caller frees; NULL when absent). */
struct record *record_from_json(enum record_type type, const char *bytes, size_t len,
                                const struct record *held, int is_patch, const char *id,
                                char **person_json, struct alm_error *err);
/* What clients read (FIELD_JSON). Caller frees. */
char *record_to_json(const struct record *record);

/* What the store keeps: every field, defaults too, and decoding refuses what it does not know. */
char *record_encode(const struct record *record);
struct record *record_decode(enum record_type type, const char *bytes, size_t len, uint64_t version,
                             struct alm_error *err);

#endif
