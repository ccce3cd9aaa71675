/* glpk_guard.c - see glpk_guard.h. */
#include "solver/glpk_guard.h"

#include <glpk.h>
#include <stddef.h>

static int say_nothing(void *info, const char *text)
{
    (void)info;
    (void)text;
    return 1;
}

static void on_trouble(void *info)
{
    longjmp(*(jmp_buf *)info, 1);
}

void glpk_guard_begin(jmp_buf *trouble)
{
    glp_term_hook(say_nothing, NULL);
    glp_error_hook(trouble ? on_trouble : NULL, trouble);
}

void glpk_guard_end(void)
{
    glp_error_hook(NULL, NULL);
    glp_term_hook(NULL, NULL);
}
