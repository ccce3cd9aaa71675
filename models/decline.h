/* decline.h - why offers are declined: the closed list of reasons, who may give which, and what
 * follows. */
#ifndef ALMONER_DECLINE_H
#define ALMONER_DECLINE_H

#include "models/alloc.h"
#include "models/words.h"

enum decline_consequence {
    DECLINE_TURNS_DOWN, /* this pool is not offered to this person again while the policy says so */
    DECLINE_PARKS,   /* the person (and the household) rests until unparked; nothing is held against
                        them */
    DECLINE_WAITS_ON /* nothing: it was no fault of the person, who may be offered the pool again */
};

#define DECLINE_PERSON (1 << SIDE_PERSON)
#define DECLINE_HOME (1 << SIDE_INSTITUTION)

/* word, who may say it, what follows, in plain words */
#define DECLINE_REASONS(X)                                                                         \
    X("too_far", DECLINE_PERSON, DECLINE_TURNS_DOWN, "too far away")                               \
    X("too_expensive", DECLINE_PERSON, DECLINE_TURNS_DOWN, "too expensive")                        \
    X("not_this_home", DECLINE_PERSON, DECLINE_TURNS_DOWN, "another home is wanted")               \
    X("not_now", DECLINE_PERSON, DECLINE_PARKS, "not yet: the person wants to wait")               \
    X("in_hospital", DECLINE_PERSON, DECLINE_PARKS, "in hospital, or too ill to move")             \
    X("cannot_meet_needs", DECLINE_HOME, DECLINE_TURNS_DOWN, "the home cannot meet the needs")     \
    X("not_suitable", DECLINE_HOME, DECLINE_TURNS_DOWN, "does not suit the unit or its residents") \
    X("bed_not_free", DECLINE_HOME, DECLINE_WAITS_ON, "the bed is not free after all")             \
    X("admission_stop", DECLINE_HOME, DECLINE_WAITS_ON, "no admissions now, e.g. an infection")    \
    X("other", DECLINE_PERSON | DECLINE_HOME, DECLINE_TURNS_DOWN, "another reason")

struct decline_reason {
    const char *word;
    int sides; /* bits 1 << enum side */
    enum decline_consequence consequence;
    const char *meaning;
};

/* NULL when there is no such reason, or not for this side. */
const struct decline_reason *decline_find(const char *word, enum side side);
/* Appends "too_far too_expensive ...": what this side may say. */
void decline_words(enum side side, struct buffer *out);

#endif
