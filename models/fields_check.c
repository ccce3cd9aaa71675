/* fields_check.c - the rules inside one record that no single field can say. */
#include "models/fields.h"

#include <stdio.h>
#include <string.h>

/* The part after the last `:` of a path is an action (formats.md), so no id may end in one. */
static const char *const actions[] = {"accept", "decline", "withdraw",  "admit", "park",
                                      "unpark", "move",    "discharge", "leave", "return",
                                      "batch",  "erase",   "reopen"};

static int issue(const char *prefix, const char *field, const char *code, const char *detail,
                 struct alm_error *err)
{
    char pointer[256];
    snprintf(pointer, sizeof pointer, "%s%s", prefix, field);
    return err_issue(err, pointer, code, "%s", detail);
}

static const char *key_name(enum record_type type)
{
    const struct field_table *table = fields_of(type);
    size_t i = 0;
    while (!(table->fields[i].flags & FIELD_KEY))
        i++;
    return table->fields[i].name;
}

/* A row of distances is in no path, and its id ends in that of an institution, which has to be
 * there. */
static int check_id(const struct record *record, const char *prefix, struct alm_error *err)
{
    const char *colon = record->type == RECORD_TRAVEL ? NULL : strrchr(record->id, ':');
    for (size_t i = 0; colon && i < sizeof actions / sizeof *actions; i++)
        if (strcmp(colon + 1, actions[i]) == 0)
            return issue(prefix, key_name(record->type), "reserved",
                         "an id may not end in the name of an action, like :accept", err);
    return 0;
}

static int check_pool(const struct pool *pool, const char *prefix, struct alm_error *err)
{
    int result = 0;
    if (pool->min_level > pool->max_level)
        result = issue(prefix, "max_level", "range", "is less than min_level", err);
    if (pool->n_rooms && pool->kind >= KIND_SERVICE_FIRST)
        result = issue(prefix, "rooms", "conflict", "a service has no rooms", err);
    if (pool->n_rooms && pool->sex != SEX_RULE_ANY)
        result = issue(prefix, "rooms", "conflict", "rooms need sex = any", err);
    return result;
}

int fields_check(const struct record *record, const char *pointer_prefix, struct alm_error *err)
{
    int result = check_id(record, pointer_prefix, err);
    if (record->type == RECORD_POOL &&
        check_pool((const struct pool *)record, pointer_prefix, err) != 0)
        result = -1;
    return result;
}
