/* explain.h - why this bed, or for each pool why not: for one named person, in data and in
 * sentences. */
#ifndef ALMONER_EXPLAIN_H
#define ALMONER_EXPLAIN_H

#include "models/plan.h"
#include "models/policy.h"
#include "models/region.h"

/* Where prices do not tell which wider limit of a person without a place would have helped, a
 * proved round is solved again with it, for `again_s` seconds at most in all; 0 = not at all. */

/* JSON text (caller frees; its members: docs/formats.md, Explanation), or NULL with NOT_FOUND,
 * or with the error of solving again.
 * "sentences" in it are whole sentences that an adviser can read out. */
char *explain_json(const struct region *region, const struct policy *policy,
                   const struct plan *plan, const char *applicant_id, double again_s,
                   struct alm_error *err);
/* The same as plain text, one sentence a line. */
char *explain_text(const struct region *region, const struct policy *policy,
                   const struct plan *plan, const char *applicant_id, double again_s,
                   struct alm_error *err);

#endif
