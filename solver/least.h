/* least.h - from any optimal prices of a stage to the least ones.
 *
 * The quick way to what prices.h finds from nothing: prices that prove the assignment optimal leave
 * no gain on any exchange, so that the least ones are one search for shortest paths away
 * (docs/solver.md). */
#ifndef ALMONER_LEAST_H
#define ALMONER_LEAST_H

#include "solver/face.h"

/* `dual`: prices of the parts, of any quality. 1: they prove that `chosen` (an assignment on the
 * face) is optimal, and part_price and person_price are the least prices that do. 0: they do not,
 * or cannot explain why some part must be full; part_price and person_price mean nothing. */
int least_prices(const struct face *face, const int64_t *gain, const uint32_t *chosen,
                 const int64_t *dual, int64_t *part_price, int64_t *person_price);

#endif
