/* ties.h - of all optimal plans the one of the tie rule: a serial dictatorship on the optimal face.
 *
 * In the order of problem.tie_order each person gets the best they can have (rank, metres, smaller
 * pool id; unplaced last) among the optimal plans that keep what everyone before got. */
#ifndef ALMONER_TIES_H
#define ALMONER_TIES_H

#include "solver/face.h"

/* <0 when pair a is better for their person than pair b: rank, metres, smaller pool id. 0 for two
 * parts of one pool. */
int ties_compare(const struct problem *problem, uint32_t a, uint32_t b);

/* `chosen` is any assignment on the face of all stages; it becomes the one of the rule. */
void ties_settle(const struct face *face, uint32_t *chosen);

#endif
