/* deadlines.h - offers whose time has passed lapse, and people parked until then are back on the
 * list: through the writer, without anybody asking.
 *
 * One timer, set to the next deadline of the region and never further away than a minute, because
 * the wall clock may be set. */
#ifndef ALMONER_DEADLINES_H
#define ALMONER_DEADLINES_H

#include "scheduler/writer.h"

struct deadlines;

struct deadlines *deadlines_new(struct event_base *base, struct writer *writer,
                                int64_t (*clock)(void));
void deadlines_stop(struct deadlines *deadlines); /* drain: no new look */
/* After writer_free, or when nothing more comes through the writer. NULL is fine. */
void deadlines_free(struct deadlines *deadlines);

#endif
