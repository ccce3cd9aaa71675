/* transport_single.h - the optimal assignment of a stage in which nobody has a choice of parts:
 * each part takes those who gain most there. Inside transport*.c only. */
#ifndef ALMONER_TRANSPORT_SINGLE_H
#define ALMONER_TRANSPORT_SINGLE_H

#include "solver/face.h"

/* As transport_solve; 0 as well, and nothing written, when somebody has more than one pair. */
int transport_single(const struct face *face, const int64_t *gain, uint32_t *chosen, int64_t *dual);

#endif
