/* reports.c - what planners and districts read: occupancy, who waits, what a bed is worth. Figures
 * only; a single ticket is shown to those who may see its applicant. */
#include "api/handlers.h"

#include "api/call.h"
#include "models/alloc.h"
#include "models/assessment.h"
#include "models/digest.h"
#include "models/plan.h"
#include "models/policy.h"
#include "models/stamp.h"
#include "solver/worth.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- occupancy ---- */

struct occupancy {
    enum kind kind;
    const char *district; /* of the home */
    int64_t pools, approved, usable, staffed, occupied, committed, offerable;
};

static void occupancy_add(struct occupancy *row, const struct pool *pool)
{
    row->pools++;
    row->approved += pool->beds_approved;
    row->usable += pool->beds_usable;
    row->staffed += pool->beds_staffed;
    row->occupied += pool->beds_occupied;
    row->committed += pool->beds_committed;
    row->offerable += pool_offerable(pool);
}

static json_t *rate(int64_t part, int64_t whole)
{
    /* four decimals, made from whole numbers so that the text is the same everywhere */
    return whole > 0 ? json_real((double)(part * 10000 / whole) / 10000.0) : json_null();
}

static json_t *occupancy_json(const struct occupancy *row)
{
    return json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "pools", (json_int_t)row->pools, "beds_approved",
        (json_int_t)row->approved, "beds_usable", (json_int_t)row->usable, "beds_staffed",
        (json_int_t)row->staffed, "beds_occupied", (json_int_t)row->occupied, "beds_committed",
        (json_int_t)row->committed, "beds_offerable", (json_int_t)row->offerable, "rate",
        rate(row->occupied, row->usable), "rate_of_staffed", rate(row->occupied, row->staffed));
}

static struct occupancy *occupancy_row(struct occupancy **rows, size_t *n, size_t *room,
                                       enum kind kind, const char *district)
{
    for (size_t i = 0; i < *n; i++)
        if ((*rows)[i].kind == kind && strcmp((*rows)[i].district, district) == 0)
            return &(*rows)[i];
    ALLOC_GROW(*rows, *n, *room);
    (*rows)[*n] = (struct occupancy){.kind = kind, .district = district};
    return &(*rows)[(*n)++];
}

static int occupancy_compare(const void *a, const void *b)
{
    const struct occupancy *left = a, *right = b;
    int order = strcmp(left->district, right->district);
    return order ? order : (int)left->kind - (int)right->kind;
}

static json_t *occupancy_list(struct occupancy *rows, size_t n)
{
    json_t *list = json_array();
    if (n)
        qsort(rows, n, sizeof *rows, occupancy_compare);
    for (size_t i = 0; i < n; i++) {
        json_t *row = occupancy_json(&rows[i]);
        json_object_set_new(row, "kind", json_string(words_name(&words_kind, (int)rows[i].kind)));
        json_object_set_new(row, "district", json_string(rows[i].district));
        json_array_append_new(list, row);
    }
    return list;
}

static void send_json(struct call *call, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(json);
    call_json(call, 200, text, NULL);
}

void reports_occupancy(struct call *call)
{
    const struct region *region = call_region(call);
    struct alm_error err;
    err_init(&err);
    if (call_check_word(call, "kind", &words_kind, &err) != 0) {
        call_fail(call, &err);
        err_clear(&err);
        return;
    }
    struct occupancy total = {0}, *rows = NULL;
    size_t n = 0, room = 0;
    const struct record *record = region_first(region, RECORD_POOL);
    for (; record; record = region_next(record)) {
        const struct pool *pool = (const struct pool *)record;
        const struct institution *home = region_institution(region, pool->institution_id);
        const char *district = home ? home->district : "";
        if (!call_query_is(call, "kind", words_name(&words_kind, (int)pool->kind)) ||
            !call_query_is(call, "district", district))
            continue;
        occupancy_add(&total, pool);
        occupancy_add(occupancy_row(&rows, &n, &room, pool->kind, district), pool);
    }
    send_json(call, json_pack("{s:o,s:o}", "total", occupancy_json(&total), "rows",
                              occupancy_list(rows, n)));
    free(rows);
}

/* ---- waiting ---- */

static void count(json_t *counts, const char *name)
{
    json_int_t n = json_integer_value(json_object_get(counts, name));
    json_object_set_new(counts, name, json_integer(n + 1));
}

static void count_person(json_t *report, const struct applicant *applicant)
{
    char level[] = {(char)('0' + applicant->level), '\0'};
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (applicant->kinds & (1u << kind))
            count(json_object_get(report, "by_kind"), words_name(&words_kind, kind));
    count(json_object_get(report, "by_level"), level);
    count(json_object_get(report, "by_class"), applicant->class_code);
    count(json_object_get(report, "by_district"), applicant->district);
}

/* A person's place among those who wait. */
struct place {
    const struct applicant *applicant;
    int64_t points;
};

static void place_of(const struct policy *policy, const struct applicant *applicant, int64_t now,
                     struct place *place)
{
    place->applicant = applicant;
    place->points = policy ? policy_points(policy, applicant, now) : 0;
}

static int compare_lottery(const struct policy *policy, const struct applicant *a,
                           const struct applicant *b)
{
    const char *seed = policy ? policy->lottery_seed : "";
    unsigned char of_a[32], of_b[32];
    digest_lottery(seed, a->record.id, of_a);
    digest_lottery(seed, b->record.id, of_b);
    return memcmp(of_a, of_b, sizeof of_a);
}

/* More points first, then the tie rule of the contract. */
static int is_ahead(const struct policy *policy, const struct place *other,
                    const struct place *self)
{
    if (other->points != self->points)
        return other->points > self->points;
    if (other->applicant->applied_at != self->applicant->applied_at)
        return other->applicant->applied_at < self->applicant->applied_at;
    int order = compare_lottery(policy, other->applicant, self->applicant);
    return order ? order < 0 : strcmp(other->applicant->record.id, self->applicant->record.id) < 0;
}

static int takes_part(const struct record *record)
{
    return ((const struct applicant *)record)->state == APPLICANT_WAITING;
}

/* Residents who ask to move are housed: they stand in a line of their own, as in explanations. */
static int is_in_line(const struct record *record, const struct applicant *applicant)
{
    const struct applicant *other = (const struct applicant *)record;
    return takes_part(record) && !other->current_pool[0] == !applicant->current_pool[0];
}

/* Place among all in the line, and among those of them who would take one of the same kinds. */
static void send_ticket(struct call *call, const struct applicant *applicant)
{
    const struct region *region = call_region(call);
    const struct policy *policy = region_policy(region);
    int64_t now = call->context->clock(), ahead = 0, ahead_same = 0, of = 0, of_same = 0;
    int waits = takes_part(&applicant->record);
    struct place self, other;
    place_of(policy, applicant, now, &self);
    const struct record *record = region_first(region, RECORD_APPLICANT);
    for (; record; record = region_next(record)) {
        if (!is_in_line(record, applicant))
            continue;
        place_of(policy, (const struct applicant *)record, now, &other);
        int is_same = (other.applicant->kinds & applicant->kinds) != 0;
        int before = is_ahead(policy, &other, &self);
        of++, of_same += is_same;
        ahead += before, ahead_same += before && is_same;
    }
    send_json(call,
              json_pack("{s:s,s:s,s:I,s:I,s:o,s:I,s:o,s:I,s:b}", "ticket", applicant->record.id,
                        "state", words_name(&words_applicant_state, (int)applicant->state),
                        "points", (json_int_t)self.points, "waited_days",
                        (json_int_t)stamp_days(applicant->applied_at, now), "position",
                        waits ? json_integer(ahead + 1) : json_null(), "waiting", (json_int_t)of,
                        "position_same_kinds", waits ? json_integer(ahead_same + 1) : json_null(),
                        "waiting_same_kinds", (json_int_t)of_same, "assessment_valid",
                        assessment_is_valid(applicant, now)));
}

static void send_counts(struct call *call)
{
    json_int_t waiting = 0, parked = 0, offered = 0, accepted = 0, expired = 0;
    int64_t now = call->context->clock();
    json_t *report =
        json_pack("{s:{},s:{},s:{},s:{}}", "by_kind", "by_level", "by_class", "by_district");
    const struct region *region = call_region(call);
    const struct record *record = region_first(region, RECORD_APPLICANT);
    for (; record; record = region_next(record)) {
        const struct applicant *applicant = (const struct applicant *)record;
        if (!auth_sees(&call->who, region, record))
            continue;
        waiting += applicant->state == APPLICANT_WAITING;
        parked += applicant->state == APPLICANT_PARKED;
        offered += applicant->state == APPLICANT_OFFERED;
        accepted += applicant->state == APPLICANT_ACCEPTED;
        expired += takes_part(record) && !assessment_is_valid(applicant, now);
        if (takes_part(record))
            count_person(report, applicant);
    }
    json_object_set_new(report, "waiting", json_integer(waiting));
    json_object_set_new(report, "parked", json_integer(parked));
    json_object_set_new(report, "offered", json_integer(offered));
    json_object_set_new(report, "accepted", json_integer(accepted));
    json_object_set_new(report, "assessment_expired", json_integer(expired));
    send_json(call, report);
}

void reports_waiting(struct call *call)
{
    char ticket[256];
    if (!call_query(call, "ticket", ticket, sizeof ticket)) {
        send_counts(call);
        return;
    }
    const struct record *record = auth_find(&call->who, call_region(call), ROUTE_APPLICANT, ticket);
    if (record)
        send_ticket(call, (const struct applicant *)record);
    else
        call_refuse(call, ERR_NOT_FOUND, "there is no applicant %s", ticket);
}

/* ---- shadow prices ---- */

static json_t *amounts_json(const struct plan *plan, const int64_t *amounts)
{
    json_t *values = json_object();
    for (size_t i = 0; i < plan->n_objectives; i++)
        json_object_set_new(values,
                            words_name(&words_objective, (int)plan->objectives[i].objective),
                            json_integer(amounts[i]));
    return values;
}

/* Amounts only: who is at the margin is in the plan, for those who may read it. */
static json_t *price_json(const struct plan *plan, const struct shadow_price *price)
{
    json_t *row =
        json_pack("{s:s,s:o}", "pool", price->pool_id, "price", amounts_json(plan, price->price));
    if (price->loss_is == SHADOW_LOSS_STATED)
        json_object_set_new(row, "loss", amounts_json(plan, price->loss));
    return row;
}

/* One row: where one more bed is worth most. */
static json_t *worth_json(const struct plan *plan, const struct worth_row *row)
{
    json_t *object = json_object();
    if (row->district)
        json_object_set_new(object, "district", json_string(row->district));
    if (row->kind >= 0)
        json_object_set_new(object, "kind", json_string(words_name(&words_kind, row->kind)));
    json_object_set_new(object, "pools", json_integer((json_int_t)row->pools));
    if (row->best)
        json_object_set_new(object, "best", price_json(plan, row->best));
    return object;
}

static json_t *worth_list(struct call *call, const struct plan *plan, const char *by)
{
    struct worth worth = {0};
    json_t *list = json_array();
    if (plan)
        worth_by(call_region(call), plan, strstr(by, "district") != NULL,
                 strstr(by, "kind") != NULL, &worth);
    for (size_t r = 0; r < worth.n; r++)
        json_array_append_new(list, worth_json(plan, &worth.rows[r]));
    worth_clear(&worth);
    return list;
}

static json_t *price_list(struct call *call, const struct plan *plan)
{
    json_t *list = json_array();
    for (size_t i = 0; plan && i < plan->n_prices; i++)
        if (call_query_is(call, "pool", plan->prices[i].pool_id))
            json_array_append_new(list, price_json(plan, &plan->prices[i]));
    return list;
}

static int is_grouping(const char *by)
{
    return strcmp(by, "kind") == 0 || strcmp(by, "district") == 0 ||
           strcmp(by, "kind,district") == 0 || strcmp(by, "district,kind") == 0;
}

void reports_shadow_prices(struct call *call)
{
    const struct plan *plan = rounds_last_plan(call->context->rounds);
    char now[STAMP_TEXT], by[64];
    int is_grouped = call_query(call, "by", by, sizeof by);
    if (is_grouped && !is_grouping(by)) {
        struct alm_error err;
        err_init(&err);
        err_issue(&err, "?by", "unknown_word", "must be kind, district or kind,district");
        call_fail(call, &err);
        err_clear(&err);
        return;
    }
    json_t *report = is_grouped ? json_pack("{s:o}", "rows", worth_list(call, plan, by))
                                : json_pack("{s:o}", "shadow_prices", price_list(call, plan));
    if (plan) {
        json_object_set_new(report, "now", json_string(stamp_format(plan->now, now)));
        json_object_set_new(report, "policy", json_string(plan->policy));
    }
    if (plan && plan->prices_are_bounds)
        json_object_set_new(report, "shadow_prices_are", json_string(PLAN_PRICES_BOUNDS));
    send_json(call, report);
}
