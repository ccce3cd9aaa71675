/* verify_rules.c - see verify_rules.h: beds, households, staff. Rooms are in verify_rooms.c. */
#include "solver/verify_rules.h"

#include "models/alloc.h"
#include "models/household.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* -- beds -- */

/* Arrivals that their own class's reserves cannot take have to find an open bed. */
static int check_reserves(const struct verify_pool *pool, struct alm_error *err)
{
    size_t n = pool->pool->n_reserved;
    int64_t open = pool->parts[n].kept + pool->parts[n].leavers, wanted = pool->parts[n].comers;
    for (size_t k = 0; k < n; k++) {
        int64_t beds = pool->parts[k].kept + pool->parts[k].leavers;
        if (pool->parts[k].comers > beds)
            wanted += pool->parts[k].comers - beds;
    }
    if (wanted <= open)
        return 0;
    return err_set(err, ERR_REFUSED,
                   "pool %s: %" PRId64 " people need an open bed, but %" PRId64
                   " are open: the others are kept for their classes",
                   pool->pool->record.id, wanted, open);
}

static int check_count(const struct verify_pool *pool, struct alm_error *err)
{
    int64_t slack = pool_slack(pool->pool);
    if (slack < 0)
        return err_set(err, ERR_REFUSED,
                       "pool %s is overbooked by %" PRId64 ", yet %" PRId64
                       " people are placed there",
                       pool->pool->record.id, -slack, pool->arrivals);
    if (pool->arrivals > slack + pool->leavers)
        return err_set(err, ERR_REFUSED,
                       "pool %s: %" PRId64 " people are placed on %" PRId64
                       " free beds and %" PRId64 " that fall free",
                       pool->pool->record.id, pool->arrivals, slack, pool->leavers);
    return 0;
}

int verify_rules_beds(const struct verify_round *round, struct alm_error *err)
{
    for (size_t p = 0; p < round->n_pools; p++) {
        const struct verify_pool *pool = &round->pools[p];
        if (pool->arrivals == 0)
            continue;
        if (check_count(pool, err) != 0)
            return -1;
        if (round->rules.policy->reserve == RESERVE_HARD && check_reserves(pool, err) != 0)
            return -1;
    }
    return 0;
}

/* -- households -- */

static const struct verify_person *member(const struct verify_round *round,
                                          const struct household *household, size_t m)
{
    return &round->people[verify_round_person(round, household->members[m]->record.id)];
}

static const char *home_of(const struct verify_round *round, size_t pool)
{
    return round->pools[pool].home->record.id;
}

/* One member, when the household is placed in institution `home`. */
static int check_member(const struct verify_round *round, const char *household,
                        const struct verify_person *person, const char *home, struct alm_error *err)
{
    const char *id = person->applicant->record.id;
    int lives_there =
        person->own != VERIFY_NOWHERE && strcmp(home_of(round, person->own), home) == 0;
    if (person->to != VERIFY_NOWHERE && strcmp(home_of(round, person->to), home) != 0)
        return err_set(err, ERR_REFUSED,
                       "household %s is torn apart: %s is placed in institution "
                       "%s, others in %s",
                       household, id, home_of(round, person->to), home);
    if (person->to == VERIFY_NOWHERE && !lives_there)
        return err_set(err, ERR_REFUSED,
                       "household %s is torn apart: others are placed in "
                       "institution %s, %s is not",
                       household, home, id);
    if (person->to != VERIFY_NOWHERE && lives_there)
        return err_set(err, ERR_REFUSED,
                       "household %s joins %s in institution %s: %s stays in "
                       "pool %s, the plan says pool %s",
                       household, id, home, id, round->pools[person->own].pool->record.id,
                       round->pools[person->to].pool->record.id);
    return 0;
}

static int check_household(const struct verify_round *round, const struct household *household,
                           struct alm_error *err)
{
    const char *home = NULL;
    for (size_t m = 0; m < household->n && !home; m++)
        if (member(round, household, m)->to != VERIFY_NOWHERE)
            home = home_of(round, member(round, household, m)->to);
    for (size_t m = 0; m < household->n && home; m++)
        if (check_member(round, household->id, member(round, household, m), home, err) != 0)
            return -1;
    return 0;
}

int verify_rules_households(const struct verify_round *round, struct alm_error *err)
{
    struct households households;
    int result = 0;
    households_init(&households, round->rules.region);
    for (size_t h = 0; h < households.n && result == 0; h++)
        if (households.list[h].is_together)
            result = check_household(round, &households.list[h], err);
    households_clear(&households);
    return result;
}

/* -- staff -- */

int verify_rules_staff(const struct verify_round *round, struct alm_error *err)
{
    __int128 *come = alloc_zero(round->n_homes, sizeof *come);
    __int128 *leave = alloc_zero(round->n_homes, sizeof *leave);
    int result = 0;
    for (size_t i = 0; i < round->n_people; i++) {
        const struct verify_person *person = &round->people[i];
        if (person->to == VERIFY_NOWHERE)
            continue;
        come[round->pools[person->to].home_index] += person->minutes;
        if (person->own != VERIFY_NOWHERE)
            leave[round->pools[person->own].home_index] += person->minutes;
    }
    for (size_t p = 0; p < round->n_pools && result == 0; p++) {
        const struct verify_pool *pool = &round->pools[p];
        size_t q = pool->home_index;
        if (pool->home->care_minutes != RECORD_NO_LIMIT && come[q] > 0 &&
            come[q] > leave[q] + pool->home->care_minutes)
            result = err_set(err, ERR_REFUSED,
                             "institution %s: the people who come need %" PRId64
                             " nursing minutes a day, its staff has %" PRId64,
                             pool->home->record.id, (int64_t)come[q],
                             (int64_t)(leave[q] + pool->home->care_minutes));
    }
    free(come);
    free(leave);
    return result;
}

int verify_rules_are_coupled(const struct verify_round *round)
{
    struct households households;
    int are_coupled = 0;
    households_init(&households, round->rules.region);
    for (size_t h = 0; h < households.n; h++)
        are_coupled |= households.list[h].is_together;
    households_clear(&households);
    for (size_t p = 0; p < round->n_pools; p++)
        are_coupled |= round->pools[p].pool->n_rooms > 0 ||
                       round->pools[p].home->care_minutes != RECORD_NO_LIMIT;
    return are_coupled;
}
