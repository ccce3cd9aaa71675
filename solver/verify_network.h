/* verify_network.h - what a plan publishes of beds in a round with coupled rows, held against the
 * world: shadow prices that are bounds (plan.h).
 *
 * They are exact for a network inside the round: everybody who is not tied up, with the beds that
 * the others leave. Tied up are members of households that wait together, and whoever is or lives
 * in a pool that is not open; open is a pool without rooms for one sex, in a home whose minutes
 * suffice for all of the round's beds there and one more, should each be for whoever needs most.
 * Who is tied up keeps a bed: where it is that of a resident who is not, all residents with that
 * label there are tied up as well, and where it is in a pool with reserves, that pool is not open.
 */
#ifndef ALMONER_VERIFY_NETWORK_H
#define ALMONER_VERIFY_NETWORK_H

#include "solver/verify_round.h"

/* The open pools are listed and no others; the prices prove that no plan of the network is better
 * than what this one makes of it; prices are the least, losses the greatest, `next` and `last`
 * those whom the order of ties names. 0, also of a plan without such prices; -1 with REFUSED. */
int verify_network_check(const struct verify_round *round, struct alm_error *err);

#endif
