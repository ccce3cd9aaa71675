/* envy.h - justified envy: somebody who counts less has a bed that a newcomer could have and would
 * better have. In words: docs/formats.md, Explanation. */
#ifndef ALMONER_ENVY_H
#define ALMONER_ENVY_H

#include "solver/verify_round.h"

/* By what the envious newcomer has: no place, another place; ROW: changing places would break a
 * household, the nursing minutes or a room. Of several the greatest counts. */
#define ENVIES(X)                                                                                  \
    X(NONE, "none")                                                                                \
    X(ROW, "row")                                                                                  \
    X(PLACED, "placed")                                                                            \
    X(UNPLACED, "unplaced")

#define ENVY_NAME(name, word) ENVY_##name,
enum envy { ENVIES(ENVY_NAME) ENVY_KINDS };
extern const char *const envy_words[ENVY_KINDS];

/* A newcomer, as far as envy goes. */
struct envy_person {
    const struct applicant *applicant;
    int64_t points, days, minutes; /* minutes: of care, a day */
    int is_guaranteed;
    int is_together; /* coupled to others by a household */
};
struct envy_person envy_person(const struct eligibility *rules, const struct applicant *applicant,
                               int64_t points, int is_together);

/* Where they meet. `minutes_left`: nursing minutes that the plan leaves in the home, INT64_MAX = no
 * limit, or the envious one is in that home already. */
struct envy_place {
    const struct pool *pool;
    int64_t minutes_left;
};

/* Could the person have the bed of the other, whichever beds of the pool it is one of? */
int envy_is_for_both(const struct applicant *person, const struct applicant *other,
                     const struct pool *pool);
/* Would a row break, were the person there and the other not? */
int envy_breaks_row(const struct envy_person *person, const struct envy_person *other,
                    const struct envy_place *place);
/* Has the person more points, and more by the objectives that come first and ask only who is
 * placed? */
int envy_counts_more(const struct policy *policy, const struct envy_person *person,
                     const struct envy_person *other);

/* How many newcomers envy somebody, by kind. -1 with an error when the plan is not of this world.
 */
int envy_count(const struct region *region, const struct policy *policy, const struct plan *plan,
               size_t counts[ENVY_KINDS], struct alm_error *err);

#endif
