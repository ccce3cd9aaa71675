/* verify_margin.h - what the plan publishes of one bed more and one bed fewer, held against the
 * world: shadow prices, losses, who would come next and who would go last.
 *
 * The argument. Once certificate and plan prove each other, prices of beds are optimal exactly when
 * nobody would rather have another bed (or none) at them, whoever has a bed would rather have it
 * than none, and a bed that stands empty costs nothing. A price is the least possible when a chain
 * of people, each as content with the next one's beds as with their own, leads to it from somebody
 * without a bed or from beds that cost nothing; a loss is the greatest possible when such a chain
 * leads from it to an empty bed, or to a newcomer who would as soon have none. One pass over the
 * pairs finds all links. */
#ifndef ALMONER_VERIFY_MARGIN_H
#define ALMONER_VERIFY_MARGIN_H

#include "solver/verify_seats.h"

/* What shows without a certificate: the lists are sorted and whole (bounds: some pools may be left
 * out), only an optimal plan has exact prices and only a world that couples people has bounds, a
 * loss stands where there is a bed to lose and is not below the price, and
 * `next` and `last` are newcomers without and with a bed. 0, or -1 with REFUSED. */
int verify_margin_shape(const struct verify_round *round, struct alm_error *err);

/* That prices are the least, losses the greatest, `next` and `last` those whom the order of ties
 * names, given that the dual is optimal, the published price that of the dual and the shape right.
 * Of a pool without any bed nothing is said. 0, or -1 with REFUSED. */
int verify_margin_check(const struct verify_round *round, const struct verify_dual *dual,
                        struct alm_error *err);

#endif
