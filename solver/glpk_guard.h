/* glpk_guard.h - GLPK while it works: it prints nothing, and where it would call abort() it jumps.
 *
 * Its hooks belong to the thread: only one guard at a time. */
#ifndef ALMONER_GLPK_GUARD_H
#define ALMONER_GLPK_GUARD_H

#include <setjmp.h>

/* `trouble` (set by the caller) receives the jump; NULL = GLPK is only kept quiet. */
void glpk_guard_begin(jmp_buf *trouble);
void glpk_guard_end(void);

#endif
