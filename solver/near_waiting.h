/* near_waiting.h - for each part the first few of those who wait for it: the unplaced who lose
 * least by it, of equal ones those of the first pairs. Inside near.c only. */
#ifndef ALMONER_NEAR_WAITING_H
#define ALMONER_NEAR_WAITING_H

#include "solver/near.h"

struct near_first; /* of a part */

struct near_bar { /* of a part */
    int64_t price;
    int64_t gain; /* who gains no more is not among the first */
};

struct near_waiting {
    uint32_t n_parts;
    struct near_first *first; /* by part */
    struct near_bar *bars;    /* by part */
};

void near_waiting_init(struct near_waiting *waiting, uint32_t n_parts, const int64_t *price);
void near_waiting_clear(struct near_waiting *waiting);

/* Who gains more than the bar of the part; in the order of pairs. */
void near_waiting_offer(struct near_waiting *waiting, const struct near_pair *pair);
/* `more` are pairs after all of these; whoever is first among both stays. */
void near_waiting_join(struct near_waiting *waiting, const struct near_waiting *more);
/* All who wait are added to the list, part by part. */
void near_waiting_list(const struct near_waiting *waiting, struct near_list *list);

#endif
