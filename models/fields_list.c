/* fields_list.c - the fields that hold several items: one item as text, read and written.
 *
 * The same item texts stand in a CSV cell (between semicolons) and in a JSON array. */
#include "models/fields.h"

#include "models/stamp.h"

#include <stdlib.h>
#include <string.h>

enum { ROOMS_MAX = 10000, ROOM_BEDS_MAX = 100, RESERVE_MAX = 1000000, CLASSES_MAX = 100 };

struct list_type {
    size_t (*count)(const struct field *field, const struct record *record);
    void (*write)(const struct field *field, const struct record *record, size_t i,
                  struct buffer *out);
    int (*add)(const struct field *field, struct record *record, const char *text, size_t len,
               const char *pointer, struct alm_error *err);
};

static int refuse(const char *text, size_t len, const char *what, const char *pointer,
                  struct alm_error *err)
{
    char shown[ERR_SHOWN];
    return err_issue(err, pointer, "type", "\"%s\" is not %s", err_shown(text, len, shown), what);
}

/* A number of digits alone, at most `max`; -1 when it is none. */
static int64_t read_count(const char *text, size_t len, int64_t max)
{
    int64_t value = 0;
    if (len == 0)
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
        if (value > max)
            return -1;
    }
    return value;
}

static size_t kinds_count(const struct field *field, const struct record *record)
{
    return (size_t)__builtin_popcount(*(const uint32_t *)fields_at_const(field, record));
}

static void kinds_write(const struct field *field, const struct record *record, size_t i,
                        struct buffer *out)
{
    uint32_t kinds = *(const uint32_t *)fields_at_const(field, record);
    while (i-- > 0)
        kinds &= kinds - 1;
    buffer_text(out, words_name(&words_kind, __builtin_ctz(kinds)));
}

static int kinds_add(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    int kind = words_find(&words_kind, text, len);
    char shown[ERR_SHOWN];
    if (kind < 0)
        return err_issue(err, pointer, "unknown", "\"%s\" is no kind of bed or service",
                         err_shown(text, len, shown));
    *(uint32_t *)fields_at(field, record) |= 1u << kind;
    return 0;
}

static size_t list_count(const struct field *field, const struct record *record)
{
    return ((const struct list *)fields_at_const(field, record))->n;
}

static void list_write(const struct field *field, const struct record *record, size_t i,
                       struct buffer *out)
{
    buffer_text(out, ((const struct list *)fields_at_const(field, record))->items[i]);
}

static int codes_add(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    if (!record_code_ok(text, len))
        return refuse(text, len, "a code (1 to 64 letters, digits and . _ -)", pointer, err);
    list_add(fields_at(field, record), text, len);
    return 0;
}

static int ids_add(const struct field *field, struct record *record, const char *text, size_t len,
                   const char *pointer, struct alm_error *err)
{
    if (!record_id_ok(text, len))
        return refuse(text, len, "an id (1 to 64 letters, digits and . _ : -)", pointer, err);
    list_add(fields_at(field, record), text, len);
    return 0;
}

static int names_add(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    int is_bad = len == 0 || len > RECORD_NAME_MAX || text[0] == ' ' || text[len - 1] == ' ';
    for (size_t i = 0; i < len && !is_bad; i++)
        is_bad = (unsigned char)text[i] < ' ' || text[i] == 0x7F || text[i] == ';';
    if (is_bad)
        return refuse(text, len, "a name (1 to 200 bytes, no semicolon or blank ends)", pointer,
                      err);
    list_add(fields_at(field, record), text, len);
    return 0;
}

static size_t rooms_count(const struct field *field, const struct record *record)
{
    (void)field;
    return ((const struct pool *)record)->n_rooms;
}

static void rooms_write(const struct field *field, const struct record *record, size_t i,
                        struct buffer *out)
{
    (void)field;
    const struct room_group *group = &((const struct pool *)record)->rooms[i];
    buffer_format(out, "%lldx%lld", (long long)group->rooms, (long long)group->beds);
}

static int rooms_add(const struct field *field, struct record *record, const char *text, size_t len,
                     const char *pointer, struct alm_error *err)
{
    (void)field;
    struct pool *pool = (struct pool *)record;
    const char *by = memchr(text, 'x', len);
    size_t before = by ? (size_t)(by - text) : 0;
    int64_t rooms = by ? read_count(text, before, ROOMS_MAX) : -1;
    int64_t beds = by ? read_count(by + 1, len - before - 1, ROOM_BEDS_MAX) : -1;
    if (rooms < 1 || beds < 1)
        return refuse(text, len, "a group of rooms like 2x4 (2 rooms of 4 beds)", pointer, err);
    pool->rooms = alloc_resize(pool->rooms, pool->n_rooms + 1, sizeof *pool->rooms);
    pool->rooms[pool->n_rooms++] = (struct room_group){.rooms = rooms, .beds = beds};
    return 0;
}

static size_t reserves_count(const struct field *field, const struct record *record)
{
    (void)field;
    return ((const struct pool *)record)->n_reserved;
}

static void reserves_write(const struct field *field, const struct record *record, size_t i,
                           struct buffer *out)
{
    (void)field;
    const struct reserve *reserve = &((const struct pool *)record)->reserved[i];
    buffer_format(out, "%s:%lld", reserve->class_code, (long long)reserve->beds);
}

static int is_reserved(const struct pool *pool, const char *text, size_t len)
{
    for (size_t i = 0; i < pool->n_reserved; i++)
        if (strlen(pool->reserved[i].class_code) == len &&
            memcmp(pool->reserved[i].class_code, text, len) == 0)
            return 1;
    return 0;
}

static int reserves_add(const struct field *field, struct record *record, const char *text,
                        size_t len, const char *pointer, struct alm_error *err)
{
    (void)field;
    struct pool *pool = (struct pool *)record;
    const char *colon = memchr(text, ':', len);
    size_t before = colon ? (size_t)(colon - text) : 0;
    int64_t beds = colon ? read_count(colon + 1, len - before - 1, RESERVE_MAX) : -1;
    if (beds < 0 || !record_code_ok(text, before))
        return refuse(text, len, "a class and a number of beds like tekun:2", pointer, err);
    char shown[ERR_SHOWN];
    if (pool->n_reserved == CLASSES_MAX)
        return err_issue(err, pointer, "range", "more than %d classes", CLASSES_MAX);
    if (is_reserved(pool, text, before))
        return err_issue(err, pointer, "duplicate", "class %s is listed twice",
                         err_shown(text, before, shown));
    pool->reserved = alloc_resize(pool->reserved, pool->n_reserved + 1, sizeof *pool->reserved);
    pool->reserved[pool->n_reserved++] =
        (struct reserve){.class_code = alloc_string_n(text, before), .beds = beds};
    return 0;
}

static size_t declined_count(const struct field *field, const struct record *record)
{
    (void)field;
    return ((const struct applicant *)record)->n_declined;
}

static void declined_write(const struct field *field, const struct record *record, size_t i,
                           struct buffer *out)
{
    (void)field;
    const struct declined *declined = &((const struct applicant *)record)->declined[i];
    char stamp[STAMP_TEXT];
    buffer_text(out, declined->pool_id);
    if (declined->at == STAMP_NONE)
        return;
    buffer_add(out, "@", 1);
    buffer_text(out, declined->at % STAMP_DAY_S ? stamp_format(declined->at, stamp)
                                                : stamp_format_date(declined->at, stamp));
}

static int declined_add(const struct field *field, struct record *record, const char *text,
                        size_t len, const char *pointer, struct alm_error *err)
{
    (void)field;
    struct applicant *applicant = (struct applicant *)record;
    struct declined declined = {.at = STAMP_NONE};
    const char *mark = memchr(text, '@', len);
    size_t before = mark ? (size_t)(mark - text) : len, rest = mark ? len - before - 1 : 0;
    char stamp[48] = "";
    if (rest < sizeof stamp)
        memcpy(stamp, text + len - rest, rest);
    if (!record_id_ok(text, before) ||
        (mark && (rest >= sizeof stamp || stamp_parse(stamp, &declined.at) != 0)))
        return refuse(text, len, "a pool id, or one with a date like P9@2025-03-01", pointer, err);
    memcpy(declined.pool_id, text, before);
    applicant->declined =
        alloc_resize(applicant->declined, applicant->n_declined + 1, sizeof *applicant->declined);
    applicant->declined[applicant->n_declined++] = declined;
    return 0;
}

static const struct list_type types[FIELD_TYPES] = {
    [FIELD_KINDS] = {kinds_count, kinds_write, kinds_add},
    [FIELD_CODES] = {list_count, list_write, codes_add},
    [FIELD_IDS] = {list_count, list_write, ids_add},
    [FIELD_TEXTS] = {list_count, list_write, names_add},
    [FIELD_ROOMS] = {rooms_count, rooms_write, rooms_add},
    [FIELD_RESERVES] = {reserves_count, reserves_write, reserves_add},
    [FIELD_DECLINED] = {declined_count, declined_write, declined_add},
};

int fields_is_list(const struct field *field)
{
    return types[field->type].count != NULL;
}

size_t fields_count(const struct field *field, const struct record *record)
{
    return types[field->type].count(field, record);
}

void fields_write_item(const struct field *field, const struct record *record, size_t i,
                       struct buffer *out)
{
    types[field->type].write(field, record, i, out);
}

int fields_add_item(const struct field *field, struct record *record, const char *text, size_t len,
                    const char *pointer, struct alm_error *err)
{
    return types[field->type].add(field, record, text, len, pointer, err);
}
