/* glpk_guard.h - GLPK while it works: it prints nothing, and where it would call abort() it jumps.
 *
 * Between guarded calls, while rows and columns are loaded, nothing but a lack of memory can go
 * wrong: then the process ends with a line on stderr, as it does in alloc.h. Its hooks belong to
 * the thread: only one guard at a time. */
#ifndef ALMONER_GLPK_GUARD_H
#define ALMONER_GLPK_GUARD_H

#include <setjmp.h>

struct glp_prob;

/* glp_create_prob outside of guarded calls: GLPK is quiet from now on. */
struct glp_prob *glpk_guard_new(void);

/* `trouble` (set by the caller) receives the jump; NULL = GLPK is only kept quiet. */
void glpk_guard_begin(jmp_buf *trouble);
void glpk_guard_end(void);

/* Iterations after which the simplex goes round in circles, which GLPK's may do for ever. */
int glpk_guard_iterations(struct glp_prob *prob);

#endif
