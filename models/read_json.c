/* read_json.c - see read_json.h. */
#include "models/read_json.h"

#include "models/alloc.h"
#include "models/list.h"
#include "models/record.h"
#include "models/stamp.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *take(size_t size)
{
    return alloc_zero(size, 1);
}

void read_json_begin(void)
{
    json_set_alloc_funcs(take, free);
}

void read_json_init(struct read_json *at, struct alm_error *err)
{
    *at = (struct read_json){.err = err, .key = ""};
}

json_t *read_json_parse(const char *bytes, size_t len, struct read_json *at)
{
    json_error_t error;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        read_json_issue(at, "syntax", "not JSON: line %d, column %d: %s", error.line, error.column,
                        error.text);
    return root;
}

__attribute__((format(printf, 3, 0))) static void issue_put(struct read_json *at, const char *code,
                                                            const char *format, va_list args)
{
    char detail[400];
    vsnprintf(detail, sizeof detail, format, args);
    err_issue(at->err, at->pointer, code, "%s", detail);
    at->n_issues++;
}

void read_json_issue(struct read_json *at, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    issue_put(at, code, format, args);
    va_end(args);
}

void read_json_issue_at(struct read_json *at, const char *name, const char *code,
                        const char *format, ...)
{
    size_t mark = read_json_enter(at, name);
    va_list args;
    va_start(args, format);
    issue_put(at, code, format, args);
    va_end(args);
    read_json_leave(at, mark);
}

/* Appends one reference token: ~ and / are escaped (RFC 6901); what does not fit is cut off. */
size_t read_json_enter(struct read_json *at, const char *name)
{
    size_t mark = strlen(at->pointer);
    size_t len = mark;
    if (len + 1 < READ_JSON_POINTER)
        at->pointer[len++] = '/';
    for (const char *c = name; *c && len + 2 < READ_JSON_POINTER; c++) {
        int is_escaped = *c == '~' || *c == '/';
        if (is_escaped)
            at->pointer[len++] = '~';
        at->pointer[len++] = is_escaped ? (*c == '~' ? '0' : '1') : *c;
    }
    at->pointer[len] = '\0';
    return mark;
}

size_t read_json_enter_index(struct read_json *at, size_t index)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", index);
    return read_json_enter(at, text);
}

void read_json_leave(struct read_json *at, size_t mark)
{
    at->pointer[mark] = '\0';
}

int read_json_is_array(struct read_json *at, const json_t *value)
{
    if (!json_is_array(value))
        read_json_issue(at, "type", "must be an array");
    return json_is_array(value);
}

int read_json_is_object(struct read_json *at, const json_t *value)
{
    if (!json_is_object(value))
        read_json_issue(at, "type", "must be an object");
    return json_is_object(value);
}

static int member_fits(const struct read_json_member *member, const char *name)
{
    size_t len = strlen(member->name);
    if (len && member->name[len - 1] == '*')
        return strncmp(member->name, name, len - 1) == 0;
    return strcmp(member->name, name) == 0;
}

static const struct read_json_member *member_find(const struct read_json_member *members, size_t n,
                                                  const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (member_fits(&members[i], name))
            return &members[i];
    return NULL;
}

void read_json_members(struct read_json *at, const json_t *value,
                       const struct read_json_member *members, size_t n, void *target)
{
    if (!read_json_is_object(at, value))
        return;
    for (size_t i = 0; i < n; i++)
        if (members[i].is_required && !json_object_get(value, members[i].name))
            read_json_issue_at(at, members[i].name, "required", "is missing");
    /* jansson iterates over a non-const object, though it only reads */
    json_t *object = (json_t *)(uintptr_t)value;
    const char *name;
    json_t *inside;
    json_object_foreach(object, name, inside)
    {
        const struct read_json_member *member = member_find(members, n, name);
        size_t mark = read_json_enter(at, name);
        at->key = name;
        if (member)
            member->read(at, inside, member, (char *)target + member->offset);
        else
            read_json_issue(at, "unknown", "there is no such member here");
        read_json_leave(at, mark);
    }
}

void read_json_int(struct read_json *at, const json_t *value, const struct read_json_member *member,
                   void *place)
{
    if (!json_is_integer(value)) {
        read_json_issue(at, "type", "must be a whole number");
        return;
    }
    int64_t number = json_integer_value(value);
    if (number < member->min || number > member->max)
        read_json_issue(at, "range", "%" PRId64 " is not between %" PRId64 " and %" PRId64, number,
                        member->min, member->max);
    else
        *(int64_t *)place = number;
}

void read_json_bool(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place)
{
    (void)member;
    if (!json_is_boolean(value))
        read_json_issue(at, "type", "must be true or false");
    else
        *(int *)place = json_is_true(value);
}

void read_json_text(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place)
{
    char **text = place;
    if (!json_is_string(value)) {
        read_json_issue(at, "type", "must be a text");
        return;
    }
    size_t len = json_string_length(value);
    if ((int64_t)len < member->min || (int64_t)len > member->max) {
        read_json_issue(at, "range",
                        "must have %" PRId64 " to %" PRId64 " bytes of text, this has %zu",
                        member->min, member->max, len);
        return;
    }
    free(*text);
    *text = alloc_string_n(json_string_value(value), len);
}

void read_json_word(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place)
{
    if (!json_is_string(value)) {
        read_json_issue(at, "type", "must be a text");
        return;
    }
    const char *text = json_string_value(value);
    int found = words_find(member->words, text, json_string_length(value));
    if (found < 0) {
        char shown[ERR_SHOWN], *all = words_all(member->words);
        read_json_issue(at, "unknown_word", "\"%s\" is none of: %s",
                        err_shown(text, json_string_length(value), shown), all);
        free(all);
        return;
    }
    *(int *)place = found;
}

/* A text that `is_ok`, else NULL with an issue. */
static const char *short_text(struct read_json *at, const json_t *value,
                              int (*is_ok)(const char *, size_t), const char *must_be)
{
    const char *text = json_string_value(value);
    if (text && is_ok(text, json_string_length(value)))
        return text;
    read_json_issue(at, text ? "format" : "type", "must be %s", text ? must_be : "a text");
    return NULL;
}

/* Codes have letters of any script, ids have not. */
static const char *code_of(struct read_json *at, const json_t *value)
{
    return short_text(at, value, record_code_ok, "a code (1 to 64 letters, digits and . _ -)");
}

void read_json_id(struct read_json *at, const json_t *value, const struct read_json_member *member,
                  void *place)
{
    (void)member;
    const char *text =
        short_text(at, value, record_id_ok, "1 to 64 of the characters A-Z a-z 0-9 . _ : -");
    if (text)
        snprintf(place, ID_MAX + 1, "%s", text);
}

void read_json_code(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place)
{
    (void)member;
    const char *text = code_of(at, value);
    if (text)
        snprintf(place, ID_MAX + 1, "%s", text);
}

void read_json_time(struct read_json *at, const json_t *value,
                    const struct read_json_member *member, void *place)
{
    (void)member;
    const char *text = json_string_value(value);
    if (!text || stamp_parse(text, place) != 0)
        read_json_issue(at, "format", "must be a time such as 2025-03-01T00:00:00Z");
}

void read_json_codes(struct read_json *at, const json_t *value,
                     const struct read_json_member *member, void *place)
{
    (void)member;
    struct list *list = place;
    if (!read_json_is_array(at, value))
        return;
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        const char *text = code_of(at, json_array_get(value, i));
        if (text && list_has(list, text))
            read_json_issue(at, "duplicate", "\"%s\" is listed twice", text);
        else if (text)
            list_add(list, text, strlen(text));
        read_json_leave(at, mark);
    }
}

void read_json_later(struct read_json *at, const json_t *value,
                     const struct read_json_member *member, void *place)
{
    (void)at;
    (void)value;
    (void)member;
    (void)place;
}
