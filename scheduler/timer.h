/* timer.h - sets a one-shot timer of the loop. */
#ifndef ALMONER_TIMER_H
#define ALMONER_TIMER_H

#include <stdint.h>

struct event;

void timer_after_ms(struct event *event, int64_t ms); /* again = anew; below 0 counts as 0 */

#endif
