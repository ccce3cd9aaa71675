/* fields_text.c - one field as the text of a cell, read and written.
 *
 * Lists are in fields_list.c. Numbers are read in the C locale (nobody here calls setlocale);
 * full-width digits, as input methods write them, count as digits. */
#include "models/fields.h"

#include "models/stamp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN_MAX = 48, EXTRAS_MAX = 200 };

struct text_type {
    int (*read)(const struct field *field, struct record *record, const char *text, size_t len,
                const char *pointer, struct alm_error *err);
    void (*write)(const struct field *field, const struct record *record, struct buffer *out);
};

/* U+FF0B..U+FF5A are the ASCII characters shifted by 0xFEE0. Length of the full-width character at
 * `text` and its plain form, 0 when there is none. */
static size_t narrow(const char *text, size_t left, char *plain)
{
    const unsigned char *c = (const unsigned char *)text;
    if (left < 3 || c[0] != 0xEF || (c[1] != 0xBC && c[1] != 0xBD))
        return 0;
    unsigned code = 0xF000u | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu);
    if (code < 0xFF0B || code > 0xFF5A)
        return 0;
    *plain = (char)(code - 0xFEE0);
    return 3;
}

/* The text with full-width characters made plain; -1 when it is longer than any number or date. */
static int make_plain(const char *text, size_t len, char plain[PLAIN_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        if (n == PLAIN_MAX - 1 || text[i] == '\0')
            return -1;
        size_t wide = narrow(text + i, len - i, &plain[n]);
        if (!wide)
            plain[n] = text[i];
        i += wide ? wide : 1;
        n++;
    }
    plain[n] = '\0';
    return 0;
}

static int refuse_type(const char *text, size_t len, const char *what, const char *pointer,
                       struct alm_error *err)
{
    char shown[ERR_SHOWN];
    return err_issue(err, pointer, "type", "\"%s\" is not %s", err_shown(text, len, shown), what);
}

/* 3.10101E+17: what a spreadsheet makes of a long number. */
static int is_damaged(const char *text, size_t len)
{
    size_t i = strspn(text, "0123456789.");
    return i > 0 && i + 2 < len && (text[i] == 'E' || text[i] == 'e') && text[i + 1] == '+' &&
           strspn(text + i + 2, "0123456789") == len - i - 2;
}

static int refuse_damaged(const char *text, size_t len, const char *pointer, struct alm_error *err)
{
    char shown[ERR_SHOWN];
    return err_issue(err, pointer, "type",
                     "a spreadsheet has turned this number into %s: its digits are lost, enter it "
                     "again as text",
                     err_shown(text, len, shown));
}

static int read_ident(const struct field *field, struct record *record, const char *text,
                      size_t len, const char *pointer, struct alm_error *err)
{
    char *at = fields_at(field, record);
    if (!record_id_ok(text, len)) {
        char copy[PLAIN_MAX];
        if (make_plain(text, len, copy) == 0 && is_damaged(copy, strlen(copy)))
            return refuse_damaged(text, len, pointer, err);
        return refuse_type(text, len, "an id (1 to 64 letters, digits and . _ : -)", pointer, err);
    }
    memcpy(at, text, len);
    at[len] = '\0';
    return 0;
}

static int has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < ' ' && !strchr("\t\r\n", text[i])) || text[i] == '\0' ||
            text[i] == 0x7F)
            return 1;
    return 0;
}

static int check_text(const char *text, size_t len, int64_t max, const char *pointer,
                      struct alm_error *err)
{
    if (len > (size_t)max)
        return err_issue(err, pointer, "range", "is longer than %lld bytes", (long long)max);
    if (has_control(text, len))
        return err_issue(err, pointer, "type", "holds a control character");
    return 0;
}

static int read_place(const struct field *field, struct record *record, const char *text,
                      size_t len, const char *pointer, struct alm_error *err)
{
    char *at = fields_at(field, record);
    if (check_text(text, len, ID_MAX, pointer, err) != 0)
        return -1;
    memcpy(at, text, len);
    at[len] = '\0';
    return 0;
}

static int refuse_code(const char *text, size_t len, const char *pointer, struct alm_error *err)
{
    return refuse_type(text, len, "a code (1 to 64 letters, digits and . _ -)", pointer, err);
}

static int read_label(const struct field *field, struct record *record, const char *text,
                      size_t len, const char *pointer, struct alm_error *err)
{
    char *at = fields_at(field, record);
    if (!record_code_ok(text, len))
        return refuse_code(text, len, pointer, err);
    memcpy(at, text, len);
    at[len] = '\0';
    return 0;
}

static int set_text(const struct field *field, struct record *record, const char *text, size_t len)
{
    char **at = fields_at(field, record);
    free(*at);
    *at = alloc_string_n(text, len);
    return 0;
}

static int read_text(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    if (check_text(text, len, field->max, pointer, err) != 0)
        return -1;
    return set_text(field, record, text, len);
}

static int read_code(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    if (!record_code_ok(text, len))
        return refuse_code(text, len, pointer, err);
    return set_text(field, record, text, len);
}

static int parse_int(const char *text, int64_t *value)
{
    char *end;
    size_t digits = strspn(text + (*text == '-'), "0123456789");
    if (digits == 0 || digits > 18 || text[(*text == '-') + digits])
        return -1;
    *value = strtoll(text, &end, 10);
    return 0;
}

int fields_from_int(const struct field *field, struct record *record, int64_t value,
                    const char *pointer, struct alm_error *err)
{
    if (value < field->min || value > field->max)
        return err_issue(err, pointer, "range", "%lld is not between %lld and %lld",
                         (long long)value, (long long)field->min, (long long)field->max);
    *(int64_t *)fields_at(field, record) = value;
    return 0;
}

static int read_int(const struct field *field, struct record *record, const char *text, size_t len,
                    const char *pointer, struct alm_error *err)
{
    char plain[PLAIN_MAX];
    int64_t value;
    int is_plain = make_plain(text, len, plain) == 0;
    if (is_plain && is_damaged(plain, strlen(plain)))
        return refuse_damaged(text, len, pointer, err);
    if (!is_plain || parse_int(plain, &value) != 0)
        return refuse_type(text, len,
                           "a whole number (digits alone: no plus sign, blank, comma or point)",
                           pointer, err);
    return fields_from_int(field, record, value, pointer, err);
}

static int read_bool(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    char plain[PLAIN_MAX];
    if (make_plain(text, len, plain) != 0 || (strcmp(plain, "0") != 0 && strcmp(plain, "1") != 0))
        return refuse_type(text, len, "0 or 1", pointer, err);
    *(int64_t *)fields_at(field, record) = plain[0] == '1';
    return 0;
}

int fields_from_degrees(const struct field *field, struct record *record, double degrees,
                        const char *pointer, struct alm_error *err)
{
    if (!isfinite(degrees) || degrees < (double)field->min || degrees > (double)field->max)
        return err_issue(err, pointer, "range", "%g is not between %lld and %lld degrees", degrees,
                         (long long)field->min, (long long)field->max);
    *(double *)fields_at(field, record) = degrees + 0.0; /* -0 becomes 0: one text per place */
    return 0;
}

static int read_degrees(const struct field *field, struct record *record, const char *text,
                        size_t len, const char *pointer, struct alm_error *err)
{
    char plain[PLAIN_MAX], *end = plain;
    double degrees = 0;
    /* the character set keeps strtod from blanks, signs, hex, inf and nan */
    if (make_plain(text, len, plain) == 0 && plain[strspn(plain, "0123456789.-eE+")] == '\0' &&
        plain[0] != '+')
        degrees = strtod(plain, &end);
    if (end == plain || *end)
        return refuse_type(text, len, "a number of degrees like 31.23", pointer, err);
    return fields_from_degrees(field, record, degrees, pointer, err);
}

static int read_time(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    char plain[PLAIN_MAX];
    if (make_plain(text, len, plain) != 0 || stamp_parse(plain, fields_at(field, record)) != 0)
        return refuse_type(text, len, "a date or time like 2025-03-01 or 2025-03-01T08:00:00+08:00",
                           pointer, err);
    return 0;
}

static int read_date(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    char plain[PLAIN_MAX];
    if (make_plain(text, len, plain) != 0 || stamp_parse_date(plain, fields_at(field, record)) != 0)
        return refuse_type(text, len, "a date like 1941-05-06", pointer, err);
    return 0;
}

static int read_word(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    int value = words_find(field->words, text, len);
    if (value < 0) {
        char shown[ERR_SHOWN], *all = words_all(field->words);
        err_issue(err, pointer, "unknown", "\"%s\" is none of: %s", err_shown(text, len, shown),
                  all);
        free(all);
        return -1;
    }
    *(int *)fields_at(field, record) = value;
    return 0;
}

static void write_chars(const struct field *field, const struct record *record, struct buffer *out)
{
    buffer_text(out, fields_at_const(field, record));
}

static void write_text(const struct field *field, const struct record *record, struct buffer *out)
{
    buffer_text(out, *(char *const *)fields_at_const(field, record));
}

static void write_int(const struct field *field, const struct record *record, struct buffer *out)
{
    if (!fields_is_empty(field, record))
        buffer_int(out, *(const int64_t *)fields_at_const(field, record));
}

/* Degrees of at most six decimals, as nearly all are: the text without printf, the same as that of
 * write_degrees. Six decimals and three figures before them are the double's 15-digit text as soon
 * as they read back as it. */
static int write_six_decimals(double value, struct buffer *out)
{
    double millionths = round(value * 1000000);
    if (fabs(value) < 0.001 || fabs(value) > 1000 || millionths / 1000000 != value)
        return 0;
    int64_t rest = (int64_t)fabs(millionths);
    if (value < 0)
        buffer_add(out, "-", 1);
    buffer_int(out, rest / 1000000);
    rest %= 1000000;
    if (!rest)
        return 1;
    char text[8] = ".";
    int len = 1;
    for (int unit = 100000; rest; rest %= unit, unit /= 10)
        text[len++] = (char)('0' + rest / unit);
    buffer_add(out, text, (size_t)len);
    return 1;
}

/* The shortest text that reads back as the same double: %.15g drops trailing zeros, so it is that
 * whenever 15 digits are enough. */
static void write_degrees(const struct field *field, const struct record *record,
                          struct buffer *out)
{
    char text[40];
    int len = 0;
    double value = *(const double *)fields_at_const(field, record);
    if (write_six_decimals(value, out))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        len = snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    buffer_add(out, text, (size_t)len);
}

static void write_time(const struct field *field, const struct record *record, struct buffer *out)
{
    char text[STAMP_TEXT];
    if (!fields_is_empty(field, record))
        buffer_text(out, stamp_format(*(const int64_t *)fields_at_const(field, record), text));
}

static void write_date(const struct field *field, const struct record *record, struct buffer *out)
{
    char text[STAMP_TEXT];
    if (!fields_is_empty(field, record))
        buffer_text(out, stamp_format_date(*(const int64_t *)fields_at_const(field, record), text));
}

static void write_word(const struct field *field, const struct record *record, struct buffer *out)
{
    buffer_text(out, words_name(field->words, *(const int *)fields_at_const(field, record)));
}

static const struct text_type types[FIELD_TYPES] = {
    [FIELD_IDENT] = {read_ident, write_chars}, [FIELD_PLACE] = {read_place, write_chars},
    [FIELD_LABEL] = {read_label, write_chars}, [FIELD_TEXT] = {read_text, write_text},
    [FIELD_CODE] = {read_code, write_text},    [FIELD_INT] = {read_int, write_int},
    [FIELD_BOOL] = {read_bool, write_int},     [FIELD_DEGREES] = {read_degrees, write_degrees},
    [FIELD_TIME] = {read_time, write_time},    [FIELD_DATE] = {read_date, write_date},
    [FIELD_WORD] = {read_word, write_word},
};

int fields_is_empty(const struct field *field, const struct record *record)
{
    if (field->type == FIELD_INT)
        return field->fallback == RECORD_NO_LIMIT &&
               *(const int64_t *)fields_at_const(field, record) == RECORD_NO_LIMIT;
    return (field->type == FIELD_TIME || field->type == FIELD_DATE) &&
           *(const int64_t *)fields_at_const(field, record) == STAMP_NONE;
}

/* Items lie between semicolons; blanks around one and empty ones do not count. */
static int read_list(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    const char *end = text + len;
    while (text < end) {
        const char *stop = memchr(text, ';', (size_t)(end - text));
        const char *next = stop ? stop + 1 : end;
        stop = stop ? stop : end;
        while (text < stop && *text == ' ')
            text++;
        while (stop > text && stop[-1] == ' ')
            stop--;
        if (stop > text &&
            fields_add_item(field, record, text, (size_t)(stop - text), pointer, err) != 0)
            return -1;
        text = next;
    }
    return 0;
}

int fields_from_text(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    fields_reset(field, record);
    if (len == 0)
        return field->flags & FIELD_REQUIRED ? err_issue(err, pointer, "required", "is empty") : 0;
    if (!fields_is_list(field))
        return types[field->type].read(field, record, text, len, pointer, err);
    if (read_list(field, record, text, len, pointer, err) != 0) {
        fields_reset(field, record);
        return -1;
    }
    if (field->flags & FIELD_REQUIRED && fields_count(field, record) == 0)
        return err_issue(err, pointer, "required", "is empty");
    return 0;
}

void fields_write(const struct field *field, const struct record *record, struct buffer *out)
{
    if (!fields_is_list(field)) {
        types[field->type].write(field, record, out);
        return;
    }
    size_t n = fields_count(field, record);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buffer_add(out, ";", 1);
        fields_write_item(field, record, i, out);
    }
}

char *fields_to_text(const struct field *field, const struct record *record)
{
    struct buffer out = {0};
    fields_write(field, record, &out);
    return buffer_take(&out, NULL);
}

int fields_is_extra(const char *name, size_t len)
{
    return len > 2 && strncmp(name, "x_", 2) == 0 && record_code_ok(name, len);
}

static void remove_extra(struct applicant *applicant, size_t i)
{
    free(applicant->extras[i].name);
    free(applicant->extras[i].value);
    memmove(applicant->extras + i, applicant->extras + i + 1,
            (--applicant->n_extras - i) * sizeof *applicant->extras);
}

static void insert_extra(struct applicant *applicant, size_t i, const char *name, const char *text,
                         size_t len)
{
    size_t n = applicant->n_extras++;
    applicant->extras = alloc_resize(applicant->extras, n + 1, sizeof *applicant->extras);
    memmove(applicant->extras + i + 1, applicant->extras + i, (n - i) * sizeof *applicant->extras);
    applicant->extras[i] =
        (struct extra){.name = alloc_string(name), .value = alloc_string_n(text, len)};
}

int fields_set_extra(struct applicant *applicant, const char *name, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    static const int64_t max = 200;
    if (check_text(text, len, max, pointer, err) != 0)
        return -1;
    size_t i = 0;
    while (i < applicant->n_extras && strcmp(applicant->extras[i].name, name) < 0)
        i++;
    if (i < applicant->n_extras && strcmp(applicant->extras[i].name, name) == 0)
        remove_extra(applicant, i);
    if (len && applicant->n_extras == EXTRAS_MAX)
        return err_issue(err, pointer, "range", "more than %d x_ columns", EXTRAS_MAX);
    if (len)
        insert_extra(applicant, i, name, text, len);
    return 0;
}
