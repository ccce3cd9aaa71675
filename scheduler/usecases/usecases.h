/* usecases.h - what people do with a waiting list, as pure functions: a const region, an input and
 * a clock give a change, or an error and no change.
 *
 * Conventions: `change` is initialised by the caller (change_init); on failure it is to be thrown
 * away. Every use case checks the life-cycle tables, keeps region_check true, and sets event,
 * subject and at. NOT_FOUND when an id does not exist. Who may do it is not asked here (api/). */
#ifndef ALMONER_USECASES_H
#define ALMONER_USECASES_H

#include "models/change.h"
#include "models/plan.h"
#include "models/region.h"

/* intake.c: applicants. Records are lent, already checked field by field; `person_json` is the
 * personal data to be sealed, NULL = none is sent, and what is kept stays. A new one whose id is
 * taken is a CONFLICT. */
int intake_submit(const struct region *region, const struct applicant *applicant,
                  const char *person_json, int64_t now, struct change *change,
                  struct alm_error *err);
int intake_patch(const struct region *region, const struct applicant *applicant,
                 const char *person_json, int64_t now, struct change *change,
                 struct alm_error *err);
/* Parking and unparking take the members along with whom the person is to be placed together. */
int intake_park(const struct region *region, const char *applicant_id, int64_t until, int64_t now,
                struct change *change, struct alm_error *err);
/* The moment until which the person was parked has come: back on the list. Nothing when it has not.
 */
int intake_unpark_due(const struct region *region, const char *applicant_id, int64_t now,
                      struct change *change, struct alm_error *err);
/* A resident asks to move: back on the list, keeping the bed. */
int intake_ask_move(const struct region *region, const char *applicant_id, int64_t now,
                    struct change *change, struct alm_error *err);
int intake_unpark(const struct region *region, const char *applicant_id, int64_t now,
                  struct change *change, struct alm_error *err);
/* Closes the application; a live offer is withdrawn with it. A resident's request to move is taken
 * back: the person stays where they live (refused for one who died: the home discharges).
 * `reason`: died, withdrew, ineligible, other. */
int intake_withdraw(const struct region *region, const char *applicant_id,
                    enum closed_reason reason, int64_t now, struct change *change,
                    struct alm_error *err);

/* A closed application is on the list again, under its ticket and with its date; personal data that
 * was erased meanwhile has to be sent anew. Whoever lived in a home has given up the bed. */
int intake_reopen(const struct region *region, const char *applicant_id, int64_t now,
                  struct change *change, struct alm_error *err);

/* erase.c: the sealed personal data of a closed application goes for good; its record, which knows
 * the person by id only, says when. ILLEGAL_STATE while it is open; nothing when it has gone. */
int erase_person(const struct region *region, const char *applicant_id, int64_t now,
                 struct change *change, struct alm_error *err);
/* The same by the rule: closed at `before` or earlier, else nothing. An application that was closed
 * before the moment was noted counts as closed now. */
int erase_person_due(const struct region *region, const char *applicant_id, int64_t before,
                     int64_t now, struct change *change, struct alm_error *err);

/* vacancy.c: what homes and planners set - institutions and pools, policy, travel. Suspending a
 * home withdraws its open (not yet accepted) offers in the same change. */
int vacancy_put_institution(const struct region *region, const struct institution *institution,
                            int64_t now, struct change *change, struct alm_error *err);
int vacancy_put_pool(const struct region *region, const struct pool *pool, int64_t now,
                     struct change *change, struct alm_error *err);
/* The thirty-second posting: absolute counts; -1 = not sent, keep. approved/staffed follow
 * beds_usable when they were equal to it before. */
int vacancy_post(const struct region *region, const char *pool_id, int64_t beds_usable,
                 int64_t beds_occupied, int64_t beds_staffed, int64_t now, struct change *change,
                 struct alm_error *err);
/* Has nobody confirmed the counts for as long as the policy trusts them? */
int vacancy_is_aged(const struct policy *policy, const struct pool *pool, int64_t now);
/* For a region about to be solved, never for a store: pools whose counts have aged have no staffed
 * bed to offer; a bed that a move of the same round frees is known, and stays. */
int vacancy_close_aged(const struct region *region, int64_t now, struct change *change,
                       struct alm_error *err);
/* The text is checked, and kept in canonical form. */
int vacancy_put_policy(const struct region *region, const char *json, size_t len, int64_t now,
                       struct change *change, struct alm_error *err);
/* One distance; BAD_INPUT when there is no such institution. Nothing when it is known already. */
int vacancy_put_travel(const struct region *region, const struct travel *travel, int64_t now,
                       struct change *change, struct alm_error *err);

/* offer.c: answers. A household's offers live and die together; what waited on a fallen offer falls
 * too. */
int offer_accept(const struct region *region, const char *offer_id, int64_t now,
                 struct change *change, struct alm_error *err);
/* `reason`: one of models/decline.h for that side, which also says what follows. */
int offer_decline(const struct region *region, const char *offer_id, enum side side,
                  const char *reason, int64_t now, struct change *change, struct alm_error *err);
int offer_withdraw(const struct region *region, const char *offer_id, const char *reason,
                   int64_t now, struct change *change, struct alm_error *err);
/* The deadline has passed (sent: no answer; accepted: never moved in). Nothing when it has not. */
int offer_lapse(const struct region *region, const char *offer_id, int64_t now,
                struct change *change, struct alm_error *err);
/* admit.c. The person moves in: the bed becomes occupied, a transfer frees the old bed in the same
 * change; a cycle moves as one. Refused with NO_BED while no bed is physically free, ILLEGAL_STATE
 * while `after` has not moved. */
int offer_admit(const struct region *region, const char *offer_id, int64_t now,
                struct change *change, struct alm_error *err);

/* resident.c: who does not live in a home is refused with ILLEGAL_STATE. Leaving for good closes
 * the application, withdraws a live offer and frees the bed, which stays kept for its class. Who is
 * on leave keeps the bed. */
int resident_discharge(const struct region *region, const char *applicant_id,
                       enum closed_reason reason, int64_t now, struct change *change,
                       struct alm_error *err);
int resident_leave(const struct region *region, const char *applicant_id, int64_t now,
                   struct change *change, struct alm_error *err);
int resident_return(const struct region *region, const char *applicant_id, int64_t now,
                    struct change *change, struct alm_error *err);

/* placement.c: a checked plan becomes offers, group by group. */

/* People of one plan who are placed as one: a person alone, a household, a chain of moves, a cycle.
 */
struct placement_member {
    struct placement placement;
    char offer_id[ID_MAX + 1]; /* "R12-0001": by round and place in the plan */
    char reserve[ID_MAX + 1];  /* class whose reserved bed it is; "" = an open one */
    char after[ID_MAX + 1];    /* offer of the mover whose bed this is; "" = a free bed */
    char bundle[ID_MAX + 1];   /* household or cycle: all or none; "" = alone */
};

struct placement_group {
    struct placement_member *members;
    size_t n;
};

struct placement_groups {
    struct placement_group *list; /* in order of the first member's applicant id */
    size_t n;
    size_t n_cut; /* placements left for a later round: in a chain longer than max_chain */
};

/* Splits the plan of round `round`, made on `frozen`, into groups. Pure; cannot fail. */
void placement_groups_init(const struct region *frozen, const struct plan *plan, int64_t round,
                           struct placement_groups *groups);
void placement_groups_clear(struct placement_groups *groups);
/* The offers of one group, checked by the rules and the counts of `region` as it is now, not by
 * comparing versions. -1 with REFUSED and the first thing that no longer holds: then the whole
 * group waits for the next round. */
int placement_decide(const struct region *region, const struct placement_group *group,
                     int64_t round, int64_t now, struct change *change, struct alm_error *err);

/* round.c: the record of a round. Its number is taken when it starts: CONFLICT when it is taken. */
int round_open(const struct region *region, const struct round *round, int64_t now,
               struct change *change, struct alm_error *err);
/* What became of it, said by whoever opened it: counts also over round_close_left. */
int round_record(const struct region *region, const struct round *round, int64_t now,
                 struct change *change, struct alm_error *err);
/* Rounds that were opened and never recorded have failed. Nothing when there are none. */
int round_close_left(const struct region *region, int64_t now, struct change *change,
                     struct alm_error *err);

#endif
