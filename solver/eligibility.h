/* eligibility.h - may this person be placed in this pool, and if not, why not. The rules of the contract,
 * in its order, and nothing else: who is ahead is not asked here. */
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

/* REASON_ELIGIBLE, or the first rule that fails. `metres` (may be NULL) receives the distance.
 * `could_move_out`: 1 when a resident of that pool waits to move in this round, so that a bed may fall free. */
enum reason eligibility_pair(const struct eligibility *eligibility,
                             const struct applicant *applicant, const struct pool *pool,
                             int could_move_out, int64_t *metres);

/* One sentence in plain words with the figures that decided: "The home takes levels 2 to 4; the assessed level is
 * 5." Into text (at most room bytes). */
void eligibility_sentence(const struct eligibility *eligibility, enum reason reason,
                          const struct applicant *applicant, const struct pool *pool, char *text,
                          size_t room);

#endif
