/* glpk_master_limits.c - see glpk_master.h: what alternatives and rows may still be. A dive fixes
 * some for a while; what stages have settled holds for good. */
#include "solver/glpk_master.h"

#include "solver/glpk_steps.h"

#include <glpk.h>

/* -- fixing -- */

static void fix_number(struct glpk_master *master, int number, double value)
{
    glp_set_col_bnds(master->prob, number, GLP_FX, value, value);
    master->n_fixed++;
    master->needs_dual = 1;
}

void glpk_master_fix(struct glpk_master *master, uint32_t owner, const uint32_t *columns,
                     uint32_t n)
{
    if (!master->prob)
        return;
    master->is_fixed[owner] = 1;
    if (!glpk_steps_has(master, owner, columns, n))
        glpk_steps_add(master, owner, columns, n);
    for (int s = master->newest[owner]; s; s = master->steps[s].next)
        fix_number(master, s, glpk_steps_same(master, master->steps[s].to, columns, n));
}

void glpk_master_forbid(struct glpk_master *master, uint32_t owner, const uint32_t *columns,
                        uint32_t n)
{
    if (!master->prob)
        return;
    for (int s = master->newest[owner]; s; s = master->steps[s].next)
        if (glpk_steps_same(master, master->steps[s].to, columns, n))
            fix_number(master, s, 0);
    if (!glpk_steps_same(master, master->key[owner], columns, n))
        return;
    if (!master->owner_row[owner])
        glpk_steps_add_owner_row(master, owner);
    glp_set_row_bnds(master->prob, master->owner_row[owner], GLP_FX, 1, 1);
    master->needs_dual = 1;
}

void glpk_master_fix_column(struct glpk_master *master, uint32_t column, int64_t value)
{
    if (master->prob)
        fix_number(master, master->room_inside[column], (double)value);
}

double glpk_master_column(const struct glpk_master *master, uint32_t column)
{
    return master->prob ? glp_get_col_prim(master->prob, master->room_inside[column]) : 0;
}

/* -- settled -- */

/* Is the alternative still part of a plan of the stages so far? */
static int is_left(const struct glpk_master *master, uint32_t owner, struct glpk_alternative at)
{
    for (uint32_t c = 0; c < at.n; c++)
        if (!master->alive[glpk_steps_columns(master, at)[c]])
            return 0;
    return at.n > 0 || !choices_must_go(master->choices, owner);
}

static void drop_dead(struct glpk_master *master)
{
    for (size_t s = 1; s < master->n_steps; s++) {
        const struct glpk_step *step = &master->steps[s];
        if (step->owner != PROBLEM_NONE && !is_left(master, step->owner, step->to))
            glp_set_col_bnds(master->prob, (int)s, GLP_FX, 0, 0);
    }
    for (uint32_t o = 0; o < master->choices->n_owners; o++) {
        if (is_left(master, o, master->key[o]))
            continue;
        if (!master->owner_row[o])
            glpk_steps_add_owner_row(master, o);
        glp_set_row_bnds(master->prob, master->owner_row[o], GLP_FX, 1, 1);
    }
}

/* Rows that came to the model after the others. */
static void add_late(struct glpk_master *master)
{
    const struct model *model = master->model;
    int before = glp_get_num_rows(master->prob);
    choices_sum_reset(&master->sum);
    for (uint32_t o = 0; o < master->choices->n_owners; o++)
        choices_sum_add(master->choices, glpk_steps_columns(master, master->key[o]),
                        master->key[o].n, 1, &master->sum);
    for (uint32_t i = 0; i < model->n_rows; i++) {
        enum model_row_kind kind = model->rows[i].kind;
        if (master->row_inside[i] || (kind != MODEL_ROW_STAGE && kind != MODEL_ROW_CUT))
            continue;
        master->base[i] = master->sum.value[i];
        glpk_steps_add_row(master, i);
    }
    if (glp_get_num_rows(master->prob) > before)
        glpk_steps_fill_rows(master, before);
}

/* What stages have settled since: rows of the model that are new or tighter, alternatives that are
 * not alive. */
static void catch_up(struct glpk_master *master)
{
    for (uint32_t i = 0; i < master->model->n_rows; i++)
        if (master->row_inside[i])
            glpk_steps_limit_row(master, i);
    add_late(master);
    drop_dead(master);
    master->needs_dual = 0;
}

void glpk_master_use_cuts(struct glpk_master *master, int uses_cuts)
{
    if (!master->prob)
        return;
    master->uses_cuts = uses_cuts;
    catch_up(master);
    master->needs_dual = uses_cuts;
}
