/* explanation.c - why this bed, or why none, over HTTP. What is said is of the newest round, as it
 * froze the world; what the office has changed in the application since is named, so that nobody
 * reads out an answer to yesterday's question. */
#include "api/handlers.h"

#include "api/call.h"
#include "models/alloc.h"
#include "models/fields.h"
#include "scheduler/rounds.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What rounds, offers and homes change, and the office does not. */
static const char *const not_told[] = {
    "state",        "closed_reason", "closed_at",    "erased_at",       "offer_id",
    "parked_until", "on_leave",      "current_pool", "current_reserve", "declined",
};

static json_t *columns_of(const struct applicant *applicant)
{
    char *text = record_to_json(&applicant->record);
    json_t *columns = json_loads(text, 0, NULL);
    for (size_t n = 0; n < sizeof not_told / sizeof *not_told; n++)
        json_object_del(columns, not_told[n]);
    free(text);
    return columns;
}

/* Adds to `names` the columns of `one` that `other` does not have alike, each once. */
static void add_names(json_t *one, const json_t *other, json_t *names, struct buffer *words)
{
    const char *name;
    json_t *value;
    json_object_foreach(one, name, value)
    {
        if (json_equal(value, json_object_get(other, name)))
            continue;
        buffer_format(words, "%s%s", words->len ? ", " : "", name);
        json_array_append_new(names, json_string(name));
    }
}

/* A column that only one of the two has is an x_ column, added or taken away. */
static json_t *names_of_changes(const struct applicant *then, const struct applicant *now,
                                struct buffer *words)
{
    json_t *names = json_array(), *before = columns_of(then), *after = columns_of(now);
    const char *name;
    json_t *value;
    add_names(after, before, names, words);
    json_object_foreach(after, name, value) json_object_del(before, name);
    add_names(before, after, names, words);
    json_decref(before);
    json_decref(after);
    return names;
}

/* The explanation with `changed_since` and a sentence about it, when there is anything to tell. */
static char *add_changes(char *explanation, const struct applicant *then,
                         const struct applicant *now)
{
    struct buffer words = {0}, sentence = {0};
    json_t *names = names_of_changes(then, now, &words);
    json_t *root = words.len ? json_loads(explanation, 0, NULL) : NULL;
    if (root) {
        buffer_format(&sentence,
                      "The application was changed after this round (%s): what is said here is "
                      "of the application as it was then, the next round will see the new one.",
                      words.bytes);
        json_object_set(root, "changed_since", names);
        json_array_insert_new(json_object_get(root, "sentences"), 0, json_string(sentence.bytes));
        free(explanation);
        explanation = json_dumps(root, JSON_INDENT(2));
    }
    json_decref(root);
    json_decref(names);
    buffer_clear(&words);
    buffer_clear(&sentence);
    return explanation;
}

void explanation_get(struct call *call)
{
    struct alm_error err;
    err_init(&err);
    char *json = rounds_explain(call->context->rounds, call->id, &err);
    const struct applicant *then = json ? rounds_seen(call->context->rounds, call->id) : NULL;
    const struct applicant *now = region_applicant(call_region(call), call->id);
    if (json && then && now)
        json = add_changes(json, then, now);
    if (json)
        call_json(call, 200, json, NULL);
    else
        call_fail(call, &err);
    err_clear(&err);
}
