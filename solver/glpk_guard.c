/* glpk_guard.c - see glpk_guard.h. */
#include "solver/glpk_guard.h"

#include <glpk.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

static void end_process(void *info)
{
    (void)info;
    fputs("almoner: out of memory, or GLPK would not take the model\n", stderr);
    _exit(EXIT_FAILURE);
}

struct glp_prob *glpk_guard_new(void)
{
    glpk_guard_begin(NULL);
    return glp_create_prob();
}

void glpk_guard_begin(jmp_buf *trouble)
{
    if (glp_init_env() > 1) /* 1: it is there. GLPK itself would abort */
        end_process(NULL);
    glp_term_hook(say_nothing, NULL);
    glp_error_hook(trouble ? on_trouble : end_process, trouble);
}

void glpk_guard_end(void)
{
    glpk_guard_begin(NULL);
}

/* From whatever basis: far more than two or three for each row and column, which is usual. */
int glpk_guard_iterations(struct glp_prob *prob)
{
    long long n = 1000 + 20LL * (glp_get_num_rows(prob) + glp_get_num_cols(prob));
    return n < INT_MAX ? (int)n : INT_MAX;
}
