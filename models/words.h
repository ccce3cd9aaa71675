/* words.h - every closed list of the field, written once: kinds, sexes, states, reasons,
 * objectives.
 *
 * Each list is an X-macro X(NAME, "word") and yields the enum here and the words in words.c. */
#ifndef ALMONER_WORDS_H
#define ALMONER_WORDS_H

#include <stddef.h>

/* beds first, then services; KIND_SERVICE_FIRST marks the border */
#define KINDS(X)                                                                                   \
    X(NURSING, "nursing")                                                                          \
    X(DEMENTIA, "dementia")                                                                        \
    X(VILLAGE, "village")                                                                          \
    X(STREET, "street")                                                                            \
    X(HOME, "home")                                                                                \
    X(DISABILITY, "disability")                                                                    \
    X(RESIDENTIAL, "residential")                                                                  \
    X(DAY_CARE, "day_care")                                                                        \
    X(MEAL, "meal")                                                                                \
    X(HOME_ADAPTATION, "home_adaptation")                                                          \
    X(EMERGENCY_CALL, "emergency_call")                                                            \
    X(VISIT, "visit")                                                                              \
    X(ESCORT, "escort")                                                                            \
    X(BATH, "bath")                                                                                \
    X(WATER_METER, "water_meter")

/* of a person (NONE = not stated) and of a pool (ANY) */
#define SEXES(X)                                                                                   \
    X(NONE, "")                                                                                    \
    X(FEMALE, "female")                                                                            \
    X(MALE, "male")

#define SEX_RULES(X)                                                                               \
    X(ANY, "any")                                                                                  \
    X(FEMALE, "female")                                                                            \
    X(MALE, "male")

#define TOGETHERS(X)                                                                               \
    X(INSTITUTION, "institution")                                                                  \
    X(NONE, "none")

#define APPLICANT_STATES(X)                                                                        \
    X(DRAFT, "draft")                                                                              \
    X(SUBMITTED, "submitted")                                                                      \
    X(ASSESSED, "assessed")                                                                        \
    X(WAITING, "waiting")                                                                          \
    X(PARKED, "parked")                                                                            \
    X(OFFERED, "offered")                                                                          \
    X(ACCEPTED, "accepted")                                                                        \
    X(ADMITTED, "admitted")                                                                        \
    X(INTERIM, "interim")                                                                          \
    X(CLOSED, "closed")

#define CLOSED_REASONS(X)                                                                          \
    X(NONE, "")                                                                                    \
    X(DIED, "died")                                                                                \
    X(WITHDREW, "withdrew")                                                                        \
    X(INELIGIBLE, "ineligible")                                                                    \
    X(OTHER, "other")

#define OFFER_STATES(X)                                                                            \
    X(PROPOSED, "proposed")                                                                        \
    X(SENT, "sent")                                                                                \
    X(ACCEPTED, "accepted")                                                                        \
    X(DECLINED, "declined")                                                                        \
    X(LAPSED, "lapsed")                                                                            \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(ADMITTED, "admitted")

/* who turned an offer down */
#define SIDES(X)                                                                                   \
    X(NONE, "")                                                                                    \
    X(PERSON, "person")                                                                            \
    X(INSTITUTION, "institution")                                                                  \
    X(SYSTEM, "system")

/* why a pair is not eligible, in the order in which the rules are tried (formats.md); NOT_ASKED is
 * for residents alone: a pool that they did not ask for or that they rank below their own */
#define REASONS(X)                                                                                 \
    X(ELIGIBLE, "eligible")                                                                        \
    X(KIND, "kind")                                                                                \
    X(LEVEL, "level")                                                                              \
    X(SEX, "sex")                                                                                  \
    X(NEEDS, "needs")                                                                              \
    X(SERVES, "serves")                                                                            \
    X(DISTANCE, "distance")                                                                        \
    X(FEE, "fee")                                                                                  \
    X(STAR, "star")                                                                                \
    X(SUSPENDED, "suspended")                                                                      \
    X(ASSESSMENT, "assessment")                                                                    \
    X(RESERVED, "reserved")                                                                        \
    X(DECLINED, "declined")                                                                        \
    X(NO_BED, "no_bed")                                                                            \
    X(NOT_ASKED, "not_asked")                                                                      \
    X(OUTRANKED, "outranked")

/* name, word, 1 = maximised 0 = minimised */
#define OBJECTIVES(X)                                                                              \
    X(GUARANTEE, "guarantee", 1)                                                                   \
    X(RESERVE, "reserve", 1)                                                                       \
    X(NEED, "need", 1)                                                                             \
    X(PLACEMENTS, "placements", 1)                                                                 \
    X(SENIORITY, "seniority", 1)                                                                   \
    X(TRANSFERS, "transfers", 1)                                                                   \
    X(PREFERENCE, "preference", 0)                                                                 \
    X(TRAVEL, "travel", 0)                                                                         \
    X(MOVES, "moves", 0)

#define RULE_TYPES(X)                                                                              \
    X(TABLE, "table")                                                                              \
    X(FLAG, "flag")                                                                                \
    X(COUNT, "count")                                                                              \
    X(MATRIX, "matrix")                                                                            \
    X(PER_DAY, "per_day")

#define RESERVE_MODES(X)                                                                           \
    X(HARD, "hard")                                                                                \
    X(SOFT, "soft")

#define PLAN_STATUSES(X)                                                                           \
    X(OPTIMAL, "optimal")                                                                          \
    X(FEASIBLE, "feasible")

/* running: no figure of it is known yet */
#define ROUND_STATES(X)                                                                            \
    X(RUNNING, "running")                                                                          \
    X(FINISHED, "finished")

#define RECORD_TYPES(X)                                                                            \
    X(POLICY, "policy")                                                                            \
    X(INSTITUTION, "institution")                                                                  \
    X(POOL, "pool")                                                                                \
    X(APPLICANT, "applicant")                                                                      \
    X(OFFER, "offer")                                                                              \
    X(ROUND, "round")                                                                              \
    X(TRAVEL, "travel")

#define ROLES(X)                                                                                   \
    X(DISTRICT, "district")                                                                        \
    X(INSTITUTION, "institution")                                                                  \
    X(PLANNER, "planner")                                                                          \
    X(ADMIN, "admin")

#define WORDS_KIND(name, word) KIND_##name,
#define WORDS_SEX(name, word) SEX_##name,
#define WORDS_SEX_RULE(name, word) SEX_RULE_##name,
#define WORDS_TOGETHER(name, word) TOGETHER_##name,
#define WORDS_APPLICANT(name, word) APPLICANT_##name,
#define WORDS_CLOSED(name, word) CLOSED_##name,
#define WORDS_OFFER(name, word) OFFER_##name,
#define WORDS_SIDE(name, word) SIDE_##name,
#define WORDS_REASON(name, word) REASON_##name,
#define WORDS_OBJECTIVE(name, word, max) OBJECTIVE_##name,
#define WORDS_RULE(name, word) RULE_##name,
#define WORDS_RESERVE(name, word) RESERVE_##name,
#define WORDS_PLAN(name, word) PLAN_##name,
#define WORDS_ROUND(name, word) ROUND_##name,
#define WORDS_RECORD(name, word) RECORD_##name,
#define WORDS_ROLE(name, word) ROLE_##name,

enum kind { KINDS(WORDS_KIND) KIND_COUNT };
#define KIND_SERVICE_FIRST KIND_DAY_CARE
enum sex { SEXES(WORDS_SEX) SEX_COUNT };
enum sex_rule { SEX_RULES(WORDS_SEX_RULE) SEX_RULE_COUNT };
enum together { TOGETHERS(WORDS_TOGETHER) TOGETHER_COUNT };
enum applicant_state { APPLICANT_STATES(WORDS_APPLICANT) APPLICANT_STATE_COUNT };
enum closed_reason { CLOSED_REASONS(WORDS_CLOSED) CLOSED_REASON_COUNT };
enum offer_state { OFFER_STATES(WORDS_OFFER) OFFER_STATE_COUNT };
enum side { SIDES(WORDS_SIDE) SIDE_COUNT };
enum reason { REASONS(WORDS_REASON) REASON_COUNT };
enum objective { OBJECTIVES(WORDS_OBJECTIVE) OBJECTIVE_COUNT };
enum rule_type { RULE_TYPES(WORDS_RULE) RULE_TYPE_COUNT };
enum reserve_mode { RESERVE_MODES(WORDS_RESERVE) RESERVE_MODE_COUNT };
enum plan_status { PLAN_STATUSES(WORDS_PLAN) PLAN_STATUS_COUNT };
enum round_state { ROUND_STATES(WORDS_ROUND) ROUND_STATE_COUNT };
enum record_type { RECORD_TYPES(WORDS_RECORD) RECORD_TYPE_COUNT };
enum role { ROLES(WORDS_ROLE) ROLE_COUNT };

/* One list of words: words.list[value] is the word of an enum value. */
struct words {
    const char *const *list;
    int count;
};

extern const struct words words_kind, words_sex, words_sex_rule, words_together,
    words_applicant_state, words_closed_reason, words_offer_state, words_side, words_reason,
    words_objective, words_rule_type, words_reserve_mode, words_plan_status, words_round_state,
    words_record_type, words_role;

/* The word of a value ("?" outside the list), and the value of a word of `len` bytes (-1 =
 * unknown). */
const char *words_name(const struct words *words, int value);
int words_find(const struct words *words, const char *word, size_t len);
/* All of them but the empty one, with a space between two; caller frees. */
char *words_all(const struct words *words);

int words_objective_is_max(enum objective objective); /* 1 = maximised, 0 = minimised */

#endif
