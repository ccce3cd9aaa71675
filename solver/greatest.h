/* greatest.h - the other half of the shadow prices: what one bed fewer would cost, and who is at
 * the margin.
 *
 * Owns nothing that the solver needs: it reads the final plan and its least prices, and finds the
 * greatest optimal prices by shortest paths among the parts (docs/solver.md). Both are optimal
 * duals: the least is what one more bed gains, the greatest what one bed fewer loses. */
#ifndef ALMONER_GREATEST_H
#define ALMONER_GREATEST_H

#include "solver/problem.h"

/* Per part. Without capacity there is nothing to lose. */
struct greatest {
    int64_t *loss;           /* n_objectives each, all as maximisation */
    unsigned char *is_known; /* 0: no capacity, or who is there cannot be anywhere else */
    uint32_t *last; /* who would be without a place by one bed fewer; PROBLEM_NONE = nobody */
    uint32_t *next; /* who would get a place by one more; PROBLEM_NONE = nobody */
};

/* Nothing is known of any part, and nobody is at the margin. */
void greatest_blank(struct greatest *greatest, const struct problem *problem);
/* `chosen` is the optimal plan, the prices are its least ones in all objectives. */
void greatest_init(struct greatest *greatest, const struct problem *problem, const uint32_t *chosen,
                   const int64_t *part_price, const int64_t *person_price);
void greatest_clear(struct greatest *greatest);

#endif
