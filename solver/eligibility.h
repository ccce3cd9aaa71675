/* eligibility.h - may this person be placed in this pool, and if not, why not. The rules of the
 * contract, in its order, and nothing else: who is ahead is not asked here.
 *
 * The order is that of enum reason. Seen over all pools but a resident's own, the reason of a
 * person whom no pool may take is therefore the greatest one met (the rule at which the pools ran
 * out), KIND when there is no pool at all. */
#ifndef ALMONER_ELIGIBILITY_H
#define ALMONER_ELIGIBILITY_H

#include "models/policy.h"
#include "models/region.h"

/* What a rule needs to know about the round. */
struct eligibility {
    const struct region *region;
    const struct policy *policy;
    int64_t now;
};

/* Which beds of a pool one person could have in this round. */
enum eligibility_beds {
    ELIGIBILITY_BEDS_NONE,     /* none is free, none may fall free */
    ELIGIBILITY_BEDS_RESERVED, /* some are, each kept for another class */
    ELIGIBILITY_BEDS_SOME
};

/* REASON_ELIGIBLE, or the first rule that fails. `metres` (may be NULL) receives the distance.
 * `could_move_out`: 1 when a resident of that pool waits to move in this round, so that a bed may
 * fall free which this person could have (a freed bed keeps the leaver's reserve). Of an overbooked
 * pool it is not. */
enum reason eligibility_pair(const struct eligibility *eligibility,
                             const struct applicant *applicant, const struct pool *pool,
                             int could_move_out, int64_t *metres);

/* The same in two steps, without look-ups, for those who walk over all pairs: the rules before the
 * distance (kind, level, sex, needs, serves), and when they hold, the rules from the distance on.
 * `home` is the pool's institution. */
enum reason eligibility_pair_static(const struct applicant *applicant, const struct pool *pool,
                                    const struct institution *home);
enum reason eligibility_pair_at(const struct eligibility *eligibility,
                                const struct applicant *applicant, const struct pool *pool,
                                const struct institution *home, int64_t metres,
                                enum eligibility_beds beds);

/* The farthest that this person goes, in metres: their own limit or the policy's. */
int64_t eligibility_longest_way(const struct eligibility *eligibility,
                                const struct applicant *applicant);

/* How many of the offerable beds the k-th reserve keeps, clipped in listed order; k = n_reserved:
 * how many are open to all. */
int64_t eligibility_kept(const struct pool *pool, size_t k);
/* Of the beds that stand free now (nobody moves out), what a person of that class could have. */
enum eligibility_beds eligibility_beds_free(const struct policy *policy, const struct pool *pool,
                                            const char *class_code);

/* One sentence in plain words with the figures that decided: "The home takes levels 2 to 4; the
 * assessed level is 5." Into text (at most room bytes). */
void eligibility_sentence(const struct eligibility *eligibility, enum reason reason,
                          const struct applicant *applicant, const struct pool *pool, char *text,
                          size_t room);

#endif
