/* region.h - the whole world of one city: institutions, pools, applicants, offers, rounds, policy.
 *
 * Owns its records, each in a tree ordered by id (byte order), so that every walk is canonical.
 * It changes in one way only: region_apply of a change. Readers get const pointers that live until
 * the next region_apply. Pure: no I/O, no clock. */
#ifndef ALMONER_REGION_H
#define ALMONER_REGION_H

#include "models/err.h"
#include "models/record.h"

struct change;
struct policy;
struct region;

struct region *region_new(void);
void region_free(struct region *region);
struct region *region_copy(const struct region *region); /* deep */

/* Puts a record in, replacing one of the same type and id; takes ownership. For loading. When it is
 * the policy record its JSON must have been checked by policy_from_json. */
void region_put_take(struct region *region, struct record *record);

/* May return NULL. */
const struct record *region_find(const struct region *region, enum record_type type,
                                 const char *id);
const struct institution *region_institution(const struct region *region, const char *id);
const struct pool *region_pool(const struct region *region, const char *id);
const struct applicant *region_applicant(const struct region *region, const char *id);
const struct offer *region_offer(const struct region *region, const char *id);
const struct round *region_round(const struct region *region, int64_t number);
const struct policy *
region_policy(const struct region *region); /* parsed; NULL before one is set */

size_t region_count(const struct region *region, enum record_type type);
/* In order of id: for (r = region_first(region, t); r; r = region_next(r)). */
const struct record *region_first(const struct region *region, enum record_type type);
const struct record *region_next(const struct record *record);
const struct record *region_after(const struct region *region, enum record_type type,
                                  const char *id); /* first with id > id: cursors */

/* Metres from a person to a home: the applicant's travel row, else the village's, else the great
 * circle (haversine, R = 6,371,008.8 m, nearest metre: formats.md). */
int64_t region_metres(const struct region *region, const struct applicant *applicant,
                      const struct institution *institution);

/* Applies a change: each record that is newer than the one held replaces it, the others are
 * ignored. Total and pure; `change` stays the caller's. Returns how many records it took. */
size_t region_apply(struct region *region, const struct change *change);

/* Records whose deadline has passed at `now`, ordered by deadline, type, id; up to max: live offers
 * (answer_due when sent, admit_due when accepted) and applicants parked until then. And the first
 * deadline of all (STAMP_NONE = none). */
size_t region_due(const struct region *region, int64_t now, const struct record **due, size_t max);
int64_t region_next_deadline(const struct region *region);

/* Cross-record rules: every reference resolves, counts agree (beds_committed = live offers,
 * beds_accepted = accepted ones, applicant.offer_id = its live offer). 0, or -1 with one issue per
 * break. */
int region_check(const struct region *region, struct alm_error *err);

#endif
