/* verify_round_new.c - see verify_round.h: the round is read. Owns the arrays of a check; borrows
 * region, policy and plan. */
#include "solver/verify_round.h"

#include "models/alloc.h"
#include "models/stamp.h"
#include "solver/verify_look.h"

#include <stdlib.h>
#include <string.h>

/* -- the world -- */

static int by_home_id(const void *id, const void *home)
{
    return strcmp(id, (*(const struct institution *const *)home)->record.id);
}

static void fill_pool(struct verify_pool *pool, const struct pool *record)
{
    size_t n = record->n_reserved;
    pool->pool = record;
    pool->parts = alloc_zero(n + 1, sizeof *pool->parts);
    for (size_t k = 0; k <= n; k++) {
        pool->parts[k].reserve = k < n ? record->reserved[k].class_code : "";
        pool->parts[k].kept = eligibility_kept(record, k);
    }
}

static void fill_pools(struct verify_round *round)
{
    const struct region *region = round->rules.region;
    const struct record *record;
    round->n_homes = region_count(region, RECORD_INSTITUTION);
    const struct institution **homes = alloc_zero(round->n_homes, sizeof *homes);
    size_t n = 0;
    for (record = region_first(region, RECORD_INSTITUTION); record; record = region_next(record))
        homes[n++] = (const struct institution *)record;
    round->pools = alloc_zero(region_count(region, RECORD_POOL), sizeof *round->pools);
    for (record = region_first(region, RECORD_POOL); record; record = region_next(record)) {
        struct verify_pool *pool = &round->pools[round->n_pools++];
        fill_pool(pool, (const struct pool *)record);
        const struct institution **home =
            bsearch(pool->pool->institution_id, homes, n, sizeof *homes, by_home_id);
        if (!home)
            continue;
        pool->home = *home;
        pool->home_index = (size_t)(home - homes);
    }
    free(homes);
}

static int fill_resident(struct verify_round *round, struct verify_person *person,
                         struct alm_error *err)
{
    const struct applicant *applicant = person->applicant;
    person->own = verify_round_pool(round, applicant->current_pool);
    if (person->own == VERIFY_NOWHERE)
        return err_set(err, ERR_REFUSED, "applicant %s lives in pool %s, which the world lacks",
                       applicant->record.id, applicant->current_pool);
    const struct verify_pool *own = &round->pools[person->own];
    own->parts[verify_round_own_part(round, person)].stayers++;
    person->own_rank =
        applicant_rank(applicant, own->home->record.id, round->rules.policy->unlisted_rank);
    person->own_metres = region_metres(round->rules.region, applicant, own->home);
    return 0;
}

static int fill_person(struct verify_round *round, const struct applicant *applicant,
                       struct alm_error *err)
{
    const struct policy *policy = round->rules.policy;
    struct verify_person *person = &round->people[round->n_people++];
    person->applicant = applicant;
    person->to = VERIFY_NOWHERE;
    person->own = VERIFY_NOWHERE;
    person->points = policy_points(policy, applicant, round->rules.now);
    person->days = stamp_days(applicant->applied_at, round->rules.now);
    person->minutes = policy_care_minutes(policy, applicant);
    person->is_guaranteed =
        applicant->class_code[0] && list_has(&policy->guarantee_classes, applicant->class_code);
    return applicant->current_pool[0] ? fill_resident(round, person, err) : 0;
}

static int fill_people(struct verify_round *round, struct alm_error *err)
{
    const struct region *region = round->rules.region;
    round->people = alloc_zero(region_count(region, RECORD_APPLICANT), sizeof *round->people);
    for (const struct record *record = region_first(region, RECORD_APPLICANT); record;
         record = region_next(record)) {
        const struct applicant *applicant = (const struct applicant *)record;
        if (applicant->state == APPLICANT_WAITING && fill_person(round, applicant, err) != 0)
            return -1;
    }
    return 0;
}

static int check_homes(const struct verify_round *round, struct alm_error *err)
{
    for (size_t p = 0; p < round->n_pools; p++)
        if (!round->pools[p].home)
            return err_set(err, ERR_REFUSED,
                           "pool %s belongs to institution %s, which the world "
                           "lacks",
                           round->pools[p].pool->record.id, round->pools[p].pool->institution_id);
    return 0;
}

/* -- the plan -- */

static struct verify_person *named(struct verify_round *round, const char *id, const char *before,
                                   const char *list, struct alm_error *err)
{
    if (before && strcmp(before, id) >= 0) {
        err_set(err, ERR_REFUSED,
                "%s: %s stands after %s: the list is not sorted by applicant, "
                "each once",
                list, id, before);
        return NULL;
    }
    size_t person = verify_round_person(round, id);
    if (person == VERIFY_NOWHERE) {
        err_set(err, ERR_REFUSED, "%s: applicant %s is not among the %zu who are waiting", list, id,
                round->n_people);
        return NULL;
    }
    return &round->people[person];
}

static int put_placement(struct verify_round *round, const struct placement *placement,
                         const char *before, struct alm_error *err)
{
    struct verify_person *person = named(round, placement->applicant_id, before, "placements", err);
    if (!person)
        return -1;
    size_t pool = verify_round_pool(round, placement->pool_id);
    if (pool == VERIFY_NOWHERE)
        return err_set(err, ERR_REFUSED,
                       "placements: applicant %s is given pool %s, which the "
                       "world lacks",
                       placement->applicant_id, placement->pool_id);
    person->placement = placement;
    person->to = pool;
    struct verify_pool *to = &round->pools[pool];
    struct verify_part *part =
        &to->parts[verify_round_part(to->pool, person->applicant->class_code)];
    to->arrivals++;
    part->comers++;
    part->newcomers += person->own == VERIFY_NOWHERE;
    if (person->own == VERIFY_NOWHERE)
        return 0;
    round->pools[person->own].leavers++;
    round->pools[person->own].parts[verify_round_own_part(round, person)].leavers++;
    return 0;
}

static int put_plan(struct verify_round *round, struct alm_error *err)
{
    const struct plan *plan = round->plan;
    for (size_t i = 0; i < plan->n_placements; i++)
        if (put_placement(round, &plan->placements[i],
                          i ? plan->placements[i - 1].applicant_id : NULL, err) != 0)
            return -1;
    for (size_t i = 0; i < plan->n_unplaced; i++) {
        struct verify_person *person =
            named(round, plan->unplaced[i].applicant_id,
                  i ? plan->unplaced[i - 1].applicant_id : NULL, "unplaced", err);
        if (!person)
            return -1;
        if (person->placement)
            return err_set(err, ERR_REFUSED, "applicant %s is both placed (pool %s) and unplaced",
                           plan->unplaced[i].applicant_id, person->placement->pool_id);
        person->unplaced = &plan->unplaced[i];
    }
    for (size_t i = 0; i < round->n_people; i++)
        if (!round->people[i].placement && !round->people[i].unplaced)
            return err_set(err, ERR_REFUSED,
                           "applicant %s is waiting, but the plan names them "
                           "neither as placed nor as unplaced",
                           round->people[i].applicant->record.id);
    return 0;
}

struct verify_round *verify_round_new(const struct region *region, const struct policy *policy,
                                      const struct plan *plan, struct alm_error *err)
{
    struct verify_round *round = alloc_zero(1, sizeof *round);
    round->rules = (struct eligibility){region, policy, plan->now};
    round->plan = plan;
    fill_pools(round);
    if (check_homes(round, err) == 0 && fill_people(round, err) == 0 && put_plan(round, err) == 0) {
        round->homes = verify_homes_new(round);
        return round;
    }
    verify_round_free(round);
    return NULL;
}

void verify_round_free(struct verify_round *round)
{
    if (!round)
        return;
    for (size_t p = 0; p < round->n_pools; p++)
        free(round->pools[p].parts);
    verify_homes_free(round->homes);
    verify_seen_free(round->seen);
    free(round->pools);
    free(round->people);
    free(round);
}
