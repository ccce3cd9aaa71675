/* lifecycle.h - the lives of applicants and offers, as two tables: state x event -> next state.
 *
 * The tables are the only place that knows which step is legal. */
#ifndef ALMONER_LIFECYCLE_H
#define ALMONER_LIFECYCLE_H

#include "models/err.h"
#include "models/words.h"

#define APPLICANT_EVENTS(X)                                                                        \
    X(SUBMIT, "submit")                                                                            \
    X(ASSESS, "assess")                                                                            \
    X(LIST, "list")                                                                                \
    X(PARK, "park")                                                                                \
    X(UNPARK, "unpark")                                                                            \
    X(OFFER, "offer")                                                                              \
    X(ACCEPT, "accept")                                                                            \
    X(RELEASE, "release") /* an offer was declined, lapsed or withdrawn: back to waiting */        \
    X(ADMIT, "admit")                                                                              \
    X(ADMIT_INTERIM, "admit_interim")                                                              \
    X(ASK_MOVE, "ask_move")                                                                        \
    X(STAY, "stay") /* a resident takes the request to move back */                                \
    X(DISCHARGE, "discharge")                                                                      \
    X(CLOSE, "close")                                                                              \
    X(REOPEN, "reopen") /* it was closed by mistake, or things have changed */

#define OFFER_EVENTS(X)                                                                            \
    X(SEND, "send")                                                                                \
    X(ACCEPT, "accept")                                                                            \
    X(DECLINE, "decline")                                                                          \
    X(LAPSE, "lapse")                                                                              \
    X(WITHDRAW, "withdraw")                                                                        \
    X(ADMIT, "admit")

#define LIFECYCLE_APPLICANT(name, word) APPLICANT_EVENT_##name,
#define LIFECYCLE_OFFER(name, word) OFFER_EVENT_##name,
enum applicant_event { APPLICANT_EVENTS(LIFECYCLE_APPLICANT) APPLICANT_EVENT_COUNT };
enum offer_event { OFFER_EVENTS(LIFECYCLE_OFFER) OFFER_EVENT_COUNT };
extern const struct words words_applicant_event, words_offer_event;

/* The next state, or -1 with ILLEGAL_STATE ("applicant A1 is parked: cannot accept"). */
int lifecycle_applicant(enum applicant_state state, enum applicant_event event, const char *id,
                        struct alm_error *err);
int lifecycle_offer(enum offer_state state, enum offer_event event, const char *id,
                    struct alm_error *err);
int lifecycle_offer_is_live(enum offer_state state); /* proposed, sent, accepted */

#endif
