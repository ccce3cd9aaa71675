/* record.c - see record.h. Creating, copying and freeing walk the field tables. */
#include "models/record.h"

#include "models/alloc.h"
#include "models/digest.h"
#include "models/fields.h"
#include "models/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t sizes[RECORD_TYPE_COUNT] = {
    [RECORD_POLICY] = sizeof(struct policy_record),
    [RECORD_INSTITUTION] = sizeof(struct institution),
    [RECORD_POOL] = sizeof(struct pool),
    [RECORD_APPLICANT] = sizeof(struct applicant),
    [RECORD_OFFER] = sizeof(struct offer),
    [RECORD_ROUND] = sizeof(struct round),
    [RECORD_TRAVEL] = sizeof(struct travel),
};

struct record *record_new(enum record_type type, const char *id)
{
    const struct field_table *table = fields_of(type);
    struct record *record = alloc_zero(1, sizes[type]);
    record->type = type;
    for (size_t i = 0; i < table->n; i++)
        fields_reset(&table->fields[i], record);
    snprintf(record->id, sizeof record->id, "%s", id);
    return record;
}

struct record *policy_record_take(char *json)
{
    struct policy_record *policy = (struct policy_record *)record_new(RECORD_POLICY, "current");
    free(policy->json);
    policy->json = json;
    return &policy->record;
}

void record_free(struct record *record)
{
    if (!record)
        return;
    const struct field_table *table = fields_of(record->type);
    for (size_t i = 0; i < table->n; i++)
        fields_clear(&table->fields[i], record);
    free(record);
}

struct record *record_copy(const struct record *record)
{
    const struct field_table *table = fields_of(record->type);
    struct record *copy = alloc_zero(1, sizes[record->type]);
    copy->type = record->type;
    copy->version = record->version;
    for (size_t i = 0; i < table->n; i++)
        fields_copy(&table->fields[i], copy, record);
    return copy;
}

static int is_word_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

int record_id_ok(const char *text, size_t len)
{
    if (len < 1 || len > ID_MAX)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (!is_word_byte((unsigned char)text[i]) && text[i] != ':')
            return 0;
    return 1;
}

/* Full-width punctuation (U+3000..U+303F, U+FF00..U+FFEF) separates words where people write it, so
 * it must not hide inside one; nor may blanks and marks that nobody sees (U+00A0, U+00AD,
 * U+2000..U+207F, U+FEFF), which come along when a word is copied from a page. */
static int is_no_letter(const char *text, size_t left)
{
    static const char *const begins[] = {"\xC2\xA0", "\xC2\xAD",    "\xE2\x80", "\xE2\x81",
                                         "\xE3\x80", "\xEF\xBC",    "\xEF\xBD", "\xEF\xBE",
                                         "\xEF\xBF", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strlen(begins[i]) <= left && memcmp(text, begins[i], strlen(begins[i])) == 0)
            return 1;
    return 0;
}

int record_code_ok(const char *text, size_t len)
{
    if (len < 1 || len > ID_MAX)
        return 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80 ? !is_word_byte(c) : is_no_letter(text + i, len - i))
            return 0;
    }
    return 1;
}

void travel_id(const char *from_id, const char *institution_id, char id[ID_MAX + 1])
{
    char both[2 * ID_MAX + 2];
    int len = snprintf(both, sizeof both, "%.*s>%.*s", ID_MAX, from_id, ID_MAX, institution_id);
    if (len <= ID_MAX)
        memcpy(id, both, (size_t)len + 1);
    else
        digest_hex(both, (size_t)len, id);
}

int record_has_id(const struct record *record)
{
    char id[ID_MAX + 1];
    const struct travel *travel = (const struct travel *)record;
    if (record->type != RECORD_TRAVEL)
        return record_id_ok(record->id, strlen(record->id));
    travel_id(travel->from_id, travel->institution_id, id);
    return travel->from_id[0] && travel->institution_id[0] && strcmp(record->id, id) == 0;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t pool_in_service(const struct pool *pool)
{
    return least(pool->beds_approved, least(pool->beds_usable, pool->beds_staffed));
}

enum round_state round_state(const struct round *round)
{
    return round->finished_at == STAMP_NONE ? ROUND_RUNNING : ROUND_FINISHED;
}

int64_t pool_slack(const struct pool *pool)
{
    return pool_in_service(pool) - pool->beds_occupied - pool->beds_committed;
}

int64_t pool_offerable(const struct pool *pool)
{
    int64_t slack = pool_slack(pool);
    return slack > 0 ? slack : 0;
}

int64_t applicant_rank(const struct applicant *applicant, const char *institution_id,
                       int64_t unlisted_rank)
{
    if (applicant->preferences.n == 0)
        return 0;
    size_t index = list_index(&applicant->preferences, institution_id);
    if (index == applicant->preferences.n)
        return unlisted_rank;
    return least((int64_t)index, unlisted_rank);
}

int applicant_has_declined(const struct applicant *applicant, const char *pool_id,
                           int64_t declined_days, int64_t now)
{
    for (size_t i = 0; i < applicant->n_declined; i++) {
        const struct declined *declined = &applicant->declined[i];
        if (strcmp(declined->pool_id, pool_id) != 0)
            continue;
        if (declined->at == STAMP_NONE || declined_days < 0 ||
            stamp_days(declined->at, now) < declined_days)
            return 1;
    }
    return 0;
}
