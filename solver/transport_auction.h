/* transport_auction.h - prices to begin with, by an auction: people bid for the beds of parts until
 * nearly everybody has nearly the most that they can have. Inside transport*.c only.
 *
 * Exact it is not: the numbers are rounded, and it ends after so many bids whatever comes. What it
 * leaves to shortest paths are few people and short ways. */
#ifndef ALMONER_TRANSPORT_AUCTION_H
#define ALMONER_TRANSPORT_AUCTION_H

#include "solver/budget.h"
#include "solver/transport_rows.h"

/* `price` by part, `node` by person: where their bid stands, `outside` without one. Only the gains
 * of `rows` are read, not who is where. `is_scarce`: not many beds are to spare. */
void transport_auction(const struct transport_rows *rows, int is_scarce,
                       const struct budget *budget, int64_t *price, uint32_t *node);

#endif
