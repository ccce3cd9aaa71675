/* household.c - see household.h. */
#include "models/household.h"

#include "models/alloc.h"

#include <stdlib.h>
#include <string.h>

/* By household, then those who say `institution` before those who say `none`, then by id. */
static int member_order(const void *left, const void *right)
{
    const struct applicant *a = *(const struct applicant *const *)left;
    const struct applicant *b = *(const struct applicant *const *)right;
    int order = strcmp(a->household_id, b->household_id);
    if (order)
        return order;
    if (a->together != b->together)
        return a->together == TOGETHER_INSTITUTION ? -1 : 1;
    return strcmp(a->record.id, b->record.id);
}

/* All waiting people who name a household, in member_order. Caller frees. */
static const struct applicant **members_of(const struct region *region, size_t *n)
{
    const struct applicant **members = NULL;
    size_t room = 0;
    *n = 0;
    const struct record *record = region_first(region, RECORD_APPLICANT);
    for (; record; record = region_next(record)) {
        const struct applicant *applicant = (const struct applicant *)record;
        if (applicant->state != APPLICANT_WAITING || !applicant->household_id[0])
            continue;
        ALLOC_GROW(members, *n, room);
        members[(*n)++] = applicant;
    }
    if (*n)
        qsort(members, *n, sizeof *members, member_order);
    return members;
}

/* How many at the head of `members` share the first one's household. */
static size_t run_length(const struct applicant *const *members, size_t n)
{
    size_t len = 1;
    while (len < n && strcmp(members[len]->household_id, members[0]->household_id) == 0)
        len++;
    return len;
}

static size_t count_together(const struct applicant *const *members, size_t n)
{
    size_t together = 0;
    while (together < n && members[together]->together == TOGETHER_INSTITUTION)
        together++;
    return together;
}

static struct household household_make(const struct applicant *const *members, size_t n)
{
    size_t together = count_together(members, n);
    struct household household = {
        .id = members[0]->household_id, .n = together ? together : n, .is_together = together > 1};
    household.members = alloc_copy(members, household.n, sizeof(const struct applicant *));
    return household;
}

void households_init(struct households *households, const struct region *region)
{
    *households = (struct households){0};
    size_t n, room = 0;
    const struct applicant **members = members_of(region, &n);
    for (size_t i = 0, len; i < n; i += len) {
        len = run_length(members + i, n - i);
        ALLOC_GROW(households->list, households->n, room);
        households->list[households->n++] = household_make(members + i, len);
    }
    free(members);
}

void households_clear(struct households *households)
{
    for (size_t i = 0; i < households->n; i++)
        free(households->list[i].members);
    free(households->list);
    *households = (struct households){0};
}
