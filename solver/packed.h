/* packed.h - the gains of all objectives of a pair as one integer, whose order is the lexicographic
 * order of the vectors.
 *
 * Each objective has a range of its own, wide enough for what one pair counts and for prices up to
 * a limit that is chosen beforehand; sums of a gain and a price never leave it. Prices that turn
 * out to be beyond the limit are found when they are taken apart (packed_split). Inside network
 * rounds only. */
#ifndef ALMONER_PACKED_H
#define ALMONER_PACKED_H

#include "solver/problem.h"

/* No packed gain or price within the limits is larger, whichever way; sums of eight fit. */
#define PACKED_MOST (INT64_C(1) << 59)

struct packed {
    const struct problem *problem;
    int64_t weight[OBJECTIVE_COUNT]; /* what 1 counts in the k-th objective */
    int64_t range[OBJECTIVE_COUNT];
    int64_t most[OBJECTIVE_COUNT]; /* a price may be so much, whichever way */
    int64_t metre, rank, kept;     /* what one of them counts; kept: a bed of one's own class */
    int64_t placed, point, day,
        guarantee;  /* the same of newcomers: to be placed at all, a point ... */
    size_t kept_at; /* the objective that asks for those */
};

/* `price`: n_objectives per part, about as large as those to come. 0: the objectives do not fit
 * into one integer together. */
int packed_init(struct packed *packed, const struct problem *problem, const int64_t *price);

int64_t packed_join(const struct packed *packed, const int64_t *vector);
/* 0: it is beyond the limits, and `vector` means nothing. */
int packed_split(const struct packed *packed, int64_t number, int64_t *vector);

/* What any pair but the stay pair gains for this person, before metres, rank and class. */
int64_t packed_base(const struct packed *packed, uint32_t person);
/* The gain of such a pair, from the base of its person. */
static inline int64_t packed_gain(const struct packed *packed, int64_t base,
                                  const struct problem_pair *pair)
{
    int64_t gain = base - pair->metres * packed->metre - pair->rank * packed->rank;
    return packed->kept
               ? gain + packed->kept * problem_gain_of(packed->problem, pair, packed->kept_at)
               : gain;
}

#endif
