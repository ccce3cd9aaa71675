/* clock.c - see clock.h. */
#include "scheduler/clock.h"

#include <time.h>

int64_t clock_real(void)
{
    return time(NULL);
}

double clock_monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
