/* coupled_start.h - where the relaxation of a round with coupled rows begins when it is large or
 * has staff rows: prices of beds and of staff minutes, and what everybody takes at these prices.
 *
 * Rooms are left out, staff rows become prices that rise where too many minutes are taken and fall
 * where too few (a Lagrangian relaxation), households take their best home as long as there are
 * beds, and for everybody else the round is a network, whose optimum is exact. Nothing here is a
 * claim: the plan may break staff rows and rooms. */
#ifndef ALMONER_COUPLED_START_H
#define ALMONER_COUPLED_START_H

#include "solver/budget.h"
#include "solver/choices.h"

struct coupled_start {
    uint32_t *chosen; /* per person */
    uint32_t *tree;   /* per part: the pair of somebody alone that makes its price; PROBLEM_NONE */
    double *price;    /* per row of the model: parts and staff rows */
};

/* `gain`, `alive`: per column; `scale`: what one point of the first objective counts in it. */
void coupled_start_find(const struct choices *choices, const int64_t *gain,
                        const unsigned char *alive, int64_t scale, struct budget *budget,
                        struct coupled_start *start);
void coupled_start_clear(struct coupled_start *start);

#endif
