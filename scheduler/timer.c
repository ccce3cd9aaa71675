/* timer.c - see timer.h. */
#include "scheduler/timer.h"

#include <event2/event.h>

void timer_after_ms(struct event *event, int64_t ms)
{
    if (ms < 0)
        ms = 0;
    event_add(event, &(struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000});
}
