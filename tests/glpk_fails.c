/* glpk_fails.c - put before GLPK (LD_PRELOAD) by hostile.sh: the call of GLPK_FAILS_IN whose number
 * is GLPK_FAILS_AT goes wrong as GLPK itself does, through its own error routine, which calls
 * abort(); GLPK_FAILS_HOW=abort leaves the routine out. GLPK_FAILS_COUNT names a file that grows by
 * a byte with each such call. No part of the program. */
#include <dlfcn.h>
#include <glpk.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void count_call(void)
{
    const char *count = getenv("GLPK_FAILS_COUNT");
    FILE *file = count ? fopen(count, "a") : NULL;
    if (!file)
        return;
    fputc('.', file);
    fclose(file);
}

static void maybe_fail(const char *name)
{
    static int calls;
    const char *in = getenv("GLPK_FAILS_IN"), *at = getenv("GLPK_FAILS_AT");
    const char *how = getenv("GLPK_FAILS_HOW");
    if (!in || strcmp(in, name) != 0)
        return;
    count_call();
    if (!at || ++calls < atoi(at))
        return;
    if (how && strcmp(how, "abort") == 0)
        abort();
    glp_error_(__FILE__, __LINE__)("%s was told to fail\n", name);
}

#define REAL(type, name) ((type)(uintptr_t)dlsym(RTLD_NEXT, name))

int glp_simplex(glp_prob *lp, const glp_smcp *parm)
{
    maybe_fail("glp_simplex");
    return REAL(int (*)(glp_prob *, const glp_smcp *), "glp_simplex")(lp, parm);
}

int glp_intopt(glp_prob *mip, const glp_iocp *parm)
{
    maybe_fail("glp_intopt");
    return REAL(int (*)(glp_prob *, const glp_iocp *), "glp_intopt")(mip, parm);
}

int glp_add_cols(glp_prob *lp, int n)
{
    maybe_fail("glp_add_cols");
    return REAL(int (*)(glp_prob *, int), "glp_add_cols")(lp, n);
}

int glp_add_rows(glp_prob *lp, int n)
{
    maybe_fail("glp_add_rows");
    return REAL(int (*)(glp_prob *, int), "glp_add_rows")(lp, n);
}

glp_prob *glp_create_prob(void)
{
    maybe_fail("glp_create_prob");
    return REAL(glp_prob * (*)(void), "glp_create_prob")();
}

void glp_set_mat_col(glp_prob *lp, int j, int n, const int *rows, const double *values)
{
    maybe_fail("glp_set_mat_col");
    REAL(void (*)(glp_prob *, int, int, const int *, const double *), "glp_set_mat_col")
    (lp, j, n, rows, values);
}

void glp_set_mat_row(glp_prob *lp, int i, int n, const int *columns, const double *values)
{
    maybe_fail("glp_set_mat_row");
    REAL(void (*)(glp_prob *, int, int, const int *, const double *), "glp_set_mat_row")
    (lp, i, n, columns, values);
}

void glp_btran(glp_prob *lp, double *x)
{
    maybe_fail("glp_btran");
    REAL(void (*)(glp_prob *, double *), "glp_btran")(lp, x);
}
