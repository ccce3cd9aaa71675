/* network_tree.h - the basis that belongs to a plan of a network and to prices that prove it: who
 * explains the price of which part.
 *
 * A price is explained by somebody who is as well off in the part as with what they have, and who
 * is in a part without a price, in one whose price is explained, or without a bed. */
#ifndef ALMONER_NETWORK_TREE_H
#define ALMONER_NETWORK_TREE_H

#include "solver/face.h"

/* `tree` (n_parts): the pair that makes the price of each part, PROBLEM_NONE = nobody, or it costs
 * nothing. `gain` by pair; `chosen`, `part_price` as proved by prices.h. People who have no pair on
 * the face explain nothing. */
void network_tree_grow(const struct face *face, const int64_t *gain, const int64_t *part_price,
                       const uint32_t *chosen, uint32_t *tree);

#endif
