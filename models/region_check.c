/* region_check.c - the rules between records: references and counts.
 *
 * Owns nothing. What a single record may hold is checked where it is read (fields_check); here is
 * only what takes two records to be wrong. */
#include "models/region.h"

#include "models/alloc.h"
#include "models/lifecycle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checking {
    const struct region *region;
    struct alm_error *err;
    size_t n_breaks;
};

/* One break: "/pool/P1/institution_id". */
static void check_break(struct checking *checking, const char *code, const char *detail,
                        const struct record *record, const char *field)
{
    char pointer[ID_MAX + 64];
    snprintf(pointer, sizeof pointer, "/%s/%s/%s", words_name(&words_record_type, record->type),
             record->id, field);
    err_issue(checking->err, pointer, code, "%s", detail);
    checking->n_breaks++;
}

/* An id that has to exist; "" is none. */
static void check_reference(struct checking *checking, const struct record *record,
                            const char *field, enum record_type type, const char *id)
{
    char detail[ID_MAX + 64];
    if (!id[0] || region_find(checking->region, type, id))
        return;
    snprintf(detail, sizeof detail, "there is no %s %s", words_name(&words_record_type, type), id);
    check_break(checking, "reference", detail, record, field);
}

static void check_pool(struct checking *checking, const struct record *record)
{
    check_reference(checking, record, "institution_id", RECORD_INSTITUTION,
                    ((const struct pool *)record)->institution_id);
}

static void check_travel(struct checking *checking, const struct record *record)
{
    check_reference(checking, record, "institution_id", RECORD_INSTITUTION,
                    ((const struct travel *)record)->institution_id);
}

static void check_policy(struct checking *checking, const struct record *record)
{
    if (!region_policy(checking->region))
        check_break(checking, "policy", "this policy cannot be used", record, "json");
}

/* The state of an applicant says whether there is a live offer, and of which state it is. */
static void check_applicant_offer(struct checking *checking, const struct applicant *applicant)
{
    const struct record *record = &applicant->record;
    int is_accepted = applicant->state == APPLICANT_ACCEPTED;
    int has_offer = is_accepted || applicant->state == APPLICANT_OFFERED;
    if (has_offer != (applicant->offer_id[0] != '\0')) {
        check_break(checking, "state",
                    has_offer ? "the state needs a live offer and there is none"
                              : "there is an offer that the state does not know of",
                    record, "offer_id");
        return;
    }
    const struct offer *offer =
        has_offer ? region_offer(checking->region, applicant->offer_id) : NULL;
    check_reference(checking, record, "offer_id", RECORD_OFFER, applicant->offer_id);
    if (!offer)
        return;
    if (strcmp(offer->applicant_id, record->id) != 0)
        check_break(checking, "reference", "that offer is for somebody else", record, "offer_id");
    if (!lifecycle_offer_is_live(offer->state))
        check_break(checking, "state", "that offer is closed", record, "offer_id");
    else if ((offer->state == OFFER_ACCEPTED) != is_accepted)
        check_break(checking, "state", "person and offer disagree whether it is accepted", record,
                    "state");
}

static void check_applicant(struct checking *checking, const struct record *record)
{
    const struct applicant *applicant = (const struct applicant *)record;
    int lives_here =
        applicant->state == APPLICANT_ADMITTED || applicant->state == APPLICANT_INTERIM;
    check_reference(checking, record, "current_pool", RECORD_POOL, applicant->current_pool);
    if (lives_here && !applicant->current_pool[0])
        check_break(checking, "state", "a resident without a current pool", record, "current_pool");
    check_applicant_offer(checking, applicant);
}

/* References of an offer that is history stay as they were: only the live ones bind. */
static void check_offer(struct checking *checking, const struct record *record)
{
    const struct offer *offer = (const struct offer *)record;
    if (!lifecycle_offer_is_live(offer->state))
        return;
    check_reference(checking, record, "applicant_id", RECORD_APPLICANT, offer->applicant_id);
    check_reference(checking, record, "pool_id", RECORD_POOL, offer->pool_id);
    check_reference(checking, record, "institution_id", RECORD_INSTITUTION, offer->institution_id);
    check_reference(checking, record, "from_pool", RECORD_POOL, offer->from_pool);
    check_reference(checking, record, "after", RECORD_OFFER, offer->after);
    const struct pool *pool = region_pool(checking->region, offer->pool_id);
    if (pool && strcmp(pool->institution_id, offer->institution_id) != 0)
        check_break(checking, "reference", "the pool belongs to another institution", record,
                    "institution_id");
    const struct applicant *applicant = region_applicant(checking->region, offer->applicant_id);
    if (applicant && strcmp(applicant->offer_id, record->id) != 0)
        check_break(checking, "reference", "the applicant does not know of this live offer", record,
                    "applicant_id");
    if (applicant && strcmp(applicant->current_pool, offer->from_pool) != 0)
        check_break(checking, "reference", "the applicant does not live in that pool", record,
                    "from_pool");
}

/* What the live offers of each pool add up to, in the order of the pools. */
struct promised {
    const struct pool *pool;
    int64_t committed, accepted;
};

static int promised_order(const void *id, const void *promised)
{
    return strcmp(id, ((const struct promised *)promised)->pool->record.id);
}

static void promised_count(const struct region *region, struct promised *list, size_t n)
{
    const struct record *record = region_first(region, RECORD_OFFER);
    for (; record; record = region_next(record)) {
        const struct offer *offer = (const struct offer *)record;
        struct promised *promised =
            lifecycle_offer_is_live(offer->state)
                ? bsearch(offer->pool_id, list, n, sizeof *list, promised_order)
                : NULL;
        if (!promised)
            continue;
        promised->committed++;
        promised->accepted += offer->state == OFFER_ACCEPTED;
    }
}

static void check_count(struct checking *checking, const struct record *record, const char *field,
                        int64_t stated, int64_t counted)
{
    char detail[120];
    if (stated == counted)
        return;
    snprintf(detail, sizeof detail, "states %" PRId64 ", the live offers make %" PRId64, stated,
             counted);
    check_break(checking, "count", detail, record, field);
}

static void check_counts(struct checking *checking)
{
    size_t n = 0;
    struct promised *list = alloc_zero(region_count(checking->region, RECORD_POOL), sizeof *list);
    const struct record *record = region_first(checking->region, RECORD_POOL);
    for (; record; record = region_next(record))
        list[n++].pool = (const struct pool *)record;
    promised_count(checking->region, list, n);
    for (size_t i = 0; i < n; i++) {
        const struct pool *pool = list[i].pool;
        check_count(checking, &pool->record, "beds_committed", pool->beds_committed,
                    list[i].committed);
        check_count(checking, &pool->record, "beds_accepted", pool->beds_accepted,
                    list[i].accepted);
    }
    free(list);
}

int region_check(const struct region *region, struct alm_error *err)
{
    static void (*const checks[RECORD_TYPE_COUNT])(struct checking *, const struct record *) = {
        [RECORD_POLICY] = check_policy,       [RECORD_POOL] = check_pool,
        [RECORD_APPLICANT] = check_applicant, [RECORD_OFFER] = check_offer,
        [RECORD_TRAVEL] = check_travel,
    };
    struct checking checking = {.region = region, .err = err};
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        if (!checks[type])
            continue;
        const struct record *record = region_first(region, type);
        for (; record; record = region_next(record))
            checks[type](&checking, record);
    }
    check_counts(&checking);
    return checking.n_breaks ? -1 : 0;
}
