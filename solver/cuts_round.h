/* cuts_round.h - mixed integer rounding of a row of whole numbers over a divisor: what becomes of a
 * factor and of the limit (docs/solver-coupled.md, "One row"). Inside cuts*.c only. */
#ifndef ALMONER_CUTS_ROUND_H
#define ALMONER_CUTS_ROUND_H

#include <stdint.h>

struct cuts_round {
    int64_t divisor, rest;
    __int128 whole; /* the limit is whole * divisor + rest */
};

static inline int64_t cuts_round_down(int64_t value, int64_t divisor)
{
    int64_t whole = value / divisor;
    return whole * divisor > value ? whole - 1 : whole;
}

static inline __int128 cuts_round_down_wide(__int128 value, int64_t divisor)
{
    __int128 whole = value / divisor;
    return whole * divisor > value ? whole - 1 : whole;
}

/* 0 = nothing is left over, and rounding gains nothing. */
static inline int cuts_round_set(struct cuts_round *round, __int128 limit, int64_t divisor)
{
    round->divisor = divisor;
    round->whole = cuts_round_down_wide(limit, divisor);
    round->rest = (int64_t)(limit - round->whole * divisor);
    return round->rest != 0;
}

/* Both are times (divisor - rest), so that all are whole numbers. */
static inline int64_t cuts_round_factor(const struct cuts_round *round, int64_t value)
{
    int64_t whole = cuts_round_down(value, round->divisor);
    int64_t over = value - whole * round->divisor - round->rest;
    return whole * (round->divisor - round->rest) + (over > 0 ? over : 0);
}

static inline __int128 cuts_round_limit(const struct cuts_round *round)
{
    return round->whole * (round->divisor - round->rest);
}

#endif
