/* record_json.c - one record as JSON: what clients send and read, and what the store keeps.
 *
 * Everything follows the field tables: a list is an array of the items that its cell would hold, a
 * number a number, the rest a string; null is the default. Personal data passes through beside the
 * record. */
#include "models/fields.h"

#include "models/read_json.h"
#include "models/write_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is allowed for the reader: all fields of a stored record, or those that a client may send.
 */
struct reader {
    struct read_json at;
    const struct field_table *table;
    struct record *record;
    const struct record *held; /* what clients have read of it; NULL = there was none */
    unsigned allowed;          /* FIELD_CLIENT, or 0 = everything that is stored */
    int is_patch;              /* what is not sent is kept */
};

static void read_items(struct reader *reader, const struct field *field, const json_t *value)
{
    fields_reset(field, reader->record);
    if (!read_json_is_array(&reader->at, value))
        return;
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        size_t mark = read_json_enter_index(&reader->at, i);
        if (!json_is_string(item))
            read_json_issue(&reader->at, "type", "must be a text");
        else if (fields_add_item(field, reader->record, json_string_value(item),
                                 json_string_length(item), reader->at.pointer, reader->at.err) != 0)
            reader->at.n_issues++;
        read_json_leave(&reader->at, mark);
    }
    if (field->flags & FIELD_REQUIRED && json_array_size(value) == 0)
        read_json_issue(&reader->at, "required", "is empty");
}

static void read_int(struct reader *reader, const struct field *field, const json_t *value)
{
    if (!json_is_integer(value))
        read_json_issue(&reader->at, "type", "must be a whole number");
    else if (fields_from_int(field, reader->record, json_integer_value(value), reader->at.pointer,
                             reader->at.err) != 0)
        reader->at.n_issues++;
}

/* true and false, and the 1 and 0 of the CSV column. */
static void read_bool(struct reader *reader, const struct field *field, const json_t *value)
{
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : json_is_true(value);
    if ((!json_is_boolean(value) && !json_is_integer(value)) || number < 0 || number > 1)
        read_json_issue(&reader->at, "type", "must be true or false");
    else
        *(int64_t *)fields_at(field, reader->record) = number;
}

static void read_degrees(struct reader *reader, const struct field *field, const json_t *value)
{
    if (!json_is_number(value))
        read_json_issue(&reader->at, "type", "must be a number of degrees");
    else if (fields_from_degrees(field, reader->record, json_number_value(value),
                                 reader->at.pointer, reader->at.err) != 0)
        reader->at.n_issues++;
}

static void read_string(struct reader *reader, const struct field *field, const json_t *value)
{
    if (!json_is_string(value))
        read_json_issue(&reader->at, "type", "must be a text");
    else if (fields_from_text(field, reader->record, json_string_value(value),
                              json_string_length(value), reader->at.pointer, reader->at.err) != 0)
        reader->at.n_issues++;
}

static void read_objective(struct read_json *at, const json_t *value,
                           const struct read_json_member *member, void *place)
{
    static const struct read_json_member members[] = {
        {"name", read_json_word, offsetof(struct objective_value, objective), 1, 0, 0,
         &words_objective},
        {"value", read_json_int, offsetof(struct objective_value, value), 1, INT64_MIN, INT64_MAX,
         NULL},
        {"bound", read_json_int, offsetof(struct objective_value, bound), 1, INT64_MIN, INT64_MAX,
         NULL},
    };
    (void)member;
    read_json_members(at, value, members, sizeof members / sizeof *members, place);
}

static void read_objectives(struct reader *reader, const struct field *field, const json_t *value)
{
    struct round *round = (struct round *)reader->record;
    fields_reset(field, reader->record);
    if (!read_json_is_array(&reader->at, value))
        return;
    if (json_array_size(value) > OBJECTIVE_COUNT) {
        read_json_issue(&reader->at, "range", "has more objectives than there are");
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(&reader->at, i);
        read_objective(&reader->at, json_array_get(value, i), NULL, &round->objectives[i]);
        read_json_leave(&reader->at, mark);
    }
    round->n_objectives = json_array_size(value);
}

typedef void (*read_fn)(struct reader *reader, const struct field *field, const json_t *value);

/* Every type that is not named here is a string. */
static const read_fn readers[FIELD_TYPES] = {
    [FIELD_INT] = read_int,         [FIELD_BOOL] = read_bool,
    [FIELD_DEGREES] = read_degrees, [FIELD_OBJECTIVES] = read_objectives,
    [FIELD_KINDS] = read_items,     [FIELD_CODES] = read_items,
    [FIELD_IDS] = read_items,       [FIELD_TEXTS] = read_items,
    [FIELD_ROOMS] = read_items,     [FIELD_RESERVES] = read_items,
    [FIELD_DECLINED] = read_items,
};

static int is_allowed(const struct reader *reader, const struct field *field)
{
    return !(field->flags & FIELD_DERIVED) && field->type != FIELD_EXTRAS &&
           (field->flags & reader->allowed) == reader->allowed;
}

static void read_member(struct reader *reader, const struct field *field, const json_t *value)
{
    size_t mark = read_json_enter(&reader->at, field->name);
    read_fn read = readers[field->type] ? readers[field->type] : read_string;
    if (!json_is_null(value))
        read(reader, field, value);
    else if (field->flags & FIELD_REQUIRED)
        read_json_issue(&reader->at, "required", "must not be null");
    else
        fields_reset(field, reader->record);
    read_json_leave(&reader->at, mark);
}

/* Fields in the order of the table: a default may look at a field before it (beds_usable). */
static void read_fields(struct reader *reader, const json_t *root)
{
    for (size_t i = 0; i < reader->table->n; i++) {
        const struct field *field = &reader->table->fields[i];
        const json_t *value = is_allowed(reader, field) ? json_object_get(root, field->name) : NULL;
        if (field->flags & FIELD_KEY)
            continue;
        if (value)
            read_member(reader, field, value);
        else if (!reader->is_patch && field->flags & FIELD_REQUIRED)
            read_json_issue_at(&reader->at, field->name, "required", "is missing");
        else if (!reader->is_patch)
            fields_reset(field, reader->record);
    }
}

static void read_extra(struct reader *reader, const char *name, const json_t *value)
{
    size_t mark = read_json_enter(&reader->at, name);
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    if (!json_is_string(value) && !json_is_null(value))
        read_json_issue(&reader->at, "type", "must be a text");
    else if (fields_set_extra((struct applicant *)reader->record, name, text, strlen(text),
                              reader->at.pointer, reader->at.err) != 0)
        reader->at.n_issues++;
    read_json_leave(&reader->at, mark);
}

static void write_derived(const struct record *record, struct buffer *out)
{
    if (record->type == RECORD_ROUND)
        write_json_text(
            out, words_name(&words_round_state, (int)round_state((const struct round *)record)));
    else
        write_json_int(out, pool_offerable((const struct pool *)record));
}

static void write_value(const struct field *field, const struct record *record, struct buffer *out);

/* A field that is not the client's to set: sent as it was read it changes nothing. */
static void read_kept(struct reader *reader, const struct field *field, const json_t *value)
{
    struct buffer held = {0};
    if (!reader->held || !(field->flags & FIELD_JSON)) {
        read_json_issue_at(&reader->at, field->name, "read_only", "is not yours to set");
        return;
    }
    write_value(field, reader->held, &held);
    json_t *read = json_loadb(held.bytes, held.len, JSON_DECODE_ANY, NULL);
    if (!json_equal(read, value))
        read_json_issue_at(&reader->at, field->name, "read_only",
                           "is not yours to set: leave it out, or send it as it is (%s)",
                           held.bytes);
    json_decref(read);
    buffer_clear(&held);
}

/* Items of a list bring their version along. */
static void read_etag(struct reader *reader, const json_t *value)
{
    char held[32];
    const char *sent = json_is_string(value) ? json_string_value(value) : "";
    snprintf(held, sizeof held, "\"%" PRIu64 "\"", reader->held->version);
    if (strcmp(sent, held) != 0)
        read_json_issue_at(&reader->at, "etag", "read_only",
                           "the record is at version %s by now: read it again, or leave it out",
                           held);
}

/* Members that are no field of the table: extras, and everything that is refused. */
static void read_rest(struct reader *reader, const json_t *root, int has_person)
{
    json_t *object = (json_t *)(uintptr_t)root; /* only walked; jansson's iterator is not const */
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        char shown[ERR_SHOWN];
        size_t len = strlen(name);
        const struct field *field = fields_find(reader->table, name, len);
        if (field && field->type != FIELD_EXTRAS && is_allowed(reader, field))
            continue;
        if (has_person && strcmp(name, "person") == 0)
            continue;
        if (reader->record->type == RECORD_APPLICANT && fields_is_extra(name, len))
            read_extra(reader, name, value);
        else if (reader->held && strcmp(name, "etag") == 0)
            read_etag(reader, value);
        else if (field && field->type != FIELD_EXTRAS)
            read_kept(reader, field, value);
        else
            read_json_issue_at(&reader->at, err_shown(name, len, shown), "unknown",
                               "there is no such field");
    }
}

/* The record's own id: given inside, by the caller, or both alike. */
static void read_key(struct reader *reader, const json_t *root, const char *id)
{
    const struct field *key = reader->table->fields;
    const json_t *value = is_allowed(reader, key) ? json_object_get(root, key->name) : NULL;
    if (value && !json_is_null(value)) {
        read_member(reader, key, value);
        if (id && json_is_string(value) && strcmp(json_string_value(value), id) != 0)
            read_json_issue_at(&reader->at, key->name, "conflict", "is not the id of the address");
    }
    if (id)
        snprintf(reader->record->id, sizeof reader->record->id, "%s", id);
}

static json_t *parse_object(struct read_json *at, const char *bytes, size_t len)
{
    json_t *root = read_json_parse(bytes, len, at);
    if (root && read_json_is_object(at, root))
        return root;
    json_decref(root);
    return NULL;
}

enum { PERSON_TEXT_MAX = 500 };

static void check_person_text(struct read_json *at, const char *name, const json_t *value)
{
    size_t mark = read_json_enter(at, name);
    const char *text = json_is_string(value) ? json_string_value(value) : NULL;
    if (!text && !json_is_null(value))
        read_json_issue(at, "type", "must be a text");
    if (text && strlen(text) > PERSON_TEXT_MAX)
        read_json_issue(at, "range", "is longer than %d bytes", PERSON_TEXT_MAX);
    if (text && strcmp(name, "id_number") == 0 && strstr(text, "E+"))
        read_json_issue(at, "type", "a spreadsheet has shortened this number: enter it as text");
    read_json_leave(at, mark);
}

/* Personal data is not kept here: it is checked and handed on as text. No message repeats any of
 * it. */
static char *read_person(struct read_json *at, json_t *person)
{
    static const char *const names[] = {"name", "id_number", "phone", "address"};
    size_t before = at->n_issues, mark = read_json_enter(at, "person");
    if (read_json_is_object(at, person)) {
        const char *name;
        json_t *value;
        json_object_foreach(person, name, value)
        {
            char shown[ERR_SHOWN];
            size_t i = 0;
            while (i < sizeof names / sizeof *names && strcmp(names[i], name) != 0)
                i++;
            if (i < sizeof names / sizeof *names)
                check_person_text(at, name, value);
            else
                read_json_issue_at(at, err_shown(name, strlen(name), shown), "unknown",
                                   "there is no such field");
        }
    }
    read_json_leave(at, mark);
    return at->n_issues == before ? json_dumps(person, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
}

static void read_record(struct reader *reader, const json_t *root, const char *id, int has_person)
{
    read_key(reader, root, id);
    read_fields(reader, root);
    read_rest(reader, root, has_person);
    if (reader->record->type == RECORD_TRAVEL && reader->allowed) {
        const struct travel *travel = (const struct travel *)reader->record;
        travel_id(travel->from_id, travel->institution_id, reader->record->id);
    }
    if (reader->at.n_issues == 0 && fields_check(reader->record, "/", reader->at.err) != 0)
        reader->at.n_issues++;
}

struct record *record_from_json(enum record_type type, const char *bytes, size_t len,
                                const struct record *held, int is_patch, const char *id,
                                char **person_json, struct alm_error *err)
{
    struct reader reader = {
        .table = fields_of(type), .held = held, .allowed = FIELD_CLIENT, .is_patch = is_patch};
    read_json_init(&reader.at, err);
    char *person = NULL;
    json_t *root = parse_object(&reader.at, bytes, len);
    if (person_json)
        *person_json = NULL;
    if (!root)
        return NULL;
    reader.record = is_patch ? record_copy(held) : record_new(type, "");
    read_record(&reader, root, held && !id ? held->id : id, person_json != NULL);
    json_t *person_value = person_json ? json_object_get(root, "person") : NULL;
    if (person_value)
        person = read_person(&reader.at, person_value);
    json_decref(root);
    if (reader.at.n_issues) {
        free(person);
        record_free(reader.record);
        return NULL;
    }
    if (person_json)
        *person_json = person;
    return reader.record;
}

struct record *record_decode(enum record_type type, const char *bytes, size_t len, uint64_t version,
                             struct alm_error *err)
{
    struct reader reader = {.table = fields_of(type)};
    read_json_init(&reader.at, err);
    json_t *root = parse_object(&reader.at, bytes, len);
    if (!root)
        return NULL;
    reader.record = record_new(type, "");
    reader.record->version = version;
    read_record(&reader, root, NULL, 0);
    if (reader.at.n_issues == 0 && reader.record->id[0] == '\0')
        read_json_issue_at(&reader.at, reader.table->fields[0].name, "required", "is missing");
    json_decref(root);
    if (reader.at.n_issues == 0)
        return reader.record;
    record_free(reader.record);
    return NULL;
}

static void write_items(const struct field *field, const struct record *record, struct buffer *out)
{
    struct buffer item = {0};
    size_t n = fields_count(field, record);
    buffer_text(out, "[");
    for (size_t i = 0; i < n; i++) {
        item.len = 0;
        fields_write_item(field, record, i, &item);
        buffer_text(out, i ? ", " : "");
        write_json_text(out, item.bytes);
    }
    buffer_text(out, "]");
    buffer_clear(&item);
}

static void write_objectives(const struct round *round, struct buffer *out)
{
    buffer_text(out, "[");
    for (size_t i = 0; i < round->n_objectives; i++) {
        const struct objective_value *value = &round->objectives[i];
        buffer_text(out, i ? ", {" : "{");
        write_json_name(out, "name");
        write_json_text(out, words_name(&words_objective, (int)value->objective));
        buffer_format(out, ", \"value\": %lld, \"bound\": %lld}", (long long)value->value,
                      (long long)value->bound);
    }
    buffer_text(out, "]");
}

static void write_string(const struct field *field, const struct record *record, struct buffer *out)
{
    struct buffer text = {0};
    buffer_text(&text, "");
    fields_write(field, record, &text);
    write_json_text(out, text.bytes);
    buffer_clear(&text);
}

static void write_bool(const struct field *field, const struct record *record, struct buffer *out)
{
    buffer_text(out, *(const int64_t *)fields_at_const(field, record) ? "true" : "false");
}

typedef void (*write_fn)(const struct field *field, const struct record *record,
                         struct buffer *out);

/* Numbers and degrees are written as in a cell; every type that is not named here is a string. */
static const write_fn writers[FIELD_TYPES] = {
    [FIELD_INT] = fields_write,     [FIELD_BOOL] = write_bool,   [FIELD_DEGREES] = fields_write,
    [FIELD_KINDS] = write_items,    [FIELD_CODES] = write_items, [FIELD_IDS] = write_items,
    [FIELD_TEXTS] = write_items,    [FIELD_ROOMS] = write_items, [FIELD_RESERVES] = write_items,
    [FIELD_DECLINED] = write_items,
};

static void write_value(const struct field *field, const struct record *record, struct buffer *out)
{
    write_fn write = writers[field->type] ? writers[field->type] : write_string;
    if (field->flags & FIELD_DERIVED)
        write_derived(record, out);
    else if (field->type == FIELD_OBJECTIVES)
        write_objectives((const struct round *)record, out);
    else if (fields_is_empty(field, record))
        buffer_text(out, "null");
    else
        write(field, record, out);
}

static void write_extras(const struct applicant *applicant, struct buffer *out)
{
    for (size_t i = 0; i < applicant->n_extras; i++) {
        buffer_text(out, ", ");
        write_json_name(out, applicant->extras[i].name);
        write_json_text(out, applicant->extras[i].value);
    }
}

/* Of a round that runs nothing is known yet: its zeros are no answer. */
static int is_awaited(const struct field *field, const struct record *record)
{
    return field->flags & FIELD_OUTCOME &&
           round_state((const struct round *)record) == ROUND_RUNNING;
}

/* Fields with all of `wanted` and none of `unwanted`, in the order of the table. */
static char *write_record(const struct record *record, unsigned wanted, unsigned unwanted)
{
    const struct field_table *table = fields_of(record->type);
    struct buffer out = {0};
    size_t n = 0;
    buffer_text(&out, "{");
    for (size_t i = 0; i < table->n; i++) {
        const struct field *field = &table->fields[i];
        if ((field->flags & wanted) != wanted || field->flags & unwanted)
            continue;
        if (field->type == FIELD_EXTRAS) {
            write_extras((const struct applicant *)record, &out);
            continue;
        }
        buffer_text(&out, n++ ? ", " : "");
        write_json_name(&out, field->name);
        if (wanted & FIELD_JSON && is_awaited(field, record))
            buffer_text(&out, "null");
        else
            write_value(field, record, &out);
    }
    buffer_text(&out, "}");
    return buffer_take(&out, NULL);
}

char *record_to_json(const struct record *record)
{
    return write_record(record, FIELD_JSON, 0);
}

char *record_encode(const struct record *record)
{
    return write_record(record, 0, FIELD_DERIVED);
}
