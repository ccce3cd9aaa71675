/* region.c - see region.h.
 *
 * Owns the trees of records and what is derived from them: the parsed policy, the index of
 * distances and the index of deadlines. These follow every record that goes in, in region_put_take,
 * which both loading and region_apply use; so they always agree with the records. */
#include "models/region.h"

#include "models/alloc.h"
#include "models/change.h"
#include "models/geo.h"
#include "models/lifecycle.h"
#include "models/policy.h"
#include "models/stamp.h"
#include "models/travel_index.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

RB_HEAD(record_tree, record);

/* A record for which something is to happen at a certain time. */
struct deadline {
    RB_ENTRY(deadline) link;
    int64_t at;
    const struct record *record;
};

RB_HEAD(deadline_tree, deadline);

struct region {
    struct record_tree *trees; /* one per record type */
    size_t counts[RECORD_TYPE_COUNT];
    struct policy *policy;
    struct travel_index travel;
    struct deadline_tree *deadlines;
};

static int record_order(const struct record *a, const struct record *b)
{
    return strcmp(a->id, b->id);
}

static int deadline_order(const struct deadline *a, const struct deadline *b)
{
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->record->type != b->record->type)
        return a->record->type < b->record->type ? -1 : 1;
    return strcmp(a->record->id, b->record->id);
}

/* not RB_GENERATE_STATIC: libbsd spells its attribute in a way that glibc does not know */
#define REGION_TREE_SCOPE __attribute__((unused)) static
RB_GENERATE_INTERNAL(record_tree, record, link, record_order, REGION_TREE_SCOPE)
RB_GENERATE_INTERNAL(deadline_tree, deadline, link, deadline_order, REGION_TREE_SCOPE)

struct region *region_new(void)
{
    struct region *region = alloc_zero(1, sizeof *region);
    region->trees = alloc_zero(RECORD_TYPE_COUNT, sizeof *region->trees);
    region->deadlines = alloc_zero(1, sizeof *region->deadlines);
    for (int type = 0; type < RECORD_TYPE_COUNT; type++)
        RB_INIT(&region->trees[type]);
    RB_INIT(region->deadlines);
    travel_index_init(&region->travel);
    return region;
}

static void tree_free(struct record_tree *tree)
{
    struct record *next;
    for (struct record *record = RB_MIN(record_tree, tree); record; record = next) {
        next = RB_NEXT(record_tree, tree, record);
        RB_REMOVE(record_tree, tree, record);
        record_free(record);
    }
}

static void deadlines_free(struct deadline_tree *tree)
{
    struct deadline *next;
    for (struct deadline *deadline = RB_MIN(deadline_tree, tree); deadline; deadline = next) {
        next = RB_NEXT(deadline_tree, tree, deadline);
        RB_REMOVE(deadline_tree, tree, deadline);
        free(deadline);
    }
}

void region_free(struct region *region)
{
    if (!region)
        return;
    deadlines_free(region->deadlines);
    travel_index_clear(&region->travel);
    policy_free(region->policy);
    for (int type = 0; type < RECORD_TYPE_COUNT; type++)
        tree_free(&region->trees[type]);
    free(region->deadlines);
    free(region->trees);
    free(region);
}

struct region *region_copy(const struct region *region)
{
    struct region *copy = region_new();
    for (int type = 0; type < RECORD_TYPE_COUNT; type++)
        for (const struct record *at = region_first(region, (enum record_type)type); at;
             at = region_next(at))
            region_put_take(copy, record_copy(at));
    return copy;
}

/* When somebody has to act on this offer, or STAMP_NONE. */
static int64_t offer_deadline(const struct offer *offer)
{
    if (offer->state == OFFER_SENT)
        return offer->answer_due;
    return offer->state == OFFER_ACCEPTED ? offer->admit_due : STAMP_NONE;
}

static int64_t record_deadline(const struct record *record)
{
    const struct applicant *applicant = (const struct applicant *)record;
    if (record->type == RECORD_OFFER)
        return offer_deadline((const struct offer *)record);
    if (record->type == RECORD_APPLICANT && applicant->state == APPLICANT_PARKED)
        return applicant->parked_until;
    return STAMP_NONE;
}

static void deadline_add(struct region *region, const struct record *record)
{
    int64_t at = record_deadline(record);
    if (at == STAMP_NONE)
        return;
    struct deadline *deadline = alloc_zero(1, sizeof *deadline);
    *deadline = (struct deadline){.at = at, .record = record};
    RB_INSERT(deadline_tree, region->deadlines, deadline);
}

static void deadline_remove(struct region *region, const struct record *record)
{
    struct deadline key = {.at = record_deadline(record), .record = record};
    struct deadline *deadline = RB_FIND(deadline_tree, region->deadlines, &key);
    if (!deadline)
        return;
    RB_REMOVE(deadline_tree, region->deadlines, deadline);
    free(deadline);
}

/* What is derived from a record, taken back before it goes and made after it came. */
static void region_forget(struct region *region, const struct record *record)
{
    deadline_remove(region, record);
    if (record->type == RECORD_TRAVEL)
        travel_index_remove(&region->travel, (const struct travel *)record);
}

static void region_note(struct region *region, const struct record *record)
{
    deadline_add(region, record);
    if (record->type == RECORD_TRAVEL)
        travel_index_put(&region->travel, (const struct travel *)record);
    if (record->type != RECORD_POLICY)
        return;
    const char *json = ((const struct policy_record *)record)->json;
    policy_free(region->policy);
    region->policy = policy_from_json(json, strlen(json), NULL);
}

static struct record *region_held(const struct region *region, enum record_type type,
                                  const char *id)
{
    struct record key;
    size_t len = strlen(id);
    if (len > ID_MAX)
        return NULL;
    memcpy(key.id, id, len + 1);
    return RB_FIND(record_tree, &region->trees[type], &key);
}

void region_put_take(struct region *region, struct record *record)
{
    struct record_tree *tree = &region->trees[record->type];
    struct record *held = RB_FIND(record_tree, tree, record);
    if (held) {
        region_forget(region, held);
        RB_REMOVE(record_tree, tree, held);
        record_free(held);
        region->counts[record->type]--;
    }
    RB_INSERT(record_tree, tree, record);
    region->counts[record->type]++;
    region_note(region, record);
}

const struct record *region_find(const struct region *region, enum record_type type, const char *id)
{
    return region_held(region, type, id);
}

const struct institution *region_institution(const struct region *region, const char *id)
{
    return (const struct institution *)region_find(region, RECORD_INSTITUTION, id);
}

const struct pool *region_pool(const struct region *region, const char *id)
{
    return (const struct pool *)region_find(region, RECORD_POOL, id);
}

const struct applicant *region_applicant(const struct region *region, const char *id)
{
    return (const struct applicant *)region_find(region, RECORD_APPLICANT, id);
}

const struct offer *region_offer(const struct region *region, const char *id)
{
    return (const struct offer *)region_find(region, RECORD_OFFER, id);
}

const struct round *region_round(const struct region *region, int64_t number)
{
    char id[ID_MAX + 1];
    snprintf(id, sizeof id, "%" PRId64, number);
    return (const struct round *)region_find(region, RECORD_ROUND, id);
}

const struct policy *region_policy(const struct region *region)
{
    return region->policy;
}

size_t region_count(const struct region *region, enum record_type type)
{
    return region->counts[type];
}

const struct record *region_first(const struct region *region, enum record_type type)
{
    return RB_MIN(record_tree, &region->trees[type]);
}

const struct record *region_next(const struct record *record)
{
    /* the macro of the tree wants a pointer that may be written to, though it only reads */
    struct record *from = (struct record *)(uintptr_t)record;
    return RB_NEXT(record_tree, NULL, from);
}

const struct record *region_after(const struct region *region, enum record_type type,
                                  const char *id)
{
    struct record key;
    snprintf(key.id, sizeof key.id, "%s", id);
    const struct record *found = RB_NFIND(record_tree, &region->trees[type], &key);
    return found && strcmp(found->id, id) <= 0 ? region_next(found) : found;
}

int64_t region_metres(const struct region *region, const struct applicant *applicant,
                      const struct institution *institution)
{
    const char *to = institution->record.id;
    const struct travel *row = travel_index_find(&region->travel, applicant->record.id, to);
    if (!row && applicant->village[0])
        row = travel_index_find(&region->travel, applicant->village, to);
    if (row)
        return row->metres;
    return geo_metres(applicant->lat, applicant->lon, institution->lat, institution->lon);
}

size_t region_apply(struct region *region, const struct change *change)
{
    size_t taken = 0;
    for (size_t i = 0; i < change->n; i++) {
        const struct record *record = change->items[i].record;
        const struct record *held = region_held(region, record->type, record->id);
        if (held && held->version >= record->version)
            continue;
        region_put_take(region, record_copy(record));
        taken++;
    }
    return taken;
}

size_t region_due(const struct region *region, int64_t now, const struct record **due, size_t max)
{
    size_t n = 0;
    struct deadline *deadline = RB_MIN(deadline_tree, region->deadlines);
    while (deadline && deadline->at <= now && n < max) {
        due[n++] = deadline->record;
        deadline = RB_NEXT(deadline_tree, region->deadlines, deadline);
    }
    return n;
}

int64_t region_next_deadline(const struct region *region)
{
    const struct deadline *first = RB_MIN(deadline_tree, region->deadlines);
    return first ? first->at : STAMP_NONE;
}
