/* coupled_regions.h - the plan of a large round made better region by region: some homes near each
 * other, who is there and who could be and has no bed; everybody else stays.
 *
 * In a region a design can be shaken many times (coupled_anneal.h) where in the whole round each
 * change is followed through half the city. Regions overlap by half; a plan of a region is taken
 * only when it makes the whole one better. */
#ifndef ALMONER_COUPLED_REGIONS_H
#define ALMONER_COUPLED_REGIONS_H

#include "solver/coupled_plan.h"

/* Once over all homes with a staff row (where there is none, small changes of the whole end at the
 * best, or near), as far as the budget of the run goes, in all objectives but the last. `turn`:
 * from another end each time, and by other chances. 1 = the plan is better than before. */
int coupled_regions_sweep(struct coupled_plan *plan, int turn);

#endif
