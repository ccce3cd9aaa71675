/* fields_table.c - the columns themselves: every field of every record, in the order of the
 * canonical export.
 *
 * Nothing but data: what a type means is in fields.c (memory), fields_text.c (cells),
 * record_json.c. */
#include "models/fields.h"

#include "models/stamp.h"

#include <string.h>

enum {
    BEDS_MAX = 1000000,
    MESSAGE_MAX_BYTES = 4000,
    POLICY_MAX_BYTES = 1 << 20,
    MINUTES_MAX = 1000000
};
#define MONEY_MAX INT64_C(1000000000000)
#define COUNT_MAX INT64_C(1000000000000000)

#define PUBLIC (FIELD_CSV | FIELD_JSON | FIELD_CLIENT)
#define SHOWN (FIELD_JSON)
#define OUTCOME (FIELD_JSON | FIELD_OUTCOME)
#define AT(type, member) .offset = offsetof(struct type, member)
#define KEY(text) .type = FIELD_IDENT, .offset = offsetof(struct record, id), .meaning = text
#define TEXT .type = FIELD_TEXT, .max = RECORD_NAME_MAX
#define LATITUDE .type = FIELD_DEGREES, .min = -90, .max = 90
#define LONGITUDE .type = FIELD_DEGREES, .min = -180, .max = 180
#define INTEGER(least, most, otherwise)                                                            \
    .type = FIELD_INT, .min = least, .max = most, .fallback = otherwise
#define WORD(list, otherwise) .type = FIELD_WORD, .words = &list, .fallback = otherwise
#define MOMENT .type = FIELD_TIME, .fallback = STAMP_NONE
#define DAY .type = FIELD_DATE, .fallback = STAMP_NONE

static const struct field institution_fields[] = {
    {"institution_id", KEY("the home's id"), .flags = PUBLIC | FIELD_KEY | FIELD_REQUIRED},
    {"name", TEXT, AT(institution, name), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "the home's name"},
    {"lat", LATITUDE, AT(institution, lat), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "latitude, WGS84 degrees"},
    {"lon", LONGITUDE, AT(institution, lon), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "longitude, WGS84 degrees"},
    {"district", TEXT, AT(institution, district), .flags = PUBLIC, .meaning = "district"},
    {"village", TEXT, AT(institution, village), .flags = PUBLIC, .meaning = "village"},
    {"star", INTEGER(0, 5, 0), AT(institution, star), .flags = PUBLIC,
     .meaning = "star rating 1-5; 0 = not rated"},
    {"suspended", FIELD_BOOL, AT(institution, suspended), .flags = PUBLIC,
     .meaning = "1 = takes no new placements"},
    {"capabilities", FIELD_CODES, AT(institution, capabilities), .flags = PUBLIC,
     .meaning = "capability codes, e.g. tube_feeding"},
    {"care_minutes", INTEGER(0, MINUTES_MAX, RECORD_NO_LIMIT), AT(institution, care_minutes),
     .flags = PUBLIC,
     .meaning = "nursing minutes a day that staff can still give to newcomers; empty = no limit"},
};

static const struct field pool_fields[] = {
    {"pool_id", KEY("the pool's id"), .flags = PUBLIC | FIELD_KEY | FIELD_REQUIRED},
    {"institution_id", FIELD_IDENT, AT(pool, institution_id), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "the home that the beds belong to"},
    {"kind", WORD(words_kind, 0), AT(pool, kind), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "kind of bed or service"},
    {"beds_usable", INTEGER(0, BEDS_MAX, 0), AT(pool, beds_usable),
     .flags = PUBLIC | FIELD_REQUIRED, .meaning = "beds that can be slept in"},
    {"beds_occupied", INTEGER(0, BEDS_MAX, 0), AT(pool, beds_occupied),
     .flags = PUBLIC | FIELD_REQUIRED, .meaning = "beds with somebody in them"},
    {"beds_approved", INTEGER(0, BEDS_MAX, 0), AT(pool, beds_approved),
     .flags = PUBLIC | FIELD_DEFAULT_USABLE, .meaning = "beds licensed; empty = beds_usable"},
    {"beds_staffed", INTEGER(0, BEDS_MAX, 0), AT(pool, beds_staffed),
     .flags = PUBLIC | FIELD_DEFAULT_USABLE,
     .meaning = "beds that staff can care for; empty = beds_usable"},
    {"beds_committed", INTEGER(0, BEDS_MAX, 0), AT(pool, beds_committed),
     .flags = FIELD_CSV | SHOWN, .meaning = "beds promised in open offers"},
    {"sex", WORD(words_sex_rule, SEX_RULE_ANY), AT(pool, sex), .flags = PUBLIC,
     .meaning = "whom the beds are for"},
    {"rooms", FIELD_ROOMS, AT(pool, rooms), .flags = PUBLIC,
     .meaning = "empty rooms, e.g. 2x4;3x2 = 2 rooms of 4 beds and 3 of 2; each is for one sex"},
    {"min_level", INTEGER(0, RECORD_LEVELS - 1, 0), AT(pool, min_level), .flags = PUBLIC,
     .meaning = "lowest care level taken"},
    {"max_level", INTEGER(0, RECORD_LEVELS - 1, RECORD_LEVELS - 1), AT(pool, max_level),
     .flags = PUBLIC, .meaning = "highest care level taken"},
    {"monthly_fee", INTEGER(0, MONEY_MAX, 0), AT(pool, monthly_fee), .flags = PUBLIC,
     .meaning = "whole currency units a month"},
    {"capabilities", FIELD_CODES, AT(pool, capabilities), .flags = PUBLIC,
     .meaning = "capability codes in addition to the institution's"},
    {"serves", FIELD_TEXTS, AT(pool, serves), .flags = PUBLIC,
     .meaning = "villages or districts whose residents alone may be placed; empty = anyone"},
    {"reserved_for", FIELD_RESERVES, AT(pool, reserved), .flags = PUBLIC,
     .meaning = "beds kept for a priority class, e.g. tekun:2;dibao:1"},
    {"beds_accepted", INTEGER(0, BEDS_MAX, 0), AT(pool, beds_accepted), .flags = SHOWN,
     .meaning = "of the committed beds, those whose offer is accepted"},
    {"confirmed_at", MOMENT, AT(pool, confirmed_at), .flags = SHOWN,
     .meaning = "last vacancy posting"},
    {"beds_offerable", INTEGER(0, BEDS_MAX, 0), .flags = SHOWN | FIELD_DERIVED,
     .meaning = "max(0, min(approved, usable, staffed) - occupied - committed)"},
};

static const struct field applicant_fields[] = {
    {"applicant_id", KEY("the person's pseudonymous id, the ticket"),
     .flags = PUBLIC | FIELD_KEY | FIELD_REQUIRED},
    {"applied_at", MOMENT, AT(applicant, applied_at), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "when the person applied, RFC 3339"},
    {"lat", LATITUDE, AT(applicant, lat), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "latitude of the present home, WGS84 degrees"},
    {"lon", LONGITUDE, AT(applicant, lon), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "longitude of the present home, WGS84 degrees"},
    {"level", INTEGER(0, RECORD_LEVELS - 1, 0), AT(applicant, level),
     .flags = PUBLIC | FIELD_REQUIRED, .meaning = "care level"},
    {"kinds", FIELD_KINDS, AT(applicant, kinds), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "kinds of bed or service that are acceptable"},
    {"birth_date", DAY, AT(applicant, birth_date), .flags = PUBLIC, .meaning = "date of birth"},
    {"sex", WORD(words_sex, SEX_NONE), AT(applicant, sex), .flags = PUBLIC,
     .meaning = "empty fits only pools and rooms of `any`"},
    {"district", TEXT, AT(applicant, district), .flags = PUBLIC, .meaning = "district"},
    {"village", TEXT, AT(applicant, village), .flags = PUBLIC, .meaning = "village"},
    {"class", FIELD_CODE, AT(applicant, class_code), .flags = PUBLIC,
     .meaning = "priority class code"},
    {"flags", FIELD_CODES, AT(applicant, flags), .flags = PUBLIC,
     .meaning = "facts that rules may use, e.g. lives_alone"},
    {"needs", FIELD_CODES, AT(applicant, needs), .flags = PUBLIC,
     .meaning = "capability codes, all required"},
    {"preferences", FIELD_IDS, AT(applicant, preferences), .flags = PUBLIC,
     .meaning = "institution ids, best first"},
    {"declined", FIELD_DECLINED, AT(applicant, declined), .flags = PUBLIC,
     .meaning = "pools turned down: P9 (for good) or P9@2025-03-01 (the day of the refusal)"},
    {"max_distance_m", INTEGER(0, RECORD_METRES_MAX, RECORD_NO_LIMIT),
     AT(applicant, max_distance_m), .flags = PUBLIC,
     .meaning = "greatest distance in metres; empty = no limit"},
    {"max_fee", INTEGER(0, MONEY_MAX, RECORD_NO_LIMIT), AT(applicant, max_fee), .flags = PUBLIC,
     .meaning = "greatest monthly fee; empty = no limit"},
    {"min_star", INTEGER(0, 5, 0), AT(applicant, min_star), .flags = PUBLIC,
     .meaning = "least star rating"},
    {"assessment_valid_until", DAY, AT(applicant, assessment_valid_until), .flags = PUBLIC,
     .meaning = "last day on which the assessment is valid; empty = valid"},
    {"care_minutes", INTEGER(0, MINUTES_MAX, RECORD_NO_LIMIT), AT(applicant, care_minutes),
     .flags = PUBLIC, .meaning = "nursing minutes a day needed; empty = by level, from the policy"},
    {"household_id", FIELD_IDENT, AT(applicant, household_id), .flags = PUBLIC,
     .meaning = "who waits together"},
    {"together", WORD(words_together, TOGETHER_INSTITUTION), AT(applicant, together),
     .flags = PUBLIC, .meaning = "institution = placed in the same one; none = shares the ticket"},
    {"current_pool", FIELD_IDENT, AT(applicant, current_pool), .flags = PUBLIC,
     .meaning = "where a resident who asks to move lives"},
    {"current_reserve", FIELD_CODE, AT(applicant, current_reserve), .flags = PUBLIC,
     .meaning = "class whose reserved bed the resident holds; empty = an open bed"},
    {"state", WORD(words_applicant_state, APPLICANT_WAITING), AT(applicant, state),
     .flags = FIELD_CSV | SHOWN, .meaning = "only `waiting` takes part in a round"},
    {"closed_reason", WORD(words_closed_reason, CLOSED_NONE), AT(applicant, closed_reason),
     .flags = SHOWN, .meaning = "why the application was closed"},
    {"offer_id", FIELD_IDENT, AT(applicant, offer_id), .flags = SHOWN, .meaning = "the live offer"},
    {"parked_until", MOMENT, AT(applicant, parked_until), .flags = SHOWN,
     .meaning = "end of the parking; null = until unparked"},
    {"on_leave", FIELD_BOOL, AT(applicant, on_leave), .flags = SHOWN,
     .meaning = "a resident who is away for some days"},
    {"closed_at", MOMENT, AT(applicant, closed_at), .flags = SHOWN,
     .meaning = "when the application was closed"},
    {"erased_at", MOMENT, AT(applicant, erased_at), .flags = SHOWN,
     .meaning = "when the personal data was erased"},
    {"x_", FIELD_EXTRAS, AT(applicant, extras), .flags = PUBLIC,
     .meaning = "any column whose name begins with x_: text that rules may use"},
};

static const struct field offer_fields[] = {
    {"offer_id", KEY("the offer's id"), .flags = SHOWN | FIELD_KEY | FIELD_REQUIRED},
    {"applicant_id", FIELD_IDENT, AT(offer, applicant_id), .flags = SHOWN | FIELD_REQUIRED,
     .meaning = "to whom"},
    {"pool_id", FIELD_IDENT, AT(offer, pool_id), .flags = SHOWN | FIELD_REQUIRED,
     .meaning = "a bed of this pool"},
    {"institution_id", FIELD_IDENT, AT(offer, institution_id), .flags = SHOWN | FIELD_REQUIRED,
     .meaning = "the pool's home"},
    {"from_pool", FIELD_IDENT, AT(offer, from_pool), .flags = SHOWN,
     .meaning = "transfer: the pool whose bed falls free"},
    {"reserve", FIELD_LABEL, AT(offer, reserve), .flags = SHOWN,
     .meaning = "class whose reserved bed this is"},
    {"bundle", FIELD_IDENT, AT(offer, bundle), .flags = SHOWN,
     .meaning = "household or cycle: all or none"},
    {"after", FIELD_IDENT, AT(offer, after), .flags = SHOWN,
     .meaning = "offer that has to be admitted first"},
    {"round", INTEGER(0, COUNT_MAX, 0), AT(offer, round), .flags = SHOWN,
     .meaning = "number of the round that made it"},
    {"state", WORD(words_offer_state, OFFER_PROPOSED), AT(offer, state), .flags = SHOWN,
     .meaning = "where the offer stands"},
    {"metres", INTEGER(0, RECORD_METRES_MAX, 0), AT(offer, metres), .flags = SHOWN,
     .meaning = "distance"},
    {"points", INTEGER(0, COUNT_MAX, 0), AT(offer, points), .flags = SHOWN,
     .meaning = "the person's points in that round"},
    {"rank", INTEGER(0, COUNT_MAX, 0), AT(offer, rank), .flags = SHOWN,
     .meaning = "rank of the home for the person, 0 = first choice"},
    {"sent_at", MOMENT, AT(offer, sent_at), .flags = SHOWN, .meaning = "when it was sent"},
    {"answer_due", MOMENT, AT(offer, answer_due), .flags = SHOWN,
     .meaning = "lapses without an answer"},
    {"answered_at", MOMENT, AT(offer, answered_at), .flags = SHOWN,
     .meaning = "when it was answered"},
    {"admit_due", MOMENT, AT(offer, admit_due), .flags = SHOWN,
     .meaning = "lapses without moving in"},
    {"closed_at", MOMENT, AT(offer, closed_at), .flags = SHOWN, .meaning = "when it ended"},
    {"reason", FIELD_CODE, AT(offer, reason), .flags = SHOWN,
     .meaning = "code of a decline, lapse or withdrawal"},
    {"side", WORD(words_side, SIDE_NONE), AT(offer, side), .flags = SHOWN,
     .meaning = "who ended it"},
};

static const struct field round_fields[] = {
    {"round_id", KEY("the number as text"), .flags = FIELD_KEY | FIELD_REQUIRED},
    {"number", INTEGER(0, COUNT_MAX, 0), AT(round, number), .flags = SHOWN,
     .meaning = "number of the round"},
    {"started_at", MOMENT, AT(round, started_at), .flags = SHOWN, .meaning = "start"},
    {"finished_at", MOMENT, AT(round, finished_at), .flags = SHOWN, .meaning = "end"},
    {"state", WORD(words_round_state, ROUND_RUNNING), .flags = SHOWN | FIELD_DERIVED,
     .meaning = "running, or finished"},
    {"ok", FIELD_BOOL, AT(round, ok), .flags = OUTCOME, .meaning = "a plan was made and checked"},
    {"status", WORD(words_plan_status, PLAN_FEASIBLE), AT(round, status), .flags = OUTCOME,
     .meaning = "optimal = proved"},
    {"engine", FIELD_CODE, AT(round, engine), .flags = OUTCOME, .meaning = "who solved it"},
    {"message", FIELD_TEXT, AT(round, message), .max = MESSAGE_MAX_BYTES, .flags = OUTCOME,
     .meaning = "what went wrong"},
    {"plan_sha256", TEXT, AT(round, plan_sha256), .flags = OUTCOME, .meaning = "hash of the plan"},
    {"world_sha256", TEXT, AT(round, world_sha256), .flags = OUTCOME,
     .meaning = "hash of the world"},
    {"objectives", FIELD_OBJECTIVES, AT(round, objectives), .flags = OUTCOME,
     .meaning = "value and bound of each objective, in the policy's order"},
    {"waiting", INTEGER(0, COUNT_MAX, 0), AT(round, waiting), .flags = OUTCOME,
     .meaning = "people who took part"},
    {"vacancies", INTEGER(0, COUNT_MAX, 0), AT(round, vacancies), .flags = OUTCOME,
     .meaning = "beds offerable"},
    {"placed", INTEGER(0, COUNT_MAX, 0), AT(round, placed), .flags = OUTCOME,
     .meaning = "people placed"},
    {"unplaced", INTEGER(0, COUNT_MAX, 0), AT(round, unplaced), .flags = OUTCOME,
     .meaning = "people not placed"},
    {"offers", INTEGER(0, COUNT_MAX, 0), AT(round, offers), .flags = OUTCOME,
     .meaning = "offers made"},
    {"dropped", INTEGER(0, COUNT_MAX, 0), AT(round, dropped), .flags = OUTCOME,
     .meaning = "placements that no longer held"},
    {"solve_ms", INTEGER(0, COUNT_MAX, 0), AT(round, solve_ms), .flags = OUTCOME,
     .meaning = "milliseconds of the solve"},
};

static const struct field travel_fields[] = {
    {"travel_id", FIELD_PLACE, .offset = offsetof(struct record, id),
     .flags = FIELD_KEY | FIELD_REQUIRED, .meaning = "from_id>institution_id"},
    {"from_id", FIELD_PLACE, AT(travel, from_id), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "a village or an applicant id; the applicant's row wins"},
    {"institution_id", FIELD_IDENT, AT(travel, institution_id), .flags = PUBLIC | FIELD_REQUIRED,
     .meaning = "the home"},
    {"metres", INTEGER(0, RECORD_METRES_MAX, 0), AT(travel, metres),
     .flags = PUBLIC | FIELD_REQUIRED, .meaning = "distance that replaces the great circle"},
};

static const struct field policy_fields[] = {
    {"policy_id", KEY("always `current`"), .flags = FIELD_KEY | FIELD_REQUIRED},
    {"json", FIELD_TEXT, AT(policy_record, json), .max = POLICY_MAX_BYTES,
     .meaning = "the policy as it was given"},
};

#define TABLE_OF(record_type, csv, list)                                                           \
    [record_type] = {record_type, csv, list, sizeof list / sizeof *list}

static const struct field_table tables[RECORD_TYPE_COUNT] = {
    TABLE_OF(RECORD_POLICY, NULL, policy_fields),
    TABLE_OF(RECORD_INSTITUTION, "institutions.csv", institution_fields),
    TABLE_OF(RECORD_POOL, "pools.csv", pool_fields),
    TABLE_OF(RECORD_APPLICANT, "applicants.csv", applicant_fields),
    TABLE_OF(RECORD_OFFER, NULL, offer_fields),
    TABLE_OF(RECORD_ROUND, NULL, round_fields),
    TABLE_OF(RECORD_TRAVEL, "travel.csv", travel_fields),
};

const struct field_table *fields_of(enum record_type type)
{
    return &tables[type];
}

const struct field *fields_find(const struct field_table *table, const char *name, size_t len)
{
    for (size_t i = 0; i < table->n; i++)
        if (strlen(table->fields[i].name) == len && memcmp(table->fields[i].name, name, len) == 0)
            return &table->fields[i];
    return NULL;
}
