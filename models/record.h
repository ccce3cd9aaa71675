/* record.h - the records of a region: one plain struct per thing that a city keeps.
 *
 * Every record begins with `struct record`, so that the region keeps all of them in one kind of
 * table. Field names, types, defaults and limits are written once, in field tables (fields.h); CSV,
 * JSON, the API description and the docs come from those. Personal data is in none of them. */
#ifndef ALMONER_RECORD_H
#define ALMONER_RECORD_H

#include "models/list.h"
#include "models/words.h"

#include <bsd/sys/tree.h>
#include <stdint.h>

enum { ID_MAX = 64, RECORD_LEVELS = 7, RECORD_NAME_MAX = 200, RECORD_METRES_MAX = 100000000 };
#define RECORD_NO_LIMIT INT64_MAX /* an empty max_distance_m, max_fee or care_minutes */

struct record {
    RB_ENTRY(record) link; /* owned by the region; untouched elsewhere */
    enum record_type type;
    char id[ID_MAX + 1];
    uint64_t version; /* 1 = first; 0 = not stored yet */
};

struct institution {
    struct record record;
    char *name;
    double lat, lon; /* WGS84 degrees */
    char *district;  /* "" when empty; strings in records are never NULL */
    char *village;
    int64_t star; /* 0..5, 0 = not rated */
    int64_t suspended;
    struct list capabilities;
    int64_t care_minutes; /* nursing minutes a day still free; RECORD_NO_LIMIT */
};

struct room_group { /* `rooms` empty rooms of `beds` beds each */
    int64_t rooms, beds;
};

struct reserve { /* `beds` of the offerable beds are kept for that class */
    char *class_code;
    int64_t beds;
};

struct pool {
    struct record record;
    char institution_id[ID_MAX + 1];
    enum kind kind;
    int64_t beds_usable, beds_occupied, beds_approved, beds_staffed, beds_committed;
    int64_t
        beds_accepted; /* of the committed ones, those whose offer is accepted (not a CSV column) */
    enum sex_rule sex;
    struct room_group *rooms;
    size_t n_rooms;
    int64_t min_level, max_level;
    int64_t monthly_fee;
    struct list capabilities;
    struct list serves;
    struct reserve *reserved;
    size_t n_reserved;
    int64_t confirmed_at; /* last posting, seconds; STAMP_NONE = never (not a CSV column) */
};

struct declined { /* a pool turned down; cell form "P9" (for good) or "P9@2025-03-01" */
    char pool_id[ID_MAX + 1];
    int64_t at; /* seconds; STAMP_NONE = no date: holds for good */
};

struct extra { /* an x_ column */
    char *name, *value;
};

struct applicant {
    struct record record;
    int64_t applied_at;
    double lat, lon;
    int64_t level;
    uint32_t kinds;     /* bit 1u << enum kind */
    int64_t birth_date; /* STAMP_NONE = empty */
    enum sex sex;
    char *district, *village;
    char *class_code; /* column `class` */
    struct list flags, needs, preferences;
    struct declined *declined;
    size_t n_declined;
    int64_t max_distance_m, max_fee, min_star;
    int64_t assessment_valid_until; /* start of the last valid day; STAMP_NONE = valid */
    int64_t care_minutes;           /* RECORD_NO_LIMIT = by level, from the policy */
    char household_id[ID_MAX + 1];  /* "" = none */
    enum together together;
    char current_pool[ID_MAX + 1]; /* "" = newcomer */
    char *current_reserve; /* class whose reserved bed the resident holds; "" = an open one */
    enum applicant_state state;
    struct extra *extras;
    size_t n_extras;
    /* not CSV columns */
    enum closed_reason closed_reason;
    char offer_id[ID_MAX + 1]; /* the live offer, "" = none */
    int64_t parked_until;      /* STAMP_NONE = until unparked */
    int64_t on_leave;          /* 1 = a resident who is away for some days */
    int64_t closed_at;         /* STAMP_NONE = open, or closed before this was noted */
    int64_t erased_at;         /* when the personal data was erased; STAMP_NONE = it was not */
};

/* An offer of one bed to one person. Offers of one household share `bundle`; an offer of a bed that
 * a mover still holds names that mover's offer in `after`. */
struct offer {
    struct record record;
    char applicant_id[ID_MAX + 1], pool_id[ID_MAX + 1], institution_id[ID_MAX + 1];
    char from_pool[ID_MAX + 1]; /* transfer: the bed that falls free; "" = newcomer */
    char reserve[ID_MAX + 1];   /* class whose reserved bed this is; "" = open */
    char bundle[ID_MAX + 1];    /* household or cycle: all or none; "" = alone */
    char after[ID_MAX + 1];     /* offer that has to be admitted first; "" = none */
    int64_t round;              /* number of the round that made it */
    enum offer_state state;
    int64_t metres, points, rank;
    int64_t sent_at, answer_due, answered_at, admit_due, closed_at; /* STAMP_NONE = not yet */
    char *reason; /* code of a decline, lapse or withdrawal; "" */
    enum side side;
};

/* One distance of travel.csv; record.id is "from_id>institution_id" shortened by hashing when over
 * 64 bytes, so look distances up with region_metres only. */
struct travel {
    struct record record;
    char from_id[ID_MAX + 1], institution_id[ID_MAX + 1];
    int64_t metres;
};

struct objective_value {
    enum objective objective;
    int64_t value, bound;
};

struct round { /* record.id = the number in decimal */
    struct record record;
    int64_t number, started_at, finished_at;
    int64_t ok; /* 1 = a plan was made and checked */
    enum plan_status status;
    char *engine;
    char *message; /* what went wrong; "" */
    char *plan_sha256, *world_sha256;
    struct objective_value objectives[OBJECTIVE_COUNT];
    size_t n_objectives;
    int64_t waiting, vacancies, placed, unplaced, offers, dropped, solve_ms;
};

enum round_state round_state(const struct round *round);

struct policy_record { /* record.id = "current" */
    struct record record;
    char *json; /* what policy_from_json accepts */
};

/* A new record of that type with all fields at their defaults; record_free accepts NULL. */
struct record *record_new(enum record_type type, const char *id);
void record_free(struct record *record);
/* The one policy record, with that text (taken). */
struct record *policy_record_take(char *json);
struct record *record_copy(const struct record *record); /* deep; the link is not copied */

int record_id_ok(const char *text, size_t len); /* [A-Za-z0-9._:-]{1,64} */
int record_code_ok(const char *text,
                   size_t len); /* like an id, without `:`; letters of any script */

/* Is the record's id one: of those above, or for a travel row what travel_id makes of its ends? */
int record_has_id(const struct record *record);

/* The record id of a travel row: "from_id>institution_id", or the SHA-256 of that as hex when it is
 * longer than ID_MAX bytes. */
void travel_id(const char *from_id, const char *institution_id, char id[ID_MAX + 1]);

/* Beds are in service as far as they are approved, usable and staffed. */
int64_t pool_in_service(const struct pool *pool);
/* beds_offerable = max(0, min(approved, usable, staffed) - occupied - committed), and the same
 * without the floor at 0 (negative = overbooked; then nobody comes in and departures free nothing)
 */
int64_t pool_offerable(const struct pool *pool);
int64_t pool_slack(const struct pool *pool);

/* index of the first occurrence in the list, at most unlisted_rank; not in a non-empty list:
 * unlisted_rank; empty list: 0 */
int64_t applicant_rank(const struct applicant *applicant, const char *institution_id,
                       int64_t unlisted_rank);
/* does `pool_id` stand turned down at `now`? declined_days < 0 = for good */
int applicant_has_declined(const struct applicant *applicant, const char *pool_id,
                           int64_t declined_days, int64_t now);

#endif
