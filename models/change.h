/* change.h - the only way in which a region changes: records to write, each with the version it
 * replaces, and the event to publish. Made by a use case, made durable by the store, applied by
 * region_apply. A change without records is legal ("nothing to do") and is not committed. */
#ifndef ALMONER_CHANGE_H
#define ALMONER_CHANGE_H

#include "models/err.h"
#include "models/record.h"

/* what happened; the word is the SSE event name */
#define EVENTS(X)                                                                                  \
    X(POLICY_SET, "policy.set")                                                                    \
    X(INSTITUTION_PUT, "institution.put")                                                          \
    X(POOL_PUT, "pool.put")                                                                        \
    X(VACANCY_POSTED, "vacancy.posted")                                                            \
    X(APPLICANT_SUBMITTED, "applicant.submitted")                                                  \
    X(APPLICANT_CHANGED, "applicant.changed")                                                      \
    X(APPLICANT_PARKED, "applicant.parked")                                                        \
    X(APPLICANT_UNPARKED, "applicant.unparked")                                                    \
    X(APPLICANT_CLOSED, "applicant.closed")                                                        \
    X(APPLICANT_ERASED, "applicant.erased")                                                        \
    X(APPLICANT_REOPENED, "applicant.reopened")                                                    \
    X(OFFER_SENT, "offer.sent")                                                                    \
    X(OFFER_ACCEPTED, "offer.accepted")                                                            \
    X(OFFER_DECLINED, "offer.declined")                                                            \
    X(OFFER_LAPSED, "offer.lapsed")                                                                \
    X(OFFER_WITHDRAWN, "offer.withdrawn")                                                          \
    X(OFFER_ADMITTED, "offer.admitted")                                                            \
    X(RESIDENT_DISCHARGED, "resident.discharged")                                                  \
    X(RESIDENT_LEFT, "resident.leave")                                                             \
    X(RESIDENT_RETURNED, "resident.return")                                                        \
    X(ROUND_STARTED, "round.started")                                                              \
    X(ROUND_FINISHED, "round.finished")                                                            \
    X(TRAVEL_PUT, "travel.put")

#define EVENT_ENUM(name, word) EVENT_##name,
enum event_type { EVENTS(EVENT_ENUM) EVENT_COUNT };
extern const struct words words_event;

enum { CHANGE_ID = 32, CHANGE_KEY_MAX = 200 };

struct change_item {
    uint64_t expects;      /* version that is replaced; 0 = the id must be new */
    struct record *record; /* the whole new record; record->version = expects + 1 */
};

/* Ask the store to remember, in the same atomic write, that a request was answered. */
struct change_idempotency {
    char key[CHANGE_KEY_MAX + 1]; /* "<token id>:<Idempotency-Key>[#row]"; "" = none */
    char request_hash[65];        /* SHA-256 of method, path and body, hex */
    int status;                   /* HTTP status to repeat */
    char record_id[ID_MAX + 1];   /* and the record that the answer was about */
    uint64_t record_version;
};

struct change {
    char id[CHANGE_ID + 1]; /* random hex, made by the shell: a change is committed at most once */
    struct change_item *items;
    size_t n, room;
    enum event_type event;
    int64_t at;               /* seconds, the clock that the use case was given */
    char subject[ID_MAX + 1]; /* id of the record that the event is about */
    struct change_idempotency idempotency;
    /* personal data: plain bytes as given (JSON text of `person`); the store seals them. NULL =
     * none */
    char *person_json;
    char person_id[ID_MAX + 1]; /* the applicant */
    int erases_person;          /* 1 = what is kept of person_id goes; then person_json is NULL */
};

void change_init(struct change *change);
void change_clear(struct change *change);

/* A deep copy of `old` with the next version, put into the change, for the caller to alter. When
 * the change already holds a newer copy of that record, that one is returned: use cases compose. */
struct record *change_edit(struct change *change, const struct record *old);
/* A new record (version 1, must not exist yet). */
struct record *change_create(struct change *change, enum record_type type, const char *id);
/* A deep copy of `wanted` as a new record, and as the next version of `held` (same type and id).
 * The change must not hold that record yet. */
struct record *change_add(struct change *change, const struct record *wanted);
struct record *change_replace(struct change *change, const struct record *held,
                              const struct record *wanted);
/* What this change would make of a record (NULL = untouched). */
const struct record *change_find(const struct change *change, enum record_type type,
                                 const char *id);

/* change_json.c: one line of JSON
 * {"id","event","at","subject","records":[{"type","version","record"}]}: no personal data, no
 * idempotency. from_json gives a change whose `expects` are version - 1. */
char *change_to_json(const struct change *change);
int change_from_json(const char *bytes, size_t len, struct change *change, struct alm_error *err);

#endif
