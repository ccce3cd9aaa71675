/* verify_ties.h - that of all best plans of a network round the one is at hand that the order of
 * ties asks for (docs/formats.md, Ties).
 *
 * The argument. Of two best plans each person is where the prices leave them as content as
 * anywhere, priced parts are full in both, and what differs are cycles: people who go one to the
 * next one's part, through parts that cost nothing and have a bed left or can spare one. So
 * somebody could be better off, with nobody before them elsewhere, exactly when a way of people
 * after them (or of people who change beds within their pool) leads from the better part to where
 * they are. */
#ifndef ALMONER_VERIFY_TIES_H
#define ALMONER_VERIFY_TIES_H

#include "solver/verify_seats.h"

/* Given that plan and dual prove each other. 0, or -1 with REFUSED: the first in the order of ties
 * who could be better off, and where. */
int verify_ties_check(const struct verify_round *round, const struct verify_dual *dual,
                      struct alm_error *err);

#endif
