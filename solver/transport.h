/* transport.h - an optimal assignment of one stage and prices that show it: successive shortest
 * paths among the parts, from prices that an auction or samples of the people have found, or from
 * given ones.
 *
 * Proposes only: whether the assignment is optimal, and what the least prices are, is for prices.h
 * to say. The method and why it ends at an optimum: docs/solver.md. */
#ifndef ALMONER_TRANSPORT_H
#define ALMONER_TRANSPORT_H

#include "solver/budget.h"
#include "solver/face.h"

/* Where the first prices come from when none are given. */
enum transport_first {
    TRANSPORT_FITTING, /* whatever suits the round; the others are here to be tried against it */
    TRANSPORT_PLAIN,   /* from nowhere: they are 0 */
    TRANSPORT_SAMPLES,
    TRANSPORT_AUCTION
};

/* `chosen` is an assignment on the face; `gain` is by pair. 1: it is now an optimal one, and `dual`
 * (n_parts) holds optimal prices, though not the least. 0: the budget (one unit per path) ended
 * before, or no path was found: `chosen` and `dual` are as they were.
 * `start`: prices of the parts to begin with, any that sums of gains can be (the nearer to optimal
 * ones, the fewer paths); who has most where `chosen` has them stays there. NULL: as `first`
 * says, unless everybody gains the same wherever they go and may stay. */
int transport_solve(const struct face *face, const int64_t *gain, const int64_t *start,
                    enum transport_first first, struct budget *budget, uint32_t *chosen,
                    int64_t *dual);

/* An optimum that follows its beds. People who must have a bed and have none cost more than any
 * plan gains. `start` and `chosen` as above; NULL when the budget has ended. */
struct transport;
struct transport *transport_new(const struct face *face, const int64_t *gain, const int64_t *start,
                                struct budget *budget, const uint32_t *chosen);
void transport_free(struct transport *transport);
/* n more beds of a part, or fewer; the optimum follows with transport_settle: 0 when the budget has
 * ended before, and it may be called again. */
void transport_change(struct transport *transport, uint32_t part, int64_t n);
int transport_settle(struct transport *transport);
/* The same, unless the optimum is worth less by `most` or more than what the changes are at the
 * prices of parts before, as transport_price says them: then 0, and they must be taken back, and
 * settled, before anything else. */
int transport_settle_within(struct transport *transport, int64_t most);
int64_t transport_value(const struct transport *transport);
/* One more bed there would gain no more than that, and one fewer lose no less, as settled. */
int64_t transport_price(const struct transport *transport, uint32_t part);
void transport_read(const struct transport *transport, uint32_t *chosen, int64_t *dual);

#endif
