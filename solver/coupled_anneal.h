/* coupled_anneal.h - a design changed by chance, so that small changes can lead it to a better plan
 * than the one where none helped any more.
 *
 * Each try empties a few places of a home, or sends a household elsewhere (maybe another one out of
 * its way), and fills the homes again by the prices of places, a little blurred. The network
 * follows exactly. What is worse is kept with a chance that falls with the loss and with the heat,
 * which cools down as the tries go on (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983). The
 * chances are the same each time. */
#ifndef ALMONER_COUPLED_ANNEAL_H
#define ALMONER_COUPLED_ANNEAL_H

#include "solver/budget.h"
#include "solver/coupled_design.h"

/* `design`: begun and settled, weighed at least once; settled and read at the end. Its plan breaks
 * no row, and may be worse than before. `budget` is only looked at. */
void coupled_anneal_run(struct coupled_design *design, uint64_t seed, const struct budget *budget);

#endif
