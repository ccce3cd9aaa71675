/* beside.h - one piece of work beside the caller's, on a thread of its own where one can be had.
 *
 * What it does may not depend on when it runs: without a thread it is done at the end, by the
 * caller. Between begin and end the caller changes nothing that it reads. */
#ifndef ALMONER_BESIDE_H
#define ALMONER_BESIDE_H

struct beside;

struct beside *beside_begin(void (*run)(void *context), void *context);
/* Waits until it is done; NULL = there was none. */
void beside_end(struct beside *beside);

#endif
