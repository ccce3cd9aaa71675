/* change_json.c - a change as one line of JSON: what a feed entry carries; see change.h.
 *
 * The records inside are as the store keeps them (record_encode). */
#include "models/change.h"

#include "models/alloc.h"
#include "models/fields.h"
#include "models/read_json.h"
#include "models/stamp.h"
#include "models/write_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void write_record(struct buffer *out, const struct record *record)
{
    char *encoded = record_encode(record);
    buffer_text(out, "{\"type\":");
    write_json_text(out, words_name(&words_record_type, (int)record->type));
    buffer_format(out, ",\"version\":%" PRIu64 ",\"record\":", record->version);
    buffer_text(out, encoded);
    buffer_text(out, "}");
    free(encoded);
}

char *change_to_json(const struct change *change)
{
    struct buffer out;
    char at[STAMP_TEXT];
    buffer_init(&out);
    buffer_text(&out, "{\"id\":");
    write_json_text(&out, change->id);
    buffer_text(&out, ",\"event\":");
    write_json_text(&out, words_name(&words_event, (int)change->event));
    buffer_text(&out, ",\"at\":");
    write_json_text(&out, stamp_format(change->at, at));
    buffer_text(&out, ",\"subject\":");
    write_json_text(&out, change->subject);
    buffer_text(&out, ",\"records\":[");
    for (size_t i = 0; i < change->n; i++) {
        buffer_text(&out, i ? "," : "");
        write_record(&out, change->items[i].record);
    }
    buffer_text(&out, "]}");
    return buffer_take(&out, NULL);
}

/* One element of `records`, before it is a record. */
struct packed {
    enum record_type type;
    int64_t version;
    char *json; /* of `record` */
};

static void read_packed_json(struct read_json *at, const json_t *value,
                             const struct read_json_member *member, void *place)
{
    (void)member;
    if (read_json_is_object(at, value))
        *(char **)place = json_dumps(value, JSON_COMPACT);
}

static const struct read_json_member packed_members[] = {
    {"type", read_json_word, offsetof(struct packed, type), 1, 0, 0, &words_record_type},
    {"version", read_json_int, offsetof(struct packed, version), 1, 1, INT64_MAX, NULL},
    {"record", read_packed_json, offsetof(struct packed, json), 1, 0, 0, NULL},
};

static void read_record(struct read_json *at, const json_t *value, struct change *change)
{
    struct packed packed = {.json = NULL};
    struct record *record = NULL;
    size_t before = at->n_issues;
    read_json_members(at, value, packed_members, sizeof packed_members / sizeof packed_members[0],
                      &packed);
    if (at->n_issues > before)
        goto out;
    struct alm_error inside;
    err_init(&inside);
    record = record_decode(packed.type, packed.json, strlen(packed.json), (uint64_t)packed.version,
                           &inside);
    if (!record)
        read_json_issue(at, "record", "%s", inside.message);
    err_clear(&inside);
    if (!record)
        goto out;
    ALLOC_GROW(change->items, change->n, change->room);
    change->items[change->n++] =
        (struct change_item){.expects = record->version - 1, .record = record};
out:
    free(packed.json);
}

static void read_records(struct read_json *at, const json_t *value,
                         const struct read_json_member *member, void *place)
{
    (void)member;
    if (!read_json_is_array(at, value))
        return;
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = read_json_enter_index(at, i);
        read_record(at, json_array_get(value, i), place);
        read_json_leave(at, mark);
    }
}

/* Into a char array of member->max + 1 bytes. */
static void read_chars(struct read_json *at, const json_t *value,
                       const struct read_json_member *member, void *place)
{
    char *text = NULL;
    read_json_text(at, value, member, &text);
    if (text)
        memcpy(place, text, strlen(text) + 1);
    free(text);
}

static const struct read_json_member change_members[] = {
    {"id", read_chars, offsetof(struct change, id), 1, 0, CHANGE_ID, NULL},
    {"event", read_json_word, offsetof(struct change, event), 1, 0, 0, &words_event},
    {"at", read_json_time, offsetof(struct change, at), 1, 0, 0, NULL},
    {"subject", read_chars, offsetof(struct change, subject), 1, 0, ID_MAX, NULL},
    {"records", read_records, 0, 1, 0, 0, NULL},
};

int change_from_json(const char *bytes, size_t len, struct change *change, struct alm_error *err)
{
    struct read_json at;
    read_json_init(&at, err);
    change_init(change);
    json_t *root = read_json_parse(bytes, len, &at);
    if (root)
        read_json_members(&at, root, change_members,
                          sizeof change_members / sizeof change_members[0], change);
    json_decref(root);
    if (at.n_issues)
        change_clear(change);
    return at.n_issues ? -1 : 0;
}
