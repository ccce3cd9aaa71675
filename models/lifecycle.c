/* lifecycle.c - see lifecycle.h.
 *
 * A cell holds the next state plus one, so that a cell left out is "not legal". */
#include "models/lifecycle.h"

#define TO(state) APPLICANT_##state + 1
#define ON(event) [APPLICANT_EVENT_##event]

static const unsigned char applicant_next[APPLICANT_STATE_COUNT][APPLICANT_EVENT_COUNT] = {
    [APPLICANT_DRAFT] = {ON(SUBMIT) = TO(SUBMITTED), ON(CLOSE) = TO(CLOSED)},
    [APPLICANT_SUBMITTED] = {ON(ASSESS) = TO(ASSESSED), ON(CLOSE) = TO(CLOSED)},
    [APPLICANT_ASSESSED] = {ON(ASSESS) = TO(ASSESSED), ON(LIST) = TO(WAITING),
                            ON(CLOSE) = TO(CLOSED)},
    /* a resident who asks to move waits too: such a person may stay or be discharged */
    [APPLICANT_WAITING] = {ON(ASSESS) = TO(WAITING), ON(PARK) = TO(PARKED), ON(OFFER) = TO(OFFERED),
                           ON(STAY) = TO(ADMITTED), ON(DISCHARGE) = TO(CLOSED),
                           ON(CLOSE) = TO(CLOSED)},
    [APPLICANT_PARKED] = {ON(ASSESS) = TO(PARKED), ON(UNPARK) = TO(WAITING),
                          ON(STAY) = TO(ADMITTED), ON(DISCHARGE) = TO(CLOSED),
                          ON(CLOSE) = TO(CLOSED)},
    [APPLICANT_OFFERED] = {ON(ACCEPT) = TO(ACCEPTED), ON(RELEASE) = TO(WAITING),
                           ON(STAY) = TO(ADMITTED), ON(DISCHARGE) = TO(CLOSED),
                           ON(CLOSE) = TO(CLOSED)},
    [APPLICANT_ACCEPTED] = {ON(RELEASE) = TO(WAITING), ON(ADMIT) = TO(ADMITTED),
                            ON(ADMIT_INTERIM) = TO(INTERIM), ON(STAY) = TO(ADMITTED),
                            ON(DISCHARGE) = TO(CLOSED), ON(CLOSE) = TO(CLOSED)},
    [APPLICANT_ADMITTED] = {ON(ASSESS) = TO(ADMITTED), ON(ASK_MOVE) = TO(WAITING),
                            ON(DISCHARGE) = TO(CLOSED)},
    /* an interim bed keeps the place in line: from there back to the list, with the bed or without
     */
    [APPLICANT_INTERIM] = {ON(ASSESS) = TO(INTERIM), ON(LIST) = TO(WAITING),
                           ON(ASK_MOVE) = TO(WAITING), ON(DISCHARGE) = TO(CLOSED)},
    [APPLICANT_CLOSED] = {ON(REOPEN) = TO(WAITING)},
};

#undef TO
#undef ON
#define TO(state) OFFER_##state + 1
#define ON(event) [OFFER_EVENT_##event]

static const unsigned char offer_next[OFFER_STATE_COUNT][OFFER_EVENT_COUNT] = {
    [OFFER_PROPOSED] = {ON(SEND) = TO(SENT), ON(WITHDRAW) = TO(WITHDRAWN)},
    [OFFER_SENT] = {ON(ACCEPT) = TO(ACCEPTED), ON(DECLINE) = TO(DECLINED), ON(LAPSE) = TO(LAPSED),
                    ON(WITHDRAW) = TO(WITHDRAWN)},
    [OFFER_ACCEPTED] = {ON(DECLINE) = TO(DECLINED), ON(LAPSE) = TO(LAPSED),
                        ON(WITHDRAW) = TO(WITHDRAWN), ON(ADMIT) = TO(ADMITTED)},
    [OFFER_DECLINED] = {0},
    [OFFER_LAPSED] = {0},
    [OFFER_WITHDRAWN] = {0},
    [OFFER_ADMITTED] = {0},
};

#define LIFECYCLE_TEXT(name, word) word,
static const char *const applicant_event_list[] = {APPLICANT_EVENTS(LIFECYCLE_TEXT)};
static const char *const offer_event_list[] = {OFFER_EVENTS(LIFECYCLE_TEXT)};
const struct words words_applicant_event = {applicant_event_list, APPLICANT_EVENT_COUNT};
const struct words words_offer_event = {offer_event_list, OFFER_EVENT_COUNT};

static int lifecycle_refuse(const char *what, const char *id, const char *state, const char *event,
                            struct alm_error *err)
{
    return err_set(err, ERR_ILLEGAL_STATE, "%s %s is %s: cannot %s", what, id, state, event);
}

int lifecycle_applicant(enum applicant_state state, enum applicant_event event, const char *id,
                        struct alm_error *err)
{
    int next = applicant_next[state][event];
    if (next)
        return next - 1;
    return lifecycle_refuse("applicant", id, words_name(&words_applicant_state, state),
                            words_name(&words_applicant_event, event), err);
}

int lifecycle_offer(enum offer_state state, enum offer_event event, const char *id,
                    struct alm_error *err)
{
    int next = offer_next[state][event];
    if (next)
        return next - 1;
    return lifecycle_refuse("offer", id, words_name(&words_offer_state, state),
                            words_name(&words_offer_event, event), err);
}

int lifecycle_offer_is_live(enum offer_state state)
{
    return state == OFFER_PROPOSED || state == OFFER_SENT || state == OFFER_ACCEPTED;
}
