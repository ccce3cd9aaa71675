/* events.h - what happened, told to those who listen: server-sent events with Last-Event-ID.
 *
 * Owns the listeners and the newest events (at most 1,024 of them and 8 MB). The feed number of a
 * change is the id of its event; a listener who comes back further behind than what is kept gets
 * one event `gap` and should read again; so does who would miss something, or be told more at once
 * than may wait for a listener. */
#ifndef ALMONER_EVENTS_H
#define ALMONER_EVENTS_H

#include "api/call.h"

struct events;

/* Listens to the writer, which has to live longer than any use of it. */
struct events *events_new(struct event_base *base, struct writer *writer);
/* Tokens were read again: listeners whose token is gone, or has another role or scope by now, are
 * cut off. */
void events_recheck(struct events *events, const struct tokens *tokens);
void events_free(struct events *events); /* after http_free; NULL is fine */

#endif
