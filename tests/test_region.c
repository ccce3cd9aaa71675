/* test_region.c - models/region.c, region_check.c and travel_index.c: order, distances, changes,
 * deadlines, and the rules between records. Derived indexes are held against a scan of everything.
 */
#include "tests/check.h"

#include "models/alloc.h"
#include "models/change.h"
#include "models/geo.h"
#include "models/lifecycle.h"
#include "models/policy.h"
#include "models/region.h"
#include "models/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct record *put(struct region *region, enum record_type type, const char *id)
{
    struct record *record = record_new(type, id);
    record->version = 1;
    region_put_take(region, record);
    return record;
}

static void put_travel(struct region *region, const char *from, const char *to, int64_t metres)
{
    char id[ID_MAX + 1];
    travel_id(from, to, id);
    struct travel *row = (struct travel *)record_new(RECORD_TRAVEL, id);
    snprintf(row->from_id, sizeof row->from_id, "%s", from);
    snprintf(row->institution_id, sizeof row->institution_id, "%s", to);
    row->metres = metres;
    region_put_take(region, &row->record);
}

static void set_text(char **text, const char *value)
{
    free(*text);
    *text = alloc_string(value);
}

static void test_order(void)
{
    struct region *region = region_new();
    uint64_t seed = 5;
    char id[ID_MAX + 1];
    for (int i = 0; i < 2000; i++) {
        snprintf(id, sizeof id, "A%d", (int)check_roll(&seed, 700));
        put(region, RECORD_APPLICANT, id);
    }
    put(region, RECORD_POOL, "P1");
    size_t n = 0;
    const char *before = "";
    const struct record *record = region_first(region, RECORD_APPLICANT);
    for (; record; record = region_next(record)) {
        CU_ASSERT(strcmp(before, record->id) < 0);
        CU_ASSERT_PTR_EQUAL(region_after(region, RECORD_APPLICANT, before), record);
        CU_ASSERT_PTR_EQUAL(region_find(region, RECORD_APPLICANT, record->id), record);
        before = record->id;
        n++;
    }
    CU_ASSERT_EQUAL(n, region_count(region, RECORD_APPLICANT));
    CU_ASSERT_EQUAL(region_count(region, RECORD_POOL), 1);
    CU_ASSERT_PTR_NULL(region_after(region, RECORD_APPLICANT, before));
    CU_ASSERT_PTR_NULL(region_find(region, RECORD_APPLICANT, "P1"));
    CU_ASSERT_PTR_NULL(region_first(region, RECORD_OFFER));
    region_free(region);
    region_free(NULL);
}

static void test_long_ids(void)
{
    struct region *region = region_new();
    char id[ID_MAX + 2];
    memset(id, 'a', sizeof id);
    id[ID_MAX + 1] = '\0';
    CU_ASSERT_PTR_NULL(region_applicant(region, id));
    id[ID_MAX] = '\0';
    put(region, RECORD_APPLICANT, id);
    CU_ASSERT_PTR_NOT_NULL(region_applicant(region, id));
    CU_ASSERT_PTR_NULL(region_after(region, RECORD_APPLICANT, id));
    put(region, RECORD_ROUND, "12");
    CU_ASSERT_PTR_NOT_NULL(region_round(region, 12));
    CU_ASSERT_PTR_NULL(region_round(region, 1));
    region_free(region);
}

static void test_metres(void)
{
    struct region *region = region_new();
    struct institution *home = (struct institution *)put(region, RECORD_INSTITUTION, "H1");
    struct applicant *person = (struct applicant *)put(region, RECORD_APPLICANT, "A1");
    home->lat = 25.03;
    home->lon = 121.56;
    person->lat = 25.04;
    person->lon = 121.50;
    int64_t sphere = geo_metres(25.04, 121.50, 25.03, 121.56);
    put_travel(region, "A2", "H1", 1);
    put_travel(region, "A1", "H2", 2);
    CU_ASSERT_EQUAL(region_metres(region, person, home), sphere);
    set_text(&person->village, "V1");
    put_travel(region, "V1", "H1", 777);
    CU_ASSERT_EQUAL(region_metres(region, person, home), 777);
    put_travel(region, "A1", "H1", 0);
    CU_ASSERT_EQUAL(region_metres(region, person, home), 0);
    put_travel(region, "A1", "H1", 55);
    CU_ASSERT_EQUAL(region_metres(region, person, home), 55);
    CU_ASSERT_EQUAL(region_count(region, RECORD_TRAVEL), 4);
    region_free(region);
}

/* Thousands of rows, some replaced, some turned into rows of other endpoints: each is found,
 * nothing else is. */
static void test_many_distances(void)
{
    enum { FROM = 60, TO = 40 };
    struct region *region = region_new();
    static int64_t metres[FROM][TO];
    uint64_t seed = 11;
    char from[16], to[16];
    struct institution *home = (struct institution *)record_new(RECORD_INSTITUTION, "x");
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "x");
    memset(metres, 0, sizeof metres);
    for (int i = 0; i < 4000; i++) {
        size_t f = check_roll(&seed, FROM), t = check_roll(&seed, TO);
        snprintf(from, sizeof from, "F%zu", f);
        snprintf(to, sizeof to, "H%zu", t);
        put_travel(region, from, to, metres[f][t] = 1 + (int64_t)check_roll(&seed, 1000));
    }
    for (size_t f = 0; f < FROM; f++)
        for (size_t t = 0; t < TO; t++) {
            snprintf(person->record.id, sizeof person->record.id, "F%zu", f);
            snprintf(home->record.id, sizeof home->record.id, "H%zu", t);
            CU_ASSERT_EQUAL(region_metres(region, person, home), metres[f][t]);
        }
    record_free(&person->record);
    record_free(&home->record);
    region_free(region);
}

/* Puts the row of record F<i> under its id, but from `from`. */
static void put_moved(struct region *region, int i, const char *from)
{
    char old[16], id[ID_MAX + 1];
    snprintf(old, sizeof old, "F%d", i);
    travel_id(old, "H1", id);
    struct travel *row = (struct travel *)record_new(RECORD_TRAVEL, id);
    snprintf(row->from_id, sizeof row->from_id, "%s", from);
    snprintf(row->institution_id, sizeof row->institution_id, "H1");
    row->metres = 100 + i;
    region_put_take(region, &row->record);
}

/* Rows that come back under their id with other endpoints leave nothing behind, and hide no other
 * row. */
static void test_distance_moves(void)
{
    enum { ROWS = 120 };
    struct region *region = region_new();
    struct institution *home = (struct institution *)record_new(RECORD_INSTITUTION, "H1");
    struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, "x");
    char from[16];
    for (int i = 0; i < ROWS; i++) {
        snprintf(from, sizeof from, "F%d", i);
        put_travel(region, from, "H1", 100 + i);
    }
    for (int moved = 0; moved < ROWS; moved++) {
        snprintf(from, sizeof from, "G%d", moved);
        put_moved(region, moved, from);
        for (int i = 0; i < ROWS; i++) {
            snprintf(person->record.id, sizeof person->record.id, "F%d", i);
            CU_ASSERT_EQUAL(region_metres(region, person, home), i > moved ? 100 + i : 0);
            person->record.id[0] = 'G';
            CU_ASSERT_EQUAL(region_metres(region, person, home), i > moved ? 0 : 100 + i);
        }
    }
    CU_ASSERT_EQUAL(region_count(region, RECORD_TRAVEL), ROWS);
    record_free(&person->record);
    record_free(&home->record);
    region_free(region);
}

static void put_policy(struct region *region, uint64_t version, const char *json)
{
    struct record *record = policy_record_take(alloc_string(json));
    record->version = version;
    region_put_take(region, record);
}

static void test_policy(void)
{
    struct region *region = region_new();
    CU_ASSERT_PTR_NULL(region_policy(region));
    put_policy(region, 1, "{\"name\":\"p\",\"version\":1,\"objectives\":[\"need\"]}");
    CU_ASSERT_PTR_NOT_NULL_FATAL(region_policy(region));
    CU_ASSERT_STRING_EQUAL(region_policy(region)->name, "p");
    put_policy(region, 2, "{\"name\":\"q\",\"version\":1,\"objectives\":[\"need\"]}");
    CU_ASSERT_STRING_EQUAL(region_policy(region)->name, "q");
    CU_ASSERT_EQUAL(region_check(region, NULL), 0);
    put_policy(region, 3, "{}");
    CU_ASSERT_PTR_NULL(region_policy(region));
    CU_ASSERT_EQUAL(region_check(region, NULL), -1);
    region_free(region);
}

static void test_apply(void)
{
    struct region *region = region_new();
    struct change first, second;
    change_init(&first);
    change_init(&second);
    struct pool *pool = (struct pool *)change_create(&first, RECORD_POOL, "P1");
    pool->beds_usable = 5;
    change_create(&first, RECORD_INSTITUTION, "H1");
    CU_ASSERT_EQUAL(region_apply(region, &first), 2);
    CU_ASSERT_EQUAL(region_apply(region, &first), 0);
    CU_ASSERT_EQUAL(region_count(region, RECORD_POOL), 1);
    const struct pool *held = region_pool(region, "P1");
    CU_ASSERT_PTR_NOT_EQUAL(held, pool);
    pool = (struct pool *)change_edit(&second, &held->record);
    pool->beds_usable = 6;
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_usable, 5);
    CU_ASSERT_EQUAL(region_apply(region, &second), 1);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_usable, 6);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->record.version, 2);
    CU_ASSERT_EQUAL(region_apply(region, &first), 0);
    CU_ASSERT_EQUAL(region_pool(region, "P1")->beds_usable, 6);
    change_clear(&second);
    change_clear(&first);
    region_free(region);
}

/* What region_due and region_next_deadline say, found by scanning all records. */
static int64_t deadline_of(const struct record *record)
{
    const struct offer *offer = (const struct offer *)record;
    const struct applicant *applicant = (const struct applicant *)record;
    if (record->type == RECORD_APPLICANT)
        return applicant->state == APPLICANT_PARKED ? applicant->parked_until : STAMP_NONE;
    if (offer->state == OFFER_SENT)
        return offer->answer_due;
    return offer->state == OFFER_ACCEPTED ? offer->admit_due : STAMP_NONE;
}

static void check_deadlines(const struct region *region, int64_t now)
{
    static const enum record_type types[] = {RECORD_APPLICANT, RECORD_OFFER};
    const struct record *due[400];
    size_t n = region_due(region, now, due, 400), wanted = 0;
    int64_t next = STAMP_NONE;
    for (int i = 0; i < 2; i++) {
        const struct record *record = region_first(region, types[i]);
        for (; record; record = region_next(record)) {
            int64_t at = deadline_of(record);
            wanted += at != STAMP_NONE && at <= now;
            if (at != STAMP_NONE && (next == STAMP_NONE || at < next))
                next = at;
        }
    }
    CU_ASSERT_EQUAL(n, wanted);
    CU_ASSERT_EQUAL(region_next_deadline(region), next);
    for (size_t i = 0; i < n; i++) {
        CU_ASSERT(deadline_of(due[i]) <= now);
        if (i && deadline_of(due[i - 1]) == deadline_of(due[i]))
            CU_ASSERT(due[i - 1]->type < due[i]->type || strcmp(due[i - 1]->id, due[i]->id) < 0);
        if (i)
            CU_ASSERT(deadline_of(due[i - 1]) <= deadline_of(due[i]));
    }
    CU_ASSERT_EQUAL(region_due(region, now, due, 2), n < 2 ? n : 2);
}

static void test_deadlines(void)
{
    struct region *region = region_new();
    uint64_t seed = 3;
    CU_ASSERT_EQUAL(region_next_deadline(region), STAMP_NONE);
    for (uint64_t step = 1; step <= 1500; step++) {
        char id[ID_MAX + 1];
        snprintf(id, sizeof id, "R1-%04d", (int)check_roll(&seed, 200));
        struct offer *offer = (struct offer *)record_new(RECORD_OFFER, id);
        offer->record.version = step;
        offer->state = (enum offer_state)check_roll(&seed, OFFER_STATE_COUNT);
        offer->answer_due = (int64_t)check_roll(&seed, 30);
        offer->admit_due = check_roll(&seed, 5) ? (int64_t)check_roll(&seed, 30) : STAMP_NONE;
        region_put_take(region, &offer->record);
        snprintf(id, sizeof id, "A%d", (int)check_roll(&seed, 100));
        struct applicant *person = (struct applicant *)record_new(RECORD_APPLICANT, id);
        person->record.version = step;
        person->state = check_roll(&seed, 2) ? APPLICANT_PARKED : APPLICANT_WAITING;
        person->parked_until = check_roll(&seed, 3) ? (int64_t)check_roll(&seed, 30) : STAMP_NONE;
        region_put_take(region, &person->record);
        if (step % 20 == 0)
            check_deadlines(region, (int64_t)check_roll(&seed, 30));
    }
    region_free(region);
}

/* A small city in which everything agrees: one offer sent, one accepted, one resident, one history.
 */
static struct region *sound_region(void)
{
    struct region *region = region_new();
    put(region, RECORD_INSTITUTION, "H1");
    struct pool *pool = (struct pool *)put(region, RECORD_POOL, "P1");
    snprintf(pool->institution_id, sizeof pool->institution_id, "H1");
    pool->beds_committed = 2;
    pool->beds_accepted = 1;
    static const struct {
        const char *offer, *person;
        enum offer_state state;
        enum applicant_state of_person;
    } rows[] = {
        {"O1", "A1", OFFER_SENT, APPLICANT_OFFERED},
        {"O2", "A2", OFFER_ACCEPTED, APPLICANT_ACCEPTED},
        {"O3", "A3", OFFER_ADMITTED, APPLICANT_ADMITTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct offer *offer = (struct offer *)put(region, RECORD_OFFER, rows[i].offer);
        struct applicant *person =
            (struct applicant *)put(region, RECORD_APPLICANT, rows[i].person);
        snprintf(offer->applicant_id, sizeof offer->applicant_id, "%s", rows[i].person);
        snprintf(offer->pool_id, sizeof offer->pool_id, "P1");
        snprintf(offer->institution_id, sizeof offer->institution_id, "H1");
        offer->state = rows[i].state;
        person->state = rows[i].of_person;
        if (lifecycle_offer_is_live(rows[i].state))
            snprintf(person->offer_id, sizeof person->offer_id, "%s", rows[i].offer);
        else
            snprintf(person->current_pool, sizeof person->current_pool, "P1");
    }
    put_travel(region, "V1", "H1", 5);
    return region;
}

/* Breaks of the sound region, each with the issue that must name it. */
struct breach {
    enum record_type type;
    const char *id;
    void (*breach)(struct record *record);
    const char *pointer;
};

#define BREACH(name, type, statement)                                                              \
    static void name(struct record *record)                                                        \
    {                                                                                              \
        struct type *it = (struct type *)record;                                                   \
        statement;                                                                                 \
    }
BREACH(pool_without_home, pool, strcpy(it->institution_id, "H9"))
BREACH(pool_committed, pool, it->beds_committed = 3)
BREACH(pool_accepted, pool, it->beds_accepted = 0)
BREACH(person_without_offer, applicant, it->offer_id[0] = '\0')
BREACH(person_of_no_offer, applicant, strcpy(it->offer_id, "O9"))
BREACH(person_of_other_offer, applicant, strcpy(it->offer_id, "O2"))
BREACH(person_of_closed_offer, applicant, strcpy(it->offer_id, "O3"))
BREACH(person_waits_with_offer, applicant, it->state = APPLICANT_WAITING)
BREACH(person_accepted, applicant, it->state = APPLICANT_ACCEPTED)
BREACH(resident_of_nowhere, applicant, strcpy(it->current_pool, "P9"))
BREACH(resident_without_bed, applicant, it->current_pool[0] = '\0')
BREACH(offer_to_nobody, offer, strcpy(it->applicant_id, "A9"))
BREACH(offer_to_resident, offer, strcpy(it->applicant_id, "A3"))
BREACH(offer_of_no_pool, offer, strcpy(it->pool_id, "P9"))
BREACH(offer_of_other_home, offer, strcpy(it->institution_id, "H9"))
BREACH(offer_from_elsewhere, offer, strcpy(it->from_pool, "P1"))
BREACH(offer_after_nothing, offer, strcpy(it->after, "O9"))

static const struct breach breaches[] = {
    {RECORD_POOL, "P1", pool_without_home, "/pool/P1/institution_id"},
    {RECORD_POOL, "P1", pool_committed, "/pool/P1/beds_committed"},
    {RECORD_POOL, "P1", pool_accepted, "/pool/P1/beds_accepted"},
    {RECORD_APPLICANT, "A1", person_without_offer, "/applicant/A1/offer_id"},
    {RECORD_APPLICANT, "A1", person_of_no_offer, "/applicant/A1/offer_id"},
    {RECORD_APPLICANT, "A1", person_of_other_offer, "/applicant/A1/offer_id"},
    {RECORD_APPLICANT, "A1", person_of_closed_offer, "/applicant/A1/offer_id"},
    {RECORD_APPLICANT, "A1", person_waits_with_offer, "/applicant/A1/offer_id"},
    {RECORD_APPLICANT, "A1", person_accepted, "/applicant/A1/state"},
    {RECORD_APPLICANT, "A3", resident_of_nowhere, "/applicant/A3/current_pool"},
    {RECORD_APPLICANT, "A3", resident_without_bed, "/applicant/A3/current_pool"},
    {RECORD_OFFER, "O1", offer_to_nobody, "/offer/O1/applicant_id"},
    {RECORD_OFFER, "O1", offer_to_resident, "/offer/O1/applicant_id"},
    {RECORD_OFFER, "O1", offer_of_no_pool, "/offer/O1/pool_id"},
    {RECORD_OFFER, "O1", offer_of_other_home, "/offer/O1/institution_id"},
    {RECORD_OFFER, "O1", offer_from_elsewhere, "/offer/O1/from_pool"},
    {RECORD_OFFER, "O1", offer_after_nothing, "/offer/O1/after"},
};

static void test_check(void)
{
    struct region *region = sound_region();
    struct alm_error err;
    err_init(&err);
    CU_ASSERT_EQUAL(region_check(region, &err), 0);
    CU_ASSERT_EQUAL(err.n_issues, 0);
    put_travel(region, "V1", "H9", 5);
    CU_ASSERT_EQUAL(region_check(region, &err), -1);
    CU_ASSERT_EQUAL(err.n_issues, 1);
    err_clear(&err);
    region_free(region);
}

static void test_check_names_each_break(void)
{
    for (size_t i = 0; i < sizeof breaches / sizeof breaches[0]; i++) {
        struct region *region = sound_region();
        struct alm_error err;
        err_init(&err);
        struct record *copy = record_copy(region_find(region, breaches[i].type, breaches[i].id));
        breaches[i].breach(copy);
        region_put_take(region, copy);
        CU_ASSERT_EQUAL(region_check(region, &err), -1);
        int is_named = 0;
        for (size_t j = 0; j < err.n_issues; j++)
            is_named |= strcmp(err.issues[j].pointer, breaches[i].pointer) == 0;
        if (!is_named)
            fprintf(stderr, "not named: %s\n", breaches[i].pointer);
        CU_ASSERT(is_named);
        err_clear(&err);
        region_free(region);
    }
}

static const struct check_test tests[] = {
    {"region_order", test_order},
    {"region_long_ids", test_long_ids},
    {"region_metres", test_metres},
    {"region_many_distances", test_many_distances},
    {"region_distance_moves", test_distance_moves},
    {"region_policy", test_policy},
    {"region_apply", test_apply},
    {"region_deadlines", test_deadlines},
    {"region_check", test_check},
    {"region_check_names_each_break", test_check_names_each_break},
};

CHECK_SUITE(suite_region, tests);
