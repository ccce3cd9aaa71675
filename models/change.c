/* change.c - see change.h. */
#include "models/change.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_TEXT(name, word) word,
static const char *const event_list[] = {EVENTS(EVENT_TEXT)};
const struct words words_event = {event_list, EVENT_COUNT};

void change_init(struct change *change)
{
    *change = (struct change){0};
}

void change_clear(struct change *change)
{
    for (size_t i = 0; i < change->n; i++)
        record_free(change->items[i].record);
    free(change->items);
    free(change->person_json);
    change_init(change);
}

static struct record *change_held(const struct change *change, enum record_type type,
                                  const char *id)
{
    for (size_t i = 0; i < change->n; i++) {
        struct record *record = change->items[i].record;
        if (record->type == type && strcmp(record->id, id) == 0)
            return record;
    }
    return NULL;
}

/* Takes ownership of the record. */
static struct record *change_take(struct change *change, uint64_t expects, struct record *record)
{
    record->version = expects + 1;
    ALLOC_GROW(change->items, change->n, change->room);
    change->items[change->n++] = (struct change_item){.expects = expects, .record = record};
    return record;
}

struct record *change_edit(struct change *change, const struct record *old)
{
    struct record *held = change_held(change, old->type, old->id);
    return held ? held : change_take(change, old->version, record_copy(old));
}

struct record *change_create(struct change *change, enum record_type type, const char *id)
{
    struct record *held = change_held(change, type, id);
    return held ? held : change_take(change, 0, record_new(type, id));
}

struct record *change_add(struct change *change, const struct record *wanted)
{
    return change_take(change, 0, record_copy(wanted));
}

struct record *change_replace(struct change *change, const struct record *held,
                              const struct record *wanted)
{
    return change_take(change, held->version, record_copy(wanted));
}

const struct record *change_find(const struct change *change, enum record_type type, const char *id)
{
    return change_held(change, type, id);
}
