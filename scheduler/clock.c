/* clock.c - see clock.h. */
#include "scheduler/clock.h"

#include <time.h>

int64_t clock_real(void)
{
    return time(NULL);
}
