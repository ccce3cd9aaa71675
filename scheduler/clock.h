/* clock.h - the only place that asks what time it is. Everybody else is given a function or a
 * number; how long something takes is measured by solver/budget.h. */
#ifndef ALMONER_CLOCK_H
#define ALMONER_CLOCK_H

#include <stdint.h>

int64_t clock_real(void); /* seconds since 1970-01-01T00:00:00Z */

#endif
