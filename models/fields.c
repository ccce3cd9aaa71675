/* fields.c - the memory of fields: where one lives, its default, its copy, its end.
 *
 * Owns nothing. record.c, fields_text.c and record_json.c build on it, so that a field that is
 * added to fields_table.c is created, copied and freed everywhere. */
#include "models/fields.h"

#include "models/alloc.h"
#include "models/stamp.h"

#include <stdlib.h>
#include <string.h>

struct memory {
    void (*reset)(const struct field *field, void *at); /* `at` holds nothing */
    void (*clear)(void *at);
    void (*copy)(void *to, const void *from);
};

static void number_reset(const struct field *field, void *at)
{
    *(int64_t *)at = field->fallback;
}

static void number_clear(void *at)
{
    *(int64_t *)at = 0;
}

static void number_copy(void *to, const void *from)
{
    memcpy(to, from, sizeof(int64_t));
}

static void degrees_reset(const struct field *field, void *at)
{
    (void)field;
    *(double *)at = 0;
}

static void degrees_clear(void *at)
{
    *(double *)at = 0;
}

static void degrees_copy(void *to, const void *from)
{
    *(double *)to = *(const double *)from;
}

static void word_reset(const struct field *field, void *at)
{
    *(int *)at = (int)field->fallback;
}

static void word_clear(void *at)
{
    *(int *)at = 0;
}

static void word_copy(void *to, const void *from)
{
    *(int *)to = *(const int *)from;
}

static void ident_reset(const struct field *field, void *at)
{
    (void)field;
    memset(at, 0, ID_MAX + 1);
}

static void ident_clear(void *at)
{
    memset(at, 0, ID_MAX + 1);
}

static void ident_copy(void *to, const void *from)
{
    memcpy(to, from, ID_MAX + 1);
}

static void text_reset(const struct field *field, void *at)
{
    (void)field;
    *(char **)at = alloc_string("");
}

static void text_clear(void *at)
{
    char **text = at;
    free(*text);
    *text = NULL;
}

static void text_copy(void *to, const void *from)
{
    *(char **)to = alloc_string(*(char *const *)from);
}

static void empty_reset(const struct field *field, void *at)
{
    (void)field, (void)at; /* a cleared list is an empty one */
}

static void lists_clear(void *at)
{
    list_clear(at);
}

static void lists_copy(void *to, const void *from)
{
    list_copy(to, from);
}

/* The array types lie as a pointer and, beside it, a count: one shape per struct, so the whole
 * struct is found again from the member. */
#define HOLDER(type, member, at) ((struct type *)((char *)(at)-offsetof(struct type, member)))
#define CONST_HOLDER(type, member, at)                                                             \
    ((const struct type *)((const char *)(at)-offsetof(struct type, member)))

static void rooms_clear(void *at)
{
    struct pool *pool = HOLDER(pool, rooms, at);
    free(pool->rooms);
    pool->rooms = NULL;
    pool->n_rooms = 0;
}

static void rooms_copy(void *at, const void *from_at)
{
    struct pool *to = HOLDER(pool, rooms, at);
    const struct pool *from = CONST_HOLDER(pool, rooms, from_at);
    if (from->n_rooms)
        to->rooms = alloc_copy(from->rooms, from->n_rooms, sizeof *to->rooms);
    to->n_rooms = from->n_rooms;
}

static void reserves_clear(void *at)
{
    struct pool *pool = HOLDER(pool, reserved, at);
    for (size_t i = 0; i < pool->n_reserved; i++)
        free(pool->reserved[i].class_code);
    free(pool->reserved);
    pool->reserved = NULL;
    pool->n_reserved = 0;
}

static void reserves_copy(void *at, const void *from_at)
{
    struct pool *to = HOLDER(pool, reserved, at);
    const struct pool *from = CONST_HOLDER(pool, reserved, from_at);
    if (from->n_reserved)
        to->reserved = alloc_zero(from->n_reserved, sizeof *to->reserved);
    for (size_t i = 0; i < from->n_reserved; i++)
        to->reserved[i] = (struct reserve){.class_code = alloc_string(from->reserved[i].class_code),
                                           .beds = from->reserved[i].beds};
    to->n_reserved = from->n_reserved;
}

static void declined_clear(void *at)
{
    struct applicant *person = HOLDER(applicant, declined, at);
    free(person->declined);
    person->declined = NULL;
    person->n_declined = 0;
}

static void declined_copy(void *at, const void *from_at)
{
    struct applicant *to = HOLDER(applicant, declined, at);
    const struct applicant *from = CONST_HOLDER(applicant, declined, from_at);
    if (from->n_declined)
        to->declined = alloc_copy(from->declined, from->n_declined, sizeof *to->declined);
    to->n_declined = from->n_declined;
}

static void extras_clear(void *at)
{
    struct applicant *person = HOLDER(applicant, extras, at);
    for (size_t i = 0; i < person->n_extras; i++) {
        free(person->extras[i].name);
        free(person->extras[i].value);
    }
    free(person->extras);
    person->extras = NULL;
    person->n_extras = 0;
}

static void extras_copy(void *at, const void *from_at)
{
    struct applicant *to = HOLDER(applicant, extras, at);
    const struct applicant *from = CONST_HOLDER(applicant, extras, from_at);
    if (from->n_extras)
        to->extras = alloc_zero(from->n_extras, sizeof *to->extras);
    for (size_t i = 0; i < from->n_extras; i++)
        to->extras[i] = (struct extra){.name = alloc_string(from->extras[i].name),
                                       .value = alloc_string(from->extras[i].value)};
    to->n_extras = from->n_extras;
}

static void objectives_clear(void *at)
{
    struct round *round = HOLDER(round, objectives, at);
    memset(round->objectives, 0, sizeof round->objectives);
    round->n_objectives = 0;
}

static void objectives_copy(void *at, const void *from_at)
{
    struct round *to = HOLDER(round, objectives, at);
    const struct round *from = CONST_HOLDER(round, objectives, from_at);
    memcpy(to->objectives, from->objectives, sizeof to->objectives);
    to->n_objectives = from->n_objectives;
}

#define IDENT_MEMORY                                                                               \
    {                                                                                              \
        ident_reset, ident_clear, ident_copy                                                       \
    }
#define TEXT_MEMORY                                                                                \
    {                                                                                              \
        text_reset, text_clear, text_copy                                                          \
    }
#define NUMBER_MEMORY                                                                              \
    {                                                                                              \
        number_reset, number_clear, number_copy                                                    \
    }
#define WORD_MEMORY                                                                                \
    {                                                                                              \
        word_reset, word_clear, word_copy                                                          \
    }
#define LIST_MEMORY                                                                                \
    {                                                                                              \
        empty_reset, lists_clear, lists_copy                                                       \
    }

static const struct memory memory[FIELD_TYPES] = {
    [FIELD_IDENT] = IDENT_MEMORY,
    [FIELD_PLACE] = IDENT_MEMORY,
    [FIELD_LABEL] = IDENT_MEMORY,
    [FIELD_TEXT] = TEXT_MEMORY,
    [FIELD_CODE] = TEXT_MEMORY,
    [FIELD_INT] = NUMBER_MEMORY,
    [FIELD_BOOL] = NUMBER_MEMORY,
    [FIELD_TIME] = NUMBER_MEMORY,
    [FIELD_DATE] = NUMBER_MEMORY,
    [FIELD_DEGREES] = {degrees_reset, degrees_clear, degrees_copy},
    [FIELD_WORD] = WORD_MEMORY,
    [FIELD_KINDS] = WORD_MEMORY,
    [FIELD_CODES] = LIST_MEMORY,
    [FIELD_IDS] = LIST_MEMORY,
    [FIELD_TEXTS] = LIST_MEMORY,
    [FIELD_ROOMS] = {empty_reset, rooms_clear, rooms_copy},
    [FIELD_RESERVES] = {empty_reset, reserves_clear, reserves_copy},
    [FIELD_DECLINED] = {empty_reset, declined_clear, declined_copy},
    [FIELD_EXTRAS] = {empty_reset, extras_clear, extras_copy},
    [FIELD_OBJECTIVES] = {empty_reset, objectives_clear, objectives_copy},
};

void *fields_at(const struct field *field, struct record *record)
{
    return (char *)record + field->offset;
}

const void *fields_at_const(const struct field *field, const struct record *record)
{
    return (const char *)record + field->offset;
}

void fields_reset(const struct field *field, struct record *record)
{
    if (field->flags & FIELD_DERIVED)
        return;
    void *at = fields_at(field, record);
    memory[field->type].clear(at);
    memory[field->type].reset(field, at);
    if (field->flags & FIELD_DEFAULT_USABLE)
        *(int64_t *)at = ((struct pool *)record)->beds_usable;
}

void fields_clear(const struct field *field, struct record *record)
{
    if (!(field->flags & FIELD_DERIVED))
        memory[field->type].clear(fields_at(field, record));
}

void fields_copy(const struct field *field, struct record *to, const struct record *from)
{
    if (!(field->flags & FIELD_DERIVED))
        memory[field->type].copy(fields_at(field, to), fields_at_const(field, from));
}
