/* turns.h - whose turn it is, record by record: first come, first served.
 *
 * One line per record that somebody writes or wants to write. A turn stands in the lines of all its
 * records at once, ordered by number; it may run when it is first in each of them. Whoever runs
 * stays first until it leaves. Nobody can wait in a circle: a turn waits only for those that run
 * and for smaller numbers. */
#ifndef ALMONER_TURNS_H
#define ALMONER_TURNS_H

#include "models/change.h"

struct turns;
struct turn_ticket;

struct turn {        /* embedded in what waits; all zero = in no line */
    uint64_t number; /* order of arrival, set by the owner */
    int is_running;
    struct turn_ticket *tickets;
    size_t n;
};

/* `on_next` hears of every turn that has become first in all its lines because another one left. */
struct turns *turns_new(void (*on_next)(void *arg, struct turn *turn), void *arg);
void turns_free(struct turns *turns); /* all lines are empty by then */

/* Stands in the lines of the records that `change` touches, and no longer in others. */
void turns_take(struct turns *turns, struct turn *turn, const struct change *change);
int turns_is_next(const struct turn *turn);
void turns_leave(struct turns *turns, struct turn *turn);

#endif
