/* glpk_mip_inside.h - what the parts of glpk_mip share: what GLPK has of the model. Inside
 * glpk_mip.c and glpk_mip_tree.c only. */
#ifndef ALMONER_GLPK_MIP_INSIDE_H
#define ALMONER_GLPK_MIP_INSIDE_H

#include "solver/glpk_mip.h"

#include <glpk.h>
#include <setjmp.h>

struct glpk_mip {
    const struct model *model;
    glp_prob *prob; /* NULL after a fatal error */
    jmp_buf trouble;
    uint32_t n_rows;     /* of the model, when they were last looked at */
    int *row_inside;     /* per row of the model: its number in GLPK, 0 = no column needs it yet */
    const int64_t *gain; /* of the objective; NULL before there is one */
    int *inside;         /* per column of the model: its number in GLPK, 0 = not in */
    uint32_t *column_of; /* per number in GLPK */
    uint32_t room;
    int is_near; /* the basis given was good for this objective, or the one before */
    struct model_entry *entries; /* work space of one column */
    int *index;
    double *value;
    uint32_t *excess,
        n_excess;        /* rows that have a column for it: the last in GLPK, in this order */
    signed char *marked; /* status per row, then per column of the model; 0 = was not in */
    int uses_cuts;
    int needs_dual; /* cuts or a basis came in since: the prices are good, but rows are broken */
    int is_fresh;   /* so is the objective */
};

/* After a fatal error: GLPK forgets everything. */
void glpk_mip_give_up(struct glpk_mip *mip);
/* The columns of the model, rounded; 1 = they were whole. */
int glpk_mip_read(const struct glpk_mip *mip, double (*read)(glp_prob *, int), int64_t *x);

#endif
