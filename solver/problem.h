/* problem.h - one round as arrays: people, parts of pools, eligible pairs, coupled rows. Built once
 * from the region, then const. Everything in canonical order (people and pools by id, parts of a
 * pool: its reserves in listed order, then the open part), all values integers.
 *
 * A pool with reserves is split into parts: one per reserved class and the open one (last). A
 * resident (an applicant with a current pool) is a person who must be housed: one `stay` pair to
 * the part that they hold now, whose capacity counts them. So the network is: each newcomer at most
 * one pair, each resident exactly one, each part at most `capacity`. A pool with negative slack, or
 * of a suspended home, has only its stay pairs. */
#ifndef ALMONER_PROBLEM_H
#define ALMONER_PROBLEM_H

#include "models/household.h"
#include "models/policy.h"
#include "models/region.h"

#define PROBLEM_NONE UINT32_MAX

enum { PROBLEM_SLICE_PAIRS = 50000 }; /* a walk over fewer is not worth a thread */

struct problem_person {
    const struct applicant *applicant;
    int64_t points, days; /* at now */
    int64_t care_minutes;
    uint32_t first_pair, n_pairs; /* into problem.pairs, sorted by part */
    uint32_t stay_pair;           /* a resident's; PROBLEM_NONE for a newcomer */
    uint32_t household;           /* index into households of those placed together; PROBLEM_NONE */
    int is_guaranteed;            /* class is in guarantee_classes */
    enum reason reason; /* why no pool is eligible; REASON_OUTRANKED when at least one is */
};

struct problem_part {
    const struct pool *pool;
    const struct institution *institution;
    uint32_t pool_index; /* number of the pool among problem.n_pools, by id */
    const char *reserve; /* class, "" = open part */
    int64_t capacity; /* free beds of this part + residents who hold one of its beds and may move */
    int64_t stayers;  /* of these, the residents */
};

struct problem_pair {
    uint32_t person, part;
    int32_t metres, rank; /* of the new home; the stay pair has those of the present one */
};

struct problem_household {
    const char *id;
    uint32_t *people; /* indices, in order of id; at least two */
    size_t n;
};

struct problem_staff { /* one row: minutes of those who come <= free + minutes of residents who
                          leave */
    const struct institution *institution;
    int64_t free_minutes;
    int64_t resident_minutes; /* of the residents who live there and may move */
};

struct problem_rooms { /* a pool (sex=any) with empty rooms whose sex the round decides */
    uint32_t pool_index;
    struct room_group
        *groups; /* within the offerable beds: a room beyond them counts with the rest */
    size_t n_groups;
    int64_t free_beds; /* offerable beds outside these rooms: no sex rule */
    int64_t
        residents[SEX_COUNT]; /* who live there and may move: a freed bed is for the leaver's sex */
};

struct problem {
    const struct region *region;
    const struct policy *policy;
    int64_t now;
    struct problem_person *people;
    uint32_t n_people;
    char *ids;       /* of the people, one after the other: what is written down last needs no */
    uint32_t *id_at; /* record, which lies anywhere in memory; n_people + 1 places in them */
    struct problem_part *parts;
    uint32_t n_parts, n_pools;
    uint32_t *pool_first_part;  /* n_pools + 1 */
    struct problem_pair *pairs; /* by person, then part */
    uint32_t n_pairs;
    uint32_t *tie_order; /* people in the order of the tie rule: applied_at, lottery, id */
    struct problem_household *households;
    size_t n_households;
    struct problem_staff *staff;
    size_t n_staff;
    struct problem_rooms *rooms;
    size_t n_rooms;
    size_t n_objectives;
    enum objective objectives[OBJECTIVE_COUNT];
    int64_t widest[OBJECTIVE_COUNT]; /* by place in the policy: the most that one pair counts,
                                        whichever way */
};

/* NULL with an error when an amount would overflow the integers used here. */
struct problem *problem_new(const struct region *region, const struct policy *policy, int64_t now,
                            struct alm_error *err);
void problem_free(struct problem *problem);
int problem_is_coupled(
    const struct problem *problem); /* households, staff rows or rooms: not a network */

/* Number of a pool, PROBLEM_NONE when it is not in the round. */
uint32_t problem_pool(const struct problem *problem, const char *id);
/* The part whose bed a resident of that pool holds: that of their label where the pool has it, else
 * the open one. */
uint32_t problem_held_part(const struct problem *problem, uint32_t pool,
                           const struct applicant *resident);

/* Does the objective ask only who is placed? It counts the same for a newcomer in every pool then,
 * and nothing for residents. */
static inline int problem_asks_who(enum objective objective)
{
    return objective == OBJECTIVE_GUARANTEE || objective == OBJECTIVE_NEED ||
           objective == OBJECTIVE_PLACEMENTS || objective == OBJECTIVE_SENIORITY;
}

/* Gain of choosing `pair` in the k-th objective of the policy, as maximisation (minimised
 * objectives negated). A stay pair is 0 in all. Newcomer unplaced = 0. */
int64_t problem_gain(const struct problem *problem, uint32_t pair, size_t k);
/* The same for a pair that need not be in the list and is no stay pair. */
int64_t problem_gain_of(const struct problem *problem, const struct problem_pair *pair, size_t k);

/* The pairs of a person lie anywhere in memory: who will read them soon asks for all of them. */
enum { PROBLEM_CACHE_LINE = 64 };
static inline void problem_ask_for_pairs(const struct problem *problem, size_t person)
{
    const struct problem_person *at = &problem->people[person];
    const char *pairs = (const char *)&problem->pairs[at->first_pair];
    size_t size = at->n_pairs * sizeof *problem->pairs;
    for (size_t byte = 0; byte < size; byte += PROBLEM_CACHE_LINE)
        __builtin_prefetch(pairs + byte);
}

/* Sums of an assignment (pair chosen per person, PROBLEM_NONE = unplaced), as the objectives are
 * stated in the contract (minimised ones positive). */
void problem_values(const struct problem *problem, const uint32_t *chosen,
                    int64_t values[OBJECTIVE_COUNT]);

/* Is it the pair by which a resident stays? */
int problem_is_stay(const struct problem *problem, uint32_t pair);

#endif
