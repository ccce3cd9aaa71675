/* glpk_fails.c - put before GLPK (LD_PRELOAD) by hostile.sh: the call of GLPK_FAILS_IN whose number
 * is GLPK_FAILS_AT goes wrong as GLPK itself does, through its own error routine, which calls
 * abort(); GLPK_FAILS_HOW=abort leaves the routine out. No part of the program. */
#include <dlfcn.h>
#include <glpk.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void maybe_fail(const char *name)
{
    static int calls;
    const char *in = getenv("GLPK_FAILS_IN"), *at = getenv("GLPK_FAILS_AT");
    const char *how = getenv("GLPK_FAILS_HOW");
    if (!in || !at || strcmp(in, name) != 0 || ++calls < atoi(at))
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
