/* slices.h - the same work for many things, on the cores there are.
 *
 * The things are cut into stretches of about the same length, one per core; whoever needs one
 * result puts those of the stretches together in their order, so that it does not depend on how
 * many there were. Owns nothing once slices_run has returned. */
#ifndef ALMONER_SLICES_H
#define ALMONER_SLICES_H

#include <stddef.h>

/* Into how many stretches n things are cut: no more than cores this process may run on (its CPU
 * affinity), no more than SLICES_MAX, and none for fewer than `least` things; at least one. */
enum { SLICES_MAX = 8 };
size_t slices_count(size_t n, size_t least);

/* Calls run(context, slice, first, end) for every stretch [first, end) of [0, n), at the same time
 * where threads can be had, and returns when all are done. `run` may write to nothing that another
 * stretch reads. */
void slices_run(size_t n, size_t n_slices,
                void (*run)(void *context, size_t slice, size_t first, size_t end), void *context);

#endif
