/* verify_round.h - the round as the checker sees it: who takes part, which beds there are, and
 * where the plan puts everybody. Read from the region and the plan alone; the solver's own arrays
 * are not used. */
#ifndef ALMONER_VERIFY_ROUND_H
#define ALMONER_VERIFY_ROUND_H

#include "models/plan.h"
#include "solver/eligibility.h"

#define VERIFY_NOWHERE SIZE_MAX

struct verify_person {
    const struct applicant *applicant;
    size_t own; /* index of the pool that a resident lives in; VERIFY_NOWHERE = newcomer */
    size_t
        to; /* index of the pool that the plan gives; VERIFY_NOWHERE = none: waits on, or stays */
    int64_t points, days, minutes;
    int64_t own_rank, own_metres;      /* of a resident's present home; 0 for a newcomer */
    int is_guaranteed;                 /* the class is one of the policy's guarantee classes */
    const struct placement *placement; /* where the plan names them; NULL */
    const struct unplaced *unplaced;
};

/* Beds of a pool under one label: a reserve, or open to all (the last part). */
struct verify_part {
    const char *reserve; /* class; "" = open */
    int64_t kept;        /* free before the round */
    int64_t stayers;     /* held by residents who ask to move */
    int64_t leavers;     /* of these, whom the plan moves out */
    int64_t
        comers; /* people of its class (the open part: of no class listed) who come to the pool */
    int64_t newcomers; /* of these, those who have no bed yet */
};

struct verify_pool {
    const struct pool *pool;
    const struct institution *home;
    size_t home_index;
    struct verify_part *parts; /* pool->n_reserved + 1 */
    int64_t arrivals, leavers; /* by the plan */
};

struct verify_homes;
struct verify_seen;

struct verify_round {
    struct eligibility rules;
    struct verify_person *people; /* those who take part, by id */
    size_t n_people;
    struct verify_pool *pools; /* by id */
    size_t n_pools;
    size_t n_homes;
    struct verify_homes *homes; /* where they are (verify_look.h) */
    struct verify_seen *seen;   /* NULL = nobody is looked at twice; freed with the round */
    const struct plan *plan;
};

/* Everybody who is waiting, every pool; then the plan's two lists are put on the people. NULL with
 * REFUSED when a list is not sorted, names somebody or something unknown, or names a person twice
 * or not at all. */
struct verify_round *verify_round_new(const struct region *region, const struct policy *policy,
                                      const struct plan *plan, struct alm_error *err);
void verify_round_free(struct verify_round *round);

size_t verify_round_person(const struct verify_round *round,
                           const char *id); /* or VERIFY_NOWHERE */
size_t verify_round_pool(const struct verify_round *round, const char *id);

/* May this person use beds of that part of a pool? (The rules of the pair aside.) */
int verify_round_may_use(const struct verify_round *round, const struct verify_person *person,
                         const struct verify_pool *pool, size_t part);
/* The part of a pool that is kept for a class; the open one when none is. */
size_t verify_round_part(const struct pool *pool, const char *class_code);
/* The part whose label a resident's own bed bears. */
size_t verify_round_own_part(const struct verify_round *round,
                             const struct verify_person *resident);

/* What the rules from the distance on say, when those before it hold (eligibility_pair_at). */
enum reason verify_round_pair_at(const struct verify_round *round,
                                 const struct verify_person *person, const struct verify_pool *pool,
                                 int64_t metres);
/* All rules. */
enum reason verify_round_pair(const struct verify_round *round, const struct verify_person *person,
                              const struct verify_pool *pool, int64_t *metres);

#endif
