/* small_region.c - see small_region.h. */
#include "tests/small_region.h"

#include "models/alloc.h"
#include "models/policy.h"
#include "scheduler/usecases/usecases.h"
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char policy_json[] =
    "{\"name\":\"small\",\"version\":1,\"objectives\":[\"need\",\"placements\",\"travel\"],"
    "\"points\":[{\"name\":\"level\",\"type\":\"table\",\"field\":\"level\","
    "\"points\":{\"3\":40}}],"
    "\"offer\":{\"answer_seconds\":100,\"admit_seconds\":1000,\"max_chain\":3,"
    "\"declined_days\":90}}";

static void add_home(struct region *region, const char *id)
{
    struct institution *home = (struct institution *)record_new(RECORD_INSTITUTION, id);
    free(home->name);
    home->name = alloc_string(id);
    home->record.version = 1;
    home->lat = 25;
    home->lon = 121.5;
    region_put_take(region, &home->record);
}

static struct pool *add_pool(struct region *region, const char *id, const char *home, int64_t beds,
                             int64_t occupied)
{
    struct pool *pool = (struct pool *)record_new(RECORD_POOL, id);
    pool->record.version = 1;
    snprintf(pool->institution_id, sizeof pool->institution_id, "%s", home);
    pool->kind = KIND_NURSING;
    pool->beds_usable = pool->beds_approved = pool->beds_staffed = beds;
    pool->beds_occupied = occupied;
    region_put_take(region, &pool->record);
    return pool;
}

static void add_applicant(struct region *region, const char *id, const char *class_code,
                          const char *household, const char *current_pool)
{
    struct applicant *applicant = (struct applicant *)record_new(RECORD_APPLICANT, id);
    applicant->record.version = 1;
    applicant->applied_at = SMALL_NOW - 10 * 86400;
    applicant->lat = 25;
    applicant->lon = 121.51;
    applicant->level = 3;
    applicant->kinds = 1u << KIND_NURSING;
    free(applicant->class_code);
    applicant->class_code = alloc_string(class_code);
    snprintf(applicant->household_id, sizeof applicant->household_id, "%s", household);
    snprintf(applicant->current_pool, sizeof applicant->current_pool, "%s", current_pool);
    applicant->state = APPLICANT_WAITING;
    region_put_take(region, &applicant->record);
}

struct region *small_region(void)
{
    struct region *region = region_new();
    struct record *policy = policy_record_take(alloc_string(policy_json));
    policy->version = 1;
    region_put_take(region, policy);
    add_home(region, "H1");
    add_home(region, "H2");
    add_home(region, "H3");
    add_pool(region, "P1", "H1", 2, 0);
    struct pool *reserved = add_pool(region, "P2", "H2", 2, 0);
    reserved->reserved = alloc_zero(1, sizeof *reserved->reserved);
    reserved->reserved[0] = (struct reserve){alloc_string("tekun"), 1};
    reserved->n_reserved = 1;
    add_pool(region, "P3", "H3", 1, 1);
    add_pool(region, "P4", "H2", 1, 1);
    add_applicant(region, "A1", "tekun", "", "");
    add_applicant(region, "A2", "", "", "");
    add_applicant(region, "A3", "", "C", "");
    add_applicant(region, "A4", "", "C", "");
    add_applicant(region, "A5", "", "", "");
    add_applicant(region, "A6", "", "", "");
    add_applicant(region, "R1", "", "", "P3");
    add_applicant(region, "R2", "", "", "P4");
    return region;
}

static uint64_t version_of(const struct region *region, const struct record *record)
{
    const struct record *held = region_find(region, record->type, record->id);
    return held ? held->version : 0;
}

int small_commit(struct region *region, struct change *change)
{
    struct alm_error err;
    int status = 0;
    err_init(&err);
    for (size_t i = 0; i < change->n; i++)
        if (version_of(region, change->items[i].record) != change->items[i].expects)
            status = -1;
    if (status == 0) {
        CU_ASSERT_EQUAL(region_apply(region, change), change->n);
        int checked = region_check(region, &err);
        CU_ASSERT_EQUAL(checked, 0);
        if (checked < 0)
            printf("\n    %s\n", err.message);
    }
    err_clear(&err);
    change_clear(change);
    change_init(change);
    return status;
}

void small_plan(struct plan *plan, size_t n, const char *const *pairs)
{
    plan_init(plan);
    plan->now = SMALL_NOW;
    plan->placements = alloc_zero(n, sizeof *plan->placements);
    plan->n_placements = n;
    for (size_t i = 0; i < n; i++) {
        struct placement *placement = &plan->placements[i];
        *placement = (struct placement){.points = 40};
        snprintf(placement->applicant_id, sizeof placement->applicant_id, "%s", pairs[2 * i]);
        snprintf(placement->pool_id, sizeof placement->pool_id, "%s", pairs[2 * i + 1]);
    }
}

size_t small_round(struct region *region, int64_t round, size_t n, const char *const *pairs)
{
    struct placement_groups groups;
    struct change change;
    struct alm_error err;
    struct plan plan;
    size_t made = 0;
    err_init(&err);
    change_init(&change);
    small_plan(&plan, n, pairs);
    placement_groups_init(region, &plan, round, &groups);
    for (size_t i = 0; i < groups.n; i++) {
        if (placement_decide(region, &groups.list[i], round, SMALL_NOW, &change, &err) == 0 &&
            small_commit(region, &change) == 0)
            made += groups.list[i].n;
        change_clear(&change);
        change_init(&change);
    }
    placement_groups_clear(&groups);
    change_clear(&change);
    err_clear(&err);
    plan_clear(&plan);
    return made;
}

void small_open(struct small *small)
{
    small->region = small_region();
    change_init(&small->change);
    err_init(&small->err);
}

void small_close(struct small *small)
{
    change_clear(&small->change);
    err_clear(&small->err);
    region_free(small->region);
}

int small_done(struct small *small, int status)
{
    if (status == 0)
        return small_commit(small->region, &small->change);
    change_clear(&small->change);
    change_init(&small->change);
    return status;
}
