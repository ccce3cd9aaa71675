/* coupled_network.h - the network inside a round with coupled rows: what is tied up - households,
 * pools with rooms, homes whose nursing minutes could be short with one bed more, and who is or
 * lives there (formats.md: shadow_prices_are) - stays as the plan has it; everybody else and all
 * other beds are a network, whose optimum and prices are exact.
 *
 * Every plan of that network, put back, breaks no row of the round. So what it says of beds holds
 * for the round in one direction: one more bed gains at least its price, one bed fewer costs at
 * most its loss (docs/solver.md). */
#ifndef ALMONER_COUPLED_NETWORK_H
#define ALMONER_COUPLED_NETWORK_H

#include "solver/greatest.h"
#include "solver/problem.h"

struct coupled_network {
    unsigned char *is_priced; /* per pool: one of that network's */
    int64_t *part_price;      /* n_objectives per part, all as maximisation; 0 where not priced */
    struct greatest greatest; /* people by their number in the whole round */
};

/* `chosen` (n_people, breaks no row) is made better where that network has a better plan, and is
 * left as it is where it has none: returns 1 and 0. -1 with an error (INTERNAL) when the integers
 * contradict themselves. */
int coupled_network_solve(const struct problem *problem, uint32_t *chosen,
                          struct coupled_network *network, struct alm_error *err);
void coupled_network_clear(struct coupled_network *network); /* also of one that is all zero */

#endif
