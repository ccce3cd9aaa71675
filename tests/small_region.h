/* small_region.h - a small region for tests of use cases, and a store that is one function. */
#ifndef ALMONER_SMALL_REGION_H
#define ALMONER_SMALL_REGION_H

#include "models/change.h"
#include "models/plan.h"
#include "models/region.h"

/* A region, and a use case being tried on it. */
struct small {
    struct region *region;
    struct change change;
    struct alm_error err;
};

enum { SMALL_NOW = 1740787200, SMALL_ANSWER_S = 100, SMALL_ADMIT_S = 1000 };

/* Policy (100 s to answer, 1000 s to move in, chains of 3); homes H1, H2, H3; pools P1 (H1: 2 beds
 * free), P2 (H2: 1 bed free, 1 reserved for tekun besides), P3 (H3: 1 bed, R1 lives in it), P4 (H2:
 * 1 bed, R2 lives in it); newcomers A1..A6 (A1 is tekun, A3 and A4 are household C); residents R1,
 * R2 who ask to move. */
struct region *small_region(void);

/* Commits as a store would: -1 when a version is not the expected one. Applies, checks the whole
 * region (CUnit assertion), clears and re-initialises the change. */
int small_commit(struct region *region, struct change *change);

/* A plan that places `n` people: "A1", "P1", "A2", "P2" ... */
void small_plan(struct plan *plan, size_t n, const char *const *pairs);
/* Makes and commits the offers of that plan as round `round`; returns how many offers were made. */
size_t small_round(struct region *region, int64_t round, size_t n, const char *const *pairs);

void small_open(struct small *small);
void small_close(struct small *small);
/* What the use case gave: commits and gives small_commit's answer, or throws the change away; -1.
 */
int small_done(struct small *small, int status);

#endif
